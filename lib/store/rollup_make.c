#include "lib/store/rollup_make.h"

#include <string.h>

#include "lib/base/error.h"
#include "lib/base/hash.h"
#include "lib/core/usage.h"

/* Groups are worth keeping where there are many fewer than records. */
enum {
	FEW_ITEMS = 256,
	RECORDS_AN_ITEM = 4,
	ITEMS_MAX = 4096,
	ALL_ITEMS_MAX = 24000,
	FIRST_SLOTS = 64,
};

#define HOUR (INT64_C(3600) * 1000000)

void
rollup_make_init(struct rollup_make *make)
{
	*make = (struct rollup_make){ .arena = ARENA_INIT };
}

void
rollup_make_release(struct rollup_make *make)
{
	arena_release(&make->arena);
}

void
rollup_make_start(struct rollup_make *make)
{
	arena_release(&make->arena);
	rollup_make_init(make);
}

static void
grow(struct rollup_table *table, struct arena *arena)
{
	struct rollup_item **old = table->slots;
	size_t count = table->slot_count, at;

	table->slot_count = count ? 2 * count : FIRST_SLOTS;
	table->slots =
	    arena_array(arena, table->slot_count, sizeof(struct rollup_item *));
	for (size_t i = 0; i < count; i++) {
		if (!old[i])
			continue;
		at = (size_t)old[i]->hash;
		while (table->slots[at & (table->slot_count - 1)])
			at++;
		table->slots[at & (table->slot_count - 1)] = old[i];
	}
}

/* Make an item for a slot, or leave the table out: then it is NULL. */
static struct rollup_item *
add_item(struct rollup_make *make, struct rollup_table *table,
    struct rollup_item **slot, uint64_t hash)
{
	int64_t records = make->total.count[QUERY_RECORDS];

	make->item_count++;
	table->is_left_out =
	    make->item_count > ALL_ITEMS_MAX || table->count >= ITEMS_MAX ||
	    (table->count >= FEW_ITEMS &&
		(int64_t)table->count > records / RECORDS_AN_ITEM);
	if (table->is_left_out)
		return NULL;
	table->count++;
	*slot = arena_alloc(&make->arena, sizeof(**slot));
	(*slot)->hash = hash;
	return *slot;
}

/* The item of a name. */
static struct rollup_item *
find_name(struct rollup_make *make, struct rollup_table *table,
    struct text text)
{
	struct rollup_item **slot;
	uint64_t hash;

	if (table->last && text_equal(table->last->text, text))
		return table->last;
	if (2 * table->count >= table->slot_count)
		grow(table, &make->arena);
	hash = hash_text((uint64_t)(uintptr_t)make, text);
	for (size_t at = (size_t)hash;; at++) {
		slot = &table->slots[at & (table->slot_count - 1)];
		if (!*slot ||
		    ((*slot)->hash == hash && text_equal((*slot)->text, text)))
			break;
	}
	table->last = *slot ? *slot : add_item(make, table, slot, hash);
	if (table->last && !table->last->text.data)
		table->last->text = (struct text){
			arena_copy(&make->arena, text.data, text.len), text.len
		};
	return table->last;
}

static bool
has_names(const struct rollup_item *item,
    const struct rollup_item *const *names, size_t width)
{
	for (size_t i = 0; i < width; i++)
		if (item->names[i] != names[i])
			return false;
	return true;
}

/* The item of a group of names. */
static struct rollup_item *
find_group(struct rollup_make *make, struct rollup_table *table,
    const struct rollup_item *const *names, size_t width)
{
	struct rollup_item **slot;
	uint64_t hash = 0;

	if (table->last && has_names(table->last, names, width))
		return table->last;
	if (2 * table->count >= table->slot_count)
		grow(table, &make->arena);
	for (size_t i = 0; i < width; i++)
		hash = hash_word(hash, names[i] ? names[i]->hash : 1);
	for (size_t at = (size_t)hash;; at++) {
		slot = &table->slots[at & (table->slot_count - 1)];
		if (!*slot ||
		    ((*slot)->hash == hash && has_names(*slot, names, width)))
			break;
	}
	if (*slot)
		return table->last = *slot;
	table->last = add_item(make, table, slot, hash);
	if (table->last)
		memcpy(table->last->names, names, width * sizeof(names[0]));
	return table->last;
}

/* A record on its way into the tables. */
struct entry {
	const struct usage *usage;
	struct query_measures one;
	struct rollup_item *names[USAGE_DIMENSION_COUNT];
};

/*
 * Add up what has no sign and is no larger than the total, which fits.  Two
 * counts at a time are what processors do.
 */
static void
add_measures(struct query_measures *restrict measures,
    const struct query_measures *restrict one)
{
	enum { PAIRS = QUERY_COUNT_COUNT / 2 * 2 };

	for (int i = 0; i < PAIRS; i++)
		measures->count[i] += one->count[i];
	for (int i = PAIRS; i < QUERY_COUNT_COUNT; i++)
		measures->count[i] += one->count[i];
	measures->known.femto += one->known.femto;
	measures->estimated.femto += one->estimated.femto;
}

static int
add(struct rollup_make *make, struct query_measures *measures,
    const struct entry *entry)
{
	struct error ignored;

	add_measures(measures, &entry->one);
	if (!entry->usage->has_amount)
		return 0;
	return query_measures_add_amount(measures, &make->arena,
	    entry->usage->unit, entry->usage->amount, &ignored);
}

static int
add_rest(struct rollup_make *make, struct rollup_table *table,
    const struct entry *entry)
{
	struct error ignored;

	if (!entry->usage->has_amount)
		return 0;
	return query_measures_add_amount(&table->rest, &make->arena,
	    entry->usage->unit, entry->usage->amount, &ignored);
}

/* Add the record to each of its names, and note these. */
static int
add_to_names(struct rollup_make *make, struct entry *entry)
{
	struct rollup_table *table;
	int result = 0;

	for (size_t i = 0; i < USAGE_DIMENSION_COUNT && result == 0; i++) {
		struct text text = entry->usage->dimension[i];

		table = &make->names[i];
		entry->names[i] = NULL;
		if (text.data && !table->is_left_out)
			entry->names[i] = find_name(make, table, text);
		if (!text.data)
			result = add_rest(make, table, entry);
		else if (entry->names[i])
			result = add(make, &entry->names[i]->measures, entry);
	}
	return result;
}

/* Collect the names of a section; false where one of them was left out. */
static bool
collect_names(const struct rollup_item **names, bool *has_any,
    const struct rollup_section *section, const struct entry *entry)
{
	*has_any = false;
	for (size_t i = 0; i < section->width; i++) {
		enum usage_dimension dimension = section->dimension[i];

		names[i] = entry->names[dimension];
		if (entry->usage->dimension[dimension].data && !names[i])
			return false;
		*has_any |= names[i] != NULL;
	}
	return true;
}

/*
 * Add the record to the group of a section: of those of a task, to the task's
 * where it has no name of its own.
 */
static int
add_to_group(struct rollup_make *make, size_t place, const struct entry *entry)
{
	const struct rollup_section *section = &rollup_sections[place];
	struct rollup_table *table = &make->groups[place];
	const struct rollup_item *names[ROLLUP_WIDTH];
	struct rollup_item *item;
	bool has_any;

	if (table->is_left_out || section->width < 2 ||
	    (section->kind == ROLLUP_TASK &&
		entry->usage->dimension[section->dimension[0]].data))
		return 0;
	if (!collect_names(names, &has_any, section, entry)) {
		table->is_left_out = true;
		return 0;
	}
	if (!has_any)
		return add_rest(make, table, entry);
	item = find_group(make, table, names, section->width);
	return item ? add(make, &item->measures, entry) : 0;
}

static int
add_to_hour(struct rollup_make *make, const struct entry *entry)
{
	struct when at = entry->usage->at;
	int64_t past = at.micros - when_day_start(at).micros;

	return add(make, &make->hours[past / HOUR], entry);
}

void
rollup_make_add(struct rollup_make *make, const struct usage *usage)
{
	struct entry entry;
	struct error ignored;
	int result;

	if (make->has_failed)
		return;
	entry.usage = usage;
	result = query_measures_of(&entry.one, usage, &ignored);
	if (result == 0)
		result = query_measures_merge(&make->total, &make->arena,
		    &entry.one, &ignored);
	if (result == 0 && usage->has_amount)
		result = query_measures_add_amount(&make->total, &make->arena,
		    usage->unit, usage->amount, &ignored);
	if (result == 0)
		result = add_to_hour(make, &entry);
	if (result == 0)
		result = add_to_names(make, &entry);
	for (size_t i = 0; i < ROLLUP_SECTION_COUNT && result == 0; i++)
		result = add_to_group(make, i, &entry);
	make->has_failed = result < 0;
}
