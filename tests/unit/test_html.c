#include "lib/render/html.h"

#include "lib/render/table.h"
#include "tests/unit/scratch.h"

static struct arena arena = ARENA_INIT;
static struct table table;
static struct buf out = BUF_INIT;

static void
release(void)
{
	buf_release(&out);
	arena_release(&arena);
}

TestSuite(html, .fini = release);

static void
expect_table(const char *figures, const char *expected)
{
	buf_reset(&out);
	html_table(&out, &table, figures);
	SCRATCH_SAME(out.text, expected);
}

/* Each character of ASCII: five have a reference, all else is as it is. */
Test(html, escapes_every_mark)
{
	char plain[2] = "";
	const char *expected;

	for (char c = ' '; c < '\x7f'; c++) {
		buf_reset(&out);
		html_escape(&out, (struct text){ &c, 1 });
		plain[0] = c;
		expected = c == '&'    ? "&amp;"
			   : c == '<'  ? "&lt;"
			   : c == '>'  ? "&gt;"
			   : c == '"'  ? "&quot;"
			   : c == '\'' ? "&#39;"
				       : plain;
		SCRATCH_SAME(out.text, expected);
	}
}

Test(html, makes_texts_harmless)
{
	const struct {
		struct text text;
		const char *expected;
	} cases[] = {
		{ TEXT(""), "" },
		{ TEXT("<script>alert('x')</script>"),
		    "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" },
		{ TEXT("--><!--"), "--&gt;&lt;!--" },
		{ TEXT("&lt;"), "&amp;lt;" },
		{ TEXT("a\nb\r\tc"), "a\\x0ab\\x0d\\x09c" },
		{ TEXT("a\0b"), "a\\x00b" },
		{ TEXT("\xff"), "\\xff" },
		{ TEXT("\xe2\x80\xae"), "\\u{202e}" },
		{ TEXT("\xc3\xa9\xe6\x97\xa5"), "\xc3\xa9\xe6\x97\xa5" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		buf_reset(&out);
		html_escape(&out, cases[i].text);
		SCRATCH_SAME(out.text, cases[i].expected);
	}
}

Test(html, marks_figures_as_it_is_told)
{
	static const struct table_column columns[] = {
		{ "name", TABLE_TEXT },
		{ "tokens_in", TABLE_COUNT },
		{ "cost", TABLE_MONEY },
		{ "at", TABLE_TIME },
	};

	table_init(&table, &arena, columns, SCRATCH_COUNT(columns));
	expect_table(NULL, "");
	table_note(&table, "nothing <here>");
	expect_table(NULL, "<p>nothing &lt;here&gt;</p>\n");
	table_row(&table);
	table_string(&table, "<b>");
	table_count(&table, -1234567);
	table_money(&table, (struct money){ (money_int)15 * 100000000000000 });
	table_time(&table, TEXT("2026-11-22T09:00:00.5+01:00"));
	table_row(&table);
	expect_table("class=\"n\"",
	    "<table>\n"
	    "<thead>\n"
	    "<tr><th>name</th><th class=\"n\">tokens_in</th>"
	    "<th class=\"n\">cost</th><th>at</th></tr>\n"
	    "</thead>\n"
	    "<tbody>\n"
	    "<tr><td>&lt;b&gt;</td><td class=\"n\">-1,234,567</td>"
	    "<td class=\"n\">$1.5000</td>"
	    "<td>2026-11-22 08:00:00</td></tr>\n"
	    "<tr><td>-</td><td class=\"n\">-</td><td class=\"n\">-</td>"
	    "<td>-</td></tr>\n"
	    "</tbody>\n"
	    "</table>\n"
	    "<p>nothing &lt;here&gt;</p>\n");
}

Test(html, leaves_figures_alone_without_an_attribute)
{
	static const struct table_column alone[] = { { "n", TABLE_COUNT } };

	table_init(&table, &arena, alone, 1);
	table_row(&table);
	table_count(&table, 1000);
	expect_table(NULL,
	    "<table>\n<thead>\n<tr><th>n</th></tr>\n</thead>\n<tbody>\n"
	    "<tr><td>1,000</td></tr>\n</tbody>\n</table>\n");
}

Test(html, cuts_a_long_name_in_a_cell)
{
	static const struct table_column alone[] = { { "n", TABLE_TEXT } };
	char name[300];

	memset(name, '<', sizeof(name));
	table_init(&table, &arena, alone, 1);
	table_row(&table);
	table_text(&table, (struct text){ name, sizeof(name) });
	html_table(&out, &table, NULL);
	cr_expect(strstr(out.text, "&lt;...</td>") != NULL, "%s", out.text);
	cr_expect(out.len < 197 * 4 + 100);
}
