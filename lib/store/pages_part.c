#include "lib/store/pages_part.h"

#include <string.h>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/store/cache.h"
#include "lib/store/pages_bytes.h"

const enum usage_dimension pages_part_by[PAGES_PART_BY] = {
	USAGE_MODEL,
	USAGE_AGENT,
	USAGE_RESOURCE,
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

static bool
take_key(struct pages_key *key, struct text *rest)
{
	uint64_t dimension;
	struct text texts[2];

	if (!pages_bytes_take_up_to(&dimension, PAGES_KEY_DIMENSIONS - 1,
		rest) ||
	    !pages_bytes_take_texts(texts, 2, rest) || !texts[1].data)
		return false;
	key->dimension = dimension;
	key->type = texts[0];
	key->id = texts[1];
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
	entry->records = start.records;
	rest.data += sizeof(start);
	rest.len -= sizeof(start);
	if (!take_key(&entry->key, &rest))
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
pages_part_put_key(struct buf *out, const struct pages_key *key)
{
	const struct text texts[] = { key->type, key->id };

	pages_bytes_put(out, key->dimension);
	pages_bytes_put_texts(out, texts, 2);
}

static void
put_amounts(struct buf *out, const struct query_amount *amounts)
{
	const struct query_amount *amount;
	uint64_t count = 0;

	for (amount = amounts; amount; amount = amount->next)
		count++;
	pages_bytes_put(out, count);
	for (amount = amounts; amount; amount = amount->next) {
		pages_bytes_put_texts(out, &amount->unit, 1);
		pages_bytes_put_money(out, amount->sum);
	}
}

static bool
take_amounts(struct query_amount **end, struct arena *arena, struct text *rest)
{
	uint64_t count;

	if (!pages_bytes_take_up_to(&count, rest->len, rest))
		return false;
	for (*end = NULL; count > 0; count--) {
		*end = arena_alloc(arena, sizeof(**end));
		if (!pages_bytes_take_texts(&(*end)->unit, 1, rest) ||
		    !pages_bytes_take_money(&(*end)->sum, rest))
			return false;
		end = &(*end)->next;
	}
	return true;
}

void
pages_part_put_row(struct buf *out, enum usage_dimension by,
    const struct pages_row *row)
{
	pages_bytes_put_texts(out, &row->name, 1);
	pages_bytes_put(out, (uint64_t)row->total_tokens);
	if (by != USAGE_RESOURCE)
		return;
	pages_bytes_put(out, (uint64_t)row->records);
	pages_bytes_put(out, (uint64_t)row->calls);
	pages_bytes_put(out, (uint64_t)row->prompt_tokens);
	pages_bytes_put(out, (uint64_t)row->output_tokens);
	pages_bytes_put_money(out, row->cost);
	put_amounts(out, row->amounts);
}

/* A number that is kept in a count. */
static bool
take_number(int64_t *out, struct text *rest)
{
	uint64_t count;

	if (!pages_bytes_take_up_to(&count, INT64_MAX, rest))
		return false;
	*out = (int64_t)count;
	return true;
}

bool
pages_part_take_row(struct pages_row *row, enum usage_dimension by,
    struct arena *arena, struct text *rest)
{
	*row = (struct pages_row){ .name = TEXT_NULL };
	if (!pages_bytes_take_texts(&row->name, 1, rest) ||
	    !take_number(&row->total_tokens, rest))
		return false;
	if (by != USAGE_RESOURCE)
		return row->name.data != NULL;
	return take_number(&row->records, rest) &&
	       take_number(&row->calls, rest) &&
	       take_number(&row->prompt_tokens, rest) &&
	       take_number(&row->output_tokens, rest) &&
	       pages_bytes_take_money(&row->cost, rest) &&
	       take_amounts(&row->amounts, arena, rest);
}

/* A time before 1970 takes more bytes than it should, and comes back. */
void
pages_part_put_record(struct buf *out, const struct usage *usage)
{
	const int64_t numbers[] = { usage->at.micros, usage->attempt,
		usage->calls, usage->input_tokens, usage->output_tokens,
		usage->cache_read_tokens, usage->cache_write_tokens,
		usage->cache_write_1h_tokens, usage->reasoning_tokens,
		usage->is_estimated, usage->has_amount, usage->cost_status };
	const struct text texts[] = { usage->id, usage->unit, usage->source,
		usage->metadata };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		pages_bytes_put(out, (uint64_t)numbers[i]);
	pages_bytes_put_money(out, usage->amount);
	pages_bytes_put_money(out, usage->cost_usd);
	pages_bytes_put_texts(out, texts, sizeof(texts) / sizeof(texts[0]));
	pages_bytes_put_texts(out, usage->dimension, USAGE_DIMENSION_COUNT);
}

bool
pages_part_take_record(struct usage *usage, struct text *rest)
{
	int64_t *const numbers[] = { &usage->attempt, &usage->calls,
		&usage->input_tokens, &usage->output_tokens,
		&usage->cache_read_tokens, &usage->cache_write_tokens,
		&usage->cache_write_1h_tokens, &usage->reasoning_tokens };
	uint64_t at, is_estimated, has_amount, status;
	struct text texts[4];

	*usage = (struct usage){ .id = TEXT_NULL };
	if (!pages_bytes_take(&at, rest))
		return false;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!take_number(numbers[i], rest))
			return false;
	if (!pages_bytes_take_up_to(&is_estimated, 1, rest) ||
	    !pages_bytes_take_up_to(&has_amount, 1, rest) ||
	    !pages_bytes_take_up_to(&status, USAGE_COST_FREE, rest) ||
	    !pages_bytes_take_money(&usage->amount, rest) ||
	    !pages_bytes_take_money(&usage->cost_usd, rest) ||
	    !pages_bytes_take_texts(texts, 4, rest) ||
	    !pages_bytes_take_texts(usage->dimension, USAGE_DIMENSION_COUNT,
		rest))
		return false;
	usage->at.micros = (int64_t)at;
	usage->is_estimated = is_estimated != 0;
	usage->has_amount = has_amount != 0;
	usage->cost_status = (enum usage_cost_status)status;
	usage->id = texts[0];
	usage->unit = texts[1];
	usage->source = texts[2];
	usage->metadata = texts[3];
	return true;
}
