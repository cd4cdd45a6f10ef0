"""What a page says, read by programs of others than the one that wrote it."""

import html.parser


class Page(html.parser.HTMLParser):
    """Sections with their tables, figures, texts, commands and titles."""

    VOID = {"meta", "link", "br", "img", "input", "hr"}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.sections, self.tags, self.stack = {}, [], []
        self.section = self.table = self.row = self.cell = None
        self.texts = []
        self.feed(text)
        self.close()
        assert not self.stack, self.stack

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.append((tag, values))
        if tag not in self.VOID:
            self.stack.append((tag, values))
        if tag == "section":
            self.section = {"id": values["id"], "tables": [], "figures": [],
                            "commands": [], "titles": [], "text": "",
                            "items": []}
            self.sections[values["id"]] = self.section
        if self.section is None:
            return
        if "title" in values:
            self.section["titles"].append(values["title"])
        if tag == "table":
            self.table = {"caption": "", "rows": []}
            self.section["tables"].append(self.table)
        if tag == "tr":
            self.row = []
            self.table["rows"].append(self.row)
        if tag in ("td", "th"):
            self.row.append("")
        if tag in ("dt", "dd"):
            self.section["figures"].append([tag, ""])

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.stack and self.stack[-1][0] == tag, (tag, self.stack)
        self.stack.pop()
        if tag == "section":
            self.section = None

    def handle_data(self, data):
        inside = [tag for tag, _ in self.stack]
        if self.section is None or "title" in inside or "desc" in inside:
            return
        self.section["text"] += data
        if "td" in inside or "th" in inside:
            self.row[-1] += data
        elif "caption" in inside:
            self.table["caption"] += data
        elif "dt" in inside or "dd" in inside:
            self.section["figures"][-1][1] += data
        elif "code" in inside and any(
                "cmd" in values.get("class", "").split()
                for _, values in self.stack):
            self.section["commands"].append(data)


def figures(section):
    """The figures of a section by their labels."""
    found, label = {}, None
    for tag, text in section["figures"]:
        if tag == "dt":
            label = text
        else:
            found.setdefault(label, text)
    return found


def count(text):
    return int(text.replace(",", "").lstrip("+"))


def grouped(number):
    return f"{number:,}"


def money(text):
    """A cost in JSON, exact decimal text, as people read it."""
    from decimal import Decimal, ROUND_HALF_EVEN
    amount = Decimal(text)
    places = 4
    if amount != 0:
        while places < 15 and round(abs(amount).scaleb(places)) < 10:
            places += 1
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    sign = "-" if rounded < 0 else ""
    return f"{sign}${abs(rounded):,.{places}f}"
