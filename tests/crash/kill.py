"""Commands that write are killed at each system call they make, one after
the other.  Whatever was acknowledged is there after it, files are valid, the
next command works, and nothing is left lying about."""

# test: METER record-run
# test: METER record-run-report
# test: METER plan-record
# test: METER repair

import json
import sys

from world import (BUDGET, PLAN, RUN, World, calls, check_yaml, conduct,
                   finish, load, runs, told)


def history(world):
    world.write_json('plan.json', PLAN)
    world.meter('plan', 'record', 'plan.json')
    world.record('r-1')
    world.record('r-2', '--task', 't-1')


def stamp_lost(world):
    history(world)
    world.meter('usage', 'runs')
    world.write(BUDGET + '/.cache/usage.stamp', b'')


def inputs(world):
    world.write_json('run.json', RUN)
    world.write_json('plan.json', PLAN)


def planned(world):
    world.write_json('plan.json', dict(PLAN, stage='other'))
    world.meter('plan', 'record', 'plan.json')
    inputs(world)


def torn(world):
    history(world)
    with open(world.file(BUDGET + '/usage.yaml'), 'ab') as out:
        out.write(b'- run_index: 3\n  started_at: null\n  compl')


def foreign(world):
    history(world)
    data = world.usage().replace(b'runs:\n', b'runs: # by hand\n')
    world.write(BUDGET + '/usage.yaml', data)


def record(world, under=()):
    return world.record('r-x', '--task', 't-9', run=RUN, under=under)


def record_report(world, under=()):
    return world.record('r-x', '--once', '--report', '--task', 't-9', run=RUN,
                        under=under)


def plan(world, under=()):
    world.write_json('plan.json', PLAN)
    return world.meter('plan', 'record', 'plan.json', under=under)


SCENARIOS = {
    'record-run': [(inputs, record), (history, record), (stamp_lost, record)],
    'record-run-report': [(inputs, record_report), (history, record_report)],
    'plan-record': [(inputs, plan), (planned, plan)],
    'repair': [(torn, record), (foreign, record)],
}


def name_of(scenario):
    return '%s after %s' % (scenario[1].__name__, scenario[0].__name__)


def check_readers(world):
    wrong = []
    for words in (['usage', 'runs', '--json'], ['variance', '--json'],
                  ['plan', 'list', '--json']):
        result = world.meter(*words)
        if result.returncode != 0:
            wrong.append('%s: %s' % (' '.join(words), told(result)))
    return wrong


def check_record(world, before, said):
    """Run the command again and look at the runs."""
    wrong = []
    once = said['command'] is record_report
    there = [run for run in runs_now(world) if is_ours(run)]
    if said['acknowledged'] and not there:
        wrong.append('an acknowledged run is lost')
    result = said['command'](world)
    after = runs(world.usage())
    last = after[-1]['run_index'] if after else 0
    expected = len(before) + 1 + (0 if once else len(there))
    if result.returncode != 0 or result.stdout.split() != [b'%d' % expected]:
        wrong.append('the next run is to be %d: %s, "%s"' % (
            expected, told(result), result.stdout.decode().strip()))
    if after[:len(before)] != before:
        wrong.append('the runs from before have changed')
    if [run['run_index'] for run in after] != list(range(1, expected + 1)):
        wrong.append('the indexes are %s' % [r['run_index'] for r in after])
    if not all(is_ours(run) for run in after[len(before):]):
        wrong.append('a run is not as it was recorded')
    summary = world.read(BUDGET + '/summary.yaml')
    if not summary or load(summary)['run_index'] != last:
        wrong.append('summary.yaml is not of run %d' % last)
    return wrong


def runs_now(world):
    """The runs, as a reader has them: what is torn is none."""
    return json.loads(world.meter('usage', 'runs', '--json').stdout)


def is_ours(run):
    return (run['workflows'][0]['run_id'] == 'r-x' and
            run['rollup']['total_calls'] == 2 and
            len(run['per_bucket']) == 2 and
            run['per_bucket'][0]['cache_read_tokens'] == 200 and
            run.get('dimensions') == {'task': 't-9'})


def check_plan(world, before, said):
    wrong = []
    data = world.read(BUDGET + '/plans.yaml')
    stages = [s['stage'] for s in load(data)['snapshots']] if data else []
    if stages not in (before, before + ['draft']):
        wrong.append('the plans are %s' % stages)
    if said['acknowledged'] and stages == before:
        wrong.append('an acknowledged plan is lost')
    result = plan(world)
    stages = [s['stage'] for s in
              load(world.read(BUDGET + '/plans.yaml'))['snapshots']]
    if result.returncode != 0 or stages != before + ['draft']:
        wrong.append('then %s, and the plans are %s' % (told(result), stages))
    return wrong


def experiment(task):
    number, call = task
    prepare, command = scenario = SCENARIOS[sys.argv[2]][number]
    with World() as world:
        prepare(world)
        inputs(world)
        before = state(world, command)
        untouched = world.traces()
        result = command(world, under=call.under('signal=KILL:when=N'))
        if result.returncode not in (0, -9):
            return ['%s: %s: %s' % (name_of(scenario), call, told(result))]
        if not result.stdout and same_traces(world, untouched):
            return []
        said = {'command': command, 'acknowledged': result.stdout != b''}
        wrong = check_yaml(world, skip=['usage.yaml']
                           if sys.argv[2] == 'repair' else [])
        if call.nth % 2 == 0:
            wrong += check_readers(world)
        check = check_plan if command is plan else check_record
        wrong += check(world, before, said)
        wrong += check_readers(world) + check_yaml(world)
        if sys.argv[2] == 'repair':
            wrong += check_kept(world, prepare)
        wrong += ['%s is left' % name for name in world.temporaries()]
        return ['%s: killed at %s: %s' % (name_of(scenario), call, line)
                for line in wrong]


def same_traces(world, untouched):
    """Whether nothing was changed; the input is written by the test."""
    inputs_of_test = ('run.json', 'plan.json')
    return {t for t in world.traces() if not t[0].endswith(inputs_of_test)} \
        == {t for t in untouched if not t[0].endswith(inputs_of_test)}


def state(world, command):
    if command is plan:
        data = world.read(BUDGET + '/plans.yaml')
        return [s['stage'] for s in load(data)['snapshots']] if data else []
    return runs_now(world) if world.usage() else []


def check_kept(world, prepare):
    """The bytes that a repair moved are all there."""
    want = b'- run_index: 3\n  started_at: null\n  compl'
    if prepare is foreign:
        want = b'# by hand'
    kept = [data for name, data in world.files().items()
            if '.torn.' in name or '.orig.' in name]
    if not any(want in data for data in kept):
        return ['what was set aside is lost']
    return []


def main():
    tasks = []
    for number, (prepare, command) in enumerate(SCENARIOS[sys.argv[2]]):
        found = calls(lambda world: (prepare(world), inputs(world)), command)
        # What happens before main() is the same for all of a command's.
        tasks += [(number, call) for call in found if call.own or number == 0]
    finish(conduct(experiment, tasks, 'kill ' + sys.argv[2]))


main()
