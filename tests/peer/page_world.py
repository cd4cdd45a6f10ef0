"""Workspaces for the pages that people look at: full, empty, hostile."""

import json
import os
import random
import subprocess
from datetime import datetime, timedelta, timezone

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=timezone.utc)
DAYS = 30
MODELS = ["claude-sonnet-4-5", "gpt-4o", "claude-haiku-4-5", "gpt-4o-mini",
          "gemini-2.5-pro", "gemini-2.5-flash", "o3", "gpt-4.1",
          "claude-opus-4-1", "model-nobody-prices"]
PROVIDERS = {"c": "anthropic", "g": "openai", "o": "openai", "m": "local"}
REPOS = ["site", "billing", "docs", "mobile-app", "infrastructure"]
STREAMS = ["discovery", "drafting", "review", "release"]
QUESTS = ["q-ri", "q-onboarding", "q-search", "q-export"]
TYPES = ["analysis", "ticket", "chapter"]
PLAN = {"stage": "generate", "selected_chunk_count": 3,
        "per_workflow": [{"workflow_id": "draft", "calls": 4,
                          "prompt_words_estimate": 900},
                         {"workflow_id": "review", "calls": 2}],
        "total_provider_calls_estimate": 6,
        "total_prompt_tokens_estimate": 12000, "estimated_cost_usd": 0.06,
        "cost_cap": 1.0}

# Names that would do harm where they are not taken for names.
HOSTILE = [
    "<script>window.ran=1</script>",
    "\"><img src=x onerror=window.ran=1>",
    "'; window.ran=1;//",
    "</style><script>window.ran=1</script>",
    "</title></svg><script>window.ran=1</script>",
    "javascript:window.ran=1",
    "[click](javascript:window.ran=1)",
    "=cmd|' /C calc'!A1",
    "`code` | **bold** | <b>x</b> $x$",
    "\u202etxt.exe\u202c \u2066isolate",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 right to left",
    "\U0001f4a5" * 250,
    "W" * 1000,
    "a\u0301\u0302\u0303\u0304\u0305\u0306" * 60,
    "&lt;already&amp;escaped&gt; &#x3c;",
    "{{constructor.constructor('window.ran=1')()}}",
    "--><!-- ]]>",
    "https://example.invalid/x.png ![x](https://example.invalid/y.png)",
    "(none)", "-", "  blanks  ", "../../etc/passwd", "% %s %n", "a:b:c",
    "'quoted\" 'twice'",
]


def run(meter, folder, *arguments, given=None, check=True, extra=None):
    """Run a command in the folder, as tests do: nothing from outside."""
    env = {"PATH": "/usr/bin:/bin", "METER_NOW": f"{NOW:%Y-%m-%dT%H:%M:%SZ}"}
    done = subprocess.run([meter, "-C", folder, *arguments], input=given,
                          env={**env, **(extra or {})}, text=True,
                          capture_output=True)
    if check and done.returncode != 0:
        raise AssertionError(f"{arguments}: {done.returncode} {done.stderr}")
    return done


def call(rng, at, factor, names):
    model = rng.choices(MODELS, [30, 22, 16, 12, 8, 5, 3, 2, 2, 1])[0]
    status = rng.choices(["ok", "error", "retry", "rate_limited"],
                         [92, 3, 3, 2])[0]
    kind = rng.choice(TYPES)
    return {"at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "model": model,
            "provider": PROVIDERS[model[0]], "agent": names("agent", rng),
            "task": names("task", rng), "repo": names("repo", rng),
            "workstream": names("workstream", rng),
            "quest": names("quest", rng),
            "entity": f"{kind}:{names('entity', rng)}", "status": status,
            "attempt": 2 if status == "retry" else 1,
            "input_tokens": int(rng.randrange(500, 9000) * factor),
            "cache_read_tokens": rng.randrange(0, 6000),
            "output_tokens": int(rng.randrange(100, 2500) * factor)}


def plain_name(dimension, rng):
    if dimension == "repo":
        return rng.choices(REPOS + [None], [40, 25, 15, 10, 5, 5])[0]
    if dimension == "workstream":
        return rng.choice(STREAMS)
    if dimension == "quest":
        return rng.choices(QUESTS, [5, 3, 2, 1])[0]
    if dimension == "agent":
        return rng.choices(["writer", "reviewer", "planner", None],
                           [5, 3, 1, 1])[0]
    if dimension == "task":
        return f"task-{int(rng.paretovariate(1.2)) % 60}"
    return f"SDA-{int(rng.paretovariate(0.9)) % 40}"


def hostile_name(_, rng):
    return rng.choice(HOSTILE).strip() or None


def events(names, seed=1, a_day=24):
    rng = random.Random(seed)
    for day in range(DAYS):
        start = (NOW - timedelta(days=DAYS - day)).replace(hour=0)
        factor = 2.4 if day in (DAYS - 3, DAYS - 2) else 1
        for _ in range(a_day + rng.randrange(8)):
            yield call(rng, start + timedelta(seconds=rng.randrange(86400)),
                       factor, names)
        yield {"at": f"{start:%Y-%m-%dT09:00:00Z}", "resource": "api",
               "provider": names("repo", rng) or "search", "calls": 12,
               "status": "error" if day % 9 == 0 else "ok"}


def make_events(meter, folder, names):
    lines = "".join(json.dumps(event) + "\n" for event in events(names))
    run(meter, folder, "record", "events", given=lines)


def make_run(meter, folder, workflow="draft"):
    stage = {"stage_id": "gen", "provider": "openai",
             "metadata": {"model": "gpt-4o", "usage": {
                 "prompt_tokens": 9000, "completion_tokens": 1500}}}
    other = {"stage_id": "read", "provider": "local",
             "metadata": {"model": "model-nobody-prices", "usage": {
                 "prompt_tokens": 4000, "completion_tokens": 200}}}
    results = [{"run_id": "r-1", "workflow_id": workflow,
                "status": "completed", "stages": [stage] * 4},
               {"run_id": "r-2", "workflow_id": "review",
                "status": "completed", "stages": [other]}]
    run(meter, folder, "plan", "record", given=json.dumps(PLAN))
    run(meter, folder, "record", "run", "--duration", "12.5",
        given=json.dumps(results))


def allocate(meter, folder, scope, *amounts):
    start = f"{NOW - timedelta(days=DAYS):%Y-%m-%d}"
    run(meter, folder, "plan", "allocate", "--from", start, *amounts, "--",
        scope)


def full(meter, folder):
    os.makedirs(folder, exist_ok=True)
    make_events(meter, folder, plain_name)
    make_run(meter, folder)
    for quest, tokens in zip(QUESTS, (90000, 60000, 36000, 20000)):
        allocate(meter, folder, f"quest:{quest}", "--tokens", str(tokens))
    for repo, cost in zip(REPOS, ("0.60", "0.30", "0.20", "0.20", "0.05")):
        allocate(meter, folder, f"repo:{repo}", "--cost", cost)
    allocate(meter, folder, "workstream:review", "--tokens", "50000",
             "--cost", "0.40", "--tasks", "8")
    for day in range(1, 4):
        run(meter, folder, "variance", "daily",
            f"{NOW - timedelta(days=day):%Y-%m-%d}")


def empty(meter, folder):
    os.makedirs(folder, exist_ok=True)


def hostile(meter, folder):
    os.makedirs(folder, exist_ok=True)
    make_events(meter, folder, hostile_name)
    make_run(meter, folder, HOSTILE[0])
    for number, name in enumerate(HOSTILE):
        allocate(meter, folder, f"quest:{name.strip()}", "--tokens",
                 str(1000 + 4000 * number))
    run(meter, folder, "variance", "daily",
        f"{NOW - timedelta(days=2):%Y-%m-%d}")


WORLDS = {"full": full, "empty": empty, "hostile": hostile}
