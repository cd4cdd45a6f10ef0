#include "lib/store/ledger_known.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/core/usage.h"
#include "lib/store/ledger_batch.h"
#include "lib/store/ledger_files.h"
#include "lib/store/ledger_ids.h"
#include "lib/store/ledger_ids_file.h"
#include "lib/store/ledger_lines.h"
#include "lib/store/ledger_row.h"
#include "lib/store/ledger_sieve.h"
#include "lib/store/workspace.h"

#define PIECE ((size_t)2048)
#define DAY ((int64_t)86400 * 1000000)

enum {
	FEW = LEDGER_IDS_FEW,
};

/* The look-up of a batch. */
struct search {
	struct ledger_batch *batch;
	const struct ledger_files *files;
	const uint32_t *order; /* entries with a given id, by hash */
	size_t count;
	struct dir cache;
	struct ledger_row_reader own; /* of the batch's rows */
	struct ledger_row_reader theirs; /* of a file's */
	struct buf row, other;
};

static int
compare_entries(const void *a, const void *b, void *data)
{
	const struct ledger_entry *entries = data;
	const uint32_t *x = a, *y = b;

	if (entries[*x].hash != entries[*y].hash)
		return entries[*x].hash < entries[*y].hash ? -1 : 1;
	return (*x > *y) - (*x < *y);
}

/* The id of an entry of the batch; it lives in row. */
static int
read_id(struct text *id, struct search *search, struct buf *row, size_t index,
    struct error *err)
{
	struct usage usage;

	buf_reset(row);
	if (ledger_batch_row(row, search->batch, index, err) < 0 ||
	    ledger_row_read(&usage, &search->own,
		(struct text){ row->text, row->len - 1 }, err) < 0)
		return -1;
	*id = usage.id;
	return 0;
}

static bool
equals(struct text id, const char *copy, size_t len)
{
	return id.len == len && memcmp(id.data, copy, len) == 0;
}

/* Mark those of entries with one hash whose id an earlier one has. */
static int
mark_group(struct search *search, size_t first, size_t last, struct error *err)
{
	struct ledger_entry *entries = search->batch->entries;
	struct buf kept = BUF_INIT;
	struct text id;
	int result = 0;

	for (size_t i = first; result == 0 && i < last; i++) {
		if (entries[search->order[i]].is_known)
			continue;
		result =
		    read_id(&id, search, &search->row, search->order[i], err);
		if (result < 0)
			break;
		buf_reset(&kept);
		buf_add(&kept, id.data, id.len);
		for (size_t j = i + 1; result == 0 && j < last; j++) {
			result = read_id(&id, search, &search->other,
			    search->order[j], err);
			if (result == 0 && equals(id, kept.text, kept.len))
				entries[search->order[j]].is_known = 1;
		}
	}
	buf_release(&kept);
	return result;
}

static size_t
group_end(const struct search *search, size_t first)
{
	const struct ledger_entry *entries = search->batch->entries;
	uint64_t hash = entries[search->order[first]].hash;
	size_t end = first + 1;

	while (end < search->count && entries[search->order[end]].hash == hash)
		end++;
	return end;
}

static int
mark_within(struct search *search, struct error *err)
{
	size_t end;

	for (size_t i = 0; i < search->count; i = end) {
		end = group_end(search, i);
		if (end - i > 1 && mark_group(search, i, end, err) < 0)
			return -1;
	}
	return 0;
}

/* Read the row at an offset of a file, without its newline, into other. */
static int
read_row(struct search *search, const struct file *file, int64_t offset,
    struct error *err)
{
	struct buf *row = &search->other;
	const char *end;
	size_t before;

	buf_reset(row);
	do {
		before = row->len;
		if (file_read_at(row, file, offset + (int64_t)before, PIECE,
			err) < 0)
			return -1;
		end = memchr(row->text + before, '\n', row->len - before);
	} while (
	    !end && row->len - before == PIECE && row->len <= LEDGER_ROW_MAX);
	if (end)
		buf_truncate(row, (size_t)(end - row->text));
	return 0;
}

/* Mark what of a group of entries has the id of the row at an offset. */
static int
mark_by_row(struct search *search, const struct file *file, int64_t offset,
    size_t first, size_t last, struct error *err)
{
	struct ledger_entry *entries = search->batch->entries;
	struct usage usage;
	struct text id;

	if (read_row(search, file, offset, err) < 0 ||
	    ledger_row_read(&usage, &search->theirs,
		(struct text){ search->other.text, search->other.len },
		err) < 0)
		return -1;
	for (size_t i = first; i < last; i++) {
		if (entries[search->order[i]].is_known)
			continue;
		if (read_id(&id, search, &search->row, search->order[i], err) <
		    0)
			return -1;
		if (text_equal(id, usage.id))
			entries[search->order[i]].is_known = 1;
	}
	return 0;
}

/* Few are looked for in many: each by bisection; else both lists in step. */
static size_t
advance(const struct ledger_ids *ids, const struct search *search, size_t at,
    uint64_t hash)
{
	if (search->count < ids->count / 16)
		return ledger_ids_seek(ids, hash);
	while (at < ids->count && ids->list[at].hash < hash)
		at++;
	return at;
}

/* Whether any of the entries from first to last has the hash of an id. */
static bool
has_any(const struct search *search, const struct ledger_ids *ids, size_t first,
    size_t last)
{
	size_t end, at = 0;

	for (size_t i = first; i < last; i = end) {
		uint64_t hash = search->batch->entries[search->order[i]].hash;

		end = group_end(search, i);
		at = advance(ids, search, at, hash);
		if (at < ids->count && ids->list[at].hash == hash)
			return true;
	}
	return false;
}

static int
mark_by_ids(struct search *search, const struct ledger_ids *ids,
    const struct file *file, size_t first, size_t last, struct error *err)
{
	size_t end, at = 0;

	for (size_t i = first; i < last; i = end) {
		uint64_t hash = search->batch->entries[search->order[i]].hash;

		end = group_end(search, i);
		at = advance(ids, search, at, hash);
		for (; at < ids->count && ids->list[at].hash == hash; at++)
			if (mark_by_row(search, file, ids->list[at].offset, i,
				end, err) < 0)
				return -1;
	}
	return 0;
}

/* Rows of a file are read by its own header. */
static int
read_header(struct search *search, struct ledger_lines *lines,
    struct error *err)
{
	struct text line;

	if (ledger_lines_next(&line, lines, err) < 0)
		return -1;
	if (!line.data ||
	    ledger_row_read_header(&search->theirs, line, err) == 0)
		return 0;
	return ledger_lines_fail(lines, err);
}

/* Mark by all ids of a file, or by those that are kept around some. */
static int
mark_by_list(struct search *search, const struct ledger_ids *ids,
    const struct ledger_file *file, size_t first, size_t last,
    struct error *err)
{
	struct ledger_lines lines;
	int result;

	if (!has_any(search, ids, first, last))
		return 0;
	result = ledger_lines_open(&lines, search->files, file, err);
	if (result == 0)
		result = read_header(search, &lines, err);
	if (result == 0)
		result =
		    mark_by_ids(search, ids, &lines.file, first, last, err);
	ledger_lines_close(&lines);
	return result;
}

/* A few are looked up where they are kept; *done is false where they cannot. */
static int
mark_by_kept(struct search *search, const struct ledger_file *file, bool *done,
    struct error *err)
{
	struct ledger_ids ids = LEDGER_IDS_NONE;
	struct ledger_ids_file kept;
	int result = 0;
	size_t end;

	*done = search->count <= FEW &&
		ledger_ids_file_open(&kept, &search->cache, file);
	if (!*done)
		return 0;
	for (size_t i = 0; i < search->count && *done && result == 0; i = end) {
		end = group_end(search, i);
		*done = ledger_ids_file_seek(&ids, &kept,
		    search->batch->entries[search->order[i]].hash);
		if (*done)
			result = mark_by_list(search, &ids, file, i, end, err);
	}
	ledger_ids_release(&ids);
	ledger_ids_file_close(&kept);
	return result;
}

/* Whether a batch of a few, as far as is known, adds to a file. */
static bool
adds_to(const struct search *search, const struct ledger_file *file)
{
	const struct ledger_batch *batch = search->batch;
	const int64_t day = file->day.micros / DAY;

	if (batch->count > FEW)
		return false;
	for (size_t i = 0; i < batch->count; i++)
		if (batch->entries[i].day == day && !batch->entries[i].is_known)
			return true;
	return false;
}

/* Mark by the rows of a file that is to be added to: what is kept of it now
 * would be kept in vain, and make the sync of the rows dearer. */
static int
mark_by_rows(struct search *search, const struct ledger_file *file,
    struct error *err)
{
	struct ledger_ids_few few = { .count = search->count };
	struct ledger_ids ids;
	int result;

	for (size_t i = 0; i < search->count; i++)
		few.hash[i] = search->batch->entries[search->order[i]].hash;
	result = ledger_ids_scan(&ids, search->files, file, &few, err);
	if (result == 0)
		result =
		    mark_by_list(search, &ids, file, 0, search->count, err);
	ledger_ids_release(&ids);
	return result;
}

/* *was_kept tells whether that what is kept was enough. */
static int
mark_in_file(struct search *search, const struct ledger_file *file,
    bool *was_kept, struct error *err)
{
	struct ledger_ids ids;
	int result;

	result = mark_by_kept(search, file, was_kept, err);
	if (result < 0 || *was_kept)
		return result;
	if (adds_to(search, file)) {
		result = mark_by_rows(search, file, err);
		if (result < 0 || adds_to(search, file))
			return result;
	}
	result =
	    ledger_ids_read(&ids, &search->cache, search->files, file, err);
	if (result == 0)
		result =
		    mark_by_list(search, &ids, file, 0, search->count, err);
	ledger_ids_release(&ids);
	return result;
}

/* List the entries that the sieve may hold; the others are in no file that it
 * speaks for. */
static size_t
sift(uint32_t held[FEW], const struct search *search,
    struct ledger_sieve *sieve)
{
	const struct ledger_entry *entries = search->batch->entries;
	size_t count = 0;

	for (size_t i = 0; i < search->count; i++)
		if (ledger_sieve_holds(sieve, entries[search->order[i]].hash))
			held[count++] = search->order[i];
	return count;
}

/* Mark a few: in the files that the sieve speaks for, what it may hold; return
 * in *others how many more there are that one could speak for. */
static int
mark_few(struct search *search, size_t *others, struct error *err)
{
	const struct search whole = *search;
	struct ledger_sieve sieve;
	uint32_t held[FEW];
	size_t count = 0;
	bool is_known, was_kept;
	int result = 0;

	if (ledger_sieve_open(&sieve, &search->cache))
		count = sift(held, search, &sieve);
	for (size_t i = 0; i < search->files->count && result == 0; i++) {
		is_known = ledger_sieve_knows(&sieve, &search->files->list[i]);
		if (is_known && count == 0)
			continue;
		search->order = is_known ? held : whole.order;
		search->count = is_known ? count : whole.count;
		result = mark_in_file(search, &search->files->list[i],
		    &was_kept, err);
		*others += was_kept && !is_known;
	}
	search->order = whole.order;
	search->count = whole.count;
	ledger_sieve_close(&sieve);
	return result;
}

static int
mark_many(struct search *search, struct error *err)
{
	int result = 0;
	bool was_kept;

	for (size_t i = 0; i < search->files->count && result == 0; i++)
		result = mark_in_file(search, &search->files->list[i],
		    &was_kept, err);
	return result;
}

static int
mark_all(struct search *search, struct error *err)
{
	struct workspace *workspace = search->batch->workspace;
	size_t others = 0;
	int result = mark_within(search, err);

	cache_open(&search->cache, workspace, search->files->count > 0);
	if (result == 0 && search->count <= FEW)
		result = mark_few(search, &others, err);
	else if (result == 0)
		result = mark_many(search, err);
	if (result == 0 && others > LEDGER_SIEVE_WORTH)
		ledger_sieve_make(&search->cache, search->files);
	dir_close(&search->cache);
	return result;
}

int
ledger_known_mark(struct ledger_batch *batch, const struct ledger_files *files,
    struct error *err)
{
	struct search search = { .batch = batch,
		.files = files,
		.row = BUF_INIT,
		.other = BUF_INIT };
	struct buf order = BUF_INIT;
	int result = 0;

	for (uint32_t i = 0; i < batch->count; i++)
		if (batch->entries[i].is_given)
			buf_add(&order, &i, sizeof(i));
	search.order = (const uint32_t *)(const void *)order.text;
	search.count = order.len / sizeof(uint32_t);
	if (search.count > 0) {
		qsort_r(order.text, search.count, sizeof(uint32_t),
		    compare_entries, batch->entries);
		ledger_row_start(&search.own);
		ledger_row_start(&search.theirs);
		result = mark_all(&search, err);
		ledger_row_release(&search.own);
		ledger_row_release(&search.theirs);
	}
	buf_release(&search.row);
	buf_release(&search.other);
	buf_release(&order);
	return result;
}
