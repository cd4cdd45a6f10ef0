"""Signals at each system call, and standard streams that are closed, full or
go away."""

# test: METER terminate
# test: METER streams

import os
import signal
import subprocess
import sys

from world import (BUDGET, ENV, METER, PLAN, RUN, World, calls, check_yaml,
                   conduct, finish, load, runs, told)

SIGNALS = {'TERM': signal.SIGTERM, 'INT': signal.SIGINT, 'HUP': signal.SIGHUP}


def nothing(world):
    pass


def history(world):
    world.write_json('plan.json', dict(PLAN, stage='other'))
    world.meter('plan', 'record', 'plan.json')
    world.record('r-1', '--report')
    world.record('r-2', '--report', '--task', 't-1')


def record(world, under=()):
    return world.record('r-x', '--report', '--task', 't-9', run=RUN,
                        under=under)


def plan(world, under=()):
    world.write_json('plan.json', PLAN)
    return world.meter('plan', 'record', 'plan.json', under=under)


SCENARIOS = [(nothing, record), (history, record), (history, plan)]


def stored(world, command):
    if command is plan:
        plans = world.read(BUDGET + '/plans.yaml')
        plans = load(plans)['snapshots'] if plans else []
        return sum(s['stage'] == 'draft' for s in plans)
    return sum(run['workflows'][0]['run_id'] == 'r-x'
               for run in runs(world.usage()))


def terminate(task):
    number, call, name = task
    prepare, command = SCENARIOS[number]
    with World() as world:
        prepare(world)
        result = command(world, under=call.under('signal=%s:when=N' % name))
        wrong = check_yaml(world)
        wrong += ['%s is left' % left for left in world.temporaries()]
        count = stored(world, command)
        if result.returncode not in (0, -SIGNALS[name]):
            wrong.append(told(result))
        if (result.returncode == 0 or result.stdout) and count != 1:
            wrong.append('said to be done, and is there %d times' % count)
        summary = world.read(BUDGET + '/summary.yaml')
        if command is record and count == 1 and (
                not summary or load(summary)['run_index'] !=
                len(runs(world.usage()))):
            wrong.append('ended between the run and its summary')
        again = command(world)
        if again.returncode != 0:
            wrong.append('the next command: ' + told(again))
        wrong += check_yaml(world)
    return ['%s after %s, %s at %s: %s' % (
        command.__name__, prepare.__name__, name, call, line)
        for line in wrong]


def run_terminate():
    tasks = []
    for number, (prepare, command) in enumerate(SCENARIOS):
        for call in calls(prepare, command):
            if call.own:
                # One at every call, the others, which are like it, at some.
                tasks += [(number, call, 'TERM')]
                if call.nth % 3 == 1:
                    tasks += [(number, call, 'INT'), (number, call, 'HUP')]
    return conduct(terminate, tasks, 'terminate')


# --------------------------------------------------------------- streams

def shell(world, script, *words):
    return subprocess.run(['sh', '-c', script, METER, *words],
                          cwd=world.path, env=ENV, timeout=20,
                          stdin=subprocess.DEVNULL, capture_output=True)


def closed(world):
    """No message ends up in a file that took a closed stream's number."""
    wrong = []
    count = len(runs(world.usage()))
    for streams in ('>&-', '2>&-', '<&-', '>&- 2>&-', '<&- >&- 2>&-'):
        for words in ('record run --json run.json',
                      'record run --task x run.json'):
            result = shell(world, '"$0" %s %s' % (words, streams))
            count += 1
            if result.returncode != 0:
                wrong.append('%s %s: %s' % (words, streams, told(result)))
        shell(world, '"$0" record run nothing.json ' + streams)
        shell(world, '"$0" plan record plan.json ' + streams)
    if [run['run_index'] for run in runs(world.usage())] != \
            list(range(1, count + 1)):
        wrong.append('runs were lost')
    result = shell(world, '"$0" record run <&-')
    if result.returncode != 65:
        wrong.append('no input at all: ' + told(result))
    return wrong + check_yaml(world)


def full(world):
    wrong = []
    for words, status in (('usage runs', 74), ('usage runs --json', 74),
                          ('variance', 74), ('plan list', 74), ('help', 74),
                          ('--version', 74), ('record run run.json', 0),
                          ('record run --json run.json', 0),
                          ('plan record plan.json', 0)):
        before = len(runs(world.usage()))
        result = shell(world, '"$0" %s >/dev/full' % words)
        if result.returncode != status or b'output' not in result.stderr:
            wrong.append('%s >/dev/full: %s' % (words, told(result)))
        after = len(runs(world.usage()))
        if after - before != ('record run' in words):
            wrong.append('%s >/dev/full: %d runs more' % (
                words, after - before))
        result = shell(world, '"$0" %s 2>/dev/full' % words)
        if result.returncode != 0:
            wrong.append('%s 2>/dev/full: %s' % (words, told(result)))
    return wrong


def gone(world):
    """A reader that went away is nothing to talk about."""
    wrong = []
    for words in ('usage runs', 'usage runs --json', 'usage runs --csv'):
        result = shell(world, '"$0" %s | head -1' % words)
        if result.stderr or not result.stdout:
            wrong.append('%s | head -1: %s' % (words, told(result)))
        result = shell(world, '{ "$0" %s; echo "exit $?" >status; } | true'
                       % words)
        if result.stderr or world.read('status') not in (
                b'exit 0\n', b'exit 141\n'):
            wrong.append('%s | true: %s %s' % (words, told(result),
                                               world.read('status')))
    for words in ('record run run.json', 'record run --json run.json'):
        before = len(runs(world.usage()))
        world.write('status', b'')
        shell(world, '{ sleep 0.2; "$0" %s; echo "exit $?" >status; } | true'
              % words)
        if world.read('status') != b'exit 0\n' or \
                len(runs(world.usage())) != before + 1:
            wrong.append('%s | true: %s' % (words, world.read('status')))
    return wrong + check_yaml(world)


def stream(check):
    with World() as world:
        history(world)
        world.write_json('run.json', RUN)
        world.write_json('plan.json', PLAN)
        if check is gone:
            for _ in range(40):
                world.meter('record', 'run', 'run.json')
        return ['%s: %s' % (check.__name__, line) for line in check(world)]


finish(run_terminate() if sys.argv[2] == 'terminate' else
       conduct(stream, [closed, full, gone], 'streams'))
