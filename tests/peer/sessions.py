#!/usr/bin/python3
# test: METER 1500
"""Random histories of tasks, tiers and sessions, told to meter and to a model.

    sessions.py METER [STEPS [SEED]]

At each step something happens: a task is registered or moved, a tier gets
another model, a session starts or ends, something is recorded.  Now and then
both are asked for everything: what there is of tasks, tiers and session, and
totals by many dimensions.  Every figure must be the same.
"""

import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import yaml

import questions

START = datetime(2026, 11, 22, 8, tzinfo=timezone.utc)
HISTORY = 150           # steps in one workspace
FIELDS = ["workstream", "quest", "repo"]
# Odd names only in every other history, since a file without them is read and
# changed in another way.
TASKS = ["T-1", "T-2", "T-3", "naïve ü", "2026-11-22", "12"]
ODD = ["a,\"b\"", "<i>", "=1+1", "it's", "x" * 130, "a  b " + "c " * 40]
TIERS = ["small", "large", "tier, odd", "(x)"]
MODELS = ["m-a", "m-b", "unpriced"]
PRICES = {"m-a": (Decimal("0.000001"), Decimal("0.000002")),
          "m-b": (Decimal("0.00001"), Decimal("0.00005"))}
RATES = """rates:
  m-a: {prompt_per_1k: 0.001, completion_per_1k: 0.002}
  m-b: {prompt_per_1k: 0.01, completion_per_1k: 0.05}
"""
STATUSES = ["todo", "in_progress", "blocked", "done", "cancelled", "odd-1"]
NAMES = [None, "session", "night", "a*b", "/x/", "naïve"]
BY = [["tier"], ["session"], ["task"], ["quest"], ["workstream"], ["repo"],
      ["tier", "model"], ["session", "tier"], ["quest", "task"], []]


def text_of(at, zone="Z"):
    """A time as meter writes it."""
    return at.isoformat().replace("+00:00", zone)


class Model:
    """What should be there."""

    def __init__(self):
        self.tasks, self.tiers, self.records = {}, {}, []
        self.session = None     # {id, started_at, ended_at}
        self.runs = 0

    def open_session(self, at):
        span = self.session
        if span and not span["ended_at"] and at >= span["started_at"]:
            return span["id"]
        return None

    def plan_task(self, name, changes, now):
        fresh = dict.fromkeys(FIELDS + ["status", "status_at"])
        task = self.tasks.setdefault(name, fresh)
        old = task["status"]
        task.update({key: value or None for key, value in changes.items()})
        if "status" in changes and "status_at" not in changes and \
                task["status"] != old:
            task["status_at"] = now if task["status"] else None

    def start(self, name, now):
        span, stamp = self.session, f"{now:%Y%m%dT%H%M%SZ}"
        count = 1
        if span and span["started_at"].replace(microsecond=0) == \
                now.replace(microsecond=0):
            count = span["count"] + 1
        number = f"-{count}" if count > 1 else ""
        self.session = {"id": f"{name or 'session'}-{stamp}{number}",
                        "started_at": now, "ended_at": None, "count": count}
        return self.session["id"]

    def add(self, given, at, **more):
        """A record, with what it is completed with."""
        record = dict.fromkeys(questions.STORED)
        record.update(dict.fromkeys(questions.TOKENS, 0))
        record.update(id=None, at=at, attempt=1, calls=1, is_estimated=False,
                      known=Decimal(0), amount=None, unit=None,
                      resource="llm", status="ok")
        record.update(given)
        record["session"] = record["session"] or self.open_session(at)
        record.update(more)
        if record["resource"] != "llm":
            record.update(estimated=Decimal(0), unpriced=False)
            self.records.append(questions.finish(record))
            return
        if not record["model"] and not record["run"]:
            record["model"] = self.tiers.get(record["tier"])
        price = PRICES.get(record["model"])
        prompt = record["input_tokens"] + record["cache_read_tokens"]
        record["unpriced"] = price is None
        record["estimated"] = Decimal(0) if price is None else \
            prompt * price[0] + record["output_tokens"] * price[1]
        self.records.append(questions.finish(record))

    def seen(self):
        """The records as they are read: with what their tasks belong to."""
        found = []
        for record in self.records:
            task = self.tasks.get(record["task"], {})
            found.append({**record, **{
                name: record[name] or task.get(name) for name in FIELDS}})
        return found


class History:
    def __init__(self, program, folder, rng):
        self.program, self.folder, self.rng = program, folder, rng
        self.model, self.now, self.steps = Model(), START, []
        self.tasks = TASKS + (rng.sample(ODD, 3) if rng.random() < 0.5 else [])
        with open(os.path.join(folder, "model-rates.yaml"), "w") as out:
            out.write(RATES)

    def fail(self, what):
        for step in self.steps[-12:]:
            print(step)
        sys.exit(what)

    def meter(self, *words, text="", expect=0, **environment):
        environment.update(METER_NOW=text_of(self.now), PATH="/usr/bin:/bin")
        self.steps.append((text_of(self.now), words, text[:200], environment))
        done = subprocess.run([self.program, "-C", self.folder, *words],
                              input=text.encode(), env=environment,
                              capture_output=True, check=False)
        if done.returncode != expect:
            self.fail(f"{words}: exit {done.returncode}, not {expect}: "
                      f"{done.stderr.decode()}")
        return done.stdout.decode()

    # ------------------------------------------------- what may happen

    def wait(self):
        rng = self.rng
        self.now += rng.choice([timedelta(0), timedelta(microseconds=3),
                                timedelta(milliseconds=400),
                                timedelta(seconds=rng.randrange(100)),
                                timedelta(hours=rng.randrange(30))])

    def name(self, names, missing=0.4):
        return None if self.rng.random() < missing else self.rng.choice(names)

    def belongs(self):
        """Some of what a task belongs to; the empty text clears."""
        return {field: self.rng.choice(["", "x", f"{field}-1", f"{field}-2"])
                for field in FIELDS if self.rng.random() < 0.5}

    def plan_task(self):
        name, changes = self.rng.choice(self.tasks), self.belongs()
        options = [f"--{key}={value}" for key, value in changes.items()]
        self.meter("plan", "task", *options, "--", name)
        self.model.plan_task(name, changes, self.now)

    def plan_file(self):
        names = self.rng.sample(self.tasks, self.rng.randrange(1, 6))
        columns = [name for name in FIELDS if self.rng.random() < 0.6]
        columns += ["status"] if self.rng.random() < 0.5 else []
        rows = {name: {key: self.rng.choice(STATUSES + [""])
                       if key == "status" else self.rng.choice(["", key, "y"])
                       for key in columns} for name in names}
        self.meter("plan", "task", "--from-file", "-",
                   text=self.file_of(rows, columns))
        for name, changes in rows.items():
            self.model.plan_task(name, changes, self.now)

    def file_of(self, rows, columns):
        listed = [{"id": name, **row} for name, row in rows.items()]
        form = self.rng.choice(["csv", "json", "yaml", "map"])
        if form == "json":
            return json.dumps(listed)
        if form != "csv":
            return yaml.safe_dump(listed if form == "yaml" else
                                  {"tasks": rows}, sort_keys=False)
        out = io.StringIO()
        writer = csv.DictWriter(out, ["id"] + columns)
        writer.writeheader()
        writer.writerows(listed)
        return out.getvalue()

    def plan_tier(self):
        name, model = self.rng.choice(TIERS), self.rng.choice(MODELS + [""])
        self.meter("plan", "tier", name, f"--model={model}")
        self.model.tiers[name] = model or None

    def start(self):
        name = self.rng.choice(NAMES)
        said = self.meter("record", "session", "start",
                          *([name] if name else []))
        wanted = self.model.start(name, self.now)
        if said != wanted + "\n":
            self.fail(f"the session is {said}, not {wanted}")

    def end(self):
        span = self.model.session
        is_open = span and not span["ended_at"]
        self.meter("record", "session", "end", expect=0 if is_open else 66)
        if is_open:
            span["ended_at"] = self.now

    def time_of(self):
        """A time that is told, or now: before, in and after a session."""
        if self.rng.random() < 0.6:
            return None
        return self.now + timedelta(seconds=self.rng.randrange(-9000, 3000))

    def described(self):
        """Fields of an event, its tokens, and its time if it is told."""
        given = {"tier": self.name(TIERS), "model": self.name(MODELS, 0.6),
                 "session": self.name(["s-own"], 0.8),
                 "task": self.name(self.tasks), "quest": self.name(["q-own"], 0.9)}
        if self.rng.random() < 0.1:
            given["resource"] = "api"
        tokens = {"input_tokens": 10 * self.rng.randrange(1000),
                  "output_tokens": 10 * self.rng.randrange(100)}
        if self.rng.random() < 0.3:
            tokens["cache_read_tokens"] = 10 * self.rng.randrange(100)
        return {k: v for k, v in given.items() if v}, tokens, self.time_of()

    def event(self):
        given, tokens, at = self.described()
        options = [f"--{k}={v}" for k, v in given.items()]
        options += [f"--{k.replace('_', '-')}={v}" for k, v in tokens.items()]
        options += [f"--at={text_of(at)}"] if at else []
        environment = {}
        if self.rng.random() < 0.1:
            environment["METER_SESSION"] = "s-env"
            given.setdefault("session", "s-env")
        self.meter("record", "event", *options, **environment)
        self.model.add(given, at or self.now, **tokens)

    def events(self):
        lines = []
        for _ in range(self.rng.randrange(1, 5)):
            given, tokens, at = self.described()
            line = {**given, **tokens}
            if at:
                line["at"] = text_of(at)
            lines.append(json.dumps(line))
            self.model.add(given, at or self.now, **tokens)
        words = self.rng.choice([[], ["--each"]])
        self.meter("record", "events", *words, text="\n".join(lines))

    def end_task(self):
        given, tokens, at = self.described()
        given["task"] = name = self.rng.choice(self.tasks)
        status = self.rng.choice(STATUSES)
        options = [f"--{k}={v}" for k, v in given.items() if k != "task"]
        options += [f"--at={text_of(at)}"] if at else []
        if self.rng.random() < 0.7:
            prompt = tokens["input_tokens"] + tokens.get("cache_read_tokens",
                                                         0)
            options += [f"--tokens-in={prompt}",
                        f"--tokens-out={tokens['output_tokens']}"]
            if "cache_read_tokens" in tokens:
                options.append("--cache-read-tokens="
                               f"{tokens['cache_read_tokens']}")
            self.model.add(given, at or self.now, **tokens)
        self.meter("record", "task", *options, "--", name, status)
        self.model.plan_task(name, {"status": status,
                                    "status_at": at or self.now}, self.now)

    def run(self):
        model = self.model
        model.runs += 1
        options, run = [], {"run": str(model.runs), "workflow": "w",
                            "provider": "p"}
        for name, names in (("tier", TIERS), ("task", self.tasks),
                            ("session", ["s-run"])):
            value = self.name(names, 0.6)
            if value:
                run[name] = value
                options.append(f"--{name}={value}")
        stages = []
        for number in range(self.rng.randrange(1, 4)):
            prompt, output = 10 * self.rng.randrange(1000), 10 * number
            own = {name: value for name, value in
                   (("task", self.name(self.tasks)),
                    ("session", self.name(["s-stage"], 0.8))) if value}
            name = self.rng.choice(MODELS)
            stages.append({"stage_id": f"s{number}", "provider": "p",
                           "metadata": {"model": name, "usage": {
                               "prompt_tokens": prompt,
                               "completion_tokens": output}}, **own})
            model.add({**run, **own, "stage": f"s{number}", "model": name},
                      self.now, input_tokens=prompt, output_tokens=output)
        self.meter("record", "run", "--snapshot", "none", *options,
                   text=json.dumps([{"workflow_id": "w", "stages": stages}]))

    # ------------------------------------------------------ what is asked

    def ask(self, *words):
        return json.loads(self.meter(*words, "--json"), parse_float=Decimal)

    def check_file(self):
        """The bytes are those of PyYAML, however they came about."""
        path = os.path.join(self.folder, "output/budget/tasks.yaml")
        if not os.path.exists(path):
            return
        with open(path, encoding="ascii") as file:
            text = file.read()
        if text != yaml.safe_dump(yaml.safe_load(text), sort_keys=False):
            self.fail("tasks.yaml is not what safe_dump writes")

    def check_lists(self):
        self.check_file()
        stamp = {name: {**task, "status_at": task["status_at"] and text_of(
            task["status_at"], "+00:00")}
                 for name, task in self.model.tasks.items()}
        wanted = [{"id": name, **task} for name, task in stamp.items()]
        if self.ask("plan", "tasks") != wanted:
            self.fail(f"the tasks are not {wanted}")
        wanted = [{"name": name, "model": model}
                  for name, model in self.model.tiers.items()]
        if self.ask("plan", "tiers") != wanted:
            self.fail(f"the tiers are not {wanted}")
        span = self.model.session
        if not span:
            self.meter("record", "session", "show", expect=66)
            return
        found = self.ask("record", "session", "show")
        if found["id"] != span["id"] or found["ended_at"] != (
                span["ended_at"] and text_of(span["ended_at"], "+00:00")):
            self.fail(f"the session is {found}, not {span}")

    def check_totals(self, by, session):
        records = self.model.seen()
        words = ["--by", ",".join(by)] if by else []
        span = self.model.session
        if session == "current" and (not span or span["ended_at"]):
            self.meter("usage", "--session", "current", expect=66)
            return
        if session:
            words += ["--session", session]
            wanted = span["id"] if session == "current" else session
            records = [r for r in records if r["session"] == wanted]
        groups, total = questions.answer(records, by, timezone.utc, None, None)
        if by == ["tier"]:
            self.add_tiers(groups, total)
        got = self.ask("usage", *words)
        if [[g[name] for name in by] for g in got["groups"]] != \
                [[g[name] for name in by] for g in groups]:
            self.fail(f"{words}: other groups than {groups}")
        for given, group in zip(got["groups"], groups):
            questions.expect(f"{words} {group}", given, group)
        questions.expect(words, got["total"], total)

    def add_tiers(self, groups, total):
        """Declared tiers that used nothing are there too."""
        there = {group["tier"] for group in groups}
        for name, model in self.model.tiers.items():
            if name not in there:
                zero = questions.in_order(questions.measures([]))
                groups.append({"tier": name, **zero,
                               "models": [model] if model else []})
        groups.sort(key=lambda group: questions.order_of(group["tier"]))
        total["models"] = sorted({name for group in groups
                                  for name in group["models"]}, key=str.encode)

    def check(self):
        self.check_lists()
        for by in self.rng.sample(BY, 3) + [["tier"]]:
            self.check_totals(by, self.rng.choice([None, "current", "s-own"]))

    def step(self):
        rng = self.rng
        self.wait()
        rng.choice([self.plan_task, self.plan_task, self.plan_file,
                    self.plan_tier, self.start, self.end, self.event,
                    self.event, self.events, self.end_task, self.end_task,
                    self.run])()
        if rng.random() < 0.2:
            self.check()


def main():
    arguments = sys.argv[1:]
    if not 1 <= len(arguments) <= 3:
        sys.exit("usage: sessions.py METER [STEPS [SEED]]")
    steps = int(arguments[1]) if len(arguments) > 1 else 1500
    seed = int(arguments[2]) if len(arguments) > 2 else 5
    rng = random.Random(seed)
    for begin in range(0, steps, HISTORY):
        with tempfile.TemporaryDirectory() as folder:
            history = History(os.path.abspath(arguments[0]), folder, rng)
            for _ in range(min(HISTORY, steps - begin)):
                history.step()
            for by in BY:
                history.check_totals(by, None)
                history.check_totals(by, "current")
            history.check_lists()
    print(f"{steps} steps: same totals")


if __name__ == "__main__":
    main()
