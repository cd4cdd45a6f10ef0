#include "lib/core/daily_pairs.h"

#include <stdint.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/hash.h"

enum {
	FIRST_SLOTS = 64,
};

/* Where a pair is, or where it would go. */
static struct daily_pair *
find_slot(const struct daily_pairs *set, struct daily_pair pair)
{
	uint64_t hash = hash_word((uint64_t)(uintptr_t)pair.first,
	    (uint64_t)(uintptr_t)pair.second);
	struct daily_pair *slot;

	for (size_t at = (size_t)hash;; at++) {
		slot = &set->slots[at & (set->size - 1)];
		if (!slot->first ||
		    (slot->first == pair.first && slot->second == pair.second))
			return slot;
	}
}

static struct daily_pair **
spare_of(struct daily_pairs_room *room, size_t size)
{
	return &room->spare[__builtin_ctzll(size)];
}

/* So many free slots. */
static struct daily_pair *
take_slots(struct daily_pairs_room *room, size_t size)
{
	struct daily_pair **spare = spare_of(room, size), *slots = *spare;

	if (!slots)
		return arena_array(room->arena, size, sizeof(*slots));
	*spare = NULL;
	memset(slots, 0, size * sizeof(*slots));
	return slots;
}

static void
grow(struct daily_pairs *set, struct daily_pairs_room *room)
{
	const struct daily_pairs old = *set;

	set->size = old.size > 0 ? 2 * old.size : FIRST_SLOTS;
	set->slots = take_slots(room, set->size);
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].first)
			*find_slot(set, old.slots[i]) = old.slots[i];
	if (old.size > 0)
		*spare_of(room, old.size) = old.slots;
}

bool
daily_pairs_add(struct daily_pairs *set, struct daily_pairs_room *room,
    const void *first, const void *second)
{
	const struct daily_pair pair = { first, second };
	struct daily_pair *slot;

	if (4 * (set->count + 1) > 3 * set->size)
		grow(set, room);
	slot = find_slot(set, pair);
	if (slot->first)
		return false;
	*slot = pair;
	set->count++;
	return true;
}
