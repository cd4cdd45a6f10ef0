"""`report summary FILE` and `report pages`: killed at each system call they
make, and each call failed in turn.  The file, and every page, is the old one
or the new one; the same command then makes all of them new, and nothing is
left lying about."""

# test-slow: METER kill
# test-slow: METER fail

import os
import sys

from world import BUDGET, World, calls, conduct, finish, told

FILE = 'docs/quest.md'
PAGES = 'reports/pages/'
MEMORY = {'brk', 'mmap', 'munmap', 'mremap', 'mprotect'}
EVENTS = [('e1', '2026-11-20', 'T-1'), ('e2', '2026-11-21', 'T-1'),
          ('e3', '2026-11-21', 'T-2')]


def record(world, number, day, task):
    result = world.meter('record', 'event', '--id', number,
                         '--at', day + 'T08:00:00Z', '--task', task,
                         '--quest', 'q-ri', '--entity', 'an:' + task,
                         '--model', 'gpt-mini', '--input-tokens', '100')
    if result.returncode != 0:
        raise ValueError(told(result))


def history(world):
    for event in EVENTS:
        record(world, *event)


def summary(world, under=()):
    return world.meter('report', 'summary', 'quest:q-ri', FILE, under=under)


def pages(world, under=()):
    return world.meter('report', 'pages', under=under)


def all_pages(world, under=()):
    return world.meter('report', 'pages', '--all', under=under)


def made(world):
    """A block and pages are there, and behind by an event and a moved task."""
    history(world)
    world.write(FILE, b'# Quest\r\n\r\nIntroduction')
    summary(world)
    pages(world)
    record(world, 'e4', '2026-11-21', 'T-2')
    world.write(BUDGET + '/tasks.yaml',
                b'schema_version: 1\ntasks:\n  T-1: {workstream: w}\n')


def gone(world):
    """A page's scope has no usage any more, and a cache is damaged."""
    made(world)
    pages(world)
    os.remove(world.file(BUDGET + '/events/2026-11-20.csv'))
    world.write(BUDGET + '/tasks.yaml', b'schema_version: 1\ntasks: {}\n')
    world.write(BUDGET + '/.cache/pages-2026-11-21', b'damaged')


SCENARIOS = [(history, summary), (made, summary), (history, pages),
             (made, pages), (made, all_pages), (gone, pages)]


def reports(world):
    return {name: data for name, data in world.files().items()
            if not name.startswith(BUDGET)}


def outcome(scenario):
    """The files before and after, where nothing goes wrong."""
    prepare, command = scenario
    with World() as world:
        prepare(world)
        before = reports(world)
        result = command(world)
        if result.returncode != 0:
            raise SystemExit(told(result))
        return before, reports(world)


OUTCOMES = [outcome(scenario) for scenario in SCENARIOS]


def check_each(found, before, after):
    """Old or new; what is new on the way has no name of its own."""
    wrong = ['%s is neither old nor new' % name
             for name, data in found.items()
             if data not in (before.get(name), after.get(name)) and
             not os.path.basename(os.path.dirname(name)) == '.new' and
             not name.endswith('.tmp')]
    return wrong + ['%s is lost' % name for name in before
                    if name not in found]


def experiment(task):
    number, call, what = task
    prepare, command = SCENARIOS[number]
    before, after = OUTCOMES[number]
    with World() as world:
        prepare(world)
        data = {n: d for n, d in world.files().items()
                if n.startswith(BUDGET)}
        result = command(world, under=call.under(what))
        wrong = []
        if what.startswith('error') and result.returncode not in (
                0, 65, 66, 73, 74, 75, 78):
            wrong.append('failed with %s' % told(result))
        wrong += check_each(reports(world), before, after)
        if result.returncode == 0 and reports(world) != after:
            wrong.append('it says it is done, and is not')
        if command(world).returncode != 0 or reports(world) != after:
            wrong.append('the next one does not complete it: %s' % sorted(
                name for name in set(after) | set(reports(world))
                if reports(world).get(name) != after.get(name)))
        if os.path.exists(world.file(PAGES + '.new')):
            wrong.append('.new is left')
        now = {n: d for n, d in world.files().items() if n.startswith(BUDGET)}
        if now != data:
            wrong.append('data files have changed')
        return ['%s after %s, %s at %s: %s' % (
            command.__name__, prepare.__name__, what, call, line)
            for line in wrong]


def main():
    mode = sys.argv[2]
    what = ['signal=KILL:when=N'] if mode == 'kill' else [
        'error=EIO:when=N', 'error=ENOSPC:when=N']
    tasks = []
    for number, (prepare, command) in enumerate(SCENARIOS):
        for call in calls(prepare, command):
            # What happens before main() is the same for all commands, and
            # a failure to get memory ends the process.
            if call.own and (mode == 'kill' or call.name not in MEMORY):
                tasks += [(number, call, one) for one in what[
                    :2 if call.name in ('write', 'mkdirat', 'openat') else 1]]
    finish(conduct(experiment, tasks, 'reports ' + mode))


main()
