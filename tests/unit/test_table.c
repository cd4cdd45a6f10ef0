#include "lib/render/table.h"

#include <signal.h>

#include "tests/unit/scratch.h"

static struct arena arena = ARENA_INIT;
static struct table table;

static const struct table_column columns[] = {
	{ "name", TABLE_TEXT },
	{ "calls", TABLE_COUNT },
	{ "cost", TABLE_MONEY },
	{ "ratio", TABLE_NUMBER },
};

static void
begin(void)
{
	table_init(&table, &arena, columns, SCRATCH_COUNT(columns));
}

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(table, .init = begin, .fini = release);

Test(table, keeps_rows_and_cells_in_order)
{
	const struct table_row *row;
	int64_t i = 0;

	for (; i < 50; i++) {
		table_row(&table);
		table_string(&table, arena_printf(&arena, "n%d", (int)i));
		table_count(&table, i);
		table_money(&table, (struct money){ i * 2 });
		table_number(&table, (double)i / 2);
	}
	cr_expect(eq(sz, table.row_count, 50));
	i = 0;
	for (row = table.rows; row; row = row->next, i++) {
		cr_expect(text_is(row->cells[0].text,
		    arena_printf(&arena, "n%d", (int)i)));
		cr_expect(eq(i64, row->cells[1].count, i));
		cr_expect(row->cells[2].money.femto == i * 2);
		cr_expect(eq(dbl, row->cells[3].number, (double)i / 2));
	}
	cr_expect(eq(i64, i, 50));
}

Test(table, cells_are_null_until_they_are_set)
{
	table_row(&table);
	table_text(&table, TEXT_NULL);
	table_null(&table);
	table_row(&table);
	table_text(&table, TEXT(""));
	table_count(&table, 0);
	for (size_t i = 0; i < 4; i++)
		cr_expect(table.rows->cells[i].is_null);
	cr_expect(not(table.rows->next->cells[0].is_null));
	cr_expect(not(table.rows->next->cells[1].is_null));
	cr_expect(table.rows->next->cells[2].is_null);
	table_string(&table, NULL);
	cr_expect(table.rows->next->cells[2].is_null);
}

/* A time that is none stays the text that it is. */
Test(table, takes_a_time_from_its_text)
{
	table_row(&table);
	table_time(&table, TEXT("2026-11-22T08:00:00.5+00:00"));
	table_time(&table, TEXT("yesterday"));
	table_time(&table, TEXT_NULL);
	cr_expect(eq(int, (int)table.rows->cells[0].type, (int)TABLE_TIME));
	cr_expect(eq(i64, table.rows->cells[0].time.micros,
	    INT64_C(1795334400500000)));
	cr_expect(eq(int, (int)table.rows->cells[1].type, (int)TABLE_TEXT));
	cr_expect(text_is(table.rows->cells[1].text, "yesterday"));
	cr_expect(table.rows->cells[2].is_null);
}

Test(table, keeps_notes_in_order)
{
	cr_expect(table.notes == NULL);
	table_note(&table, "one");
	table_note(&table, "two");
	cr_expect(text_is(table.notes->text, "one"));
	cr_expect(text_is(table.notes->next->text, "two"));
	cr_expect(table.notes->next->next == NULL);
}

/* Wrong use is a mistake in the program, and it stops. */

Test(table, stops_at_a_cell_without_a_row, .signal = SIGABRT)
{
	table_string(&table, "x");
}

Test(table, stops_at_a_figure_too_many, .signal = SIGABRT)
{
	table_row(&table);
	for (int i = 0; i < 5; i++)
		table_count(&table, i);
}

Test(table, stops_at_a_cell_too_many, .signal = SIGABRT)
{
	table_row(&table);
	for (int i = 0; i < 5; i++)
		table_null(&table);
}
