"""Daily variance against Python's statistics and fractions: planted days, and
histories made up at random, every figure to the last digit."""
# test: METER 1500

import os
import random
import sys
import tempfile

import daily_model
import daily_world
from daily_world import World

DAY = '2026-11-21'


def quest(root, tokens=1000, **more):
    """Two weeks of a quest that uses about what it may: two tasks a day."""
    world = World(root)
    world.allocate('quest:q', '2026-11-01', tokens=tokens, **more)
    for day in range(5, 21):
        for task in ('t-1', 't-2'):
            world.event('2026-11-%02dT09:00:00Z' % day, 490 + 10 * (day % 3),
                        '0.%d' % (48 + day % 3), quest='q', task=task,
                        model='small')
    return world


def row_of(world, reason, alerts, over, days=1):
    """Record, compare with the model, and expect this of the day."""
    world.record()
    row = world.check(DAY, days)[-1]
    got = (row['attribution']['reason'], row['alerts'], row['over'])
    if got != (reason, alerts, over):
        raise SystemExit('expected %r, got %r' % ((reason, alerts, over), got))
    stored = world.answer(DAY)['rows'][-1]
    if (stored['proposal'] is not None) != bool(alerts):
        raise SystemExit('%s: a proposal where there is no alert, or none '
                         'where there is' % reason)
    return row


def usual_day(world):
    world.event(DAY + 'T09:00:00Z', 500, '0.49', quest='q', task='t-1',
                model='small')
    world.event(DAY + 'T09:00:00Z', 510, '0.5', quest='q', task='t-2',
                model='small')


def retry_storm(root):
    world = quest(root)
    usual_day(world)
    for attempt in range(2, 9):
        world.event(DAY + 'T10:00:00Z', 300, '0.3', quest='q', task='t-1',
                    model='small', attempt=attempt)
    row_of(world, 'retry_storm', ['tokens'], True)


def fanout(root):
    world = quest(root)
    for task in range(6):
        world.event(DAY + 'T10:00:00Z', 500, '0.5', quest='q',
                    task='n-%d' % task, model='small')
    row_of(world, 'fanout', ['tokens'], True)


def planned_fanout(root):
    world = quest(root, tasks=3, cost='1.1')
    for task in range(6):
        world.event(DAY + 'T10:00:00Z', 500, '0.5', quest='q',
                    task='n-%d' % task, model='small')
    row_of(world, 'fanout', ['tokens', 'cost_usd'], True)


def dear_models(root):
    world = quest(root, cost='1')
    world.event(DAY + 'T10:00:00Z', 400, '4.01', quest='q', task='t-1',
                model='large')
    world.event(DAY + 'T10:00:00Z', 610, '0.6', quest='q', task='t-2',
                model='small')
    row_of(world, 'model_mix_shift', ['cost_usd'], True)


def quota_stop(root):
    world = quest(root)
    world.event(DAY + 'T08:00:00Z', 100, '0.1', quest='q', task='t-1',
                model='small')
    for minute in range(3):
        world.event('%sT08:1%d:00Z' % (DAY, minute), 0, quest='q',
                    status='quota', account='acme', model='small')
    row_of(world, 'quota_exhaust', ['tokens'], False)


def quota_of_the_day_before(root):
    world = quest(root)
    world.event('2026-11-20T23:00:00Z', 0, quest='q', status='quota',
                account='acme', model='small', until=DAY + 'T12:00:00Z')
    world.event('2026-11-19T23:00:00Z', 0, quest='q', status='quota',
                account='other', until=DAY + 'T00:00:00Z')
    row_of(world, 'quota_exhaust', ['tokens'], False)


def rate_limited(root):
    world = quest(root)
    usual_day(world)
    world.event(DAY + 'T11:00:00Z', 0, quest='q', status='rate_limited')
    row_of(world, 'unknown', [], False)


def doubling(root):
    world = quest(root)
    usual_day(world)
    usual_day(world)
    row_of(world, 'unknown', ['tokens'], True)


def calm(root):
    world = quest(root)
    usual_day(world)
    row_of(world, 'unknown', [], False)


def young(root):
    world = World(root)
    world.allocate('quest:q', '2026-11-16', tokens=1000)
    for day in range(16, 21):
        world.event('2026-11-%02dT09:00:00Z' % day, 1000, quest='q')
    world.calls(DAY + 'T09:00:00Z', 4, 1000, quest='q')
    row_of(world, 'unknown', [], True)


def nothing_allocated(root):
    world = World(root)
    world.allocate('quest:q', '2026-11-01', tokens=0)
    world.event(DAY + 'T09:00:00Z', 1, quest='q')
    row_of(world, 'unknown', ['tokens'], True)


def cost_alone(root):
    world = World(root)
    world.allocate('quest:q', '2026-11-01', cost='1')
    for day in range(7, 21):
        world.event('2026-11-%02dT09:00:00Z' % day, 100,
                    '1.0%d' % (day % 4), quest='q', task='t-1')
    world.event(DAY + 'T09:00:00Z', 100, '1', quest='q', task='t-1')
    world.calls(DAY + 'T10:00:00Z', 5, 10, '0.3', quest='q', task='t-1',
                status='retry')
    row_of(world, 'retry_storm', ['cost_usd'], True)


def runs_count(root):
    world = quest(root)
    usual_day(world)
    world.bucket(DAY + 'T12:00:00Z', 'large', 5000, '0.25', quest='q',
                 task='t-9')
    world.bucket('2026-11-13T12:00:00Z', 'large', 70, '0.125', quest='q')
    row_of(world, 'unknown', ['tokens'], True, days=10)


PLANTED = [retry_storm, fanout, planned_fanout, dear_models, quota_stop,
           quota_of_the_day_before, rate_limited, doubling, calm, young,
           nothing_allocated, cost_alone, runs_count]
SCOPES = ['quest:q', 'quest:<script>', 'agent:a', 'workstream:w',
          'entity:analysis:SDA-1', 'model:large']
TASKS = {'t-1': {'quest': 'q', 'workstream': 'w'}, 't-2': {'workstream': 'w'}}


def random_event(world, rng):
    models = ['small', 'large', 'other', None]
    at = '2026-%s-%02dT%02d:%02d:00Z' % (
        rng.choice([('10', rng.randrange(8, 32)), ('11', rng.randrange(1, 22)),
                    ('11', rng.randrange(18, 22))]) +
        (rng.randrange(24), rng.randrange(60)))
    status = rng.choice(['ok'] * 6 + ['error', 'retry', 'rate_limited',
                                      'quota'])
    tokens = rng.choice([0, 1, 7, rng.randrange(2000), 10 ** 15])
    model = rng.choice(models)
    cost = rng.choice([None, '%d.%06d' % (rng.randrange(3),
                                          rng.randrange(10 ** 6)),
                       '0.000000000000001'])
    until = None
    if status == 'quota' and rng.random() < 0.7:
        until = '2026-11-%02dT%02d:00:00Z' % (rng.randrange(1, 25),
                                              rng.choice([0, 0, 13]))
    kind = rng.choice([None, 'analysis'])
    world.event(
        at, tokens, cost, until, model=model, status=status,
        attempt=rng.choice([1, 1, 1, 2, 5]),
        task=rng.choice([None, 't-1', 't-2', 't-3', 't-%d' %
                         rng.randrange(9)]),
        quest=rng.choice([None, None, 'q', '<script>']),
        agent=rng.choice([None, 'a', 'b']),
        account=rng.choice([None, 'acme', 'other']),
        entity_type=kind, entity_id=kind and rng.choice(['SDA-1', 'SDA-2']))


def random_allocation(world, rng):
    month, day = rng.choice([(10, rng.randrange(8, 32)),
                             (11, rng.randrange(1, 22))])
    start = '2026-%02d-%02d' % (month, day)
    to = rng.choice([None, None, '2026-11-%02d' % rng.randrange(10, 23)])
    if to and to < start:
        to = None
    give = rng.choice([1, 2, 3, 3, 7, 7, 5])
    world.allocate(
        rng.choice(SCOPES), start, to,
        rng.choice([0, 1000, 5000, 10 ** 15]) if give & 1 else None,
        rng.choice(['0', '0.5', '3.000000000000001']) if give & 2 else None,
        rng.choice([0, 1, 3]) if give & 4 else None)


def random_history(root, rng, events, seen):
    world = World(root, tasks=TASKS)
    for _ in range(rng.randrange(3, 9)):
        random_allocation(world, rng)
    for _ in range(events):
        random_event(world, rng)
    world.record()
    for _ in range(rng.randrange(3)):
        world.bucket('2026-11-%02dT12:00:00Z' % rng.randrange(1, 22),
                     'large', rng.randrange(5000),
                     '%d.%06d' % (rng.randrange(3), rng.randrange(10 ** 6)),
                     agent='a', quest='q')
    rows = world.check(DAY, 30)
    rows += world.check(DAY, 3, daily_model.Limits('12.5', '0.5', 2),
                ['--min-pct', '12.5', '--min-z', '0.5', '--min-baseline',
                 '2'])
    for row in rows:
        seen.update(part['code'] for part in row['attribution']['parts'])
        seen.update(row['alerts'])
        seen.add('reason ' + row['attribution']['reason'])


def main():
    daily_world.METER = os.path.abspath(sys.argv[1])
    events = int(sys.argv[2])
    with tempfile.TemporaryDirectory() as scratch:
        for plant in PLANTED:
            try:
                plant(os.path.join(scratch, plant.__name__))
            except SystemExit as failure:
                raise SystemExit('%s: %s' % (plant.__name__, failure))
        seen = set()
        for seed in range(8):
            try:
                random_history(os.path.join(scratch, 'random'),
                               random.Random(seed), max(events // 4, 300), seen)
            except SystemExit as failure:
                raise SystemExit('seed %d: %s' % (seed, failure))
        wanted = set(daily_model.CODES) | {'tokens', 'cost_usd'}
        wanted |= {'reason ' + code for code in daily_model.CODES}
        if wanted - seen:
            raise SystemExit('never seen: %s' % sorted(wanted - seen))


main()
