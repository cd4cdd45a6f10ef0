#!/usr/bin/python3
# test: METER 150
# test: METER memory 20000
"""What `--follow` says, beside what the same question answers at that moment.

    follow.py METER [STEPS [SEED]]
    follow.py METER memory UPDATES

Several questions are followed while a random history goes on: events one by
one and in batches, runs, tasks that move, files that are edited, cut,
damaged, mended, moved away and back, changes that a killed writer left.
After each step every one of them must come to say the same as the plain
command, figure by figure, or the same error.

The memory of a panel that is shown another answer again and again stays the
same.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

SECONDS = 60
ENV = {"PATH": "/usr/bin:/bin", "METER_NOW": "2026-11-22T12:00:00Z",
       "ASAN_OPTIONS": "verify_asan_link_order=0"}
TASKS = [f"t-{i}" for i in range(6)]
QUESTIONS = [
    ("usage",),
    ("usage", "--by", "model", "--sort", "total_tokens"),
    ("usage", "--by", "task,quest"),
    ("usage", "--by", "tier"),
    ("usage", "--by", "day,model", "--since", "2026-11-21", "--top", "3"),
    ("usage", "--quest", "q-1", "--by", "run"),
    ("usage", "--skip-damaged", "--by", "model"),
    ("usage", "events", "--limit", "7"),
    ("usage", "events", "--task", "t-1", "--all"),
    ("usage", "summary", "quest:q-1"),
    ("usage", "summary", "entity:analysis:a-1", "--limit", "3"),
]


class World:
    """A workspace, in which meter is run."""

    def __init__(self, program, folder):
        self.program, self.folder = os.path.abspath(program), folder
        self.events = os.path.join(folder, "output/budget/events")
        self.count = 0
        self.left = 0  # changes that waited in .pending

    def run(self, *words, text="", check=True, **more):
        done = subprocess.run([self.program, *words], cwd=self.folder, env=ENV,
                              input=text.encode(), capture_output=True,
                              timeout=SECONDS, check=False, **more)
        if check and done.returncode != 0:
            sys.exit(f"{words}: {done.returncode}: {done.stderr.decode()}")
        return done

    def path(self, name):
        return os.path.join(self.folder, "output/budget", name)

    def write(self, name, text):
        """Replace a file as its writers do."""
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path("." + name + ".tmp"), "w") as out:
            out.write(text)
        os.rename(self.path("." + name + ".tmp"), self.path(name))

    def days(self):
        if not os.path.isdir(self.events):
            return []
        return sorted(os.path.join(self.events, name)
                      for name in os.listdir(self.events)
                      if name.endswith(".csv") and name[0] != ".")


class Follower:
    """A question that is followed, and the last line that it printed."""

    def __init__(self, world, question):
        self.question, self.line, self.said = question, "", ""

        self.process = subprocess.Popen(
            [world.program, *question, "--json", "--follow"],
            cwd=world.folder, env=ENV, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.threads = [threading.Thread(target=self.read, daemon=True),
                        threading.Thread(target=self.listen, daemon=True)]
        for thread in self.threads:
            thread.start()

    def read(self):
        for line in self.process.stdout:
            self.line = line

    def listen(self):
        for line in self.process.stderr:
            self.said = line

    def answer(self):
        return json.loads(self.line) if self.line else None

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(SECONDS)
        if status != -signal.SIGTERM:
            sys.exit(f"{self.question}: ended with {status}: {self.said}")


def event(world, rng):
    world.count += 1
    made = {"id": f"e-{world.count:05d}",
            "at": f"2026-11-{rng.randrange(19, 23)}T"
                  f"{rng.randrange(12):02d}:00:00Z",
            "input_tokens": rng.randrange(10000),
            "output_tokens": rng.randrange(1000),
            "cost_usd": f"0.{rng.randrange(10 ** 9):09d}"}
    for name, values in (("task", TASKS), ("tier", ["s", "l"]),
                         ("model", ["m-1", "m-2", "m,3", "=m()"]),
                         ("entity", ["analysis:a-1", "dataset:d"]),
                         ("quest", ["q-1", "q-2"])):
        if rng.random() < 0.6:
            made[name] = rng.choice(values)
    return made


def record_one(world, rng):
    world.run("record", "events", text=json.dumps(event(world, rng)))


def record_many(world, rng):
    lines = [json.dumps(event(world, rng))
             for _ in range(rng.randrange(2, 40))]
    world.run("record", "events", text="\n".join(lines))


def record_run(world, rng):
    stages = [{"stage_id": f"s-{i}", "provider": "p", "metadata": {
        "model": rng.choice(["m-1", "m-2"]),
        "usage": {"prompt_tokens": rng.randrange(1000),
                  "completion_tokens": 7, "cost": 0.5}}} for i in range(2)]
    world.run("record", "run", "--task", rng.choice(TASKS),
              text=json.dumps([{"workflow_id": "w", "stages": stages}]))


def move_tasks(world, rng):
    tasks = {task: {"workstream": "w", "quest": f"q-{rng.randrange(3)}",
                    "status": rng.choice(["todo", "done"])}
             for task in TASKS if rng.random() < 0.7}
    world.write("tasks.yaml",
                json.dumps({"schema_version": 1, "tasks": tasks}))


def end_task(world, rng):
    """Another status, and nothing else."""
    try:
        with open(world.path("tasks.yaml")) as file:
            document = json.load(file)
    except FileNotFoundError:
        return
    for task in document["tasks"].values():
        task["status"] = f"s-{rng.randrange(100)}"
    world.write("tasks.yaml", json.dumps(document))


def start_session(world, rng):
    world.write("session.yaml", json.dumps(
        {"schema_version": 1, "id": f"s-{rng.randrange(9)}",
         "started_at": "2026-11-22T00:00:00Z", "ended_at": None}))


def edit_in_place(world, rng):
    """Change a figure of a row, to one of as many digits."""
    if not world.days():
        return
    path = rng.choice(world.days())
    with open(path, "r+b") as file:
        lines = file.read().split(b"\n")
        if len(lines) < 3:
            return
        place = rng.randrange(1, len(lines) - 1)
        cells = lines[place].split(b",")
        cells[23:24] = [bytes(49 + rng.randrange(9) for _ in cells[23])]
        line = b",".join(cells)
        if len(line) == len(lines[place]):
            file.seek(sum(len(line) + 1 for line in lines[:place]))
            file.write(line)


def edit_as_a_whole(world, rng):
    """Take a row out, or write the rows in another order."""
    if not world.days():
        return
    path = rng.choice(world.days())
    with open(path) as file:
        head, *rows = file.read().splitlines(True)
    rows = [row for row in rows if row.endswith("\n")]
    if rng.random() < 0.5 and rows:
        rows.pop(rng.randrange(len(rows)))
    else:
        rng.shuffle(rows)
    if rng.random() < 0.5:
        with open(path + ".new", "w") as out:
            out.writelines([head, *rows])
        os.rename(path + ".new", path)
    else:
        with open(path, "w") as out:
            out.writelines([head, *rows])


def cut(world, rng):
    """Leave half a row at the end; the next writer sets it aside."""
    if world.days():
        path = rng.choice(world.days())
        os.truncate(path, max(os.path.getsize(path) - rng.randrange(1, 99),
                              400))


def move_away_and_back(world, rng):
    away = os.path.join(world.folder, "away")
    place = rng.choice([*world.days(), world.events,
                        os.path.join(world.folder, "output")])
    if os.path.exists(place):
        os.rename(place, away)
        yield
        os.rename(away, place)


def damage_and_mend(world, rng):
    if world.days():
        path = rng.choice(world.days())
        size = os.path.getsize(path)
        with open(path, "a") as out:
            out.write("this is no row\n")
        yield
        os.truncate(path, size)


def leave_pending(world, rng):
    """A batch whose writer is killed once it was committed: when nothing of
    it was carried out, when some was, when all was."""
    lines = [json.dumps(event(world, rng)) for _ in range(5)]
    call, when = rng.choice([("fsync", 2), ("fdatasync", 1), ("fdatasync", 2),
                             ("unlinkat", 2)])
    subprocess.run(
        ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
         "-e", f"inject={call}:signal=KILL:when={when}", world.program,
         "record", "events"], input="\n".join(lines).encode(),
        cwd=world.folder, env=ENV, capture_output=True, timeout=SECONDS,
        check=False)
    if os.path.exists(world.path(".pending")):
        yield
        world.left += 1
    record_one(world, rng)


STEPS = [record_one] * 6 + [
    record_many, record_many, record_run, record_run, move_tasks, end_task,
    end_task, start_session, edit_in_place, edit_in_place, edit_as_a_whole,
    cut, move_away_and_back, damage_and_mend, leave_pending]


def compare(world, followers, what):
    """Wait until all say what the plain commands say."""
    end = time.monotonic() + SECONDS
    for follower in followers:
        plain = world.run(*follower.question, "--json", check=False)
        if plain.returncode == 0:
            wanted = json.loads(plain.stdout)
            is_same = lambda: follower.answer() == wanted
        else:
            # What stands on the last line is what was wrong.
            wanted = plain.stderr.decode().splitlines()[-1]
            is_same = lambda: follower.said.rstrip() == wanted
        while not is_same():
            if time.monotonic() > end:
                sys.exit(f"{what}: {follower.question}:\nwanted {wanted}\n"
                         f"got    {follower.line}{follower.said}")
            time.sleep(0.002)


def history(world, followers, rng, steps):
    for number in range(steps):
        names = []
        for _ in range(rng.choice([1, 1, 2, 4])):
            step = rng.choice(STEPS)
            names.append(step.__name__)
            for _ in step(world, rng) or ():
                compare(world, followers, f"in {number}: {names}")
        compare(world, followers, f"after {number}: {names}")


def histories(program, steps, seed):
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        world = World(program, folder)
        followers = [Follower(world, question) for question in QUESTIONS]
        try:
            history(world, followers, rng, steps)
        finally:
            for follower in followers:
                follower.end()
    print(f"{steps} steps, {world.left} changes left pending, "
          f"{len(QUESTIONS)} questions: always the same")


def memory_of(process):
    with open(f"/proc/{process.pid}/status") as file:
        return sum(int(line.split()[1]) for line in file
                   if line.startswith(("RssAnon", "VmData")))


def memory(program, updates):
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        world = World(program, folder)
        record_many(world, rng)
        path = world.days()[-1]
        with open(path) as file:
            row = file.read().splitlines()[-1]
        process = subprocess.Popen(
            [world.program, "usage", "--by", "model,tier", "--follow",
             "--json"], cwd=folder, env=ENV, stdout=subprocess.PIPE)
        process.stdout.readline()
        # By then the day is larger than what is read of it to tell an edit.
        early = updates // 2
        with open(path, "a", buffering=1) as out:
            for number in range(updates):
                if number == early:
                    before = memory_of(process)
                out.write(row.replace("e-", f"x-{number}-", 1) + "\n")
                process.stdout.readline()
        grown = memory_of(process) - before
        process.terminate()
        process.wait(SECONDS)
    print(f"{updates} updates: {grown} KiB more than after {early}")
    if grown > 64 and not os.environ.get("METER_TEST_QUICK"):
        sys.exit("the memory grows")


def main():
    program, *rest = sys.argv[1:]
    if rest[:1] == ["memory"]:
        memory(program, int(rest[1]))
    else:
        steps, seed = [int(word) for word in rest + ["150", "1"][len(rest):]]
        histories(program, steps, seed)


main()
