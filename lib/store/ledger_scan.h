#ifndef METER_STORE_LEDGER_SCAN_H
#define METER_STORE_LEDGER_SCAN_H

/*
 * Finding the cells of a row at memory speed, as long as it is printable
 * ASCII without quotes, as nearly all of what meter writes is.
 */

#include <stddef.h>

#include "lib/base/text.h"

struct ledger_scan {
	size_t count;	/* cells that were found, each ended by a comma */
	size_t next;	/* where the cell behind them begins */
	size_t plain;	/* so far it is printable ASCII without quotes */
};

/*
 * Set the cells of a line, at most max of them: all of them where it is plain
 * to its end, but for the last, which no comma ends.
 */
struct ledger_scan ledger_scan(struct text *cells, size_t max,
    struct text line);

#endif
