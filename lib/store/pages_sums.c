#include "lib/store/pages_sums.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/error.h"
#include "lib/base/hash.h"
#include "lib/core/query_newest.h"
#include "lib/core/usage.h"
#include "lib/store/cache.h"
#include "lib/store/pages_bytes.h"
#include "lib/store/pages_part.h"
#include "lib/store/rollup_file.h"

/* A row of a scope in the making. */
struct row {
	const struct pages_sums_scope *scope;
	size_t by;
	struct row *next; /* of the scope, by the same */
	struct pages_row sums;
};

/* Where a record of an entity is. */
struct place {
	const struct pages_sums_scope *scope;
	int64_t at;
	size_t offset, length;
};

struct pages_sums_scope {
	struct pages_key key;
	struct row *rows[PAGES_PART_BY], *last[PAGES_PART_BY];
	size_t row_count[PAGES_PART_BY];
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
	sums->scopes = (struct pages_table){ .arena = &sums->arena };
	sums->rows = (struct pages_table){ .arena = &sums->arena };
	memset(sums->last, 0, sizeof(sums->last));
	query_group_init(&sums->days, &sums->arena, 1);
}

static bool
is_scope(const void *item, const void *key)
{
	const struct pages_sums_scope *scope = item;
	const struct pages_key *wanted = key;

	return scope->key.dimension == wanted->dimension &&
	       text_equal(scope->key.type, wanted->type) &&
	       text_equal(scope->key.id, wanted->id);
}

/* Where memory lies nobody can know: the hash that is kept is no secret. */
static uint64_t
hash_of(const struct pages_sums *sums, const struct pages_key *key)
{
	uint64_t hash = (uint64_t)(uintptr_t)sums + key->dimension;

	return hash_text(hash_text(hash, key->type), key->id);
}

static struct pages_sums_scope *
find_scope(struct pages_sums *sums, const struct pages_key *key)
{
	struct arena *arena = &sums->arena;
	struct pages_sums_scope *scope = sums->last[key->dimension];
	uint64_t hash;

	if (scope && is_scope(scope, key))
		return scope;
	hash = hash_of(sums, key);
	scope = pages_table_find(&sums->scopes, hash, is_scope, key);
	if (!scope) {
		scope = arena_alloc(arena, sizeof(*scope));
		scope->key = *key;
		scope->key.id.data =
		    arena_copy(arena, key->id.data, key->id.len);
		if (key->type.data)
			scope->key.type.data =
			    arena_copy(arena, key->type.data, key->type.len);
		pages_table_put(&sums->scopes, hash, scope);
	}
	sums->last[key->dimension] = scope;
	return scope;
}

/* What a row is found by. */
struct row_key {
	const struct pages_sums_scope *scope;
	size_t by;
	struct text name;
};

static bool
is_row(const void *item, const void *key)
{
	const struct row *row = item;
	const struct row_key *wanted = key;

	return row->scope == wanted->scope && row->by == wanted->by &&
	       text_equal(row->sums.name, wanted->name);
}

static struct row *
make_row(struct pages_sums *sums, struct pages_sums_scope *scope,
    const struct row_key *key, uint64_t hash)
{
	struct row *row = arena_alloc(&sums->arena, sizeof(*row));

	row->scope = scope;
	row->by = key->by;
	row->sums.name = key->name;
	if (key->name.data)
		row->sums.name.data =
		    arena_copy(&sums->arena, key->name.data, key->name.len);
	row->next = scope->rows[key->by];
	scope->rows[key->by] = row;
	scope->row_count[key->by]++;
	pages_table_put(&sums->rows, hash, row);
	return row;
}

static struct row *
find_row(struct pages_sums *sums, struct pages_sums_scope *scope, size_t by,
    struct text name)
{
	const struct row_key key = { scope, by, name };
	struct row *row = scope->last[by];
	uint64_t hash;

	if (row && text_equal(row->sums.name, name))
		return row;
	hash = hash_text(hash_word((uint64_t)(uintptr_t)sums,
			     (uint64_t)(uintptr_t)scope) +
			     by,
	    name);
	row = pages_table_find(&sums->rows, hash, is_row, &key);
	if (!row)
		row = make_row(sums, scope, &key, hash);
	scope->last[by] = row;
	return row;
}

static int
add_count(int64_t *sum, int64_t count, const char *name, struct error *err)
{
	if (!__builtin_add_overflow(*sum, count, sum))
		return 0;
	return error_set(err, ERROR_DATA, "the sum of %s does not fit", name);
}

/* Prompt and output tokens are parts of the total. */
static int
add_to_row(struct pages_row *row, struct arena *arena,
    const struct usage *usage, const struct query_measures *one,
    struct error *err)
{
	struct query_measures amounts = { .amounts = row->amounts };

	row->records += one->count[QUERY_RECORDS];
	row->prompt_tokens += one->count[QUERY_PROMPT_TOKENS];
	row->output_tokens += one->count[QUERY_OUTPUT_TOKENS];
	if (add_count(&row->calls, one->count[QUERY_CALLS], "calls", err) < 0)
		return -1;
	if (money_add(&row->cost, row->cost, query_measures_cost(one)) < 0)
		return error_set(err, ERROR_DATA,
		    "the sum of cost_usd does not fit");
	if (!usage->has_amount)
		return 0;
	if (query_measures_add_amount(&amounts, arena, usage->unit,
		usage->amount, err) < 0)
		return -1;
	row->amounts = amounts.amounts;
	return 0;
}

static int
add_to_scope(struct pages_sums *sums, struct pages_sums_scope *scope,
    const struct usage *usage, const struct query_measures *one,
    struct error *err)
{
	const int64_t tokens = one->count[QUERY_TOTAL_TOKENS];
	bool is_resource;
	struct text name;
	struct row *row;

	for (size_t i = 0; i < PAGES_PART_BY; i++) {
		is_resource = pages_part_by[i] == USAGE_RESOURCE;
		name = usage->dimension[pages_part_by[i]];
		if (!name.data && !is_resource)
			continue;
		row = find_row(sums, scope, i, name);
		if (add_count(&row->sums.total_tokens, tokens, "total_tokens",
			err) < 0 ||
		    (is_resource && add_to_row(&row->sums, &sums->arena, usage,
					one, err) < 0))
			return -1;
	}
	return 0;
}

/* Keep an entity's record: it is shown with the entity's figures. */
static void
keep_record(struct pages_sums *sums, const struct usage *usage,
    const struct pages_sums_scope *scope)
{
	struct place place = { .scope = scope,
		.at = usage->at.micros,
		.offset = sums->records.len };

	pages_part_put_record(&sums->records, usage);
	place.length = sums->records.len - place.offset;
	buf_add(&sums->places, &place, sizeof(place));
}

/* Set a record's key of a dimension; false where it has none. */
static bool
set_key(struct pages_key *key, size_t dimension, const struct usage *usage)
{
	const enum query_dimension by = pages_key_dimensions[dimension];

	*key = (struct pages_key){ .dimension = dimension, .type = TEXT_NULL };
	if (by != QUERY_ENTITY) {
		key->id = usage->dimension[by];
		return key->id.len > 0;
	}
	key->type = usage->dimension[USAGE_ENTITY_TYPE];
	key->id = usage->dimension[USAGE_ENTITY_ID];
	return key->type.len > 0 && key->id.len > 0;
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

int
pages_sums_add(struct pages_sums *sums, const struct usage *usage,
    struct error *err)
{
	struct pages_sums_scope *scope;
	struct query_measures one;
	struct pages_key key;

	if (query_measures_of(&one, usage, err) < 0 ||
	    add_to_day(sums, usage, err) < 0)
		return -1;
	for (size_t i = 0; i < PAGES_KEY_DIMENSIONS; i++) {
		if (!set_key(&key, i, usage))
			continue;
		scope = find_scope(sums, &key);
		if (add_to_scope(sums, scope, usage, &one, err) < 0)
			return -1;
		if (pages_key_dimensions[i] == QUERY_ENTITY)
			keep_record(sums, usage, scope);
	}
	return 0;
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

/* By scope, and the newest first. */
static int
compare_places(const void *left, const void *right, void *sums)
{
	const struct place *a = left, *b = right;
	int order = 0;

	if (a->scope != b->scope)
		order = pages_key_compare(&a->scope->key, &b->scope->key);
	if (order != 0)
		return order;
	if (a->at != b->at)
		return a->at < b->at ? 1 : -1;
	return compare_records(sums, b, a);
}

static int
compare_scopes(const void *left, const void *right)
{
	const struct pages_sums_scope *const *a = left, *const *b = right;

	return pages_key_compare(&(*a)->key, &(*b)->key);
}

/* Give the scopes, which are in order, their records. */
static void
give_places(struct pages_sums *sums, struct pages_sums_scope **scopes,
    size_t count)
{
	struct place *places = (struct place *)(void *)sums->places.text;
	size_t left = sums->places.len / sizeof(*places);

	if (left > 0)
		qsort_r(places, left, sizeof(*places), compare_places, sums);
	for (size_t i = 0; i < count; i++) {
		scopes[i]->places = places;
		scopes[i]->place_count = 0;
		for (; left > 0 && places->scope == scopes[i]; left--) {
			scopes[i]->place_count++;
			places++;
		}
	}
}

/* The scopes, in the order of a part. */
static struct pages_sums_scope **
list_scopes(struct pages_sums *sums)
{
	const struct pages_table *table = &sums->scopes;
	struct pages_sums_scope **list = arena_array(&sums->arena,
	    table->count + 1, sizeof(struct pages_sums_scope *));
	size_t count = 0;

	for (size_t i = 0; i < table->slot_count; i++)
		if (table->slots[i].item)
			list[count++] = table->slots[i].item;
	for (size_t i = 0; i < count; i++)
		pages_key_seal(&list[i]->key);
	if (count > 0)
		qsort(list, count, sizeof(struct pages_sums_scope *),
		    compare_scopes);
	give_places(sums, list, count);
	return list;
}

static int
compare_rows(const void *left, const void *right)
{
	const struct row *const *a = left, *const *b = right;

	return text_compare((*a)->sums.name, (*b)->sums.name);
}

/* Append the rows of a scope, by name, so that the same ones are the same
 * bytes. */
static void
put_rows(struct buf *out, struct pages_sums *sums,
    const struct pages_sums_scope *scope, size_t by)
{
	const size_t count = scope->row_count[by];
	const struct row **list =
	    arena_array(&sums->arena, count + 1, sizeof(struct row *));
	size_t used = 0;

	for (const struct row *row = scope->rows[by]; row; row = row->next)
		list[used++] = row;
	if (count > 1)
		qsort(list, count, sizeof(struct row *), compare_rows);
	pages_bytes_put(out, count);
	for (size_t i = 0; i < count; i++)
		pages_part_put_row(out, pages_part_by[by], &list[i]->sums);
}

static void
put_entry(struct buf *out, struct pages_sums *sums,
    const struct pages_sums_scope *scope)
{
	struct pages_part_start start = { .hash = scope->key.hash };
	size_t at = out->len, records = scope->place_count;

	if (records > PAGES_SUMS_RECORDS)
		records = PAGES_SUMS_RECORDS;
	start.records = (uint32_t)records;
	buf_add(out, &start, sizeof(start));
	pages_part_put_key(out, &scope->key);
	for (size_t i = 0; i < PAGES_PART_BY; i++)
		put_rows(out, sums, scope, i);
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
	struct pages_sums_scope **scopes = list_scopes(sums);
	struct pages_part_block block = { 0 };
	const size_t count = sums->scopes.count;
	uint64_t hash;

	for (size_t i = 0; i < count; i++) {
		hash = scopes[i]->key.hash;
		if (i == 0 ||
		    (out->len - start - block.at >= PAGES_PART_BLOCK &&
			hash != scopes[i - 1]->key.hash)) {
			if (i > 0)
				end_block(out, index, start, &block);
			block.at = out->len - start;
			block.hash = hash;
		}
		put_entry(out, sums, scopes[i]);
	}
	if (count > 0)
		end_block(out, index, start, &block);
}

static void
put_days(struct buf *out, struct pages_sums *sums)
{
	struct query_group *const *list = query_group_list(&sums->days);

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
