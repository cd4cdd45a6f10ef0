"""What plans.yaml, usage.yaml and summary.yaml must hold: an independent model.

It is written from the description of the files alone.  A workspace is kept
as Python values and written with yaml.safe_dump(data, sort_keys=False), as the
program that these files come from writes them.  Money is exact: sums of
decimals, rounded once, half to even, to six places.
"""

import decimal
import hashlib
import json

import yaml

DIMENSIONS = ("account agent tier session task workstream quest repo commit "
              "release entity").split()
FILTERS = "stage chapter_filter chunk_filter from_chapter to_chapter".split()
PLAN_FIELDS = """selected_chunk_count selected_chunk_ids
    selected_chapter_numbers per_workflow total_provider_calls_estimate
    total_prompt_tokens_estimate total_prompt_words_estimate
    estimated_cost_usd cost_per_1k_tokens max_calls cost_cap
    exceeds_max_calls exceeds_cost_cap""".split()
LISTS = "selected_chunk_ids selected_chapter_numbers per_workflow".split()
FLAGS = "exceeds_max_calls exceeds_cost_cap".split()
IN_ID = [name for name in PLAN_FIELDS
         if name not in FLAGS + ["per_workflow", "total_prompt_words_estimate"]]
EXTRA_COUNTS = ("cache_read_tokens cache_write_tokens cache_write_1h_tokens "
                "reasoning_tokens").split()
ONCE_RUNS = 100
LARGEST = decimal.Decimal(2 ** 127 - 1).scaleb(-15)

EXACT = decimal.Context(prec=400, rounding=decimal.ROUND_HALF_EVEN)


def exact(number):
    """What a number stands for in a file, up to the largest amount."""
    return min(EXACT.create_decimal(repr(number)), LARGEST)


def rounded(amount):
    return amount.quantize(decimal.Decimal("0.000001"), context=EXACT)


def money(amount):
    return float(rounded(amount)) + 0.0


def dump(value):
    return yaml.safe_dump(value, sort_keys=False).encode()


def count_of(value):
    return int(value or 0)


class Rates:
    """A version 1 table: model to (prompt, completion), USD per thousand."""

    def __init__(self, table):
        self.table = table

    def cost(self, model, tokens):
        if model not in self.table:
            return None
        entry = self.table[model]
        prompt, completion = (
            decimal.Decimal(entry[key]) if entry.get(key) else decimal.Decimal()
            for key in ("prompt_per_1k", "completion_per_1k"))
        return EXACT.divide(
            EXACT.add(EXACT.multiply(prompt, tokens["prompt"]),
                      EXACT.multiply(completion, tokens["completion"])),
            decimal.Decimal(1000))


def read_usage(usage):
    """The counts of a usage object of OpenAI's shape; its cost is text."""
    usage = usage or {}
    prompt = usage.get("prompt_tokens_details") or {}
    completion = usage.get("completion_tokens_details") or {}
    cost = usage.get("cost")
    return {
        "prompt": count_of(usage.get("prompt_tokens")),
        "completion": count_of(usage.get("completion_tokens")),
        "cache_read_tokens": count_of(prompt.get("cached_tokens")),
        "cache_write_tokens": count_of(prompt.get("cache_write_tokens")),
        "cache_write_1h_tokens": 0,
        "reasoning_tokens": count_of(completion.get("reasoning_tokens")),
        "cost": None if cost is None else rounded_15(str(cost)),
    }


def rounded_15(text):
    return decimal.Decimal(text).quantize(decimal.Decimal("1e-15"),
                                          context=EXACT)


def dimensions_of(*maps):
    """The first string each dimension has in one of the maps."""
    found = {}
    for name in DIMENSIONS:
        for given in maps:
            if isinstance(given.get(name), str):
                found[name] = given[name]
                break
    return found


class Bucket:
    def __init__(self, key, dimensions):
        self.key, self.dimensions = key, dimensions
        self.calls = self.prompt = self.completion = 0
        self.extra = dict.fromkeys(EXTRA_COUNTS, 0)
        self.known = self.estimated = decimal.Decimal()
        self.has_known, self.estimated_calls = False, 0

    def add(self, tokens, rates):
        self.calls += 1
        self.prompt += tokens["prompt"]
        self.completion += tokens["completion"]
        for name in EXTRA_COUNTS:
            self.extra[name] += tokens[name]
        if tokens["cost"] is not None:
            self.has_known = True
            self.known = EXACT.add(self.known, tokens["cost"])
            return
        cost = rates.cost(self.key[3], tokens)
        if cost is not None:
            self.estimated_calls += 1
            self.estimated = EXACT.add(self.estimated, cost)

    def status(self):
        if self.has_known:
            return "known"
        return "estimated" if self.estimated_calls else "unknown"

    def stored(self):
        names = ("workflow_id", "stage_id", "provider", "model")
        return {
            **dict(zip(names, self.key)),
            "calls": self.calls,
            "prompt_tokens": self.prompt,
            "completion_tokens": self.completion,
            "total_tokens": self.prompt + self.completion,
            "cost_usd_known": money(self.known),
            "cost_usd_estimated":
                money(self.estimated) if self.estimated_calls else None,
            "cost_status": self.status(),
            "cost_estimated_for_calls": self.estimated_calls,
            **{name: n for name, n in self.extra.items() if n},
            **self.dimensions,
        }


def buckets_of(results, rates):
    buckets = {}
    for result in results:
        for stage in result.get("stages") or []:
            provider = stage.get("provider") or ""
            metadata = stage.get("metadata") or {}
            if provider == "":
                continue
            key = (result.get("workflow_id") or "",
                   stage.get("stage_id") or "", provider,
                   metadata.get("model") or "")
            dimensions = dimensions_of(stage, result)
            place = (key, tuple(dimensions.items()))
            bucket = buckets.setdefault(place, Bucket(key, dimensions))
            bucket.add(read_usage(metadata.get("usage")), rates)
    return list(buckets.values())


def total(values):
    result = decimal.Decimal()
    for value in values:
        result = EXACT.add(result, value)
    return result


def ratio(actual, estimated):
    if not estimated:
        return None
    try:
        value = round(actual / estimated, 4)
    except OverflowError:
        return None
    return value if abs(value) != float("inf") else None


def counts(estimated, actual):
    known = estimated is not None
    return {
        "estimated": estimated,
        "actual": actual,
        "delta": actual - estimated if known else None,
        "ratio": ratio(actual, estimated) if known else None,
    }


def costs(estimated, known, from_rates):
    actual = EXACT.add(exact(money(known)), exact(money(from_rates)))
    row = {
        "estimated": None if estimated is None else float(estimated),
        "actual_known": money(known),
        "actual_estimated_from_rates": money(from_rates),
        "actual_total": float(actual),
        "delta": None,
        "ratio": None,
    }
    if estimated is not None:
        row["delta"] = float(rounded(EXACT.subtract(actual, decimal.Decimal(
            repr(estimated))))) + 0.0
        row["ratio"] = ratio(row["actual_total"], row["estimated"])
    return row


def workflow_rows(snapshot, buckets):
    planned = {item["workflow_id"]: item
               for item in (snapshot or {}).get("per_workflow", [])
               if item.get("workflow_id")}
    used = {bucket.key[0] for bucket in buckets if bucket.key[0]}
    rows = []
    for name in sorted(planned.keys() | used):
        plan = planned.get(name, {})
        mine = [bucket for bucket in buckets if bucket.key[0] == name]
        estimated = count_of(plan.get("calls")) if name in planned else None
        rows.append({
            "workflow_id": name,
            "calls": counts(estimated, sum(b.calls for b in mine)),
            "prompt_tokens_actual": sum(b.prompt for b in mine),
            "prompt_words_estimate": plan.get("prompt_words_estimate"),
        })
    return rows


class Workspace:
    """The three files, as values, and what each command does to them."""

    def __init__(self, rates):
        self.rates = Rates(rates)
        self.plans = None
        self.runs = []
        self.summary = None
        self.run_texts = []
        self.run_buckets = {}

    def snapshots(self):
        return self.plans["snapshots"] if self.plans else []

    def plan(self, summary, now, retention):
        filters = {name: summary.get(name) for name in FILTERS}
        identity = {name: summary.get(name) for name in ["stage"] + IN_ID}
        text = json.dumps({**identity, "filters": filters}, sort_keys=True)
        snapshot = {
            "snapshot_id": hashlib.sha256(text.encode()).hexdigest()[:12],
            "recorded_at": now,
            "stage": summary.get("stage"),
            "filters": filters,
        }
        for name in PLAN_FIELDS:
            value = summary.get(name)
            if value is None and name in LISTS:
                value = []
            if value is None and name in FLAGS:
                value = False
            snapshot[name] = value
        self.store(snapshot, retention)
        return snapshot

    def store(self, snapshot, retention):
        if self.plans is None:
            self.plans = {"schema_version": 1, "pruned_count": 0,
                          "snapshots": []}
        kept = self.plans["snapshots"]
        if kept and kept[-1]["snapshot_id"] == snapshot["snapshot_id"]:
            kept[-1]["recorded_at"] = snapshot["recorded_at"]
            return
        kept.append(snapshot)
        while retention and len(kept) > retention:
            kept.pop(0)
            self.plans["pruned_count"] += 1

    def find_same(self, results):
        """The newest run of the same workflow runs, by their run_ids."""
        wanted = [result.get("run_id") for result in results]
        if not wanted or None in wanted:
            return None
        for run in reversed(self.runs[-ONCE_RUNS:]):
            if [w["run_id"] for w in run["workflows"]] == wanted:
                return run
        return None

    def choose_snapshot(self, choice):
        if choice == "none":
            return None
        if choice != "latest":
            return choice
        kept = self.snapshots()
        return kept[-1]["snapshot_id"] if kept else None

    def record(self, given, now, choice="latest", started_at=None,
               duration=None, dimensions=None):
        results = given if isinstance(given, list) else [given]
        buckets = buckets_of(results, self.rates)
        known = total(b.known for b in buckets)
        estimated = total(b.estimated for b in buckets)
        run = {
            "run_index": len(self.runs) + 1,
            "started_at": started_at,
            "completed_at": now,
            "duration_seconds": None if duration is None else float(duration),
            "snapshot_id": self.choose_snapshot(choice),
            "workflows": [{
                "run_id": result.get("run_id"),
                "workflow_id": result.get("workflow_id") or "",
                "status": result.get("status"),
                "stage_count": len(result.get("stages") or []),
            } for result in results],
            "rollup": {
                "total_calls": sum(b.calls for b in buckets),
                "total_prompt_tokens": sum(b.prompt for b in buckets),
                "total_completion_tokens": sum(b.completion for b in buckets),
                "total_tokens": sum(b.prompt + b.completion for b in buckets),
                "total_cost_usd_known": money(known),
                "total_cost_usd_estimated": money(estimated) or None,
            },
            "per_bucket": [bucket.stored() for bucket in buckets],
        }
        if dimensions:
            run["dimensions"] = dimensions_of(dimensions)
        self.runs.append(run)
        self.run_texts.append(dump([run]))
        self.run_buckets[run["run_index"]] = buckets
        self.summary = self.variance(run)
        return run

    def variance(self, run):
        """The row of a run beside its snapshot, as that stands now."""
        buckets = self.run_buckets[run["run_index"]]
        rollup = run["rollup"]
        snapshot = None
        for candidate in self.snapshots():
            if candidate["snapshot_id"] == run["snapshot_id"]:
                snapshot = candidate
        calls = prompt = cost = None
        if snapshot:
            calls = count_of(snapshot["total_provider_calls_estimate"])
            prompt = count_of(snapshot["total_prompt_tokens_estimate"])
            cost = snapshot["estimated_cost_usd"]
        return {
            "schema_version": 1,
            "recorded_at": run["completed_at"],
            "run_index": run["run_index"],
            "snapshot_id": run["snapshot_id"],
            "snapshot_resolved": snapshot is not None,
            "calls": counts(calls, rollup["total_calls"]),
            "prompt_tokens": counts(prompt, rollup["total_prompt_tokens"]),
            "total_tokens": counts(prompt, rollup["total_tokens"]),
            "cost_usd": costs(cost, total(b.known for b in buckets),
                              total(b.estimated for b in buckets)),
            "per_workflow": workflow_rows(snapshot, buckets),
            "duration_seconds": run["duration_seconds"],
        }

    def usage(self):
        return {"schema_version": 1, "runs": self.runs}

    def files(self):
        """Each file that must be there, and its bytes.

        The runs are dumped one by one, which is quick where they grow; that
        they read like the whole dumped at once is checked with usage().
        """
        files = {}
        if self.plans is not None:
            files["plans.yaml"] = dump(self.plans)
        if self.runs:
            files["usage.yaml"] = (b"schema_version: 1\nruns:\n" +
                                   b"".join(self.run_texts))
            files["summary.yaml"] = dump(self.summary)
        return files
