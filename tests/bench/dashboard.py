"""`report html` over a year, 50 scopes and a million events.

The first page reads every row; the next ones take the days that are over from
what was kept of them, and read what changed.  For comparison: `wc -l` of the
files, and one question of the page alone."""

import glob
import os
import random
import shutil
import subprocess
from datetime import datetime, timedelta, timezone

import ledger
import timing

EVENTS = 1_000_000
DAYS = 365
SCOPES = 50
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=timezone.utc)
ENV = {"PATH": "/usr/bin:/bin", "METER_NOW": f"{NOW:%Y-%m-%dT%H:%M:%SZ}"}


def row(rng, number, at):
    """An event of one of 200 tasks, 50 quests, 12 repositories."""
    task = rng.randrange(200)
    return (f"0193{number:08x}-7000-8000-{rng.getrandbits(48):012x},"
            f"{at:%Y-%m-%dT%H:%M:%S}.{rng.randrange(1, 10**6):06d}Z,llm,"
            f"anthropic,acct-1,{rng.choice(ledger.MODELS)},"
            f"agent-{rng.randrange(10)},tier-1,session-{rng.randrange(50)},,"
            f"draft,write,task-{task},ws-{task % 8},q-{task % SCOPES},"
            f"repo-{task % 12},abcdef0,v1,analysis,SDA-{rng.randrange(100)},"
            f"ok,1,1,{rng.randrange(1, 5000)},{rng.randrange(1, 2000)},"
            f"{rng.randrange(1, 9000)},,,,reported,,,"
            f"0.0{rng.randrange(1, 9999):04d},estimated,record,{{}}\n")


def make_year(folder, count):
    events = os.path.join(folder, "output/budget/events")
    os.makedirs(events)
    rng = random.Random(1)
    for day in range(DAYS):
        start = NOW.replace(hour=0) - timedelta(days=DAYS - day)
        seconds = sorted(rng.randrange(86400) for _ in range(count // DAYS))
        with open(f"{events}/{start:%Y-%m-%d}.csv", "w") as out:
            out.write(",".join(ledger.COLUMNS) + "\n")
            out.writelines(row(rng, day * count + i,
                               start + timedelta(seconds=second))
                           for i, second in enumerate(seconds))
    return sorted(glob.glob(events + "/*.csv"))


def allocate(meter, folder):
    for scope in range(SCOPES):
        subprocess.run([meter, "-C", folder, "plan", "allocate",
                        f"quest:q-{scope}", "--tokens", "500000", "--from",
                        f"{NOW - timedelta(days=DAYS):%Y-%m-%d}"],
                       check=True, env=ENV, stdout=subprocess.DEVNULL)


def main(meter, scratch, count=EVENTS):
    os.environ["METER_NOW"] = ENV["METER_NOW"]
    folder = os.path.join(scratch, "year")
    print(f"report html, {count} events over {DAYS} days, {SCOPES} scopes")
    files = make_year(folder, count)
    allocate(meter, folder)
    page = ["/usr/bin/env", "METER_NOW=" + ENV["METER_NOW"], meter, "-C",
            folder, "report", "html"]
    timing.show("report html, the first time", timing.run(page))
    floor, one, html, markdown = timing.in_turn(
        [["/usr/bin/wc", "-l"] + files,
         page[:5] + ["usage", "--by", "day,model"], page,
         page[:6] + ["markdown"]], 9)
    timing.show(f"wc -l of {len(files)} files", *floor)
    timing.show("usage --by day,model", *one)
    timing.show("report html", *html)
    timing.show("report markdown", *markdown)
    timing.ratio("report html against the goal of 500 ms", html[0] / 0.5,
                 "at most 1")
    size = os.path.getsize(os.path.join(folder, "reports/budget.html"))
    print(f"  the page has {size} bytes")
    shutil.rmtree(folder)
