"""A history of three runs whose last one was torn off at any byte, or ends in
zeros.  The runs before it stay, it is there whole or not at all, the next
index is right, and what was torn off is kept beside the file.

What .cache/usage.stamp says is as it was while the run was appended
(announced), as it was before that (before), or it is gone.  Without the
announcement one thing cannot be told: a run cut just in front of fields that
stand only where they are needed looks like a run that never had them.  It is
then kept without them.  That is documented, and the only exception here."""

# test: METER plain
# test: METER dimensions
# test: METER estimated
# test: METER multiline

import os
import sys

from world import (BUDGET, RUN, World, calls, conduct, finish, results, stage,
                   text, told)

USAGE = BUDGET + '/usage.yaml'
STAMP = BUDGET + '/.cache/usage.stamp'
OPTIONAL = (b'cache_', b'reasoning_', b'quest:', b'dimensions:', b'release:')

VARIANTS = {
    'plain': (results('r-3', stage('s1', 'none', 1000, 500, cost=0.25)), []),
    'dimensions': (results('r-3', *RUN[0]['stages'], quest='q-12'),
                   ['--task', 't-12', '--release', '1.10']),
    # The last field is a number of two digits.
    'estimated': (results('r-3', *[stage('s1', 'gpt-mini', 10, 5)] * 11,
                          stage('s1', 'gpt-mini', 10, 5, cost=0.01)), []),
    'multiline': (results('r-3', stage('s1', "it's\n\n\n one: - \n# two\n",
                                       10, 5)),
                  ['--task', 'first\n\n- run_index: 9\nlast\n']),
}
RUN_3, WORDS_3 = VARIANTS[sys.argv[2]]


def record_3(world, under=()):
    return world.record('r-3', *WORDS_3, run=RUN_3, under=under)


def base(world):
    world.record('r-1')
    world.record('r-2', '--task', 't-1')


class Story:
    """The bytes of the three runs and of a fourth, and the stamps."""

    def __init__(self):
        with World() as world:
            base(world)
            self.begin = world.usage()
            record_3(world)
            self.run_3 = world.usage()[len(self.begin):]
            self.fourth = self.next_after(world)
        with World() as world:
            base(world)
            self.third = self.next_after(world)
        self.append = [call for call in calls(base, record_3)
                       if call.line.startswith('write(')
                       and '"- run_index: 3' in call.line][0]

    @staticmethod
    def next_after(world):
        before = len(world.usage())
        world.record('r-next')
        return world.usage()[before:]


STORY = Story()


class Place:
    """A world in which one file is torn again and again.  It stays the same
    file, so that the stamp is about it."""

    def __init__(self, stamp):
        self.world = World()
        base(self.world)
        self.stamp = None
        if stamp == 'announced':
            record_3(self.world, STORY.append.under('signal=KILL:when=N'))
        if stamp != 'gone':
            self.stamp = self.world.read(STAMP)
        if self.world.usage() != STORY.begin:
            raise SystemExit('the append was not caught in time')

    def tear(self, data):
        with open(self.world.file(USAGE), 'r+b') as out:
            out.truncate(0)
            out.write(STORY.begin + data)
        for name in os.listdir(self.world.budget):
            if '.torn.' in name:
                os.unlink(os.path.join(self.world.budget, name))
        if self.stamp is not None:
            self.world.write(STAMP, self.stamp)
        elif os.path.exists(self.world.file(STAMP)):
            os.unlink(self.world.file(STAMP))


PLACES = {}


def place(stamp):
    if stamp not in PLACES:
        PLACES[stamp] = Place(stamp)
    return PLACES[stamp]


def is_ambiguous(cut):
    """Whether the run, cut there, is one without its optional fields."""
    rest = STORY.run_3[cut:]
    return (rest[:1] == b'\n' and is_ambiguous(cut + 1)) or (
        STORY.run_3[:cut].endswith(b'\n') and
        rest.lstrip(b' -').startswith(OPTIONAL))


def torn_of(world):
    return [data for name, data in world.files().items() if '.torn.' in name]


def check(world, result, rest, stamp, cut):
    """What the next record left; rest is what stood behind run 2."""
    after = world.usage()
    whole = rest == STORY.run_3
    kept_whole = after == STORY.begin + STORY.run_3 + STORY.fourth
    gone = after == STORY.begin + STORY.third
    if result.returncode != 0:
        return [told(result)]
    if whole:
        return [] if kept_whole else ['a whole run was not kept']
    if kept_whole and STORY.run_3.startswith(rest) and \
            len(rest) == len(STORY.run_3) - 1:
        return []
    if gone:
        if rest and torn_of(world) != [rest]:
            return ['the torn bytes are not kept']
        if rest and b'.torn.' not in result.stderr:
            return ['nothing is said of it']
        return []
    if stamp != 'announced' and is_ambiguous(cut):
        shorter = STORY.begin + STORY.run_3[:cut].rstrip(b'\n') + b'\n' + \
            STORY.fourth
        return [] if after == shorter else ['a run is half there']
    return ['a run is half there, or its index is wrong: ' +
            text(after[len(STORY.begin):])[:300]]


def experiment(task):
    stamp, cut, zeros = task
    here = place(stamp)
    rest = STORY.run_3[:cut] + b'\0' * zeros
    wrong = []
    here.tear(rest)
    if cut % 8 == 0:
        result = here.world.meter('usage', 'runs', '--json')
        if result.returncode != 0:
            wrong.append('reading: ' + told(result))
        if here.world.usage() != STORY.begin + rest:
            wrong.append('reading changed the file')
    result = here.world.record('r-next')
    wrong += check(here.world, result, rest, stamp, cut)
    return ['%s, %s, cut at %d of %d (%r), %d zeros: %s' % (
        sys.argv[2], stamp, cut, len(STORY.run_3), STORY.run_3[:cut][-20:],
        zeros, line) for line in wrong]


def tasks():
    size = len(STORY.run_3)
    ends = {at + step for at in range(size) for step in (0, 1)
            if STORY.run_3[at:at + 1] == b'\n'}
    for cut in range(size + 1):
        yield 'announced', cut, 0
        yield 'gone', cut, 0
        if cut in ends or cut % 4 == 0:
            yield 'before', cut, 0
        if (cut in ends or cut % 16 == 0) and cut < size:
            for stamp in ('announced', 'before', 'gone'):
                yield stamp, cut, size - cut
    yield 'gone', 0, 1
    yield 'gone', 0, 8192


wrong = conduct(experiment, tasks(), 'torn ' + sys.argv[2])
finish(wrong)
