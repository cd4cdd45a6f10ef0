"""Recording the end of a task, where many tasks are registered; and how much a
session takes.

The floor is what any program must do that replaces such a file: read it, write
it anew, and wait for the disk."""

import os
import shutil

import timing

FLOOR = """import os, sys
for name in sys.argv[1:]:
    data = open(name, "rb").read()
    with open(name + ".tmp", "wb") as out:
        out.write(data)
        os.fsync(out.fileno())
    os.rename(name + ".tmp", name)
"""


def register(meter, folder, count):
    os.makedirs(folder)
    path = os.path.join(folder, "tasks.csv")
    with open(path, "w") as out:
        out.write("id,workstream,quest,repo\n")
        out.writelines(f"task-{i},ws-{i % 7},q-{i % 100},repo-{i % 5}\n"
                       for i in range(count))
    wall = timing.run([meter, "-C", folder, "plan", "task", "--from-file",
                       path])
    timing.show(f"plan task --from-file, {count} tasks", wall)


def record(meter, folder, count):
    task = [meter, "-C", folder, "record", "task", f"task-{count // 2}"]
    tasks = os.path.join(folder, "output/budget/tasks.yaml")
    python = ["/usr/bin/python3", "-c"]
    idle, floor, ended, status = timing.in_turn(
        [python + ["import os, sys"], python + [FLOOR, tasks],
         task + ["done", "--tokens-in", "900", "--tokens-out", "200"],
         task + ["blocked"]], 10)
    timing.show("reading and replacing tasks.yaml", floor[0] - idle[0])
    timing.show("record task, with tokens", *ended)
    timing.show("record task, the status alone", *status)
    asked = timing.in_turn([[meter, "-C", folder, "usage", "--by", "quest"]],
                           10)[0]
    timing.show("usage --by quest", *asked)


def session(meter, folder):
    start = [meter, "-C", folder, "record", "session", "start"]
    event = [meter, "-C", folder, "record", "event", "--tier", "small"]
    begin, plain = timing.in_turn([start, event], 10)
    timing.show("record session start", *begin)
    timing.show("record event in a session, of a tier", *plain)
    path = os.path.join(folder, "output/budget/session.yaml")
    print("  %-46s %10d bytes  (%s)" % (
        "state of a session", os.path.getsize(path), "goal: below 1 KB"))


def main(meter, scratch):
    for count in (100, 10_000, 100_000):
        folder = os.path.join(scratch, f"tasks-{count}")
        print(f"record task, {count} tasks registered")
        register(meter, folder, count)
        record(meter, folder, count)
        if count == 100:
            timing.run([meter, "-C", folder, "plan", "tier", "small",
                        "--model", "gpt-4o-mini"])
            session(meter, folder)
        shutil.rmtree(folder)
