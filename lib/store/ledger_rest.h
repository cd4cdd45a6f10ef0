#ifndef METER_STORE_LEDGER_REST_H
#define METER_STORE_LEDGER_REST_H

/*
 * Reading what was appended to a file of the ledger since it was last read:
 * whole rows, from an offset on.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/when.h"
#include "lib/store/ledger.h"
#include "lib/store/ledger_row.h"

struct ledger_lines;

/* Where reading goes on, and what is known of the file. */
struct ledger_rest {
	int64_t offset;	/* behind a newline, or 0 */
	bool has_layout;	/* the header was read */
	bool has_open_row;	/* behind the offset stands a whole row without
				 * a newline, which counts */
	struct ledger_row_layout layout;
};

/*
 * Find where reading a file that was read to its end goes on: behind its last
 * newline.
 */
int ledger_rest_find(struct ledger_rest *rest, struct ledger_lines *lines,
    struct when day, struct error *err);

/* Find the end of the last row behind the offset that has its newline. */
int ledger_rest_end(int64_t *end, const struct ledger_rest *rest,
    const struct ledger_lines *lines, struct error *err);

/*
 * Visit the rows of the time asked for from the offset to that end, and set
 * the offset there.  A damaged row is ERROR_DATA, but for skip_damaged.
 */
int ledger_rest_visit(struct ledger_rest *rest, struct ledger_lines *lines,
    int64_t end, struct when day, struct ledger_question *question,
    ledger_visitor *visitor, void *data, struct error *err);

#endif
