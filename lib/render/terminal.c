#include "lib/render/terminal.h"

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/render/cell.h"
#include "lib/render/table.h"

/* The widest of each column's cells and its name. */
static void
measure(size_t *widths, const struct table *table,
    const struct terminal *terminal)
{
	struct buf cell = BUF_INIT;
	const struct table_row *row;
	size_t width;

	for (size_t i = 0; i < table->column_count; i++)
		widths[i] = text_of(table->columns[i].name).len;
	for (row = table->rows; row; row = row->next)
		for (size_t i = 0; i < table->column_count; i++) {
			buf_reset(&cell);
			cell_put(&cell, &row->cells[i], terminal->screen);
			width = utf8_count(cell.text, cell.len);
			if (width > widths[i])
				widths[i] = width;
		}
	buf_release(&cell);
}

/* Append text in a field: names to the left, figures to the right. */
static void
put_field(struct buf *out, const struct buf *text, size_t width, bool to_left,
    bool is_last)
{
	size_t space = width - utf8_count(text->text, text->len);

	if (!to_left)
		buf_fill(out, ' ', space);
	buf_add(out, text->text, text->len);
	if (to_left && !is_last)
		buf_fill(out, ' ', space);
	if (!is_last)
		buf_puts(out, "  ");
}

static void
put_header(struct buf *out, const struct table *table, const size_t *widths,
    const struct terminal *terminal)
{
	struct buf name = BUF_INIT;

	if (terminal->has_colour)
		buf_puts(out, "\033[1m");
	for (size_t i = 0; i < table->column_count; i++) {
		buf_reset(&name);
		buf_puts(&name, table->columns[i].name);
		put_field(out, &name, widths[i],
		    cell_stands_left(&table->columns[i]),
		    i + 1 == table->column_count);
	}
	if (terminal->has_colour)
		buf_puts(out, "\033[0m");
	buf_putc(out, '\n');
	buf_release(&name);
}

static void
put_row(struct buf *out, const struct table *table, const struct table_row *row,
    const size_t *widths, const struct terminal *terminal)
{
	struct buf cell = BUF_INIT;

	for (size_t i = 0; i < table->column_count; i++) {
		buf_reset(&cell);
		cell_put(&cell, &row->cells[i], terminal->screen);
		put_field(out, &cell, widths[i],
		    cell_stands_left(&table->columns[i]),
		    i + 1 == table->column_count);
	}
	buf_putc(out, '\n');
	buf_release(&cell);
}

void
terminal_table(struct buf *out, const struct table *table,
    const struct terminal *terminal)
{
	const struct table_line *note;
	const struct table_row *row;
	size_t *widths;

	widths =
	    arena_array(table->arena, table->column_count, sizeof(*widths));
	measure(widths, table, terminal);
	if (table->row_count > 0)
		put_header(out, table, widths, terminal);
	for (row = table->rows; row; row = row->next)
		put_row(out, table, row, widths, terminal);
	for (note = table->notes; note; note = note->next) {
		utf8_escape(out, note->text.data, note->text.len,
		    terminal->screen, 0);
		buf_putc(out, '\n');
	}
}
