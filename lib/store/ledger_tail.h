#ifndef METER_STORE_LEDGER_TAIL_H
#define METER_STORE_LEDGER_TAIL_H

/*
 * The end of a day's file, looked at before anything is appended to it
 * (reliability.md 2.6).
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/dir.h"
#include "lib/base/file.h"
#include "lib/base/when.h"
#include "lib/store/ledger_row.h"

struct error;
struct workspace;

/* A file that can be appended to. */
struct ledger_tail {
	bool is_there;		/* with a header at least */
	bool lacks_newline;	/* behind a whole last row */
	int64_t size;
	struct ledger_row_layout layout;
};

/*
 * Look at the day's file, under the lock.  What a crash tore off is copied to
 * a file of its own beside it and cut, with a note.  A header that cannot be
 * taken is ERROR_DATA.
 */
int ledger_tail_prepare(struct ledger_tail *tail, struct workspace *workspace,
    const struct dir *events, struct when day, struct error *err);

#endif
