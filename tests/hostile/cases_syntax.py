"""Inputs that are no JSON, no YAML or no text at all."""

from cases import Case

DEEP = 100000


def json_cases():
    good = '{"stage": "x"}'
    for name, text, place in (
            ("empty", "", (1, 1)),
            ("blanks", " \n\t\n ", None),
            ("cut in a key", '{"sta', None),
            ("cut behind a key", '{"stage"', None),
            ("cut behind a colon", '{"stage":', None),
            ("cut in a string", '{"stage": "x', None),
            ("cut behind a value", '{"stage": "x"', None),
            ("comma at the end", '{"stage": "x",}', (1, 15)),
            ("two commas", '{"stage": "x",, "max_calls": 1}', (1, 15)),
            ("no colon", '{"stage" "x"}', (1, 10)),
            ("two values", good + good, (1, 15)),
            ("text behind", good + "\nx", (2, 1)),
            ("a list closed as a mapping", '{"a": [1}', (1, 9)),
            ("NaN", '{\n "cost_cap": NaN}', (2, 14)),
            ("Infinity", '{\n "cost_cap": Infinity}', (2, 14)),
            ("minus Infinity", '{\n "cost_cap": -Infinity}', None),
            ("a leading zero", '{"cost_cap": 01}', None),
            ("a plus sign", '{"cost_cap": +1}', (1, 14)),
            ("a point alone", '{"cost_cap": 1.}', None),
            ("a point first", '{"cost_cap": .5}', (1, 14)),
            ("hex", '{"cost_cap": 0x10}', None),
            ("a comment", '{"stage": "x" /* y */}', (1, 15)),
            ("single quotes", '{"stage": \'x\'}', (1, 11)),
            ("a line break in a string", '{"stage": "a\nb"}', None),
            ("a tab in a string", '{"stage": "a\tb"}', (1, 13)),
            ("a bad escape", '{"stage": "a\\xb"}', None),
            ("a cut escape", '{"stage": "\\u12"}', None),
            ("a high surrogate", '{"stage": "\\ud800"}', None),
            ("a low surrogate", '{"stage": "\\udc00"}', None),
            ("a duplicate key", '{"stage": "x",\n "stage": "y"}', (2, 2)),
            ("a duplicate key, escaped",
             '{"stage": "x",\n  "st\\u0061ge": "y"}', (2, 3)),
            ("a duplicate key within",
             '{"per_workflow": [{"a": 1,\n    "a": 2}]}', (2, 5)),
            ("a number as a key", '{"a": 1, 2: 3}', (1, 10)),
            ("deep lists", "[" * DEEP, (1, 65)),
            ("deep lists closed", "[" * DEEP + "]" * DEEP, (1, 65)),
            ("deep mappings", '{"a":' * (DEEP // 2), (1, 64 * 5 + 1)),
            ("one level too many", '{"per_workflow": [{"x": ' + "[" * 62 +
             "]" * 62 + "}]}", (1, 86))):
        yield Case("JSON: " + name, text, place=place)


def byte_cases():
    for name, data, place in (
            ("a lone continuation", b'{"stage": "\x80"}', (1, 12)),
            ("a cut sequence", b'{"stage": "\xe4\xbd"}', (1, 12)),
            ("an overlong slash", b'{"stage": "\xc0\xaf"}', (1, 12)),
            ("an overlong NUL", b'{"stage": "\xc0\x80"}', (1, 12)),
            ("a surrogate", b'{\n"stage": "\xed\xa0\x80"}', (2, 11)),
            ("above the last", b'{"stage": "\xf4\x90\x80\x80"}', (1, 12)),
            ("five bytes", b'{"stage": "\xf8\x88\x80\x80\x80"}', (1, 12)),
            ("Latin-1", b'{"stage": "caf\xe9"}', (1, 15)),
            ("the byte FF", b"\xff", (1, 1)),
            ("cut at the end", b'{"stage": "x"}\n\xc3', (2, 1)),
            ("NUL alone", b"\0", (1, 1)),
            ("NUL in a string", b'{"stage": "a\0b"}', (1, 13)),
            ("NUL behind", b'{"stage": "x"}\n\0', (2, 1)),
            ("UTF-16 LE", "\ufeff{}".encode("utf-16-le"), (1, 1)),
            ("UTF-16 BE", "\ufeff{}".encode("utf-16-be"), (1, 1)),
            ("UTF-16 without mark", "{}".encode("utf-16-le"), None),
            ("UTF-32", "{}".encode("utf-32"), (1, 1)),
            ("a mark alone", b"\xef\xbb\xbf", (1, 1)),
            ("two marks", b"\xef\xbb\xbf\xef\xbb\xbf{}", (1, 1)),
            ("half a mark", b"\xef\xbb{}", (1, 1)),
            ("an ELF header", b"\x7fELF\x02\x01\x01" + bytes(64), None),
            ("gzip", b"\x1f\x8b\x08\x00abc\xff\x00", None),
            ("all bytes", bytes(range(256)), None),
            ("zeros", bytes(100000), (1, 1)),
            ("a terminal's escape", b'{"stage": "\x1b[2J"}', (1, 12)),
            ("an escape in a key", b'{"\\u001b]52;c;x\\u0007": 1,'
             b' "stage": 5}', (1, 37)),
            ("a C1 control", "stage: \x9b2J\n".encode(), (1, 8)),
            ("DEL in YAML", b"stage: a\x7fb\n", (1, 9))):
        yield Case("bytes: " + name, data, place=place)


def bomb():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for i in range(1, 9):
        lines.append("a%d: &a%d [%s]" % (
            i, i, ", ".join(["*a%d" % (i - 1)] * 9)))
    return "\n".join(lines)


def yaml_cases():
    for name, text, place in (
            ("a scalar", "hello\n", (1, 1)),
            ("a tab for an indent", "per_workflow:\n\t- a\n", None),
            ("an open quote", 'stage: "x\nmax_calls: 1\n', None),
            ("an open list", "stage: [1, 2\n", None),
            ("a bad indent", "stage: x\n max_calls: 1\n", None),
            ("a list beside a mapping", "stage: x\n- a\n", (2, 1)),
            ("an anchor", "stage: &a x\n", (1, 8)),
            ("an anchor on a mapping", "per_workflow: &a\n- {}\n", (1, 15)),
            ("an alias", "stage: *a\n", (1, 8)),
            ("an alias bomb", bomb(), (1, 5)),
            ("100,000 anchors",
             "".join("- &a%d x\n" % i for i in range(DEEP)), (1, 3)),
            ("a merge key", "<<: {a: 1}\n", (1, 1)),
            ("a tag", "stage: !!str x\n", (1, 8)),
            ("a Python tag",
             "stage: !!python/object/apply:os.system ['x']\n", (1, 8)),
            ("a tag of its own", "stage: !x y\n", (1, 8)),
            ("a version", "%YAML 1.1\n---\nstage: x\n", (1, 1)),
            ("20,000 tag directives", "".join(
                "%%TAG !t%d! tag:x,2000:\n" % i for i in range(20000)) +
             "---\nstage: x\n", (1, 1)),
            ("two documents", "stage: x\n---\nstage: y\n", (2, 1)),
            ("text behind the end", "stage: x\n...\nmore\n", (3, 1)),
            ("a duplicate key", "stage: x\nmax_calls: 1\nstage: y\n", (3, 1)),
            ("a duplicate key, quoted", "stage: x\n'stage': y\n", (2, 1)),
            ("a list as a key", "? [a]\n: b\n", (1, 3)),
            ("a mapping as a key", "? {a: b}\n: c\n", (1, 3)),
            ("deep lists", "x: " + "[" * DEEP, (1, 67)),
            ("deep mappings", "{a: " * (DEEP // 2), (1, 64 * 4 + 1)),
            ("deep blocks", "- " * DEEP, (1, 129)),
            ("deep blocks by lines", "".join(
                " " * i + "a:\n" for i in range(200)), None),
            ("a bare carriage return", "stage: x\rmax_calls: 1\n", (1, 9)),
            ("NEL", "stage: x\x85max_calls: 1\n", (1, 9)),
            ("LS", "stage: x\u2028max_calls: 1\n", (1, 9)),
            ("PS", "stage: x\u2029max_calls: 1\n", (1, 9)),
            ("a mark within", "stage: x\n\ufeffmax_calls: 1\n", (2, 1)),
            ("U+FFFE", "stage: \ufffe\n", (1, 8)),
            ("a bell", "stage: \x07\n", (1, 8)),
            ("octal", "max_calls: 017\n", (1, 12)),
            ("base 60", "max_calls: 1:30\n", (1, 12)),
            ("underscores", "max_calls: 1_000\n", (1, 12)),
            ("hex", "max_calls: 0x10\n", (1, 12)),
            ("binary", "max_calls: 0b11\n", (1, 12)),
            ("not a number", "cost_cap: .nan\n", (1, 11)),
            ("infinity", "cost_cap: .inf\n", (1, 11)),
            ("minus infinity", "cost_cap: -.inf\n", (1, 11)),
            ("an exponent that is text", "cost_cap: 3e-06\n", (1, 11)),
            ("too large a float", "cost_cap: 1.0e+999\n", (1, 11)),
            ("a day as a count", "max_calls: 2026-11-22\n", (1, 12)),
            ("yes as a flag", "exceeds_max_calls: yes\n", (1, 20)),
            ("a number in quotes", "max_calls: '3'\n", (1, 12)),
            ("a block scalar cut", "stage: |\n  x\n y: z\n: \n", None),
            ("percent", "stage: %x\n", (1, 8)),
            ("an at sign", "stage: @x\n", (1, 8)),
            ("a backquote", "stage: `x`\n", (1, 8)),
            ("a colon too many", "stage: a: b\n", None)):
        yield Case("YAML: " + name, text, place=place)


def large_cases():
    yield Case("large: a string of 70 MB", b'"' + b"x" * 70000000 + b'"',
               place=False)
    yield Case("large: a string of 20 MB in a list",
               '{"selected_chunk_ids": ["%s", null]}' % ("x" * 20000000),
               place=(1, 24 + 20000000 + 5), path="selected_chunk_ids[1]")
    yield Case("large: 100,000 keys and one twice",
               "{" + "".join('"k%d": 1,\n' % i for i in range(DEEP)) +
               '"k7": 2}', place=(DEEP + 1, 1))
    yield Case("large: 1,000,000 items, the last one wrong",
               '{"selected_chunk_ids": [' + "1,\n" * 1000000 + "null]}",
               place=(1000001, 1), path="selected_chunk_ids[1000000]")
    yield Case("large: a key of 1 MB",
               '{"per_workflow": [{"%s": [], "calls": -1}]}' %
               ("k" * 1000000))
    yield Case("large: 200,000 stages, the last one wrong",
               '{"stages": [' + '{"provider": "p"},\n' * 200000 + "5]}",
               command="run", place=(200001, 1), path="stages[200000]")


def cases():
    for make in (json_cases, byte_cases, yaml_cases, large_cases):
        yield from make()
