#!/usr/bin/python3
# test:
"""What the library's objects hold, by nm(1): every exported symbol starts
with its file's name, and there is no data that changes."""

import os
import subprocess
import sys

# The byte that empty texts share, always '\\0', and what a signal handler
# says to the wait that it ends.
CHANGE = {"buf_empty", "rang"}

def main():
    library = os.path.join(os.environ["METER_OUT"], "libmeter.a")
    done = subprocess.run(["nm", "--format=sysv", "--defined-only", library],
                          check=True, stdout=subprocess.PIPE, text=True)
    wrong, count, module = [], 0, ""
    for line in done.stdout.splitlines():
        if line.startswith("Symbols from "):
            module = line.split("[")[1].split(".o]")[0]
        fields = [field.strip() for field in line.split("|")]
        if len(fields) != 7 or fields[0] == "Name":
            continue
        name, kind, section = fields[0], fields[2], fields[6]
        if kind.isupper():
            count += 1
            if name != module and not name.startswith(module + "_"):
                wrong.append(f"{module}.c exports {name}")
        if section in (".data", ".bss", "COM") and name not in CHANGE:
            wrong.append(f"{module}.c: {name} can be changed")
    print(*wrong, f"{count} symbols: {len(wrong)} wrong", sep="\n")
    sys.exit(bool(wrong) or not count)


# A sanitizer or gcov adds data of its own to every object.
if not any(part in os.environ["METER_OUT"].split("/")
           for part in ("asan", "coverage")):
    main()
