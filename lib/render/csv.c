#include "lib/render/csv.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/base/utf8.h"
#include "lib/render/table.h"

static void
put_exact(struct buf *out, struct text text, bool runs)
{
	bool quoted = text.len == 0;

	for (size_t i = 0; i < text.len; i++)
		quoted |= memchr(",\"\r\n", text.data[i], 4) != NULL;
	if (quoted)
		buf_putc(out, '"');
	if (runs)
		buf_putc(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"')
			buf_putc(out, '"');
		buf_putc(out, text.data[i]);
	}
	if (quoted)
		buf_putc(out, '"');
}

static void
put_text(struct buf *out, struct text text, bool guard)
{
	struct buf clean = BUF_INIT;

	if (!guard) {
		put_exact(out, text, false);
		return;
	}
	utf8_escape(&clean, text.data, text.len, UTF8_PRINTABLE, 0);
	put_exact(out, (struct text){ clean.text, clean.len },
	    text.len > 0 && memchr("=+-@\t\r", text.data[0], 6));
	buf_release(&clean);
}

static void
put_cell(struct buf *out, const struct table_cell *cell, bool guard)
{
	if (cell->is_null)
		return;
	switch (cell->type) {
	case TABLE_TEXT:
		put_text(out, cell->text, guard);
		break;
	case TABLE_COUNT:
		number_whole(out, cell->count);
		break;
	case TABLE_MONEY:
		money_full(out, cell->money);
		break;
	case TABLE_NUMBER:
		number_plain(out, cell->number);
		break;
	case TABLE_TIME:
		when_json(out, cell->time);
		break;
	}
}

void
csv_table(struct buf *out, const struct table *table, bool guard)
{
	const struct table_row *row;

	for (size_t i = 0; i < table->column_count; i++)
		buf_printf(out, "%s%s", i > 0 ? "," : "",
		    table->columns[i].name);
	buf_putc(out, '\n');
	for (row = table->rows; row; row = row->next) {
		for (size_t i = 0; i < table->column_count; i++) {
			if (i > 0)
				buf_putc(out, ',');
			put_cell(out, &row->cells[i], guard);
		}
		buf_putc(out, '\n');
	}
}
