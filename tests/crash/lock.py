"""Many writers at once, a lock that somebody else holds, and what else may
stand in a data file's place."""

# test: METER many
# test: METER held
# test: METER files
# test: METER swap

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

from world import (BUDGET, ENV, METER, PLAN, RUN, World, calls, check_yaml,
                   conduct, finish, runs, told)

USAGE = BUDGET + '/usage.yaml'
LOCK = BUDGET + '/.lock'

# ------------------------------------------------------------------ many

PROCESSES, EACH = 200, 5
WRITER = ('for i in 1 2 3 4 5; do "$0" record run --task "$1-$i" run.json '
          '|| echo "failed $?"; done')


def read_on(world, done, wrong):
    """Look again and again while others write."""
    seen = 0
    while not done.is_set():
        result = world.meter('usage', 'runs', '--json')
        if result.returncode != 0:
            wrong.append('a reader failed: ' + told(result))
            continue
        indexes = [run['run_index'] for run in json.loads(result.stdout)]
        if indexes != list(range(1, len(indexes) + 1)) or len(indexes) < seen:
            wrong.append('a reader saw %d runs, then %s' % (seen, indexes[-5:]))
        seen = len(indexes)
        result = world.meter('variance', '--json')
        if result.returncode != 0:
            wrong.append('variance failed: ' + told(result))
    if seen == 0:
        wrong.append('the reader saw nothing')


def many():
    wrong = []
    started = time.monotonic()
    with World() as world:
        world.write_json('run.json', RUN)
        done = threading.Event()
        reader = threading.Thread(target=read_on, args=(world, done, wrong))
        reader.start()
        writers = [subprocess.Popen(
            ['sh', '-c', WRITER, METER, str(number)], cwd=world.path,
            env=ENV, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            for number in range(PROCESSES)]
        said = b''.join(writer.communicate()[0] for writer in writers).split()
        done.set()
        reader.join()
        stored = runs(world.usage())
        wanted = list(range(1, PROCESSES * EACH + 1))
        if sorted(said, key=lambda word: (len(word), word)) != \
                [b'%d' % index for index in wanted]:
            wrong.append('not every index was printed once; failures: %d'
                         % said.count(b'failed'))
        if [run['run_index'] for run in stored] != wanted:
            wrong.append('the indexes of the file have gaps')
        tasks = {run['dimensions']['task'] for run in stored}
        if len(tasks) != len(wanted) or len(stored) != len(wanted):
            wrong.append('%d runs of %d tasks' % (len(stored), len(tasks)))
        wrong += check_yaml(world)
    print('many: %d runs by %d processes, %.1f s' % (
        len(wanted), PROCESSES, time.monotonic() - started))
    return wrong


# ------------------------------------------------------------------ held

HOLDER = ('import fcntl, sys, time; f = open(sys.argv[1], "a"); '
          'fcntl.flock(f, fcntl.LOCK_EX); print("held", flush=True); '
          'time.sleep(60)')


def hold(world):
    holder = subprocess.Popen(
        ['/usr/bin/python3', '-c', HOLDER, world.file(LOCK)],
        stdout=subprocess.PIPE)
    holder.stdout.readline()
    return holder


def block_alarm():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])


def ignore_alarm():
    signal.signal(signal.SIGALRM, signal.SIG_IGN)


def check_timeout(world, seconds, **more):
    started = time.monotonic()
    result = world.record('r-x', env={'METER_LOCK_TIMEOUT': str(seconds)},
                          **more)
    took = time.monotonic() - started
    wrong = []
    if result.returncode != 75 or b'.lock' not in result.stderr:
        wrong.append('waiting %d s: %s' % (seconds, told(result)))
    if not seconds <= took < seconds + 3:
        wrong.append('waited %.1f s, not %d' % (took, seconds))
    return wrong


def held():
    wrong = []
    started = time.monotonic()
    with World() as world:
        world.write_json('plan.json', PLAN)
        world.meter('plan', 'record', 'plan.json')
        world.record('r-1')
        holder = hold(world)
        before = world.files()
        try:
            wrong += check_timeout(world, 1)
            wrong += check_timeout(world, 0)
            wrong += check_timeout(world, 1, preexec_fn=block_alarm)
            wrong += check_timeout(world, 1, preexec_fn=ignore_alarm)
            for words in (['usage', 'runs'], ['variance'], ['plan', 'list']):
                result = world.meter(*words, timeout=5)
                if result.returncode != 0:
                    wrong.append('while it is held: ' + told(result))
            changed = {name for name, data in world.files().items()
                       if before.get(name) != data} - {'run.json'}
            if changed:
                wrong.append('changed without the lock: %s' % changed)
            wrong += wait_for_death(world, holder)
        finally:
            holder.kill()
            holder.wait()
        wrong += check_descriptors()
    print('held: %.1f s' % (time.monotonic() - started))
    return wrong


def wait_for_death(world, holder):
    """Whoever waits goes on once the holder is dead, and in its turn."""
    waiting = [subprocess.Popen([METER, 'record', 'run', 'run.json'],
                                cwd=world.path, env=ENV,
                                stdout=subprocess.PIPE)
               for _ in range(5)]
    time.sleep(0.3)
    os.kill(holder.pid, signal.SIGKILL)
    said = sorted(one.communicate(timeout=20)[0] for one in waiting)
    if said != [b'2\n', b'3\n', b'4\n', b'5\n', b'6\n']:
        return ['after the holder was killed: %s' % said]
    return []


def check_descriptors():
    """What is opened is closed when another program is started."""
    found = calls(lambda world: world.write_json('run.json', RUN),
                  lambda world, under=(): world.meter(
                      'record', 'run', '--report', 'run.json', under=under))
    opened = [call.line for call in found if call.own
              and call.name == 'openat' and '/dev/null' not in call.line]
    wrong = [line for line in opened if 'O_CLOEXEC' not in line]
    if not any('.lock' in line for line in opened):
        wrong.append('the lock was not seen')
    return ['left to children: ' + line for line in wrong]


# ----------------------------------------------------------------- files

def link_to(target):
    return lambda path: os.symlink(target, path)


def fifo(path):
    os.mkfifo(path)


def listening(path):
    server = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(os.path.dirname(path))
    server.bind(os.path.basename(path))
    os.chdir(here)


KINDS = {'a link': link_to('../../canary'), 'a link to nothing':
         link_to('nowhere'), 'a link to itself': link_to('usage.yaml'),
         'a pipe': fifo, 'a folder': os.mkdir, 'a socket': listening,
         'a link to a device': link_to('/dev/zero')}
NAMES = ('usage.yaml', 'plans.yaml', 'summary.yaml', '.lock')
CANARY = b'schema_version: 1\nruns:\n'


def place(task):
    name, kind = task
    wrong = []
    with World() as world:
        world.write_json('plan.json', PLAN)
        world.write_json('run.json', RUN)
        world.write('canary', CANARY)
        os.makedirs(world.budget)
        KINDS[kind](os.path.join(world.budget, name))
        answers = {}
        for words in (['record', 'run', 'run.json'],
                      ['plan', 'record', 'plan.json'],
                      ['usage', 'runs'], ['variance'], ['plan', 'list']):
            answers[words[0] + ' ' + words[1] if len(words) > 1
                    else words[0]] = world.meter(*words, timeout=5)
        refused = {'usage.yaml': ['record run', 'usage runs', 'variance'],
                   'plans.yaml': ['record run', 'plan record', 'plan list'],
                   'summary.yaml': ['variance'],
                   '.lock': ['record run', 'plan record']}[name]
        if name == '.lock' and not kind.startswith('a link'):
            refused = []            # whatever flock(2) takes may be it
        for words, result in answers.items():
            if words in refused and result.returncode not in (65, 73):
                wrong.append('%s: %s' % (words, told(result)))
            if words in refused and name.encode() not in result.stderr:
                wrong.append('%s does not name it: %s' % (words, told(result)))
        if world.read('canary') != CANARY:
            wrong.append('what the link leads to was changed')
        if kind.startswith('a link') and \
                not os.path.islink(os.path.join(world.budget, name)):
            wrong.append('the link was replaced')
        wrong += ['%s is left' % left for left in temporaries(world)]
    return ['%s as %s: %s' % (kind, name, line) for line in wrong]


def temporaries(world):
    return [name for name in os.listdir(world.budget)
            if name.endswith('.tmp')]


def hard_link():
    """Two names of one file: appending keeps them one."""
    with World() as world:
        world.record('r-1')
        os.link(world.file(USAGE), world.file('other'))
        result = world.record('r-2')
        wrong = check_yaml(world)
        if result.returncode != 0 or world.usage() != world.read('other'):
            wrong.append(told(result))
        if b'link' not in result.stderr:
            wrong.append('nothing is said of it')
    return ['a hard link: ' + line for line in wrong]


def files():
    return hard_link() + conduct(
        place, [(name, kind) for name in NAMES for kind in KINDS], 'files')


# ------------------------------------------------------------------ swap

ROUNDS = 400
SWAPPER = '''
import os, sys
name, own, link = sys.argv[1:]
print("on", flush=True)
while True:
    try:
        os.rename(name, own)
        os.symlink("../../canary", name)
        os.unlink(name)
        os.rename(own, name)
    except OSError:
        pass
'''


def swap():
    """usage.yaml is a link to another file again and again, as we write."""
    counts = {}
    started = time.monotonic()
    with World() as world:
        world.write_json('run.json', RUN)
        world.write('canary', CANARY)
        world.record('r-1')
        swapper = subprocess.Popen(
            ['/usr/bin/python3', '-c', SWAPPER, world.file(USAGE),
             world.file(USAGE + '.own'), 'x'], stdout=subprocess.PIPE)
        swapper.stdout.readline()
        wrong = []
        try:
            for number in range(ROUNDS):
                words = ['record', 'run', 'run.json'] if number % 2 else \
                    ['usage', 'runs']
                status = world.meter(*words, timeout=10).returncode
                counts[status] = counts.get(status, 0) + 1
                if status not in (0, 65, 73, 74):
                    wrong.append('exit %d' % status)
                if world.read('canary') != CANARY:
                    wrong.append('the canary was changed in round %d' % number)
                    break
        finally:
            swapper.kill()
            swapper.wait()
    print('swap: %d rounds, exit statuses %s, %.1f s' % (
        ROUNDS, counts, time.monotonic() - started))
    if counts.get(65, 0) == 0:
        wrong.append('no link was ever met')
    return wrong


finish({'many': many, 'held': held, 'files': files,
        'swap': swap}[sys.argv[2]]())
