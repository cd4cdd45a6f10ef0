#include "lib/render/table.h"

#include <stdlib.h>

#include "lib/base/arena.h"

void
table_init(struct table *table, struct arena *arena,
    const struct table_column *columns, size_t count)
{
	*table = (struct table){ .arena = arena,
		.columns = columns,
		.column_count = count };
	table->end = &table->rows;
	table->notes_end = &table->notes;
}

void
table_row(struct table *table)
{
	struct table_row *row;

	row = arena_alloc(table->arena,
	    sizeof(*row) + table->column_count * sizeof(row->cells[0]));
	for (size_t i = 0; i < table->column_count; i++)
		row->cells[i].is_null = true;
	if (table->row_count > 0)
		table->end = &(*table->end)->next;
	*table->end = row;
	table->row_count++;
	table->filled = 0;
}

/* The next cell of the last row, which must be there. */
static struct table_cell *
next_cell(struct table *table, enum table_type type)
{
	struct table_cell *cell;

	if (table->row_count == 0 || table->filled >= table->column_count)
		abort();
	cell = &(*table->end)->cells[table->filled++];
	cell->is_null = false;
	cell->type = type;
	return cell;
}

void
table_null(struct table *table)
{
	if (table->filled >= table->column_count)
		abort();
	table->filled++;
}

void
table_text(struct table *table, struct text text)
{
	if (text.data)
		next_cell(table, TABLE_TEXT)->text = text;
	else
		table_null(table);
}

void
table_string(struct table *table, const char *text)
{
	table_text(table, text_of(text));
}

void
table_count(struct table *table, int64_t count)
{
	next_cell(table, TABLE_COUNT)->count = count;
}

void
table_money(struct table *table, struct money money)
{
	next_cell(table, TABLE_MONEY)->money = money;
}

void
table_number(struct table *table, double number)
{
	next_cell(table, TABLE_NUMBER)->number = number;
}

void
table_time(struct table *table, struct text text)
{
	struct when time;

	if (text.data && when_parse(&time, text.data, text.len) == 0)
		next_cell(table, TABLE_TIME)->time = time;
	else
		table_text(table, text);
}

void
table_note(struct table *table, const char *text)
{
	struct table_line *line = arena_alloc(table->arena, sizeof(*line));

	line->text = text_of(text);
	*table->notes_end = line;
	table->notes_end = &line->next;
}

size_t
table_note_count(const struct table *table)
{
	const struct table_line *note;
	size_t count = 0;

	for (note = table->notes; note; note = note->next)
		count++;
	return count;
}

size_t
table_line_count(const struct table *table)
{
	return (table->row_count > 0) + table->row_count +
	       table_note_count(table);
}
