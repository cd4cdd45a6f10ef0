#ifndef METER_STORE_POSITION_H
#define METER_STORE_POSITION_H

/*
 * How far a file that grows at its end was read, and whether what was read
 * still stands there.  For the latter the end of it is remembered, the last
 * 64 KiB, as a checksum: a file that was cut, replaced, or edited there is
 * found out, and further up where its time tells.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct error;
struct file;

struct position {
	bool is_there;	/* the file */
	uint64_t inode;
	int64_t modified_ns;
	int64_t real_size;	/* of the file itself */
	int64_t size;	/* with what is pending behind it */
	int64_t offset;	/* how far it was read */
	uint64_t sum;	/* of what stands before it */
};

/* What has become of a file. */
enum position_news {
	POSITION_SAME, /* nothing that matters */
	POSITION_GREW, /* there may be more behind the offset */
	POSITION_CHANGED, /* it is to be read anew */
};

/*
 * Reads len bytes at offset of a file and what is pending behind it, fewer
 * where it ends, and appends them to out.
 */
typedef int position_reader(void *data, struct buf *out, int64_t offset,
    size_t len, struct error *err);

/* A checksum; that of no bytes is 0. */
uint64_t position_sum(const char *data, size_t len);

/* Take the state of a file, which may be closed: not there. */
void position_take(struct position *out, const struct file *file, int64_t size);

/* Say how far it was read. */
int position_set(struct position *position, int64_t offset,
    position_reader *reader, void *data, struct error *err);

/* Compare what is known of a file with the state it has now. */
int position_compare(enum position_news *out, const struct position *position,
    const struct position *now, position_reader *reader, void *data,
    struct error *err);

#endif
