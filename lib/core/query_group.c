#include "lib/core/query_group.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"

enum {
	FIRST_SLOTS = 64,
};

void
query_group_init(struct query_group_table *table, struct arena *arena,
    size_t width)
{
	*table = (struct query_group_table){ .arena = arena, .width = width };
}

/*
 * Eight bytes at a time.  Where the table lies in memory is part of it, so
 * nobody can make up names that all fall on one slot.
 */
static uint64_t
mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ hash >> 29;
}

static uint64_t
hash_text(uint64_t hash, struct text text)
{
	uint64_t word;
	size_t i;

	if (!text.data)
		return mix(hash, UINT64_MAX);
	for (i = 0; i + sizeof(word) <= text.len; i += sizeof(word)) {
		memcpy(&word, text.data + i, sizeof(word));
		hash = mix(hash, word);
	}
	word = 0;
	memcpy(&word, text.data + i, text.len - i);
	return mix(mix(hash, word), text.len);
}

static uint64_t
seed(const struct query_group_table *table)
{
	return (uint64_t)(uintptr_t)table->arena;
}

/* Where a name is, or where it would go. */
static struct text *
find_name(const struct query_group_table *table, struct text name)
{
	size_t at = (size_t)hash_text(seed(table), name);

	for (;; at++) {
		struct text *slot = &table->names[at & (table->name_slots - 1)];

		if (!slot->data || text_equal(*slot, name))
			return slot;
	}
}

static void
grow_names(struct query_group_table *table)
{
	struct text *old = table->names;
	size_t count = table->name_slots;

	table->name_slots = count ? 2 * count : FIRST_SLOTS;
	table->names =
	    arena_array(table->arena, table->name_slots, sizeof(*table->names));
	for (size_t i = 0; i < count; i++)
		if (old[i].data)
			*find_name(table, old[i]) = old[i];
}

/* The one copy of a name. */
static struct text
keep_name(struct query_group_table *table, struct text name)
{
	struct text *slot;

	if (!name.data)
		return name;
	if (2 * table->name_count >= table->name_slots)
		grow_names(table);
	slot = find_name(table, name);
	if (!slot->data) {
		slot->data = arena_copy(table->arena, name.data, name.len);
		slot->len = name.len;
		table->name_count++;
	}
	return *slot;
}

static bool
has_values(const struct query_group *group, const struct text *values,
    size_t width)
{
	for (size_t i = 0; i < width; i++)
		if (!text_equal(group->values[i], values[i]))
			return false;
	return true;
}

/* Where the group of these values is, or where it would go. */
static struct query_group **
find_slot(const struct query_group_table *table, const struct text *values,
    uint64_t hash)
{
	for (size_t at = (size_t)hash;; at++) {
		struct query_group **slot =
		    &table->slots[at & (table->slot_count - 1)];

		if (!*slot || ((*slot)->hash == hash &&
				  has_values(*slot, values, table->width)))
			return slot;
	}
}

static void
grow(struct query_group_table *table)
{
	struct query_group **old = table->slots;
	size_t count = table->slot_count;

	table->slot_count = count ? 2 * count : FIRST_SLOTS;
	table->slots = arena_array(table->arena, table->slot_count,
	    sizeof(struct query_group *));
	for (size_t i = 0; i < count; i++)
		if (old[i])
			*find_slot(table, old[i]->values, old[i]->hash) =
			    old[i];
}

static void
grow_list(struct query_group_table *table)
{
	struct query_group **old = table->list;

	table->room = table->room ? 2 * table->room : FIRST_SLOTS;
	table->list = arena_array(table->arena, table->room,
	    sizeof(struct query_group *));
	if (table->count > 0)
		memcpy(table->list, old,
		    table->count * sizeof(struct query_group *));
}

static struct query_group *
make(struct query_group_table *table, const struct text *values, uint64_t hash)
{
	struct query_group *group;

	group = arena_alloc(table->arena, sizeof(*group));
	group->hash = hash;
	group->values =
	    arena_array(table->arena, table->width, sizeof(*group->values));
	for (size_t i = 0; i < table->width; i++)
		group->values[i] = keep_name(table, values[i]);
	if (table->count == table->room)
		grow_list(table);
	table->list[table->count++] = group;
	table->is_ordered = false;
	return group;
}

struct query_group *
query_group_find(struct query_group_table *table, const struct text *values)
{
	uint64_t hash = seed(table);
	struct query_group **slot;

	if (2 * table->count >= table->slot_count)
		grow(table);
	for (size_t i = 0; i < table->width; i++)
		hash = hash_text(hash, values[i]);
	slot = find_slot(table, values, hash);
	if (!*slot)
		*slot = make(table, values, hash);
	return *slot;
}

int
query_group_compare(const struct query_group *a, const struct query_group *b,
    size_t width)
{
	int order = 0;

	for (size_t i = 0; i < width && order == 0; i++)
		order = text_compare(a->values[i], b->values[i]);
	return order;
}

static int
compare(const void *left, const void *right, void *width)
{
	const struct query_group *const *a = left, *const *b = right;

	return query_group_compare(*a, *b, *(const size_t *)width);
}

struct query_group *const *
query_group_list(struct query_group_table *table)
{
	if (table->count > 0 && !table->is_ordered)
		qsort_r(table->list, table->count, sizeof(struct query_group *),
		    compare, &table->width);
	table->is_ordered = true;
	return table->list;
}
