"""Recording events: killed at each system call, each call failed in turn, and
many writers at once.  A batch is there whole or not at all, what was
acknowledged is there, no id is there twice, and nothing is left lying about."""

# test: METER kill
# test: METER fail
# test: METER writers

import csv
import io
import json
import subprocess
import sys
import threading

from world import BUDGET, ENV, METER, UNTOLD, World, each_call, finish, told

BATCH = [{'id': 'b%d' % i, 'model': 'gpt-mini', 'input_tokens': 10,
          'at': '2026-11-%02dT08:00:00Z' % (20 + i % 3),
          'metadata': {'n': 'x' * 300}} for i in range(9)]
TEXT = '\n'.join(json.dumps(event) for event in BATCH)
TORN = b'torn,2026-11-22T08:00:00Z,llm,,,"'
WRITERS = 64


def ids(world):
    """The ids of the ledger, as another program reads it."""
    found = []
    for name, data in sorted(world.files().items()):
        if name.startswith(BUDGET + '/events/') and name.endswith('.csv'):
            rows = csv.DictReader(io.StringIO(data.decode(), newline=''))
            found += [row['id'] for row in rows]
    return found


def shown(world):
    """The same by a query, which sees what is pending as done."""
    result = world.meter('usage', 'events', '--all', '--json')
    if result.returncode != 0:
        raise ValueError(told(result))
    return [event['id'] for event in json.loads(result.stdout)]


def nothing(world):
    world.write('events.json', TEXT.encode())


def history(world):
    nothing(world)
    world.write('old.json', b'[{"id":"o1","at":"2026-11-21T00:00:00Z"},'
                            b'{"id":"o2"},{"id":"b4"}]')
    world.meter('record', 'events', 'old.json')


def torn(world):
    history(world)
    with open(world.file(BUDGET + '/events/2026-11-22.csv'), 'ab') as out:
        out.write(TORN)


def event(world, under=()):
    return world.meter('record', 'event', '--id', 'e1', '--model', 'gpt-mini',
                       '--input-tokens', '5', under=under)


def new_event(world, under=()):
    return world.meter('record', 'event', '--task', 't-1', under=under)


def events(world, under=()):
    return world.meter('record', 'events', 'events.json', under=under)


SCENARIOS = [(nothing, event), (history, event), (torn, event),
             (history, new_event), (nothing, events), (history, events),
             (torn, events)]


def own(world, command, found):
    """Those of the ids that the command is to add."""
    if command is new_event:
        return [i for i in found if len(i) == 36]
    wanted = ['e1'] if command is event else [e['id'] for e in BATCH]
    return [i for i in found if i in wanted]


def check(world, scenario, acknowledged):
    prepare, command = scenario
    whole = {event: 1, new_event: 1, events: len(BATCH)}[command]
    before = 1 if prepare is not nothing and command is events else 0
    wrong = []
    seen = shown(world)
    if len(own(world, command, seen)) not in (before, whole):
        wrong.append('a part of it is there: %s' % seen)
    if acknowledged and len(own(world, command, seen)) != whole:
        wrong.append('what was acknowledged is lost: %s' % seen)
    result = command(world)
    if result.returncode != 0:
        wrong.append('then %s' % told(result))
    found = ids(world)
    if command is not new_event and len(own(world, command, found)) != whole:
        wrong.append('recorded again: %s' % found)
    if len(set(found)) != len(found):
        wrong.append('an id is there twice: %s' % found)
    if sorted(found) != sorted(shown(world)):
        wrong.append('the query sees other ids than stand there')
    if prepare is not nothing and not {'o1', 'o2', 'b4'} <= set(found):
        wrong.append('old events are lost: %s' % found)
    left = [name for name in world.files()
            if name.endswith('.tmp') or name.endswith('.pending')]
    if left:
        wrong.append('%s are left' % left)
    if prepare is torn and not any(
            data == TORN for name, data in world.files().items()
            if '.torn.' in name):
        wrong.append('what was torn is lost')
    return wrong


def experiment(task):
    number, call, what = task
    scenario = prepare, command = SCENARIOS[number]
    with World() as world:
        prepare(world)
        before = world.files()
        result = command(world, under=call.under(what))
        wrong = []
        if what.startswith('error') and result.returncode not in (
                0, 66, 73, 74, 75, 78):
            wrong.append('failed with %s' % told(result))
        torn_files = [n for n in world.files() if '.torn.' in n]
        if result.returncode > 0 and not torn_files and \
                world.files() != before and prepare is not torn:
            wrong.append('it failed, but changed %s' % sorted(
                n for n, d in world.files().items() if before.get(n) != d))
        wrong += check(world, scenario, result.returncode == 0)
        return ['%s after %s, %s at %s: %s' % (
            command.__name__, prepare.__name__, what, call, line)
            for line in wrong]


def writers():
    """Processes at once, each with events of its own and some of all's."""
    wrong = []
    with World() as world:
        def work(number):
            text = '\n'.join(
                ['{"id":"own-%d-%d","at":"2026-11-%02dT00:00:00Z"}'
                 % (number, i, 1 + (number + i) % 9) for i in range(5)] +
                ['{"id":"all-%d","at":"2026-11-05T00:00:00Z"}' % i
                 for i in range(3)])
            words = ['--each'] if number % 4 == 0 else []
            result = subprocess.run(
                [METER, 'record', 'events', *words], cwd=world.path,
                env=ENV, input=text.encode(), stdout=subprocess.PIPE,
                stderr=subprocess.PIPE)
            if result.returncode != 0 or result.stdout.count(b'\n') != 8:
                wrong.append(told(result))
            said.append(result.stdout)
            if world.meter('record', 'event').returncode != 0:
                wrong.append('record event failed')

        said = []
        world.write(BUDGET + '/events/notes.txt', b'not ours')
        threads = [threading.Thread(target=work, args=(n,))
                   for n in range(WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = ids(world)
        if len(found) != WRITERS * 6 + 3 or len(set(found)) != len(found):
            wrong.append('%d rows of %d ids' % (len(found), len(set(found))))
        if b''.join(said).count(b'new all-') != 3:
            wrong.append('an id was new more than once')
        if sorted(shown(world)) != sorted(found):
            wrong.append('the query sees other ids than stand there')
    print('%d writers: %d wrong' % (WRITERS, len(wrong)))
    finish(wrong)


MODES = {
    'kill': lambda: each_call(SCENARIOS, experiment, 'signal=KILL:when=N'),
    'fail': lambda: each_call(SCENARIOS, experiment, 'error=EIO:when=N',
                              UNTOLD),
    'writers': writers,
}

MODES[sys.argv[2]]()
