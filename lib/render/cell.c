#include "lib/render/cell.h"

#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/render/table.h"

void
cell_put(struct buf *out, const struct table_cell *cell,
    enum utf8_screen screen)
{
	if (cell->is_null) {
		buf_putc(out, '-');
		return;
	}
	switch (cell->type) {
	case TABLE_TEXT:
		utf8_escape(out, cell->text.data, cell->text.len, screen,
		    CELL_COLUMNS);
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

bool
cell_stands_left(const struct table_column *column)
{
	return column->type == TABLE_TEXT || column->type == TABLE_TIME;
}
