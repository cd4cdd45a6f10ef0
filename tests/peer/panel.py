#!/usr/bin/python3
# test: METER
"""The live panel of `usage --follow` in a pseudo-terminal.

    panel.py METER

What the bytes that meter writes come to is found out by a small terminal of
our own.  It must show the table, cut to the window; move when another process
records something, with no timer in between and no call while nothing happens;
follow the window's size; stop and go on; and, whatever ends it, leave the
terminal as it was: its screen, its cursor, its modes.
"""

import codecs
import contextlib
import fcntl
import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import tty

METER = os.path.abspath(sys.argv[1])
SECONDS = 60
ENV = {"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8",
       "METER_NOW": "2026-11-22T12:00:00Z",
       "ASAN_OPTIONS": "verify_asan_link_order=0"}
SEQUENCE = re.compile(rb"\x1b\[(\??)([0-9;]*)([A-Za-z])")
CUT = re.compile(rb"\x1b(\[[?0-9;]*)?")
WAITS = re.compile(r"^(poll|ppoll|select|pselect6|epoll_\w+|nanosleep|"
                   r"clock_nanosleep|alarm|setitimer|timer_\w+|timerfd_\w+)\(")
NO_LIMIT = re.compile(r"^poll\(\[.*\], \d+, -1\)")


class Terminal:
    """What a terminal of that size does with the bytes it is sent."""

    def __init__(self, rows, columns):
        self.rows, self.columns = rows, columns
        self.screens = [{}, {}]
        self.second = self.bold = False
        self.cursor, self.wraps = True, True
        self.row = self.column = 0
        self.left = b""
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.put(b"what stood there\r\n$ ")

    def state(self):
        """All that is to be as it was before."""
        return (self.screens[0], self.second, self.bold, self.cursor,
                self.wraps)

    def put(self, data):
        data = self.left + data
        while data and not CUT.fullmatch(data):
            found = SEQUENCE.match(data)
            if found:
                self.do(*(part.decode() for part in found.groups()))
                data = data[found.end():]
            elif data[:1] == b"\r":
                self.column, data = 0, data[1:]
            elif data[:1] == b"\n":
                self.row, data = self.row + 1, data[1:]
            else:
                text = re.match(rb"[^\x00-\x1f]+", data)
                if not text:
                    sys.exit(f"what is this: {data[:40]}")
                self.write(self.decoder.decode(text[0]))
                data = data[text.end():]
        self.left = data

    def do(self, private, numbers, kind):
        if private:
            mode = (numbers, kind)
            if numbers == "1049":
                self.second = kind == "h"
            elif numbers == "25":
                self.cursor = kind == "h"
            elif numbers == "7":
                self.wraps = kind == "h"
            else:
                sys.exit(f"which mode is {mode}")
            return
        screen = self.screens[self.second]
        if kind == "J" and numbers == "2":
            screen.clear()
        elif kind == "K" and not numbers:
            line = screen.get(self.row, "")
            screen[self.row] = line[:self.column]
        elif kind == "H":
            row, column = numbers.split(";")
            self.row, self.column = int(row) - 1, int(column) - 1
        elif kind == "m":
            self.bold = numbers == "1"
        else:
            sys.exit(f"what is {numbers}{kind}")

    def write(self, text):
        if self.second and self.row >= self.rows:
            sys.exit(f"below the window: {text}")
        for letter in text:
            if self.column >= self.columns:
                sys.exit(f"beyond the window: {text}")
            screen = self.screens[self.second]
            line = screen.get(self.row, "").ljust(self.column)
            screen[self.row] = (line[:self.column] + letter +
                                line[self.column + 1:])
            self.column += 1

    def text(self):
        screen = self.screens[self.second]
        lines = [screen.get(row, "").rstrip() for row in range(self.rows)]
        return "\n".join(lines).rstrip("\n")


class Session:
    """A command in a pseudo-terminal, as a job of a shell of our own."""

    def __init__(self, words, folder, rows=24, columns=120, under=()):
        self.terminal = Terminal(rows, columns)
        self.before = self.terminal.state()
        self.master, slave = os.openpty()
        self.slave = slave
        self.resize(rows, columns)
        self.modes = termios.tcgetattr(slave)
        read, write = os.pipe()
        self.shell = os.fork()
        if self.shell == 0:
            self.be_shell(slave, read, [*under, METER, *words], folder)
        os.close(read)
        self.go = write
        self.status = None

    def be_shell(self, slave, go, words, folder):
        """Lead the session, and let the job have the terminal."""
        try:
            for fd in range(3, 256):
                if fd not in (slave, go):
                    with contextlib.suppress(OSError):
                        os.close(fd)
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            job = os.fork()
            if job == 0:
                os.setpgid(0, 0)
                os.tcsetpgrp(slave, os.getpid())
                signal.signal(signal.SIGTTOU, signal.SIG_DFL)
                for fd in (0, 1, 2):
                    os.dup2(slave, fd)
                os.chdir(folder)
                os.execve(words[0], words, ENV)
            while True:
                _, status = os.waitpid(job, os.WUNTRACED)
                os.write(slave, b"")
                if not os.WIFSTOPPED(status):
                    os._exit(os.WTERMSIG(status)
                             if os.WIFSIGNALED(status)
                             else 100 + os.WEXITSTATUS(status))
                os.tcsetpgrp(slave, os.getpgrp())
                os.read(go, 1)
                os.tcsetpgrp(slave, job)
                os.killpg(job, signal.SIGCONT)
        finally:
            os._exit(99)

    def resize(self, rows, columns):
        self.terminal.rows, self.terminal.columns = rows, columns
        fcntl.ioctl(self.master, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        """Take what is written; false where nothing is."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        self.terminal.put(os.read(self.master, 65536))
        return True

    def wait(self, is_so, what):
        end = time.monotonic() + SECONDS
        while not is_so():
            if time.monotonic() > end:
                sys.exit(f"{what}: is\n{self.terminal.text()}")
            self.read(0.05)

    def shows(self, expected):
        self.wait(lambda: self.terminal.text() == expected,
                  f"expected\n{expected}")

    def contains(self, part):
        self.wait(lambda: part in self.terminal.text(), f"expected {part}")

    def type(self, keys):
        os.write(self.master, keys)

    def quiet(self):
        """Wait until the command waits."""
        while self.read(0.2):
            pass

    def ended(self, expected):
        end = time.monotonic() + SECONDS
        while self.status is None:
            if time.monotonic() > end:
                sys.exit("it does not end")
            self.read(0.05)
            pid, status = os.waitpid(self.shell, os.WNOHANG)
            if pid:
                self.status = os.WEXITSTATUS(status)
        while self.read(0):
            pass
        if self.status != expected:
            sys.exit(f"ended with {self.status}, not {expected}")
        self.is_as_before()
        os.close(self.master)
        os.close(self.slave)
        os.close(self.go)

    def is_as_before(self):
        """What was written last may still be on its way."""
        self.wait(lambda: self.terminal.state() == self.before,
                  f"left the terminal as {self.terminal.state()}")
        if termios.tcgetattr(self.slave) != self.modes:
            sys.exit("left the terminal in other modes")


def run(folder, *words, text=""):
    done = subprocess.run([METER, *words], cwd=folder, env=ENV,
                          input=text.encode(), capture_output=True,
                          timeout=SECONDS, check=False)
    if done.returncode != 0:
        sys.exit(f"{words}: {done.stderr.decode()}")
    return done.stdout.decode()


def record(folder, model, tokens=10, *more):
    run(folder, "record", "event", "--model", model, "--input-tokens",
        str(tokens), "--cost-usd", "0.5", *more)


def table(folder, *words):
    """What the plain command prints."""
    return run(folder, "usage", *words).rstrip("\n")


def moves_and_ends(folder):
    for key, ending in ((b"\x03", signal.SIGINT), (b"\x1c", signal.SIGQUIT)):
        session = Session(["usage", "--by", "model", "--follow"], folder)
        session.shows(table(folder, "--by", "model"))
        for number in range(3):
            record(folder, f"m-{number}", 1000)
            session.shows(table(folder, "--by", "model"))
        if session.terminal.cursor or not session.terminal.second:
            sys.exit("the panel is no panel")
        session.type(b"typed blindly")
        session.quiet()
        if "typed" in session.terminal.text():
            sys.exit("what is typed stands in the panel")
        session.type(key)
        session.ended(ending)


def job_of(session):
    """The process in the foreground of the terminal."""
    return os.tcgetpgrp(session.master)


def ends_by_signals(folder):
    for ending in (signal.SIGTERM, signal.SIGHUP):
        session = Session(["usage", "--follow"], folder)
        session.shows(table(folder))
        os.kill(job_of(session), ending)
        session.ended(ending)


def stops_and_goes_on(folder):
    session = Session(["usage", "--by", "model", "--follow"], folder)
    session.shows(table(folder, "--by", "model"))
    job = job_of(session)
    session.type(b"\x1a")
    session.wait(lambda: job_of(session) != job, "it does not stop")
    session.is_as_before()
    record(folder, "while-stopped")
    if session.read(0.3):
        sys.exit("it writes while it is stopped")
    os.write(session.go, b"x")
    session.shows(table(folder, "--by", "model"))
    record(folder, "after-that")
    session.shows(table(folder, "--by", "model"))
    # Stopped from outside it cannot tidy up, but it draws all again.
    os.kill(job, signal.SIGSTOP)
    session.wait(lambda: job_of(session) != job, "it does not stop")
    session.terminal.screens[1].clear()
    os.write(session.go, b"x")
    session.shows(table(folder, "--by", "model"))
    session.type(b"\x03")
    session.ended(signal.SIGINT)


def record_many(folder):
    run(folder, "record", "events", text="\n".join(
        json.dumps({"model": f"many-{number:02d}", "input_tokens": number,
                    "cost_usd": 0.5})
        for number in range(40)))


def fits_the_window(folder):
    record_many(folder)
    words = ["--by", "model"]
    session = Session(["usage", *words, "--follow"], folder, 80, 120)
    session.shows(table(folder, *words))
    lines = table(folder, *words).split("\n")
    session.resize(20, 120)
    session.contains("more groups are in the total")
    shown = session.terminal.text().split("\n")
    left = len(lines) - 2 - 17
    expected = lines[:18] + [lines[-1], f"{left} more groups are in the total"]
    if shown != expected:
        sys.exit(f"20 rows show\n" + "\n".join(shown))
    record(folder, "another", 10 ** 6)
    session.contains(f"{left + 1} more groups are in the total")
    session.resize(20, 30)
    session.wait(lambda: all(len(line) <= 30 for line in
                             session.terminal.screens[1].values()) and
                 "records  c>" in session.terminal.text(), "30 columns")
    for rows in (1, 2, 3, 4, 5):
        session.resize(rows, 30)
        session.wait(lambda: len(session.terminal.text().split("\n")) == rows,
                     f"{rows} rows")
    session.resize(80, 120)
    session.shows(table(folder, *words))
    session.type(b"\x03")
    session.ended(signal.SIGINT)


def other_questions(folder):
    record_many(folder)
    events = Session(["usage", "events", "--follow"], folder, 12, 150)
    events.contains("... ")
    left = len(table(folder, "events").split("\n")) - 2 - 9
    # As wide as what is seen.
    lines = table(folder, "events", "--limit", "9").split("\n")
    events.shows("\n".join(lines[:10] + [f"... {left} more", lines[-1]]))
    record(folder, "new-one", 1, "--entity", "analysis:a", "--at",
           "2026-11-22T13:00:00Z")
    events.contains("new-one")
    events.type(b"\x03")
    events.ended(signal.SIGINT)
    summary = Session(["usage", "summary", "entity:analysis:a", "--follow"],
                      folder, 24, 150)
    summary.shows(table(folder, "summary", "entity:analysis:a"))
    record(folder, "new-two", 1, "--entity", "analysis:a")
    summary.shows(table(folder, "summary", "entity:analysis:a"))
    summary.type(b"\x03")
    summary.ended(signal.SIGINT)


def shows_errors_until_mended(folder):
    path = os.path.join(folder, "output/budget/events/2026-11-22.csv")
    session = Session(["usage", "--follow"], folder)
    session.shows(table(folder))
    size = os.path.getsize(path)
    with open(path, "a") as out:
        out.write("damaged\n")
    session.contains("has 1 cells where the header has 36")
    os.truncate(path, size)
    session.shows(table(folder))
    session.type(b"\x03")
    session.ended(signal.SIGINT)


def names_are_harmless(folder):
    record(folder, "\u202egnp.exe", 1, "--agent", "=cmd()<b>\u0085".rstrip(
        "\u0085"))
    session = Session(["usage", "--by", "model,agent", "--follow"], folder)
    session.contains("\\u{202e}gnp.exe")
    session.type(b"\x03")
    session.ended(signal.SIGINT)


def waits_without_a_timer(folder):
    trace = os.path.join(folder, "trace")
    session = Session(["usage", "--by", "model", "--follow"], folder,
                      under=["/usr/bin/strace", "-qq", "-I", "never", "-o",
                             trace])
    session.shows(table(folder, "--by", "model"))
    session.quiet()
    before = os.path.getsize(trace)
    time.sleep(1)
    if os.path.getsize(trace) != before:
        sys.exit("it does something while nothing happens")
    record(folder, "traced")
    session.shows(table(folder, "--by", "model"))
    session.quiet()
    session.type(b"\x03")
    session.ended(signal.SIGINT)
    with open(trace) as file:
        calls = [line for line in file if WAITS.match(line)]
    if not calls:
        sys.exit("it never waits")
    for call in calls:
        if not NO_LIMIT.match(call):
            sys.exit(f"it waits by {call}")
    os.remove(trace)


def other_places(folder):
    """Where there is no terminal, and where nobody reads any more."""
    done = subprocess.Popen([METER, "usage", "--follow", "--json"], cwd=folder,
                            env=ENV, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)
    done.stdout.readline()
    done.stdout.close()
    if done.wait(SECONDS) != -signal.SIGPIPE or done.stderr.read():
        sys.exit("a closed pipe is no quiet end")
    done.stderr.close()
    session = Session(["usage", "--follow", "--json"], folder, 24, 10 ** 4)
    session.contains('"total":{"records":')
    if session.terminal.second or not session.terminal.cursor:
        sys.exit("JSON is no panel")
    session.type(b"\x03")
    session.wait(lambda: os.waitpid(session.shell, os.WNOHANG)[0], "the end")
    with open(os.path.join(folder, "tables"), "wb") as out:
        process = subprocess.Popen([METER, "usage", "--follow"], cwd=folder,
                                   env=ENV, stdout=out)
    first = table(folder) + "\n"
    wait_for(folder, "tables", first)
    record(folder, "printed")
    wait_for(folder, "tables", first + "\n" + table(folder) + "\n")
    process.terminate()
    process.wait(SECONDS)


def wait_for(folder, name, expected):
    end = time.monotonic() + SECONDS
    while True:
        with open(os.path.join(folder, name)) as file:
            text = file.read()
        if text == expected:
            return
        if time.monotonic() > end:
            sys.exit(f"printed\n{text}")
        time.sleep(0.01)


def begins_with_nothing(folder):
    with tempfile.TemporaryDirectory() as empty:
        session = Session(["usage", "--by", "model", "--follow"], empty)
        session.contains("no usage is recorded")
        record(empty, "first")
        session.shows(table(empty, "--by", "model"))
        os.rename(empty + "/output", empty + "/away")
        session.contains("no usage is recorded")
        os.rename(empty + "/away", empty + "/output")
        session.shows(table(empty, "--by", "model"))
        session.type(b"\x03")
        session.ended(signal.SIGINT)


def main():
    checks = [moves_and_ends, ends_by_signals, stops_and_goes_on,
              fits_the_window, other_questions, shows_errors_until_mended,
              names_are_harmless, waits_without_a_timer, other_places,
              begins_with_nothing]
    for check in checks:
        with tempfile.TemporaryDirectory() as folder:
            for model in ("gpt-4o", "claude-sonnet-4-5"):
                record(folder, model, 1234)
            check(folder)
            print(check.__name__.replace("_", " "))


main()
