#include "lib/render/csv.h"

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

TestSuite(csv, .fini = release);

static void
expect(bool guard, const char *expected)
{
	buf_reset(&out);
	csv_table(&out, &table, guard);
	SCRATCH_SAME(out.text, expected);
}

Test(csv, quotes_and_guards_texts)
{
	static const struct {
		const char *text, *raw, *guarded;
	} cases[] = {
		{ "plain", "plain", "plain" },
		{ "", "\"\"", "\"\"" },
		{ "a,b", "\"a,b\"", "\"a,b\"" },
		{ "a\"b", "\"a\"\"b\"", "\"a\"\"b\"" },
		{ "\"", "\"\"\"\"", "\"\"\"\"" },
		{ "a\nb", "\"a\nb\"", "a\\x0ab" },
		{ "a\rb", "\"a\rb\"", "a\\x0db" },
		{ " a ", " a ", " a " },
		{ "\xc3\xa9", "\xc3\xa9", "\xc3\xa9" },
		{ "=1+2", "=1+2", "'=1+2" },
		{ "+1", "+1", "'+1" },
		{ "-1", "-1", "'-1" },
		{ "@x", "@x", "'@x" },
		{ "\tx", "\tx", "'\\x09x" },
		{ "\033[1m", "\033[1m", "\\x1b[1m" },
		{ "\xe2\x80\xae", "\xe2\x80\xae", "\\u{202e}" },
		{ "\rx", "\"\rx\"", "'\\x0dx" },
		{ "=\"a\"", "\"=\"\"a\"\"\"", "\"'=\"\"a\"\"\"" },
		{ "a=b", "a=b", "a=b" },
		{ "'=x", "'=x", "'=x" },
	};
	static const struct table_column alone[] = { { "n", TABLE_TEXT } };

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		table_init(&table, &arena, alone, 1);
		table_row(&table);
		table_string(&table, cases[i].text);
		expect(false, arena_printf(&arena, "n\n%s\n", cases[i].raw));
		expect(true, arena_printf(&arena, "n\n%s\n", cases[i].guarded));
	}
}

Test(csv, has_a_header_and_figures_in_full)
{
	static const struct table_column columns[] = {
		{ "name", TABLE_TEXT },
		{ "calls", TABLE_COUNT },
		{ "cost_usd", TABLE_MONEY },
		{ "ratio", TABLE_NUMBER },
	};

	table_init(&table, &arena, columns, SCRATCH_COUNT(columns));
	expect(true, "name,calls,cost_usd,ratio\n");
	table_row(&table);
	table_string(&table, "a");
	table_count(&table, 1234567);
	table_money(&table, (struct money){ -1 });
	table_number(&table, 1e-7);
	table_row(&table);
	table_note(&table, "not in CSV");
	expect(true, "name,calls,cost_usd,ratio\n"
		     "a,1234567,-0.000000000000001,0.0000001\n"
		     ",,,\n");
}

Test(csv, shows_a_time_as_its_readers_write_it)
{
	static const struct table_column timed[] = {
		{ "at", TABLE_TIME },
		{ "note", TABLE_TEXT },
	};

	table_init(&table, &arena, timed, 2);
	table_row(&table);
	table_time(&table, TEXT("2026-11-22T09:00:00.5+01:00"));
	table_string(&table, "x");
	expect(false, "at,note\n"
		      "2026-11-22T08:00:00.500000Z,x\n");
}
