#include "lib/store/position.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/file.h"

#define WINDOW ((int64_t)64 * 1024)

void
position_take(struct position *out, const struct file *file, int64_t size)
{
	*out = (struct position){ .is_there = file->fd >= 0,
		.inode = file->inode,
		.modified_ns = file->modified_ns,
		.real_size = file->size,
		.size = size };
}

static uint64_t
mix(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	return sum ^ sum >> 32;
}

/* Eight bytes at a time: it is to tell an edit, not a forgery. */
uint64_t
position_sum(const char *data, size_t len)
{
	uint64_t sum = len, word = 0;

	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, data, sizeof(word));
		sum = mix(sum, word);
		data += sizeof(word);
	}
	word = 0;
	memcpy(&word, data, len);
	return mix(sum, word);
}

/* The checksum of what stands before an offset. */
static int
sum_before(uint64_t *out, int64_t offset, position_reader *reader, void *data,
    struct error *err)
{
	int64_t from = offset > WINDOW ? offset - WINDOW : 0;
	struct buf window = BUF_INIT;
	int result;

	result = reader(data, &window, from, (size_t)(offset - from), err);
	*out = position_sum(window.text, window.len);
	buf_release(&window);
	return result;
}

int
position_set(struct position *position, int64_t offset, position_reader *reader,
    void *data, struct error *err)
{
	position->offset = offset;
	return sum_before(&position->sum, offset, reader, data, err);
}

/*
 * Whether a file of the same size may have been edited further up than what
 * the checksum tells of.  What was pending may have been carried out: then
 * its time is another and it holds the same.
 */
static bool
may_be_edited(const struct position *position, const struct position *now)
{
	return position->offset > WINDOW && now->size == position->size &&
	       now->real_size == position->real_size &&
	       now->modified_ns != position->modified_ns;
}

int
position_compare(enum position_news *out, const struct position *position,
    const struct position *now, position_reader *reader, void *data,
    struct error *err)
{
	uint64_t sum;

	*out = POSITION_CHANGED;
	if ((position->is_there && now->is_there &&
		now->inode != position->inode) ||
	    now->size < position->offset || may_be_edited(position, now))
		return 0;
	if (sum_before(&sum, position->offset, reader, data, err) < 0)
		return -1;
	if (sum == position->sum)
		*out = now->size > position->offset ? POSITION_GREW
						    : POSITION_SAME;
	return 0;
}
