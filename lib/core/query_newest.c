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

/* Below, at or above 0 as a is older than, as old as or newer than b. */
static int
compare(const struct usage *a, const struct usage *b)
{
	if (a->at.micros != b->at.micros)
		return a->at.micros < b->at.micros ? -1 : 1;
	return text_compare(a->id, b->id);
}

static bool
is_older(const struct query_newest *newest, size_t a, size_t b)
{
	return compare(&newest->records[a]->usage, &newest->records[b]->usage) <
	       0;
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
		if (compare(usage, &newest->records[0]->usage) <= 0)
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

static int
compare_records(const void *left, const void *right)
{
	const struct query_newest_record *const *a = left, *const *b = right;

	return compare(&(*a)->usage, &(*b)->usage);
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
