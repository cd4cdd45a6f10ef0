#include "lib/render/terminal.h"

#include "lib/render/table.h"
#include "tests/unit/scratch.h"

static struct arena arena = ARENA_INIT;
static struct table table;
static struct buf out = BUF_INIT;

static const struct table_column columns[] = {
	{ "name", TABLE_TEXT },
	{ "calls", TABLE_COUNT },
	{ "cost", TABLE_MONEY },
	{ "ratio", TABLE_NUMBER },
	{ "note", TABLE_TEXT },
};

static void
begin(void)
{
	table_init(&table, &arena, columns, SCRATCH_COUNT(columns));
}

static void
release(void)
{
	buf_release(&out);
	arena_release(&arena);
}

TestSuite(terminal, .init = begin, .fini = release);

static void
add_row(struct text name, int64_t calls, const char *cost, double ratio,
    const char *note)
{
	struct money money = MONEY_ZERO;

	money_parse(&money, cost, strlen(cost));
	table_row(&table);
	table_text(&table, name);
	table_count(&table, calls);
	table_money(&table, money);
	table_number(&table, ratio);
	table_string(&table, note);
}

static void
expect(enum utf8_screen screen, bool has_colour, const char *expected)
{
	struct terminal terminal = { screen, has_colour };

	buf_reset(&out);
	terminal_table(&out, &table, &terminal);
	SCRATCH_SAME(out.text, expected);
}

Test(terminal, aligns_names_left_and_figures_right)
{
	add_row(TEXT("a"), 1234567, "1234.5", 0.5, "x");
	add_row(TEXT("longer name"), 0, "0.000012", 12, NULL);
	add_row(TEXT_NULL, -5, "-3", 1.0833, "last");
	expect(UTF8_ASCII, false,
	    "name             calls         cost   ratio  note\n"
	    "a            1,234,567  $1,234.5000     0.5  x\n"
	    "longer name          0    $0.000012      12  -\n"
	    "-                   -5     -$3.0000  1.0833  last\n");
}

Test(terminal, has_bold_names_of_columns_in_colour_alone)
{
	add_row(TEXT("a"), 1, "1", 1, "x");
	expect(UTF8_ASCII, true,
	    "\033[1mname  calls     cost  ratio  note\033[0m\n"
	    "a         1  $1.0000      1  x\n");
}

Test(terminal, without_rows_has_notes_alone)
{
	expect(UTF8_ASCII, true, "");
	table_note(&table, "nothing here");
	table_note(&table, "a\x1b"
			   "b");
	expect(UTF8_ASCII, false, "nothing here\na\\x1bb\n");
}

Test(terminal, makes_names_harmless)
{
	const struct {
		struct text name;
		const char *ascii, *printable;
	} cases[] = {
		{ TEXT("\x1b[31mred"), "\\x1b[31mred", "\\x1b[31mred" },
		{ TEXT("a\nb\tc\rd"), "a\\x0ab\\x09c\\x0dd",
		    "a\\x0ab\\x09c\\x0dd" },
		{ TEXT("\0"), "\\x00", "\\x00" },
		{ TEXT("\x7f"), "\\x7f", "\\x7f" },
		{ TEXT("\xc2\x9b"
		       "2J"),
		    "\\x9b2J", "\\x9b2J" },
		{ TEXT("\xe2\x80\xae"
		       "abc"),
		    "\\u{202e}abc", "\\u{202e}abc" },
		{ TEXT("\xe2\x81\xa6"), "\\u{2066}", "\\u{2066}" },
		{ TEXT("\xef\xbb\xbf"), "\\u{feff}", "\\u{feff}" },
		{ TEXT("\xff\xc3"), "\\xff\\xc3", "\\xff\\xc3" },
		{ TEXT("\xc3\xa9"), "\\u{e9}", "\xc3\xa9" },
		{ TEXT("\xe6\x97\xa5"), "\\u{65e5}", "\xe6\x97\xa5" },
	};
	static const struct table_column alone[] = { { "n", TABLE_TEXT } };

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		table_init(&table, &arena, alone, 1);
		table_row(&table);
		table_text(&table, cases[i].name);
		expect(UTF8_ASCII, false,
		    arena_printf(&arena, "n\n%s\n", cases[i].ascii));
		expect(UTF8_PRINTABLE, false,
		    arena_printf(&arena, "n\n%s\n", cases[i].printable));
	}
}

/* A code point that passes is one column, however many bytes it has. */
Test(terminal, aligns_by_code_points)
{
	add_row(TEXT("\xc3\xa9t\xc3\xa9"), 1, "1", 1, "x");
	add_row(TEXT("abcdef"), 1, "1", 1, "y");
	expect(UTF8_PRINTABLE, false,
	    "name    calls     cost  ratio  note\n"
	    "\xc3\xa9t\xc3\xa9         1  $1.0000      1  x\n"
	    "abcdef      1  $1.0000      1  y\n");
}

Test(terminal, cuts_a_name_at_200_columns)
{
	static const struct table_column alone[] = { { "n", TABLE_TEXT } };
	char name[300];

	memset(name, 'x', sizeof(name));
	table_init(&table, &arena, alone, 1);
	table_row(&table);
	table_text(&table, (struct text){ name, 200 });
	expect(UTF8_ASCII, false, arena_printf(&arena, "n\n%.200s\n", name));
	table_init(&table, &arena, alone, 1);
	table_row(&table);
	table_text(&table, (struct text){ name, 201 });
	expect(UTF8_ASCII, false, arena_printf(&arena, "n\n%.197s...\n", name));
}

Test(terminal, shows_each_cell_by_its_own_type)
{
	static const struct table_column mixed[] = {
		{ "what", TABLE_TEXT },
		{ "actual", TABLE_COUNT },
	};

	table_init(&table, &arena, mixed, 2);
	table_row(&table);
	table_string(&table, "calls");
	table_count(&table, 1000);
	table_row(&table);
	table_string(&table, "cost");
	table_money(&table, (struct money){ (money_int)15 * 100000000000000 });
	expect(UTF8_ASCII, false,
	    "what    actual\n"
	    "calls    1,000\n"
	    "cost   $1.5000\n");
}

Test(terminal, shows_a_time_as_its_readers_write_it)
{
	static const struct table_column timed[] = {
		{ "at", TABLE_TIME },
		{ "note", TABLE_TEXT },
	};

	table_init(&table, &arena, timed, 2);
	table_row(&table);
	table_time(&table, TEXT("2026-11-22T09:00:00.5+01:00"));
	table_string(&table, "x");
	expect(UTF8_ASCII, false,
	    "at                   note\n"
	    "2026-11-22 08:00:00  x\n");
}
