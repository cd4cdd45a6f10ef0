#ifndef METER_STORE_PAGES_OLD_H
#define METER_STORE_PAGES_OLD_H

/*
 * The pages of scopes that the usage no longer knows: those that stand in the
 * folder and were not made.  A file counts as one where it says itself of
 * which scope it is, and stands where that scope's page stands; all others
 * are somebody else's.
 */

#include "lib/base/buf.h"

struct error;
struct pages_key;
struct publish;

/* The pages that were made. */
struct pages_old {
	struct buf names;	/* FOLDER/NAME, each with its NUL */
	struct buf places;	/* where each begins, an array */
};

#define PAGES_OLD_NONE { BUF_INIT, BUF_INIT }

void pages_old_release(struct pages_old *old);

/* Take a page for one that was made. */
void pages_old_made(struct pages_old *old, const char *folder,
    const char *name);

/* Called with the key of a page; its texts are gone after. */
typedef int pages_old_visitor(void *data, const struct pages_key *key,
    struct error *err);

/* Visit all others. */
int pages_old_each(struct pages_old *old, struct publish *publish,
    pages_old_visitor *visitor, void *data, struct error *err);

#endif
