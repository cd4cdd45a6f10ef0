"""What holds of daily variance whatever is recorded: parts and what they leave
unexplained add up to the variance; all tokens and allocations times k give
parts times k, but for rounding; the order of events, and how many threads read
them, make no difference; computed again every file is the same, and no alert
is sent twice; late events refresh a row and leave its proposal."""
# test: METER 2000

import os
import random
import sys
import tempfile

import daily_world
from daily_world import World

DAY = '2026-11-21'
FACTOR = 7
BULK = 40


def history(rng, count, factor=1):
    """What is to be recorded: allocations, and events of three scopes."""
    allocations = [('quest:q', 3000, 4), ('quest:r', 50, None),
                   ('agent:a', 9000, 2)]
    events = []
    for number in range(count):
        day = rng.choice([rng.randrange(7, 22), 21])
        events.append({
            'id': 'e%d' % number, 'resource': 'llm',
            'at': '2026-11-%02dT%02d:00:00Z' % (day, rng.randrange(24)),
            'quest': rng.choice(['q', 'r', 'other']),
            'agent': rng.choice(['a', 'b']),
            'task': 't-%d' % rng.randrange(12),
            'model': rng.choice(['small', 'large'] if day < 21 else
                                ['large', 'large', 'small']),
            'attempt': rng.choice([1, 1, 1, 2, 3]),
            'status': rng.choice(['ok', 'ok', 'ok', 'error', 'retry',
                                  'quota']),
            'input_tokens': factor * rng.randrange(400),
            'cost_usd': '0.%03d' % rng.randrange(1000)})
    return [(scope, tokens * factor, tasks)
            for scope, tokens, tasks in allocations], events


def make(root, given):
    world = World(root)
    allocations, events = given
    for scope, tokens, tasks in allocations:
        world.allocate(scope, '2026-11-01', tokens=tokens, tasks=tasks)
    world.record(events)
    return world


def rows_of(world, days=10):
    return world.answer(DAY, '--days', str(days))['rows']


def fail(what, *values):
    raise SystemExit('%s: %s' % (what, ', '.join(map(repr, values))))


def parts_of(row):
    return {part['code']: part for part in row['attribution']['parts']}


def check_sums(rows):
    for row in rows:
        parts = [part['tokens'] for part in row['attribution']['parts']
                 if part['tokens'] is not None]
        total = sum(parts) + row['attribution']['unexplained_tokens']
        if total != row['variance_tokens']:
            fail('parts do not add up', row)
        if any(not 0 <= part['share'] <= 1
               for part in row['attribution']['parts']):
            fail('a share', row)


def check_scaled(rows, scaled):
    for row, other in zip(rows, scaled):
        if row['attribution']['reason'] != other['attribution']['reason']:
            fail('scaled, the reason differs', row, other)
        if other['variance_tokens'] != FACTOR * row['variance_tokens']:
            fail('scaled', row, other)
        if list(parts_of(row)) != list(parts_of(other)):
            fail('scaled, parts differ', row, other)
        for code, part in parts_of(row).items():
            tokens = parts_of(other)[code]['tokens']
            if tokens is not None and \
                    abs(tokens - FACTOR * part['tokens']) > FACTOR:
                fail('scaled, a part differs', part, tokens)


def check_bulk(scratch, rng):
    """Enough that several threads read it: a day's records in each of many
    files, and the same in one file a day after sorting."""
    given = history(rng, 2000)
    world = make(os.path.join(scratch, 'bulk'), given)
    folder = world.path('events')
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        with open(path) as file:
            header, *lines = file.read().splitlines()
        many = []
        for copy in range(BULK):
            many += ['x%d-%s' % (copy, line) for line in lines]
        with open(path, 'w') as file:
            file.write('\n'.join([header] + many) + '\n')
    size = sum(os.path.getsize(os.path.join(folder, name))
               for name in os.listdir(folder))
    if size < 6 * 1024 * 1024:
        fail('too little for threads', size)
    few = rows_of(make(os.path.join(scratch, 'few'), given))
    for row, one in zip(rows_of(world), few):
        if row['actual_tokens'] != BULK * one['actual_tokens'] or \
                row['tasks'] != one['tasks']:
            fail('threads differ', row, one)
        retries = parts_of(row).get('retry_storm')
        single = parts_of(one).get('retry_storm')
        if retries and single and \
                retries['detail']['retries'] < \
                BULK * single['detail']['retries']:
            fail('threads lose retries', retries, single)


def files_of(world):
    found = {}
    for folder in ('variance', 'proposals'):
        path = world.path(folder)
        for name in os.listdir(path) if os.path.isdir(path) else []:
            with open(os.path.join(path, name)) as file:
                found[folder + '/' + name] = file.read()
    return found


def check_again(world):
    world.run('variance', 'daily', DAY)
    before = files_of(world)
    if not any(name.startswith('proposals') for name in before):
        fail('no alert was sent')
    world.run('variance', 'daily', DAY, now='2026-11-29T08:00:00Z')
    if files_of(world) != before:
        fail('computed again', DAY)
    proposal = sorted(n for n in before if n.endswith('.yaml') and
                      n.startswith('proposals'))[0]
    world.run('variance', 'proposals', 'accept',
              os.path.basename(proposal)[:-len('.yaml')])
    decided = files_of(world)
    late = {'id': 'late', 'at': DAY + 'T23:59:59Z', 'quest': 'q',
            'agent': 'a', 'input_tokens': 123}
    world.run('record', 'event', '--id', 'late', '--at', late['at'],
              '--quest', 'q', '--agent', 'a', '--input-tokens', '123')
    world.run('variance', 'daily', DAY, now='2026-11-30T08:00:00Z')
    after = files_of(world)
    if after['variance/%s.yaml' % DAY] == before['variance/%s.yaml' % DAY]:
        fail('a late event changed nothing')
    if after['variance/%s.yaml' % DAY].count('2026-11-30') != 0:
        fail('an alert was sent again')
    for name in decided:
        if name.startswith('proposals') and after.get(name) != decided[name]:
            fail('a proposal changed', name)


def main():
    daily_world.METER = os.path.abspath(sys.argv[1])
    count = max(int(sys.argv[2]), 600)
    with tempfile.TemporaryDirectory() as scratch:
        for seed in range(4):
            given = history(random.Random(seed), count // 4)
            world = make(os.path.join(scratch, 'a'), given)
            rows = rows_of(world)
            check_sums(rows)
            shuffled = list(given[1])
            random.Random(seed).shuffle(shuffled)
            other = make(os.path.join(scratch, 'b'), (given[0], shuffled))
            if rows_of(other) != rows:
                fail('the order of events matters', seed)
            scaled = make(os.path.join(scratch, 'c'),
                          history(random.Random(seed), count // 4, FACTOR))
            check_scaled(rows, rows_of(scaled))
            check_again(world)
        check_bulk(scratch, random.Random(9))


main()
