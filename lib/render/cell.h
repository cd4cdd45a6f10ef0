#ifndef METER_RENDER_CELL_H
#define METER_RENDER_CELL_H

/*
 * A cell as people read it, whatever the format around it: thousands
 * separated, money with its sign, a dash for null.
 */

#include <stdbool.h>

#include "lib/base/utf8.h"

struct buf;
struct table_cell;
struct table_column;

enum {
	CELL_COLUMNS = 200,	/* of a name at most */
};

/* Append the cell; a text is cleaned for the screen, and cut where it is
 * long.  What else it means in a format is for the caller to escape. */
void cell_put(struct buf *out, const struct table_cell *cell,
    enum utf8_screen screen);

/* Whether a column's cells stand to the left, as texts and times do. */
bool cell_stands_left(const struct table_column *column);

#endif
