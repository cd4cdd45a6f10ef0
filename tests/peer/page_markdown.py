#!/usr/bin/python3
# test: METER
"""The Markdown page, rendered by cmark-gfm and by pandoc: tables are whole and
the same in both, names are nothing but text, and the figures are those of the
HTML page."""

import html.parser
import os
import subprocess
import sys
import tempfile
import unicodedata

import page_read
import page_world

METER = os.path.abspath(sys.argv[1])
RENDERERS = {
    "cmark-gfm": ["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink",
                  "-e", "strikethrough", "-e", "tasklist", "-t", "html"],
    "pandoc": ["pandoc", "-f", "gfm+raw_html", "-t", "html"],
}
# What the page itself is made of; no name may add to that.
OWN = set("h1 h2 h3 p strong code pre table thead tbody tr th td ul li colgroup "
          "col".split())
# What renderers put around a table or a block of code.
LAYOUT = {"style", "align", "id", "class"}


class Rendered(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tables, self.wrong, self.text = [], [], ""
        self.cell = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag not in OWN:
            self.wrong.append(tag)
        self.wrong += [name for name, _ in attributes if name not in LAYOUT]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.cell = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.cell = False

    def handle_comment(self, data):
        self.wrong.append("comment " + data)

    def handle_data(self, data):
        self.text += data
        if self.cell:
            self.tables[-1][-1][-1] += data


def render(name, text):
    done = subprocess.run(RENDERERS[name], input=text, text=True, check=True,
                          capture_output=True)
    return Rendered(done.stdout)


def plain(cell):
    """A cell's text; pandoc composes letters and their marks."""
    return unicodedata.normalize("NFC", " ".join(cell.split()))


def check_tables(where, rendered):
    assert rendered.tables, where
    for table in rendered.tables:
        assert len(table) > 1, (where, table)
        for row in table:
            assert len(row) == len(table[0]), (where, table[0], row)


def check_figures(where, tables, folder, arguments):
    """Each table of the HTML page is there, with bars in between."""
    page = page_read.Page(page_world.run(METER, folder, "report", "html",
                                         *arguments, "-").stdout)
    wanted = [table["rows"] for section in page.sections.values()
              for table in section["tables"]]
    rows = {tuple(plain(cell) for cell in row
                  if cell.strip("\u2588\u2589\u258a\u258b\u258c\u258d\u258e"
                                "\u258f ")) for table in tables
            for row in table}
    for table in wanted:
        for row in table[-20:]:
            cells = tuple(plain(cell) for cell in row if cell.strip())
            assert cells in rows, (where, cells)


def check(folder, *arguments):
    text = page_world.run(METER, folder, "report", "markdown", *arguments,
                          "-").stdout
    again = page_world.run(METER, folder, "report", "markdown", *arguments,
                           "-").stdout
    assert text == again
    assert text.endswith("\n") and not text.endswith("\n\n")
    found = {name: render(name, text) for name in RENDERERS}
    for name, rendered in found.items():
        where = name, os.path.basename(folder), arguments
        assert not rendered.wrong, (where, rendered.wrong)
        check_tables(where, rendered)
        check_figures(where, rendered.tables, folder, arguments)
    first, second = (rendered.tables for rendered in found.values())
    assert [[[plain(c) for c in row] for row in t] for t in first] == \
        [[[plain(c) for c in row] for row in t] for t in second]


def main():
    with tempfile.TemporaryDirectory() as scratch:
        for name, make in page_world.WORLDS.items():
            make(METER, os.path.join(scratch, name))
        check(os.path.join(scratch, "full"))
        check(os.path.join(scratch, "full"), "--repo", "site")
        check(os.path.join(scratch, "hostile"))
        check(os.path.join(scratch, "hostile"), "--task",
              page_world.HOSTILE[8])
        empty = os.path.join(scratch, "empty")
        page_world.run(METER, empty, "report", "markdown")
        with open(os.path.join(empty, "reports/token-cost.md")) as file:
            text = file.read()
        for name in RENDERERS:
            rendered = render(name, text)
            assert not rendered.wrong, rendered.wrong
            assert "meter record run run.json" in rendered.text


main()
