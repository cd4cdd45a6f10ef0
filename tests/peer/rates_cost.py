#!/usr/bin/python3
# test: METER 400
# test: METER 100 7
"""Compare `meter rates cost` with Python's decimal, call by call.

Usage: rates_cost.py METER [COUNT [SEED]]; run in the project's folder.  What
a call costs is computed by rates.py; here the program itself is asked, with
its options, its --at and its JSON.  Then the example table of the older
tools prices each of its models.  Exits 1 with the first differences.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

sys.dont_write_bytecode = True
import rates

OPTIONS = ["--input-tokens", "--cache-read-tokens", "--cache-write-tokens",
           "--cache-write-1h-tokens", "--output-tokens"]
OLDER_TOOLS = "testdata/rates/older-tools.yaml"
OLDER = {
    "gemini-2.5-flash-lite": ("0.075", "0.30"),
    "gemini-2.5-flash": ("0.15", "0.60"),
    "gemini-3-flash-preview": ("0.15", "0.60"),
    "gemini-3.1-pro-preview": ("3.50", "10.50"),
    "claude-3-5-sonnet": ("3.0", "15.0"),
    "claude-3-7-sonnet-latest": ("3.0", "15.0"),
    "claude-3-haiku": ("0.25", "1.25"),
    "deepseek-v3": ("0.27", "1.10"),
}


class Program:
    """meter in a workspace that has the given table."""

    def __init__(self, meter, folder, table):
        self.command = [meter, "-C", folder, "rates"]
        self.table = os.path.join(folder, "model-rates.yaml")
        shutil.copy(table, self.table)

    def run(self, *arguments):
        return subprocess.run(
            [*self.command, *arguments], capture_output=True, text=True,
            timeout=60, env={"PATH": "/usr/bin:/bin",
                             "METER_NOW": "2026-11-22T08:00:00Z"})

    def cost(self, model, at, counts):
        """What the program says: a figure, `unknown` or `error`."""
        options = [f"{option}={count}"
                   for option, count in zip(OPTIONS, counts) if count]
        done = self.run("cost", *options, "--at", at, "--json", "--", model)
        if done.returncode == 65:
            return "error"
        answer = json.loads(done.stdout, parse_float=str, parse_int=str)
        warned = "no price is known for" in done.stderr
        if (answer["cost_status"] == "unknown") != warned:
            return f"{answer['cost_status']}, but {done.stderr!r}"
        if answer["cost_status"] == "unknown":
            return "unknown" if answer["cost_usd"] == "0" else str(answer)
        return answer["cost_usd"] if self.is_there(answer["entry"]) else (
            f"an entry that is not there, {answer['entry']}")

    def is_there(self, entry):
        """Whether the line named holds what is said to have matched."""
        path = (rates.PACKAGE if entry["file"].startswith("built-in")
                else self.table)
        with open(path, encoding="utf-8") as file:
            line = file.read().split("\n")[int(entry["line"]) - 1]
        return entry["match"] in line


def older_tools(program):
    """The models that the example table prices otherwise than it says."""
    million = [10 ** 6, 0, 0, 0, 0], [0, 0, 0, 0, 10 ** 6]
    for model, wanted in OLDER.items():
        for counts, price in zip(million, wanted):
            got = program.cost(model, "2026-11-22", counts)
            if Decimal(got) != Decimal(price):
                yield f"{model}: wanted {price}, got {got}"
    haiku = program.cost("claude-haiku-4-5", "2026-11-22", million[0])
    if haiku != "1":
        yield f"claude-haiku-4-5: wanted 1, the package's, got {haiku}"


def random_calls(program, total, seed):
    rng = random.Random(seed)
    tables = [rates.Table(rates.WORKSPACE, False),
              rates.Table(rates.PACKAGE, True)]
    names = [*tables[1].exact, *tables[1].single]
    for _ in range(total):
        call = rates.draw(rng, names)
        wanted, got = rates.wanted(tables, *call), program.cost(*call)
        if wanted != got:
            yield f"{call}: wanted {wanted}, got {got}"


def main():
    meter = os.path.abspath(sys.argv[1])
    total = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    with tempfile.TemporaryDirectory() as folder:
        differences = list(random_calls(
            Program(meter, folder, rates.WORKSPACE), total, seed))
    with tempfile.TemporaryDirectory() as folder:
        differences += older_tools(Program(meter, folder, OLDER_TOOLS))
    print(*differences[:rates.SHOWN], sep="\n")
    print(f"{total} calls: {len(differences)} differ")
    sys.exit(len(differences) > 0)


if __name__ == "__main__":
    main()
