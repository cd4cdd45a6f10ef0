#!/usr/bin/python3
# test:
"""What the house does without: functions that invite mistakes, output and
environment in lib/, changes for later."""

import pathlib
import re
import sys

LIB_AND_CMD = [
    (r"\b(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|gets|gmtime|"
     r"localtime|asctime|ctime|setlocale|alloca)\s*\(", "is banned"),
    (r"\bfloat\b", "is banned"),
    (r"\btypedef\s+struct\b", "structs are not typedef'd"),
    (r"//", "comments are /* */"),
    (r"\bgoto\s+(?!done\b)\w+", "there is one way out, done"),
    (r"\b(malloc|calloc|realloc|reallocarray|strdup|strndup|asprintf)\s*\(",
     "memory comes from an arena or a buf"),
]
LIB = [
    (r"(?<!\w)(printf|puts|putchar|vprintf|perror)\s*\(|\bstd(out|err)\b",
     "lib/ does not print"),
    (r"\b(exit|_exit|abort)\s*\(", "lib/ does not exit"),
    (r"\b(getenv|secure_getenv)\s*\(|\benviron\b",
     "lib/ does not read the environment"),
    (r"\b(time|clock_gettime|gettimeofday|clock)\s*\(",
     "lib/ does not read the clock"),
]
# Memory comes from the system in two places, which give up without it, and
# a table that a command fills wrongly is a mistake of the program's own.
MAY = {"lib/base/arena.c": "memory lib/", "lib/base/buf.c": "memory",
       "lib/render/table.c": "lib/"}
LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
PLACES = re.compile(r"/(work|root|home)/\w")
QUOTED = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'',
                    re.S)


def blank(found):
    """Comments and texts are no code; the lines stay."""
    return re.sub(r"[^\n]", " ", found[0])


def check_code(path, wrong):
    rules = LIB_AND_CMD + (LIB if path.parts[0] == "lib" else [])
    code = QUOTED.sub(blank, path.read_text())
    for number, line in enumerate(code.split("\n"), 1):
        for pattern, reason in rules:
            found = re.search(pattern, line)
            if found and reason.split()[0] not in MAY.get(str(path), ""):
                wrong.append(f"{path}:{number}: {found[0].strip()}: {reason}")


def check_text(path, wrong):
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return
    for number, line in enumerate(text.split("\n"), 1):
        if LATER.search(line) or PLACES.search(line):
            wrong.append(f"{path}:{number}: {line.strip()[:60]}")
        if path.suffix in (".c", ".h", ".py", ".sh") and \
                line != line.rstrip():
            wrong.append(f"{path}:{number}: blanks at the end of the line")


def main():
    wrong = []
    for folder in ("lib", "cmd"):
        for path in sorted(pathlib.Path(folder).rglob("*.[ch]")):
            check_code(path, wrong)
    for folder in ("lib", "cmd", "man", "tests", ".ci"):
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and \
                    path.name != pathlib.Path(__file__).name:
                check_text(path, wrong)
    for name in ("Makefile", "README.md"):
        check_text(pathlib.Path(name), wrong)
    known = set("cmd lib rates man testdata tests build Makefile README.md "
                "LICENSE".split())
    wrong += [f"{path}: does not belong at the top"
              for path in pathlib.Path(".").iterdir()
              if path.name not in known and not path.name.startswith(".")]
    print(*wrong, f"{len(wrong)} lines against the house rules", sep="\n")
    sys.exit(bool(wrong))


main()
