#!/usr/bin/python3
# test: METER
"""One analysis from end to end.

Calls of models, calls of interfaces of which one fails and one is refused for
the moment, three stages of CPU time by `record exec`, and resources by their
old names are recorded for one analysis, and something for two others.  Its
summary, the dearest entities and the breakdown of the interfaces must agree,
to the last digit, with each other and with what the ledger's files come to.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

METER = os.path.abspath(sys.argv[1])
ENTITY = "analysis:SDA-1"
RATES = """version: 1
rates:
  planner: {prompt_per_1k: 0.0013, completion_per_1k: 0.0021}
resources:
- resource: api
  match: '^pubmed$'
  per_call: 0.00125
- resource: cpu
  match: ''
  per_unit: 0.000013
  unit: s
"""
OLD = [
    {"resource_type": "llm_tokens_input", "amount": 1200, "model": "planner"},
    {"resource_type": "llm_tokens_output", "amount": 340, "model": "planner"},
    {"resource_type": "bedrock_tokens", "amount": 77, "model": "nobody-s"},
    {"resource_type": "api_call", "amount": 3, "provider": "pubmed"},
    {"resource_type": "cpu_seconds", "amount": "2.5"},
    {"resource_type": "process_runtime_seconds", "amount": "0.125"},
]
PROVIDERS = [("pubmed", "ok"), ("pubmed", "ok"), ("pubmed", "error"),
             ("pubmed", "rate_limited"), ("uniprot", "ok"),
             ("uniprot", "ok"), ("search", "quota")]


def meter(folder, *words, text=None, fails=False, **variables):
    done = subprocess.run(
        [METER, *words], cwd=folder, input=text, text=True,
        capture_output=True, check=False,
        env={"PATH": "/usr/bin:/bin", "METER_NOW": "2026-11-22T08:00:00Z",
             **variables})
    if (done.returncode != 0) != fails:
        sys.exit(f"{words}: exit {done.returncode}: {done.stderr}")
    return done.stdout


def ask(folder, *words):
    return json.loads(meter(folder, "usage", *words, "--json"),
                      parse_float=Decimal)


def record(folder):
    """All that is used; the scope is set once, as a script does it."""
    scope = {"METER_ENTITY": ENTITY, "METER_QUEST": "q-ri"}
    for number in range(4):
        meter(folder, "record", "event", "--model", "planner",
              "--provider", "anthropic", "--agent", f"agent-{number % 2}",
              "--input-tokens", str(1000 + number), "--output-tokens", "333",
              "--cache-read-tokens", "17", "--at",
              f"2026-11-2{number}T10:00:00Z", **scope)
    meter(folder, "record", "event", "--model", "planner", "--cost-usd",
          "0.000000000000001", "--output-tokens", "1", **scope)
    for provider, status in PROVIDERS:
        meter(folder, "record", "event", "--resource", "api", "--provider",
              provider, "--status", status, **scope)
    for stage, command in [("fetch", "true"), ("pipeline", "exit 3"),
                           ("post", "i=0; while [ $i -lt 20000 ]; "
                                    "do i=$((i+1)); done")]:
        meter(folder, "record", "exec", "--stage", stage, "--", "/bin/sh",
              "-c", command, fails=command == "exit 3", **scope)
    batch = [{**old, "ref_type": "commit", "ref_id": "abc",
              "entity": ENTITY, "created_at": "2026-11-19T23:59:59.5Z"}
             for old in OLD]
    batch.append({"model": "planner", "tokens_in": 10, "tokens_out": 1,
                  "entity": "analysis:SDA-2"})
    batch.append({"resource": "api", "provider": "pubmed", "calls": 40,
                  "entity": "dataset:SDA-1"})
    meter(folder, "record", "events", text=json.dumps(batch))


def rows(folder):
    found = []
    for path in sorted(Path(folder, "output/budget/events").glob("*.csv")):
        with open(path, newline="", encoding="utf-8") as data:
            found += csv.DictReader(data)
    return found


def prompt(row):
    return sum(int(row[name] or 0) for name in
               ("input_tokens", "cache_read_tokens", "cache_write_tokens",
                "cache_write_1h_tokens"))


def tokens(row):
    return prompt(row) + int(row["output_tokens"] or 0)


def cost(chosen):
    return sum((Decimal(row["cost_usd"] or 0) for row in chosen), Decimal(0))


def calls(chosen):
    return sum(int(row["calls"]) for row in chosen)


def entity(row):
    return f"{row['entity_type']}:{row['entity_id']}"


def expect(what, got, wanted):
    if got != wanted:
        sys.exit(f"{what}: {got}, not {wanted}")


def check_summary(folder, own):
    summary = ask(folder, "summary", f"entity:{ENTITY}")
    expect("events", summary["event_count"], len(own))
    expect("tokens in", summary["tokens_in"], sum(map(prompt, own)))
    expect("tokens out", summary["tokens_out"],
           sum(tokens(row) - prompt(row) for row in own))
    expect("cost", summary["cost_usd"], cost(own))
    expect("resources", set(summary["by_resource"]), {"llm", "api", "cpu"})
    for name, part in summary["by_resource"].items():
        chosen = [row for row in own if row["resource"] == name]
        amounts = {}
        for row in chosen:
            if row["unit"]:
                amounts[row["unit"]] = amounts.get(row["unit"], 0) + \
                    Decimal(row["amount"] or 0)
        expect(f"{name}", part,
               {"records": len(chosen), "calls": calls(chosen),
                "amounts": amounts, "total_tokens": sum(map(tokens, chosen)),
                "cost_usd": cost(chosen)})
    expect("the parts", sum(part["cost_usd"] for part in
                            summary["by_resource"].values()),
           summary["cost_usd"])
    expect("records", {record["id"] for record in summary["records"]},
           {row["id"] for row in own})
    return summary


def check_entities(folder, stored, summary):
    dearest = ask(folder, "--by", "entity", "--sort", "cost_usd", "--top",
                  "10")["groups"]
    wanted = sorted({entity(row) for row in stored}, key=lambda name: (
        -cost([row for row in stored if entity(row) == name]), name))
    expect("the dearest", [group["entity"] for group in dearest], wanted)
    own = dearest[wanted.index(ENTITY)]
    expect("its cost", own["cost_usd"], summary["cost_usd"])
    expect("its records", own["records"], summary["event_count"])
    expect("its tokens", own["total_tokens"], summary["tokens_total"])


def check_interfaces(folder, own, summary):
    answer = ask(folder, "--resource", "api", "--by", "provider",
                 "--entity", ENTITY)
    expect("providers", [group["provider"] for group in answer["groups"]],
           ["pubmed", "search", "uniprot"])
    for group in answer["groups"]:
        name = group["provider"]
        chosen = [row for row in own if row["resource"] == "api" and
                  row["provider"] == name]
        failed = [row for row in chosen if row["status"] in
                  ("error", "rate_limited", "quota")]
        expect(name, [group["calls"], group["errors"], group["rate_limited"],
                      group["quota"], group["cost_usd"]],
               [calls(chosen),
                *[len([row for row in chosen if row["status"] == status])
                  for status in ("error", "rate_limited", "quota")],
                cost(chosen)])
        expect(f"{name}'s failures", group["failure_rate"],
               round(Decimal(calls(failed)) / calls(chosen), 4))
    expect("all of them", answer["total"]["cost_usd"],
           summary["by_resource"]["api"]["cost_usd"])
    expect("all calls", answer["total"]["calls"],
           summary["by_resource"]["api"]["calls"])


def check_stages(own):
    stages = [row for row in own if row["source"] == "exec"]
    expect("stages", [(row["stage"], row["resource"], row["status"])
                      for row in stages],
           [("fetch", "cpu", "ok"), ("pipeline", "cpu", "error"),
            ("post", "cpu", "ok")])
    expect("old names", sorted(row["resource"] for row in own if
                               row["commit"] == "abc"),
           ["api", "cpu", "cpu", "llm", "llm", "llm"])


def main():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "model-rates.yaml").write_text(RATES)
        record(folder)
        stored = rows(folder)
        own = [row for row in stored if entity(row) == ENTITY]
        expect("events", len(own), 4 + 1 + len(PROVIDERS) + 3 + len(OLD))
        # The second time days that are over are answered from rollups.
        for _ in range(2):
            summary = check_summary(folder, own)
            check_entities(folder, stored, summary)
            check_interfaces(folder, own, summary)
        check_stages(own)
    print("one analysis, from end to end: the same to the last digit")


if __name__ == "__main__":
    main()
