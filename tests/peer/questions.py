#!/usr/bin/python3
# test: METER
"""Random questions, answered by meter and by this script.

    questions.py METER [QUESTIONS [EVENTS [SEED]]]

A workspace is filled with random events, by many writers at once, and with
runs that have dimensions; halfway all events are recorded again.  Each
question is put to meter and worked out here from the files
themselves, which are read by Python's csv and PyYAML: every count and every
amount of money must be equal to the last digit, every ratio to the last place
that is shown.
"""

import csv
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

getcontext().prec = 60
QUICK = bool(os.environ.get("METER_TEST_QUICK"))
NOW = datetime(2026, 11, 22, 8, 30, tzinfo=timezone.utc)
DAYS = 40
WRITERS = 64
STORED = ("resource provider account model agent tier session run workflow "
          "stage task workstream quest repo commit release entity_type "
          "entity_id status").split()
DIMENSIONS = STORED[:16] + ["entity", "entity_type", "resource", "status",
                            "day", "week", "month", "hour"]
DIMENSIONS = list(dict.fromkeys(DIMENSIONS))
TOKENS = ("input_tokens output_tokens cache_read_tokens cache_write_tokens "
          "cache_write_1h_tokens reasoning_tokens").split()
CONTEXT = ("account agent tier session task workstream quest repo commit "
           "release entity").split()
ODD = ["=cmd()", 'say "hi"', "a,b", "Größe", "naïve — x", "<b>x</b>",
       "\u202egnp", "x" * 250, "'", "-1", "a  b", "日本", "@SUM(1)"]
ZONES = [None, "UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata",
         "Pacific/Apia", "+05:30", "-03:00"]
KEYS = ("records calls input_tokens cache_read_tokens cache_write_tokens "
        "cache_write_1h_tokens output_tokens reasoning_tokens prompt_tokens "
        "total_tokens estimated_tokens cost_usd cost_usd_known "
        "cost_usd_estimated unpriced_calls errors retries rate_limited quota "
        "amounts failure_rate cache_hit_rate output_per_input tokens_per_call "
        "cost_per_call cost_per_1k_output").split()


def some(rng, names, missing=0.3):
    """One of the names, or none."""
    return None if rng.random() < missing else rng.choice(names)


NAMES = {name: [f"{name}-{i}" for i in range(6)] + ODD[i % 5::5]
         for i, name in enumerate(STORED)}
NAMES["resource"] = ["llm", "llm", "llm", "api", "cpu", "gpu-hours"]
NAMES["status"] = ["ok", "ok", "ok", "ok", "error", "retry", "rate_limited",
                   "quota"]
NAMES["model"] = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4-5", "local/llama",
                  "nobody's", "Größe"]
NAMES["tier"] = ["small", "large"]
NAMES["entity_type"] = ["analysis", "dataset", "odd,type"]


def money(rng):
    return str(Decimal(rng.randrange(10 ** rng.randrange(1, 16)))
               .scaleb(-rng.randrange(0, 16)))


def event(rng, number):
    """A random event, as `record events` takes it."""
    at = NOW - timedelta(days=rng.random() * DAYS)
    if rng.random() < 0.5:
        at = at.replace(microsecond=0)
    record = {"id": f"event-{number:06d}",
              "at": at.isoformat().replace("+00:00", "Z")}
    for name in STORED:
        value = some(rng, NAMES[name])
        if value and not name.startswith("entity"):
            record[name] = value
    if rng.random() < 0.5:
        record["entity"] = (rng.choice(NAMES["entity_type"]) + ":" +
                            rng.choice(NAMES["entity_id"]))
    if record.get("resource", "llm") == "llm":
        for name in TOKENS:
            if rng.random() < 0.7:
                record[name] = rng.randrange(10 ** rng.randrange(1, 10))
        record["reasoning_tokens"] = min(record.get("reasoning_tokens", 0),
                                         record.get("output_tokens", 0))
        if rng.random() < 0.1:
            record["count_status"] = "estimated"
    elif rng.random() < 0.7:
        record["amount"] = money(rng)
        record["unit"] = rng.choice(["s", "query", "GB,h"])
    if rng.random() < 0.3:
        record["calls"] = rng.randrange(5)
    if rng.random() < 0.2:
        record["attempt"] = rng.randrange(1, 4)
    if rng.random() < 0.5:
        record["cost_usd"] = money(rng)
        if rng.random() < 0.3:
            record["cost_status"] = "estimated"
    return record


def run_results(rng):
    """The results of a random run; some stages belong to more than it does."""
    workflows = []
    for number in range(rng.randrange(1, 4)):
        stages = []
        for stage in range(rng.randrange(1, 4)):
            prompt = rng.randrange(10 ** 6)
            usage = {"prompt_tokens": prompt,
                     "completion_tokens": rng.randrange(10 ** 5)}
            if rng.random() < 0.5:
                usage["prompt_tokens_details"] = {
                    "cached_tokens": rng.randrange(prompt + 1)}
            if rng.random() < 0.5:
                usage["cost"] = round(rng.random(), 6)
            item = {"stage_id": f"stage-{stage}", "provider": "provider-1",
                    "metadata": {"model": rng.choice(NAMES["model"]),
                                 "usage": usage}}
            if rng.random() < 0.3:
                item["task"] = rng.choice(NAMES["task"])
            stages.append(item)
        workflows.append({"run_id": f"r{number}", "status": "completed",
                          "workflow_id": f"workflow-{number}",
                          "stages": stages})
    return workflows


class Meter:
    """The program, in a workspace of its own."""

    def __init__(self, program, folder):
        self.program, self.folder = os.path.abspath(program), folder

    def run(self, *arguments, text="", at=NOW):
        environment = {"METER_NOW": at.isoformat(), "PATH": "/usr/bin:/bin"}
        done = subprocess.run([self.program, "-C", self.folder, *arguments],
                              input=text.encode(), env=environment,
                              capture_output=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{arguments}: exit {done.returncode}: "
                     f"{done.stderr.decode()}")
        return done.stdout.decode()

    def ask(self, command, *arguments):
        return json.loads(self.run("usage", *command, "--json", *arguments),
                          parse_float=Decimal)


def fill(meter, rng, events):
    """Many writers at once record the events, some of them twice."""
    batch = [json.dumps(event(rng, i)) for i in range(events)]
    parts = [batch[i::WRITERS] + rng.sample(batch, events // WRITERS // 4)
             for i in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as writers:
        said = "".join(writers.map(lambda part: meter.run(
            "record", "events", text="\n".join(part) + "\n"), parts))
    if said.count("new event-") != events:
        sys.exit("an event was not new once")
    names = dict(NAMES, entity=["analysis:id 1", "odd,type:a:b"])
    for _ in range(5):
        given = [part for name in CONTEXT if rng.random() < 0.5
                 for part in (f"--{name}", rng.choice(names[name]))]
        meter.run("record", "run", *given, "--snapshot", "none",
                  text=json.dumps(run_results(rng)),
                  at=NOW - timedelta(days=rng.random() * DAYS))


def finish(record):
    """Add the sums and the derived dimensions of a record."""
    record["prompt"] = sum(record[name] for name in TOKENS
                           if name not in ("output_tokens",
                                           "reasoning_tokens"))
    record["total"] = record["prompt"] + record["output_tokens"]
    kind, name = record["entity_type"], record["entity_id"]
    record["entity"] = f"{kind}:{name}" if kind and name else kind or name
    return record


def read_event(row):
    record = {name: row[name] or None for name in STORED}
    record.update({name: int(row[name] or 0) for name in TOKENS})
    status, cost = row["cost_status"], Decimal(row["cost_usd"] or 0)
    record.update(
        id=row["id"], at=datetime.fromisoformat(row["at"]),
        attempt=int(row["attempt"]), calls=int(row["calls"]),
        is_estimated=row["count_status"] == "estimated",
        known=cost if status == "known" else Decimal(0),
        estimated=cost if status == "estimated" else Decimal(0),
        unpriced=status == "unknown",
        # An amount of 0 is an empty cell too; the unit is there.
        amount=Decimal(row["amount"] or 0) if row["unit"] else None,
        unit=row["unit"] or None)
    return finish(record)


def read_bucket(run, bucket):
    given = {**run.get("dimensions", {}),
             **{name: bucket[name] for name in CONTEXT if name in bucket}}
    record = {name: given.get(name) for name in STORED}
    kind, _, name = given.get("entity", ":").partition(":")
    record.update(run=run["run_index"], workflow=bucket["workflow_id"],
                  stage=bucket["stage_id"], provider=bucket["provider"],
                  model=bucket["model"], resource="llm", status="ok",
                  entity_type=kind or None, entity_id=name or None)
    caches = {name: int(bucket.get(name, 0)) for name in TOKENS[2:]}
    record.update(caches)
    record.update(
        id=None, at=datetime.fromisoformat(run["completed_at"]), attempt=1,
        input_tokens=int(bucket["prompt_tokens"]) - sum(caches.values()) +
        caches["reasoning_tokens"],
        output_tokens=int(bucket["completion_tokens"]),
        calls=int(bucket["calls"]), is_estimated=False,
        known=Decimal(bucket["cost_usd_known"] or 0),
        estimated=Decimal(bucket["cost_usd_estimated"]
                          .replace("null", "0") or 0),
        unpriced=bucket["cost_status"] == "unknown", amount=None, unit=None)
    return finish(record)


def read_records(folder):
    """All records, from the files as they stand."""
    budget = Path(folder, "output/budget")
    records = []
    for path in sorted(budget.glob("events/*.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            records += [read_event(row) for row in csv.DictReader(file)]
    document = yaml.load((budget / "usage.yaml").read_text(), yaml.BaseLoader)
    for run in document["runs"]:
        records += [read_bucket(run, bucket) for bucket in run["per_bucket"]]
    return records


def zone_of(name):
    if name and name[0] in "+-":
        sign = -1 if name[0] == "-" else 1
        return timezone(sign * timedelta(hours=int(name[1:3]),
                                         minutes=int(name[4:])))
    return ZoneInfo(name or "UTC")


def value_of(record, dimension, zone):
    if dimension not in ("day", "week", "month", "hour"):
        return record[dimension]
    local = record["at"].astimezone(zone)
    year, week, _ = local.isocalendar()
    return {"day": f"{local:%Y-%m-%d}", "week": f"{year:04d}-W{week:02d}",
            "month": f"{local:%Y-%m}", "hour": f"{local:%Y-%m-%dT%H}",
            }[dimension]


def ratio(part, whole):
    return None if whole == 0 else Fraction(part) / Fraction(whole)


def measures(records):
    def total(key, chosen=records):
        return sum((record[key] for record in chosen), 0)

    def status(*names):
        return [r for r in records if r["status"] in names]

    amounts = {}
    for record in records:
        if record["amount"] is not None:
            unit = record["unit"]
            amounts[unit] = amounts.get(unit, 0) + record["amount"]
    known, estimated = total("known"), total("estimated")
    calls, prompt = total("calls"), total("prompt")
    output = total("output_tokens")
    return {
        "records": len(records), "calls": calls,
        **{name: total(name) for name in TOKENS},
        "prompt_tokens": prompt, "total_tokens": prompt + output,
        "estimated_tokens": total("total", [r for r in records
                                            if r["is_estimated"]]),
        "cost_usd": known + estimated, "cost_usd_known": known,
        "cost_usd_estimated": estimated,
        "unpriced_calls": total("calls", [r for r in records
                                          if r["unpriced"]]),
        "errors": len(status("error")),
        "retries": sum(r["attempt"] > 1 or r["status"] == "retry"
                       for r in records),
        "rate_limited": len(status("rate_limited")),
        "quota": len(status("quota")), "amounts": amounts,
        "failure_rate": ratio(
            total("calls", status("error", "rate_limited", "quota")), calls),
        "cache_hit_rate": ratio(total("cache_read_tokens"), prompt),
        "output_per_input": ratio(output, prompt),
        "tokens_per_call": ratio(prompt + output, calls),
        "cost_per_call": ratio(known + estimated, calls),
        "cost_per_1k_output": ratio(1000 * (known + estimated), output),
    }


def glob(pattern):
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(c, re.escape(c)) for c in pattern),
                      re.DOTALL)


def matches(value, wanted):
    """Whether a value is what an option asks for."""
    if wanted == "(none)" or value is None:
        return wanted == "(none)" and value is None
    if len(wanted) > 1 and wanted[0] == wanted[-1] == "/":
        return re.search(wanted[1:-1], value) is not None
    return glob(wanted).fullmatch(value) is not None


def wanted_value(rng, dimension, records, zone):
    """A value to ask for, more or less like those that are there."""
    value = value_of(rng.choice(records), dimension, zone)
    way = rng.random()
    if way < 0.1 or value is None or len(value) > 256:
        return "(none)"
    if way < 0.5 and not set(value) & set("*?"):
        return value
    cut = rng.randrange(len(value) + 1)
    if dimension == "entity" or way < 0.75:
        rest = value[cut + 1:]
        return value[:cut] + rng.choice(["*", "?"]) + rest
    return f"/{re.escape(value[cut:])}$/"


def filters(rng, records, zone, dimensions=DIMENSIONS):
    """Options, and a function that tells which records they are about."""
    options, rules = [], []
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
        dimension, is_not = rng.choice(dimensions), rng.random() < 0.3
        if any(rule[:2] == (dimension, is_not) for rule in rules):
            continue
        values = [wanted_value(rng, dimension, records, zone)
                  for _ in range(rng.choice([1, 1, 2, 3]))]
        rules.append((dimension, is_not, values))
        name = ("--not-" if is_not else "--") + dimension.replace("_", "-")
        options += [f"{name}={value}" for value in values]
    limits = []
    for name in ("since", "until"):
        if rng.random() < 0.25:
            text, at = period(rng, zone)
            options += [f"--{name}", text]
            limits.append((name, at))

    def chosen(record):
        for name, at in limits:
            if (record["at"] >= at) != (name == "since"):
                return False
        for dimension, is_not, values in rules:
            value = value_of(record, dimension, zone)
            if any(matches(value, text) for text in values) == is_not:
                return False
        return True
    return options, chosen


def period(rng, zone):
    """A time as people say it, and when that is."""
    today = NOW.astimezone(zone).replace(hour=0, minute=0, second=0,
                                         microsecond=0)
    first = today.replace(day=1)

    def start(day):
        return datetime(day.year, day.month, day.day, tzinfo=zone)

    days = rng.randrange(DAYS)
    day = start(today - timedelta(days=days))
    return rng.choice([
        (f"{days}d", NOW - timedelta(days=days)),
        (f"{days}h", NOW - timedelta(hours=days)),
        (f"{days} days ago", day),
        (f"{day:%Y-%m-%d}", day), (f"{day:%Y%m%d}", day),
        ("yesterday", start(today - timedelta(days=1))),
        ("this week", start(today - timedelta(days=today.weekday()))),
        ("last month", start((first - timedelta(days=1)).replace(day=1))),
        (f"{today:%Y-%m}", start(first)),
        ("2026q4", datetime(2026, 10, 1, tzinfo=zone)),
        ("2026-11-07T11:00:00+01:00",
         datetime(2026, 11, 7, 10, tzinfo=timezone.utc)),
    ])


def differs(key, got, wanted):
    """Whether a figure is not what it should be."""
    if key not in KEYS or KEYS.index(key) < KEYS.index("failure_rate"):
        return got != wanted
    if wanted is None or got is None:
        return got is not wanted
    place = Fraction(1, 10 ** (10 if key.startswith("cost_per") else 4))
    slack = place / 2 + abs(wanted) / 10 ** 15
    return abs(Fraction(got) - wanted) > slack or \
        Fraction(got) % place > abs(wanted) / 10 ** 12 + place / 1000 and \
        place - Fraction(got) % place > abs(wanted) / 10 ** 12 + place / 1000


def expect(what, got, wanted):
    if list(got) != list(wanted):
        sys.exit(f"{what}: fields {list(got)}, not {list(wanted)}")
    for key in wanted:
        if differs(key, got[key], wanted[key]):
            sys.exit(f"{what}: {key} is {got[key]}, not {wanted[key]}")


def order_of(value):
    return (value is not None, (value or "").encode())


def in_order(figures):
    return {name: figures[name] for name in KEYS}


def models(records):
    return sorted({r["model"] for r in records if r["model"] is not None},
                  key=str.encode)


def answer(records, by, zone, sort, top):
    """Groups and total as meter should give them."""
    groups = {}
    for record in records:
        key = tuple(value_of(record, name, zone) for name in by)
        groups.setdefault(key, []).append(record)
    figures = []
    for key in sorted(groups, key=lambda key: list(map(order_of, key))):
        group = {**dict(zip(by, key)), **in_order(measures(groups[key]))}
        if "tier" in by:
            group["models"] = models(groups[key])
        figures.append(group)
    if sort in KEYS:
        figures.sort(key=lambda group: (group[sort] is None,
                                        -(group[sort] or 0)))
    elif sort:
        figures.sort(key=lambda group: order_of(group[sort]))
    total = in_order(measures(records))
    if "tier" in by:
        total["models"] = models(records)
    return (figures[:top] if top else figures) if by else [], total


def ask_totals(meter, rng, records, dimensions=DIMENSIONS, zones=ZONES):
    name = rng.choice(zones)
    zone = zone_of(name)
    count = min(rng.choice([0, 1, 1, 2, 2, 3]), len(dimensions))
    by = rng.sample(dimensions, count)
    options, chosen = filters(rng, records, zone, dimensions)
    options += ["--tz", name] if name else []
    options += ["--by", ",".join(by)] if by else []
    sort = rng.choice([None, None, "cost_usd", "calls", "total_tokens"] + by)
    top = rng.choice([None, None, 1, 10])
    options += ["--sort", sort] if sort else []
    options += ["--top", str(top)] if top else []
    got = meter.ask([], *options)
    groups, total = answer(list(filter(chosen, records)), by, zone, sort, top)
    if got["by"] != by or len(got["groups"]) != len(groups):
        sys.exit(f"{options}: {len(got['groups'])} groups, not {len(groups)}")
    for given, wanted in zip(got["groups"], groups):
        expect(f"{options} {list(wanted.values())[:len(by)]}", given, wanted)
    expect(options, got["total"], total)


def ask_summary(meter, rng, records):
    zone = zone_of(None)
    dimension = rng.choice(["task", "quest", "agent", "model", "entity",
                            "entity", "day", "run", "session"])
    value = value_of(rng.choice(records), dimension, zone)
    if value is None:
        return
    options, chosen = filters(rng, records, zone)
    kept = [r for r in records if chosen(r) and
            value_of(r, dimension, zone) == value]
    got = meter.ask(["summary"], *options, "--", f"{dimension}:{value}")
    figures = measures(kept)

    def tokens(name):
        named = sorted({r[name] for r in kept if r[name]}, key=str.encode)
        return {key: sum(r["total"] for r in kept if r[name] == key)
                for key in named}

    resources = {}
    for name in sorted({r["resource"] for r in kept}, key=str.encode):
        part = measures([r for r in kept if r["resource"] == name])
        resources[name] = {key: part[key] for key in
                           ("records", "calls", "amounts", "total_tokens",
                            "cost_usd")}
    wanted = {
        "scope": dimension, "scope_id": value,
        "tokens_in": figures["prompt_tokens"],
        "tokens_out": figures["output_tokens"],
        "tokens_total": figures["total_tokens"],
        "event_count": figures["records"], "cost_usd": figures["cost_usd"],
        "by_model": tokens("model"), "by_agent": tokens("agent"),
        "by_resource": resources}
    if dimension == "entity":
        kind, _, name = value.partition(":")
        newest = sorted(kept, key=lambda r: (r["at"], order_of(r["id"])),
                        reverse=True)
        got["records"] = [record["id"] for record in got["records"]]
        wanted.update(entity_type=kind, entity_id=name,
                      records=[r["id"] for r in newest[:100]])
    expect(f"summary {dimension}:{value} {options}", got, wanted)


def ask_events(meter, rng, records):
    zone = zone_of(None)
    options, chosen = filters(rng, records, zone)
    limit = rng.choice([1, 10, 100, 1000])
    newest = sorted((r for r in records if r["id"] and chosen(r)),
                    key=lambda r: (r["at"], order_of(r["id"])), reverse=True)
    got = meter.ask(["events"], *options, "--limit", str(limit))
    if [r["id"] for r in got] != [r["id"] for r in newest[:limit]]:
        sys.exit(f"events {options} --limit {limit}: other events, or in "
                 "another order")
    for given, wanted in zip(got, newest):
        for key in STORED + TOKENS + ["attempt", "calls", "amount", "unit"]:
            if given[key] != wanted[key]:
                sys.exit(f"events: {key} of {given['id']} is {given[key]}, "
                         f"not {wanted[key]}")


def record_again(meter):
    """What the ledger prints, given back, is known and changes nothing."""
    events = Path(meter.folder, "output/budget/events")

    def files():
        return {path: path.read_bytes() for path in events.iterdir()}

    before = files()
    printed = meter.run("usage", "events", "--all", "--json")
    said = meter.run("record", "events", text=printed).splitlines()
    if len(said) != len(json.loads(printed)) or \
            not all(line.startswith("known ") for line in said):
        sys.exit("an event that was given back was not known")
    if files() != before:
        sys.exit("recording again changed the ledger")


def main():
    arguments = sys.argv[1:]
    if not 1 <= len(arguments) <= 4:
        sys.exit("usage: questions.py METER [QUESTIONS [EVENTS [SEED]]]")
    numbers = list(map(int, arguments[1:]))
    questions = numbers[0] if numbers else 50 if QUICK else 500
    events = numbers[1] if len(numbers) > 1 else 500 if QUICK else 10000
    rng = random.Random(numbers[2] if len(numbers) > 2 else 4)
    with tempfile.TemporaryDirectory() as folder:
        meter = Meter(arguments[0], folder)
        fill(meter, rng, events)
        records = read_records(folder)
        if sum(record["id"] is not None for record in records) != events:
            sys.exit("not all events were recorded")
        ways = [ask_totals] * 6 + [ask_summary] * 2 + [ask_events]
        for number in range(questions):
            if number == questions // 2:
                record_again(meter)
            rng.choice(ways)(meter, rng, records)
    print(f"{questions} questions about {events} events: same answers")


if __name__ == "__main__":
    main()
