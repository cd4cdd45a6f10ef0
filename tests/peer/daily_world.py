"""A workspace for daily variance: events, runs and allocations are given to
meter and, as plain records, to the model."""

import datetime
import json
import os
import shutil
import subprocess
from decimal import Decimal
from fractions import Fraction

import daily_model

METER = None
TASK_FIELDS = ('workstream', 'quest', 'repo')


def same(ours, theirs, where=''):
    """The first difference, or None; money and counts to the last digit."""
    if isinstance(theirs, dict):
        if not isinstance(ours, dict) or list(ours) != list(theirs):
            return '%s: %r is not %r' % (where, ours, theirs)
        pairs = [(key, ours[key], theirs[key]) for key in theirs]
    elif isinstance(theirs, list):
        if not isinstance(ours, list) or len(ours) != len(theirs):
            return '%s: %r is not %r' % (where, ours, theirs)
        pairs = [(i, ours[i], theirs[i]) for i in range(len(theirs))]
    elif isinstance(theirs, float):
        fits = isinstance(ours, Decimal) and float(ours) == theirs
        return None if fits else '%s: %s is not %r' % (where, ours, theirs)
    elif isinstance(theirs, (int, Decimal)) and not isinstance(theirs, bool):
        fits = isinstance(ours, Decimal) and ours == theirs
        return None if fits else '%s: %s is not %s' % (where, ours, theirs)
    else:
        return None if ours == theirs and type(ours) is type(theirs) else \
            '%s: %r is not %r' % (where, ours, theirs)
    for key, a, b in pairs:
        found = same(a, b, '%s.%s' % (where, key))
        if found:
            return found
    return None


class World:
    def __init__(self, root, now='2026-11-22T08:00:00Z', tasks=None):
        self.root, self.now = root, now
        self.records, self.allocations, self.events = [], [], []
        self.tasks = tasks or {}
        shutil.rmtree(root, ignore_errors=True)
        os.makedirs(os.path.join(root, 'output/budget'))
        if self.tasks:
            with open(self.path('tasks.yaml'), 'w') as file:
                json.dump({'schema_version': 1, 'tasks': self.tasks}, file)

    def path(self, name):
        return os.path.join(self.root, 'output/budget', name)

    def run(self, *arguments, given=None, now=None, status=0):
        done = subprocess.run(
            [METER, '-C', self.root, *arguments], input=given,
            capture_output=True, text=True,
            env={'METER_NOW': now or self.now})
        if done.returncode != status:
            raise SystemExit('%s: exit %d\n%s%s' % (
                ' '.join(arguments), done.returncode, done.stdout,
                done.stderr))
        return done.stdout

    def allocate(self, scope, start, to=None, tokens=None, cost=None,
                 tasks=None):
        command = ['plan', 'allocate', scope, '--from', start]
        for name, value in (('--to', to), ('--tokens', tokens),
                            ('--cost', cost), ('--tasks', tasks)):
            if value is not None:
                command += [name, str(value)]
        self.run(*command)
        self.allocations.append({
            'scope': scope, 'from': daily_model.day_of(start),
            'to': to and daily_model.day_of(to), 'tokens': tokens,
            'cost_usd': cost, 'tasks': tasks})

    def event(self, at, tokens, cost=None, until=None, **fields):
        """An event, to be recorded with the others; cost is text."""
        fields = {k: v for k, v in fields.items() if v is not None}
        event = dict(fields, at=at, input_tokens=tokens,
                     id='e%d' % len(self.events))
        record = dict(fields, at=at, tokens=tokens,
                      day=daily_model.day_of(at),
                      cost=Fraction(cost or '0'), until=None)
        if cost is not None:
            event['cost_usd'] = cost
        if until is not None:
            event['metadata'] = {'quota_until': until}
            record['until'] = datetime.datetime.fromisoformat(
                until.rstrip('Z'))
        record.setdefault('resource', 'llm')
        record.setdefault('status', 'ok')
        record.setdefault('attempt', 1)
        known = self.tasks.get(record.get('task'), {})
        for name in TASK_FIELDS:
            if record.get(name) is None:
                record[name] = known.get(name)
        event['resource'] = record['resource']
        self.events.append(event)
        self.records.append(record)

    def calls(self, at, count, tokens, cost=None, **fields):
        for _ in range(count):
            self.event(at, tokens, cost, **fields)

    def record(self, events=None):
        lines = [json.dumps(event) for event in events or self.events]
        self.run('record', 'events', given='\n'.join(lines))

    def bucket(self, at, model, tokens, cost, **fields):
        """A run of one call."""
        run = [{'run_id': 'r%s' % at, 'workflow_id': 'w', 'stages': [
            {'stage_id': 's', 'provider': 'p', 'metadata': {
                'model': model, 'usage': {
                    'prompt_tokens': tokens, 'completion_tokens': 0,
                    'cost': float(cost)}}}]}]
        options = []
        for name, value in fields.items():
            options += ['--' + name, value]
        self.run('record', 'run', *options, given=json.dumps(run), now=at)
        record = dict(fields, at=at, tokens=tokens, cost=Fraction(cost),
                      day=daily_model.day_of(at), until=None, model=model,
                      resource='llm', status='ok', attempt=1)
        self.records.append(record)

    def answer(self, *arguments, now=None):
        text = self.run('variance', 'daily', '--json', *arguments, now=now)
        return json.loads(text, parse_float=Decimal, parse_int=Decimal)

    def check(self, last, days=1, limits=None, options=()):
        """Compare the days that end with last with the model's; the rows."""
        model = daily_model.Model(self.records, self.allocations, limits)
        end = daily_model.day_of(last)
        wanted = model.rows(end - datetime.timedelta(days - 1), end)
        got = self.answer(last, '--days', str(days), *options)['rows']
        found = same(got, wanted)
        if found:
            raise SystemExit('%s, %d days%s' % (last, days, found))
        return wanted
