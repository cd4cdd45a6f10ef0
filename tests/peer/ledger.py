"""Random events, recorded and read back by another program: every cell of
every row is what was given, money exactly; given back they are all known."""

# test: METER 10000

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from decimal import Decimal

METER = os.path.abspath(sys.argv[1])
COUNT = int(sys.argv[2])
NAMES = ['plain', 'a,b', '"q"', ' blank ', '=cmd()', '<b>&amp;', '\u202ex',
         '\u00e9\u4e2d\U0001f600', "it's", '-', '@x', '\\n', '%s', '{}', '""',
         'x' * 1024]
DIMENSIONS = ['provider', 'account', 'model', 'agent', 'tier', 'session',
              'run', 'workflow', 'stage', 'task', 'workstream', 'quest',
              'repo', 'commit', 'release']
COUNTS = ['input_tokens', 'output_tokens', 'cache_read_tokens',
          'cache_write_tokens', 'cache_write_1h_tokens']
RATES = 'rates:\n  plain: {prompt_per_1k: 0.0013, completion_per_1k: 0.0021}\n'


def money(rng):
    return rng.choice(['0', '0.1', '1e-15', '123456789.000000000000001',
                       '%d.%d' % (rng.randrange(100), rng.randrange(10**9))])


def event(rng, number):
    """An event, and the cells that its row is to have."""
    given = {'id': '%s-%d' % (rng.choice(NAMES)[:900], number)}
    day = rng.randrange(1, 29)
    given['at'] = '2026-0%d-%02dT%02d:00:00.%06dZ' % (
        rng.randrange(1, 4), day, rng.randrange(24), rng.randrange(1, 10**6))
    for name in DIMENSIONS:
        if rng.random() < 0.4:
            given[name] = rng.choice(NAMES)
    for name in COUNTS:
        if rng.random() < 0.6:
            given[name] = rng.choice([1, 7, 10**6, 2**60, rng.randrange(9999)])
    if rng.random() < 0.3:
        given['entity_type'] = rng.choice(NAMES)
        given['entity_id'] = rng.choice(NAMES)
    given['status'] = rng.choice(['ok', 'error', 'retry', 'rate_limited',
                                  'quota'])
    given['attempt'] = rng.randrange(1, 5)
    given['calls'] = rng.randrange(0, 9)
    if given.get('output_tokens') and rng.random() < 0.5:
        given['reasoning_tokens'] = rng.randrange(1 + given['output_tokens'])
    given['resource'] = rng.choice(['llm', 'api', 'cpu', 'gpu'])
    if rng.random() < 0.3:
        given['amount'] = money(rng)
        given['unit'] = rng.choice(NAMES)
    if rng.random() < 0.5:
        given['cost_usd'] = money(rng)
        given['cost_status'] = rng.choice(['known', 'estimated'])
    if rng.random() < 0.5:
        given['metadata'] = {rng.choice(NAMES): [1, None, rng.choice(NAMES)]}
    return given


def shaped(rng, given):
    """The same in one of the forms in which it may be given."""
    out = dict(given)
    for name in COUNTS + ['attempt', 'calls']:
        if name in out and rng.random() < 0.3:
            out[name] = str(out[name])
    if rng.random() < 0.3 and 'task' in out:
        out['task_id'] = out.pop('task')
    if rng.random() < 0.3 and 'commit' in out:
        out['ref_type'], out['ref_id'] = 'commit', out.pop('commit')
    if rng.random() < 0.3:
        out['created_at'] = out.pop('at')
    if rng.random() < 0.3:
        prompt = sum(given.get(n, 0) for n in COUNTS if n != 'output_tokens')
        out.pop('input_tokens', None)
        out['tokens_in'] = prompt
    return out


def cost(given):
    """The cost that is stored, as a Decimal, and its status."""
    if 'cost_usd' in given:
        return Decimal(given['cost_usd']), given['cost_status']
    if given['resource'] != 'llm':
        return None, 'free'
    if given.get('model') != 'plain':
        return None, 'unknown'
    prompt = sum(given.get(n, 0) for n in COUNTS if n != 'output_tokens')
    return (Decimal('0.0000013') * prompt +
            Decimal('0.0000021') * given.get('output_tokens', 0), 'estimated')


def compare(given, row):
    wrong = []
    for name in ['id', 'at', 'resource', 'status', 'entity_type', 'entity_id',
                 'unit'] + DIMENSIONS:
        if given.get(name, '') != row[name]:
            wrong.append(name)
    for name in COUNTS + ['reasoning_tokens']:
        if (str(given[name]) if given.get(name) else '') != row[name]:
            wrong.append(name)
    for name in ['attempt', 'calls']:
        if str(given[name]) != row[name]:
            wrong.append(name)
    if Decimal(given.get('amount', 0)) != Decimal(row['amount'] or 0):
        wrong.append('amount')
    amount, status = cost(given)
    if (amount is None) != (row['cost_usd'] == '') or \
            (amount or 0) != Decimal(row['cost_usd'] or 0) or \
            status != row['cost_status']:
        wrong.append('cost %s %s' % (amount, row['cost_usd']))
    if json.loads(row['metadata']) != given.get('metadata', {}):
        wrong.append('metadata')
    return ['%r: %s' % (given['id'][:40], name) for name in wrong]


def meter(folder, *words, text=None):
    result = subprocess.run([METER, *words], cwd=folder, input=text,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env={'METER_NOW': '2026-11-22T08:00:00Z'})
    if result.returncode != 0:
        raise SystemExit(result.stderr.decode())
    return result.stdout.decode()


def rows(folder):
    found = {}
    events = os.path.join(folder, 'output/budget/events')
    for name in sorted(os.listdir(events)):
        with open(os.path.join(events, name), newline='') as data:
            for row in csv.DictReader(data, strict=True):
                assert row['at'].startswith(name[:10]), name
                assert row['id'] not in found, row['id']
                found[row['id']] = row
    return found


def record(folder, rng, events):
    """In batches of every size and form."""
    rest = [json.dumps(e, ensure_ascii=rng.random() < 0.5) for e in events]
    said = ''
    while rest:
        count = rng.choice([1, 2, 30, 700, 3000])
        batch, rest = rest[:count], rest[count:]
        text = rng.choice(['\n'.join(batch), '[%s]' % ',\n'.join(batch),
                           ' '.join(batch)])
        said += meter(folder, 'record', 'events', text=text.encode())
    return said.splitlines()


def main():
    rng = random.Random(4)
    given = [event(rng, number) for number in range(COUNT)]
    with tempfile.TemporaryDirectory() as one, \
            tempfile.TemporaryDirectory() as two:
        for folder in (one, two):
            with open(os.path.join(folder, 'model-rates.yaml'), 'w') as out:
                out.write(RATES)
        said = record(one, rng, [shaped(rng, e) for e in given])
        wrong = ['not new: ' + line for line in said
                 if not line.startswith('new ')]
        stored = rows(one)
        for e in given:
            wrong += compare(e, stored[e['id']])
        if len(stored) != COUNT:
            wrong.append('%d rows' % len(stored))
        said = record(one, rng, rng.sample(given, COUNT))
        wrong += ['not known: ' + line for line in said
                  if not line.startswith('known ')]
        shown = meter(one, 'usage', 'events', '--json', '--all')
        if json.loads(shown):
            meter(two, 'record', 'events', text=shown.encode())
            if rows(two) != stored:
                wrong.append('what was given back is stored otherwise')
    print('%d events: %d wrong' % (COUNT, len(wrong)))
    print('\n'.join(wrong[:20]))
    sys.exit(1 if wrong else 0)


main()
