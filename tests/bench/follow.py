"""The live panel: what an update costs, with a large ledger behind it.

The panel runs in a pseudo-terminal, and other processes record one event
after the other.  What counts is the CPU time of the panel's process, user and
system, as the scheduler has it, by update.  Its memory is looked at over many
more updates, of rows that are appended to the file."""

import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios

import ledger

UPDATES = 300
MANY = 100_000
DAY = "2026-11-17"  # the last one


def start(meter, folder, question):
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(meter, [meter, "-C", folder, "usage", *question, "--follow"],
                  {"PATH": "/usr/bin:/bin", "TERM": "xterm"})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ,
                struct.pack("HHHH", 40, 160, 0, 0))
    read(terminal, 30)
    while read(terminal, 1):
        pass
    return pid, terminal


def read(terminal, seconds):
    """Wait for what is drawn; false where nothing is."""
    if not select.select([terminal], [], [], seconds)[0]:
        return False
    os.read(terminal, 65536)
    return True


def end(pid, terminal):
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    os.close(terminal)


def cpu_seconds(pid):
    """The time that all threads of the process have run."""
    return sum(int(open(f"/proc/{pid}/task/{thread}/schedstat").read()
                   .split()[0])
               for thread in os.listdir(f"/proc/{pid}/task")) / 1e9


def memory(pid):
    with open(f"/proc/{pid}/status") as file:
        return sum(int(line.split()[1]) for line in file
                   if line.startswith("RssAnon"))


def updates(meter, folder, question, first):
    """The CPU seconds of one update."""
    pid, terminal = start(meter, folder, question)
    before = cpu_seconds(pid)
    for number in range(first, first + UPDATES):
        subprocess.run([meter, "-C", folder, "record", "event", "--at",
                        f"{DAY}T23:59:59.{number:06d}Z", "--model",
                        "gpt-4o", "--task", "task-7", "--input-tokens",
                        str(number)],
                       check=True, stdout=subprocess.DEVNULL)
        if not read(terminal, 30):
            sys.exit("bench: the panel does not move")
    while read(terminal, 0.2):
        pass
    used = cpu_seconds(pid) - before
    end(pid, terminal)
    return used / UPDATES


def growth(meter, folder):
    """KiB of memory after a tenth of many updates, and after all."""
    path = f"{folder}/output/budget/events/{DAY}.csv"
    with open(path) as file:
        row = file.read().splitlines()[-1]
    pid, terminal = start(meter, folder, ["--by", "model"])
    with open(path, "a", buffering=1) as out:
        for number in range(MANY):
            if number == MANY // 10:
                early = memory(pid)
            out.write(f"x{number}" + row[row.index(","):] + "\n")
            read(terminal, 30)
    late = memory(pid)
    end(pid, terminal)
    return early, late


def main(meter, scratch, count=ledger.EVENTS):
    folder = os.path.join(scratch, "followed")
    print(f"usage --follow, {count} events behind it")
    ledger.make_ledger(folder, count)
    for number, question in enumerate((
            ["--by", "model"], ["--by", "task"], ["--by", "day,task"],
            ["events"], ["summary", "task:task-7"])):
        seconds = updates(meter, folder, question, 1 + number * UPDATES)
        name = "CPU of an update, usage " + " ".join(question)
        print(f"  {name:46} {seconds * 1000:10.3f} ms  (under 1 ms)",
              flush=True)
    early, late = growth(meter, folder)
    print(f"  {'memory after ' + str(MANY // 10) + ' updates':46} "
          f"{early:10} KiB")
    print(f"  {'memory after ' + str(MANY) + ' updates':46} {late:10} KiB",
          flush=True)
    shutil.rmtree(folder)
