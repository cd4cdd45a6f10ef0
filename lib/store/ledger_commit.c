#include "lib/store/ledger_commit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/core/usage.h"
#include "lib/store/folder.h"
#include "lib/store/ledger_batch.h"
#include "lib/store/ledger_files.h"
#include "lib/store/ledger_known.h"
#include "lib/store/ledger_row.h"
#include "lib/store/ledger_tail.h"
#include "lib/store/pending.h"
#include "lib/store/pending_finish.h"
#include "lib/store/workspace.h"

#define CHUNK ((size_t)256 * 1024)
#define DAY ((int64_t)86400 * 1000000)

/* The rows of one day. */
struct day {
	int32_t day;
	char name[LEDGER_FILES_NAME];
	struct ledger_tail tail;
	size_t first, count; /* of them, in the order */
};

/* A batch on its way. */
struct commit {
	struct ledger_batch *batch;
	struct arena *arena; /* gone when it is done */
	struct dir events;
	struct day *days; /* in order */
	size_t day_count;
	struct buf order; /* new entries, by day */
	size_t count;
	const struct ledger_beside *beside; /* or NULL */
	struct buf document; /* what that is to hold */
	bool has_document;
};

static uint32_t *
order_of(struct commit *commit)
{
	return (uint32_t *)(void *)commit->order.text;
}

static int
compare_days(const void *a, const void *b)
{
	const int32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static struct day *
find_day(const struct commit *commit, int32_t day)
{
	size_t low = 0, high = commit->day_count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (commit->days[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return &commit->days[low];
}

/* List the days of the new entries, each once, in order. */
static void
list_days(struct commit *commit)
{
	const struct ledger_batch *batch = commit->batch;
	struct buf days = BUF_INIT;
	int32_t *list;
	size_t count, kept = 0;

	for (size_t i = 0; i < batch->count; i++) {
		const struct ledger_entry *entry = &batch->entries[i];

		if (!entry->is_known && (i == 0 || entry[-1].is_known ||
					    entry[-1].day != entry->day))
			buf_add(&days, &entry->day, sizeof(entry->day));
	}
	list = (int32_t *)(void *)days.text;
	count = days.len / sizeof(*list);
	if (count > 1)
		qsort(list, count, sizeof(*list), compare_days);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || list[kept - 1] != list[i])
			list[kept++] = list[i];
	commit->day_count = kept;
	commit->days =
	    arena_array(commit->arena, kept + 1, sizeof(*commit->days));
	for (size_t i = 0; i < kept; i++)
		commit->days[i].day = list[i];
	buf_release(&days);
}

/* Put the new entries in order: by day, and within a day as they came. */
static void
sort_entries(struct commit *commit)
{
	const struct ledger_batch *batch = commit->batch;
	size_t at = 0;
	struct day *day;

	for (size_t i = 0; i < batch->count; i++)
		if (!batch->entries[i].is_known)
			find_day(commit, batch->entries[i].day)->count++;
	for (size_t i = 0; i < commit->day_count; i++) {
		commit->days[i].first = at;
		at += commit->days[i].count;
		commit->days[i].count = 0;
	}
	commit->count = at;
	buf_fill(&commit->order, '\0', at * sizeof(uint32_t));
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->entries[i].is_known)
			continue;
		day = find_day(commit, batch->entries[i].day);
		order_of(commit)[day->first + day->count++] = (uint32_t)i;
	}
}

/* Look at the end of each file that is to grow. */
static int
prepare_files(struct commit *commit, struct error *err)
{
	struct when when;

	for (size_t i = 0; i < commit->day_count; i++) {
		struct day *day = &commit->days[i];

		when.micros = day->day * DAY;
		ledger_files_name(day->name, when);
		if (ledger_tail_prepare(&day->tail, commit->batch->workspace,
			&commit->events, when, err) < 0)
			return -1;
	}
	return 0;
}

/* What stands before a day's new rows. */
static void
write_start(struct buf *out, const struct day *day)
{
	if (!day->tail.is_there)
		ledger_row_write_header(out);
	else if (day->tail.lacks_newline)
		buf_putc(out, '\n');
}

/* Append an entry's row, in the layout of the day's file. */
static int
write_row(struct buf *out, struct commit *commit, const struct day *day,
    size_t index, struct error *err)
{
	struct ledger_row_reader reader;
	struct buf row = BUF_INIT;
	struct usage usage;
	int result;

	if (day->tail.layout.is_own)
		return ledger_batch_row(out, commit->batch, index, err);
	ledger_row_start(&reader);
	result = ledger_batch_row(&row, commit->batch, index, err);
	if (result == 0)
		result = ledger_row_read(&usage, &reader,
		    (struct text){ row.text, row.len - 1 }, err);
	if (result == 0)
		ledger_row_write(out, &usage, &day->tail.layout);
	ledger_row_release(&reader);
	buf_release(&row);
	return result;
}

/* How many bytes a day's file is to grow by. */
static int
measure(int64_t *out, struct commit *commit, const struct day *day,
    struct error *err)
{
	struct buf text = BUF_INIT;
	int result = 0;

	write_start(&text, day);
	*out = (int64_t)text.len;
	for (size_t i = 0; result == 0 && i < day->count; i++) {
		uint32_t index = order_of(commit)[day->first + i];

		buf_reset(&text);
		if (day->tail.layout.is_own) {
			*out += commit->batch->entries[index].len;
			continue;
		}
		result = write_row(&text, commit, day, index, err);
		*out += (int64_t)text.len;
	}
	buf_release(&text);
	return result;
}

static int
flush(struct buf *text, int fd, struct error *err)
{
	if (file_write_all(fd, (struct text){ text->text, text->len }) < 0)
		return error_errno(err, ERROR_IO, ".pending: cannot write");
	buf_reset(text);
	return 0;
}

/* Write the bytes that a day's file is to grow by. */
static int
write_part(void *data, size_t part, int fd, struct error *err)
{
	struct commit *commit = data;
	const struct day *day = &commit->days[part];
	struct buf text = BUF_INIT;
	int result = 0;

	if (part == commit->day_count)
		return flush(&commit->document, fd, err);
	write_start(&text, day);
	for (size_t i = 0; result == 0 && i < day->count; i++) {
		result = write_row(&text, commit, day,
		    order_of(commit)[day->first + i], err);
		if (result == 0 && text.len >= CHUNK)
			result = flush(&text, fd, err);
	}
	if (result == 0)
		result = flush(&text, fd, err);
	buf_release(&text);
	return result;
}

/* Several rows, or files: a write of them could be cut in the middle. */
static int
store_many(struct commit *commit, struct error *err)
{
	struct workspace *workspace = commit->batch->workspace;
	size_t count = commit->day_count + commit->has_document;
	struct pending_part *parts;
	struct error reason;

	parts = arena_array(commit->arena, count, sizeof(*parts));
	if (commit->has_document)
		parts[commit->day_count] =
		    (struct pending_part){ .name = commit->beside->name,
			    .replaces = true,
			    .length = (int64_t)commit->document.len };
	for (size_t i = 0; i < commit->day_count; i++) {
		parts[i].name = arena_printf(commit->arena,
		    LEDGER_FILES_FOLDER "/%s", commit->days[i].name);
		parts[i].old_size = commit->days[i].tail.size;
		if (measure(&parts[i].length, commit, &commit->days[i], err) <
		    0)
			return -1;
	}
	if (pending_commit(workspace, parts, count, write_part, commit, err) <
	    0)
		return -1;
	/* It is recorded: what fails now the next writer will do. */
	if (pending_finish(workspace, &reason) < 0)
		workspace_note(workspace,
		    "the records are stored in .pending, but: %s", reason.text);
	return 0;
}

static int
append(struct commit *commit, const struct day *day, struct text text,
    struct error *err)
{
	struct file file = FILE_NONE;
	bool found;
	int result;

	if (file_open_append(&file, &commit->events, day->name, &found, err) <
	    0)
		return -1;
	if (!found)
		return dir_refuse(err, "went away", &commit->events, day->name);
	result = file_append(&file, text, err);
	file_close(&file);
	return result;
}

/* Make the day's file; what cannot be made durable is not left there. */
static int
create(struct commit *commit, const struct day *day, struct text text,
    struct error *err)
{
	if (file_replace(&commit->events, day->name, text, err) == 0)
		return 0;
	unlinkat(commit->events.fd, day->name, 0);
	return -1;
}

/* One row: its write is the commit, and shows by its end that it is whole. */
static int
store_one(struct commit *commit, struct error *err)
{
	const struct day *day = &commit->days[0];
	struct buf row = BUF_INIT;
	struct text text;
	int result;

	write_start(&row, day);
	result = write_row(&row, commit, day, order_of(commit)[0], err);
	text = (struct text){ row.text, row.len };
	if (result == 0 && day->tail.is_there)
		result = append(commit, day, text, err);
	else if (result == 0)
		result = create(commit, day, text, err);
	buf_release(&row);
	return result;
}

static bool
has_given(const struct ledger_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		if (batch->entries[i].is_given)
			return true;
	return false;
}

/* Find out what is known, by a look at the files as they now stand. */
static int
mark_known(struct commit *commit, struct error *err)
{
	struct ledger_files files;
	int result;

	if (!has_given(commit->batch))
		return 0;
	if (ledger_files_open(&files, commit->batch->workspace, err) < 0)
		return -1;
	result = ledger_known_mark(commit->batch, &files, err);
	ledger_files_close(&files);
	return result;
}

/* Make what stands beside the batch, where it is anything new. */
static int
make_document(struct commit *commit, struct when now, struct error *err)
{
	const struct ledger_beside *beside = commit->beside;

	if (!beside)
		return 0;
	return beside->make(&commit->document, &commit->has_document,
	    beside->data, commit->batch, now, err);
}

/* All records are known. */
static int
store_document(struct commit *commit, struct error *err)
{
	const struct text text = { commit->document.text,
		commit->document.len };

	if (!commit->has_document)
		return 0;
	return file_replace(&commit->batch->workspace->dir,
	    commit->beside->name, text, err);
}

static int
store(struct commit *commit, struct when now, struct error *err)
{
	struct workspace *workspace = commit->batch->workspace;

	if (pending_finish(workspace, err) < 0 || mark_known(commit, err) < 0)
		return -1;
	list_days(commit);
	sort_entries(commit);
	if (make_document(commit, now, err) < 0)
		return -1;
	if (commit->count == 0)
		return store_document(commit, err);
	if (folder_open(&commit->events, workspace, LEDGER_FILES_FOLDER, true,
		err) < 0 ||
	    prepare_files(commit, err) < 0)
		return -1;
	return commit->count == 1 && !commit->has_document
		   ? store_one(commit, err)
		   : store_many(commit, err);
}

/* What a long-lived pipe records line by line must not add up. */
int
ledger_commit_beside(struct ledger_batch *batch,
    const struct ledger_beside *beside, struct error *err)
{
	struct workspace *workspace = batch->workspace;
	struct arena *arena = workspace->arena, scratch = ARENA_INIT;
	struct commit commit = { .batch = batch,
		.arena = &scratch,
		.events = DIR_NONE,
		.order = BUF_INIT,
		.beside = beside,
		.document = BUF_INIT };
	struct when now;
	int result;

	if (batch->count == 0)
		return 0;
	result = workspace_lock(workspace, &now, err);
	if (result == 0) {
		workspace->arena = &scratch;
		result = store(&commit, now, err);
		workspace->arena = arena;
	}
	workspace_unlock(workspace);
	dir_close(&commit.events);
	buf_release(&commit.order);
	buf_release(&commit.document);
	arena_release(&scratch);
	return result;
}

int
ledger_commit(struct ledger_batch *batch, struct error *err)
{
	return ledger_commit_beside(batch, NULL, err);
}
