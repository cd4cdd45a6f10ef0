"""Inputs with a field that is wrong, and where each is wrong.

A field stands alone on a line, so that its line and column follow from the
template by counting.
"""

from cases import Case

BIG = "9" * 5000
NOT_COUNTS = ["-1", "1.5", "1.0", "1e3", "9223372036854775808", BIG, "true",
              "[]", "{}", '"many"', "-9223372036854775809", "1e999"]
NOT_AMOUNTS = ["-1", "-0.5", "-1e-300", "true", "[]", "{}", '"1.5"', "1e999",
               "-1e999", BIG]
NOT_TEXT = ["5", "1.5", "true", "[]", "{}"]
NOT_SCALARS = ["false", "[]", "{}", "[1]"]


def short(value):
    return value if len(value) < 30 else value[:5] + "..."


def plan_field(field, value):
    """One field on the second line: blank, quotes, colon and blank first."""
    text = '{\n "%s": %s\n}\n' % (field, value)
    return Case("plan %s %s" % (field, short(value)), text,
                place=(2, len(field) + 6), path=field)


def plan_cases():
    for field in ("selected_chunk_count", "total_provider_calls_estimate",
                  "total_prompt_tokens_estimate", "max_calls"):
        for value in NOT_COUNTS:
            yield plan_field(field, value)
    for field in ("total_prompt_words_estimate", "estimated_cost_usd",
                  "cost_per_1k_tokens", "cost_cap"):
        for value in NOT_AMOUNTS:
            yield plan_field(field, value)
    for value in NOT_TEXT:
        yield plan_field("stage", value)
    for field in ("chapter_filter", "chunk_filter", "from_chapter",
                  "to_chapter"):
        for value in NOT_SCALARS:
            yield plan_field(field, value)
    for field in ("exceeds_max_calls", "exceeds_cost_cap"):
        for value in ("1", "0", '"true"', "[]"):
            yield plan_field(field, value)
    for field in ("selected_chunk_ids", "selected_chapter_numbers",
                  "per_workflow"):
        for value in ("{}", '"c1"', "5", "true"):
            yield plan_field(field, value)


def plan_inner_cases():
    for value in ("null", "true", "[]", "{}", "1e999"):
        yield Case("plan item " + value,
                   '{\n "selected_chunk_ids": ["c",\n  %s]}' % value,
                   place=(3, 3), path="selected_chunk_ids[1]")
    for value in ("null", "5", '"w"', "[]"):
        yield Case("plan workflow " + value,
                   '{"per_workflow": [{},\n %s]}' % value,
                   place=(2, 2), path="per_workflow[1]")
    for field, value in (("workflow_id", "5"), ("calls", "-1"),
                         ("calls", '"3"'), ("calls", "1.5"),
                         ("prompt_words_estimate", '"x"'),
                         ("prompt_words_estimate", "-2"),
                         ("prompt_words_estimate", "true")):
        yield Case("plan workflow %s %s" % (field, value),
                   '{"per_workflow": [\n {"%s": %s}]}' % (field, value),
                   place=(2, len(field) + 7),
                   path="per_workflow[0]." + field)
    for number, value in enumerate(('null', '5', '"plan"', 'true', '[]',
                                    '[{}]')):
        yield Case("plan that is no mapping %d" % number, value, place=(1, 1))


RUN = '''[{"workflow_id": "w", "stages": [
 {"provider": "p", "stage_id": "s",
  "metadata": {"model": "m", "usage": {
   %s
}}}]}]
'''
USAGE = "[0].stages[0].metadata.usage"


def usage_field(field, value, before=""):
    text = RUN % ('%s"%s": %s' % (before, field, value))
    return Case("usage %s %s" % (field, short(value)), text, command="run",
                place=(4, 3 + len(before) + len(field) + 5),
                path=USAGE + "." + field)


def usage_cases():
    for field in ("prompt_tokens", "completion_tokens"):
        for value in NOT_COUNTS + ['"1.5"', '"-1"', '""', '" 1"', '"1 "',
                                   '"0x10"', '"1e3"', '"+1"']:
            yield usage_field(field, value)
    for value in ("-1", "-0.5", "true", "[]", "{}", '"abc"', '"-1"', '""',
                  '"NaN"', '"1e40"', "1e40", "1e999", '"Infinity"', '"1,5"',
                  '"0x1p3"', '" 1"'):
        yield usage_field("cost", value)
    for value in ("5", "[]", '"x"', "true"):
        yield usage_field("prompt_tokens_details", value,
                          '"prompt_tokens": 1, ')
    yield Case("cached beyond the prompt", RUN % (
        '"prompt_tokens": 1, "prompt_tokens_details": {"cached_tokens": 2}'),
        command="run", place=(4, 67),
        path=USAGE + ".prompt_tokens_details.cached_tokens")
    yield Case("reasoning beyond the output", RUN % (
        '"completion_tokens": 1,\n'
        '"completion_tokens_details": {"reasoning_tokens": 9}'),
        command="run", place=(5, 51),
        path=USAGE + ".completion_tokens_details.reasoning_tokens")
    largest = '"prompt_tokens": 9223372036854775807'
    yield Case("tokens of a call beyond 64 bits",
               RUN % (largest + ', "completion_tokens": 1'), command="run",
               place=(3, 39), path=USAGE)


def run_structure_cases():
    for number, value in enumerate(("null", "5", '"run"', "true", "1.5")):
        yield Case("run that is no list %d" % number, value, command="run",
                   place=(1, 1))
    for value in ("null", "5", '"r"', "[]", "true"):
        yield Case("result " + value, "[{},\n %s]" % value, command="run",
                   place=(2, 2), path="[1]")
    for field in ("run_id", "workflow_id", "status"):
        for value in NOT_TEXT:
            yield Case("result %s %s" % (field, value),
                       '[\n {"%s": %s}]' % (field, value), command="run",
                       place=(2, len(field) + 7), path="[0]." + field)
    for value in ("5", "{}", '"s"', "true"):
        yield Case("stages " + value, '{\n "stages": %s}' % value,
                   command="run", place=(2, 12), path="stages")
    for value in ("5", "null", "[]", '"s"'):
        yield Case("stage " + value, '{"stages": [{},\n %s]}' % value,
                   command="run", place=(2, 2), path="stages[1]")
    for field in ("provider", "stage_id"):
        for value in NOT_TEXT:
            yield Case("stage %s %s" % (field, value),
                       '{"stages": [\n {"%s": %s}]}' % (field, value),
                       command="run", place=(2, len(field) + 7),
                       path="stages[0]." + field)
    for field, value in (("metadata", "5"), ("metadata", "[]"),
                         ("metadata", '"m"')):
        yield Case("stage %s %s" % (field, value),
                   '{"stages": [\n {"%s": %s}]}' % (field, value),
                   command="run", place=(2, 15), path="stages[0].metadata")
    for field, value in (("model", "5"), ("model", "[]"), ("model", "true"),
                         ("usage", "5"), ("usage", "[]"), ("usage", '"u"')):
        yield Case("metadata %s %s" % (field, value),
                   '{"stages": [{"provider": "p", "metadata":\n {"%s": %s}}]}'
                   % (field, value), command="run", place=(2, 12),
                   path="stages[0].metadata." + field)


def sum_cases():
    call = ('{"provider": "%s", "metadata": {"usage": {"%s": %s}}}')
    largest = "9223372036854775807"
    for name, first, second in (("a bucket", "p", "p"),
                                ("a rollup", "p", "q")):
        for field in ("prompt_tokens", "completion_tokens"):
            yield Case("%s of %s beyond 64 bits" % (field, name),
                       '{"stages": [\n %s,\n %s]}' % (
                           call % (first, field, largest),
                           call % (second, field, "1")),
                       command="run",
                       place=(3, 2) if first == second else (1, 1))
        yield Case("cost of %s beyond 128 bits" % name,
                   '{"stages": [\n %s,\n %s]}' % (
                       call % (first, "cost", "1.7e23"),
                       call % (second, "cost", "1e22")),
                   command="run", place=(3, 2) if first == second else (1, 1))


def cases():
    for make in (plan_cases, plan_inner_cases, usage_cases,
                 run_structure_cases, sum_cases):
        yield from make()
