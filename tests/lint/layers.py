#!/usr/bin/python3
# test:
"""The folder a file stands in says what it may include (DESIGN.md 7)."""

import pathlib
import re
import sys

MAY = {
    "lib/base": "base",
    "lib/doc": "base doc",
    "lib/core": "base doc core",
    "lib/store": "base doc core store",
    "lib/import": "base doc core import",
    "lib/render": "base doc render",
    "lib/report": "base doc core render report",
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def is_allowed(source, included):
    folder = included.rsplit("/", 1)[0]
    own = str(source.parent)
    if own == "cmd":
        return folder == "cmd" or folder in MAY
    return folder in {f"lib/{name}" for name in MAY[own].split()}


def check(source):
    """Own header first; then only what the folder may know, sorted."""
    wrong = []
    included = []
    for number, line in enumerate(source.read_text().splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        included.append(found[1])
        if not pathlib.Path(found[1]).is_file():
            wrong.append(f"{source}:{number}: no such header: {found[1]}")
        elif not is_allowed(source, found[1]):
            wrong.append(f"{source}:{number}: may not include {found[1]}")
    own = str(source.with_suffix(".h"))
    if source.suffix == ".c" and pathlib.Path(own).is_file() and \
            included[:1] != [own]:
        wrong.append(f"{source}: its own header is not the first")
    return wrong


def main():
    wrong = []
    sources = sorted([*pathlib.Path("lib").rglob("*.[ch]"),
                      *pathlib.Path("cmd").rglob("*.[ch]")])
    for source in sources:
        if str(source.parent) not in {*MAY, "cmd"}:
            wrong.append(f"{source}: stands in no known folder")
        else:
            wrong += check(source)
    print(*wrong, f"{len(sources)} files: {len(wrong)} wrong includes",
          sep="\n")
    sys.exit(bool(wrong))


main()
