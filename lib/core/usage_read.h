#ifndef METER_CORE_USAGE_READ_H
#define METER_CORE_USAGE_READ_H

/*
 * A usage record from what `record events` takes: an object with the
 * ledger's field names, a provider's usage object, or the names that other
 * systems use (DESIGN.md 3.1).
 */

#include <stdbool.h>

#include "lib/base/when.h"

struct arena;
struct context;
struct error;
struct node;
struct rates;
struct session_span;
struct tier_table;
struct usage;

/* How to read: what a record does not say itself. */
struct usage_read {
	struct when now; /* for `at` */
	const struct context *context; /* options and environment; or NULL */
	const struct session_span *session; /* of records whose time lies
					     * in it; or NULL */
	const struct tier_table *tiers; /* and their models; or NULL */
	struct rates *rates;
	const char *source; /* for `source` */
	bool lenient; /* unknown fields go to metadata */
};

/*
 * Read a record, complete and priced, but for an id where none is given.  It
 * has been checked (usage_problem).  What is wrong is ERROR_DATA with its
 * place; a field that is not known is refused with the nearest name.  The
 * session `current` is the open one; ERROR_NO_INPUT where none is.  Texts are
 * the document's and the session's, or taken from the arena.
 */
int usage_read(struct usage *out, struct arena *arena,
    const struct node *object, const struct usage_read *how, struct error *err);

#endif
