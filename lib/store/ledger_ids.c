#include "lib/store/ledger_ids.h"

#include <stdbool.h>
#include <stdlib.h>

#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/core/usage.h"
#include "lib/store/ledger_files.h"
#include "lib/store/ledger_ids_file.h"
#include "lib/store/ledger_lines.h"
#include "lib/store/ledger_row.h"

#define SEED UINT64_C(14695981039346656037)
#define PRIME UINT64_C(1099511628211)

/* FNV-1a, by bytes: the same everywhere. */
uint64_t
ledger_ids_hash(struct text id)
{
	uint64_t hash = SEED;

	for (size_t i = 0; i < id.len; i++)
		hash = (hash ^ (unsigned char)id.data[i]) * PRIME;
	return hash ^ hash >> 32;
}

void
ledger_ids_release(struct ledger_ids *ids)
{
	buf_release(&ids->data);
	ids->list = NULL;
	ids->count = 0;
}

size_t
ledger_ids_seek(const struct ledger_ids *ids, uint64_t hash)
{
	size_t low = 0, high = ids->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (ids->list[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
compare_ids(const void *a, const void *b)
{
	const struct ledger_id *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->offset > y->offset) - (x->offset < y->offset);
}

static bool
is_wanted(const struct ledger_ids_few *few, uint64_t hash)
{
	for (size_t i = 0; few && i < few->count; i++)
		if (few->hash[i] == hash)
			return true;
	return !few;
}

/* Add each row's id, or of a few those that there are. */
static int
scan_rows(struct ledger_ids *ids, struct ledger_lines *lines,
    const struct ledger_ids_few *few, struct error *err)
{
	struct ledger_row_reader reader;
	struct ledger_id id;
	struct usage usage;
	struct text line;
	int result;

	ledger_row_start(&reader);
	result = ledger_lines_next(&line, lines, err);
	if (result == 0 && line.data &&
	    ledger_row_read_header(&reader, line, err) < 0)
		result = ledger_lines_fail(lines, err);
	while (result == 0 && line.data) {
		result = ledger_lines_next(&line, lines, err);
		if (result < 0 || !line.data)
			break;
		if (ledger_row_read(&usage, &reader, line, err) < 0) {
			/* A torn end is no record. */
			if (lines->has_end)
				result = ledger_lines_fail(lines, err);
			break;
		}
		id = (struct ledger_id){ ledger_ids_hash(usage.id),
			lines->offset };
		if (is_wanted(few, id.hash))
			buf_add(&ids->data, &id, sizeof(id));
	}
	ledger_row_release(&reader);
	return result;
}

/* Read the ids from the rows. */
static int
make(struct ledger_ids *ids, struct ledger_lines *lines,
    const struct ledger_ids_few *few, struct error *err)
{
	struct ledger_id *list;

	buf_reset(&ids->data);
	if (scan_rows(ids, lines, few, err) < 0)
		return -1;
	list = (struct ledger_id *)(void *)ids->data.text;
	ids->count = ids->data.len / sizeof(struct ledger_id);
	if (ids->count > 1)
		qsort(list, ids->count, sizeof(struct ledger_id), compare_ids);
	ids->list = list;
	return 0;
}

static void
keep(const struct ledger_ids *ids, struct file *out,
    const struct cache_state *state)
{
	struct buf text = BUF_INIT;

	ledger_ids_file_write(&text, ids->list, ids->count, state);
	cache_end(out, (struct text){ text.text, text.len });
	buf_release(&text);
}

/* Make the ids, and keep them, unless the file changes meanwhile. */
static int
make_and_keep(struct ledger_ids *ids, const struct dir *cache,
    const struct ledger_files *files, const struct ledger_file *file,
    struct error *err)
{
	char name[LEDGER_IDS_FILE_NAME];
	struct ledger_lines lines;
	struct cache_state state;
	struct file out = FILE_NONE;
	bool keeps = false;
	int result;

	result = ledger_lines_open(&lines, files, file, err);
	state = ledger_lines_state(&lines);
	ledger_ids_file_name(name, file);
	if (result == 0 && lines.file.fd >= 0 && !file->part)
		keeps = cache_state_equal(&state, &file->state) &&
			cache_begin(&out, cache, name, &state);
	if (result == 0)
		result = make(ids, &lines, NULL, err);
	if (keeps && result == 0 && lines.read == state.size)
		keep(ids, &out, &state);
	file_close(&out);
	ledger_lines_close(&lines);
	return result;
}

int
ledger_ids_scan(struct ledger_ids *ids, const struct ledger_files *files,
    const struct ledger_file *file, const struct ledger_ids_few *few,
    struct error *err)
{
	struct ledger_lines lines;
	int result;

	*ids = (struct ledger_ids)LEDGER_IDS_NONE;
	result = ledger_lines_open(&lines, files, file, err);
	if (result == 0)
		result = make(ids, &lines, few, err);
	ledger_lines_close(&lines);
	if (result < 0)
		ledger_ids_release(ids);
	return result;
}

int
ledger_ids_read(struct ledger_ids *ids, const struct dir *cache,
    const struct ledger_files *files, const struct ledger_file *file,
    struct error *err)
{
	struct ledger_ids_file kept;
	bool found;
	int result;

	*ids = (struct ledger_ids)LEDGER_IDS_NONE;
	found = ledger_ids_file_open(&kept, cache, file);
	if (found) {
		found = ledger_ids_file_read(ids, &kept);
		ledger_ids_file_close(&kept);
	}
	if (found)
		return 0;
	result = make_and_keep(ids, cache, files, file, err);
	if (result < 0)
		ledger_ids_release(ids);
	return result;
}
