#include "lib/store/pages_table.h"

#include "lib/base/arena.h"

enum {
	FIRST_SLOTS = 256,
};

void *
pages_table_find(const struct pages_table *table, uint64_t hash,
    pages_table_matcher *matches, const void *key)
{
	const struct pages_table_slot *slot;

	if (table->count == 0)
		return NULL;
	for (size_t at = (size_t)hash;; at++) {
		slot = &table->slots[at & (table->slot_count - 1)];
		if (!slot->item ||
		    (slot->hash == hash && matches(slot->item, key)))
			return slot->item;
	}
}

static void
place(struct pages_table *table, const struct pages_table_slot *slot)
{
	size_t at = (size_t)slot->hash;

	while (table->slots[at & (table->slot_count - 1)].item)
		at++;
	table->slots[at & (table->slot_count - 1)] = *slot;
}

static void
grow(struct pages_table *table)
{
	const struct pages_table_slot *old = table->slots;
	const size_t count = table->slot_count;

	table->slot_count = count > 0 ? 2 * count : FIRST_SLOTS;
	table->slots =
	    arena_array(table->arena, table->slot_count, sizeof(*table->slots));
	for (size_t i = 0; i < count; i++)
		if (old[i].item)
			place(table, &old[i]);
}

void
pages_table_put(struct pages_table *table, uint64_t hash, void *item)
{
	const struct pages_table_slot slot = { hash, item };

	if (2 * table->count >= table->slot_count)
		grow(table);
	place(table, &slot);
	table->count++;
}
