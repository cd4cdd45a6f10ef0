#!/usr/bin/python3
# test:
"""No function is longer than 60 lines, no file than 500 (by ctags).

The rows of tables, lines that begin with a brace or a text, do not count.
Prints the median and the ninth decile of the functions' lengths.
"""

import json
import pathlib
import statistics
import subprocess
import sys

FUNCTION, FILE = 60, 500


def size(lines):
    return sum(not line.lstrip().startswith(("{", '"')) for line in lines)


def functions(files):
    texts = {str(path): path.read_text().splitlines() for path in files}
    done = subprocess.run(
        ["ctags", "--languages=C", "--kinds-C=f", "--fields=+ne", "-o", "-",
         "--output-format=json", *map(str, files)],
        check=True, stdout=subprocess.PIPE, text=True)
    for line in done.stdout.splitlines():
        tag = json.loads(line)
        if tag.get("_type") == "tag" and "end" in tag:
            lines = texts[tag["path"]][tag["line"] - 1:tag["end"]]
            yield tag["path"], tag["name"], size(lines)


def main():
    files = sorted(path for folder in ("lib", "cmd", "tests")
                   for path in pathlib.Path(folder).rglob("*.[ch]"))
    found = list(functions(files))
    wrong = [f"{path}: {name} has {length} lines, more than {FUNCTION}"
             for path, name, length in found if length > FUNCTION]
    for path in files:
        count = size(path.read_text().splitlines())
        if count > FILE:
            wrong.append(f"{path}: {count} lines, more than {FILE}")
    lengths = [length for path, _, length in found
               if not path.startswith("tests/")]
    deciles = statistics.quantiles(lengths, n=10)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{len(lengths)} functions of lib and cmd: median "
          f"{statistics.median(lengths):.0f} lines, p90 {deciles[8]:.0f}, "
          f"longest {max(lengths)}")
    sys.exit(bool(wrong))


main()
