#include "lib/store/pages_sums.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/error.h"
#include "lib/core/query_dimension.h"
#include "lib/core/query_newest.h"
#include "lib/store/cache.h"
#include "lib/store/pages_part.h"
#include "lib/store/rollup_file.h"

/* What makes a group: a key, by which dimension it is divided, and its value
 * of that. */
enum {
	BY = PAGES_KEY_TEXTS,
	NAME,
	WIDTH,
};

const enum usage_dimension pages_sums_dimensions[PAGES_SUMS_DIMENSIONS] = {
	USAGE_TASK,
	USAGE_WORKSTREAM,
	USAGE_QUEST,
	USAGE_REPO,
	USAGE_COMMIT,
	USAGE_RELEASE,
	USAGE_SESSION,
	USAGE_AGENT,
	USAGE_TIER,
};

const enum usage_dimension pages_sums_parts[PAGES_SUMS_PARTS] = {
	USAGE_MODEL,
	USAGE_AGENT,
	USAGE_RESOURCE,
};

/* Where a record of an entity is. */
struct place {
	const struct query_group *entity; /* a group of it */
	int64_t at;
	size_t offset, length;
};

/* A scope's groups, which stand in a row, and its records. */
struct scope {
	struct pages_key key;
	struct query_group *const *groups;
	size_t group_count;
	const struct place *places;
	size_t place_count;
};

void
pages_sums_init(struct pages_sums *sums)
{
	*sums = (struct pages_sums){ .arena = ARENA_INIT,
		.records = BUF_INIT,
		.places = BUF_INIT };
	pages_sums_start(sums);
}

void
pages_sums_release(struct pages_sums *sums)
{
	arena_release(&sums->arena);
	buf_release(&sums->records);
	buf_release(&sums->places);
}

void
pages_sums_start(struct pages_sums *sums)
{
	arena_release(&sums->arena);
	buf_reset(&sums->records);
	buf_reset(&sums->places);
	query_group_init(&sums->groups, &sums->arena, WIDTH);
	query_group_init(&sums->days, &sums->arena, 1);
}

/* Add to the groups of a scope; *resource is the one that each record has. */
static int
add_to_scope(struct pages_sums *sums, struct text *values,
    const struct usage *usage, const struct query_measures *one,
    const struct query_group **resource, struct error *err)
{
	struct query_group *group;

	for (size_t i = 0; i < PAGES_SUMS_PARTS; i++) {
		values[BY] =
		    text_of(usage_dimension_names[pages_sums_parts[i]]);
		values[NAME] = usage->dimension[pages_sums_parts[i]];
		if (!values[NAME].data && pages_sums_parts[i] != USAGE_RESOURCE)
			continue;
		group = query_group_find(&sums->groups, values);
		if (query_measures_merge(&group->measures, &sums->arena, one,
			err) < 0)
			return -1;
		*resource = group;
	}
	return 0;
}

/* Keep an entity's record: it is shown with the entity's figures. */
static void
keep_record(struct pages_sums *sums, const struct usage *usage,
    const struct query_group *entity)
{
	struct place place;

	memset(&place, 0, sizeof(place));
	place.entity = entity;
	place.at = usage->at.micros;
	place.offset = sums->records.len;
	pages_part_put_record(&sums->records, usage);
	place.length = sums->records.len - place.offset;
	buf_add(&sums->places, &place, sizeof(place));
}

static int
add_to_entity(struct pages_sums *sums, const struct usage *usage,
    const struct query_measures *one, struct error *err)
{
	struct text values[WIDTH] = {
		text_of(query_dimension_name(QUERY_ENTITY)),
		usage->dimension[USAGE_ENTITY_TYPE],
		usage->dimension[USAGE_ENTITY_ID],
	};
	const struct query_group *group = NULL;

	if (values[1].len == 0 || values[2].len == 0)
		return 0;
	if (add_to_scope(sums, values, usage, one, &group, err) < 0)
		return -1;
	keep_record(sums, usage, group);
	return 0;
}

static int
add_to_day(struct pages_sums *sums, const struct usage *usage,
    struct error *err)
{
	struct buf day = BUF_INIT;
	struct query_group *group;
	struct text value;

	when_day(&day, usage->at);
	value = (struct text){ day.text, day.len };
	group = query_group_find(&sums->days, &value);
	buf_release(&day);
	return query_measures_add(&group->measures, &sums->arena, usage, err);
}

/* What a page shows of a record, and nothing else. */
static int
measure(struct query_measures *one, struct query_amount *amount,
    const struct usage *usage, struct error *err)
{
	struct query_measures all;

	if (query_measures_of(&all, usage, err) < 0)
		return -1;
	*one = (struct query_measures){ .known = query_measures_cost(&all) };
	one->count[QUERY_RECORDS] = all.count[QUERY_RECORDS];
	one->count[QUERY_CALLS] = all.count[QUERY_CALLS];
	one->count[QUERY_PROMPT_TOKENS] = all.count[QUERY_PROMPT_TOKENS];
	one->count[QUERY_OUTPUT_TOKENS] = all.count[QUERY_OUTPUT_TOKENS];
	one->count[QUERY_TOTAL_TOKENS] = all.count[QUERY_TOTAL_TOKENS];
	*amount =
	    (struct query_amount){ .unit = usage->unit, .sum = usage->amount };
	if (usage->has_amount)
		one->amounts = amount;
	return 0;
}

int
pages_sums_add(struct pages_sums *sums, const struct usage *usage,
    struct error *err)
{
	const struct query_group *ignored = NULL;
	struct query_amount amount;
	struct query_measures one;
	struct text values[WIDTH];

	if (measure(&one, &amount, usage, err) < 0 ||
	    add_to_day(sums, usage, err) < 0)
		return -1;
	for (size_t i = 0; i < PAGES_SUMS_DIMENSIONS; i++) {
		enum usage_dimension by = pages_sums_dimensions[i];

		values[0] = text_of(usage_dimension_names[by]);
		values[1] = TEXT_NULL;
		values[2] = usage->dimension[by];
		if (values[2].len > 0 &&
		    add_to_scope(sums, values, usage, &one, &ignored, err) < 0)
			return -1;
	}
	return add_to_entity(sums, usage, &one, err);
}

/* Of the same time: which of two records is the newer one. */
static int
compare_records(const struct pages_sums *sums, const struct place *a,
    const struct place *b)
{
	struct text left = { sums->records.text + a->offset, a->length };
	struct text right = { sums->records.text + b->offset, b->length };
	struct usage x, y;

	if (!pages_part_take_record(&x, &left) ||
	    !pages_part_take_record(&y, &right))
		return 0;
	return query_newest_compare(&x, &y);
}

/* By entity, in the order of the groups, and the newest first. */
static int
compare_places(const void *left, const void *right, void *sums)
{
	const struct place *a = left, *b = right;
	int order = 0;

	if (a->entity != b->entity)
		order =
		    query_group_compare(a->entity, b->entity, PAGES_KEY_TEXTS);
	if (order != 0)
		return order;
	if (a->at != b->at)
		return a->at < b->at ? 1 : -1;
	return compare_records(sums, b, a);
}

static bool
is_of(const struct place *place, const struct scope *scope)
{
	return query_group_compare(place->entity, scope->groups[0],
		   PAGES_KEY_TEXTS) == 0;
}

static int
compare_scopes(const void *left, const void *right)
{
	const struct scope *a = left, *b = right;

	return pages_key_compare(&a->key, &b->key);
}

/* Set the scope whose groups begin at list; return how many those are. */
static size_t
gather(struct scope *scope, struct query_group *const *list, size_t count)
{
	scope->groups = list;
	scope->group_count = 1;
	while (scope->group_count < count &&
	       query_group_compare(list[0], list[scope->group_count],
		   PAGES_KEY_TEXTS) == 0)
		scope->group_count++;
	memcpy(scope->key.text, list[0]->values, sizeof(scope->key.text));
	pages_key_seal(&scope->key);
	return scope->group_count;
}

/*
 * The scopes, in the order of a part.  Groups and places are in order of
 * their texts first, so that both are gone through once.
 */
static struct scope *
list_scopes(size_t *count, struct pages_sums *sums)
{
	struct query_group **list = query_group_list(&sums->groups);
	struct scope *scopes = arena_array(&sums->arena, sums->groups.count + 1,
			 sizeof(*scopes)),
		     *scope = scopes;
	struct place *places = (struct place *)(void *)sums->places.text;
	size_t left = sums->places.len / sizeof(*places);

	if (left > 0)
		qsort_r(places, left, sizeof(*places), compare_places, sums);
	for (size_t i = 0; i < sums->groups.count; scope++) {
		i += gather(scope, list + i, sums->groups.count - i);
		scope->places = places;
		for (; left > 0 && is_of(places, scope); places++, left--)
			scope->place_count++;
	}
	*count = (size_t)(scope - scopes);
	if (*count > 0)
		qsort(scopes, *count, sizeof(*scopes), compare_scopes);
	return scopes;
}

static void
put_entry(struct buf *out, const struct pages_sums *sums,
    const struct scope *scope)
{
	struct pages_part_start start = { .hash = scope->key.hash,
		.rows = (uint32_t)scope->group_count };
	size_t at = out->len, records = scope->place_count;

	if (records > PAGES_SUMS_RECORDS)
		records = PAGES_SUMS_RECORDS;
	start.records = (uint32_t)records;
	buf_add(out, &start, sizeof(start));
	pages_part_put_texts(out, scope->key.text, PAGES_KEY_TEXTS);
	for (size_t i = 0; i < scope->group_count; i++)
		rollup_file_put(out, scope->groups[i]->values + BY, WIDTH - BY,
		    &scope->groups[i]->measures);
	for (size_t i = 0; i < records; i++)
		buf_add(out, sums->records.text + scope->places[i].offset,
		    scope->places[i].length);
	start.length = (uint32_t)(out->len - at);
	memcpy(out->text + at, &start, sizeof(start));
}

static void
fill_words(struct buf *out, size_t start)
{
	const size_t word = sizeof(uint64_t);

	buf_fill(out, '\0', (word - (out->len - start) % word) % word);
}

static void
end_block(struct buf *out, struct buf *index, size_t start,
    struct pages_part_block *block)
{
	fill_words(out, start);
	block->length = out->len - start - block->at;
	block->sum =
	    cache_sum(CACHE_SUM, out->text + start + block->at, block->length);
	buf_add(index, block, sizeof(*block));
}

/* Append the blocks; entries with one hash stand in one block. */
static void
put_blocks(struct buf *out, struct buf *index, size_t start,
    struct pages_sums *sums)
{
	struct pages_part_block block = { 0 };
	const struct scope *scopes;
	size_t count;

	scopes = list_scopes(&count, sums);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 ||
		    (out->len - start - block.at >= PAGES_PART_BLOCK &&
			scopes[i].key.hash != scopes[i - 1].key.hash)) {
			if (i > 0)
				end_block(out, index, start, &block);
			block.at = out->len - start;
			block.hash = scopes[i].key.hash;
		}
		put_entry(out, sums, &scopes[i]);
	}
	if (count > 0)
		end_block(out, index, start, &block);
}

static void
put_days(struct buf *out, const struct pages_sums *sums)
{
	struct query_group **list = query_group_list(&sums->days);

	for (size_t i = 0; i < sums->days.count; i++)
		rollup_file_put(out, list[i]->values, 1, &list[i]->measures);
}

void
pages_sums_write(struct buf *out, struct pages_sums *sums)
{
	struct pages_part_head head = { .magic = PAGES_PART_MAGIC };
	struct buf index = BUF_INIT;
	size_t start = out->len;

	buf_fill(out, '\0', sizeof(head));
	put_blocks(out, &index, start, sums);
	head.days_at = out->len - start;
	put_days(out, sums);
	fill_words(out, start);
	head.days_length = out->len - start - head.days_at;
	head.block_count = index.len / sizeof(struct pages_part_block);
	buf_add(out, index.text, index.len);
	head.sum =
	    cache_sum(CACHE_SUM, &head, offsetof(struct pages_part_head, sum));
	head.sum = cache_sum(head.sum, out->text + start + head.days_at,
	    out->len - start - head.days_at);
	memcpy(out->text + start, &head, sizeof(head));
	buf_release(&index);
}
