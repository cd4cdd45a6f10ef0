"""Run a program on many documents and compare what it writes."""

import json
import multiprocessing
import random
import subprocess
import sys

import documents

CHUNK = 500
WORKERS = 2
SHOWN = 5


def run(program, way, texts):
    """What the program writes for each line of JSON."""
    done = subprocess.run([program, way], input="\n".join(texts).encode(),
                          stdout=subprocess.PIPE, check=True)
    return done.stdout.split(b"\0\n")[:-1]


def compare_chunk(job):
    """How many documents differ, and the first of them."""
    program, checks, seed, start, count = job
    rng = random.Random(f"{seed}/{start}")
    values = [documents.document(rng) for _ in range(count)]
    texts = [json.dumps(value) for value in values]
    differences = []
    for way, check in checks:
        answers = run(program, way, texts)
        if len(answers) != count:
            sys.exit(f"{program} {way}: {len(answers)} answers, not {count}")
        for text, value, answer in zip(texts, values, answers):
            wanted = check(value, answer)
            if wanted is not None:
                differences.append((way, text, wanted, answer))
    return len(differences), differences[:SHOWN]


def main(usage, total, checks):
    """Compare total documents; checks are pairs of a way and a function that
    returns None, or what should have been written."""
    arguments = sys.argv[1:]
    if not 1 <= len(arguments) <= 3:
        sys.exit(f"usage: {usage} PROGRAM [N [SEED]]")
    program = arguments[0]
    total = int(arguments[1]) if len(arguments) > 1 else total
    seed = int(arguments[2]) if len(arguments) > 2 else 1
    jobs = [(program, checks, seed, start, min(CHUNK, total - start))
            for start in range(0, total, CHUNK)]
    different, shown = 0, []
    with multiprocessing.Pool(WORKERS) as pool:
        for count, some in pool.imap(compare_chunk, jobs):
            different += count
            shown += some
    for way, text, wanted, answer in shown[:SHOWN]:
        print(f"{way} of {text}\n  wanted {wanted!r}\n  got    {answer!r}")
    if different:
        print(f"{total} documents: {different} differ")
        sys.exit(1)
    print(f"{total} documents: same bytes")
