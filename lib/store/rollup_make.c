#include "lib/store/rollup_make.h"

#include <string.h>

#include "lib/base/error.h"
#include "lib/core/usage.h"
#include "lib/store/rollup_file.h"

/* Groups are worth keeping where there are many fewer than records. */
enum {
	FEW_GROUPS = 256,
	RECORDS_A_GROUP = 4,
	GROUPS_MAX = 4096,
	ALL_GROUPS_MAX = 24000,
};

#define HOUR (INT64_C(3600) * 1000000)

static const char hours[] = "000102030405060708091011121314151617181920212223";

void
rollup_make_init(struct rollup_make *make)
{
	make->arena = (struct arena)ARENA_INIT;
	rollup_make_start(make);
}

void
rollup_make_release(struct rollup_make *make)
{
	arena_release(&make->arena);
}

void
rollup_make_start(struct rollup_make *make)
{
	struct rollup_groups *groups;

	arena_release(&make->arena);
	make->total = (struct query_measures){ 0 };
	make->group_count = 0;
	make->has_failed = false;
	for (size_t i = 0; i < ROLLUP_SECTION_COUNT; i++) {
		groups = &make->sections[i];
		*groups = (struct rollup_groups){ 0 };
		query_group_init(&groups->table, &make->arena,
		    rollup_sections[i].width);
	}
}

/* Set a record's values in a section; return whether it has any. */
static bool
set_values(struct text *values, const struct rollup_section *section,
    const struct usage *usage)
{
	bool has_any = false;
	int64_t hour;

	if (section->kind == ROLLUP_HOUR) {
		hour = usage->at.micros - when_day_start(usage->at).micros;
		values[0] = (struct text){ hours + 2 * (hour / HOUR), 2 };
		return true;
	}
	for (size_t i = 0; i < section->width; i++) {
		values[i] = usage->dimension[section->dimension[i]];
		has_any |= values[i].data != NULL;
	}
	if (section->kind == ROLLUP_TASK && values[0].data)
		values[1] = TEXT_NULL;
	return has_any;
}

static bool
is_last(const struct rollup_groups *groups, const struct text *values,
    size_t width)
{
	if (!groups->last)
		return false;
	for (size_t i = 0; i < width; i++)
		if (!text_equal(groups->last->values[i], values[i]))
			return false;
	return true;
}

/* The group of these values, or NULL where the section is left out. */
static struct query_group *
find_group(struct rollup_make *make, struct rollup_groups *groups,
    const struct text *values)
{
	size_t before = groups->table.count;
	int64_t records = make->total.count[QUERY_RECORDS];

	if (is_last(groups, values, groups->table.width))
		return groups->last;
	groups->last = query_group_find(&groups->table, values);
	if (groups->table.count == before)
		return groups->last;
	make->group_count++;
	groups->is_left_out = make->group_count > ALL_GROUPS_MAX ||
			      before >= GROUPS_MAX ||
			      (before >= FEW_GROUPS &&
				  (int64_t)before > records / RECORDS_A_GROUP);
	return groups->is_left_out ? NULL : groups->last;
}

/* No part of the total is larger than it, and that fits. */
static void
add(struct query_measures *measures, const struct query_measures *one)
{
	for (int i = 0; i < QUERY_COUNT_COUNT; i++)
		measures->count[i] += one->count[i];
	measures->known.femto += one->known.femto;
	measures->estimated.femto += one->estimated.femto;
}

static void
subtract(struct query_measures *measures, const struct query_measures *other)
{
	for (int i = 0; i < QUERY_COUNT_COUNT; i++)
		measures->count[i] -= other->count[i];
	measures->known.femto -= other->known.femto;
	measures->estimated.femto -= other->estimated.femto;
}

static int
add_amount(struct rollup_make *make, struct query_measures *measures,
    const struct usage *usage)
{
	struct error ignored;

	if (!usage->has_amount)
		return 0;
	return query_measures_add_amount(measures, &make->arena, usage->unit,
	    usage->amount, &ignored);
}

/*
 * Records without a value in a section are what is missing from the total in
 * the end, but for their amounts.
 */
static int
add_to_section(struct rollup_make *make, size_t place,
    const struct usage *usage, const struct query_measures *one)
{
	struct rollup_groups *groups = &make->sections[place];
	struct text values[ROLLUP_WIDTH];
	struct query_group *group;

	if (groups->is_left_out)
		return 0;
	if (!set_values(values, &rollup_sections[place], usage))
		return add_amount(make, &groups->rest, usage);
	group = find_group(make, groups, values);
	if (!group)
		return 0;
	add(&group->measures, one);
	return add_amount(make, &group->measures, usage);
}

void
rollup_make_add(struct rollup_make *make, const struct usage *usage)
{
	struct query_measures one;
	struct error ignored;
	int result;

	if (make->has_failed)
		return;
	result = query_measures_of(&one, usage, &ignored);
	if (result == 0)
		result = query_measures_merge(&make->total, &make->arena, &one,
		    &ignored);
	for (size_t i = 0; i < ROLLUP_SECTION_COUNT && result == 0; i++)
		result = add_to_section(make, i, usage, &one);
	make->has_failed = result < 0;
}

/* Append the groups of a section; return how many there are. */
static uint64_t
write_groups(struct buf *out, const struct rollup_make *make, size_t place)
{
	const struct text none[ROLLUP_WIDTH] = { TEXT_NULL };
	const struct rollup_groups *groups = &make->sections[place];
	const struct query_group_table *table = &groups->table;
	struct query_measures rest = make->total;
	uint64_t count = 0;

	rest.amounts = groups->rest.amounts;
	for (size_t i = 0; i < table->slot_count; i++) {
		if (!table->slots[i])
			continue;
		rollup_file_put(out, table->slots[i]->values, table->width,
		    &table->slots[i]->measures);
		subtract(&rest, &table->slots[i]->measures);
		count++;
	}
	if (rest.count[QUERY_RECORDS] == 0)
		return count;
	rollup_file_put(out, none, table->width, &rest);
	return count + 1;
}

bool
rollup_make_write(struct buf *out, struct rollup_make *make,
    const struct cache_state *state)
{
	struct rollup_file_head head;
	struct rollup_file_section *section;
	size_t start = out->len, word = sizeof(uint64_t);

	if (make->has_failed)
		return false;
	memset(&head, 0, sizeof(head));
	head.magic = ROLLUP_FILE_MAGIC;
	head.state = *state;
	buf_fill(out, '\0', sizeof(head));
	for (size_t i = 0; i < ROLLUP_SECTION_COUNT; i++) {
		section = &head.sections[i];
		section->offset = out->len - start;
		section->count = ROLLUP_FILE_LEFT_OUT;
		if (make->sections[i].is_left_out)
			continue;
		section->count = write_groups(out, make, i);
		buf_fill(out, '\0', (word - (out->len - start) % word) % word);
		section->length = out->len - start - section->offset;
		section->sum = cache_sum(CACHE_SUM,
		    out->text + start + section->offset, section->length);
	}
	head.sum = rollup_file_sum(&head);
	memcpy(out->text + start, &head, sizeof(head));
	return true;
}
