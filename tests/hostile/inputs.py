#!/usr/bin/python3
# test: METER
"""Bad inputs: each is refused, with its place, and nothing is changed.

    inputs.py METER

For every case the exit status, the message and its place are as they should
be, no file of the workspace is made, changed or removed (.lock and .cache
apart), and no raw control character is shown.  Odd inputs that must be taken
are tried too, and every cut of a good run.
"""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time

import cases_accepted
import cases_fields
import cases_files
import cases_syntax

# Seconds.  A refusal takes some milliseconds, that of a large input less than
# one second; a loaded machine or a sanitizer takes its share too.
LIMIT = 30 if os.environ.get("METER_TEST_QUICK") else 10
LARGEST_MESSAGE = 4096
SHOWN = 20
NOBODY = 65534
LARGE_PLANS = "plans.yaml beyond its size"
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "../../testdata/hostile")
MESSAGE = re.compile(rb"meter: ([^\n]*?):(\d+):(\d+): ([^\n]+)\n")

COMMANDS = {
    "plan": ["plan", "record", "input"],
    "run": ["record", "run", "input"],
    "status": ["report", "status", "input"],
    "rates": ["record", "run", "run.json"],
    "check": ["variance", "--check"],
    "tasks": ["plan", "task", "--from-file", "input"],
    "tiers": ["plan", "tier", "--from-file", "input"],
}

# The commands that read a data file and nothing before it.
READERS = {
    "plans.yaml": [
        ["plan", "list"], ["plan", "show", "--json"], ["plan", "latest"],
        ["plan", "record", "plan.json"], ["record", "run", "run.json"],
        ["variance", "--run", "1"], ["report", "generation", "--run", "1"]],
    "usage.yaml": [
        ["usage", "runs"], ["usage", "run", "1", "--json"], ["variance"],
        ["variance", "--check"], ["report", "generation"],
        ["record", "run", "run.json"],
        ["record", "run", "--once", "run.json"],
        ["report", "status", "status.json"]],
    "summary.yaml": [
        ["variance"], ["variance", "--json"], ["variance", "--check"],
        ["report", "generation"], ["report", "status", "status.json"]],
    "tasks.yaml": [
        ["plan", "tasks"], ["plan", "tasks", "--json"],
        ["plan", "task", "T-1", "--quest", "q"],
        ["plan", "task", "--from-file", "tasks.csv"],
        ["record", "task", "T-1", "done"],
        ["record", "task", "T-1", "done", "--tokens-in", "1"],
        ["usage"], ["usage", "events"]],
    "tiers.yaml": [
        ["plan", "tiers"], ["plan", "tier", "small", "--model", "n"],
        ["record", "event"], ["usage", "--by", "tier"]],
    "session.yaml": [
        ["record", "session", "show"], ["record", "session", "start"],
        ["record", "session", "end"], ["record", "event"],
        ["usage", "--session", "current"]],
}

# Those of them that change the file.
WRITERS = (["plan", "record"], ["plan", "task"], ["record", "task"],
           ["plan", "tier"], ["record", "session"])
# A run is recorded although one of these is damaged.
BESIDE = ("plans.yaml", "summary.yaml")


class Hostile:
    def __init__(self, meter, folder):
        self.meter, self.folder = meter, folder
        self.work = os.path.join(folder, "work")
        self.good = os.path.join(folder, "good")
        self.failures, self.count = [], 0
        self.slowest = (0, "")
        self.prepare()

    def run(self, arguments, user=None):
        start = time.monotonic()
        try:
            done = subprocess.run(
                [self.meter, *arguments], cwd=self.work, timeout=LIMIT * 2,
                stdin=subprocess.DEVNULL, capture_output=True, user=user,
                env={"PATH": "/usr/bin:/bin",
                     "METER_NOW": "2026-11-22T08:00:00Z"})
        except subprocess.TimeoutExpired as late:
            done = subprocess.CompletedProcess(
                arguments, -1, b"", b"too late: " + (late.stderr or b""))
        took = time.monotonic() - start
        return done, took

    def prepare(self):
        """A workspace with a plan and two runs, to be copied for each case."""
        os.mkdir(self.work)
        os.chmod(self.folder, 0o755)
        for name in ("plan.json", "run.json"):
            shutil.copy(os.path.join(DATA, name), self.work)
        self.put("status.json", b'{"state": "done"}\n')
        self.put("tasks.csv", b"id,quest\nT-2,q\n")
        for arguments in (["plan", "record", "plan.json"],
                          ["record", "run", "run.json"],
                          ["record", "run", "run.json"],
                          ["plan", "task", "T-1", "--repo", "r"],
                          ["plan", "tier", "small", "--model", "m"],
                          ["record", "session", "start"]):
            done, _ = self.run(arguments)
            if done.returncode != 0:
                sys.exit(f"{arguments}: {done.stderr!r}")
        os.rename(self.work, self.good)

    def fresh(self):
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.good, self.work)

    def put(self, name, data):
        with open(os.path.join(self.work, name), "wb") as file:
            file.write(data)

    def tree(self):
        """Every file's kind, mode and bytes."""
        found = {}
        for top, folders, files in os.walk(self.work):
            if ".cache" in folders:
                folders.remove(".cache")
            for name in files + folders:
                path = os.path.join(top, name)
                mode = os.lstat(path).st_mode
                data = b""
                if stat.S_ISREG(mode):
                    with open(path, "rb") as file:
                        data = file.read()
                found[os.path.relpath(path, self.work)] = mode, data
        found.pop("output/budget/.lock", None)
        return found

    def fail(self, name, reason):
        self.failures.append(f"{name}: {reason}")

    def check_message(self, name, message):
        if not message.startswith(b"meter: "):
            self.fail(name, f"says {message[:200]!r}")
        elif len(message) > LARGEST_MESSAGE:
            self.fail(name, f"says {len(message)} bytes")
        elif re.search(rb"[^\n -~]", message):
            self.fail(name, f"shows raw bytes: {message[:300]!r}")

    def check_place(self, name, message, file, place, path):
        if place is False:
            return
        found = MESSAGE.match(message)
        if not found:
            self.fail(name, f"names no place: {message[:200]!r}")
            return
        where, line, column, rest = found.groups()
        if not where.endswith(file.encode()):
            self.fail(name, f"names the file {where!r}")
        if place and place != (int(line), int(column)):
            self.fail(name, f"place {line.decode()}:{column.decode()}, "
                      f"not {place[0]}:{place[1]}: {message[:160]!r}")
        if path and not rest.startswith(path.encode() + b": "):
            self.fail(name, f"not at {path}: {message[:200]!r}")

    def refuse(self, name, arguments, statuses, file="", place=False, path="",
               user=None):
        """Run a command that must fail; return what it said."""
        self.count += 1
        before = self.tree()
        done, took = self.run(arguments, user)
        if name != LARGE_PLANS:
            self.slowest = max(self.slowest, (took, name))
        if done.returncode not in statuses:
            self.fail(name, f"status {done.returncode}, not "
                      f"{' or '.join(map(str, statuses))}: "
                      f"{done.stderr[:200]!r}")
            if done.returncode == 0:
                return
        self.check_message(name, done.stderr)
        self.check_place(name, done.stderr, file, place, path)
        if done.stdout:
            self.fail(name, f"prints {done.stdout[:100]!r}")
        if took > LIMIT:
            self.fail(name, f"takes {took:.1f} s")
        if self.tree() != before:
            after = self.tree()
            changed = [path for path in sorted(before.keys() | after.keys())
                       if before.get(path) != after.get(path)]
            self.fail(name, f"changes {', '.join(changed)}")

    def bad_inputs(self):
        self.fresh()
        for case in (*cases_fields.cases(), *cases_syntax.cases(),
                     *cases_files.input_cases()):
            self.put(case.file, case.data)
            before = len(self.failures)
            self.refuse(case.name, COMMANDS[case.command], [case.status],
                        case.file, case.place, case.path)
            os.unlink(os.path.join(self.work, case.file))
            if len(self.failures) > before:
                self.fresh()

    def cut_inputs(self):
        """No cut of a run is taken for a whole one."""
        with open(os.path.join(DATA, "run.json"), "rb") as file:
            data = file.read().rstrip()
        self.fresh()
        for end in range(len(data)):
            self.put("input", data[:end])
            self.refuse(f"a run cut at {end}", COMMANDS["run"], [65],
                        "input", None)

    def no_inputs(self):
        """What is no file to read, in the place of an input."""
        self.fresh()
        os.mkdir(os.path.join(self.work, "folder"))
        os.symlink("nowhere", os.path.join(self.work, "link"))
        os.symlink("loop", os.path.join(self.work, "loop"))
        names = ("folder", "missing", "no/such/folder", "link", "loop", "",
                 "x" * 5000, "run.json/x", "missing\n\x1b[2J\u202e")
        for name in names:
            for command in (["plan", "record"], ["record", "run"],
                            ["report", "status"]):
                self.refuse(f"{command[0]} {command[1]} {name[:20]!r}",
                            [*command, name], [66])
        self.refuse("endless zeros", ["plan", "record", "/dev/zero"], [65])
        self.refuse("standard input that is empty", ["record", "run"], [65],
                    "standard input", (1, 1))

    def as_nobody(self):
        """Root may read everything, so another user tries it."""
        self.fresh()
        user = NOBODY if os.geteuid() == 0 else None
        done = None
        try:
            done, _ = self.run(["--version"], user)
        except OSError:
            pass
        if not done or done.returncode != 0:
            return
        self.put("secret", b"{}")
        os.chmod(os.path.join(self.work, "secret"), 0)
        self.refuse("an unreadable input", ["record", "run", "secret"], [66],
                    user=user)
        for name, readers in READERS.items():
            self.fresh()
            os.chmod(os.path.join(self.work, "output/budget", name), 0)
            self.refuse("an unreadable " + name, readers[0], [66, 74],
                        user=user)

    def odd_files(self):
        """What is no file, in the place of a data file or a setting."""
        for name, readers in READERS.items():
            for kind in ("folder", "FIFO", "link", "device"):
                self.fresh()
                make_odd(os.path.join(self.work, "output/budget", name), kind)
                for command in readers:
                    self.refuse(f"{name} as {kind}: {' '.join(command)}",
                                command, [65])
        for name, command in (("model-rates.yaml", "rates"),
                              ("meter.yaml", "check")):
            for kind in ("folder", "FIFO"):
                self.fresh()
                make_odd(os.path.join(self.work, name), kind)
                self.refuse(f"{name} as {kind}", COMMANDS[command], [78])

    def damaged_files(self):
        for case in cases_files.stored_cases():
            self.fresh()
            path = os.path.join("output/budget", case.file)
            with open(os.path.join(self.work, path), "rb") as file:
                data = file.read()
            self.put(path, case.change(data))
            for command in READERS[case.file]:
                self.refuse(f"{case.name}: {' '.join(command)}", command,
                            [65], case.file, case.place, case.path)
            if case.file in BESIDE:
                self.record_beside(case)

    def record_beside(self, case):
        """A run is recorded beside a damaged file, which is told and stays."""
        self.count += 1
        path = "output/budget/" + case.file
        before = self.tree()[path]
        done, _ = self.run(["record", "run", "--snapshot", "none", "run.json"])
        if done.returncode != 0 or done.stdout != b"3\n":
            self.fail(case.name, f"recording gives {done.returncode}, "
                      f"{done.stdout!r}, {done.stderr[:200]!r}")
        self.check_message(case.name, done.stderr)
        if case.file.encode() not in done.stderr:
            self.fail(case.name, f"recording says {done.stderr[:200]!r}")
        if self.tree()[path] != before:
            self.fail(case.name, "recording changes the file")

    def newer_files(self):
        """A newer version is read with a warning, and never written."""
        for name, readers in READERS.items():
            self.fresh()
            path = os.path.join("output/budget", name)
            with open(os.path.join(self.work, path), "rb") as file:
                data = file.read()
            self.put(path, data.replace(b"schema_version: 1\n",
                                        b"schema_version: 2\n"))
            before = self.tree()
            for command in readers:
                self.count += 1
                done, _ = self.run(command)
                # Recording a run only reads the plans.
                writes = command[:2] in WRITERS and "show" not in command or (
                    command[0] == "record" and name == "usage.yaml")
                if done.returncode not in ([65] if writes else [0, 1]):
                    self.fail(f"{name} of version 2: {' '.join(command)}",
                              f"status {done.returncode}: "
                              f"{done.stderr[:200]!r}")
                if b"newer" not in done.stderr:
                    self.fail(f"{name} of version 2: {' '.join(command)}",
                              f"says {done.stderr[:200]!r}")
            if self.tree()["output/budget/" + name] != \
                    before["output/budget/" + name]:
                self.fail(f"{name} of version 2", "is changed")

    def large_plans(self):
        """A file that could not be read again is not written."""
        self.fresh()
        for number, statuses in enumerate(([0], [65])):
            text = '{"stage": "%d", "per_workflow": [{"workflow_id": "%s"}]}'
            self.put("input", (text % (number, "\U0001f600" * 3500000))
                     .encode())
            if statuses == [0]:
                self.run(["plan", "record", "input"])
                continue
            self.refuse(LARGE_PLANS, COMMANDS["plan"],
                        statuses)
        done, _ = self.run(["plan", "latest"])
        if done.returncode != 0:
            self.fail(LARGE_PLANS, repr(done.stderr[:200]))

    def accepted(self):
        for name, command, data, wanted in cases_accepted.CASES:
            self.fresh()
            self.count += 1
            self.put("input", data if isinstance(data, bytes)
                     else data.encode())
            done, took = self.run(COMMANDS[command])
            if done.returncode != 0:
                self.fail(name, f"status {done.returncode}: "
                          f"{done.stderr[:200]!r}")
                continue
            if took > LIMIT:
                self.fail(name, f"takes {took:.1f} s")
            if b"Sanitizer" in done.stderr:
                self.fail(name, repr(done.stderr[:300]))
            self.check_stored(name, command, wanted)

    def check_stored(self, name, command, wanted):
        show = ["usage", "run", "3", "--json"] if command == "run" else \
            ["plan", "show", "--json"]
        done, _ = self.run(show)
        if done.returncode != 0:
            self.fail(name, f"cannot be read: {done.stderr[:200]!r}")
            return
        stored = json.loads(done.stdout)
        for path, value in wanted.items():
            found = stored
            for step in path.split("."):
                found = found[int(step) if step.isdigit() else step]
            if isinstance(value, float):
                found = float(found)  # printed with all digits, no exponent
            if found != value:
                self.fail(name, f"{path} is {str(found)[:80]!r}, "
                          f"not {str(value)[:80]!r}")


def make_odd(path, kind):
    target = path + ".real"
    if os.path.exists(path):
        os.rename(path, target)
    if kind == "folder":
        os.mkdir(path)
    elif kind == "FIFO":
        os.mkfifo(path)
    elif kind == "link":
        os.symlink(target, path)
    else:
        os.symlink("/dev/null", path)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: inputs.py METER")
    folder = tempfile.mkdtemp(prefix="meter-hostile-")
    try:
        hostile = Hostile(os.path.abspath(sys.argv[1]), folder)
        for step in (hostile.bad_inputs, hostile.cut_inputs,
                     hostile.no_inputs, hostile.as_nobody, hostile.odd_files,
                     hostile.damaged_files, hostile.newer_files,
                     hostile.large_plans, hostile.accepted):
            step()
    finally:
        shutil.rmtree(folder)
    for failure in hostile.failures[:SHOWN]:
        print(failure)
    print(f"{hostile.count} inputs, {len(hostile.failures)} wrong; "
          f"the slowest refusal took {hostile.slowest[0]:.2f} s: "
          f"{hostile.slowest[1]}")
    sys.exit(1 if hostile.failures else 0)


if __name__ == "__main__":
    main()
