"""Random plans, runs and rate tables for tests/peer/histories.py.

The same seed gives the same inputs.  They hold what real ones do, and what is
hard to keep: odd names, numbers that look like text, very large and very small
figures.
"""

import documents
import model

NAMES = ["draft", "review", "extract-entities", "summarise", "w1", "stage_2"]
PROVIDERS = ["openrouter", "openai", "anthropic"]
# None of these is in the package's own table.
MODELS = ["who-knows", "house-model", "embed-only", "chapter one", "1e5"]
STATUSES = ["completed", "failed", "skipped"]
LARGEST_COUNT = 2 ** 63 - 1


def pick(rng, usual, odd=0.3):
    return documents.string(rng) if rng.random() < odd else rng.choice(usual)


def maybe(rng, value, missing=0.1):
    """The value, or null or nothing at all: (present, value)."""
    if rng.random() < missing:
        return (False, None) if rng.random() < 0.5 else (True, None)
    return True, value


def put(rng, target, key, value, missing=0.1):
    present, value = maybe(rng, value, missing)
    if present:
        target[key] = value


def count(rng):
    kind = rng.random()
    if kind < 0.7:
        return rng.randint(0, 5000)
    if kind < 0.9:
        return rng.getrandbits(rng.randint(1, 40))
    return rng.choice((0, 2 ** 53, 2 ** 53 + 1, 10 ** 15, 2 ** 55 + 3))


def large_count(rng):
    return rng.choice((LARGEST_COUNT, LARGEST_COUNT - 1, 2 ** 53 + 1,
                       2 ** 62 + 1, rng.getrandbits(63)))


def planned_count(rng):
    return large_count(rng) if rng.random() < 0.15 else count(rng)


def amount(rng):
    """A number that is not negative, as a plan may carry it."""
    kind = rng.random()
    if kind < 0.4:
        return round(rng.uniform(0, 5), rng.randint(0, 8))
    if kind < 0.5:
        return rng.randint(0, 3000)
    return abs(documents.number(rng))


def scalar(rng):
    return documents.number(rng) if rng.random() < 0.4 else \
        documents.string(rng)


def cost(rng):
    """A reported cost: a number or its text; floats that repr keeps whole."""
    kind = rng.random()
    if kind < 0.6:
        return round(rng.uniform(0, 2), rng.randint(0, 9))
    if kind < 0.7:
        return rng.randint(0, 20)
    if kind < 0.8:
        return rng.choice((0, 0.0, 1e-07, 5e-07, 2.5e-06, 1.5e-06, 1e-15,
                           4.9e-16, 1e-300, 123456.789012, 0.1, 1e6, 1e20,
                           123456789012.12346))
    return rng.choice(("0.0000001", "1e-7", "0.0024999999", "12", "0.5E0",
                       "0.000000500000001", "3.5e-16", "0.0000025",
                       "98765432109876.543211", "1e-400"))


def usage(rng):
    made = {}
    prompt, completion = count(rng), count(rng)
    put(rng, made, "prompt_tokens",
        str(prompt) if rng.random() < 0.05 else prompt, 0.07)
    put(rng, made, "completion_tokens", completion, 0.07)
    if rng.random() < 0.45:
        made["cost"] = cost(rng)
    if rng.random() < 0.1:
        made["cost"] = None
    if rng.random() < 0.2 and made.get("prompt_tokens"):
        read = rng.randint(0, prompt)
        details = {"cached_tokens": read}
        if rng.random() < 0.5:
            details["cache_write_tokens"] = rng.randint(0, prompt - read)
        made["prompt_tokens_details"] = details
    if rng.random() < 0.15 and made.get("completion_tokens"):
        made["completion_tokens_details"] = {
            "reasoning_tokens": rng.randint(0, completion)}
    if rng.random() < 0.3:
        made["total_tokens"] = \
            count_given(made, "prompt_tokens") + \
            count_given(made, "completion_tokens")
    if rng.random() < 0.1:
        made["latency"] = documents.value(rng, 2)
    return made


def count_given(made, name):
    return int(made.get(name) or 0)


def dimensions(rng, target, likely):
    """Some dimensions, some of them no text, which is left alone."""
    if rng.random() > likely:
        return
    for name in rng.sample(model.DIMENSIONS, rng.randint(1, 3)):
        value = rng.choice(("q-ri", "t:1", "main", documents.string(rng), ""))
        if rng.random() < 0.15:
            value = rng.choice((5, None, True, 1.5, ["x"], {"id": "x"}))
        target[name] = value


def stage(rng, models):
    made = {}
    put(rng, made, "stage_id", pick(rng, NAMES))
    put(rng, made, "provider", pick(rng, PROVIDERS + [""], 0.1), 0.1)
    metadata = {}
    put(rng, metadata, "model", rng.choice(models))
    put(rng, metadata, "usage", usage(rng))
    put(rng, made, "metadata", metadata, 0.05)
    dimensions(rng, made, 0.15)
    if rng.random() < 0.1:
        made[documents.string(rng) + "."] = documents.value(rng, 2)
    return made


def result(rng, models):
    made = {}
    put(rng, made, "run_id", pick(rng, ["r-1", "r-2", "r-3"]))
    put(rng, made, "workflow_id", pick(rng, NAMES))
    put(rng, made, "status", pick(rng, STATUSES, 0.1))
    stages = [stage(rng, models) for _ in range(rng.randint(0, 4))]
    if len(stages) > 1 and rng.random() < 0.5:
        # The same bucket twice, with another usage.
        stages.append({**stages[0], "metadata": {
            **(stages[0].get("metadata") or {}), "usage": usage(rng)}})
    put(rng, made, "stages", stages, 0.05)
    dimensions(rng, made, 0.15)
    return made


def results(rng, models):
    """The results of a run; at times one that stands alone."""
    if rng.random() < 0.1:
        return result(rng, models)
    return [result(rng, models) for _ in range(rng.randint(0, 3))]


def planned_workflows(rng):
    rows = []
    names = set()
    for _ in range(rng.randint(0, 4)):
        row = {}
        name = pick(rng, NAMES)
        if name in names:
            continue
        names.add(name)
        put(rng, row, "workflow_id", name)
        put(rng, row, "calls", planned_count(rng))
        put(rng, row, "prompt_words_estimate", amount(rng))
        if rng.random() < 0.2:
            row[documents.string(rng) + "."] = documents.value(rng, 3)
        rows.append(row)
    return rows


def plan(rng):
    made = {}
    put(rng, made, "stage", pick(rng, ["generate", "draft"]))
    for name in model.FILTERS[1:]:
        put(rng, made, name, scalar(rng), 0.6)
    put(rng, made, "selected_chunk_count", planned_count(rng))
    for name in model.LISTS[:2]:
        put(rng, made, name,
            [scalar(rng) for _ in range(rng.randint(0, 3))])
    put(rng, made, "per_workflow", planned_workflows(rng))
    for name in ("total_provider_calls_estimate",
                 "total_prompt_tokens_estimate", "max_calls"):
        put(rng, made, name, planned_count(rng), 0.15)
    for name in ("total_prompt_words_estimate", "estimated_cost_usd",
                 "cost_per_1k_tokens", "cost_cap"):
        put(rng, made, name, amount(rng), 0.15)
    for name in model.FLAGS:
        put(rng, made, name, rng.random() < 0.2, 0.5)
    if rng.random() < 0.1:
        made["note"] = documents.value(rng, 2)
    order = list(made)
    if rng.random() < 0.3:
        rng.shuffle(order)
    return {key: made[key] for key in order}


def price(rng):
    """A price per thousand tokens, exact to 15 places a token, as text."""
    return rng.choice(("0.003", "0.015", "0.00015", "0.0006", "0.00002", "0",
                       "0.000000000001", "0.25", "1", "0.002500",
                       f"0.{rng.randint(0, 10 ** 12 - 1):012d}"))


def rates(rng):
    """The models to use in a history, and the table that prices some."""
    models = MODELS + [documents.string(rng) + "\u2026" for _ in range(2)]
    rng.shuffle(models)
    table = {}
    for name in models[:rng.randint(0, 4)]:
        entry = {}
        for key in ("prompt_per_1k", "completion_per_1k"):
            if rng.random() < 0.85:
                entry[key] = price(rng)
        if entry:
            table[name] = entry
    return models, table if rng.random() < 0.7 else {}
