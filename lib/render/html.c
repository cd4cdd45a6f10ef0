#include "lib/render/html.h"

#include "lib/base/buf.h"
#include "lib/base/utf8.h"
#include "lib/render/cell.h"
#include "lib/render/table.h"

/* Append clean text, in which only what means something in HTML is left. */
static void
put_clean(struct buf *out, const struct buf *clean)
{
	for (size_t i = 0; i < clean->len; i++)
		switch (clean->text[i]) {
		case '&':
			buf_puts(out, "&amp;");
			break;
		case '<':
			buf_puts(out, "&lt;");
			break;
		case '>':
			buf_puts(out, "&gt;");
			break;
		case '"':
			buf_puts(out, "&quot;");
			break;
		case '\'':
			buf_puts(out, "&#39;");
			break;
		default:
			buf_putc(out, clean->text[i]);
		}
}

void
html_escape(struct buf *out, struct text text)
{
	struct buf clean = BUF_INIT;

	utf8_escape(&clean, text.data, text.len, UTF8_PRINTABLE, 0);
	put_clean(out, &clean);
	buf_release(&clean);
}

/* Begin a cell, `td` or `th`. */
static void
open_cell(struct buf *out, const char *name, const struct table_column *column,
    const char *figures)
{
	buf_printf(out, "<%s", name);
	if (figures && !cell_stands_left(column))
		buf_printf(out, " %s", figures);
	buf_putc(out, '>');
}

static void
put_header(struct buf *out, const struct table *table, const char *figures)
{
	buf_puts(out, "<thead>\n<tr>");
	for (size_t i = 0; i < table->column_count; i++) {
		open_cell(out, "th", &table->columns[i], figures);
		html_escape(out, text_of(table->columns[i].name));
		buf_puts(out, "</th>");
	}
	buf_puts(out, "</tr>\n</thead>\n");
}

static void
put_row(struct buf *out, const struct table *table, const struct table_row *row,
    const char *figures)
{
	struct buf cell = BUF_INIT;

	buf_puts(out, "<tr>");
	for (size_t i = 0; i < table->column_count; i++) {
		buf_reset(&cell);
		cell_put(&cell, &row->cells[i], UTF8_PRINTABLE);
		open_cell(out, "td", &table->columns[i], figures);
		put_clean(out, &cell);
		buf_puts(out, "</td>");
	}
	buf_puts(out, "</tr>\n");
	buf_release(&cell);
}

void
html_table(struct buf *out, const struct table *table, const char *figures)
{
	const struct table_line *note;
	const struct table_row *row;

	if (table->row_count > 0) {
		buf_puts(out, "<table>\n");
		put_header(out, table, figures);
		buf_puts(out, "<tbody>\n");
		for (row = table->rows; row; row = row->next)
			put_row(out, table, row, figures);
		buf_puts(out, "</tbody>\n</table>\n");
	}
	for (note = table->notes; note; note = note->next) {
		buf_puts(out, "<p>");
		html_escape(out, note->text);
		buf_puts(out, "</p>\n");
	}
}
