#ifndef METER_BASE_HASH_H
#define METER_BASE_HASH_H

/*
 * Hashes for tables in memory, and such tables.  Begin with a number that
 * nobody can know, such as an address of the table's own: then nobody can make
 * up names that all fall on one slot.  All bits of the result are as good as
 * any other.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/text.h"

struct arena;

/* Go on with a hash over a number. */
uint64_t hash_word(uint64_t hash, uint64_t word);

/* Go on with a hash over a text; null is another one than the empty text. */
uint64_t hash_text(uint64_t hash, struct text text);

struct hash_slot {
	uint64_t hash;
	void *item;		/* NULL where it is free */
};

/*
 * Things, each once, in an arena that grows with them.  What makes two of them
 * the same, and the hash of that, beginning with a seed, are the table's.
 */
struct hash_table {
	struct arena *arena;
	uint64_t (*hash)(uint64_t seed, const void *item);
	bool (*is_same)(const void *a, const void *b);
	struct hash_slot *slots;	/* open addressing */
	size_t size;		/* a power of two, or 0 */
	size_t count;
};

/* The item that is the same as the wanted one, or NULL. */
void *hash_table_find(const struct hash_table *table, const void *wanted);

/* Put in an item that is not there. */
void hash_table_add(struct hash_table *table, void *item);

#endif
