#include "lib/store/ledger_ids.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/core/usage.h"
#include "lib/store/ledger_files.h"
#include "lib/store/ledger_lines.h"
#include "lib/store/ledger_row.h"
#include "lib/store/workspace.h"

#define CACHE ".cache"
#define MAGIC UINT64_C(0x31736469726D74) /* "tmrids1" */
#define SEED UINT64_C(14695981039346656037)
#define PRIME UINT64_C(1099511628211)
/* Of a file that was changed shortly before it was read, another change may
 * have left no trace in its times: the clock of file systems is coarse. */
#define COARSE ((int64_t)50 * 1000 * 1000)

enum {
	NAME_SIZE = 40,
};

/* What the cache begins with: the state of the file that was read. */
struct head {
	uint64_t magic;
	uint64_t inode;
	int64_t size;
	int64_t modified_ns;
	int64_t changed_ns;
	uint64_t count;
	uint64_t sum; /* over all that is behind it, and the above */
};

/* FNV-1a, by bytes: the same everywhere. */
uint64_t
ledger_ids_hash(struct text id)
{
	uint64_t hash = SEED;

	for (size_t i = 0; i < id.len; i++)
		hash = (hash ^ (unsigned char)id.data[i]) * PRIME;
	return hash ^ hash >> 32;
}

/* The same by words, which is as good for telling damage. */
static uint64_t
sum_words(uint64_t sum, const void *data, size_t len)
{
	const char *at = data;
	uint64_t word;

	for (size_t i = 0; i + sizeof(word) <= len; i += sizeof(word)) {
		memcpy(&word, at + i, sizeof(word));
		sum = (sum ^ word) * PRIME;
		sum ^= sum >> 29;
	}
	return sum;
}

static uint64_t
sum_all(struct head head, struct text entries)
{
	head.sum = 0;
	return sum_words(sum_words(SEED, &head, sizeof(head)), entries.data,
	    entries.len);
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

static void
cache_name(char name[NAME_SIZE], const struct ledger_file *file)
{
	snprintf(name, NAME_SIZE, CACHE "/ids-%.10s", file->name);
}

static bool
is_of(const struct head *head, const struct file *file)
{
	return head->magic == MAGIC && head->inode == file->inode &&
	       head->size == file->size &&
	       head->modified_ns == file->modified_ns &&
	       head->changed_ns == file->changed_ns;
}

/* Take what the cache holds, if it is of this state of the file and whole. */
static bool
take_cache(struct ledger_ids *ids, const struct file *cache,
    const struct file *file)
{
	struct error ignored;
	struct head head;
	size_t rest;

	if (cache->size < (int64_t)sizeof(head) ||
	    cache->modified_ns - file->changed_ns < COARSE ||
	    file_read_at(&ids->data, cache, 0, (size_t)cache->size, &ignored) <
		0 ||
	    ids->data.len < sizeof(head))
		return false;
	memcpy(&head, ids->data.text, sizeof(head));
	rest = ids->data.len - sizeof(head);
	if (!is_of(&head, file) || rest % sizeof(struct ledger_id) != 0 ||
	    head.count != rest / sizeof(struct ledger_id) ||
	    head.sum !=
		sum_all(head,
		    (struct text){ ids->data.text + sizeof(head), rest }))
		return false;
	ids->count = (size_t)head.count;
	return true;
}

static bool
read_cache(struct ledger_ids *ids, struct workspace *workspace,
    const struct ledger_file *day, const struct file *file)
{
	struct file cache = FILE_NONE;
	struct error ignored;
	char name[NAME_SIZE];
	bool found, result;

	cache_name(name, day);
	if (file_open(&cache, &workspace->dir, name, &found, &ignored) < 0 ||
	    !found)
		return false;
	result = take_cache(ids, &cache, file);
	file_close(&cache);
	return result;
}

static int
compare_ids(const void *a, const void *b)
{
	const struct ledger_id *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->offset > y->offset) - (x->offset < y->offset);
}

/* Add each row's id behind the room for the head. */
static int
scan_rows(struct ledger_ids *ids, struct ledger_lines *lines, struct error *err)
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
		buf_add(&ids->data, &id, sizeof(id));
	}
	ledger_row_release(&reader);
	return result;
}

/* The entries, which stand aligned behind the head. */
static struct ledger_id *
entries(struct ledger_ids *ids)
{
	return (
	    struct ledger_id *)(void *)(ids->data.text + sizeof(struct head));
}

static void
write_cache(struct ledger_ids *ids, struct workspace *workspace,
    const struct ledger_file *day, const struct file *file)
{
	struct head head = { MAGIC, file->inode, file->size, file->modified_ns,
		file->changed_ns, ids->count, 0 };
	char name[NAME_SIZE];

	head.sum = sum_all(head, (struct text){ (const char *)entries(ids),
				     ids->count * sizeof(struct ledger_id) });
	memcpy(ids->data.text, &head, sizeof(head));
	cache_name(name, day);
	if (mkdirat(workspace->dir.fd, CACHE, 0777) == 0 || errno == EEXIST)
		file_write_cache(&workspace->dir, name,
		    (struct text){ ids->data.text, ids->data.len });
}

static int
make(struct ledger_ids *ids, struct ledger_lines *lines, struct error *err)
{
	buf_reset(&ids->data);
	buf_fill(&ids->data, '\0', sizeof(struct head));
	if (scan_rows(ids, lines, err) < 0)
		return -1;
	ids->count =
	    (ids->data.len - sizeof(struct head)) / sizeof(struct ledger_id);
	if (ids->count > 1)
		qsort(entries(ids), ids->count, sizeof(struct ledger_id),
		    compare_ids);
	return 0;
}

int
ledger_ids_read(struct ledger_ids *ids, struct workspace *workspace,
    const struct ledger_files *files, const struct ledger_file *file,
    struct error *err)
{
	struct ledger_lines lines;
	int result = 0;

	*ids = (struct ledger_ids)LEDGER_IDS_NONE;
	if (ledger_lines_open(&lines, files, file, err) < 0)
		result = -1;
	else if (lines.file.fd >= 0 &&
		 !read_cache(ids, workspace, file, &lines.file)) {
		result = make(ids, &lines, err);
		if (result == 0)
			write_cache(ids, workspace, file, &lines.file);
	}
	ids->list = result == 0 && ids->count > 0 ? entries(ids) : NULL;
	ledger_lines_close(&lines);
	if (result < 0)
		ledger_ids_release(ids);
	return result;
}
