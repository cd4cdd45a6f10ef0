#ifndef METER_STORE_RUNS_ITEMS_H
#define METER_STORE_RUNS_ITEMS_H

/*
 * The items of `usage.yaml`, as text: what begins in column 0 with "- " is a
 * run, up to the next line that begins in column 0 with anything but a blank
 * (reliability.md 2.1, C3).  They are read one by one, so memory does not
 * grow with the file.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/text.h"

struct error;
struct file;

struct runs_items {
	const struct file *file;
	struct buf window;	/* bytes of the file, from offset on */
	int64_t offset;		/* of the window in the file */
	int64_t end;		/* where reading stops */
	size_t at;		/* of the next item in the window */
	int line;		/* of the next item in the file */
};

/*
 * Begin at offset, the start of an item on that line of the file, and read up
 * to end.  The file must stay open.
 */
void runs_items_start(struct runs_items *items, const struct file *file,
    int64_t offset, int64_t end, int line);

/*
 * Take the next item; null text where there is none.  The text is the
 * window's and holds until the next call; *line is its first line.
 */
int runs_items_next(struct text *out, int *line, struct runs_items *items,
    struct error *err);

/* Give back what the reading holds. */
void runs_items_release(struct runs_items *items);

/* Where in the file the next item stands. */
int64_t runs_items_position(const struct runs_items *items);

#endif
