"""`record run` against the length of the history and against PyYAML."""

import os
import subprocess
import sys
import time

import yaml

import timing

RUN = """- run_index: {n}
  started_at: null
  completed_at: '2026-11-22T08:05:00+00:00'
  duration_seconds: 12.5
  snapshot_id: null
  workflows:
  - run_id: r-{n}
    workflow_id: draft
    status: completed
    stage_count: 1
  rollup:
    total_calls: 1
    total_prompt_tokens: 1000
    total_completion_tokens: 300
    total_tokens: 1300
    total_cost_usd_known: 0.0075
    total_cost_usd_estimated: null
  per_bucket:
  - workflow_id: draft
    stage_id: gen
    provider: openrouter
    model: some-model-4
    calls: 1
    prompt_tokens: 1000
    completion_tokens: 300
    total_tokens: 1300
    cost_usd_known: 0.0075
    cost_usd_estimated: null
    cost_status: known
    cost_estimated_for_calls: 0
"""

RESULTS = """[{"run_id": "r", "workflow_id": "draft", "status": "completed",
 "stages": [{"stage_id": "gen", "provider": "openrouter", "metadata":
 {"model": "some-model-4", "usage": {"prompt_tokens": 1000,
 "completion_tokens": 300, "cost": 0.0075}}}]}]
"""


def make_history(folder, count):
    """A workspace with that many runs, and the results of one more."""
    os.makedirs(os.path.join(folder, "output/budget"))
    with open(os.path.join(folder, "run.json"), "w") as out:
        out.write(RESULTS)
    with open(usage_file(folder), "w") as out:
        out.write("schema_version: 1\nruns:\n")
        for n in range(1, count + 1):
            out.write(RUN.format(n=n))
    return folder


def usage_file(folder):
    return os.path.join(folder, "output/budget/usage.yaml")


def record(meter, folder):
    return [meter, "-C", folder, "record", "run", "run.json"]


def load_append_dump(path):
    """What a program without meter does, with PyYAML's C loader and dumper."""
    start = time.perf_counter()
    with open(path) as text:
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    run = dict(data["runs"][-1], run_index=len(data["runs"]) + 1)
    data["runs"].append(run)
    with open(path + ".tmp", "w") as out:
        yaml.dump(data, out, Dumper=yaml.CSafeDumper, sort_keys=False)
        out.flush()
        os.fsync(out.fileno())
    os.rename(path + ".tmp", path)
    return time.perf_counter() - start


def history_length(meter, scratch):
    print("record run, by the runs that are there already")
    folders = [make_history(os.path.join(scratch, str(n)), n)
               for n in (10, 1000000)]
    first = timing.run(record(meter, folders[1]))
    timing.show("1,000,000 runs, none of them seen before", first)
    timing.run(record(meter, folders[0]))
    few, many = timing.in_turn([record(meter, f) for f in folders], 41)
    timing.show("10 runs", *few)
    timing.show("1,000,000 runs", *many)
    timing.ratio("1,000,000 runs : 10 runs", many[0] / few[0], "at most 1.2")


def against_pyyaml(meter, scratch):
    print("record run, against loading, appending and dumping with PyYAML")
    for count, wanted in ((1000, 50), (10000, 1000)):
        folder = make_history(os.path.join(scratch, "p%d" % count), count)
        (ours, peak), = timing.in_turn([record(meter, folder)], 21)
        output = subprocess.run(
            [sys.executable, __file__, usage_file(folder)], check=True,
            capture_output=True, text=True).stdout
        theirs, their_peak = (float(f) for f in output.split())
        timing.show("meter, {:,} runs, whole process".format(count), ours,
                    peak)
        timing.show("PyYAML, {:,} runs, without start".format(count), theirs,
                    their_peak)
        timing.ratio("PyYAML : meter", theirs / ours,
                     "at least {:,}".format(wanted))


def main(meter, scratch):
    history_length(meter, scratch)
    against_pyyaml(meter, scratch)


if __name__ == "__main__":
    import resource
    print(load_append_dump(sys.argv[1]),
          resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
