#ifndef METER_REPORT_MARK_H
#define METER_REPORT_MARK_H

/*
 * The comments between which a block of ours stands in a file of somebody
 * else's (block.h).
 */

#include <stdbool.h>

#include "lib/base/text.h"

struct buf;

/* A mark that was found, and where. */
struct mark {
	const char *start, *end;
	int line;		/* the finder's; nothing here sets it */
	struct text scope;	/* as it is written there */
	bool is_end;
};

/* Append the mark of a scope, where its block begins or ends. */
void mark_put(struct buf *out, struct text scope, bool is_end);

/*
 * Find the next mark in the rest of a line, and take all up to its end off
 * the rest.  1, or 0 where there is none; -1 where it is damaged.
 */
int mark_find(struct mark *mark, struct text *rest);

/* Whether a mark is of the scope, however it is written there. */
bool mark_is_of(const struct mark *mark, struct text scope);

#endif
