"""Rate tables, settings, statuses and data files that are wrong."""

from cases import Case, Stored

BINARY = b"\x7fELF\x02\x01" + bytes(range(256))


def rates_cases():
    for name, text, place, path in (
            ("a list", "- a\n", (1, 1), ""),
            ("text", "rates\n", (1, 1), ""),
            ("rates as a list", "rates:\n- a\n", (2, 1), "rates"),
            ("rates as text", "rates: a\n", (1, 8), "rates"),
            ("an entry as text", "rates:\n  m: 5\n", (2, 6), "rates.m"),
            ("an entry as a list", "rates:\n  m: []\n", (2, 6), "rates.m"),
            ("no price", "rates:\n  m: {}\n", (2, 6), "rates.m"),
            ("a price as text", "rates:\n  m: {prompt_per_1k: '1'}\n",
             (2, 22), "rates.m.prompt_per_1k"),
            ("a price that YAML takes for text",
             "rates:\n  m: {prompt_per_1k: 3e-06}\n", (2, 22),
             "rates.m.prompt_per_1k"),
            ("a negative price", "rates:\n  m: {prompt_per_1k: -1}\n",
             (2, 22), "rates.m.prompt_per_1k"),
            ("a price of nothing", "rates:\n  m: {prompt_per_1k: .nan}\n",
             (2, 22), "rates.m.prompt_per_1k"),
            ("an infinite price", "rates:\n  m: {prompt_per_1k: .inf}\n",
             (2, 22), "rates.m.prompt_per_1k"),
            ("too large a price", "rates:\n  m: {prompt_per_1k: 1.0e+99}\n",
             (2, 22), "rates.m.prompt_per_1k"),
            ("too fine a price",
             "rates:\n  m: {completion_per_1k: 0.0000000000001}\n",
             (2, 26), "rates.m.completion_per_1k"),
            ("a price in base 60", "rates:\n  m: {prompt_per_1k: 1:30}\n",
             (2, 22), "rates.m.prompt_per_1k"),
            ("a model twice",
             "rates:\n  m: {prompt_per_1k: 1}\n  m: {prompt_per_1k: 2}\n",
             (3, 3), "rates.m"),
            ("an anchor", "rates: &a {}\n", (1, 8), ""),
            ("patterns as a mapping", "patterns: {}\n", (1, 11), "patterns"),
            ("a pattern without match",
             "patterns:\n- input_per_mtok: 1\n", (2, 3), "patterns[0]"),
            ("a pattern that does not compile",
             "patterns:\n- match: '(a'\n  input_per_mtok: 1\n", (2, 10),
             "patterns[0].match"),
            ("a pattern with a field misspelt",
             "patterns:\n- match: a\n  input_per_mtoc: 1\n", (3, 19),
             "patterns[0].input_per_mtoc"),
            ("a day that is none",
             "patterns:\n- {match: a, input_per_mtok: 1, from: 2026-13-01}\n",
             (2, 39), "patterns[0].from"),
            ("days in the wrong order",
             "patterns:\n- {match: a, input_per_mtok: 1,\n"
             "   from: 2026-02-01, to: 2026-01-01}\n", (3, 26),
             "patterns[0].to"),
            ("resources as text", "resources: x\n", (1, 12), "resources"),
            ("a resource without a price", "resources:\n- resource: api\n",
             (2, 3), "resources[0]"),
            ("a version that is none", "schema_version: x\nrates: {}\n",
             (1, 17), "schema_version"),
            ("deep lists", "[" * 100000, (1, 65), ""),
            ("two documents", "rates: {}\n---\nrates: {}\n", (2, 1), ""),
            ("binary", BINARY, None, ""),
            ("UTF-16", "rates: {}\n".encode("utf-16"), (1, 1), ""),
            ("Latin-1", "rates: {caf\xe9: 1}\n".encode("latin-1"),
             (1, 12), ""),
            ("NUL", b"rates: {a\0: 1}\n", (1, 10), "")):
        yield Case("rates: " + name, text, command="rates", place=place,
                   path=path, status=78, file="model-rates.yaml")


def settings_cases():
    for name, text, place, path in (
            ("a list", "- a\n", (1, 1), ""),
            ("text", "limits\n", (1, 1), ""),
            ("limits as text", "limits: calls<=1\n", (1, 9), "limits"),
            ("limits as a mapping", "limits: {calls: 1}\n", (1, 9), "limits"),
            ("a limit as a number", "limits: [5]\n", (1, 10), "limits[0]"),
            ("a limit as nothing", "limits:\n- ~\n", (2, 3), "limits[0]"),
            ("a limit of nothing known", "limits: ['x<=1']\n", (1, 10),
             "limits[0]"),
            ("a limit without value", "limits: ['calls<=']\n", (1, 10),
             "limits[0]"),
            ("a limit below 0", "limits: ['calls<=-1']\n", (1, 10),
             "limits[0]"),
            ("another sign", "limits: ['calls<1']\n", (1, 10), "limits[0]"),
            ("limits twice", "limits: []\nlimits: []\n", (2, 1), "limits"),
            ("a tag", "limits: !!seq []\n", (1, 9), ""),
            ("deep lists", "[" * 100000, (1, 65), ""),
            ("binary", BINARY, None, ""),
            ("bad UTF-8", b"limits: ['\xff']\n", (1, 11), "")):
        yield Case("settings: " + name, text, command="check", place=place,
                   path=path, status=78, file="meter.yaml")


def status_cases():
    for name, text, place in (
            ("empty", "", (1, 1)),
            ("a list", "[]", (1, 1)),
            ("null", "null", (1, 1)),
            ("YAML", "a: b\n", (1, 1)),
            ("cut", '{"a": 1', None),
            ("a duplicate key", '{"a": 1,\n "a": 2}', (2, 2)),
            ("NaN", '{"a": NaN}', (1, 7)),
            ("deep lists", "[" * 100000, (1, 65)),
            ("a second mark", b"\xef\xbb\xbf\xef\xbb\xbf{}", (1, 1)),
            ("bad UTF-8", b'{"a": "\xff"}', (1, 8)),
            ("NUL", b'{"a": "\0"}', (1, 8)),
            ("a lone surrogate", '{"a": "\\ud800"}', None),
            ("binary", BINARY, None)):
        yield Case("status: " + name, text, command="status", place=place)


def task_cases():
    for name, text, place, path in (
            ("empty", "", (1, 1), ""),
            ("text", "T-1 and T-2\n", (1, 1), "[0]"),
            ("a number", "- 5\n", (1, 3), "[0]"),
            ("tasks as text", "tasks: T-1\n", (1, 8), "tasks"),
            ("a task as a list", "tasks:\n  T-1: [q]\n", (2, 8),
             "tasks.T-1"),
            ("a quest as a mapping", "- {id: T-1, quest: {a: b}}\n", (1, 20),
             "[0].quest"),
            ("a quest that is true", "- {id: T-1, quest: true}\n", (1, 20),
             "[0].quest"),
            ("no id", "- {quest: q}\n", (1, 3), "[0]"),
            ("an empty id", "- {id: ''}\n", (1, 3), "[0]"),
            ("an id with an escape", '- {id: "\\e[2J"}\n', (1, 3), "[0]"),
            ("an id with a NUL", '[{"id": "a\\u0000b"}]', (1, 2), "[0]"),
            ("a long id", "- {id: %s}\n" % ("x" * 1025), (1, 3), "[0]"),
            ("a status of two words", "- {id: T-1, status: a b}\n", (1, 21),
             "[0].status"),
            ("a time that is none", "- {id: T-1, status_at: noon}\n", (1, 24),
             "[0].status_at"),
            ("a field misspelt", "- {id: T-1, qest: q}\n", (1, 19),
             "[0].qest"),
            ("an anchor", "- &a {id: T-1}\n", (1, 3), ""),
            ("deep lists", "[" * 100000, (1, 65), ""),
            ("CSV: a row too short", "id,quest\nT-1\n", (2, 1), ""),
            ("CSV: a row too long", "id\nT-1,q\n", (2, 5), ""),
            ("CSV: an open quote", 'id\n"T-1\n', (2, 1), ""),
            ("CSV: a column misspelt", "id,quests\n", (1, 4), "[1]"),
            ("CSV: a column twice", "id,quest,id\n", (1, 10), ""),
            ("CSV: an escape", "id,quest\nT-1,\x1b[2J\n", (2, 5),
             "[0].quest"),
            ("CSV: many columns", ",".join(map(str, range(99999))) + "\n",
             None, ""),
            ("CSV: bad UTF-8", b"id,quest\nT-1,\xff\n", (2, 5), ""),
            ("CSV: NUL", b"id,quest\nT-1,a\0b\n", (2, 6), ""),
            ("CSV: a line end of a Mac", b"id,quest\rT-1,q\r", (1, 9), "")):
        yield Case("tasks: " + name, text, command="tasks", place=place,
                   path=path)
    for name, text, place, path in (
            ("no name", "- {model: m}\n", (1, 3), "[0]"),
            ("a model as a list", "small: {model: [m]}\n", (1, 16),
             "small.model"),
            ("CSV: a tier twice", "name,model\na,m\na,n\n", (3, 1), "[1]")):
        yield Case("tiers: " + name, text, command="tiers", place=place,
                   path=path)


def input_cases():
    for case in (*rates_cases(), *settings_cases(), *status_cases(),
                 *task_cases()):
        yield case


def replace(old, new):
    """A change of the first place; what is not there cannot be changed."""
    def change(data):
        assert old in data, old
        return data.replace(old, new, 1)
    return change


def append(more):
    return lambda data: data + more


def whole(data):
    return lambda _: data


def damaged_anyhow(file):
    """What is wrong with any of the files."""
    for name, change, place in (
            ("empty", whole(b""), (1, 1)),
            ("blank", whole(b"\n\n"), None),
            ("a list", whole(b"- a\n"), (1, 1)),
            ("text", whole(b"hello\n"), (1, 1)),
            ("null", whole(b"~\n"), (1, 1)),
            ("binary", whole(BINARY), None),
            ("zeros", whole(bytes(4096)), (1, 1)),
            ("UTF-16", lambda data: data.decode().encode("utf-16"), (1, 1)),
            ("JSON cut", whole(b'{"schema_version": 1, "runs": ['), None),
            ("no version", replace(b"schema_version: 1\n", b""), (1, 1)),
            ("a version that is text",
             replace(b"schema_version: 1", b"schema_version: x"), (1, 17)),
            ("version 0",
             replace(b"schema_version: 1", b"schema_version: 0"), (1, 17)),
            ("a negative version",
             replace(b"schema_version: 1", b"schema_version: -1"), (1, 17)),
            ("a duplicate key", append(b"schema_version: 1\n"), None),
            ("a second document", append(b"---\na: b\n"), None),
            ("an open quote", append(b"x: 'y\n"), None),
            ("an anchor", replace(b"schema_version: 1",
                                  b"schema_version: &a 1"), (1, 17)),
            ("bad UTF-8 at the end", append(b"# \xff\n"), None),
            ("a merge conflict", replace(
                b"schema_version: 1\n", b"<<<<<<< HEAD\nschema_version: 1\n"
                b"=======\nschema_version: 1\n>>>>>>> other\n"), None),
            ("deep lists", whole(b"[" * 100000), (1, 65))):
        yield Stored("%s: %s" % (file, name), file, change, place)


def stored_cases():
    for file in ("plans.yaml", "usage.yaml", "summary.yaml", "tasks.yaml",
                 "tiers.yaml", "session.yaml"):
        yield from damaged_anyhow(file)
    for file, name, old, new, path in (
            ("tasks.yaml", "no tasks", b"tasks:\n", b"old:\n", ""),
            ("tasks.yaml", "tasks as text", b"tasks:\n", b"tasks: x\nold:\n",
             "tasks"),
            ("tasks.yaml", "a task as text", b"  T-1:\n", b"  T-1: x\n  T-2:\n",
             "tasks.T-1"),
            ("tasks.yaml", "a repository as a number", b"repo: r", b"repo: 5",
             "tasks.T-1.repo"),
            ("tasks.yaml", "a repository that is true", b"repo: r",
             b"repo: yes", "tasks.T-1.repo"),
            ("tasks.yaml", "a repository with an escape", b"repo: r",
             b'repo: "\\e[2J"', "tasks.T-1.repo"),
            ("tasks.yaml", "a task twice", b"tasks:\n",
             b"tasks:\n  T-1: {}\n", "tasks.T-1"),
            ("tasks.yaml", "an empty id", b"  T-1:\n", b"  '':\n", "tasks."),
            ("tiers.yaml", "no tiers", b"tiers:\n", b"old:\n", ""),
            ("tiers.yaml", "a model as a number", b"model: m", b"model: 1.5",
             "tiers.small.model"),
            ("session.yaml", "no id", b"id: ", b"name: ", ""),
            ("session.yaml", "an id as a number", b"id: ", b"id: 5 #", "id"),
            ("session.yaml", "an id with an escape", b"id: ",
             b'id: "\\e[2J" #', "id"),
            ("session.yaml", "no start", b"started_at: ", b"begun_at: ", ""),
            ("session.yaml", "a start that is none", b"started_at: ",
             b"started_at: noon #", "started_at"),
            ("session.yaml", "an end that is none", b"ended_at: null",
             b"ended_at: later", "ended_at")):
        yield Stored("%s: %s" % (file, name), file, replace(old, new),
                     path=path)
    for name, old, new, path in (
            ("snapshots as text", b"snapshots:\n", b"snapshots: x\nold:\n",
             "snapshots"),
            ("no snapshots", b"snapshots:\n", b"old:\n", ""),
            ("a negative pruned_count", b"pruned_count: 0",
             b"pruned_count: -1", "pruned_count"),
            ("a snapshot as text", b"snapshots:\n", b"snapshots:\n- x\n",
             "snapshots[0]"),
            ("a snapshot without id", b"- snapshot_id: ", b"- id: ",
             "snapshots[0]"),
            ("an id that is a number", b"- snapshot_id: ",
             b"- snapshot_id: 5 #", "snapshots[0].snapshot_id"),
            ("negative calls", b"total_provider_calls_estimate: 3",
             b"total_provider_calls_estimate: -3",
             "snapshots[0].total_provider_calls_estimate"),
            ("a cost that is text", b"estimated_cost_usd: 0.024",
             b"estimated_cost_usd: '0.024'",
             "snapshots[0].estimated_cost_usd"),
            ("workflows as text", b"  per_workflow:\n",
             b"  per_workflow: x\n  old:\n", "snapshots[0].per_workflow")):
        yield Stored("plans.yaml: " + name, "plans.yaml", replace(old, new),
                     path=path)
    for name, old, new, path in (
            ("runs as text", b"runs:\n", b"runs: x\nold:\n", "runs"),
            ("no runs", b"runs:\n", b"old:\n", ""),
            ("a run as text", b"runs:\n", b"runs:\n- x\n", "runs[0]"),
            ("an index twice", b"run_index: 2\n", b"run_index: 1\n",
             "runs[1]"),
            ("an index of 0", b"run_index: 1\n", b"run_index: 0\n",
             "runs[0]"),
            ("no index", b"- run_index: 1\n", b"- index: 1\n", "runs[0]"),
            ("a negative index", b"run_index: 1\n", b"run_index: -1\n",
             "runs[0].run_index"),
            ("negative calls", b"total_calls: 1", b"total_calls: -1",
             "runs[0].rollup.total_calls"),
            ("calls that do not add up", b"total_calls: 1",
             b"total_calls: 2", "runs[0]"),
            ("tokens as text", b"total_prompt_tokens: 1000",
             b"total_prompt_tokens: many",
             "runs[0].rollup.total_prompt_tokens"),
            ("a cost as text", b"total_cost_usd_known: 0.0075",
             b"total_cost_usd_known: none",
             "runs[0].rollup.total_cost_usd_known"),
            ("a status of cost that is none", b"cost_status: known",
             b"cost_status: guessed", "runs[0].per_bucket[0].cost_status"),
            ("buckets as a mapping", b"  per_bucket:\n",
             b"  per_bucket: {}\n  old:\n", "runs[0].per_bucket"),
            ("a NUL in a run before the last", b"status: completed",
             b"status: comp\0eted", ""),
            ("a cut line in the middle", b"  rollup:\n", b"  roll\n", "")):
        yield Stored("usage.yaml: " + name, "usage.yaml", replace(old, new),
                     path=path)
    for name, old, new, path in (
            ("calls as text", b"calls:\n", b"calls: 5\nold:\n", "calls"),
            ("no calls", b"calls:\n", b"old:\n", ""),
            ("a negative count", b"  actual: 1\n", b"  actual: -1\n",
             "calls.actual"),
            ("a cost as text", b"actual_total: 0.0075",
             b"actual_total: none", "cost_usd.actual_total"),
            ("a flag as text", b"snapshot_resolved: true",
             b"snapshot_resolved: maybe", "snapshot_resolved"),
            ("workflows as text", b"per_workflow:\n",
             b"per_workflow: x\nold:\n", "per_workflow")):
        yield Stored("summary.yaml: " + name, "summary.yaml",
                     replace(old, new), path=path)
