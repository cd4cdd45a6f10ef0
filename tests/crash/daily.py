"""Allocations, daily variance and proposals: each command killed at every
system call, each call failed in turn, and many processes that compute the same
days at once.  A proposal never exists without its row, nor the row's
alert_emitted_at without its proposal, to a reader at once and to the next
writer; what was acknowledged is there, and nothing is left lying about."""

# test-slow: METER kill
# test-slow: METER fail
# test: METER writers

import glob
import json
import os
import subprocess
import sys

from world import (BUDGET, ENV, METER, UNTOLD, World, check_yaml, each_call,
                   finish, load, told)

LAST = '2026-11-21'
ID = LAST + '-quest-q'
MANY = [{'scope': 'quest:m-%d' % i, 'tokens': i} for i in range(1, 21)]
SYNC = ('fsync', 'fdatasync')
WRITERS = 32


def events(world, *given):
    world.write('events.json', '\n'.join(json.dumps(event) for event in given)
                .encode())
    result = world.meter('record', 'events', 'events.json')
    if result.returncode != 0:
        raise SystemExit(told(result))


def use(day, tokens, quest='q', **more):
    return dict(more, id='%s-%s-%d' % (day, quest, tokens), quest=quest,
                at='2026-11-%02dT09:00:00Z' % day, input_tokens=tokens)


def nothing(world):
    """Two scopes whose last day is far off, and nothing computed yet."""
    world.write_json('many.json', MANY)
    for quest in 'qr':
        world.meter('plan', 'allocate', 'quest:' + quest, '--tokens', '100',
                    '--from', '2026-11-01')
    events(world, *[use(day, 90 + day, quest) for day in range(8, 21)
                    for quest in 'qr'], use(21, 500), use(21, 400, 'r'))


def history(world):
    """The days before were computed, and the last one, too, with another
    figure; one of its proposals is decided."""
    nothing(world)
    world.meter('variance', 'daily', '2026-11-19')
    world.meter('variance', 'daily', LAST)
    world.meter('variance', 'proposals', 'dismiss', LAST + '-quest-r')
    events(world, use(21, 7))


def halfway(world):
    """Another writer was killed when its change was committed."""
    nothing(world)
    world.meter('variance', 'daily', LAST,
                under=['strace', '-qq', '-o', '/dev/null', '-e',
                       'trace=unlinkat,renameat', '-e',
                       'inject=renameat:signal=KILL:when=2'])
    if BUDGET + '/.pending' not in world.files():
        raise SystemExit('no change is under way')


def daily(world, under=()):
    return world.meter('variance', 'daily', under=under)


def catch_up(world, under=()):
    return world.meter('variance', 'daily', '--catch-up', under=under)


def allocate(world, under=()):
    return world.meter('plan', 'allocate', 'quest:q', '--cost', '2.5',
                       under=under)


def allocate_many(world, under=()):
    return world.meter('plan', 'allocate', '--from-file', 'many.json',
                       under=under)


def accept(world, under=()):
    return world.meter('variance', 'proposals', 'accept', ID, under=under)


SCENARIOS = [(nothing, daily), (history, daily), (halfway, daily),
             (history, catch_up), (nothing, allocate), (halfway, allocate),
             (history, allocate_many), (history, accept), (halfway, accept)]


def ask(world, *words):
    result = world.meter(*words, '--json')
    if result.returncode != 0:
        raise ValueError('%s: %s' % (' '.join(words), told(result)))
    return json.loads(result.stdout)


def seen(world):
    """Everything that a reader learns, in a form to compare."""
    rows = ask(world, 'variance', 'daily', '--days', '4')['rows']
    return {'marks': {(row['day'], row['id']): (row['alert_emitted_at'],
                                                row['proposal'])
                      for row in rows},
            'proposals': {item['id']: item for item in
                          ask(world, 'variance', 'proposals')},
            'allocations': ask(world, 'plan', 'allocations')}


def stored(world):
    """The stored rows, by day and id, as another program reads them."""
    found = {}
    for path in glob.glob(world.file(BUDGET + '/variance/*.yaml')):
        with open(path, 'rb') as data:
            for row in load(data.read())['rows']:
                found[row['day'], row['id']] = row
    return found


def check_pairs(marks, proposals, what):
    """Each proposal has its row, each alert that was sent its proposal."""
    wrong = []
    for (day, name), (emitted, proposal) in marks.items():
        if (emitted is None) != (proposal is None) or \
                (proposal is not None and proposal not in proposals):
            wrong.append('%s: the row of %s on %s has an alert of %s and the '
                         'proposal %s' % (what, name, day, emitted, proposal))
    named = {proposal for _, proposal in marks.values()}
    wrong += ['%s: %s has no row' % (what, name)
              for name in proposals if name not in named]
    return wrong


def check_files(world):
    """The same of the files, once no change is under way."""
    proposals, wrong = {}, []
    for path in glob.glob(world.file(BUDGET + '/proposals/*')):
        name, ending = os.path.splitext(os.path.basename(path))
        proposals.setdefault(name, set()).add(ending)
    marks = {key: (row['alert_emitted_at'], row['proposal'])
             for key, row in stored(world).items()}
    wrong += ['%s has only %s' % (name, sorted(endings))
              for name, endings in proposals.items()
              if endings != {'.yaml', '.md'}]
    return wrong + check_pairs(marks, proposals, 'files')


def is_done(command, found, world):
    """Whether all of what the command does is there: True, False, or None
    where there is only a part of it."""
    if command in (daily, catch_up):
        parts = [found['marks'][LAST, 'q'] == ('2026-11-22T08:00:00Z', ID)]
        # Readers compute the figures; in the file they stand once no change
        # is under way.
        if BUDGET + '/.pending' not in world.files():
            row = stored(world).get((LAST, 'q'), {})
            fresh = row.get('actual_tokens') == (
                507 if is_history(world) else 500)
            parts = [fresh] if is_history(world) else parts + [fresh]
    elif command is allocate:
        parts = [any(item['cost_usd'] == 2.5 for item in
                     found['allocations'])]
    elif command is allocate_many:
        scopes = {item['scope'] for item in found['allocations']}
        parts = [item['scope'] in scopes for item in MANY]
    else:
        parts = [found['proposals'][ID]['status'] == 'accepted']
    return True if all(parts) else None if any(parts) else False


def is_history(world):
    return os.path.exists(world.file(BUDGET + '/variance/2026-11-19.yaml'))


def check_kept(prepare, found):
    """What was there before, whatever happened to the command."""
    wrong = []
    scopes = [item['scope'] for item in found['allocations'][:2]]
    if scopes != ['quest:q', 'quest:r']:
        wrong.append('the allocations begin with %s' % scopes)
    if prepare is halfway and ID not in found['proposals']:
        wrong.append('the change that was under way is lost')
    if prepare is history and \
            found['proposals'][LAST + '-quest-r']['status'] != 'dismissed':
        wrong.append('a decision is lost')
    return wrong


def check(world, scenario, acknowledged, failed):
    prepare, command = scenario
    found = seen(world)
    done = is_done(command, found, world)
    wrong = check_kept(prepare, found)
    wrong += check_pairs(found['marks'], found['proposals'], 'readers')
    if done is None:
        wrong.append('a part of it is there')
    if acknowledged and not done:
        wrong.append('what was acknowledged is lost')
    if failed and done and prepare is not halfway:
        wrong.append('it failed, and is there all the same')
    # The next writer finishes what is pending, and changes nothing else.
    result = world.meter('plan', 'task', 'T-9')
    if result.returncode != 0:
        wrong.append('then %s' % told(result))
    if seen(world) != found:
        wrong.append('the next writer made other of it than was seen')
    wrong += check_files(world)
    again = command(world)
    if again.returncode != 0 or \
            is_done(command, seen(world), world) is not True:
        wrong.append('done again: %s' % told(again))
    wrong += check_kept(prepare, seen(world)) + check_files(world)
    wrong += check_yaml(world)
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
                result.returncode not in (0, 66, 73, 74, 75):
            wrong.append('failed with %s' % told(result))
        if failed and prepare is not halfway and world.files() != before:
            wrong.append('it failed, but changed %s' % sorted(
                n for n, d in world.files().items() if before.get(n) != d))
        wrong += check(world, scenario, result.returncode == 0, failed)
        return ['%s after %s, %s at %s: %s' % (
            command.__name__, prepare.__name__, what, call, line)
            for line in wrong]


def writers():
    """Processes that compute the same days, decide the same proposal and
    record allocations, all at once."""
    words = [['variance', 'daily', '--catch-up'],
             ['variance', 'daily', LAST],
             ['variance', 'proposals', 'accept', ID],
             ['variance', 'proposals', '--json']]
    with World() as world:
        nothing(world)
        world.meter('variance', 'daily', '2026-11-15')
        world.meter('variance', 'daily', LAST)
        running = []
        for number in range(WRITERS):
            more = ['plan', 'allocate', 'quest:n-%d' % number, '--tokens', '1']
            running += [subprocess.Popen(
                [METER, *command], cwd=world.path, env=ENV,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                for command in (words[number % len(words)], more)]
        wrong = []
        for process in running:
            said = process.communicate()[1]
            if process.returncode != 0:
                wrong.append('exit %d: %s' % (process.returncode, said))
        found = seen(world)
        if len(found['allocations']) != 2 + WRITERS:
            wrong.append('%d allocations' % len(found['allocations']))
        if found['proposals'][ID]['status'] != 'accepted':
            wrong.append('the decision is lost')
        wrong += check_pairs(found['marks'], found['proposals'], 'readers')
        wrong += check_files(world) + check_yaml(world)
    print('%d writers: %d wrong' % (2 * WRITERS, len(wrong)))
    finish(wrong)


MODES = {
    'kill': lambda: each_call(SCENARIOS, experiment, 'signal=KILL:when=N'),
    'fail': lambda: each_call(SCENARIOS, experiment, 'error=EIO:when=N',
                              UNTOLD),
    'writers': writers,
}

MODES[sys.argv[2]]()
