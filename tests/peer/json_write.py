#!/usr/bin/python3
# test: PEER/yaml_peer 50000
"""Compare the JSON of a program (tests/peer/yaml_peer.c) with Python's.

The way of Python must agree to the byte.  The other two must be harmless on
a terminal and in a script element, and read back as what was written.
"""

import json
import re

import compare

HARMFUL = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029<]")


def check_python(value, answer):
    wanted = json.dumps(value, sort_keys=True).encode()
    return None if answer == wanted else wanted


def same(left, right):
    """Equality that tells 1 from 1.0 and 1 from true, with order of keys."""
    return repr(left) == repr(right)


def check_line(value, answer):
    text = answer.decode()
    if "\n" in text or HARMFUL.search(text) or \
            not same(json.loads(text), value):
        return json.dumps(value, separators=(",", ":")).encode()
    return None


def check_pretty(value, answer):
    text = answer.decode()
    lines = len(json.dumps(value, indent=2).split("\n"))
    if text.count("\n") != lines or not text.endswith("\n") or \
            HARMFUL.search(text) or not same(json.loads(text), value):
        return json.dumps(value, indent=2).encode()
    return None


if __name__ == "__main__":
    compare.main("json_write.py", 20000, [
        ("python", check_python), ("line", check_line),
        ("pretty", check_pretty)])
