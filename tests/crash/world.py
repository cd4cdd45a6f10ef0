"""What the crash tests share: a workspace of its own for each experiment,
meter run in it, with or without strace, and the checks of what it left.

An experiment is a function of one argument that returns a list of what is
wrong with what it found; `conduct` runs many of them in two processes."""

import atexit
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import yaml

METER = os.path.abspath(sys.argv[1])
NOW = '2026-11-22T08:00:00Z'
ENV = {'PATH': '/usr/bin:/bin', 'METER_NOW': NOW,
       # Neither strace nor a preloaded library goes with the sanitizers'
       # own checks of how they were started.
       'ASAN_OPTIONS': 'detect_leaks=0:verify_asan_link_order=0'}
BUDGET = 'output/budget'
PROCESSES = 2
SHOWN = 20

RATES = b'rates:\n  gpt-mini: {prompt_per_1k: 0.00015, completion_per_1k: 0.0006}\n'

PLAN = {
    'stage': 'draft', 'selected_chunk_count': 2,
    'selected_chunk_ids': ['a', 'b'],
    'per_workflow': [{'workflow_id': 'draft', 'calls': 2,
                      'prompt_words_estimate': 100}],
    'total_provider_calls_estimate': 2, 'total_prompt_tokens_estimate': 900,
    'estimated_cost_usd': 0.5,
}


def stage(name, model, prompt, completion, **usage):
    usage.update(prompt_tokens=prompt, completion_tokens=completion)
    return {'stage_id': name, 'provider': 'openai',
            'metadata': {'model': model, 'usage': usage}}


def results(run_id, *stages, **fields):
    return [dict(fields, run_id=run_id, workflow_id='draft', status='ok',
                 stages=list(stages))]


# Two buckets; the first has fields that stand only where they are not zero.
RUN = results('r-x', stage('s1', 'gpt-mini', 1000, 500,
                           prompt_tokens_details={'cached_tokens': 200}),
              stage('s2', 'claude-x', 10, 5, cost=0.0125))


# Where nothing is to be learned from the disk itself, memory is faster.
DISK = os.path.basename(sys.argv[0]) in ('disk.py', 'lock.py')
MEMORY = '/dev/shm'
ROOT = tempfile.mkdtemp(
    prefix='meter-crash-',
    dir=MEMORY if not DISK and os.access(MEMORY, os.W_OK | os.X_OK) else None)
OWNER = os.getpid()


@atexit.register
def remove_root():
    if os.getpid() == OWNER:
        shutil.rmtree(ROOT, ignore_errors=True)


class World:
    """A workspace in a temporary folder."""

    def __init__(self, path=None):
        self.path = path or tempfile.mkdtemp(dir=ROOT)
        self.budget = os.path.join(self.path, BUDGET)
        self.write('model-rates.yaml', RATES)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.path, ignore_errors=True)

    def file(self, name):
        return os.path.join(self.path, name)

    def write(self, name, data):
        os.makedirs(os.path.dirname(self.file(name)), exist_ok=True)
        with open(self.file(name), 'wb') as out:
            out.write(data)

    def write_json(self, name, value):
        self.write(name, json.dumps(value).encode())

    def read(self, name):
        try:
            with open(self.file(name), 'rb') as data:
                return data.read()
        except FileNotFoundError:
            return None

    def usage(self):
        return self.read(BUDGET + '/usage.yaml')

    def meter(self, *words, under=(), env=None, **more):
        """Run meter; what it printed is in .stdout and .stderr, as bytes."""
        more.setdefault('stdin', subprocess.DEVNULL)
        more.setdefault('stdout', subprocess.PIPE)
        more.setdefault('stderr', subprocess.PIPE)
        more.setdefault('timeout', 60)
        return subprocess.run([*under, METER, *words], cwd=self.path,
                              env=dict(ENV, **(env or {})), **more)

    def record(self, run_id, *words, run=None, **more):
        """Record a run of that id, of no plan but the newest."""
        self.write_json('run.json', run or results(run_id, *RUN[0]['stages']))
        return self.meter('record', 'run', *words, 'run.json', **more)

    def files(self):
        """All files but caches and locks, with their bytes."""
        found = {}
        for folder, folders, names in os.walk(self.path):
            if '.cache' in folders:
                folders.remove('.cache')
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), self.path)
                if name != '.lock':
                    found[path] = self.read(path)
        return found

    def traces(self):
        """What every file and folder looks like from outside."""
        found = set()
        for folder, folders, names in os.walk(self.path):
            for name in folders + names:
                path = os.path.join(folder, name)
                st = os.lstat(path)
                found.add((path, st.st_ino, st.st_size, st.st_mtime_ns,
                           st.st_ctime_ns))
        return found

    def temporaries(self):
        return [name for name in self.files() if name.endswith('.tmp')]


def text(data):
    return data.decode('utf-8', 'backslashreplace').strip()


def told(result):
    """An exit status and the last message with it, for a failure's text."""
    lines = text(result.stderr or b'').splitlines()
    return 'exit %d%s' % (result.returncode,
                          ', "%s"' % lines[-1] if lines else '')


def load(data):
    return yaml.load(data, yaml.CSafeLoader)


def dump(value):
    return yaml.safe_dump(value, sort_keys=False).encode()


def check_yaml(world, skip=()):
    """Every data file is what PyYAML would write."""
    wrong = []
    for name, data in world.files().items():
        if not name.startswith(BUDGET) or not name.endswith('.yaml') or \
                name.endswith('.tmp') or os.path.basename(name) in skip:
            continue
        try:
            if dump(load(data)) != data:
                wrong.append('%s is not what safe_dump writes' % name)
        except yaml.YAMLError as error:
            wrong.append('%s does not parse: %s' % (name, error))
    return wrong


def runs(data):
    return (load(data)['runs'] or []) if data else []


# ---------------------------------------------------------------- strace

CALL = re.compile(rb'^(\w+)\(')

# The calls of meter itself begin here; before it is the dynamic linker.
MAIN = b'openat(AT_FDCWD, "/dev/null", O_RDWR'


class Call:
    """One system call of a command: the nth of its name."""

    def __init__(self, name, nth, own, line):
        self.name, self.nth, self.own, self.line = name, nth, own, line

    def __repr__(self):
        return '%s #%d' % (self.name, self.nth)

    def under(self, what):
        """The command words that make it fail so, or be signalled at it."""
        return ['strace', '-qq', '-o', '/dev/null', '-e', 'trace=' + self.name,
                '-e', 'inject=%s:%s' % (self.name, what.replace(
                    'when=N', 'when=%d' % self.nth))]


def calls(prepare, command):
    """The system calls that command makes in the world that prepare makes."""
    found, counts, own = [], {}, False
    with World() as world, tempfile.NamedTemporaryFile() as log:
        prepare(world)
        result = command(world, under=['strace', '-qq', '-s', '100', '-o',
                                       log.name])
        if result.returncode != 0:
            raise SystemExit('the command to trace failed: ' + told(result))
        for line in log.read().splitlines():
            match = CALL.match(line)
            if not match:
                continue
            name = match.group(1).decode()
            counts[name] = counts.get(name, 0) + 1
            own = own or line.startswith(MAIN)
            if name not in ('execve', 'exit_group'):
                found.append(Call(name, counts[name], own, text(line)))
    if not own:
        raise SystemExit('no call of meter itself was seen')
    return found


# What can fail without any caller learning of it, or what the program cannot
# go on without.
UNTOLD = ('mmap', 'munmap', 'mprotect', 'brk', 'rt_sigaction',
          'rt_sigprocmask', 'setitimer', 'getcwd', 'close', 'ioctl',
          'prlimit64')


# ----------------------------------------------------------- experiments

HERE = []       # the function of the experiment, which a fork inherits


def guarded(argument):
    try:
        return HERE[-1](argument)
    except Exception as error:            # a failure of the experiment
        return ['%s: %r' % (argument, error)]


def conduct(function, arguments, what):
    """Conduct the experiments; return what went wrong, and print figures."""
    arguments = list(arguments)
    started = time.monotonic()
    HERE.append(function)
    with multiprocessing.Pool(PROCESSES) as pool:
        wrong = [line for lines in pool.imap_unordered(guarded, arguments, 4)
                 for line in lines]
    print('%s: %d experiments, %.1f s, %d wrong'
          % (what, len(arguments), time.monotonic() - started, len(wrong)))
    return wrong


def each_call(scenarios, experiment, what, leave_out=()):
    """Conduct an experiment with each call of each (prepare, command)."""
    tasks = []
    for number, (prepare, command) in enumerate(scenarios):
        tasks += [(number, call, what) for call in calls(prepare, command)
                  if call.own and call.name not in leave_out]
    finish(conduct(experiment, tasks, what))


def finish(wrong):
    """Say what is wrong and exit."""
    for line in sorted(wrong)[:SHOWN]:
        print(line)
    if len(wrong) > SHOWN:
        print('and %d more' % (len(wrong) - SHOWN))
    sys.exit(1 if wrong else 0)
