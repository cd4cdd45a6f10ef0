#include "lib/core/query_newest.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"

enum {
	FIRST_SIZE = 64,
	TEXTS = USAGE_DIMENSION_COUNT + 4, /* of a record */
};

struct query_newest_record {
	struct usage usage;
	struct buf texts; /* what the record's texts point into */
};

void
query_newest_init(struct query_newest *newest, size_t limit)
{
	*newest = (struct query_newest){ .arena = ARENA_INIT, .limit = limit };
}

void
query_newest_release(struct query_newest *newest)
{
	for (size_t i = 0; i < newest->count; i++)
		buf_release(&newest->records[i]->texts);
	arena_release(&newest->arena);
	query_newest_init(newest, newest->limit);
}

static void
list_texts(struct text **texts, struct usage *usage)
{
	for (size_t i = 0; i < USAGE_DIMENSION_COUNT; i++)
		*texts++ = &usage->dimension[i];
	*texts++ = &usage->id;
	*texts++ = &usage->unit;
	*texts++ = &usage->source;
	*texts = &usage->metadata;
}

/* Copy a record; its texts take the room of the one that it displaces. */
static void
fill(struct query_newest_record *record, const struct usage *usage)
{
	struct text *texts[TEXTS];
	size_t len = 0, at = 0;

	record->usage = *usage;
	list_texts(texts, &record->usage);
	for (size_t i = 0; i < TEXTS; i++)
		len += texts[i]->len;
	buf_reset(&record->texts);
	buf_reserve(&record->texts, len);
	for (size_t i = 0; i < TEXTS; i++) {
		if (!texts[i]->data)
			continue;
		buf_add(&record->texts, texts[i]->data, texts[i]->len);
		texts[i]->data = record->texts.text + at;
		at += texts[i]->len;
	}
}

static int
compare_counts(const struct usage *a, const struct usage *b)
{
	const int64_t pairs[][2] = {
		{ a->attempt, b->attempt },
		{ a->calls, b->calls },
		{ a->input_tokens, b->input_tokens },
		{ a->output_tokens, b->output_tokens },
		{ a->cache_read_tokens, b->cache_read_tokens },
		{ a->cache_write_tokens, b->cache_write_tokens },
		{ a->cache_write_1h_tokens, b->cache_write_1h_tokens },
		{ a->reasoning_tokens, b->reasoning_tokens },
		{ a->is_estimated, b->is_estimated },
		{ a->has_amount, b->has_amount },
		{ a->cost_status, b->cost_status },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (pairs[i][0] != pairs[i][1])
			return pairs[i][0] < pairs[i][1] ? -1 : 1;
	return 0;
}

/* By all that is shown of records but their times and ids. */
static int
compare_rest(const struct usage *a, const struct usage *b)
{
	const struct text *x = a->dimension, *y = b->dimension;
	int order = 0;

	/* Of two numbers the longer one is the larger. */
	if (x[USAGE_RUN].len != y[USAGE_RUN].len)
		return x[USAGE_RUN].len < y[USAGE_RUN].len ? -1 : 1;
	for (size_t i = 0; i < USAGE_DIMENSION_COUNT && order == 0; i++)
		order = text_compare(x[i], y[i]);
	if (order == 0)
		order = compare_counts(a, b);
	if (order == 0)
		order = money_compare(a->amount, b->amount);
	if (order == 0)
		order = money_compare(a->cost_usd, b->cost_usd);
	if (order == 0)
		order = text_compare(a->unit, b->unit);
	if (order == 0)
		order = text_compare(a->source, b->source);
	return order != 0 ? order : text_compare(a->metadata, b->metadata);
}

int
query_newest_compare(const struct usage *a, const struct usage *b)
{
	int order;

	if (a->at.micros != b->at.micros)
		return a->at.micros < b->at.micros ? -1 : 1;
	order = text_compare(a->id, b->id);
	return order != 0 ? order : compare_rest(a, b);
}

static bool
is_older(const struct query_newest *newest, size_t a, size_t b)
{
	return query_newest_compare(&newest->records[a]->usage,
		   &newest->records[b]->usage) < 0;
}

static void
swap(struct query_newest *newest, size_t a, size_t b)
{
	struct query_newest_record *record = newest->records[a];

	newest->records[a] = newest->records[b];
	newest->records[b] = record;
}

static void
sift_up(struct query_newest *newest, size_t place)
{
	size_t parent;

	while (place > 0) {
		parent = (place - 1) / 2;
		if (!is_older(newest, place, parent))
			return;
		swap(newest, place, parent);
		place = parent;
	}
}

static void
sift_down(struct query_newest *newest)
{
	size_t place = 0, child;

	while ((child = 2 * place + 1) < newest->count) {
		if (child + 1 < newest->count &&
		    is_older(newest, child + 1, child))
			child++;
		if (!is_older(newest, child, place))
			return;
		swap(newest, place, child);
		place = child;
	}
}

static void
grow(struct query_newest *newest)
{
	size_t size = newest->size ? 2 * newest->size : FIRST_SIZE;
	struct query_newest_record **records = arena_array(&newest->arena, size,
	    sizeof(struct query_newest_record *));

	if (newest->count > 0)
		memcpy(records, newest->records,
		    newest->count * sizeof(struct query_newest_record *));
	newest->records = records;
	newest->size = size;
}

void
query_newest_add(struct query_newest *newest, const struct usage *usage)
{
	struct query_newest_record *record;

	if (newest->limit > 0 && newest->count == newest->limit) {
		if (query_newest_compare(usage, &newest->records[0]->usage) <=
		    0)
			return;
		fill(newest->records[0], usage);
		sift_down(newest);
		return;
	}
	if (newest->count == newest->size)
		grow(newest);
	record = arena_alloc(&newest->arena, sizeof(*record));
	record->texts = (struct buf)BUF_INIT;
	fill(record, usage);
	newest->records[newest->count++] = record;
	sift_up(newest, newest->count - 1);
}

void
query_newest_merge(struct query_newest *newest,
    const struct query_newest *other)
{
	for (size_t i = 0; i < other->count; i++)
		query_newest_add(newest, &other->records[i]->usage);
}

bool
query_newest_is_full(const struct query_newest *newest, struct when since)
{
	return newest->limit > 0 && newest->count == newest->limit &&
	       newest->records[0]->usage.at.micros >= since.micros;
}

static int
compare_records(const void *left, const void *right)
{
	const struct query_newest_record *const *a = left, *const *b = right;

	return query_newest_compare(&(*a)->usage, &(*b)->usage);
}

/* In order, the oldest first, they still are a heap. */
void
query_newest_sort(struct query_newest *newest)
{
	if (newest->count > 0)
		qsort(newest->records, newest->count,
		    sizeof(struct query_newest_record *), compare_records);
}

const struct usage *
query_newest_get(const struct query_newest *newest, size_t place)
{
	return &newest->records[newest->count - 1 - place]->usage;
}
