#!/usr/bin/python3
# test: METER
"""Random histories of plans and runs against a model in Python.

    histories.py METER [N [SEED]]

Each history records plans and runs in a workspace of its own, from JSON and
from YAML as PyYAML writes it.  After every command the files must be, byte for
byte, what model.py says, and what is printed too.  At times PyYAML writes the
files anew in another form in between; at the end all are rewritten so, and
read back through the commands.
"""

import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta

import yaml

import documents
import model
import model_inputs

CHUNK = 10
WORKERS = 2
SHOWN = 5
# What is on disk after a crash is looked at elsewhere; here it costs time.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
START = datetime(2026, 11, 22, 8)
BREAKS_OF_OTHERS = set("\x85\u2028\u2029")


class Difference(Exception):
    """What meter did beside what it should have done."""


def expect(what, got, wanted):
    if got != wanted:
        raise Difference(f"{what}\n    wanted {shorten(wanted, got)}\n"
                         f"    got    {shorten(got, wanted)}")


def shorten(value, other):
    """A value from where it starts to differ on."""
    text, beside = repr(value), repr(other)
    at = next((i for i, pair in enumerate(zip(text, beside))
               if pair[0] != pair[1]), min(len(text), len(beside)))
    start = max(0, at - 100)
    return ("..." if start else "") + text[start:at + 200]


def same(got, wanted):
    """Equal values, the order of keys and the types too."""
    if type(got) is not type(wanted):
        return False
    if isinstance(got, list):
        return len(got) == len(wanted) and all(map(same, got, wanted))
    if isinstance(got, dict):
        return list(got) == list(wanted) and \
            all(same(got[key], wanted[key]) for key in got)
    return got == wanted


def from_json(got, wanted):
    """What JSON printed, where it stands for a float as a float: 60 for 60.0,
    and all digits of 1e300."""
    if isinstance(wanted, float) and type(got) is int:
        return float(got)
    if isinstance(got, list) and isinstance(wanted, list):
        return [from_json(*pair) for pair in zip(got, wanted)] + \
            got[len(wanted):]
    if isinstance(got, dict) and isinstance(wanted, dict):
        return {key: from_json(value, wanted.get(key))
                for key, value in got.items()}
    return got


def expect_json(what, text, wanted):
    got = from_json(json.loads(text), wanted)
    if not same(got, wanted):
        raise Difference(f"{what}\n    wanted {shorten(wanted, got)}\n"
                         f"    got    {shorten(got, wanted)}")


def other_form(rng, value):
    """The value as PyYAML writes it when asked to write otherwise."""
    # What occurs twice as one object would get an anchor.
    value = json.loads(json.dumps(value))
    dumper = rng.choice((yaml.SafeDumper, yaml.CSafeDumper))
    options = {
        "default_flow_style": rng.choice((False, True, None)),
        "sort_keys": False,
        "width": rng.choice((20, 80, 1000)),
        "indent": rng.choice((2, 4)),
        "allow_unicode": rng.random() < 0.3,
    }
    text = yaml.dump(value, Dumper=dumper, **options)
    # PyYAML loses its way where the indent passes the width; and it writes
    # line breaks of YAML 1.1 that nobody else takes for one.
    if BREAKS_OF_OTHERS.isdisjoint(text) and \
            yaml.load(text, yaml.CSafeLoader) == value:
        return text
    return yaml.dump(value, Dumper=dumper, sort_keys=False)


class History:
    def __init__(self, meter, rng, folder):
        self.meter, self.rng, self.folder = meter, rng, folder
        self.budget = os.path.join(folder, "output", "budget")
        self.models, table = model_inputs.rates(rng)
        self.model = model.Workspace(table)
        self.now = START
        self.log = []
        self.foreign = {}  # files in another form than meter's
        if table:
            with open(os.path.join(folder, "model-rates.yaml"), "wb") as file:
                file.write(model.dump({"rates": {
                    name: {key: float(price) for key, price in entry.items()}
                    for name, entry in table.items()}}))

    def tick(self):
        """Step on; as the files write the time, and as METER_NOW gives it."""
        self.now += timedelta(seconds=self.rng.randint(1, 9000))
        if self.rng.random() < 0.5:
            self.now = self.now.replace(
                microsecond=self.rng.choice((0, 5, 120000, 999999)))
        return self.now.isoformat() + "+00:00"

    def run(self, *arguments, environment=None, status=0):
        self.log.append(" ".join(map(repr, arguments)))
        done = subprocess.run(
            [self.meter, *arguments], cwd=self.folder, timeout=60,
            stdin=subprocess.DEVNULL, capture_output=True, env={
                "PATH": "/usr/bin:/bin",
                "METER_NOW": self.now.isoformat() + "Z",
                **(environment or {})})
        if done.returncode != status:
            raise Difference(f"status {done.returncode}, not {status}: "
                             f"{done.stderr[:600]!r}")
        return done.stdout.decode()

    def write_input(self, value):
        """An input file, in a third of the cases YAML."""
        rng = self.rng
        if rng.random() < 1 / 3:
            name, text = "input.yaml", other_form(rng, value)
        else:
            name, text = "input.json", json.dumps(
                value, ensure_ascii=rng.random() < 0.5,
                indent=rng.choice((None, 1)))
        with open(os.path.join(self.folder, name), "w",
                  encoding="utf-8", newline="") as file:
            file.write(text)
        return name

    def read(self, name):
        try:
            with open(os.path.join(self.budget, name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def check_files(self, *written):
        """All files; those just written are in meter's form again."""
        for name in written:
            self.foreign.pop(name, None)
        wanted = {**self.model.files(), **self.foreign}
        for name in ("plans.yaml", "usage.yaml", "summary.yaml"):
            expect(name, self.read(name), wanted.get(name))

    def plan(self):
        rng = self.rng
        summary = model_inputs.plan(rng)
        if self.model.plans and rng.random() < 0.2:
            summary = self.last_plan
        self.last_plan = summary
        retention = rng.choice((None, None, 0, 1, 2, 3))
        arguments = [] if retention is None else ["--retention",
                                                  str(retention)]
        check = rng.random() < 0.3
        name = self.write_input(summary)
        snapshot = self.model.plan(summary, self.tick(),
                                   50 if retention is None else retention)
        status = 0
        if check:
            arguments.append("--check")
            status = int(exceeds(snapshot))
        printed = self.run("plan", "record", *arguments, name, status=status)
        expect("printed", printed, snapshot["snapshot_id"] + "\n")
        self.check_files("plans.yaml")

    def choose_snapshot(self, arguments):
        rng = self.rng
        choice = rng.choice(("latest", "latest", "none", "id", "odd"))
        ids = [s["snapshot_id"] for s in self.model.snapshots()]
        if choice == "id":
            choice = rng.choice(ids or ["000000000000"])
        elif choice == "odd":
            choice = argument(rng)
        if choice != "latest" or rng.random() < 0.3:
            arguments.append("--snapshot=" + choice)
        return choice

    def choose_times(self, arguments):
        rng = self.rng
        started_at = duration = None
        if rng.random() < 0.4:
            started_at = rng.choice((
                "2026-11-22T07:59:00Z", "2026-11-22T07:59:00.5+01:00",
                "2026-01-01T00:00:00-08:00", "2026-11-22T08:00:00+00:00"))
            arguments += ["--started-at", started_at]
        if rng.random() < 0.5:
            duration = rng.choice(("60", "0.25", "1.5", "0", "1e-7", "1e22",
                                   "123456789.125", "3600.0", "0.1",
                                   repr(rng.uniform(0, 1e4))))
            arguments += ["--duration", duration]
        return started_at, duration

    def choose_dimensions(self, arguments, environment):
        rng = self.rng
        chosen = {}
        for name in model.DIMENSIONS:
            if rng.random() < 0.1:
                chosen[name] = environment["METER_" + name.upper()] = \
                    dimension(rng, name)
            if rng.random() < 0.1:
                chosen[name] = dimension(rng, name)
                arguments.append(f"--{name}={chosen[name]}")
        return chosen

    def record(self):
        rng = self.rng
        results = model_inputs.results(rng, self.models)
        if self.model.runs and rng.random() < 0.15:
            results = self.last_results
        arguments, environment = [], {}
        choice = self.choose_snapshot(arguments)
        started_at, duration = self.choose_times(arguments)
        dimensions = {}
        if rng.random() < 0.3:
            dimensions = self.choose_dimensions(arguments, environment)
        once = rng.random() < 0.3
        as_json = rng.random() < 0.2
        arguments += ["--once"] * once + ["--json"] * as_json
        now = self.tick()
        name = self.write_input(results)
        self.last_results = results
        known = None
        if once:
            known = self.model.find_same(
                results if isinstance(results, list) else [results])
        run = known or self.model.record(results, now, choice, started_at,
                                         duration, dimensions)
        printed = self.run("record", "run", *arguments, name,
                           environment=environment)
        self.check_printed(run, printed, as_json)
        self.check_files(*() if known else ("usage.yaml", "summary.yaml"))

    def check_printed(self, run, printed, as_json):
        if not as_json:
            expect("printed", printed, f"{run['run_index']}\n")
            return
        expect_json("printed", printed, {
            "run_index": run["run_index"], "rollup": run["rollup"],
            "budget_summary": self.model.variance(run)})

    def rewrite(self):
        """Let PyYAML write the files anew in another form."""
        for name, value in (
                ("plans.yaml", self.model.plans),
                ("usage.yaml", self.model.runs and self.model.usage()),
                ("summary.yaml", self.model.summary)):
            if not value:
                continue
            self.foreign[name] = other_form(self.rng, value).encode()
            with open(os.path.join(self.budget, name), "wb") as file:
                file.write(self.foreign[name])

    def check_reading(self, way):
        plans, runs = self.model.snapshots(), self.model.runs
        expect_json(way + ": plan list", self.run("plan", "list", "--json"),
                    plans)
        expect_json(way + ": usage runs", self.run("usage", "runs", "--json"),
                    runs)
        if not runs:
            return
        limit = self.rng.randint(1, len(runs) + 1)
        expect_json(way + ": usage runs --limit", self.run(
            "usage", "runs", "--limit", str(limit), "--json"), runs[-limit:])
        run = self.rng.choice(runs)
        index = str(run["run_index"])
        expect_json(way + ": usage run",
                    self.run("usage", "run", index, "--json"), run)
        expect_json(way + ": variance", self.run("variance", "--json"),
                    self.model.summary)
        expect_json(way + ": variance --run",
                    self.run("variance", "--run", index, "--json"),
                    self.model.variance(run))

    def check_by_pyyaml(self, loader):
        """What meter wrote, PyYAML reads to the values of the model."""
        for name, value in (("plans.yaml", self.model.plans),
                            ("usage.yaml", self.model.usage()),
                            ("summary.yaml", self.model.summary)):
            data = self.read(name)
            if data is not None and not same(yaml.load(data, loader), value):
                raise Difference(f"{name}: PyYAML reads other values")

    def play(self, whole):
        rng = self.rng
        steps = rng.randint(2, 7)
        for _ in range(steps):
            if rng.random() < 0.4:
                self.plan()
            else:
                self.record()
            if rng.random() < 0.1:
                self.rewrite()
        self.check_reading("as the commands left them")
        if whole and self.model.runs and "usage.yaml" not in self.foreign:
            expect("usage.yaml as a whole", self.read("usage.yaml"),
                   model.dump(self.model.usage()))
        self.check_by_pyyaml(yaml.SafeLoader if whole else yaml.CSafeLoader)
        if rng.random() < 0.5:
            self.rewrite()
            self.check_reading("as PyYAML wrote them")
        self.check_files()


def exceeds(snapshot):
    def above(value, limit):
        if value is None or limit is None:
            return False
        if max(value, limit) < model.LARGEST:
            return model.rounded_15(repr(value)) > \
                model.rounded_15(repr(limit))
        return value > limit

    return (snapshot["exceeds_max_calls"] or snapshot["exceeds_cost_cap"] or
            above(snapshot["total_provider_calls_estimate"],
                  snapshot["max_calls"]) or
            above(snapshot["estimated_cost_usd"], snapshot["cost_cap"]))


def argument(rng):
    """Text that an argument can hold, not empty."""
    text = documents.string(rng).replace("\0", "")
    return text if text not in ("", "none", "latest") else "gone"


def dimension(rng, name):
    value = rng.choice(("q-ri", "main", "v1.0")) if rng.random() < 0.5 else \
        argument(rng)
    return "chapter:" + value if name == "entity" else value


def play(job):
    meter, seed, number = job
    rng = random.Random(f"{seed}/{number}")
    folder = tempfile.mkdtemp(prefix="meter-history-", dir=MEMORY)
    history = History(meter, rng, folder)
    try:
        history.play(whole=number % 20 == 0)
        return None
    except (Difference, ValueError, subprocess.TimeoutExpired) as error:
        keep = os.environ.get("METER_KEEP")
        if keep:
            shutil.copytree(folder, os.path.join(keep, str(number)))
        return (f"history {number}, step {len(history.log)} "
                f"({history.log[-1] if history.log else ''}): {error}")
    finally:
        shutil.rmtree(folder)


def main():
    if not 2 <= len(sys.argv) <= 4:
        sys.exit("usage: histories.py METER [N [SEED]]")
    meter = os.path.abspath(sys.argv[1])
    quick = os.environ.get("METER_TEST_QUICK")
    total = int(sys.argv[2]) if len(sys.argv) > 2 else 100 if quick else 1000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    jobs = ((meter, seed, number) for number in range(total))
    with multiprocessing.Pool(WORKERS) as pool:
        failures = [failure for failure in pool.imap(play, jobs, CHUNK)
                    if failure]
    for failure in failures[:SHOWN]:
        print(failure)
    if failures:
        print(f"{total} histories: {len(failures)} differ")
        sys.exit(1)
    print(f"{total} histories: the same files")


if __name__ == "__main__":
    main()
