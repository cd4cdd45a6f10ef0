#include "lib/render/markdown.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/utf8.h"
#include "lib/render/cell.h"
#include "lib/render/table.h"

/* Beside CommonMark's own: entities, bare addresses, strikethrough, headings
 * by underlines, mathematics, footnotes, typographic quotes. */
#define MARKS "\\`*_{}[]<>()#+-.!|&~:@=$^\"'"

/* Append clean text, in which only what means something is left. */
static void
put_clean(struct buf *out, const struct buf *clean)
{
	for (size_t i = 0; i < clean->len; i++) {
		if (memchr(MARKS, clean->text[i], sizeof(MARKS) - 1))
			buf_putc(out, '\\');
		buf_putc(out, clean->text[i]);
	}
}

/* Append the text with a blank for each line break, "\r\n" being one. */
static void
join_lines(struct buf *out, struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\n' && i > 0 && text.data[i - 1] == '\r')
			continue;
		buf_putc(out,
		    memchr("\r\n", text.data[i], 2) ? ' ' : text.data[i]);
	}
}

void
markdown_escape_cut(struct buf *out, struct text text, size_t columns)
{
	struct buf line = BUF_INIT, clean = BUF_INIT;

	join_lines(&line, text);
	utf8_escape(&clean, line.text, line.len, UTF8_PRINTABLE, columns);
	put_clean(out, &clean);
	buf_release(&line);
	buf_release(&clean);
}

void
markdown_escape(struct buf *out, struct text text)
{
	markdown_escape_cut(out, text, 0);
}

/* Figures, times and the dash have nothing in them that a cell would take for
 * more than text. */
static void
put_cell(struct buf *out, const struct table_cell *cell)
{
	if (!cell->is_null && cell->type == TABLE_TEXT)
		markdown_escape_cut(out, cell->text, CELL_COLUMNS);
	else
		cell_put(out, cell, UTF8_PRINTABLE);
}

static void
put_header(struct buf *out, const struct table *table)
{
	buf_putc(out, '|');
	for (size_t i = 0; i < table->column_count; i++) {
		buf_putc(out, ' ');
		markdown_escape(out, text_of(table->columns[i].name));
		buf_puts(out, " |");
	}
	buf_puts(out, "\n|");
	for (size_t i = 0; i < table->column_count; i++)
		buf_puts(out, cell_stands_left(&table->columns[i]) ? " --- |"
								   : " ---: |");
	buf_putc(out, '\n');
}

static void
put_row(struct buf *out, const struct table *table, const struct table_row *row)
{
	buf_putc(out, '|');
	for (size_t i = 0; i < table->column_count; i++) {
		buf_putc(out, ' ');
		put_cell(out, &row->cells[i]);
		buf_puts(out, " |");
	}
	buf_putc(out, '\n');
}

void
markdown_table(struct buf *out, const struct table *table)
{
	const struct table_line *note;
	const struct table_row *row;

	if (table->row_count > 0)
		put_header(out, table);
	for (row = table->rows; row; row = row->next)
		put_row(out, table, row);
	for (note = table->notes; note; note = note->next) {
		if (note != table->notes || table->row_count > 0)
			buf_putc(out, '\n');
		markdown_escape(out, note->text);
		buf_putc(out, '\n');
	}
}
