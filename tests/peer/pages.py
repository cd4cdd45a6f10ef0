"""Random histories of a workspace, its pages brought up to date now and then.

Events and runs are recorded, tasks registered and moved, rows changed by hand
and days removed, caches and pages lost and damaged, files of others put in
between.  After each `report pages` every page is what the command answers, in
the file that this script says it is in; nothing that needs no change is
touched; and the folder is, byte for byte, what a workspace without any cache
makes."""

# test: METER 1
# test: METER 2
# test: METER 3

import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

METER = os.path.abspath(sys.argv[1])
SEED = int(sys.argv[2])
STEPS = 12 if os.environ.get('METER_TEST_QUICK') else 40
NAMES = ['plain', 'a,b', '"q"', ' blank ', '=cmd()', '<script>&amp;',
         '\u202ex', '\u00e9\u4e2d\U0001f600', '-', '@x', '\\n', '%2e%2e',
         '../x', '/etc/x', '.', '..', 'a/../b', 'x' * 300, 'x' * 301, 'y' * 120,
         'y' * 121, '.json', 'a.json', '.lock', 'A', 'a']
DIMENSIONS = ['task', 'workstream', 'quest', 'repo', 'commit', 'release',
              'session', 'agent', 'tier']
RESOURCES = ['llm', 'llm', 'llm', 'api', 'cpu', 'disk']
BUDGET = 'output/budget'
PAGES = 'reports/pages'
MEMORY = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None


def fail(text):
    print('seed %d: %s' % (SEED, text))
    sys.exit(1)


def encode(name):
    """reliability.md 0.13, for a second time."""
    plain = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-'
    data = name.encode()
    parts = [chr(c) if chr(c) in plain and not (i == 0 and c == ord('.'))
             else '%%%02X' % c for i, c in enumerate(data)]
    if len(''.join(parts)) <= 120:
        return ''.join(parts)
    while len(''.join(parts)) > 85:
        parts.pop()
    return ''.join(parts) + '%2D' + hashlib.sha256(data).hexdigest()[:32]


class World:
    def __init__(self, rng, path):
        self.rng, self.path, self.count = rng, path, 0
        self.once = set()       # pages that were there at any time
        self.now = {}           # those of scopes that are used
        self.meter('record', 'events', stdin=self.events(30))

    def file(self, name):
        return os.path.join(self.path, name)

    def meter(self, *words, stdin='', where=None):
        result = subprocess.run(
            [METER, *words], cwd=where or self.path, input=stdin.encode(),
            env={'PATH': '/usr/bin:/bin',
                 'METER_NOW': '2026-02-20T08:00:00Z'}, capture_output=True)
        if result.returncode != 0:
            fail('%s: %s' % (words, result.stderr.decode(errors='replace')))
        return result.stdout

    def dimensions(self):
        rng = self.rng
        given = {name: rng.choice(NAMES) for name in DIMENSIONS
                 if rng.random() < 0.3}
        if rng.random() < 0.5:
            given['task'] = 'T-%d' % rng.randrange(12)
        return given

    def event(self):
        rng = self.rng
        self.count += 1
        given = self.dimensions()
        given['id'] = 'id-%d' % self.count
        given['at'] = '2026-02-%02dT%02d:00:00Z' % (
            rng.choice([1, 2, 3, 3, 3, 9]), rng.randrange(24))
        given['resource'] = rng.choice(RESOURCES)
        if rng.random() < 0.8:
            given['model'] = rng.choice(['m-1', 'm-2', '<b>', 'gpt-4o'])
        for name in ('input_tokens', 'output_tokens', 'cache_read_tokens'):
            given[name] = rng.randrange(1000)
        if rng.random() < 0.4:
            given['cost_usd'] = '%d.%09d' % (rng.randrange(9),
                                             rng.randrange(10**9))
        if given['resource'] in ('cpu', 'disk'):
            given['amount'] = '%d.%d' % (rng.randrange(9), rng.randrange(999))
            given['unit'] = rng.choice(['s', 'GB', '"u"'])
        if rng.random() < 0.5:
            given['entity_type'] = rng.choice(['an', 'Data set', '../t', '.'])
            given['entity_id'] = rng.choice(NAMES)
        if rng.random() < 0.3:
            given['status'] = rng.choice(['error', 'retry', 'quota'])
        if rng.random() < 0.2:
            given['metadata'] = {'n': [1, {'x': rng.choice(NAMES)}]}
        return given

    def events(self, count):
        return '\n'.join(json.dumps(self.event()) for _ in range(count))

    # ------------------------------------------------ what may happen

    def record(self):
        self.meter('record', 'events',
                   stdin=self.events(self.rng.choice([1, 1, 1, 5, 200])))

    def record_run(self):
        rng = self.rng
        run = [{'run_id': 'r', 'workflow_id': 'w', 'status': 'ok',
                'stages': [dict(self.dimensions(), stage_id='s',
                                provider='p', metadata={
                                    'model': rng.choice(['m-1', 'x\ny']),
                                    'usage': {'prompt_tokens': 10,
                                              'completion_tokens': 3,
                                              'cost': 0.25}})
                           for _ in range(3)]}]
        words = ['--entity', 'an:' + rng.choice(NAMES)] \
            if rng.random() < 0.5 else []
        self.meter('record', 'run', *words, stdin=json.dumps(run))

    def change_tasks(self):
        rng = self.rng
        path = self.file(BUDGET + '/tasks.yaml')
        tasks = {}
        if os.path.exists(path):
            with open(path) as data:
                tasks = yaml.safe_load(data)['tasks']
        for _ in range(rng.choice([1, 1, 3])):
            task = {'T-%d' % rng.randrange(14): {
                name: rng.choice(NAMES + ['q-1', 'q-2'])
                for name in ('workstream', 'quest', 'repo')
                if rng.random() < 0.6}}
            tasks.update(task)
        if rng.random() < 0.3 and tasks:
            del tasks[rng.choice(sorted(tasks))]
        with open(path, 'w') as out:
            yaml.safe_dump({'schema_version': 1, 'tasks': tasks}, out,
                           sort_keys=False)

    def days(self):
        folder = self.file(BUDGET + '/events')
        return [os.path.join(folder, name)
                for name in sorted(os.listdir(folder))]

    def edit(self):
        """A person removes a row or changes one, the size staying."""
        path = self.rng.choice(self.days())
        with open(path, 'rb') as data:
            lines = data.read().splitlines(keepends=True)
        if len(lines) < 3:
            return
        place = self.rng.randrange(1, len(lines))
        if self.rng.random() < 0.5:
            del lines[place]
        else:
            lines[place] = re.sub(b'm-[12]', b'm-3', lines[place])
        with open(path, 'wb') as out:
            out.write(b''.join(lines))

    def tear(self):
        """A crash leaves half a row, which the next writer sets aside."""
        with open(self.rng.choice(self.days()), 'ab') as out:
            out.write(b'half,2026-02-03T')

    def remove_day(self):
        if len(self.days()) > 2:
            os.remove(self.rng.choice(self.days()))

    def caches(self):
        folder = self.file(BUDGET + '/.cache')
        return [os.path.join(folder, name)
                for name in sorted(os.listdir(folder))
                if name.startswith('pages')] if os.path.isdir(folder) else []

    def lose_cache(self):
        if self.rng.random() < 0.3:
            shutil.rmtree(self.file(BUDGET + '/.cache'), ignore_errors=True)
        elif self.caches():
            os.remove(self.rng.choice(self.caches()))

    def damage_cache(self):
        if not self.caches():
            return
        path = self.rng.choice(self.caches())
        with open(path, 'rb') as data:
            data = bytearray(data.read())
        if self.rng.random() < 0.3 or not data:
            data = data[:self.rng.randrange(len(data) + 1)]
        else:
            for _ in range(self.rng.choice([1, 9])):
                data[self.rng.randrange(len(data))] ^= \
                    1 << self.rng.randrange(8)
        with open(path, 'wb') as out:
            out.write(data)

    def lose_pages(self):
        if self.rng.random() < 0.2:
            shutil.rmtree(self.file(PAGES), ignore_errors=True)
            self.once = set()
            return
        for name in self.rng.sample(sorted(self.pages()), 3):
            path = self.file(os.path.join(PAGES, name))
            os.remove(path)
            self.once.discard(name)
            # What no longer says whose page it is, is nobody's, unless its
            # scope is still there.
            if self.rng.random() < 0.5 and name in self.now:
                with open(path + '.tmp', 'w') as out:
                    out.write('half')
                os.rename(path + '.tmp', path)

    def change_pages(self):
        """What was written into a page in place is only seen with --all."""
        for name in self.rng.sample(sorted(self.pages()), 2):
            with open(self.file(os.path.join(PAGES, name)), 'a') as out:
                out.write(' ')
        return ['--all']

    def foreign(self):
        folder = self.file(os.path.join(PAGES, 'token-summary/task'))
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, 'mine.json'), 'w') as out:
            out.write(self.rng.choice(
                ['{}', 'no JSON', '{"scope": "task", "scope_id": "other"}']))

    # ---------------------------------------------------------- checks

    def pages(self, path=None):
        """The pages, with their bytes."""
        found = {}
        top = os.path.join(path or self.path, PAGES)
        for folder, _, names in os.walk(top):
            for name in names:
                if name in ('.lock', 'mine.json'):
                    continue
                with open(os.path.join(folder, name), 'rb') as data:
                    found[os.path.relpath(os.path.join(folder, name),
                                          top)] = data.read()
        return found

    def traces(self):
        return {name: (st.st_ino, st.st_mtime_ns) for name in self.pages()
                for st in [os.stat(self.file(os.path.join(PAGES, name)))]}

    def scopes(self):
        """Where each scope's page is to be, by what meter groups."""
        found = {}
        for name in DIMENSIONS + ['entity']:
            groups = json.loads(self.meter('usage', '--by', name, '--json'))
            for group in groups['groups']:
                value = group[name]
                if value is None:
                    continue
                folder, rest = 'token-summary/' + name, value
                if name == 'entity':
                    kind, rest = value.split(':', 1)
                    folder = 'resource-usage/' + encode(kind)
                found['%s/%s.json' % (folder, encode(rest))] = \
                    '%s:%s' % (name, value)
        return found

    def check(self, done):
        pages = self.pages()
        scopes = self.scopes()
        self.once |= set(scopes)
        self.now = scopes
        if set(pages) - {'usage.json', 'variance.json'} != self.once:
            fail('%s: pages %s' % (done, sorted(
                set(pages) - {'usage.json', 'variance.json'} ^ self.once)))
        sample = self.rng.sample(sorted(scopes), min(len(scopes), 25))
        for name in sample:
            want = self.meter('usage', 'summary', scopes[name], '--json')
            if pages[name] != want:
                fail('%s: %s is not what usage summary says' % (done, name))
        for name in self.once - set(scopes):
            page = json.loads(pages[name])
            if page['event_count'] or page['by_resource'] or \
                    page.get('records'):
                fail('%s: %s has figures' % (done, name))
            want = self.meter('usage', 'summary', '%s:%s' % (
                page['scope'], page['scope_id']), '--json')
            if pages[name] != want:
                fail('%s: %s is not what usage summary says now' % (
                    done, name))
        if pages['usage.json'] != self.meter('usage', '--by', 'day', '--json'):
            fail('%s: usage.json is not what usage says' % done)
        self.check_anew(done, pages, scopes)

    def check_anew(self, done, pages, scopes):
        """Make all pages in a copy that has no caches."""
        with tempfile.TemporaryDirectory(dir=MEMORY) as copy:
            shutil.copytree(self.file(BUDGET), os.path.join(copy, BUDGET),
                            ignore=shutil.ignore_patterns('.cache'))
            self.meter('report', 'pages', where=copy)
            anew = self.pages(copy)
        for name in set(scopes) | set(anew):
            if pages.get(name) != anew.get(name):
                fail('%s: %s is not what it is made anew' % (done, name))
        if os.path.exists(self.file(PAGES + '/.new')):
            fail('%s: .new is left' % done)

    def step(self):
        things = [self.record] * 6 + [self.record_run, self.change_tasks,
                                      self.change_tasks, self.edit, self.tear,
                                      self.remove_day, self.lose_cache,
                                      self.damage_cache, self.lose_pages,
                                      self.change_pages, self.foreign]
        done, words = [], []
        for _ in range(self.rng.choice([1, 1, 2, 4])):
            thing = self.rng.choice(things)
            done.append(thing.__name__)
            words += thing() or []
        before = self.pages(), self.traces()
        self.meter('report', 'pages', *words)
        self.check(done)
        after = self.pages(), self.traces()
        for name in before[0]:
            if before[0][name] == after[0].get(name) and \
                    before[1][name] != after[1][name]:
                fail('%s: %s was touched for nothing' % (done, name))
        self.meter('report', 'pages')
        if self.traces() != after[1]:
            fail('%s: a second time changes something' % done)


def main():
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory(dir=MEMORY) as path:
        world = World(rng, path)
        world.meter('report', 'pages')
        world.check(['begin'])
        for _ in range(STEPS):
            world.step()
        print('seed %d: %d events, %d pages' % (
            SEED, world.count, len(world.pages())))


main()
