#ifndef METER_RENDER_TERMINAL_H
#define METER_RENDER_TERMINAL_H

/*
 * A table for people at a terminal: aligned, thousands separated, names made
 * harmless.  It looks the same in a pipe, colour apart.
 */

#include <stdbool.h>

#include "lib/base/utf8.h"

struct buf;
struct table;

struct terminal {
	enum utf8_screen screen;	/* what may pass as it is */
	bool has_colour;
};

/* Append the table. */
void terminal_table(struct buf *out, const struct table *table,
    const struct terminal *terminal);

#endif
