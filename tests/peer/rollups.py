#!/usr/bin/python3
# test: METER
"""Questions answered from rollups, whatever happens to them.

    rollups.py METER [TURNS [EVENTS [SEED]]]

In each turn something happens to the cache, the ledger or the tasks: files of
the cache are damaged, cut, exchanged, taken back from an older state or made
something else; the folder is no folder, or cannot be written; partitions are
moved away and back, changed in place to the same size and time, or grow;
tasks are registered and moved.  Then random questions are put to meter, most
of them such as a rollup can answer, and worked out here from the files
themselves.  No figure may differ, and nothing outside the cache may change.
"""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

import questions
from questions import DIMENSIONS, NAMES, NOW, QUICK, ZONES

TIMES = ["day", "week", "month"]
FEW = ["resource", "provider", "account", "model", "tier", "status"]
NOBODY = 65534


class Reader(questions.Meter):
    """The program, at times as somebody who may not write."""

    may_write = True

    def run(self, *arguments, text="", at=NOW):
        if self.may_write or arguments[0] != "usage":
            return super().run(*arguments, text=text, at=at)
        command = [self.program, "-C", self.folder, *arguments]
        if os.geteuid() == 0:
            command = ["/usr/bin/setpriv", f"--reuid={NOBODY}",
                       "--clear-groups", *command]
        done = subprocess.run(command, capture_output=True, check=False,
                              env={"METER_NOW": at.isoformat()})
        if done.returncode != 0:
            sys.exit(f"{arguments}: exit {done.returncode}: "
                     f"{done.stderr.decode()}")
        return done.stdout.decode()


class World:
    """A workspace, and what may happen in it."""

    def __init__(self, meter, rng):
        self.meter, self.rng = meter, rng
        self.budget = Path(meter.folder, "output/budget")
        self.cache = self.budget / ".cache"
        self.aside = Path(meter.folder, "aside")
        self.tasks = {}
        self.number = 0
        self.undo = []

    def rollups(self):
        if not self.cache.is_dir():
            return []
        return sorted(self.cache.glob("rollup-*"))

    def files(self):
        """The rollups that are files of the cache's own."""
        return [path for path in self.rollups() if path.is_file() and
                not path.is_symlink() and path.stat().st_nlink == 1]

    def rollup(self):
        """Any of them, or None."""
        files = self.files()
        return self.rng.choice(files) if files else None

    def partition(self):
        return self.rng.choice(sorted(self.budget.glob("events/*.csv")))

    # What may happen to the cache.

    def nothing(self):
        pass

    def remove_all(self):
        clear(self.cache)

    def remove(self):
        for path in self.rollups():
            if self.rng.random() < 0.3:
                clear(path)

    def cut(self):
        path = self.rollup()
        if path:
            os.truncate(path, self.rng.randrange(path.stat().st_size + 1))

    def lengthen(self):
        path = self.rollup()
        if path:
            with open(path, "ab") as out:
                out.write(self.rng.randbytes(self.rng.randrange(1, 99)))

    def damage(self):
        """A byte in each of the rollups."""
        for path in self.files():
            data = bytearray(path.read_bytes())
            if data:
                data[self.rng.randrange(len(data))] ^= \
                    1 << self.rng.randrange(8)
                path.write_bytes(data)

    def fill_with_noise(self):
        path = self.rollup()
        if path:
            path.write_bytes(self.rng.randbytes(path.stat().st_size))

    def exchange(self):
        one, other = self.rollup(), self.rollup()
        if one and one != other:
            data = one.read_bytes()
            one.write_bytes(other.read_bytes())
            other.write_bytes(data)

    def keep_copy(self):
        clear(self.aside)
        self.aside.mkdir()
        for path in self.files():
            shutil.copy2(path, self.aside)

    def bring_back_copy(self):
        if self.aside.is_dir() and self.rollups():
            for path in self.aside.iterdir():
                shutil.copy2(path, self.cache)

    def make_something_else(self):
        """A link, a link to a partition, a folder, a pipe."""
        path = self.rollup()
        if not path:
            return
        path.unlink()
        target = self.partition()
        self.rng.choice([lambda: path.symlink_to(target),
                         lambda: os.link(target, path),
                         path.mkdir, lambda: os.mkfifo(path)])()
        self.undo.append(lambda: clear(path))

    def cache_is_file(self):
        clear(self.cache)
        self.cache.write_text("no folder")
        self.undo.append(lambda: clear(self.cache))

    def cache_is_link(self):
        elsewhere = Path(self.meter.folder, "elsewhere")
        clear(elsewhere)
        elsewhere.mkdir()
        clear(self.cache)
        self.cache.symlink_to(elsewhere)

        def check():
            if list(elsewhere.glob("rollup-*")):
                sys.exit("it wrote through a link")
            clear(self.cache)
        self.undo.append(check)

    def cannot_write(self):
        self.remove()
        for path in self.files():
            path.chmod(0o444)
        folders = [path for path in (self.cache, self.budget)
                   if path.is_dir() and not path.is_symlink()]
        for path in folders:
            path.chmod(0o555)
        self.meter.may_write = False

        def restore():
            self.meter.may_write = True
            for path in folders:
                path.chmod(0o755)
            for path in self.files():
                path.chmod(0o644)
        self.undo.append(restore)

    # What may happen to the ledger.

    def record(self):
        self.number += 1
        self.meter.run("record", "events", text=questions.json.dumps(
            questions.event(self.rng, 10 ** 6 + self.number)))

    def move_away(self):
        path = self.partition()
        away = Path(self.meter.folder, path.name)
        os.rename(path, away)
        self.undo.append(lambda: os.rename(away, path))

    def change_in_place(self):
        """Other figures in as many bytes, and the times as they were."""
        path = self.partition()
        before = path.stat()
        data = path.read_bytes()
        with open(path, "r+b") as out:
            out.write(shift_digits(data, data.index(b"\n") + 1))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def replace(self):
        """Another file of the same bytes and time."""
        path = self.partition()
        copy = path.with_name("copy")
        shutil.copy2(path, copy)
        os.rename(copy, path)

    def skip_rows(self):
        """A file with fewer rows, and the time as it was."""
        path = self.partition()
        before = path.stat()
        lines = path.read_bytes().splitlines(keepends=True)
        if len(lines) > 2:
            path.write_bytes(b"".join(lines[:-1]))
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def register(self):
        """Tasks are registered or moved."""
        for name in self.rng.sample(NAMES["task"], 3):
            self.tasks[name] = {
                key: questions.some(self.rng, NAMES[key])
                for key in ("workstream", "quest", "repo")}
        (self.budget / "tasks.yaml").write_text(yaml.safe_dump(
            {"schema_version": 1, "tasks": self.tasks}, allow_unicode=True))

    def happen(self):
        for undo in reversed(self.undo):
            undo()
        self.undo = []
        ways = [self.nothing] * 4 + [
            self.remove_all, self.remove, self.cut, self.lengthen,
            self.damage, self.damage, self.fill_with_noise, self.exchange,
            self.keep_copy, self.bring_back_copy, self.bring_back_copy,
            self.make_something_else, self.make_something_else,
            self.cache_is_file, self.cache_is_link,
            self.cannot_write, self.record, self.record, self.move_away,
            self.change_in_place, self.replace, self.skip_rows,
            self.register, self.register]
        way = self.rng.choice(ways)
        way()
        return way.__name__

    def records(self):
        records = questions.read_records(self.meter.folder)
        for record in records:
            for key, value in self.tasks.get(record["task"], {}).items():
                record[key] = record[key] or value
        return records

    def state(self):
        """What may not change by asking."""
        return {str(path): hashlib.sha256(path.read_bytes()).digest()
                for path in sorted(self.budget.rglob("*"))
                if path.is_file() and self.cache not in path.parents and
                path != self.cache}


def shift_digits(data, row):
    """A token count of the first row, in other digits: of the prompt, since
    of the output some may be reasoning."""
    end = data.index(b"\n", row)
    if b'"' in data[row:end]:
        return data  # its commas are no cells' ends
    cells = data[row:end].split(b",")
    names = data[:row].rstrip(b"\n").split(b",")
    for i, cell in enumerate(cells):
        if (cell.isdigit() and len(cell) > 2 and i < len(names) and
                names[i].endswith(b"_tokens") and
                names[i] not in (b"output_tokens", b"reasoning_tokens")):
            cells[i] = cell[:-1] + (b"0" if cell[-1:] != b"0" else b"1")
            break
    return data[:row] + b",".join(cells) + data[end:]


def clear(path):
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path)


def ask(meter, rng, records):
    """A question that a rollup can answer, or any other."""
    way = rng.random()
    if way < 0.5:
        one = rng.choice(DIMENSIONS + ["entity", "tier"])
        dimensions = TIMES + [one] if one not in TIMES else TIMES + ["hour"]
        questions.ask_totals(meter, rng, records, dimensions, [None])
    elif way < 0.65:
        questions.ask_totals(meter, rng, records, FEW + TIMES, [None])
    elif way < 0.8:
        questions.ask_totals(meter, rng, records, DIMENSIONS, ZONES)
    elif way < 0.9:
        questions.ask_summary(meter, rng, records)
    else:
        questions.ask_events(meter, rng, records)


def main():
    numbers = list(map(int, sys.argv[2:]))
    turns = numbers[0] if numbers else 30 if QUICK else 250
    events = numbers[1] if len(numbers) > 1 else 300 if QUICK else 1500
    rng = random.Random(numbers[2] if len(numbers) > 2 else 5)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        world = World(Reader(sys.argv[1], folder), rng)
        questions.fill(world.meter, rng, events)
        seen = 0
        for turn in range(turns):
            what = world.happen()
            records, before = world.records(), world.state()
            try:
                for _ in range(4):
                    ask(world.meter, rng, records)
            except SystemExit as wrong:
                sys.exit(f"turn {turn}, after {what}: {wrong}")
            if world.state() != before:
                sys.exit(f"turn {turn}, after {what}: asking changed files")
            seen += len(world.rollups())
        world.happen()
    if seen < turns:
        sys.exit("there were hardly any rollups")
    print(f"{4 * turns} questions in {turns} turns: same answers")


if __name__ == "__main__":
    main()
