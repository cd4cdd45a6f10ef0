"""Tasks, tiers and sessions: each command killed at every system call, each
call failed in turn, and many processes that end their tasks at once.  A status
and the tokens recorded with it are both there or both not, to a reader at once
and to the next writer, and nothing is left lying about."""

# test-slow: METER kill
# test-slow: METER fail
# test: METER writers

import json
import subprocess
import sys

from world import (BUDGET, ENV, METER, UNTOLD, World, check_yaml, each_call,
                   finish, load, told)

TASKS = BUDGET + '/tasks.yaml'
SESSION = BUDGET + '/session.yaml'
MANY = [{'id': 'M-%d' % i, 'quest': 'q-%d' % (i % 3)} for i in range(20)]
WRITERS = 64
SYNC = ('fsync', 'fdatasync')


def nothing(world):
    world.write_json('many.json', MANY)


def history(world):
    nothing(world)
    world.meter('plan', 'task', 'T-1', '--quest', 'q-old')
    world.meter('plan', 'task', 'T-2', '--repo', 'r')
    world.meter('plan', 'tier', 'small', '--model', 'gpt-mini')
    world.meter('record', 'session', 'start', 'old')
    world.meter('record', 'event', '--id', 'o1', '--task', 'T-1')


def halfway(world):
    """Another writer was killed when its change was committed."""
    history(world)
    world.meter('record', 'task', 'T-2', 'done', '--id', 'o2', '--tokens-in',
                '7', under=['strace', '-qq', '-o', '/dev/null', '-e',
                            'trace=fdatasync', '-e',
                            'inject=fdatasync:signal=KILL:when=1'])
    if BUDGET + '/.pending' not in world.files():
        raise SystemExit('no change is under way')


def end_task(world, under=()):
    return world.meter('record', 'task', 'T-1', 'done', '--id', 'e1',
                       '--tier', 'small', '--tokens-in', '900',
                       '--tokens-out', '200', under=under)


def end_again(world, under=()):
    return world.meter('record', 'task', 'T-1', 'done', '--id', 'o1',
                       '--tokens-in', '1', under=under)


def set_status(world, under=()):
    return world.meter('record', 'task', 'T-1', 'done', under=under)


def start(world, under=()):
    return world.meter('record', 'session', 'start', 'new', under=under)


def plan(world, under=()):
    return world.meter('plan', 'task', 'T-1', '--quest', 'q-new', under=under)


def plan_many(world, under=()):
    return world.meter('plan', 'task', '--from-file', 'many.json', under=under)


def plan_tier(world, under=()):
    return world.meter('plan', 'tier', 'small', '--model', 'gpt-max',
                       under=under)


SCENARIOS = [(nothing, end_task), (history, end_task), (halfway, end_task),
             (history, end_again), (nothing, set_status),
             (halfway, set_status), (nothing, start), (history, start),
             (nothing, plan), (history, plan), (halfway, plan),
             (history, plan_many), (history, plan_tier)]


def ask(world, *words):
    result = world.meter(*words, '--json')
    if result.returncode != 0:
        raise ValueError('%s: %s' % (' '.join(words), told(result)))
    return json.loads(result.stdout)


def seen(world):
    """Everything that a reader learns, in a form to compare."""
    tasks = {task['id']: task for task in ask(world, 'plan', 'tasks')}
    events = {event['id']: event for event in
              ask(world, 'usage', 'events', '--all')}
    shown = world.meter('record', 'session', 'show', '--json')
    tiers = ask(world, 'plan', 'tiers')
    session = json.loads(shown.stdout)['id'] if shown.returncode == 0 else None
    return {'tasks': tasks, 'events': events, 'session': session,
            'tiers': tiers}


def is_done(command, found):
    """Whether all of what the command does is there: True, False, or None
    where there is only a part of it."""
    task = found['tasks'].get('T-1', {})
    if command is end_task:
        parts = [task.get('status') == 'done' and
                 task['status_at'] is not None,
                 found['events'].get('e1', {}).get('total_tokens') == 1100]
    elif command in (end_again, set_status):
        parts = [task.get('status') == 'done']
    elif command is start:
        parts = [(found['session'] or '').startswith('new-')]
    elif command is plan:
        parts = [task.get('quest') == 'q-new']
    elif command is plan_tier:
        parts = [tier['model'] == 'gpt-max' for tier in found['tiers']]
    else:
        parts = [change['id'] in found['tasks'] for change in MANY]
    return True if all(parts) else None if any(parts) else False


def check_kept(prepare, found):
    """What was there before, whatever happened to the command."""
    wrong = []
    if prepare is nothing:
        return wrong
    if 'o1' not in found['events'] or \
            found['tasks']['T-2']['repo'] != 'r' or not found['session']:
        wrong.append('what was there before is lost')
    if prepare is halfway and (
            found['tasks']['T-2']['status'] != 'done' or
            found['events'].get('o2', {}).get('total_tokens') != 7):
        wrong.append('the change that was under way is lost')
    return wrong


def check(world, scenario, acknowledged, failed):
    prepare, command = scenario
    found = seen(world)
    done = is_done(command, found)
    wrong = check_kept(prepare, found)
    if done is None:
        wrong.append('a part of it is there')
    if acknowledged and not done:
        wrong.append('what was acknowledged is lost')
    if failed and done:
        wrong.append('it failed, and is there all the same')
    # The next writer finishes what is pending, and changes nothing else.
    result = world.meter('plan', 'task', 'T-9')
    if result.returncode != 0:
        wrong.append('then %s' % told(result))
    after = seen(world)
    after['tasks'].pop('T-9', None)
    if after != found:
        wrong.append('the next writer made other of it than was seen')
    again = command(world)
    if again.returncode != 0 or is_done(command, seen(world)) is not True:
        wrong.append('done again: %s' % told(again))
    wrong += check_kept(prepare, seen(world)) + check_yaml(world)
    left = [name for name in world.files()
            if name.endswith('.tmp') or name.endswith('.pending')]
    if left:
        wrong.append('%s are left' % left)
    return wrong


def experiment(task):
    number, call, what = task
    scenario = prepare, command = SCENARIOS[number]
    with World() as world:
        prepare(world)
        before = world.files()
        result = command(world, under=call.under(what))
        failed = what.startswith('error') and result.returncode != 0 and \
            call.name not in SYNC
        wrong = []
        if what.startswith('error') and \
                result.returncode not in (0, 66, 73, 74, 75, 78):
            wrong.append('failed with %s' % told(result))
        if failed and prepare is not halfway and world.files() != before:
            wrong.append('it failed, but changed %s' % sorted(
                n for n, d in world.files().items() if before.get(n) != d))
        wrong += check(world, scenario, result.returncode == 0, failed)
        return ['%s after %s, %s at %s: %s' % (
            command.__name__, prepare.__name__, what, call, line)
            for line in wrong]


def check_ends(world):
    """The files, as other programs read them."""
    wrong = []
    tasks = load(world.read(TASKS))['tasks']
    events = {event['task']: event for event in
              ask(world, 'usage', 'events', '--all')}
    for number in range(WRITERS):
        task = tasks.get('T-%d' % number, {})
        event = events.get('T-%d' % number, {})
        if task.get('status') != 'done' or \
                event.get('total_tokens') != number + 1:
            wrong.append('T-%d is %s, with %s tokens' % (
                number, task.get('status'), event.get('total_tokens')))
        if task.get('quest') != ('q' if number % 2 else None):
            wrong.append('T-%d lost its quest' % number)
    if len(tasks) != WRITERS or len(events) != WRITERS:
        wrong.append('%d tasks, %d events' % (len(tasks), len(events)))
    return wrong


def writers():
    """Processes that each end a task of their own."""
    with World() as world:
        for number in range(1, WRITERS, 2):
            world.meter('plan', 'task', 'T-%d' % number, '--quest', 'q')
        running = [subprocess.Popen(
            [METER, 'record', 'task', 'T-%d' % number, 'done', '--tokens-in',
             str(number + 1)], cwd=world.path, env=ENV,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for number in range(WRITERS)]
        wrong = []
        for process in running:
            said = process.communicate()[1]
            if process.returncode != 0:
                wrong.append('exit %d: %s' % (process.returncode, said))
        wrong += check_ends(world) + check_yaml(world)
    print('%d writers: %d wrong' % (WRITERS, len(wrong)))
    finish(wrong)


MODES = {
    'kill': lambda: each_call(SCENARIOS, experiment, 'signal=KILL:when=N'),
    'fail': lambda: each_call(SCENARIOS, experiment, 'error=EIO:when=N',
                              UNTOLD),
    'writers': writers,
}

MODES[sys.argv[2]]()
