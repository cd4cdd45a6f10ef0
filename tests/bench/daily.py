"""Daily variance over a year of 50 scopes and a million events."""

import os
import random
import shutil
from datetime import datetime, timedelta, timezone

import timing

from ledger import COLUMNS, MODELS

EVENTS = 1_000_000
DAYS = 365
SCOPES = 50
START = datetime(2025, 11, 22, tzinfo=timezone.utc)
NOW = "2026-11-22T03:10:00Z"


def row(rng, number, at):
    """Half of the scopes are quests, the others agents; one call in fifty is
    a repeated one."""
    attempt = 2 if rng.randrange(50) == 0 else 1
    return (f"0193{number:08x}-7000-8000-{rng.getrandbits(48):012x},"
            f"{at:%Y-%m-%dT%H:%M:%S}.{rng.randrange(1, 10**6):06d}Z,llm,"
            f"anthropic,acct-1,{rng.choice(MODELS)},"
            f"agent-{rng.randrange(SCOPES // 2)},tier-1,"
            f"session-{rng.randrange(50)},,draft,write,"
            f"task-{rng.randrange(2000)},ws-1,"
            f"quest-{rng.randrange(SCOPES // 2)},repo-a,abcdef0,v1,analysis,"
            f"SDA-{rng.randrange(100)},ok,{attempt},1,"
            f"{rng.randrange(1, 5000)},{rng.randrange(1, 2000)},"
            f"{rng.randrange(1, 9000)},,,,reported,,,"
            f"0.0{rng.randrange(1, 9999):04d},estimated,record,{{}}\n")


def make(folder, count):
    """A workspace with that many events, and an allocation a scope."""
    budget = os.path.join(folder, "output/budget")
    os.makedirs(budget + "/events")
    rng = random.Random(1)
    for day in range(DAYS):
        start = START + timedelta(days=day)
        seconds = sorted(rng.randrange(86400) for _ in range(count // DAYS))
        with open(f"{budget}/events/{start:%Y-%m-%d}.csv", "w") as out:
            out.write(",".join(COLUMNS) + "\n")
            out.writelines(row(rng, day * count + i,
                               start + timedelta(seconds=second))
                           for i, second in enumerate(seconds))
    with open(budget + "/allocations.yaml", "w") as out:
        out.write("schema_version: 1\nallocations:\n")
        for i in range(SCOPES):
            kind = "quest" if i % 2 else "agent"
            out.write(f"- scope: {kind}:{kind}-{i // 2}\n"
                      f"  from: '{START:%Y-%m-%d}'\n  to: null\n"
                      f"  tokens: {1_200_000 if i % 5 else 500_000}\n"
                      f"  cost_usd: 5.5\n  tasks: null\n"
                      f"  recorded_at: '2025-11-22T00:00:00+00:00'\n")


def main(meter, scratch, count=EVENTS):
    folder = os.path.join(scratch, "daily")
    print(f"variance daily, {count} events of {SCOPES} scopes over a year")
    make(folder, count)
    base = ["/usr/bin/env", "METER_NOW=" + NOW, meter, "-C", folder,
            "variance", "daily"]
    budget = os.path.join(folder, "output/budget")
    last = f"{START + timedelta(days=DAYS - 1):%Y-%m-%d}"
    before = f"{START + timedelta(days=DAYS - 31):%Y-%m-%d}"
    shown, stored, fortnight = timing.in_turn(
        [base + ["--dry-run", last], base + [last],
         base + ["--json", "--days", "14", last]], 5)
    timing.show("variance daily --dry-run, one day", *shown)
    timing.show("variance daily, one day (goal 50 ms)", *stored)
    timing.show("variance daily --days 14 (goal 200 ms)", *fortnight)
    # Each round begins where the day before the thirty was the last stored.
    catch_up = ["/bin/sh", "-c",
                'rm -rf "$1/variance" "$1/proposals" && mkdir "$1/variance" '
                '&& printf "schema_version: 1\\nday: %s\\nrows: []\\n" "$2" '
                '>"$1/variance/$2.yaml" && shift 2 && exec "$@"', "sh",
                budget, before] + base + ["--catch-up"]
    timing.show("variance daily --catch-up, 30 days (goal 1 s)",
                *timing.in_turn([catch_up], 5)[0])
    print("  %d days and %d proposals are stored" % (
        len(os.listdir(budget + "/variance")) - 1,
        len(os.listdir(budget + "/proposals")) // 2))
    shutil.rmtree(folder)
