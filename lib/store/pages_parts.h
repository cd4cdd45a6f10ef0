#ifndef METER_STORE_PAGES_PARTS_H
#define METER_STORE_PAGES_PARTS_H

/*
 * All parts of the usage: a day of the ledger each, and the runs.  Those that
 * may have changed since the pages were last made are added up anew, and what
 * they then hold is compared with what they held: that is how one finds the
 * scopes whose pages change, without a look at any other part.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/dir.h"
#include "lib/store/ledger_files.h"
#include "lib/store/pages_key.h"
#include "lib/store/pages_known.h"
#include "lib/store/pages_part.h"

struct error;
struct records;

struct pages_parts {
	struct records *records;
	struct dir cache;	/* fd -1: parts are kept in memory */
	const struct pages_known *known;
	struct ledger_files files;
	struct pages_part *list;
	struct pages_known_part *notes;	/* of each, to be kept */
	size_t count;
	/* What has changed: everything may have, or these scopes have. */
	bool is_all;
	struct pages_keys touched;	/* in order */
	bool has_changed;	/* there is something new to be noted */
};

/*
 * Bring all parts up to date.  Also after a failure they are given back with
 * pages_parts_release.
 */
int pages_parts_update(struct pages_parts *parts, struct records *records,
    const struct dir *cache, const struct pages_known *known,
    struct error *err);

void pages_parts_release(struct pages_parts *parts);

#endif
