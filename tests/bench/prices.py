"""What prices cost: a call, the table that is compiled in, a bad pattern."""

import json
import os
import random
import subprocess

import timing

MODELS = 2500
CALLS = 20000
HOSTILE = "patterns:\n- {match: ^(a+)+$, input_per_mtok: 1}\n"


def write_table(path):
    """Half of the models have exact entries, half patterns for versions."""
    with open(path, "w") as out:
        out.write("rates:\n")
        for n in range(0, MODELS, 2):
            out.write("  vendor/model-%d: {prompt_per_1k: 0.003,"
                      " completion_per_1k: 0.015}\n" % n)
        out.write("patterns:\n")
        for n in range(1, MODELS, 2):
            out.write("- {match: '^vendor/model-%d(-\\d{8})?$',"
                      " input_per_mtok: 3, output_per_mtok: 15,"
                      " cache_read_per_mtok: 0.3,"
                      " cache_write_per_mtok: 3.75,"
                      " above: [{prompt_tokens: 200000,"
                      " input_per_mtok: 6}]}\n" % n)


def write_calls(path):
    rng = random.Random(1)
    with open(path, "w") as out:
        for n in range(CALLS):
            usage = {"input_tokens": rng.randrange(300000),
                     "cache_creation_input_tokens": 300,
                     "cache_creation": {"ephemeral_5m_input_tokens": 180,
                                        "ephemeral_1h_input_tokens": 120},
                     "cache_read_input_tokens": rng.randrange(100000),
                     "output_tokens": rng.randrange(4000)}
            call = {"id": "msg_%08d" % n, "at": "2026-11-22T08:00:00Z",
                    "model": "vendor/model-%d" % rng.randrange(MODELS),
                    "usage": usage}
            out.write(json.dumps(call) + "\n")


def write_run(folder, name, model, cost):
    """A run of forty calls of one model."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 300}
    if cost:
        usage["cost"] = 0.0075
    stages = [{"stage_id": "s%d" % n, "provider": "p",
               "metadata": {"model": model, "usage": usage}}
              for n in range(40)]
    with open(os.path.join(folder, name), "w") as out:
        json.dump([{"run_id": "r", "workflow_id": "w", "status": "completed",
                    "stages": stages}], out)


def calls(bench, scratch):
    print("prices, in one process")
    table, lines, hostile = (os.path.join(scratch, name) for name in
                             ("prices.yaml", "calls.jsonl", "hostile.yaml"))
    write_table(table)
    write_calls(lines)
    with open(hostile, "w") as out:
        out.write(HOSTILE)
    output = subprocess.run([bench, table, lines, hostile], check=True,
                            capture_output=True, text=True).stdout
    spent = {name: float(figure) / 1e9 for name, figure in
             (line.split() for line in output.splitlines())}
    timing.show_ns("a call, from a table of 2,500 models", spent["price"])
    timing.show_ns("the same, of 20 of these models", spent["few"])
    timing.show_ns("reading the call's JSON line", spent["line"])
    timing.ratio("reading : pricing", spent["line"] / spent["price"])
    timing.show("loading a table of 2,500 models", spent["load"])
    timing.show("opening the embedded table", spent["open"])
    timing.show("opening it and finding a first model", spent["find"])
    timing.show("reading all of it, which no start does", spent["whole"])
    timing.show("^(a+)+$ against 200 characters: an error", spent["hostile"])


def start_up(meter, scratch):
    print("record run, with and without the embedded table")
    kinds = (("reported", "some-model", True), ("own", "house", False),
             ("embedded", "claude-sonnet-4-5", False))
    commands = []
    for name, model, cost in kinds:
        folder = os.path.join(scratch, "prices-" + name)
        os.makedirs(os.path.join(folder, "output/budget"))
        write_run(folder, "run.json", model, cost)
        with open(os.path.join(folder, "model-rates.yaml"), "w") as out:
            out.write("rates: {house: {prompt_per_1k: 0.001,"
                      " completion_per_1k: 0.002}}\n")
        commands.append([meter, "-C", folder, "record", "run", "run.json"])
    reported, own, embedded = timing.in_turn(commands, 101)
    timing.show("costs reported, no price looked up", *reported)
    timing.show("prices of the workspace's table", *own)
    timing.show("prices of the embedded table", *embedded)
    timing.difference("embedded - workspace's", embedded[0] - own[0],
                      "less than 1 ms")
    timing.difference("embedded - none", embedded[0] - reported[0],
                      "less than 1 ms")


def one_price(meter, scratch):
    print("rates cost, which syncs nothing, likewise")
    command = [meter, "-C", os.path.join(scratch, "prices-own"), "rates",
               "cost", "--input-tokens", "1000"]
    own, embedded = timing.in_turn(
        [command + ["house"], command + ["claude-sonnet-4-5"]], 201)
    timing.show("a price of the workspace's table", *own)
    timing.show("a price of the embedded table", *embedded)
    timing.difference("embedded - workspace's", embedded[0] - own[0],
                      "less than 1 ms")


def main(meter, scratch):
    calls(os.path.join(os.path.dirname(meter), "peer/rates_bench"), scratch)
    start_up(meter, scratch)
    one_price(meter, scratch)
