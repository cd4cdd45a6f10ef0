#include "lib/render/terminal.h"

#include <stdint.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/render/cell.h"
#include "lib/render/table.h"

enum {
	GAP = 2, /* between columns */
};

/* A table's cells as text, row by row. */
struct cells {
	struct buf text;
	struct buf lengths; /* of each cell: its bytes, and its columns */
	size_t *widths; /* of the table's columns */
};

struct length {
	uint32_t bytes, columns;
};

/* Format the cells, and find the widest of each column's and its name. */
static void
format_cells(struct cells *cells, const struct table *table,
    const struct terminal *terminal)
{
	const struct table_row *row;
	struct length length;
	const char *text;
	size_t start, len;

	for (size_t i = 0; i < table->column_count; i++)
		cells->widths[i] = text_of(table->columns[i].name).len;
	for (row = table->rows; row; row = row->next)
		for (size_t i = 0; i < table->column_count; i++) {
			start = cells->text.len;
			cell_put(&cells->text, &row->cells[i],
			    terminal->screen);
			text = cells->text.text + start;
			len = cells->text.len - start;
			length.bytes = (uint32_t)len;
			length.columns = (uint32_t)utf8_count(text, len);
			buf_add(&cells->lengths, &length, sizeof(length));
			if (length.columns > cells->widths[i])
				cells->widths[i] = length.columns;
		}
}

/* Put text into a field: names to the left, figures to the right. */
static char *
put_field(char *at, struct text text, size_t space, bool to_left, bool is_last)
{
	if (!to_left) {
		memset(at, ' ', space);
		at += space;
	}
	memcpy(at, text.data, text.len);
	at += text.len;
	if (is_last)
		return at;
	space = to_left ? space + GAP : GAP;
	memset(at, ' ', space);
	return at + space;
}

/* Make room for a row whose texts have so many bytes. */
static char *
reserve_row(struct buf *out, const struct table *table, const size_t *widths,
    size_t bytes)
{
	for (size_t i = 0; i < table->column_count; i++)
		bytes += widths[i] + GAP;
	return buf_reserve(out, bytes + 1);
}

/* End the row that was put into the room up to end. */
static void
end_row(struct buf *out, const char *end)
{
	buf_truncate(out, (size_t)(end - out->text));
}

static void
put_header(struct buf *out, const struct table *table, const size_t *widths,
    const struct terminal *terminal)
{
	struct text name;
	char *at;

	if (terminal->has_colour)
		buf_puts(out, "\033[1m");
	at = reserve_row(out, table, widths, 0);
	for (size_t i = 0; i < table->column_count; i++) {
		name = text_of(table->columns[i].name);
		at = put_field(at, name, widths[i] - name.len,
		    cell_stands_left(&table->columns[i]),
		    i + 1 == table->column_count);
	}
	end_row(out, at);
	if (terminal->has_colour)
		buf_puts(out, "\033[0m");
	buf_putc(out, '\n');
}

static size_t
bytes_of(const struct length *lengths, size_t count)
{
	size_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		bytes += lengths[i].bytes;
	return bytes;
}

static void
put_rows(struct buf *out, const struct table *table, const struct cells *cells)
{
	const size_t count = table->column_count;
	const struct length *length =
	    (const struct length *)(const void *)cells->lengths.text;
	struct text text = { cells->text.text, 0 };
	char *at;

	for (size_t row = 0; row < table->row_count; row++) {
		at = reserve_row(out, table, cells->widths,
		    bytes_of(length, count));
		for (size_t i = 0; i < count; i++, length++) {
			text.len = length->bytes;
			at = put_field(at, text,
			    cells->widths[i] - length->columns,
			    cell_stands_left(&table->columns[i]),
			    i + 1 == count);
			text.data += text.len;
		}
		*at = '\n';
		end_row(out, at + 1);
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
