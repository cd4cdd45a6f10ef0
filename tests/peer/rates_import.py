#!/usr/bin/python3
# test: METER
"""`meter rates import` of the whole of LiteLLM's list, then `rates check`.

Usage: rates_import.py METER; run in the project's folder.  The result has to
be clean, to be the package's own table, and to hold of each model of the list
either its price, as Python's decimal reads it, or the reason why not.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from decimal import Decimal

import yaml

LIST = "testdata/rates/litellm_model_prices.json"
PACKAGE = "rates/model-rates.yaml"
MODES = {"chat", "completion", "responses", "embedding"}
FEMTO = Decimal(10) ** -15
SHOWN = 5


def run(meter, *arguments):
    return subprocess.run([meter, "rates", *arguments], capture_output=True,
                          text=True, timeout=60,
                          env={"PATH": "/usr/bin:/bin"})


def body(table):
    return table[table.index("\nrates:\n"):]


def table_prices(table):
    """The input price a token of each name that is in the table."""
    document = yaml.load(table, Loader=getattr(yaml, "CBaseLoader",
                                               yaml.BaseLoader))
    prices = {name: Decimal(entry["prompt_per_1k"]) / 1000
              for name, entry in document["rates"].items()}
    for entry in document["patterns"]:
        name = re.sub(r"\\(.)", r"\1", entry["match"][1:-1])
        prices[name] = Decimal(entry["input_per_mtok"]) / 1000000
    return prices


def silent(table):
    """Models with a price that are neither in the table nor in its head."""
    prices = table_prices(table)
    head = table[:table.index("\nrates:\n")]
    named = set(re.split(r"[\s,]+", head))
    with open(LIST, encoding="utf-8") as file:
        models = json.load(file, parse_float=Decimal)
    for name, model in models.items():
        price = model.get("input_cost_per_token")
        if model.get("mode") not in MODES or price is None or name in named:
            continue
        if name not in prices:
            yield f"{name} is left out without a word"
        elif prices[name] != Decimal(price).quantize(FEMTO):
            yield f"{name} costs {price}, not {prices[name]}"


def main():
    meter = os.path.abspath(sys.argv[1])
    problems = []
    imported = run(meter, "import", LIST)
    counted = re.search(r"(\d+) entries read, (\d+) models taken, (\d+) names",
                        imported.stderr)
    if imported.returncode != 0 or not counted:
        sys.exit(f"import: {imported.returncode}, {imported.stderr[:500]}")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model-rates.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(imported.stdout)
        checked = run(meter, "check", path)
    if (checked.returncode, checked.stdout) != (0, "no problem found\n"):
        problems.append(f"check: {checked.stdout[:500]}{checked.stderr}")
    for line in ("left out, above 1,000 USD per million",
                 "mended, binary noise", "mended, an odd one-hour write",
                 "wandb/openai/gpt-oss-120b", "claude-3-haiku-20240307"):
        if line not in imported.stderr:
            problems.append(f"standard error does not say: {line}")
    with open(PACKAGE, encoding="utf-8") as file:
        if body(file.read()) != body(imported.stdout):
            problems.append("the package's table is another one")
    problems += silent(imported.stdout)
    print(*problems[:SHOWN], sep="\n")
    print(f"{counted.group(0)}: {len(problems)} problems")
    sys.exit(len(problems) > 0)


if __name__ == "__main__":
    main()
