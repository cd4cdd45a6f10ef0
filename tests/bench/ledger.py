"""Questions to a large ledger, against reading its lines and against SQLite.

The floor is `wc -l` of the files that a question needs.  SQLite reads the same
CSV files, as a program without a database would have it, and adds up a
double where meter is exact."""

import glob
import os
import random
import shutil
from datetime import datetime, timedelta, timezone

import timing

EVENTS = 1_000_000
DAYS = 90
START = datetime(2026, 8, 20, tzinfo=timezone.utc)
COLUMNS = ("id at resource provider account model agent tier session run "
           "workflow stage task workstream quest repo commit release "
           "entity_type entity_id status attempt calls input_tokens "
           "output_tokens cache_read_tokens cache_write_tokens "
           "cache_write_1h_tokens reasoning_tokens count_status amount unit "
           "cost_usd cost_status source metadata").split()
MODELS = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "claude-haiku-4-5",
          "gemini-2.5-pro"]
TOTALS = ("SELECT {by}, count(*), sum(calls), sum(input_tokens), "
          "sum(output_tokens), sum(cache_read_tokens), sum(cost_usd) "
          "FROM events {where} GROUP BY {by};")


def row(rng, number, at):
    return (f"0193{number:08x}-7000-8000-{rng.getrandbits(48):012x},"
            f"{at:%Y-%m-%dT%H:%M:%S}.{rng.randrange(1, 10**6):06d}Z,llm,"
            f"anthropic,acct-1,{rng.choice(MODELS)},agent-{rng.randrange(10)},"
            f"tier-1,session-{rng.randrange(50)},,draft,write,"
            f"task-{rng.randrange(200)},ws-1,q-ri,repo-a,abcdef0,v1,analysis,"
            f"SDA-{rng.randrange(100)},ok,1,1,{rng.randrange(1, 5000)},"
            f"{rng.randrange(1, 2000)},{rng.randrange(1, 9000)},,,,reported,,,"
            f"0.0{rng.randrange(1, 9999):04d},estimated,record,{{}}\n")


def make_ledger(folder, count):
    """A workspace with that many events over 90 days."""
    events = os.path.join(folder, "output/budget/events")
    os.makedirs(events)
    rng = random.Random(1)
    for day in range(DAYS):
        start = START + timedelta(days=day)
        seconds = sorted(rng.randrange(86400) for _ in range(count // DAYS))
        with open(f"{events}/{start:%Y-%m-%d}.csv", "w") as out:
            out.write(",".join(COLUMNS) + "\n")
            out.writelines(row(rng, day * count + i,
                               start + timedelta(seconds=second))
                           for i, second in enumerate(seconds))
    return sorted(glob.glob(events + "/*.csv"))


def sqlite(files, by, where=""):
    """SQLite's answer from the files, or None where there is no sqlite3."""
    program = shutil.which("sqlite3")
    if not program:
        return None
    table = ", ".join(f'"{name}"' for name in COLUMNS)
    commands = [f"CREATE TABLE events ({table});", ".mode csv"]
    commands += [f".import --skip 1 {path} events" for path in files]
    script = os.path.join(os.path.dirname(files[0]), "..", "question.sql")
    with open(script, "w") as out:
        out.write("\n".join(commands) + "\n" +
                  TOTALS.format(by=by, where=where) + "\n")
    return [program, ":memory:", f".read {script}"]


def ask(meter, folder, name, arguments, files, other=None):
    """Time a question beside `wc -l` of the files, and another program."""
    question = [meter, "-C", folder, "usage"] + arguments
    floor, own = timing.in_turn([["/usr/bin/wc", "-l"] + files, question], 3)
    timing.show(f"wc -l of {len(files)} files", floor[0])
    timing.show(name, own[0], own[1])
    timing.ratio("against wc -l", own[0] / floor[0],
                 "goal 5, at most 8" if name == "usage --by model" else None)
    if other:
        timing.ratio("sqlite3 against that", timing.run(other) / own[0])


def main(meter, scratch, count=EVENTS):
    folder = os.path.join(scratch, "ledger")
    print(f"usage, {count} events over {DAYS} days")
    files = make_ledger(folder, count)
    ask(meter, folder, "usage --by model", ["--by", "model"], files,
        sqlite(files, "model"))
    ask(meter, folder, "usage --by day,task", ["--by", "day,task"], files,
        sqlite(files, "substr(at, 1, 10), task"))
    day = f"{START + timedelta(days=45):%Y-%m-%d}"
    until = f"{START + timedelta(days=46):%Y-%m-%d}"
    ask(meter, folder, "usage of one day",
        ["--by", "model", "--since", day, "--until", until],
        [path for path in files if day in path])
    ask(meter, folder, "usage summary task:task-7",
        ["summary", "task:task-7"], files)
    ask(meter, folder, "usage events", ["events"], files)
    shutil.rmtree(folder)
