"""Daily variance as DESIGN.md 5 has it, computed apart from meter: exact
fractions, rounded once by Python's statistics."""

import datetime
import statistics
from decimal import Decimal
from fractions import Fraction

BASELINE = 14
FEMTO = 10 ** 15
CODES = ['quota_exhaust', 'retry_storm', 'fanout', 'model_mix_shift']


def day_of(text):
    return datetime.date.fromisoformat(text[:10])


def half_even(value):
    """A fraction as a whole number."""
    return round(value)


def femto(value):
    """USD as money has it: 15 decimals."""
    return Fraction(half_even(value * FEMTO), FEMTO)


def money(value):
    """A fraction of 15 decimals as the number JSON is to have."""
    return Decimal(int(value * FEMTO)).scaleb(-15).normalize()


def scope_value(record, dimension):
    if dimension == 'entity':
        if record.get('entity_type') is None:
            return None
        return record['entity_type'] + ':' + record['entity_id']
    return record.get(dimension)


class Limits:
    def __init__(self, pct='25', z='2', days=7):
        self.pct, self.z, self.days = Fraction(pct), Fraction(z), days


class Model:
    """records: dicts with day, tokens, cost, and dimensions; allocations in
    the order in which they were recorded."""

    def __init__(self, records, allocations, limits=None):
        self.allocations = allocations
        self.limits = limits or Limits()
        self.days = {}
        for record in records:
            self.days.setdefault(record['day'], []).append(record)

    def allocation(self, dimension, name, day):
        found = None
        for item in self.allocations:
            if item['scope'] == '%s:%s' % (dimension, name) and \
                    item['from'] <= day and \
                    (item.get('to') is None or day <= item['to']):
                found = item
        return found

    def records(self, dimension, name, day):
        return [record for record in self.days.get(day, [])
                if scope_value(record, dimension) == name]

    def rows(self, first, last):
        rows, day = [], first
        while day <= last:
            scopes = {item['scope'] for item in self.allocations}
            for scope in sorted(scopes, key=lambda s: s.encode()):
                dimension, name = scope.split(':', 1)
                if self.allocation(dimension, name, day):
                    rows.append(self.row(dimension, name, day))
            day += datetime.timedelta(1)
        return rows

    def past(self, dimension, name, day, measure):
        """The days of the baseline, with what is allocated on each."""
        days = [day - datetime.timedelta(n) for n in range(BASELINE, 0, -1)]
        found = [(d, self.allocation(dimension, name, d)) for d in days]
        return [(d, item[measure]) for d, item in found
                if item and item.get(measure) is not None]

    def used(self, dimension, name, day, measure):
        key = 'tokens' if measure == 'tokens' else 'cost'
        return sum((Fraction(record[key])
                    for record in self.records(dimension, name, day)),
                   Fraction(0))

    def compare(self, dimension, name, day, measure, allocated):
        actual = self.used(dimension, name, day, measure)
        allocated = Fraction(str(allocated))
        variance = actual - allocated
        past = [self.used(dimension, name, d, measure) - Fraction(str(a))
                for d, a in self.past(dimension, name, day, measure)]
        mean = Fraction(sum(past), len(past)) if past else None
        spread = Fraction(statistics.variance(past)) if len(past) > 1 else None
        base = {'days': len(past), 'mean': None, 'stddev': None, 'z': None}
        if past:
            base['mean'] = float(statistics.mean(past))
        if len(past) > 1:
            base['stddev'] = float(statistics.stdev(past))
            if base['stddev'] != 0:
                base['z'] = (float(variance) - base['mean']) / base['stddev']
        if allocated == 0:
            beyond = actual > 0
        else:
            beyond = abs(100 * variance / allocated) > self.limits.pct
        alert = beyond and len(past) >= self.limits.days and \
            spread is not None and \
            (variance - mean) ** 2 > self.limits.z ** 2 * spread
        return {'allocated': allocated, 'actual': actual,
                'variance': variance, 'baseline': base,
                'pct': None if allocated == 0
                else float(100 * variance / allocated),
                'over': beyond and variance > 0, 'alert': alert}

    def row(self, dimension, name, day):
        item = self.allocation(dimension, name, day)
        tasks = {record['task'] for record in
                 self.records(dimension, name, day) if record.get('task')}
        row = {'day': str(day), 'scope': dimension, 'id': name}
        found = {}
        for measure in ['tokens', 'cost_usd']:
            if item.get(measure) is not None:
                found[measure] = self.compare(dimension, name, day, measure,
                                              item[measure])
            self.put(row, measure, found.get(measure))
        row['tasks'] = {'allocated': item.get('tasks'), 'actual': len(tasks)}
        row['over'] = any(m['over'] for m in found.values())
        row['alerts'] = [m for m in ['tokens', 'cost_usd']
                         if m in found and found[m]['alert']]
        row['attribution'] = self.attribution(dimension, name, day, found,
                                              item, len(tasks))
        row['alert_emitted_at'] = row['proposal'] = None
        return row

    @staticmethod
    def put(row, measure, found):
        is_cost = measure == 'cost_usd'
        keys = ['allocated_' + measure, 'actual_' + measure,
                'variance_' + measure]
        for key in keys:
            value = found and found[key.split('_')[0]]
            if value is not None:
                value = money(value) if is_cost else int(value)
            row[key] = value
        row['cost_variance_pct' if is_cost else 'variance_pct'] = \
            found and found['pct']
        row['cost_baseline' if is_cost else 'baseline'] = \
            found and found['baseline']

    def attribution(self, dimension, name, day, found, item, tasks):
        if not found:
            return {'reason': 'unknown', 'parts': [],
                    'unexplained_tokens': None}
        measure = 'tokens' if 'tokens' in found else 'cost_usd'
        case = Case(self, dimension, name, day, measure,
                    found[measure]['variance'], item.get('tasks'), tasks)
        parts = [part for part in (case.quota(), case.retries(),
                                   case.fanout(), case.mix()) if part]
        best = max([part['share'] for part in parts], default=0)
        reason = 'unknown'
        if best >= 0.25:
            reason = next(p['code'] for p in parts if p['share'] == best)
        unexplained = None
        if measure == 'tokens':
            left = max(int(case.variance), 0)
            for part in parts:
                if part['tokens'] is not None:
                    part['tokens'] = min(part['tokens'], left)
                    left -= part['tokens']
            unexplained = min(int(case.variance), 0) + left
        return {'reason': reason, 'parts': parts,
                'unexplained_tokens': unexplained}


class Case:
    """A scope's day whose variance is to be explained."""

    def __init__(self, model, dimension, name, day, measure, variance,
                 planned, tasks):
        self.variance, self.measure = variance, measure
        self.planned, self.tasks, self.day = planned, tasks, day
        self.records = model.records(dimension, name, day)
        self.past = [model.records(dimension, name, d) for d, _ in
                     model.past(dimension, name, day, measure)]
        self.before = [(d, record) for d in
                       (day - datetime.timedelta(n)
                        for n in range(BASELINE, -1, -1))
                       for record in model.records(dimension, name, d)]

    def share(self, tokens, cost):
        figure = tokens if self.measure == 'tokens' else cost
        if self.variance == 0:
            return 0.0
        return float(min(Fraction(1), Fraction(figure) / abs(self.variance)))

    def quota(self):
        start = datetime.datetime.combine(self.day, datetime.time())
        hits = [record for d, record in self.before
                if record['status'] == 'quota' and
                record['resource'] == 'llm' and
                (d == self.day or (record.get('until') is not None and
                                   record['until'] > start))]
        if not hits:
            return None

        def names(key):
            return sorted({r[key] for r in hits if r.get(key) is not None},
                          key=lambda s: s.encode())[:10]
        return {'code': CODES[0], 'tokens': None, 'cost_usd': None,
                'share': 1.0 if self.variance < 0 else 0.0,
                'detail': {'records': len(hits),
                           'first_at': min(r['at'] for r in hits),
                           'accounts': names('account'),
                           'models': names('model')}}

    def retries(self):
        tasks = {}
        for record in self.records:
            if record.get('task') and (record['attempt'] > 1 or
                                       record['status'] == 'retry'):
                entry = tasks.setdefault(record['task'], [0, 0, Fraction(0)])
                entry[0] += 1
                entry[1] += record['tokens']
                entry[2] += record['cost']
        storm = sorted(((name, *entry) for name, entry in tasks.items()
                        if entry[0] > 3),
                       key=lambda t: (-t[1], -t[2], t[0].encode()))
        if not storm:
            return None
        tokens = sum(t[2] for t in storm)
        cost = sum(t[3] for t in storm)
        worst = [{'task': t[0], 'retries': t[1], 'tokens': t[2],
                  'cost_usd': money(t[3])} for t in storm[:10]]
        return {'code': CODES[1],
                'tokens': 0 if self.variance < 0 and self.measure == 'tokens'
                else tokens,
                'cost_usd': money(cost), 'share': self.share(tokens, cost),
                'detail': {'retries': sum(t[1] for t in storm),
                           'tasks': len(storm), 'worst': worst}}

    def fanout(self):
        counts = [len({r['task'] for r in records if r.get('task')})
                  for records in self.past]
        if sum(counts) == 0:
            return None
        mean = Fraction(sum(counts), len(counts))
        if self.planned is not None:
            surplus = Fraction(self.tasks - self.planned)
            if surplus <= 0:
                return None
        else:
            if self.tasks <= Fraction(5, 4) * mean:
                return None
            surplus = self.tasks - mean
        tokens = sum(r['tokens'] for records in self.past for r in records)
        cost = sum((r['cost'] for records in self.past for r in records),
                   Fraction(0))
        whole = half_even(surplus * Fraction(tokens, sum(counts)))
        usd = femto(surplus * cost / sum(counts))
        return {'code': CODES[2],
                'tokens': 0 if self.variance < 0 and self.measure == 'tokens'
                else whole,
                'cost_usd': money(usd), 'share': self.share(whole, usd),
                'detail': {'tasks': self.tasks, 'allocated': self.planned,
                           'baseline_mean': float(mean),
                           'tokens_a_task': float(Fraction(tokens,
                                                           sum(counts))),
                           'cost_usd_a_task': money(femto(cost /
                                                          sum(counts)))}}

    def mix(self):
        now, before, cost = {}, {}, {}
        for record in self.records:
            name = record.get('model')
            now[name] = now.get(name, 0) + record['tokens']
            cost[name] = cost.get(name, Fraction(0)) + record['cost']
        for record in (r for records in self.past for r in records):
            name = record.get('model')
            before[name] = before.get(name, 0) + record['tokens']
            cost[name] = cost.get(name, Fraction(0)) + record['cost']
        day, base = sum(now.values()), sum(before.values())
        if day == 0 or base == 0:
            return None
        names = [n for n in cost
                 if now.get(n, 0) + before.get(n, 0) > 0 or cost[n] != 0]
        share = {n: Fraction(now.get(n, 0), day) for n in names}
        old = {n: Fraction(before.get(n, 0), base) for n in names}
        price = {n: cost[n] / (now.get(n, 0) + before.get(n, 0))
                 for n in names if now.get(n, 0) + before.get(n, 0) > 0}
        moved = sum(abs(share[n] - old[n]) for n in names) / 2
        after = sum(share[n] * price[n] for n in price)
        mean = sum(old[n] * price[n] for n in price)
        if moved < Fraction(1, 10) or after <= mean:
            return None
        usd = femto(day * (after - mean))
        over = sum((r['cost'] for r in self.records), Fraction(0)) - \
            sum((r['cost'] for records in self.past for r in records),
                Fraction(0)) / len(self.past)
        ranked = sorted(names, key=lambda n: (
            -abs(float(share[n]) - float(old[n])),
            b'' if n is None else b'x' + n.encode()))
        paid = [n for n in price if n is not None and price[n] > 0]
        cheapest = min(paid, key=lambda n: (price[n], n.encode()),
                       default=None)
        return {'code': CODES[3], 'tokens': None, 'cost_usd': money(usd),
                'share': float(min(Fraction(1), usd / over))
                if over > 0 else 0.0,
                'detail': {
                    'moved': float(moved), 'models_total': len(names),
                    'models': [{'model': n, 'share_before': float(old[n]),
                                'share': float(share[n]),
                                'usd_per_mtok': float(price[n] * 10 ** 6)
                                if n in price else None}
                               for n in ranked[:10]],
                    'usd_per_mtok_before': float(mean * 10 ** 6),
                    'usd_per_mtok': float(after * 10 ** 6),
                    'cost_usd_at_mix_before': money(femto(day * mean)),
                    'cheapest': cheapest,
                    'cost_usd_at_cheapest': None if cheapest is None
                    else money(femto(day * price[cheapest]))}}
