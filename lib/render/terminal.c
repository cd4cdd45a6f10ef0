#include "lib/render/terminal.h"

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/render/table.h"

enum {
	CELL_WIDTH = 200, /* columns of a name at most */
};

static void
format_cell(struct buf *out, const struct table_cell *cell,
    const struct terminal *terminal)
{
	if (cell->is_null) {
		buf_putc(out, '-');
		return;
	}
	switch (cell->type) {
	case TABLE_TEXT:
		utf8_escape(out, cell->text.data, cell->text.len,
		    terminal->screen, CELL_WIDTH);
		break;
	case TABLE_COUNT:
		number_group(out, cell->count);
		break;
	case TABLE_MONEY:
		money_people(out, cell->money);
		break;
	case TABLE_NUMBER:
		number_plain(out, cell->number);
		break;
	case TABLE_TIME:
		when_people(out, cell->time);
		break;
	}
}

/* A table's cells as text, row by row. */
struct cells {
	struct buf text;
	struct buf lengths; /* of each cell: its bytes, and its columns */
	size_t *widths; /* of the table's columns */
};

struct length {
	size_t bytes, columns;
};

/* Format the cells, and find the widest of each column's and its name. */
static void
format_cells(struct cells *cells, const struct table *table,
    const struct terminal *terminal)
{
	const struct table_row *row;
	struct length length;
	size_t start;

	for (size_t i = 0; i < table->column_count; i++)
		cells->widths[i] = text_of(table->columns[i].name).len;
	for (row = table->rows; row; row = row->next)
		for (size_t i = 0; i < table->column_count; i++) {
			start = cells->text.len;
			format_cell(&cells->text, &row->cells[i], terminal);
			length.bytes = cells->text.len - start;
			length.columns =
			    utf8_count(cells->text.text + start, length.bytes);
			buf_add(&cells->lengths, &length, sizeof(length));
			if (length.columns > cells->widths[i])
				cells->widths[i] = length.columns;
		}
}

/* Append text in a field: names to the left, figures to the right. */
static void
put_field(struct buf *out, struct text text, size_t space, bool to_left,
    bool is_last)
{
	if (!to_left)
		buf_fill(out, ' ', space);
	buf_add(out, text.data, text.len);
	if (to_left && !is_last)
		buf_fill(out, ' ', space);
	if (!is_last)
		buf_puts(out, "  ");
}

static bool
stands_left(const struct table_column *column)
{
	return column->type == TABLE_TEXT || column->type == TABLE_TIME;
}

static void
put_header(struct buf *out, const struct table *table, const size_t *widths,
    const struct terminal *terminal)
{
	struct text name;

	if (terminal->has_colour)
		buf_puts(out, "\033[1m");
	for (size_t i = 0; i < table->column_count; i++) {
		name = text_of(table->columns[i].name);
		put_field(out, name, widths[i] - name.len,
		    stands_left(&table->columns[i]),
		    i + 1 == table->column_count);
	}
	if (terminal->has_colour)
		buf_puts(out, "\033[0m");
	buf_putc(out, '\n');
}

static void
put_rows(struct buf *out, const struct table *table, const struct cells *cells)
{
	const struct length *length =
	    (const struct length *)(const void *)cells->lengths.text;
	struct text text = { cells->text.text, 0 };

	for (size_t row = 0; row < table->row_count; row++) {
		for (size_t i = 0; i < table->column_count; i++, length++) {
			text.len = length->bytes;
			put_field(out, text, cells->widths[i] - length->columns,
			    stands_left(&table->columns[i]),
			    i + 1 == table->column_count);
			text.data += text.len;
		}
		buf_putc(out, '\n');
	}
}

void
terminal_table(struct buf *out, const struct table *table,
    const struct terminal *terminal)
{
	struct cells cells = { BUF_INIT, BUF_INIT, NULL };
	const struct table_line *note;

	cells.widths = arena_array(table->arena, table->column_count,
	    sizeof(*cells.widths));
	format_cells(&cells, table, terminal);
	if (table->row_count > 0)
		put_header(out, table, cells.widths, terminal);
	put_rows(out, table, &cells);
	for (note = table->notes; note; note = note->next) {
		utf8_escape(out, note->text.data, note->text.len,
		    terminal->screen, 0);
		buf_putc(out, '\n');
	}
	buf_release(&cells.text);
	buf_release(&cells.lengths);
}
