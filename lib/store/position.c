#include "lib/store/position.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/file.h"

#define WHOLE ((int64_t)1024 * 1024)
#define WINDOW ((int64_t)64 * 1024)
#define WORD ((int64_t)sizeof(uint64_t))

void
position_take(struct position *position, const struct file *file, int64_t size)
{
	position->is_there = file->fd >= 0;
	position->inode = file->inode;
	position->modified_ns = file->modified_ns;
	position->real_size = file->size;
	position->size = size;
}

/* A word at its place; it is to tell an edit, not a forgery. */
static uint64_t
mix(uint64_t word, uint64_t place)
{
	word ^= place * UINT64_C(0x9E3779B97F4A7C15);
	word *= UINT64_C(0xD6E8FEB86659FD93);
	word ^= word >> 32;
	return word * UINT64_C(0xD6E8FEB86659FD93);
}

/*
 * Add the words of some bytes to the sum, the first of which stands at that
 * place, and take what is behind the last whole one.  No word waits for
 * another, so this runs at the speed of memory; and sums go on.
 */
static void
add_words(uint64_t *sum, uint64_t *rest, const char *data, size_t len,
    uint64_t place)
{
	uint64_t total = 0, word;

	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, data, sizeof(word));
		total += mix(word, place++);
		data += sizeof(word);
	}
	*sum += total;
	*rest = 0;
	memcpy(rest, data, len);
}

uint64_t
position_sum(const char *data, size_t len)
{
	uint64_t sum = 0, rest;

	add_words(&sum, &rest, data, len, 1);
	return sum + mix(rest, 0) + mix(len, UINT64_MAX);
}

/* Add what stands from a place, where a word begins, up to an end. */
static int
add_range(struct position *out, int64_t from, int64_t end,
    position_reader *reader, void *data, struct error *err)
{
	struct buf bytes = BUF_INIT;
	int result;

	result = reader(data, &bytes, from, (size_t)(end - from), err);
	add_words(&out->sum, &out->rest, bytes.text, bytes.len,
	    (uint64_t)(from / WORD));
	buf_release(&bytes);
	return result;
}

/* Sum up what is remembered of a file that was read up to an offset. */
static int
sum_up(struct position *out, int64_t offset, position_reader *reader,
    void *data, struct error *err)
{
	int64_t from = offset > WHOLE ? (offset - WINDOW) / WORD * WORD : 0;

	out->sum = 0;
	return add_range(out, from, offset, reader, data, err);
}

int
position_move(struct position *position, int64_t offset,
    position_reader *reader, void *data, struct error *err)
{
	int64_t before = position->offset;

	position->offset = offset;
	if (offset > WHOLE)
		return sum_up(position, offset, reader, data, err);
	return add_range(position, before / WORD * WORD, offset, reader, data,
	    err);
}

/*
 * Whether a file of the same size may have been edited further up than what
 * the checksum tells of.  What was pending may have been carried out: then
 * its time is another and it holds the same.
 */
static bool
may_be_edited(const struct position *position, const struct position *now)
{
	return position->offset > WHOLE && now->size == position->size &&
	       now->real_size == position->real_size &&
	       now->modified_ns != position->modified_ns;
}

int
position_compare(enum position_news *out, const struct position *position,
    const struct position *now, position_reader *reader, void *data,
    struct error *err)
{
	struct position seen;

	*out = POSITION_CHANGED;
	if ((position->is_there && now->is_there &&
		now->inode != position->inode) ||
	    now->size < position->offset || may_be_edited(position, now))
		return 0;
	if (sum_up(&seen, position->offset, reader, data, err) < 0)
		return -1;
	if (seen.sum == position->sum && seen.rest == position->rest)
		*out = now->size > position->offset ? POSITION_GREW
						    : POSITION_SAME;
	return 0;
}
