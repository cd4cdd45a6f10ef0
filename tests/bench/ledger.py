"""A large ledger: questions to it and recording into it, against reading its
lines (`wc -l`, the floor), Miller and SQLite doing the same in the same run.

SQLite reads the same CSV files, as a program without a database would have it;
both it and Miller add up doubles where meter is exact.  A question is asked
without a cache that could be written, with one that was just deleted (and is
made on the way), and with one."""

import glob
import json
import os
import random
import shutil
import statistics
import time
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
DIMENSIONS = ("run workflow stage provider account model agent tier session "
              "task workstream quest repo commit release entity resource "
              "status entity-type day week month hour").split()
SUMS = ["calls", "input_tokens", "output_tokens", "cache_read_tokens",
        "cost_usd"]
MEMORY = 64 * 1024
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


def sqlite(files, by, where="", database=":memory:"):
    """SQLite's answer from the files, or None where there is no sqlite3."""
    program = shutil.which("sqlite3")
    if not program:
        return None
    table = ", ".join(f'"{name}"' for name in COLUMNS)
    commands = [f"CREATE TABLE events ({table});", ".mode csv"]
    commands += [f".import --skip 1 {path} events" for path in files]
    folder = os.path.join(os.path.dirname(files[0]), "..")
    script = os.path.join(folder, f"question-{abs(hash((by, where)))}.sql")
    with open(script, "w") as out:
        out.write("\n".join(commands) + "\n" +
                  TOTALS.format(by=by, where=where) + "\n")
    return [program, database, f".read {script}"]


def miller(files, by, first=()):
    """Miller's answer, or None where there is no mlr."""
    program = shutil.which("mlr")
    if not program:
        return None
    return [program, "--icsv", "--ojson", *first, "stats1", "-a", "sum,count",
            "-f", ",".join(SUMS), "-g", by, *files]


def against(name, other, own):
    if other:
        timing.ratio(name + " against meter", timing.run(other) / own,
                     "at least 10" if name == "Miller" else None)


class Cache:
    """What becomes of .cache/ before a question."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "output/budget/.cache")

    def clear(self):
        if os.path.isdir(self.path):
            shutil.rmtree(self.path)
        elif os.path.exists(self.path):
            os.remove(self.path)

    def forbid(self):
        self.clear()
        with open(self.path, "w"):
            pass


def first_time(cache, question, rounds=3):
    seconds = []
    for _ in range(rounds):
        cache.clear()
        seconds.append(timing.run(question))
    return statistics.median(seconds)


def ask(cache, question, name, files, others=(), target=None):
    """Time a question beside `wc -l` of the files, and other programs."""
    count = ["/usr/bin/wc", "-l"] + files
    cache.forbid()
    floor, own = timing.in_turn([count, question], 5)
    timing.show(f"wc -l of {len(files)} files", floor[0])
    timing.show(name + ", no cache", *own)
    timing.ratio("against wc -l", own[0] / floor[0], target)
    first = first_time(cache, question)
    timing.show(name + ", making the cache", first)
    timing.ratio("against wc -l", first / floor[0])
    kept = timing.in_turn([question], 5)[0]
    timing.show(name + ", with it", *kept)
    for other_name, other in others:
        against(other_name, other, own[0])
    check_memory(name, max(own[1], kept[1]))


def check_memory(name, peak):
    if peak >= MEMORY:
        print(f"  {name}: peak memory is above 64 MiB")


def totals(meter, folder):
    """Every total by one dimension, and by day and one more."""
    slowest = {"": (0, ""), "day,": (0, "")}
    for before in slowest:
        for name in DIMENSIONS:
            if before and name == "day":
                continue
            question = [meter, "-C", folder, "usage", "--by", before + name]
            seconds = timing.in_turn([question], 3)[0][0]
            slowest[before] = max(slowest[before], (seconds, before + name))
    for before, (seconds, by) in slowest.items():
        timing.show(f"the slowest by {before}DIM, --by {by}", seconds)
        timing.ratio("of 20 ms", seconds / 0.020, "at most 1")


def questions(meter, folder, files):
    cache = Cache(folder)

    def usage(*arguments):
        return [meter, "-C", folder, "usage", *arguments]

    timing.run(usage())
    ask(cache, usage("--by", "model"), "usage --by model", files,
        [("Miller", miller(files, "model")),
         ("sqlite3", sqlite(files, "model"))], "goal 5, at most 8")
    ask(cache, usage("--by", "day,task"), "usage --by day,task", files,
        [("Miller", miller(files, "day,task", [
            "put", "$day = substr($at, 0, 9)", "then"])),
         ("sqlite3", sqlite(files, "substr(at, 1, 10), task"))])
    day = f"{START + timedelta(days=45):%Y-%m-%d}"
    until = f"{START + timedelta(days=46):%Y-%m-%d}"
    one = [path for path in files if day in path]
    ask(cache, usage("--by", "model", "--since", day, "--until", until),
        "usage of one day", one,
        [("Miller", miller(one, "model")), ("sqlite3", sqlite(one, "model"))])
    ask(cache, usage("summary", "task:task-7"), "usage summary task:task-7",
        files,
        [("Miller", miller(files, "model,agent,resource", [
            "filter", '$task == "task-7"', "then"])),
         ("sqlite3", sqlite(files, "model, agent, resource",
                            "WHERE task = 'task-7'"))])
    ask(cache, usage("events"), "usage events", files[-1:])
    totals(meter, folder)


def sync_time(folder, rounds=41):
    """The median of what a write of a row and its sync take."""
    path = os.path.join(folder, "synced")
    seconds = []
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for _ in range(rounds):
        start = time.perf_counter()
        os.write(descriptor, b"x" * 240)
        os.fsync(descriptor)
        seconds.append(time.perf_counter() - start)
    os.close(descriptor)
    return statistics.median(seconds)


def one_event(meter, folder, number):
    """`record event` beside `true` and one fsync."""
    base = [meter, "-C", folder, "record", "event", "--model", "gpt-4o",
            "--input-tokens", "5"]
    known = base + ["--id", f"0193{7:08x}-known"]
    timing.run(known)
    rounds = []
    for i in range(31):
        rounds.append((timing.run(["/usr/bin/true"]), sync_time(folder, 3),
                       timing.run(base),
                       timing.run(base + ["--id", f"new-{number}-{i}"]),
                       timing.run(known)))
    true, sync, plain, given, again = map(statistics.median, zip(*rounds))
    timing.show("true", true)
    timing.show("one fsync", sync)
    timing.show("record event", plain, timing.peak(base))
    timing.ratio("against true and fsync", plain / (true + sync),
                 "at most 2")
    timing.show("record event --id, a new one", given)
    timing.ratio("against true and fsync", given / (true + sync),
                 "at most 2")
    timing.show("record event --id, a known one", again)


def batch_file(folder, count):
    """So many events as JSON, one a line."""
    path = os.path.join(folder, f"batch-{count}.json")
    rng = random.Random(2)
    with open(path, "w") as out:
        for i in range(count):
            at = START + timedelta(days=i % DAYS, seconds=rng.randrange(86400))
            cells = row(rng, i, at).rstrip("\n").split(",")
            record = {name: cell for name, cell in zip(COLUMNS, cells)
                      if cell and name != "metadata"}
            out.write(json.dumps(record) + "\n")
    return path


def batches(meter, scratch, count):
    """`record events`, beside reading the lines, Miller and SQLite."""
    folder = os.path.join(scratch, f"recorded-{count}")
    os.makedirs(folder)
    path = batch_file(scratch, count)
    record = [meter, "-C", folder, "record", "events", path]
    floor = timing.in_turn([["/usr/bin/wc", "-l", path]], 3)[0][0]
    timing.show(f"wc -l of {count:,} events", floor)
    start = time.perf_counter()
    peak = timing.peak(record)
    seconds = time.perf_counter() - start
    timing.show(f"record events of {count:,}", seconds, peak)
    timing.ratio("against wc -l", seconds / floor)
    again = timing.run(record)
    timing.show("the same again, all known", again)
    check_memory("record events", max(peak, timing.peak(record)))
    if shutil.which("mlr"):
        convert = ["/bin/sh", "-c", f"mlr --ijsonl --ocsv cat {path} "
                   f">{scratch}/converted.csv && sync {scratch}/converted.csv"]
        timing.ratio("Miller, JSON to CSV, against meter",
                     timing.run(convert) / seconds)
    files = sorted(glob.glob(folder + "/output/budget/events/*.csv"))
    store = sqlite(files, "model", database=f"{scratch}/events-{count}.db")
    if store:
        timing.ratio("sqlite3, CSV to a database, against meter",
                     timing.run(store) / seconds)
    shutil.rmtree(folder)


def main(meter, scratch, count=EVENTS):
    folder = os.path.join(scratch, "ledger")
    print(f"usage, {count:,} events over {DAYS} days")
    files = make_ledger(folder, count)
    questions(meter, folder, files)
    print(f"recording, beside {count:,} events")
    one_event(meter, folder, 1)
    few = os.path.join(scratch, "few")
    os.makedirs(few)
    print("recording, beside few events")
    one_event(meter, few, 2)
    print("recording many")
    for size in (count // 10, count):
        batches(meter, scratch, size)
    shutil.rmtree(folder)
