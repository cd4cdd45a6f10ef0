#ifndef METER_STORE_PAGES_KEY_H
#define METER_STORE_PAGES_KEY_H

/*
 * The scopes that have a page, in the order in which they are kept: by a hash
 * first, so that one is found quickly in a file of many.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/text.h"
#include "lib/core/query_dimension.h"

struct arena;
struct buf;

enum {
	PAGES_KEY_DIMENSIONS = 10,	/* that have pages */
};

/* Those, entities being the last. */
extern const enum query_dimension
    pages_key_dimensions[PAGES_KEY_DIMENSIONS];

struct pages_key {
	uint64_t hash;
	size_t dimension;	/* among the above */
	struct text type;	/* an entity's; else null */
	struct text id;
};

/* Set the hash of a key of which all else is set. */
void pages_key_seal(struct pages_key *key);

/* Set the dimension by its name; false where that has no pages. */
bool pages_key_find(struct pages_key *key, struct text name);

/* Below, at or above 0 as a stands before, is, or stands behind b. */
int pages_key_compare(const struct pages_key *a, const struct pages_key *b);

#define PAGES_KEY_ENTITIES "resource-usage"
#define PAGES_KEY_SCOPES "token-summary"
#define PAGES_KEY_ENDING ".json"

/* Set where the page of a key stands: a folder of two steps, and a name. */
void pages_key_place(struct buf *folder, struct buf *name,
    const struct pages_key *key);

/* Keys in a list that grows; their texts are copied to the arena. */
struct pages_keys {
	struct arena *arena;
	struct pages_key *list;
	size_t count, room;
};

void pages_key_add(struct pages_keys *keys, const struct pages_key *key);

/* Put the list in order, each key once. */
void pages_key_sort(struct pages_keys *keys);

#endif
