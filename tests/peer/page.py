#!/usr/bin/python3
# test: METER
"""Every figure of the page is one that the command prints which the page names,
with the same filters; nothing in it can run or load anything.

The page is read with Python's parser; the commands are run as they stand
there."""

import json
import os
import re
import shlex
import sys
import tempfile
import xml.etree.ElementTree
from decimal import Decimal

import page_read
import page_world

METER = os.path.abspath(sys.argv[1])
SECTIONS = ("run cost days allocations repos workstreams models agents tasks "
            "entities efficiency calls heatmap alerts").split()
# By the column's name: the field of `usage --json` and its form.
FIELDS = {"Calls": ("calls", "count"), "Tokens": ("total_tokens", "count"),
          "Cost": ("cost_usd", "money"), "Errors": ("errors", "count"),
          "Rate limited": ("rate_limited", "count"),
          "Quota used up": ("quota", "count"),
          "Retries": ("retries", "count"), "Failed": ("failure_rate", "share"),
          "Cache hits": ("cache_hit_rate", "share"),
          "Output per prompt token": ("output_per_input", "ratio"),
          "Cost per 1,000 output": ("cost_per_1k_output", "price"),
          "Tokens a call": ("tokens_per_call", "mean")}
DIMENSIONS = {"repos": "repo", "workstreams": "workstream",
              "models": "model", "agents": "agent", "tasks": "task"}


def answer(folder, command):
    """What a command of the page prints, as JSON with exact numbers."""
    words = shlex.split(command)
    assert words[0] == "meter", command
    if "--json" not in words:
        words.append("--json")
    done = page_world.run(METER, folder, *words[1:])
    return json.loads(done.stdout, parse_float=Decimal)


def shown(value, form):
    if value is None:
        return "\u2013"
    if form == "count":
        return page_read.grouped(value)
    if form == "money":
        return page_read.money(value)
    return Decimal(value)


def same(text, value, form):
    """Whether the text is the value; ratios may be rounded for people."""
    if value is None or form in ("count", "money"):
        return text == shown(value, form)
    number = Decimal(re.sub(r"[$,%\s]", "", text))
    value = Decimal(value) * (100 if form == "share" else 1)
    step = {"share": "0.005", "ratio": "0.00005", "mean": "0.5"}.get(form)
    if form == "price":
        return abs(number - value) <= max(value / 200, Decimal("1e-10"))
    return abs(number - value) <= Decimal(step)


def check_cells(place, head, row, group):
    for name, text in zip(head[1:], row[1:]):
        if name not in FIELDS:
            continue
        field, form = FIELDS[name]
        assert same(text, group[field], form), (place, row, name,
                                                group[field])


def total_of(groups, field):
    return sum(Decimal(group[field]) for group in groups)


def check_groups(place, table, groups, total, key):
    """Rows as the command orders them, what is left out, and the total."""
    head, rows = table["rows"][0], table["rows"][1:]
    named = [group for group in groups if group[key] is not None]
    rest = None
    for number, row in enumerate(rows):
        if re.fullmatch(r"and [\d]+ more \S+", row[0]):
            rest = number
            break
        if row[0] in ("(none)", "Total") and number >= len(named):
            rest = number
            break
        check_cells((place, number), head, row, named[number])
    for row in rows[rest:] if rest is not None else []:
        if row[0].startswith("and "):
            left = named[rest:]
            assert str(len(left)) == row[0].split()[1], (place, row)
            summed = {field: total_of(left, field)
                      for field, form in FIELDS.values()
                      if form in ("count", "money")}
            check_cells(place, head, row,
                        {k: int(v) if k != "cost_usd" else v
                         for k, v in summed.items()})
        elif row[0] == "(none)":
            check_cells(place, head, row,
                        [g for g in groups if g[key] is None][0])
        else:
            assert row[0] == "Total", (place, row)
            check_cells(place, head, row, total)


def check_usage(folder, section, key):
    printed = answer(folder, section["commands"][0])
    if not any(group[key] is not None for group in printed["groups"]):
        assert not section["tables"], section["id"]
        return
    check_groups(section["id"], section["tables"][0], printed["groups"],
                 printed["total"], key)


def check_cost(folder, section):
    total = answer(folder, section["commands"][0])["total"]
    found = page_read.figures(section)
    for label, field, form in (
            ("Cost", "cost_usd", "money"), ("Known", "cost_usd_known", "money"),
            ("Estimated", "cost_usd_estimated", "money"),
            ("Calls without a price", "unpriced_calls", "count"),
            ("Tokens", "total_tokens", "count"), ("Calls", "calls", "count")):
        assert found[label] == shown(total[field], form), (label, found)


def check_days(folder, section):
    printed = answer(folder, section["commands"][0])
    days = {}
    for group in printed["groups"]:
        day = days.setdefault(group["day"], {})
        day[group["model"] or "(none)"] = Decimal(group["cost_usd"])
    if not section["tables"]:
        assert not any(cost for day in days.values() for cost in day.values())
        return
    head, *rows = section["tables"][0]["rows"]
    assert [row[0] for row in rows] == \
        sorted(day for day, costs in days.items() if sum(costs.values()))
    for row in rows:
        costs = dict(days[row[0]])
        assert row[1] == page_read.money(sum(costs.values())), row
        for name, text in list(zip(head, row))[2:]:
            if re.fullmatch(r"\d+ more models", name):
                assert text == page_read.money(sum(costs.values())), row
            elif not name.endswith("..."):
                assert text == page_read.money(costs.pop(name, 0)), (name, row)
    places = [title for title in re.findall(
        r"\d{4}-\d\d-\d\d: \$[\d.,]+", section["raw"])]
    assert len(places) >= len(rows), "a pile for each day"


def check_entities(folder, section):
    entities = answer(folder, section["commands"][0])["groups"]
    if not section["tables"]:
        assert all(group["entity"] is None for group in entities)
        return
    types = answer(folder, section["commands"][1])
    check_groups("types", section["tables"][0], types["groups"],
                 types["total"], "entity_type")
    named = [g for g in types["groups"] if g["entity_type"] is not None]
    for table, kind in zip(section["tables"][1:], named):
        of_type = [dict(g, entity=g["entity"].split(":", 1)[1])
                   for g in entities if g["entity"] and
                   g["entity"].split(":", 1)[0] == kind["entity_type"]]
        check_groups(table["caption"], table, of_type, kind, "entity")


def check_efficiency(folder, section):
    printed = answer(folder, section["commands"][0])
    for label, text in page_read.figures(section).items():
        field, form = FIELDS[label]
        assert same(text, printed["total"][field], form), (label, text)
    if section["tables"]:
        groups = sorted(printed["groups"],
                        key=lambda g: -Decimal(g["cost_usd"]))
        head, *rows = section["tables"][0]["rows"]
        for row, group in zip(rows, groups):
            check_cells("efficiency", head, row, group)


def check_calls(folder, section):
    printed = answer(folder, section["commands"][0])
    if not section["tables"]:
        return
    head, *rows = section["tables"][0]["rows"]
    groups = {(g["provider"] or "(none)", g["resource"]): g
              for g in printed["groups"]}
    for row in rows:
        if row[0] == "Total" and row is rows[-1] and len(rows) > 1:
            check_cells("calls", head, row, printed["total"])
        elif (row[0], row[1]) in groups:
            check_cells("calls", head, row, groups[row[0], row[1]])
    assert sum(page_read.count(row[2]) for row in rows[:-1]) == \
        printed["total"]["calls"] or len(rows) == 1


def check_run(folder, section):
    if not section["commands"]:
        assert not section["tables"]
        return
    printed = answer(folder, section["commands"][0])
    rows = {row[0]: row for row in section["tables"][0]["rows"]}
    for name, field in (("Calls", "calls"), ("Prompt tokens", "prompt_tokens"),
                        ("Total tokens", "total_tokens")):
        row = printed[field]
        assert [page_read.count(text) for text in rows[name][1:4]] == \
            [row["estimated"], row["actual"], row["delta"]], rows[name]
        assert Decimal(rows[name][4]) == row["ratio"], rows[name]
    assert rows["Cost"][2] == page_read.money(
        printed["cost_usd"]["actual_total"])


def check_variance(folder, sections):
    """The heatmap, the lines and the alerts are those of variance daily."""
    commands = [sections[name]["commands"] for name in
                ("allocations", "heatmap", "alerts")]
    assert commands[0] == commands[1] == commands[2]
    if not commands[0]:
        return
    printed = answer(folder, commands[0][0])
    alerts = [row for row in printed["rows"] if row["alerts"]]
    marks = sections["heatmap"]["raw"].count('class="mark" d=')
    scopes = len({(row["scope"], row["id"]) for row in printed["rows"]})
    if scopes <= 60:
        # Twice, for wide and narrow screens, with one each in the legends.
        assert marks == 2 * len(alerts) + (2 if printed["rows"] else 0), marks
    shown_alerts = sections["alerts"]["raw"].count("<h3>")
    assert shown_alerts == min(20, len(alerts)), (shown_alerts, len(alerts))
    for row in printed["rows"] if scopes <= 60 else []:
        if row["allocated_tokens"] is None:
            continue
        text = (f"({row['actual_tokens']:,} of {row['allocated_tokens']:,} "
                "tokens)")
        assert text in sections["heatmap"]["raw"], text
    for row in sorted(alerts, key=lambda r: r["day"])[-20:]:
        reason = row["attribution"]["reason"]
        assert f"> {reason}: " in sections["alerts"]["raw"].replace(
            "<bdi>", "> ") or f">{reason}: " in sections["alerts"]["raw"], \
            reason


def check_safety(page, text):
    """No element that runs or loads, no attribute that does."""
    for tag, values in page.tags:
        assert tag not in ("script", "iframe", "object", "embed", "img",
                           "form", "audio", "video", "base"), tag
        for name, value in values.items():
            assert not name.startswith("on"), name
            if name in ("href", "src", "xlink:href"):
                assert value.startswith("#") or value == "data:,", value
    assert not re.search(r"url\((?!#)|@import", text), "style loads something"
    assert "\u202e" not in text and "\u2066" not in text


def check_heatmap(folder):
    """The heatmap is XML, and has a cell for each scope and day."""
    printed = json.loads(page_world.run(
        METER, folder, "variance", "daily", "2026-11-21", "--days", "14",
        "--json").stdout)
    text = page_world.run(METER, folder, "report", "heatmap").stdout
    root = xml.etree.ElementTree.fromstring(text)
    names = "{http://www.w3.org/2000/svg}"
    assert root.tag == names + "svg", root.tag
    assert not re.search(r"url\((?!#)|href|<script|@import", text)
    cells = [cell for cell in root.iter(names + "g")
             if cell.get("role") == "cell"]
    scopes = {(row["scope"], row["id"]) for row in printed["rows"]}
    assert len(cells) == 14 * len(scopes), (len(cells), len(scopes))
    titles = {cell.find(names + "title").text: cell for cell in cells}
    for row in printed["rows"]:
        if row["variance_pct"] is None or row["id"] is None:
            continue
        start = f"{row['scope']}:{row['id']}, {row['day']}: "
        found = [title for title in titles if title.startswith(start)]
        if not found:       # a name with marks that are escaped
            assert not row["id"].isascii(), start
            continue
        label = titles[found[0]].find(names + "text").text
        pct = row["variance_pct"]
        assert label == ">999" or abs(int(label) - pct) <= 0.51, (label, pct)
        assert ("alert" in found[0]) == bool(row["alerts"]), found


def read(folder, *arguments):
    text = page_world.run(METER, folder, "report", "html", *arguments,
                          "-").stdout
    page = page_read.Page(text)
    for raw in re.findall(r"<section.*?</section>", text, re.S):
        page.sections[re.search(r'id="([^"]+)"', raw)[1]]["raw"] = raw
    check_safety(page, text)
    return page


def check(folder, *arguments):
    page = read(folder, *arguments)
    sections = page.sections
    assert list(sections) == SECTIONS, list(sections)
    for section in sections.values():
        for command in section["commands"]:
            assert command in section["titles"] or not section["tables"], \
                (section["id"], command, "no tooltip names it")
    check_run(folder, sections["run"])
    check_cost(folder, sections["cost"])
    check_days(folder, sections["days"])
    for name, key in DIMENSIONS.items():
        check_usage(folder, sections[name], key)
    check_entities(folder, sections["entities"])
    check_efficiency(folder, sections["efficiency"])
    check_calls(folder, sections["calls"])
    check_variance(folder, sections)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        for name, make in page_world.WORLDS.items():
            make(METER, os.path.join(scratch, name))
        full = os.path.join(scratch, "full")
        hostile = os.path.join(scratch, "hostile")
        assert list(read(os.path.join(scratch, "empty")).sections) == \
            ["start"]
        check(full)
        check(hostile)
        check_heatmap(full)
        check_heatmap(hostile)
        check(full, "--repo", "site")
        check(full, "--since", "2026-11-10", "--until", "2026-11-16")
        check(full, "--since", "7d", "--not-model", "gpt-4o*", "--quest",
              "q-*")
        check(full, "--quest", "q-ri", "--tz", "+05:30")
        check(full, "--workflow", "draft")
        check(hostile, "--quest", page_world.HOSTILE[0])
        check(hostile, "--agent", page_world.HOSTILE[24])
        assert list(read(full, "--repo", "nowhere").sections) == ["start"]


main()
