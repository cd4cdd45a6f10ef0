#!/usr/bin/python3
# test: PEER/rates_peer 100000
"""Compare what calls cost with Python's decimal.

Usage: rates.py PROGRAM [COUNT [SEED]], where PROGRAM is built from
rates_peer.c; run in the project's folder.  Exits 1 with the first differences
where there are any.

The tables are read anew here: with PyYAML, every scalar as the text that
stands in the file, and patterns with Python's re.
"""
import datetime
import random
import re
import subprocess
import sys
from decimal import Decimal, getcontext

import yaml

WORKSPACE = "testdata/rates/workspace.yaml"
PACKAGE = "rates/model-rates.yaml"
FIELDS = ["input_per_mtok", "cache_read_per_mtok", "cache_write_per_mtok",
          "cache_write_1h_per_mtok", "output_per_mtok"]
FEMTO = Decimal(10) ** -15
MOST = ((1 << 127) - 1) * FEMTO
LONGEST = (1 << 63) - 1
OWN = ["house-small", "house-embed", "gpt-4o", "house-dust", "house-dated-1",
       "house-long", "house-long-tail", "house-long-1", "house-free",
       "house-cached", "house-hour", "claude-9-sonnet", "claude-sonnet-4-6",
       "openrouter/claude-x-sonnet-y", "house-unknown", "HOUSE-SMALL", "gpt",
       "claude-haiku-4-5"]
EDGES = [32000, 128000, 200000, 272000]
DAYS = ["2026-01-01", "2026-03-01", "2026-09-01"]
SHOWN = 5

getcontext().prec = 60


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CBaseLoader",
                                              yaml.BaseLoader))


class Table:
    """One table: exact entries by name, and patterns in their order.  The
    package's patterns, thousands for one name each, are tried by that name,
    for speed; that they are such is checked with re."""

    def __init__(self, path, single_names):
        document = load(path)
        self.exact = document.get("rates") or {}
        self.patterns = []
        self.single = {}
        for entry in document.get("patterns") or []:
            pattern = re.compile(entry["match"])
            if not single_names:
                self.patterns.append((pattern, entry))
                continue
            name = re.sub(r"\\(.)", r"\1", entry["match"][1:-1])
            if not pattern.fullmatch(name):
                sys.exit(f"{entry['match']} is not for {name}")
            self.single.setdefault(name, []).append(entry)

    def find(self, name, day):
        """The prices per token that hold for the name on that day."""
        if name in self.exact:
            entry = self.exact[name]
            return {"input_per_mtok":
                    Decimal(entry.get("prompt_per_1k", "0")) * 1000,
                    "output_per_mtok":
                    Decimal(entry.get("completion_per_1k", "0")) * 1000}
        matching = self.single.get(name) or [
            entry for pattern, entry in self.patterns if pattern.search(name)]
        for entry in matching:
            if (entry.get("from", "0") <= day < entry.get("to", "9")):
                return entry
        return None


def prices(entry, prompt):
    """The five prices that a call with so long a prompt pays."""
    own = {field: Decimal(entry[field]) for field in FIELDS if field in entry}
    passed = [above for above in entry.get("above", [])
              if prompt > int(above["prompt_tokens"])]
    if passed:
        highest = max(passed, key=lambda above: int(above["prompt_tokens"]))
        own.update({field: Decimal(highest[field]) for field in FIELDS
                    if field in highest})
    paid = own.get("input_per_mtok", Decimal(0))
    write = own.get("cache_write_per_mtok", paid)
    return [paid, own.get("cache_read_per_mtok", paid), write,
            own.get("cache_write_1h_per_mtok", write),
            own.get("output_per_mtok", Decimal(0))]


def full(amount):
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def wanted(tables, model, at, counts):
    prompt = sum(counts[:4])
    entry = next((entry for entry in (table.find(model, at[:10])
                                      for table in tables)
                  if entry is not None), None)
    if entry is None:
        return "unknown"
    if prompt > LONGEST:
        return "error"
    cost = sum(count * price / 1000000
               for count, price in zip(counts, prices(entry, prompt)))
    if cost > MOST:
        return "error"
    if cost % FEMTO:
        sys.exit(f"{model}: {cost} has more than 15 decimals")
    return full(cost)


def draw_count(rng):
    kind = rng.randrange(8)
    if kind < 2:
        return 0
    if kind == 2:
        return max(0, rng.choice(EDGES) + rng.randint(-1, 1))
    if kind == 3:
        return rng.choice([10 ** 12, 1] * 10 + [LONGEST, LONGEST - 1])
    return rng.randrange(10 ** rng.randint(1, 7))


def draw_time(rng):
    if rng.random() < 0.5:
        start = datetime.datetime.fromisoformat(rng.choice(DAYS))
        at = start + datetime.timedelta(
            microseconds=rng.choice([-1, 0, 1, -10 ** 9, 10 ** 9]))
    else:
        at = (datetime.datetime(2025, 1, 1) +
              datetime.timedelta(seconds=rng.randrange(3 * 365 * 86400)))
    return at.isoformat() + "Z"


def draw(rng, names):
    model = rng.choice(OWN if rng.random() < 0.5 else names)
    return model, draw_time(rng), [draw_count(rng) for _ in FIELDS]


def main():
    arguments = sys.argv[1:]
    if not 1 <= len(arguments) <= 3:
        sys.exit(__doc__)
    total = int(arguments[1]) if len(arguments) > 1 else 100000
    rng = random.Random(int(arguments[2]) if len(arguments) > 2 else 1)
    tables = [Table(WORKSPACE, False), Table(PACKAGE, True)]
    names = [*tables[1].exact, *tables[1].single]
    calls = [draw(rng, names) for _ in range(total)]
    lines = ["\t".join([model, at, *map(str, counts)])
             for model, at, counts in calls]
    done = subprocess.run([arguments[0], WORKSPACE], check=True,
                          input="\n".join(lines) + "\n", text=True,
                          stdout=subprocess.PIPE)
    answers = done.stdout.split("\n")[:-1]
    if len(answers) != total:
        sys.exit(f"{len(answers)} answers, not {total}")
    different = 0
    kinds = {}
    for call, line, answer in zip(calls, lines, answers):
        want = wanted(tables, *call)
        kind = want if want in ("unknown", "error") else "priced"
        kinds[kind] = kinds.get(kind, 0) + 1
        if want != answer:
            different += 1
            if different <= SHOWN:
                print(f"{line}\n  wanted {want}\n  got    {answer}")
    counted = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items()))
    print(f"{total} calls ({counted}): {different} differ")
    sys.exit(different > 0)


if __name__ == "__main__":
    main()
