#include "lib/core/query_group.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/hash.h"

enum {
	FIRST_SLOTS = 64,
	RUN_LENGTH = 16, /* the mean from which on runs are sorted */
};

void
query_group_init(struct query_group_table *table, struct arena *arena,
    size_t width)
{
	/* Where memory lies nobody can know. */
	*table = (struct query_group_table){ .arena = arena,
		.seed = (uint64_t)(uintptr_t)arena,
		.width = width };
}

/* Where a name is, or where it would go. */
static struct text *
find_name(const struct query_group_table *table, struct text name)
{
	size_t at = (size_t)hash_text(table->seed, name);

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

/* Put a new group at the end of the list. */
static void
append(struct query_group_table *table, struct query_group *group)
{
	struct query_group **old = table->list;

	if (table->count == table->room) {
		table->room = table->room ? 2 * table->room : FIRST_SLOTS;
		table->list = arena_array(table->arena, table->room,
		    sizeof(struct query_group *));
		if (table->count > 0)
			memcpy(table->list, old,
			    table->count * sizeof(struct query_group *));
	}
	table->list[table->count++] = group;
	table->is_ordered = false;
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
	append(table, group);
	return group;
}

struct query_group *
query_group_find(struct query_group_table *table, const struct text *values)
{
	uint64_t hash = table->seed;
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

struct query_group *
query_group_put(struct query_group_table *table, struct query_group *group)
{
	struct query_group **slot;

	if (2 * table->count >= table->slot_count)
		grow(table);
	slot = find_slot(table, group->values, group->hash);
	if (!*slot) {
		*slot = group;
		append(table, group);
	}
	return *slot;
}

int
query_group_compare(const struct query_group *a, const struct query_group *b,
    size_t width)
{
	int order = 0;

	/* A name that groups of one table share is in one place. */
	for (size_t i = 0; i < width && order == 0; i++)
		if (a->values[i].data != b->values[i].data)
			order = text_compare(a->values[i], b->values[i]);
	return order;
}

/* Groups that were made one after the other and have the same first value. */
struct run {
	size_t first, count;
};

static int
compare(const void *left, const void *right, void *width)
{
	const struct query_group *const *a = left, *const *b = right;

	return query_group_compare(*a, *b, *(const size_t *)width);
}

static bool
begin_alike(const struct query_group *a, const struct query_group *b)
{
	return a->values[0].data == b->values[0].data;
}

/* The runs of the list; there are at most max of them, or none is listed. */
static size_t
list_runs(struct run *runs, size_t max, const struct query_group_table *table)
{
	size_t used = 0;

	for (size_t i = 0; i < table->count; i++) {
		if (i > 0 && begin_alike(table->list[i - 1], table->list[i])) {
			runs[used - 1].count++;
			continue;
		}
		if (used == max)
			return 0;
		runs[used++] = (struct run){ i, 1 };
	}
	return used;
}

static int
compare_runs(const void *left, const void *right, void *data)
{
	const struct query_group_table *table = data;
	const struct run *a = left, *b = right;

	return query_group_compare(table->list[a->first], table->list[b->first],
	    1);
}

/* Sort the groups of each first value; those of one stand together. */
static void
sort_alike(struct query_group **list, struct query_group_table *table)
{
	size_t first = 0;

	for (size_t i = 1; i <= table->count; i++) {
		if (i < table->count &&
		    query_group_compare(list[first], list[i], 1) == 0)
			continue;
		qsort_r(&list[first], i - first, sizeof(struct query_group *),
		    compare, &table->width);
		first = i;
	}
}

/*
 * Where groups come day by day and the day is their first value, as it mostly
 * is, long runs of them have the same one.  Then it is faster to put the runs
 * in order, and then each by itself; false where it is not.
 */
static bool
sort_runs(struct query_group_table *table)
{
	size_t max = table->count / RUN_LENGTH, count, used = 0;
	struct query_group **list;
	struct run *runs;

	if (max == 0 || table->width < 2)
		return false;
	runs = arena_array(table->arena, max, sizeof(*runs));
	count = list_runs(runs, max, table);
	if (count == 0)
		return false;
	qsort_r(runs, count, sizeof(*runs), compare_runs, table);
	list = arena_array(table->arena, table->room,
	    sizeof(struct query_group *));
	for (size_t i = 0; i < count; used += runs[i++].count)
		memcpy(&list[used], &table->list[runs[i].first],
		    runs[i].count * sizeof(struct query_group *));
	sort_alike(list, table);
	/* What is taken for an answer may be gone before the next one. */
	memcpy(table->list, list, table->count * sizeof(struct query_group *));
	return true;
}

struct query_group *const *
query_group_list(struct query_group_table *table)
{
	if (table->count > 0 && !table->is_ordered && !sort_runs(table))
		qsort_r(table->list, table->count, sizeof(struct query_group *),
		    compare, &table->width);
	table->is_ordered = true;
	return table->list;
}
