"""A file of three runs that a person or another program changed.  What is
still valid is read and appended to, and nothing of it is lost; what is not is
refused with its place and left as it is."""

# test: METER edits
# test: METER flip

import json
import os
import re
import sys

import yaml

from world import (BUDGET, RUN, World, check_yaml, conduct, dump, finish,
                   load, results, runs, told)

USAGE = BUDGET + '/usage.yaml'
STAMP = BUDGET + '/.cache/usage.stamp'
PLACE = re.compile(rb'usage\.yaml:\d+')


def base(world):
    world.record('r-1')
    world.record('r-2', '--task', 't-1')
    world.record('r-3', run=results('r-3', *RUN[0]['stages'], quest='q-1'))


def sub(old, new, count=1):
    def change(data):
        if old not in data:
            raise ValueError('%r is not there to be changed' % old)
        return data.replace(old, new, count)
    return change


def last(old, new):
    def change(data):
        head, found, tail = data.rpartition(old)
        if not found:
            raise ValueError('%r is not there to be changed' % old)
        return head + new + tail
    return change


def as_document(change):
    def of(data):
        value = load(data)
        change(value)
        return dump(value)
    return of


def drop_run(number):
    return as_document(lambda value: value['runs'].pop(number))


def reorder(value):
    run = value['runs'][-1]
    value['runs'][-1] = {key: run[key] for key in reversed(list(run))}


def indented(data):
    head, _, tail = data.partition(b'runs:\n')
    return head + b'runs:\n' + b''.join(
        b'  ' + line for line in tail.splitlines(True))


# Read and appended to: name, change.
VALID = [
    ('no newline at the end', lambda d: d[:-1]),
    ('a comment at the end', lambda d: d + b'# checked by hand\n'),
    ('a comment without newline', lambda d: d + b'# checked by hand'),
    ('a comment in the head', lambda d: b'# head\n' + d),
    ('a comment in the middle', sub(b'- run_index: 2\n', b'# here\n- run_index: 2\n')),
    ('a comment in a line', sub(b'total_calls: 2\n', b'total_calls: 2 # two\n')),
    ('a comment in the last run', last(b'total_calls: 2\n', b'total_calls: 2 # two\n')),
    ('a blank line at the end', lambda d: d + b'\n'),
    ('a blank line in the middle', sub(b'- run_index: 2\n', b'\n- run_index: 2\n')),
    ('a blank line in a run', sub(b'  rollup:\n', b'\n  rollup:\n')),
    ('blanks at a line\'s end', sub(b'  rollup:\n', b'  rollup: \n')),
    ('an extra key in the first run', sub(b'  started_at', b'  note: x\n  started_at')),
    ('an extra key in the last run', last(b'  started_at', b'  note: x\n  started_at')),
    ('an extra key at a run\'s end', sub(b'- run_index: 2\n', b'  note: x\n- run_index: 2\n')),
    ('an extra key at the end', lambda d: d + b'  note: x\n'),
    ('an extra key in the last bucket', last(b'    calls:', b'    note: x\n    calls:')),
    ('an extra key in the last rollup', last(b'    total_calls:', b'    note: x\n    total_calls:')),
    ('a name without dimensions', lambda d: d + b'  dimensions:\n'),
    ('no dimensions', lambda d: d + b'  dimensions: {}\n'),
    ('null for dimensions', lambda d: d + b'  dimensions: null\n'),
    ('an extra key before runs', sub(b'runs:\n', b'note: x\nruns:\n')),
    ('an extra key behind runs', lambda d: d + b'note: x\n'),
    ('CRLF', lambda d: d.replace(b'\n', b'\r\n')),
    ('an end mark', lambda d: d + b'...\n'),
    ('a start mark', lambda d: b'---\n' + d),
    ('a BOM', lambda d: b'\xef\xbb\xbf' + d),
    ('an indented list', indented),
    ('flow style', lambda d: yaml.safe_dump(load(d), default_flow_style=True,
                                            sort_keys=False).encode()),
    ('JSON', lambda d: json.dumps(load(d)).encode()),
    ('sorted keys', lambda d: yaml.safe_dump(load(d)).encode()),
    ('PyYAML\'s C dumper', lambda d: yaml.dump(
        load(d), Dumper=yaml.CSafeDumper, sort_keys=False).encode()),
    ('wide lines', lambda d: yaml.safe_dump(load(d), width=20,
                                            sort_keys=False).encode()),
    ('another order in the last run', as_document(reorder)),
    ('no key started_at in the first run', as_document(
        lambda v: v['runs'][0].pop('started_at'))),
    ('no key started_at in the last run', as_document(
        lambda v: v['runs'][-1].pop('started_at'))),
    ('no runs, a list', lambda d: b'schema_version: 1\nruns: []\n'),
    ('no runs, nothing', lambda d: b'schema_version: 1\nruns:\n'),
    ('no runs, null', lambda d: b'schema_version: 1\nruns: null\n'),
    ('the last run removed', drop_run(2)),
    ('two runs removed', lambda d: drop_run(1)(drop_run(1)(d))),
    ('the first run removed', drop_run(0)),
    ('the middle run removed', drop_run(1)),
    ('a value changed', sub(b'total_tokens: 1515\n', b'total_tokens: 1516\n')),
    ('a value changed in the last run', last(b'total_tokens: 15\n', b'total_tokens: 99\n')),
    ('a longer text', sub(b'run_id: r-1\n', b'run_id: a text of several words\n')),
    ('another quote', sub(b"'2026-11-22T08:00:00+00:00'", b'"2026-11-22T08:00:00+00:00"')),
]

# Refused: name, change.
DAMAGED = [
    ('empty', lambda d: b''),
    ('one newline', lambda d: b'\n'),
    ('a list', lambda d: b'- 1\n'),
    ('no runs', lambda d: b'schema_version: 1\n'),
    ('no schema_version', sub(b'schema_version: 1\n', b'')),
    ('a newer schema_version', sub(b'schema_version: 1\n', b'schema_version: 2\n')),
    ('runs is a map', lambda d: b'schema_version: 1\nruns:\n  a: 1\n'),
    ('a second document', sub(b'- run_index: 2\n', b'---\n- run_index: 2\n')),
    ('text behind the end', lambda d: d + b'...\nmore: 1\n'),
    ('an open quote', sub(b'run_id: r-1\n', b"run_id: 'r-1\n")),
    ('an open quote in run 2', sub(b'run_id: r-2\n', b'run_id: "r-2\n')),
    ('an open quote in run 3', sub(b'run_id: r-3\n', b'run_id: "r-3\n')),
    ('a NUL in run 1', sub(b'run_id: r-1\n', b'run_id: r-\0\n')),
    ('a NUL in run 2', sub(b'run_id: r-2\n', b'run_id: r-\0\n')),
    ('a NUL in run 3', sub(b'run_id: r-3\n', b'run_id: r-\0\n')),
    ('a tab', sub(b'  rollup:\n', b'\trollup:\n')),
    ('a bad byte', sub(b'run_id: r-2\n', b'run_id: r-\xff\n')),
    ('an index twice', sub(b'- run_index: 2\n', b'- run_index: 1\n')),
    ('an index twice at the end', sub(b'- run_index: 3\n', b'- run_index: 2\n')),
    ('an index that is a word', sub(b'- run_index: 2\n', b'- run_index: two\n')),
    ('an index that is a word at the end', sub(b'- run_index: 3\n', b'- run_index: two\n')),
    ('no index', sub(b'- run_index: 2\n  started_at', b'- started_at')),
    ('a key twice', sub(b'  rollup:\n', b'  rollup: null\n  rollup:\n')),
    ('a negative count', sub(b'total_calls: 2\n', b'total_calls: -2\n')),
    ('a count that is a word', sub(b'prompt_tokens: 10\n', b'prompt_tokens: ten\n')),
    ('a bucket lost', sub(b'    calls: 1\n', b'    calls: 0\n')),
    ('a bucket lost in run 3', last(b'    calls: 1\n', b'    calls: 0\n')),
    ('the middle lost', lambda d: d[:700] + d[1400:]),
    ('the start lost', lambda d: d[700:]),
]

# Without a stamp these look like a torn append, and are set aside.  A text at
# the end could have gone on where its newline is missing.
LOOKS_TORN = ('no newline at the end', 'a name without dimensions',
              'an open quote in run 3', 'a NUL in run 3',
              'a bucket lost in run 3')


def put_in_place(world, data):
    with open(world.file(USAGE), 'r+b') as out:
        out.truncate(0)
        out.write(data)


def put_anew(world, data):
    world.write(USAGE + '.new', data)
    os.rename(world.file(USAGE + '.new'), world.file(USAGE))


def put_without_stamp(world, data):
    put_in_place(world, data)
    os.unlink(world.file(STAMP))


WAYS = [put_in_place, put_anew, put_without_stamp]


def kept(old, new):
    """All is there, and a field that was missing may be, without a value."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(key in new and kept(old[key], new[key]) for key in old) \
            and all(not new[key] or new[key] == 'unknown'
                    for key in new if key not in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(kept, old, new))
    return old == new


def check_appended(world, edited):
    before = runs(edited)
    wrong = []
    result = world.meter('usage', 'runs', '--json')
    if result.returncode != 0 or json.loads(result.stdout) != before:
        wrong.append('reading: the runs are not those of the file, '
                     + told(result))
    if world.usage() != edited:
        wrong.append('reading changed the file')
    result = world.record('r-next')
    expected = (before[-1]['run_index'] if before else 0) + 1
    if result.returncode != 0 or result.stdout != b'%d\n' % expected:
        return wrong + ['recording: %s, %r' % (told(result), result.stdout)]
    if not kept(before, runs(world.usage())[:-1]):
        wrong.append('a run was changed or lost')
    if {k for k in load(edited)} != {k for k in load(world.usage())}:
        wrong.append('a key was lost')
    if b'#' in edited and b'# head' not in world.usage() and \
            edited not in world.files().values():
        wrong.append('the comments are lost')
    if world.record('r-last').stdout != b'%d\n' % (expected + 1):
        wrong.append('the one after the next is not right')
    if edited.startswith(b'---') or b'# head' in edited:
        return wrong            # a head stays as it is
    return wrong + check_yaml(world)


def check_refused(world, edited, may_read):
    wrong = []
    result = world.meter('usage', 'runs', '--json')
    if result.returncode != 65 and not (may_read and result.returncode == 0):
        wrong.append('reading: ' + told(result))
    before = world.files()
    result = world.record('r-next')
    wrote = {name: data for name, data in world.files().items()
             if name != 'run.json' and before.get(name) != data}
    if result.returncode != 65:
        wrong.append('recording: ' + told(result))
    elif not PLACE.search(result.stderr):
        wrong.append('the message names no line: ' + told(result))
    if wrote:
        wrong.append('recording changed %s' % sorted(wrote))
    return wrong


def check_set_aside(world, edited):
    result = world.record('r-next')
    kept = [data for name, data in world.files().items() if '.torn.' in name]
    if result.returncode != 0 or not kept or not edited.endswith(kept[0]):
        return ['not set aside: ' + told(result)]
    return check_yaml(world)


def experiment(task):
    kind, name, change, way = task
    with World() as world:
        base(world)
        edited = change(world.usage())
        way(world, edited)
        if way is put_without_stamp and name in LOOKS_TORN:
            wrong = check_set_aside(world, edited)
        elif kind == 'valid':
            wrong = check_appended(world, edited)
        else:
            wrong = check_refused(world, edited, 'newer' in name)
        return ['%s, %s: %s' % (name, way.__name__, line) for line in wrong]


# ------------------------------------------------------------------ flip

FLIPS = (0x01, 0x10, 0x02, 0x20, 0x80, 0x04)


class Flipped:
    """One world whose file is damaged in one byte again and again."""

    def __init__(self):
        self.world = World()
        for run_id in ('r-1', 'r-2', 'r-3'):
            self.world.record(run_id, '--task', 't-1', run=results(
                run_id, *RUN[0]['stages'][1:]))
        self.data = self.world.usage()
        self.stamp = self.world.read(STAMP)

    def put(self, data):
        for name in self.world.files():
            if '.torn.' in name or '.orig.' in name:
                os.unlink(self.world.file(name))
        put_in_place(self.world, data)
        self.world.write(STAMP, self.stamp)


FLIPPED = []        # of this process


def flip(task):
    at, mask = task
    if not FLIPPED:
        FLIPPED.append(Flipped())
    world = FLIPPED[0].world
    data = bytearray(FLIPPED[0].data)
    data[at] ^= mask
    data = bytes(data)
    FLIPPED[0].put(data)
    wrong = []
    result = world.meter('usage', 'runs', '--json')
    if result.returncode not in (0, 65):
        wrong.append('reading: ' + told(result))
    if world.usage() != data:
        wrong.append('reading changed the file')
    result = world.record('r-next')
    if result.returncode == 65:
        if world.usage() != data:
            wrong.append('refused, and yet changed')
        if not PLACE.search(result.stderr):
            wrong.append('no line: ' + told(result))
    elif result.returncode == 0:
        wrong += check_flipped(world, data)
    else:
        wrong.append('recording: ' + told(result))
    return ['byte %d ^ %#x (%r): %s' % (at, mask, data[at - 9:at + 9], line)
            for line in wrong]


def check_flipped(world, data):
    """Accepted: all runs are there, one perhaps with another value."""
    try:
        before = runs(data)
    except (yaml.YAMLError, TypeError):
        return ['recorded behind what is no YAML']
    after = world.usage()
    if not kept(before, runs(after)[:-1]):
        return ['a run was lost or changed']
    if not after.startswith(data) and dump(load(after)) != after:
        return ['rewritten, and not as safe_dump writes']
    return []


if sys.argv[2] == 'edits':
    tasks = [(kind, name, change, way) for kind, cases in
             (('valid', VALID), ('damaged', DAMAGED))
             for name, change in cases for way in WAYS]
    # Functions do not travel between processes; their numbers do.
    finish(conduct(lambda number: experiment(tasks[number]),
                   range(len(tasks)), 'edits'))
else:
    size = len(Flipped().data)
    finish(conduct(flip, [(at, FLIPS[at % len(FLIPS)])
                          for at in range(size)], 'flip'))
