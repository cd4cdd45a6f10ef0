#include "lib/render/markdown.h"

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

TestSuite(markdown, .fini = release);

static void
expect_table(const char *expected)
{
	buf_reset(&out);
	markdown_table(&out, &table);
	SCRATCH_SAME(out.text, expected);
}

/* Each character of ASCII: the marks with a backslash, all else as it is. */
Test(markdown, escapes_every_mark)
{
	static const char marks[] = "\\`*_{}[]<>()#+-.!|&~:@=$^\"'";
	char expected[3] = "";

	for (char c = ' '; c < '\x7f'; c++) {
		buf_reset(&out);
		markdown_escape(&out, (struct text){ &c, 1 });
		snprintf(expected, sizeof(expected), "%s%c",
		    strchr(marks, c) ? "\\" : "", c);
		SCRATCH_SAME(out.text, expected);
	}
}

Test(markdown, makes_texts_harmless)
{
	const struct {
		struct text text;
		const char *expected;
	} cases[] = {
		{ TEXT(""), "" },
		{ TEXT("<script>"), "\\<script\\>" },
		{ TEXT("<!-- x -->"), "\\<\\!\\-\\- x \\-\\-\\>" },
		{ TEXT("[x](javascript:y)"), "\\[x\\]\\(javascript\\:y\\)" },
		{ TEXT("a|b\\|c"), "a\\|b\\\\\\|c" },
		{ TEXT("a\nb\rc\r\nd\n\ne"), "a b c d  e" },
		{ TEXT("\n\r"), "  " },
		{ TEXT("a\tb\x1b"), "a\\\\x09b\\\\x1b" },
		{ TEXT("a\0b"), "a\\\\x00b" },
		{ TEXT("\xff"), "\\\\xff" },
		{ TEXT("\xe2\x80\xae"), "\\\\u\\{202e\\}" },
		{ TEXT("\xe2\x80\xa8"), "\\\\u\\{2028\\}" },
		{ TEXT("\xc3\xa9\xe6\x97\xa5"), "\xc3\xa9\xe6\x97\xa5" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		buf_reset(&out);
		markdown_escape(&out, cases[i].text);
		SCRATCH_SAME(out.text, cases[i].expected);
	}
}

Test(markdown, cuts_before_it_escapes)
{
	markdown_escape_cut(&out, TEXT("*****"), 5);
	SCRATCH_SAME(out.text, "\\*\\*\\*\\*\\*");
	buf_reset(&out);
	markdown_escape_cut(&out, TEXT("******"), 5);
	SCRATCH_SAME(out.text, "\\*\\*\\.\\.\\.");
}

Test(markdown, has_figures_to_the_right_as_people_read_them)
{
	static const struct table_column columns[] = {
		{ "name", TABLE_TEXT },
		{ "tokens_in", TABLE_COUNT },
		{ "cost", TABLE_MONEY },
		{ "ratio", TABLE_NUMBER },
		{ "at", TABLE_TIME },
	};

	table_init(&table, &arena, columns, SCRATCH_COUNT(columns));
	expect_table("");
	table_note(&table, "nothing *here*");
	expect_table("nothing \\*here\\*\n");
	table_note(&table, "nor there");
	table_row(&table);
	table_string(&table, "a|b\nc");
	table_count(&table, -1234567);
	table_money(&table, (struct money){ (money_int)15 * 100000000000000 });
	table_number(&table, 0.25);
	table_time(&table, TEXT("2026-11-22T09:00:00.5+01:00"));
	table_row(&table);
	expect_table("| name | tokens\\_in | cost | ratio | at |\n"
		     "| --- | ---: | ---: | ---: | --- |\n"
		     "| a\\|b c | -1,234,567 | $1.5000 | 0.25 | "
		     "2026-11-22 08:00:00 |\n"
		     "| - | - | - | - | - |\n"
		     "\n"
		     "nothing \\*here\\*\n"
		     "\n"
		     "nor there\n");
}

Test(markdown, cuts_a_long_name_in_a_cell)
{
	static const struct table_column alone[] = { { "n", TABLE_TEXT } };
	char name[300];

	memset(name, 'x', sizeof(name));
	table_init(&table, &arena, alone, 1);
	table_row(&table);
	table_text(&table, (struct text){ name, sizeof(name) });
	expect_table(arena_printf(&arena,
	    "| n |\n| --- |\n| %.197s\\.\\.\\. |\n", name));
}
