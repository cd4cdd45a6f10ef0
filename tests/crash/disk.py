"""Full disks, limits on a file's size, folders that cannot be written, and
writes that are short.  A command that could not do its work says so with 73
or 74, has changed nothing and leaves nothing about; looking works where
nothing can be written, and writes nothing."""

# test: METER full
# test: METER limit
# test: METER read-only
# test: METER short-writes

import multiprocessing
import os
import shutil
import subprocess
import sys

import world as shared
from world import (BUDGET, METER, PLAN, ROOT, RUN, World, check_yaml, conduct,
                   finish, load, runs, told)

# How often a command failed: a test in which none does tests nothing.
FAILED = multiprocessing.Value('i', 0)

READERS = (['usage', 'runs', '--json'], ['usage', 'run', '1'],
           ['variance', '--json'], ['plan', 'list', '--json'])


def nothing(world):
    pass


def history(world):
    world.write_json('plan.json', dict(PLAN, stage='other'))
    world.meter('plan', 'record', 'plan.json')
    world.record('r-1', '--report')
    world.record('r-2', '--report', '--task', 't-1')


def torn(world):
    history(world)
    with open(world.file(BUDGET + '/usage.yaml'), 'ab') as out:
        out.write(b'- run_index: 3\n  started_at: null\n')


def record(world, under=(), **more):
    return world.meter('record', 'run', '--report', '--task', 't-9',
                       'run.json', under=under, **more)


def plan(world, under=(), **more):
    return world.meter('plan', 'record', 'plan.json', under=under, **more)


def inputs(world):
    world.write_json('run.json', RUN)
    world.write_json('plan.json', PLAN)


def data_of(world):
    return {name: data for name, data in world.files().items()
            if name.startswith((BUDGET, 'reports'))}


def stored(world, command):
    if command is plan:
        plans = world.read(BUDGET + '/plans.yaml')
        plans = load(plans)['snapshots'] if plans else []
        return sum(s['stage'] == 'draft' for s in plans)
    return sum(run['workflows'][0]['run_id'] == 'r-x'
               for run in runs(world.usage()))


def without_torn(files):
    """A repair moves bytes; here they are put back."""
    files = dict(files)
    for name in [name for name in files if '.torn.' in name]:
        usage = BUDGET + '/usage.yaml'
        if not files[usage].endswith(files[name]):
            files[usage] += files[name]
        del files[name]
    return files


def check(world, command, result, before):
    wrong = []
    if result.returncode not in (0, 73, 74):
        wrong.append(told(result))
    if result.returncode == 0:
        if stored(world, command) != 1 or not result.stdout:
            wrong.append('said to be done, and is not')
        wrong += check_yaml(world)
    else:
        with FAILED.get_lock():
            FAILED.value += 1
        if without_torn(data_of(world)) != before:
            wrong.append('%s, and yet something changed' % told(result))
        if b'meter: ' not in result.stderr or result.stdout:
            wrong.append('no message, or an answer')
    return wrong + ['%s is left' % name for name in world.temporaries()]


# ------------------------------------------------------------------ full

PAGE = 4096


def fill(world, free):
    """Fill the disk up to so many free pages."""
    with open(world.file('filler'), 'wb', buffering=0) as out:
        try:
            while True:
                out.write(b'x' * PAGE)
        except OSError:
            pass
        size = out.tell()
        out.truncate(max(0, size - size % PAGE - free * PAGE))


def full(task):
    prepare, command, free = task
    with World() as world:
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=128k', 'tmpfs',
                        world.path], check=True)
        try:
            world.write('model-rates.yaml', shared.RATES)
            prepare(world)
            inputs(world)
            before = data_of(world)
            fill(world, free)
            result = command(world)
            wrong = check(world, command, result, before)
            wrong += ['full: %s: %s' % (words, told(answer)) for words, answer
                      in ((words, world.meter(*words)) for words in READERS)
                      if answer.returncode not in (0, 66)]
            os.unlink(world.file('filler'))
            if result.returncode != 0:
                again = command(world)
                if again.returncode != 0 or stored(world, command) != 1:
                    wrong.append('with room again: ' + told(again))
            wrong += check_yaml(world)
        finally:
            subprocess.run(['umount', '-l', world.path], check=True)
    return ['%s after %s, %d pages free: %s' % (
        command.__name__, prepare.__name__, free, line) for line in wrong]


def until_full():
    """Record until the disk is full: all that was acknowledged is there."""
    with World() as world:
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs',
                        world.path], check=True)
        try:
            world.write_json('run.json', RUN)
            count = 0
            while count < 1000:
                before = data_of(world)
                result = world.meter('record', 'run', 'run.json')
                if result.returncode != 0:
                    break
                count += 1
            indexes = [run['run_index'] for run in runs(world.usage())]
            wrong = check(world, record, result, before) + check_yaml(world)
            if result.returncode == 0 or count < 10 or \
                    indexes != list(range(1, count + 1)):
                wrong.append('%d runs recorded, there are %s, %s' % (
                    count, indexes[-3:], told(result)))
            if result.returncode == 0 and wrong:
                wrong.append('the disk was never full')
        finally:
            subprocess.run(['umount', '-l', world.path], check=True)
    return ['until it is full: ' + line for line in wrong]


def may_mount():
    """Where nothing can be mounted, become one that can, for this process."""
    probe = ['unshare', '-m', 'true'], ['unshare', '-Urm', 'true']
    for words in probe:
        if subprocess.run(words, stderr=subprocess.DEVNULL).returncode == 0:
            return words[:-1]
    return None


def run_full():
    if os.environ.get('METER_TEST_INSIDE'):
        wrong = until_full()
        return must_fail(wrong + conduct(
            full, [(prepare, command, free)
                   for prepare in (nothing, history, torn)
                   for command in (record, plan) for free in range(9)],
            'full'))
    inside = may_mount()
    if not inside:
        # The limit on a file's size fails writes too: see that test.
        print('full: nothing can be mounted here; limits instead')
        return run_limit()
    result = subprocess.run(
        inside + ['/usr/bin/python3', sys.argv[0], METER, 'full'],
        env=dict(os.environ, METER_TEST_INSIDE='1'))
    sys.exit(result.returncode)


# ----------------------------------------------------------------- limit

def limit(task):
    prepare, command, size = task
    with World() as world:
        prepare(world)
        inputs(world)
        before = data_of(world)
        result = command(world, under=['prlimit', '--fsize=%d' % size])
        wrong = check(world, command, result, before)
        again = world.record('r-next')
        if again.returncode != 0:
            wrong.append('the next command: ' + told(again))
        wrong += check_yaml(world)
    return ['%s after %s, limit %d: %s' % (
        command.__name__, prepare.__name__, size, line) for line in wrong]


def run_limit():
    tasks = []
    for prepare in (nothing, history, torn):
        for command in (record, plan):
            sizes = set(range(0, 4600, 127)) | {1, 7, 33, 34, 35}
            tasks += [(prepare, command, size) for size in sorted(sizes)]
    return must_fail(conduct(limit, tasks, 'limit'))


# ------------------------------------------------------------- read-only

NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']


def close_folders(world):
    os.chmod(ROOT, 0o755)
    for folder, _, names in os.walk(world.path):
        os.chmod(folder, 0o555)
        for name in names:
            os.chmod(os.path.join(folder, name), 0o444)


def open_folders(world):
    for folder, _, _ in os.walk(world.path):
        os.chmod(folder, 0o755)


def stale_summary(world):
    history(world)
    os.unlink(world.file(BUDGET + '/summary.yaml'))


def no_lock(world):
    history(world)
    os.unlink(world.file(BUDGET + '/.lock'))
    shutil.rmtree(world.file(BUDGET + '/.cache'))


def look(world, under, may_be_missing):
    untouched = world.traces()
    wrong = []
    for words in READERS:
        result = world.meter(*words, under=under)
        if result.returncode != 0 and not (
                may_be_missing and result.returncode == 66):
            wrong.append('%s: %s' % (' '.join(words), told(result)))
    for command in (record, plan):
        result = command(world, under=under)
        if result.returncode != 73 or b'cannot' not in result.stderr:
            wrong.append('%s: %s' % (command.__name__, told(result)))
    if world.traces() != untouched:
        wrong.append('something was written')
    return wrong


def read_only(task):
    prepare, how = task
    with World() as world:
        prepare(world)
        inputs(world)
        empty = prepare is nothing
        if how == 'mounted':
            return ['%s: %s' % (task, line)
                    for line in look_mounted(world, empty)]
        close_folders(world)
        under = NOBODY if os.geteuid() == 0 else []
        wrong = look(world, under, empty)
        open_folders(world)
        return ['%s: %s' % (prepare.__name__, line) for line in wrong]


def look_mounted(world, empty):
    inside = may_mount()
    if not inside:
        return []
    script = ('mount --bind "$0" "$0" && '
              'mount -o remount,bind,ro "$0" && cd "$0" && exec "$@"')
    return look(world, inside + ['sh', '-c', script, world.path], empty)


def run_read_only():
    # The one who may do little must be able to run it.
    os.chmod(ROOT, 0o755)
    shared.METER = shutil.copy(METER, os.path.join(ROOT, 'meter'))
    return conduct(read_only, [
        (prepare, how) for prepare in (nothing, history, stale_summary,
                                       no_lock, torn)
        for how in ('closed', 'mounted')], 'read-only')


# ---------------------------------------------------------- short writes

def short(task):
    prepare, command = task
    shim = os.path.join(ROOT, 'short_write.so')
    with World() as world, World() as other:
        for place in world, other:
            prepare(place)
            inputs(place)
        count = subprocess.run(
            ['strace', '-qq', '-e', 'trace=write', '-E', 'LD_PRELOAD=' + shim,
             METER, 'plan', 'list', '-h'], cwd=world.path, env=shared.ENV,
            capture_output=True)
        if count.stderr.count(b'write(1') < 10:
            return ['the writes are not short']
        result = command(world, env={'LD_PRELOAD': shim})
        plain = command(other)
        if result.returncode != 0 or result.stdout != plain.stdout:
            return ['%s: %s' % (task, told(result))]
        wrong = check_yaml(world)
        if data_of(world) != data_of(other):
            wrong.append('the files differ')
        if world.read(BUDGET + '/.cache/usage.stamp') and \
                world.record('r-next').returncode != 0:
            wrong.append('the next command failed')
    return ['%s: %s' % (task, line) for line in wrong]


def run_short_writes():
    here = os.path.dirname(os.path.abspath(sys.argv[0]))
    subprocess.run(['cc', '-shared', '-fPIC', '-D_GNU_SOURCE', '-o',
                    os.path.join(ROOT, 'short_write.so'),
                    os.path.join(here, 'short_write.c')], check=True)
    return conduct(short, [(prepare, command)
                           for prepare in (nothing, history, torn)
                           for command in (record, plan)], 'short writes')


def must_fail(wrong):
    print('%d commands failed, as they should' % FAILED.value)
    return wrong if FAILED.value else wrong + ['no command failed']


finish({'full': run_full, 'limit': run_limit, 'read-only': run_read_only,
        'short-writes': run_short_writes}[sys.argv[2]]())
