#include "lib/store/pages_part.h"

#include <string.h>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/core/query_measures.h"
#include "lib/core/usage.h"
#include "lib/store/cache.h"
#include "lib/store/rollup_file.h"

enum {
	RECORD_TEXTS = USAGE_DIMENSION_COUNT + 4,
};

/* What of a record is no text, as it is kept. */
struct figures {
	int64_t at, attempt, calls;
	int64_t input, output, cache_read, cache_write, cache_write_1h;
	int64_t reasoning;
	int64_t is_estimated, has_amount, cost_status;
	struct money amount, cost, estimated;
};

/* Append exactly length bytes from an offset. */
static bool
read_exactly(struct buf *out, const struct pages_part *part, uint64_t at,
    uint64_t length)
{
	struct file file = FILE_NONE;
	struct error ignored;
	size_t before = out->len;
	bool found;

	if (!part->dir) {
		if (at > part->memory.len || length > part->memory.len - at)
			return false;
		buf_add(out, part->memory.text + at, length);
		return true;
	}
	if (file_open(&file, part->dir, part->name, &found, &ignored) < 0 ||
	    !found)
		return false;
	if (at <= (uint64_t)file.size && length <= (uint64_t)file.size - at &&
	    file_read_at(out, &file, (int64_t)at, length, &ignored) < 0)
		buf_truncate(out, before);
	file_close(&file);
	return out->len - before == length;
}

/* Read the head, and all that its checksum covers. */
static bool
read_frame(struct pages_part *part)
{
	struct pages_part_head *head = &part->head;
	uint64_t sum, length;

	buf_reset(&part->data);
	if (!read_exactly(&part->data, part, 0, sizeof(*head)))
		return false;
	memcpy(head, part->data.text, sizeof(*head));
	if (head->magic != PAGES_PART_MAGIC ||
	    head->days_length > SIZE_MAX / 4 ||
	    head->block_count > SIZE_MAX / 4 / sizeof(struct pages_part_block))
		return false;
	length = head->days_length +
		 head->block_count * sizeof(struct pages_part_block);
	buf_reset(&part->rest);
	if (!read_exactly(&part->rest, part, head->days_at, length))
		return false;
	sum = cache_sum(CACHE_SUM, head, offsetof(struct pages_part_head, sum));
	return cache_sum(sum, part->rest.text, part->rest.len) == head->sum;
}

bool
pages_part_open(struct pages_part *part, const struct dir *dir,
    const char *name, uint64_t id)
{
	*part = (struct pages_part)PAGES_PART_NONE;
	part->name = name;
	part->dir = dir;
	if (dir->fd >= 0 && read_frame(part) && part->head.sum == id)
		return true;
	pages_part_close(part);
	return false;
}

void
pages_part_take(struct pages_part *part, struct buf *memory)
{
	*part = (struct pages_part)PAGES_PART_NONE;
	part->memory = *memory;
	*memory = (struct buf)BUF_INIT;
	read_frame(part);
}

void
pages_part_close(struct pages_part *part)
{
	buf_release(&part->memory);
	buf_release(&part->rest);
	buf_release(&part->data);
	*part = (struct pages_part)PAGES_PART_NONE;
}

static struct pages_part_block
block_at(const struct pages_part *part, size_t place)
{
	struct pages_part_block block;

	memcpy(&block,
	    part->rest.text + part->head.days_length + place * sizeof(block),
	    sizeof(block));
	return block;
}

/* Read a block, unless it is the one that was read last. */
static bool
read_block(struct pages_part *part, size_t place)
{
	const struct pages_part_block block = block_at(part, place);

	part->next = 0;
	if (part->block == place + 1)
		return true;
	part->block = 0;
	buf_reset(&part->data);
	if (!read_exactly(&part->data, part, block.at, block.length) ||
	    cache_sum(CACHE_SUM, part->data.text, part->data.len) != block.sum)
		return false;
	part->block = place + 1;
	return true;
}

/* Read the entry that begins at next. */
static bool
read_entry(struct pages_part *part)
{
	struct pages_entry *entry = &part->entry;
	struct text rest = { part->data.text + part->next,
		part->data.len - part->next };
	struct pages_part_start start;

	if (rest.len < sizeof(start))
		return false;
	memcpy(&start, rest.data, sizeof(start));
	if (start.length < sizeof(start) || start.length > rest.len)
		return false;
	rest.len = start.length;
	entry->whole = rest;
	entry->key.hash = start.hash;
	entry->rows = start.rows;
	entry->records = start.records;
	rest.data += sizeof(start);
	rest.len -= sizeof(start);
	if (!pages_part_take_texts(entry->key.text, PAGES_KEY_TEXTS, &rest))
		return false;
	entry->body = rest;
	part->next += start.length;
	part->has_entry = true;
	return true;
}

/* Go to the first entry of a block, or to the end behind the last one. */
static bool
enter_block(struct pages_part *part, size_t place)
{
	part->has_entry = false;
	if (place >= part->head.block_count)
		return true;
	return read_block(part, place) && read_entry(part);
}

bool
pages_part_first(struct pages_part *part)
{
	return enter_block(part, 0);
}

bool
pages_part_next(struct pages_part *part)
{
	if (!part->has_entry)
		return true;
	/* Less than the start of an entry is what fills a block up. */
	if (part->data.len - part->next < sizeof(struct pages_part_start))
		return enter_block(part, part->block);
	return read_entry(part);
}

bool
pages_part_seek(struct pages_part *part, const struct pages_key *key)
{
	size_t low = 0, high = part->head.block_count, middle;

	/* The last block whose first hash is not larger. */
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (block_at(part, middle).hash <= key->hash)
			low = middle;
		else
			high = middle;
	}
	if (!enter_block(part, low))
		return false;
	while (part->has_entry && pages_key_compare(&part->entry.key, key) < 0)
		if (!pages_part_next(part))
			return false;
	return true;
}

void
pages_part_put_texts(struct buf *out, const struct text *texts, size_t count)
{
	const struct query_measures none = { 0 };

	rollup_file_put(out, texts, count, &none);
}

bool
pages_part_take_texts(struct text *texts, size_t count, struct text *rest)
{
	struct arena arena = ARENA_INIT;
	struct query_measures none;
	bool taken;

	taken = rollup_file_take(texts, count, &none, &arena, rest);
	arena_release(&arena);
	return taken;
}

void
pages_part_put_record(struct buf *out, const struct usage *usage)
{
	struct text texts[RECORD_TEXTS];
	struct figures figures;

	memset(&figures, 0, sizeof(figures));
	memcpy(texts, usage->dimension, sizeof(usage->dimension));
	texts[USAGE_DIMENSION_COUNT] = usage->id;
	texts[USAGE_DIMENSION_COUNT + 1] = usage->unit;
	texts[USAGE_DIMENSION_COUNT + 2] = usage->source;
	texts[USAGE_DIMENSION_COUNT + 3] = usage->metadata;
	figures.at = usage->at.micros;
	figures.attempt = usage->attempt;
	figures.calls = usage->calls;
	figures.input = usage->input_tokens;
	figures.output = usage->output_tokens;
	figures.cache_read = usage->cache_read_tokens;
	figures.cache_write = usage->cache_write_tokens;
	figures.cache_write_1h = usage->cache_write_1h_tokens;
	figures.reasoning = usage->reasoning_tokens;
	figures.is_estimated = usage->is_estimated;
	figures.has_amount = usage->has_amount;
	figures.cost_status = usage->cost_status;
	figures.amount = usage->amount;
	figures.cost = usage->cost_usd;
	figures.estimated = usage->estimated_usd;
	buf_add(out, &figures, sizeof(figures));
	pages_part_put_texts(out, texts, RECORD_TEXTS);
}

bool
pages_part_take_record(struct usage *usage, struct text *rest)
{
	struct text texts[RECORD_TEXTS];
	struct figures figures;

	if (rest->len < sizeof(figures))
		return false;
	memcpy(&figures, rest->data, sizeof(figures));
	rest->data += sizeof(figures);
	rest->len -= sizeof(figures);
	if (!pages_part_take_texts(texts, RECORD_TEXTS, rest) ||
	    figures.cost_status < 0 || figures.cost_status > USAGE_COST_FREE)
		return false;
	*usage = (struct usage){ .id = texts[USAGE_DIMENSION_COUNT],
		.unit = texts[USAGE_DIMENSION_COUNT + 1],
		.source = texts[USAGE_DIMENSION_COUNT + 2],
		.metadata = texts[USAGE_DIMENSION_COUNT + 3],
		.at = { .micros = figures.at },
		.attempt = figures.attempt,
		.calls = figures.calls,
		.input_tokens = figures.input,
		.output_tokens = figures.output,
		.cache_read_tokens = figures.cache_read,
		.cache_write_tokens = figures.cache_write,
		.cache_write_1h_tokens = figures.cache_write_1h,
		.reasoning_tokens = figures.reasoning,
		.is_estimated = figures.is_estimated != 0,
		.has_amount = figures.has_amount != 0,
		.cost_status = (enum usage_cost_status)figures.cost_status,
		.amount = figures.amount,
		.cost_usd = figures.cost,
		.estimated_usd = figures.estimated };
	memcpy(usage->dimension, texts, sizeof(usage->dimension));
	return true;
}
