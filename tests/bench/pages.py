"""`report pages` on a large ledger: all pages, then those that one more event
changes, against what looking at that event's day costs."""

import os
import random
import shutil
from datetime import timedelta

import ledger
import timing

EVENTS = 1_000_000
NAMES = 100_000
LAST = ledger.START + timedelta(days=ledger.DAYS - 1)


def make_ledger(folder, count):
    """Events of so many tasks, each about as many entities."""
    plain, rng = ledger.row, random.Random(2)

    def row(*arguments):
        cells = plain(*arguments).split(",")
        cells[12] = f"task-{rng.randrange(NAMES)}"
        cells[19] = f"SDA-{rng.randrange(NAMES)}"
        return ",".join(cells)

    ledger.row = row
    try:
        return ledger.make_ledger(folder, count)
    finally:
        ledger.row = plain


def files(folder):
    return sum(len(names) for _, _, names in os.walk(folder))


def size(folder, start):
    return sum(entry.stat().st_size for entry in os.scandir(folder)
               if entry.name.startswith(start))


def replaced(folder, since):
    """How many pages are newer than a file."""
    moment = os.stat(since).st_mtime_ns
    return sum(os.stat(os.path.join(path, name)).st_mtime_ns > moment
               for path, _, names in os.walk(folder) for name in names)


def main(meter, scratch, count=EVENTS):
    folder = os.path.join(scratch, "pages")
    print(f"report pages, {count} events of {NAMES} tasks and entities over "
          f"{ledger.DAYS} days")
    days = make_ledger(folder, count)
    env = {"PATH": "/usr/bin:/bin",
           "METER_NOW": f"{LAST:%Y-%m-%d}T23:00:00Z"}
    pages = [meter, "-C", folder, "report", "pages"]
    event = [meter, "-C", folder, "record", "event", "--task", "task-7",
             "--quest", "q-ri", "--entity", "analysis:SDA-7",
             "--model", "gpt-4o", "--input-tokens", "5"]
    look = [meter, "-C", folder, "usage", "--by", "task", "--since",
            f"{LAST:%Y-%m-%d}"]
    target = os.path.join(folder, "reports/pages")
    timing.show("the first time", timing.run(pages, env))
    print("  %d pages, %.0f MiB in .cache beside a ledger of %.0f MiB" % (
        files(target) - 1, size(folder + "/output/budget/.cache", "pages")
        / 2**20, size(os.path.dirname(days[0]), "") / 2**20))
    one, nothing, looks = [], [], []
    for _ in range(5):
        timing.run(event, env)
        one.append(timing.run(pages, env))
        changed = replaced(target, days[-1])
        timing.run(pages, env)
        nothing.append(timing.run(pages, env))
        looks.append(timing.run(look, env))
    timing.show(f"after one event, {changed} files replaced", sorted(one)[2])
    timing.show("after nothing", sorted(nothing)[2])
    timing.ratio("one event against usage of its day",
                 sorted(one)[2] / sorted(looks)[2])
    shutil.rmtree(folder)
