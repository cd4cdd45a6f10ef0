#include "lib/store/ledger_ids_file.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/error.h"
#include "lib/store/ledger_files.h"
#include "lib/store/ledger_ids.h"

#define MAGIC UINT64_C(0x32736469726D74) /* "tmrids2" */

enum {
	FIRST_READ = 4096, /* holds the heads of most files */
	BLOCK = LEDGER_IDS_FILE_BLOCK,
};

void
ledger_ids_file_name(char name[LEDGER_IDS_FILE_NAME],
    const struct ledger_file *file)
{
	snprintf(name, LEDGER_IDS_FILE_NAME, "ids-%.10s", file->name);
}

static uint64_t
sum_of(struct ledger_ids_file_head head,
    const struct ledger_ids_file_block *blocks, size_t count)
{
	head.sum = 0;
	return cache_sum(cache_sum(CACHE_SUM, &head, sizeof(head)), blocks,
	    count * sizeof(*blocks));
}

static size_t
blocks_of(uint64_t count)
{
	return (size_t)((count + BLOCK - 1) / BLOCK);
}

static int64_t
size_of(const struct ledger_ids_file_head *head)
{
	return (int64_t)(sizeof(*head) +
			 blocks_of(head->count) *
			     sizeof(struct ledger_ids_file_block) +
			 head->count * sizeof(struct ledger_id));
}

/* Read the heads of the blocks into data, from where the first read ended. */
static bool
read_blocks(struct ledger_ids_file *out)
{
	size_t len = out->count * sizeof(*out->blocks);
	size_t end = sizeof(out->head) + len;
	struct error ignored;

	if (out->data.len < end &&
	    file_read_at(&out->data, &out->file, (int64_t)out->data.len,
		end - out->data.len, &ignored) < 0)
		return false;
	if (out->data.len < end)
		return false;
	out->blocks = (const void *)(out->data.text +
				     sizeof(struct ledger_ids_file_head));
	return out->head.sum == sum_of(out->head, out->blocks, out->count);
}

static bool
read_head(struct ledger_ids_file *out, const struct cache_state *state)
{
	struct ledger_ids_file_head *head = &out->head;
	struct error ignored;

	if (file_read_at(&out->data, &out->file, 0, FIRST_READ, &ignored) < 0 ||
	    out->data.len < sizeof(*head))
		return false;
	memcpy(head, out->data.text, sizeof(*head));
	if (head->magic != MAGIC || !cache_state_equal(&head->state, state) ||
	    head->count > (uint64_t)out->file.size / sizeof(struct ledger_id) ||
	    size_of(head) != out->file.size)
		return false;
	out->count = blocks_of(head->count);
	return read_blocks(out);
}

bool
ledger_ids_file_open(struct ledger_ids_file *out, const struct dir *cache,
    const struct ledger_file *file)
{
	struct error ignored;
	bool found;

	*out = (struct ledger_ids_file){ .file = FILE_NONE, .data = BUF_INIT };
	ledger_ids_file_name(out->name, file);
	if (cache->fd < 0 ||
	    file_open(&out->file, cache, out->name, &found, &ignored) < 0 ||
	    !found)
		return false;
	if (read_head(out, &file->state))
		return true;
	ledger_ids_file_close(out);
	return false;
}

void
ledger_ids_file_close(struct ledger_ids_file *file)
{
	file_close(&file->file);
	buf_release(&file->data);
}

/* How many ids the first so many blocks hold. */
static size_t
ids_before(const struct ledger_ids_file *file, size_t block)
{
	return block < file->count ? block * BLOCK : (size_t)file->head.count;
}

/* Read the blocks from first up to end. */
static bool
read_range(struct ledger_ids *out, const struct ledger_ids_file *file,
    size_t first, size_t end)
{
	const size_t size = sizeof(struct ledger_id);
	size_t from = ids_before(file, first), to = ids_before(file, end), at;
	struct error ignored;

	buf_reset(&out->data);
	out->count = to - from;
	if (file_read_at(&out->data, &file->file,
		file->file.size - (int64_t)((file->head.count - from) * size),
		out->count * size, &ignored) < 0 ||
	    out->data.len != out->count * size)
		return false;
	out->list = (const void *)out->data.text;
	for (size_t i = first; i < end; i++) {
		at = ids_before(file, i) - from;
		if (cache_sum(CACHE_SUM, out->list + at,
			(ids_before(file, i + 1) - from - at) * size) !=
		    file->blocks[i].sum)
			return false;
	}
	return true;
}

bool
ledger_ids_file_read(struct ledger_ids *out, const struct ledger_ids_file *file)
{
	return read_range(out, file, 0, file->count);
}

/* The block before the first that begins with the hash may end with it. */
bool
ledger_ids_file_seek(struct ledger_ids *out, const struct ledger_ids_file *file,
    uint64_t hash)
{
	size_t low = 0, high = file->count, middle, end;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (file->blocks[middle].first < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < file->count && file->blocks[end].first == hash;)
		end++;
	return read_range(out, file, low > 0 ? low - 1 : 0, end);
}

void
ledger_ids_file_write(struct buf *out, const struct ledger_id *ids,
    size_t count, const struct cache_state *state)
{
	struct ledger_ids_file_head head = { MAGIC, *state, count, 0 };
	const size_t start = out->len, blocks = blocks_of(count);
	struct ledger_ids_file_block *block;
	size_t from, len;

	buf_fill(out, '\0', sizeof(head) + blocks * sizeof(*block));
	block = (void *)(out->text + start + sizeof(head));
	for (size_t i = 0; i < blocks; i++) {
		from = i * BLOCK;
		len = count - from < BLOCK ? count - from : BLOCK;
		block[i].first = ids[from].hash;
		block[i].sum =
		    cache_sum(CACHE_SUM, ids + from, len * sizeof(*ids));
	}
	head.sum = sum_of(head, block, blocks);
	memcpy(out->text + start, &head, sizeof(head));
	buf_add(out, ids, count * sizeof(*ids));
}
