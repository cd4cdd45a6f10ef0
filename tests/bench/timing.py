"""Timing of whole processes, for the benchmarks.

Commands are run in turn (A B A B ...), so that a machine whose speed drifts
does the same to both; what counts is the median and the ratio of two."""

import os
import statistics
import subprocess
import sys
import time

DEVNULL = os.open(os.devnull, os.O_RDWR)


def run(argv, env=None):
    """Run a command; return its wall seconds."""
    start = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, env or {"PATH": "/usr/bin:/bin"},
                         file_actions=[(os.POSIX_SPAWN_DUP2, DEVNULL, 0),
                                       (os.POSIX_SPAWN_DUP2, DEVNULL, 1),
                                       (os.POSIX_SPAWN_DUP2, DEVNULL, 2)])
    _, status = os.waitpid(pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit("bench: %s ended with %d" % (" ".join(argv), status))
    return wall


def peak(argv):
    """Run a command once; return its peak memory in KiB.

    The kernel counts what a process was before it became the command, so a
    small program, time(1), starts it."""
    figure = subprocess.run(["/usr/bin/time", "-f", "%M"] + argv, check=True,
                            stdin=DEVNULL, stdout=DEVNULL,
                            stderr=subprocess.PIPE, text=True).stderr
    return int(figure.split()[-1])


def in_turn(commands, rounds):
    """Run each command `rounds` times in turn, after one that does not count.

    Return the median of seconds and the peak of KiB of each."""
    results = [[] for _ in commands]
    for turn in range(rounds + 1):
        for result, argv in zip(results, commands):
            wall = run(argv)
            if turn > 0:
                result.append(wall)
    return [(statistics.median(result), peak(argv))
            for result, argv in zip(results, commands)]


def show(name, seconds, peak=None):
    memory = "" if peak is None else "  peak %7.1f MiB" % (peak / 1024)
    print("  %-46s %10.3f ms%s" % (name, seconds * 1000, memory), flush=True)


def ratio(name, value, target=None):
    wanted = "" if target is None else "  (%s)" % target
    print("  %-46s %10.2f x%s" % (name, value, wanted), flush=True)


def show_ns(name, seconds):
    print("  %-46s %10.1f ns" % (name, seconds * 1e9), flush=True)


def difference(name, seconds, target):
    print("  %-46s %+10.3f ms  (%s)" % (name, seconds * 1000, target),
          flush=True)
