#ifndef METER_CORE_TIER_H
#define METER_CORE_TIER_H

/*
 * Tiers, and the model that each uses: an event of a tier that names no model
 * is of that one.
 */

#include <stddef.h>

#include "lib/base/text.h"
#include "lib/core/entry.h"

struct arena;
struct error;
struct node;
struct usage;

/* The fields of a tier in a change. */
enum tier_field {
	TIER_MODEL,
};

extern const struct entry_kind tier_kind;

struct tier {
	struct text name;
	struct text model;	/* or null */
};

/* Tiers in the order of their names.  Several threads may read it. */
struct tier_table {
	struct tier *tiers;
	size_t count;
};

/*
 * Take the tiers of a stored map of them, which may be NULL; their texts are
 * the document's.  What is wrong is ERROR_DATA with its place.
 */
int tier_read(struct tier_table *out, struct arena *arena,
    const struct node *map, struct error *err);

/* The tier of a name, or NULL. */
const struct tier *tier_find(const struct tier_table *table, struct text name);

/* Give the record its tier's model, where it is an llm record that names none
 * and the tier is known. */
void tier_fill(const struct tier_table *table, struct usage *usage);

#endif
