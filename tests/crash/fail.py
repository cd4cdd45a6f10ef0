"""Each system call of the commands that write fails in turn.  A command that
says it failed has changed nothing; one that says it did not has done its
work; a call that was only interrupted is not noticed at all."""

# test: METER record-run
# test: METER record-run-report
# test: METER plan-record

import sys

from world import (BUDGET, METER, PLAN, RUN, World, calls, check_yaml,
                   conduct, finish, load, runs, told)

# Memory that is not to be had, and what a signal may interrupt.
MEMORY = {'brk', 'mmap', 'mremap'}
INTERRUPTED = {'read', 'pread64', 'write', 'openat', 'flock', 'fsync',
               'fdatasync', 'ftruncate', 'close', 'fchmod', 'mkdir',
               'renameat'}
NEVER_FAIL = {'rt_sigaction', 'rt_sigprocmask', 'munmap', 'getrandom',
              'exit_group', 'setitimer'}
SYNC = {'fsync', 'fdatasync'}
STATUS = {0, 73, 74, 75}


def history(world):
    world.write_json('plan.json', dict(PLAN, stage='other'))
    world.meter('plan', 'record', 'plan.json')
    world.record('r-1', '--report')
    world.record('r-2', '--report', '--task', 't-1')


def nothing(world):
    pass


def record(world, under=()):
    return world.record('r-x', '--task', 't-9', run=RUN, under=under)


def record_report(world, under=()):
    return world.record('r-x', '--once', '--report', '--task', 't-9', run=RUN,
                        under=under)


def plan(world, under=()):
    world.write_json('plan.json', PLAN)
    return world.meter('plan', 'record', 'plan.json', under=under)


COMMANDS = {'record-run': record, 'record-run-report': record_report,
            'plan-record': plan}
COMMAND = COMMANDS[sys.argv[2]]
PREPARE = [nothing, history]


with open(METER, 'rb') as program:
    SANITIZED = b'__asan_init' in program.read()


def ways(call):
    """How a call is made to fail: an error, at its turn or from then on."""
    if call.name in MEMORY and SANITIZED:
        return []               # most of it is the sanitizer's own
    if call.name == 'brk':
        return ['retval=0:when=N']
    if call.name in MEMORY:
        return ['error=ENOMEM:when=N']
    found = ['error=EIO:when=N', 'error=ENOSPC:when=N']
    if call.name in INTERRUPTED:
        found.append('error=EINTR:when=N')
    if call.name in SYNC | {'write'}:
        found.append('error=EIO:when=N+')
    return found


def data_of(world):
    """The data files and reports; not the inputs."""
    return {name: data for name, data in world.files().items()
            if name.startswith((BUDGET, 'reports'))}


def stored(world):
    """How often what the command records is there."""
    if COMMAND is plan:
        plans = world.read(BUDGET + '/plans.yaml')
        plans = load(plans)['snapshots'] if plans else []
        return sum(s['stage'] == 'draft' for s in plans)
    return sum(run['workflows'][0]['run_id'] == 'r-x'
               for run in runs(world.usage()))


def check_failed(world, call, way, result, before):
    wrong = []
    allowed = set(STATUS)
    if call.name in MEMORY:
        allowed.add(71)
    if call.name in ('openat', 'read') and '.json' in call.line or \
            call.name == 'read':
        allowed.add(66)
    if 'model-rates' in call.line or call.name == 'read':
        allowed.add(78)
    if result.returncode not in allowed:
        wrong.append(told(result))
    # Where no write works any more there is nothing to say it with.
    if b'meter: ' not in result.stderr and \
            not (call.name == 'write' and 'N+' in way):
        wrong.append('no message')
    unsure = call.name in SYNC
    if result.stdout:
        wrong.append('failed, and yet printed an answer')
    if data_of(world) != before and not unsure:
        changed = sorted(name for name, data in data_of(world).items()
                         if before.get(name) != data)
        wrong.append('%s, and yet changed %s' % (told(result), changed))
    return wrong


def experiment(task):
    number, call, way = task
    with World() as world:
        PREPARE[number](world)
        before = data_of(world)
        result = COMMAND(world, under=call.under(way))
        if result.returncode == 0:
            wrong = check_done(world, way, result)
        else:
            wrong = check_failed(world, call, way, result, before)
            if 'EINTR' in way:
                wrong.append('an interruption was noticed')
        wrong += check_yaml(world)
        wrong += ['%s is left' % name for name in world.temporaries()]
        wrong += check_next(world)
        return ['%s after %s: %s %s: %s' % (
            sys.argv[2], PREPARE[number].__name__, call, way, line)
            for line in wrong]


def check_done(world, way, result):
    wrong = []
    if stored(world) != 1:
        wrong.append('said to be done, and is stored %d times'
                     % stored(world))
    if 'EINTR' in way and b'cannot' in result.stderr:
        wrong.append('an interruption was noticed: ' + told(result))
    return wrong


def check_next(world):
    """The next command works, and no count of runs has a gap."""
    wrong = []
    before = len(runs(world.usage()))
    result = world.record('r-next')
    if result.returncode != 0 or \
            result.stdout != b'%d\n' % (before + 1):
        wrong.append('the next command: ' + told(result))
    indexes = [run['run_index'] for run in runs(world.usage())]
    if indexes != list(range(1, before + 2)):
        wrong.append('the indexes are %s' % indexes)
    return wrong + check_yaml(world)


def main():
    tasks = []
    for number, prepare in enumerate(PREPARE):
        for call in calls(prepare, COMMAND):
            if call.own and call.name not in NEVER_FAIL:
                tasks += [(number, call, way) for way in ways(call)]
    finish(conduct(experiment, tasks, 'fail ' + sys.argv[2]))


main()
