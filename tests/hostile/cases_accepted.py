"""Odd inputs that must be taken, and what must be stored of them.

Each is a name, the command, the input, and what `usage run 3 --json` or
`plan show --json` must then have at some path.
"""

CALL = '{"stages": [{"provider": "p", "metadata": {"usage": {%s}}}]}'


def run(name, usage, **wanted):
    return name, "run", CALL % usage, {
        "per_bucket.0." + key: value for key, value in wanted.items()}


CASES = [
    run("counts as text", '"prompt_tokens": "12", "completion_tokens": "3"',
        prompt_tokens=12, completion_tokens=3),
    run("the largest count", '"prompt_tokens": 9223372036854775807',
        prompt_tokens=9223372036854775807),
    run("the largest count as text",
        '"completion_tokens": "9223372036854775807"',
        completion_tokens=9223372036854775807),
    run("minus zero", '"prompt_tokens": -0', prompt_tokens=0),
    run("null counts and cost",
        '"prompt_tokens": null, "completion_tokens": null, "cost": null',
        prompt_tokens=0, cost_status="unknown"),
    run("no usage at all", "", calls=1, total_tokens=0),
    run("a cost of 0", '"cost": 0', cost_status="known", cost_usd_known=0),
    run("a cost of minus 0.0", '"cost": -0.0', cost_usd_known=0),
    run("a tiny cost as text", '"cost": "0.0000001"', cost_usd_known=0,
        cost_status="known"),
    run("a cost with an exponent", '"cost": 1e-7', cost_usd_known=0),
    run("a cost of two millionths", '"cost": 2E-6', cost_usd_known=2e-6),
    run("a cost with a long exponent", '"cost": 5e+0000000000000001',
        cost_usd_known=50),
    run("a tie, to even below", '"cost": 0.0000005', cost_usd_known=0),
    run("a tie, to even above", '"cost": 0.0000015', cost_usd_known=2e-6),
    run("a cost beyond all digits", '"cost": 1e-400', cost_usd_known=0),
    run("a cost of thirty decimals",
        '"cost": 0.003835980000000000000000000000', cost_usd_known=0.003836),
    run("unknown fields", '"prompt_tokens": 1, "speed": {"x": [NULL]}'
        .replace("NULL", "null"), prompt_tokens=1),
    run("a shape with details of nothing",
        '"prompt_tokens": 1, "prompt_tokens_details": null', prompt_tokens=1),
    ("a list of nothing", "run", "[]", {"workflows": [], "per_bucket": []}),
    ("an empty result", "run", "{}", {
        "workflows.0": {"run_id": None, "workflow_id": "", "status": None,
                        "stage_count": 0}}),
    ("nulls", "run", '[{"run_id": null, "workflow_id": null, "status": null,'
     ' "stages": null}]', {"workflows.0.workflow_id": ""}),
    ("stages of nulls", "run",
     '{"stages": [{"stage_id": null, "provider": null, "metadata": null},'
     ' {"provider": "p", "metadata": {"model": null, "usage": null}}]}',
     {"workflows.0.stage_count": 2, "per_bucket.0.model": ""}),
    ("a NUL, escaped", "run", '{"run_id": "a\\u0000b"}',
     {"workflows.0.run_id": "a\0b"}),
    ("escapes and pairs", "run", '{"run_id": "\\ud83d\\ude00\\u2028\\/"}',
     {"workflows.0.run_id": "\U0001f600\u2028/"}),
    ("DEL and C1 in JSON", "run", '{"run_id": "\x7f\x9b"}',
     {"workflows.0.run_id": "\x7f\x9b"}),
    ("noncharacters", "run", '{"run_id": "\ufffe\uffff\U0010ffff"}',
     {"workflows.0.run_id": "\ufffe\uffff\U0010ffff"}),
    ("dimensions that are no text", "run",
     '{"quest": 5, "task": null, "repo": ["x"], "stages": [{"provider": "p",'
     ' "agent": "a", "commit": {}}]}', {"per_bucket.0.agent": "a"}),
    ("a mark and CRLF in YAML", "run",
     b"\xef\xbb\xbfrun_id: a\r\nstatus: 'b'\r\n",
     {"workflows.0.run_id": "a", "workflows.0.status": "b"}),
    ("a mark in JSON", "run", b'\xef\xbb\xbf[{"run_id": "a"}]',
     {"workflows.0.run_id": "a"}),
    ("CRLF in JSON", "run", '{\r\n"run_id": "a"\r\n}\r\n',
     {"workflows.0.run_id": "a"}),
    ("comments and marks of a document", "run",
     "# x\n---\nrun_id: a # y\n...\n# z\n", {"workflows.0.run_id": "a"}),
    ("YAML in flow style", "run", "[{run_id: a, stages: []}]",
     {"workflows.0.run_id": "a"}),
    ("block text", "run", "run_id: |\n  a\n  b\nstatus: >-\n  c\n  d\n",
     {"workflows.0.run_id": "a\nb\n", "workflows.0.status": "c d"}),
    ("a day as text", "run", "run_id: 2026-11-22\n",
     {"workflows.0.run_id": "2026-11-22"}),
    ("text like a number", "run", "run_id: 0o17\nstatus: 1e5\n",
     {"workflows.0.run_id": "0o17", "workflows.0.status": "1e5"}),
    ("no newline at the end", "run", "run_id: a", {"workflows.0.run_id": "a"}),
    ("an empty plan", "plan", "{}", {"selected_chunk_ids": [],
                                     "exceeds_cost_cap": False}),
    ("nulls everywhere", "plan",
     '{"stage": null, "chapter_filter": null, "selected_chunk_count": null,'
     ' "selected_chunk_ids": null, "per_workflow": null, "max_calls": null,'
     ' "estimated_cost_usd": null, "exceeds_max_calls": null}',
     {"per_workflow": [], "exceeds_max_calls": False}),
    ("very large and small floats", "plan",
     '{"estimated_cost_usd": 1e300, "cost_cap": 1e-300}',
     {"estimated_cost_usd": 1e300, "cost_cap": 1e-300}),
    ("a whole number beyond 64 bits", "plan",
     '{"selected_chapter_numbers": [123456789012345678901234567890, -5]}',
     {"selected_chapter_numbers": [123456789012345678901234567890, -5]}),
    ("as deep as can be stored", "plan",
     '{"per_workflow": [{"x": ' + "[" * 59 + "]" * 59 + "}]}", {}),
    ("unknown fields of a plan", "plan", '{"stage": "x", "mood": {"a": 1}}',
     {"stage": "x"}),
    ("100,000 unknown keys", "plan",
     '{"stage": "y"' + "".join(', "k%d": 1' % i for i in range(100000)) + "}",
     {"stage": "y"}),
    ("a string of 5 MB", "plan", '{"stage": "%s"}' % ("x" * 5000000),
     {"stage": "x" * 5000000}),
    ("60,000 buckets, half of them of one model without a price", "run",
     '{"stages": [' + ",\n".join(
         '{"stage_id": "s%d", "provider": "p", "metadata": {"model": "%s",'
         ' "usage": {%s}}}' % (
             i, "m%d" % i if i < 30000 else "m",
             '"cost": 1' if i < 30000 else "")
         for i in range(60000)) + "]}", {"rollup.total_calls": 60000}),
]
