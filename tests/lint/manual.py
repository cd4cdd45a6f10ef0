#!/usr/bin/python3
# test: METER
"""The manual pages: they lint, their options are those of `-h`, both ways,
and each command line of their examples runs."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

METER = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else
                        os.environ["METER"])
DEMO = ("plan.json", "run.json", "model-rates.yaml")


def run(argv, **more):
    return subprocess.run(argv, stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, **more)


def lint(page):
    found = run(["mandoc", "-T", "lint", "-W", "warning", page]).stdout
    return ["%s: %s" % (page, line) for line in found.splitlines()]


def documented(text):
    """The options of each command, by the heading they stand under."""
    options, command = {}, "meter"
    for line in text.splitlines():
        if line.startswith(".Sh"):
            command = "meter"
        elif line.startswith(".Ss"):
            command = line[4:]
            if command.startswith("meter "):
                options.setdefault(command, set())
        elif line.startswith(".It Fl"):
            options.setdefault(command, set()).update(
                re.findall(r"Fl -([a-z][a-z0-9-]*)", line))
    return options


def offered(command):
    usage = run([METER] + command.split()[1:] + ["-h"]).stdout
    return set(re.findall(r"^ +(?:-., )?--([a-z][a-z0-9-]*)", usage, re.M))


def compare(page, text):
    wrong = []
    for command, options in documented(text).items():
        if command != "meter" and not command.startswith("meter "):
            continue
        if command == "meter" and not page.endswith("/meter.1"):
            continue
        for option in options ^ offered(command):
            wrong.append("%s: %s --%s: not in both page and -h" %
                         (page, command, option))
    return wrong


def examples(page, text):
    wrong = []
    lines = re.findall(r"^\$ (.*)$", text, re.M)
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(METER, os.path.join(folder, "meter"))
        path = folder + ":/usr/bin:/bin"
        work = os.path.join(folder, "work")
        os.mkdir(work)
        for name in DEMO:
            shutil.copy(os.path.join("testdata/demo", name), work)
        for line in lines:
            result = run(["sh", "-c", line.replace("\\e", "\\")], cwd=work,
                         env={"PATH": path})
            if result.returncode != 0:
                wrong.append("%s: %s: exit %d: %s" % (
                    page, line, result.returncode, result.stderr))
    return wrong


def eaten(page, text):
    """A macro takes quotes away: JSON in its arguments would lose them."""
    return ["%s: %s: its quotes are not printed" % (page, line)
            for line in re.findall(r'^\..*"\w+":.*$', text, re.M)]


def listed(listing):
    """The first page names all commands and pages, the readme all pages."""
    with open("man/meter.1") as first, open("README.md") as readme:
        first, readme = first.read(), readme.read()
    named = " , ".join(re.findall(r"^\.It Cm (.*)$", first, re.M)) + " "
    wrong = ["man/meter.1: does not list %s" % command
             for command in re.findall(r"^  meter ([a-z]+(?: [a-z]+)?)",
                                       listing, re.M)
             if command + " " not in named]
    for page in glob.glob("man/meter-*.[15]"):
        name, section = os.path.basename(page).rsplit(".", 1)
        if ".Xr %s %s" % (name, section) not in first.split(".Sh SEE")[1]:
            wrong.append("man/meter.1: does not see %s" % name)
        if "`%s(%s)`" % (name, section) not in readme:
            wrong.append("README.md: does not name %s(%s)" % (name, section))
    return wrong


def main():
    wrong, commands = [], set()
    for page in sorted(glob.glob("man/*.[15]")):
        with open(page) as file:
            text = file.read()
        wrong += lint(page) + compare(page, text) + examples(page, text)
        wrong += eaten(page, text)
        commands.update(documented(text))
    listing = run([METER, "help"]).stdout
    wrong += listed(listing)
    for command in re.findall(r"^  (meter [a-z]+(?: [a-z]+)?)", listing,
                              re.M):
        if command not in commands and command != "meter help":
            wrong.append("%s: has no page" % command)
    print("\n".join(wrong[:40]))
    sys.exit(1 if wrong else 0)


main()
