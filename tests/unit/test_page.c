#include "lib/render/page.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/render/page_html.h"
#include "lib/render/page_markdown.h"
#include "tests/unit/scratch.h"

/* Both renderers of a page, side by side. */

static struct arena arena = ARENA_INIT;
static struct page page;
static struct page_section *section;
static struct buf out = BUF_INIT;

static void
begin(void)
{
	page_init(&page, &arena, "Title");
	section = page_section(&page, "one", "One", "The first & only",
	    "meter usage --task '<b>'");
}

static void
release(void)
{
	buf_release(&out);
	arena_release(&arena);
}

TestSuite(page, .init = begin, .fini = release);

static void
expect_in(const char *part)
{
	cr_expect(strstr(out.text, part) != NULL, "%s\nis not in\n%s", part,
	    out.text);
}

static void
html(void)
{
	buf_reset(&out);
	page_html(&out, &page);
}

static void
markdown(void)
{
	buf_reset(&out);
	page_markdown(&out, &page);
}

Test(page, has_a_frame_that_lets_nothing_in)
{
	html();
	expect_in("<!DOCTYPE html>\n<html lang=\"en\">\n");
	expect_in("content=\"default-src 'none'; style-src 'unsafe-inline'; "
		  "img-src data:\"");
	expect_in("<title>Title</title>");
	expect_in("<h1>Title</h1>");
	expect_in("<section id=\"one\" class=\"card\" "
		  "aria-labelledby=\"one-h\">\n"
		  "<h2 id=\"one-h\">The first &amp; only</h2>\n");
	expect_in("</main>\n</body>\n</html>\n");
	cr_expect(strstr(out.text, "<nav") == NULL);
	page_section(&page, "two", "Two", "The second", NULL);
	html();
	expect_in("<a href=\"#two\">Two</a>");
}

Test(page, names_its_commands)
{
	page_lead(&page, "Alerts", TEXT("3"))->command = "meter x";
	html();
	expect_in("<p title=\"meter x\"><span class=\"label\">Alerts</span>");
	page.leads = NULL;
	page_text(&page, section, "words");
	html();
	expect_in("<p class=\"cmd\"><code>meter usage --task "
		  "&#39;&lt;b&gt;&#39;</code></p>");
	expect_in("<p title=\"meter usage --task &#39;&lt;b&gt;&#39;\">words");
	markdown();
	SCRATCH_SAME(out.text, "# Title\n\n## The first \\& only\n\nwords\n\n"
			       "`meter usage --task '<b>'`\n");
}

Test(page, holds_backquotes_in_a_span_of_code)
{
	section->command = "a `` b ` c";
	markdown();
	expect_in("``` a `` b ` c ```\n");
}

Test(page, shows_figures)
{
	struct page_block *block = page_block(&page, section, PAGE_FIGURES);
	struct page_figure *figure;

	figure = page_figure(&page, block, "Cost", TEXT("$1"));
	figure->note = TEXT("so <far>");
	figure->tone = PAGE_WARN;
	html();
	expect_in("<div class=\"figure warn\" title=\"meter usage --task "
		  "&#39;&lt;b&gt;&#39;\"><dt>Cost</dt><dd>$1</dd>"
		  "<dd class=\"note\">so &lt;far&gt;</dd></div>");
	markdown();
	expect_in("| Cost | \\$1 | so \\<far\\> |");
}

/* A table with a bar for its first row, and a total. */
static struct page_table *
add_table(void)
{
	static const struct table_column columns[] = { { "Name", TABLE_TEXT },
		{ "Cost", TABLE_MONEY } };
	static const double shares[] = { 1 };
	struct page_table *shown =
	    page_table(&page, section, "Caption", columns, 2);

	shown->shares = shares;
	shown->share_count = 1;
	shown->has_total = true;
	table_row(&shown->table);
	table_string(&shown->table, "<x>|y");
	table_money(&shown->table, MONEY_ZERO);
	table_row(&shown->table);
	table_string(&shown->table, "Total");
	table_money(&shown->table, MONEY_ZERO);
	return shown;
}

Test(page, shows_tables_with_bars)
{
	add_table();
	html();
	expect_in("<caption>Caption</caption>");
	expect_in("<th scope=\"col\" class=\"num\">Cost</th>");
	expect_in("<tr><th scope=\"row\"><bdi>&lt;x&gt;|y</bdi><svg");
	expect_in("<tr class=\"total\"><th scope=\"row\"><bdi>Total</bdi>"
		  "</th><td class=\"num\">$0.0000</td></tr>");
	markdown();
	expect_in("| Name |  | Cost |\n| --- | --- | ---: |\n"
		  "| \\<x\\>\\|y | "
		  "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88"
		  "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88"
		  "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88"
		  "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88 | "
		  "$0.0000 |\n| Total |  | $0.0000 |\n");
}

/* What a chart shows is there as a table too; in Markdown the newest rows,
 * and the others in one. */
Test(page, folds_long_tables)
{
	static const struct table_column columns[] = { { "Day", TABLE_TEXT },
		{ "Cost", TABLE_MONEY } };
	struct page_table *shown =
	    page_table(&page, section, "The same", columns, 2);
	struct money cent = { (money_int)10000000000000 };

	shown->is_folded = true;
	for (int i = 0; i < 40; i++) {
		table_row(&shown->table);
		table_string(&shown->table, arena_printf(&arena, "day%d", i));
		table_money(&shown->table, cent);
	}
	html();
	expect_in("<details><summary>The same</summary>");
	expect_in("<bdi>day0</bdi>");
	markdown();
	expect_in("| 9 earlier ones | $0.0900 |\n| day9 | $0.0100 |\n");
	cr_expect(strstr(out.text, "day8 ") == NULL);
}

Test(page, lets_a_wide_table_be_moved_by_the_keyboard)
{
	static const struct table_column columns[] = { { "A", TABLE_TEXT },
		{ "B", TABLE_TEXT }, { "C", TABLE_TEXT }, { "D", TABLE_TEXT },
		{ "E", TABLE_TEXT } };
	struct page_table *shown =
	    page_table(&page, section, "Wide", columns, 5);

	table_row(&shown->table);
	html();
	expect_in("<div class=\"scroll\" role=\"group\" tabindex=\"0\" "
		  "aria-label=\"Wide\">");
}

Test(page, names_the_cells_of_a_table_that_is_stacked)
{
	static const struct table_column columns[] = { { "A", TABLE_TEXT },
		{ "B", TABLE_TEXT }, { "C", TABLE_TEXT },
		{ "D <d>", TABLE_COUNT }, { "E", TABLE_TEXT } };
	struct page_table *shown =
	    page_table(&page, section, "Four", columns, 4);

	for (size_t count = 4; count <= 5; count++) {
		table_row(&shown->table);
		for (int i = 0; i < 3; i++)
			table_string(&shown->table, "a");
		table_count(&shown->table, 7);
		html();
		if (count == 5)
			break;
		cr_expect(strstr(out.text, "data-label=") == NULL);
		cr_expect(strstr(out.text, "class=\"stacked\"") == NULL);
		shown = page_table(&page, section, "Five", columns, 5);
	}
	expect_in("<table class=\"stacked\"");
	expect_in("<td class=\"num\" data-label=\"D &lt;d&gt;\">7</td>");
}

Test(page, shows_items_and_code)
{
	struct page_block *block = page_block(&page, section, PAGE_ITEMS);
	struct page_item *item;

	item = page_item(&page, block, TEXT("quest:<q>"), PAGE_BAD);
	page_line(&page, item, "Cause", TEXT("retries"));
	page_line(&page, item, NULL, TEXT("meter `x`"))->is_code = true;
	page_block(&page, section, PAGE_CODE)->text = TEXT("one <a>\ntwo");
	html();
	expect_in("<li class=\"bad\"");
	expect_in("<h3><bdi>quest:&lt;q&gt;</bdi></h3>");
	expect_in("<p><span class=\"label\">Cause</span> "
		  "<bdi>retries</bdi></p>");
	expect_in("<pre><code>one &lt;a&gt;\ntwo</code></pre>");
	markdown();
	expect_in("### quest\\:\\<q\\>\n\n- **Cause**: retries\n"
		  "- `` meter `x` ``\n");
	expect_in("```\none <a>\ntwo\n```\n");
}

Test(page, draws_charts_in_both)
{
	const double allowed[] = { 10, -1 }, used[] = { 20, 5 };
	const struct text days[] = { TEXT("2026-11-20"), TEXT("2026-11-21") };
	const struct text texts[] = { TEXT("20 of 10"), TEXT("5") };
	const struct text rows[] = { TEXT("quest:q") };
	const struct chart_cell cells[] = { { true, true, 100, true, true,
						TEXT("over") },
		{ .text = TEXT("none") } };
	struct chart_lines lines = { .name = TEXT("quest:q"),
		.place_count = 2,
		.places = days,
		.allowed = allowed,
		.used = used,
		.texts = texts,
		.summary = TEXT("25 used") };
	struct page_block *block = page_block(&page, section, PAGE_LINES);

	block->lines = &lines;
	block->line_count = 1;
	block = page_block(&page, section, PAGE_GRID);
	block->grid = (struct chart_grid){ .id = "heat",
		.title = "Heat",
		.row_count = 1,
		.column_count = 2,
		.rows = rows,
		.columns = days,
		.cells = cells,
		.left_out = 4 };
	html();
	expect_in("<ul class=\"multiples\">");
	expect_in("id=\"heat-t\"");
	expect_in("id=\"heat-n-t\"");
	expect_in(">and 4 more</text>");
	markdown();
	expect_in("\nand 4 more\n");
	expect_in("| quest\\:q | \xe2\x96\x84\xc2\xb7 | "
		  "\xe2\x96\x88\xe2\x96\x82 | 25 used |");
	expect_in("| Scope | 11\\-20 | 11\\-21 |");
	expect_in("| quest\\:q | \xe2\x9a\xa0 \\+100 | \xc2\xb7 |");
}
