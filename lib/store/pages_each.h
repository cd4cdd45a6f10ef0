#ifndef METER_STORE_PAGES_EACH_H
#define METER_STORE_PAGES_EACH_H

/*
 * Making pages of the parts of the usage, in memory for one page at a time.
 */

#include <stdbool.h>

#include "lib/base/text.h"

struct buf;
struct error;
struct pages_key;
struct pages_parts;

enum pages_each {
	PAGES_EACH_FAILED = -1,
	PAGES_EACH_DONE,
	PAGES_EACH_DAMAGED,	/* a part is not what it was */
};

/*
 * Called with a page: what `usage summary` answers for the scope, as JSON.
 * is_used tells whether the usage knows the scope.
 */
typedef int pages_each_visitor(void *data, const struct pages_key *key,
    bool is_used, struct text page, struct error *err);

/* Visit the pages of all scopes, or, where it is known which those are, of
 * the touched ones. */
enum pages_each pages_each(struct pages_parts *parts,
    pages_each_visitor *visitor, void *data, struct error *err);

/* Make the page of one scope; of one that is not used too. */
enum pages_each pages_each_one(struct buf *out, struct pages_parts *parts,
    const struct pages_key *key, bool *is_used, struct error *err);

/* Append what `usage --by day` answers, as JSON. */
enum pages_each pages_each_day(struct buf *out, struct pages_parts *parts,
    struct error *err);

#endif
