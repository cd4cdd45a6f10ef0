#ifndef METER_STORE_PAGES_TABLE_H
#define METER_STORE_PAGES_TABLE_H

/*
 * A table of things that are found by a hash.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct pages_table_slot {
	uint64_t hash;
	void *item;		/* NULL where it is free */
};

struct pages_table {
	struct arena *arena;
	struct pages_table_slot *slots;
	size_t slot_count;	/* a power of two, or 0 */
	size_t count;
};

typedef bool pages_table_matcher(const void *item, const void *key);

/* The item of a hash and a key, or NULL. */
void *pages_table_find(const struct pages_table *table, uint64_t hash,
    pages_table_matcher *matches, const void *key);

/* Put an item in that is not there. */
void pages_table_put(struct pages_table *table, uint64_t hash, void *item);

#endif
