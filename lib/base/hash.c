#include "lib/base/hash.h"

#include <string.h>

#include "lib/base/arena.h"

#define FACTOR UINT64_C(0x9E3779B97F4A7C15)

enum {
	FIRST_SLOTS = 64,
};

/* A product's high bits depend on all bits, its low ones on few: twice. */
uint64_t
hash_word(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * FACTOR;
	hash = (hash ^ hash >> 32) * FACTOR;
	return hash ^ hash >> 32;
}

/* Eight bytes at a time; the last ones with the length. */
uint64_t
hash_text(uint64_t hash, struct text text)
{
	uint64_t word;
	size_t i;

	if (!text.data)
		return hash_word(hash, UINT64_MAX);
	hash += text.len * FACTOR;
	for (i = 0; i + sizeof(word) < text.len; i += sizeof(word)) {
		memcpy(&word, text.data + i, sizeof(word));
		hash = hash_word(hash, word);
	}
	word = 0;
	memcpy(&word, text.data + i, text.len - i);
	return hash_word(hash, word);
}

/* Where the arena lies is the seed, so that nobody can make up names that all
 * fall on one slot. */
static uint64_t
hash_item(const struct hash_table *table, const void *item)
{
	return table->hash((uint64_t)(uintptr_t)table->arena, item);
}

/* Where an item is, or where it would go. */
static struct hash_slot *
find_slot(const struct hash_table *table, uint64_t hash, const void *wanted)
{
	for (size_t at = (size_t)hash;; at++) {
		struct hash_slot *slot = &table->slots[at & (table->size - 1)];

		if (!slot->item ||
		    (slot->hash == hash && table->is_same(slot->item, wanted)))
			return slot;
	}
}

void *
hash_table_find(const struct hash_table *table, const void *wanted)
{
	if (table->count == 0)
		return NULL;
	return find_slot(table, hash_item(table, wanted), wanted)->item;
}

static void
grow(struct hash_table *table)
{
	struct hash_slot *old = table->slots;
	size_t size = table->size;

	table->size = size > 0 ? 2 * size : FIRST_SLOTS;
	table->slots =
	    arena_array(table->arena, table->size, sizeof(*table->slots));
	for (size_t i = 0; i < size; i++)
		if (old[i].item)
			*find_slot(table, old[i].hash, old[i].item) = old[i];
}

void
hash_table_add(struct hash_table *table, void *item)
{
	uint64_t hash;

	if (2 * (table->count + 1) > table->size)
		grow(table);
	hash = hash_item(table, item);
	*find_slot(table, hash, item) = (struct hash_slot){ hash, item };
	table->count++;
}
