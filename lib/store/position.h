#ifndef METER_STORE_POSITION_H
#define METER_STORE_POSITION_H

/*
 * How far a file that grows at its end was read, and whether what was read
 * still stands there.  For the latter a checksum of it is remembered, of a
 * file larger than a mebibyte of the last 64 KiB: a file that was cut,
 * replaced or edited there is found out, and further up where its time tells.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct error;
struct file;

struct position {
	bool is_there;		/* the file */
	uint64_t inode;
	int64_t modified_ns;
	int64_t real_size;	/* of the file itself */
	int64_t size;		/* with what is pending behind it */
	int64_t offset;		/* how far it was read */
	/* The checksum of what stands before that, in words of 8 bytes, and
	 * the bytes behind the last whole one. */
	uint64_t sum, rest;
};

/* What has become of a file. */
enum position_news {
	POSITION_SAME,		/* nothing that matters */
	POSITION_GREW,		/* there may be more behind the offset */
	POSITION_CHANGED,	/* it is to be read anew */
};

/*
 * Reads len bytes at offset of a file and what is pending behind it, fewer
 * where it ends, and appends them to out.
 */
typedef int position_reader(void *data, struct buf *out, int64_t offset,
    size_t len, struct error *err);

/* A checksum of a text. */
uint64_t position_sum(const char *data, size_t len);

/*
 * Take the state that a file has, which may be closed: not there.  Where it
 * was read to is not touched.
 */
void position_take(struct position *position, const struct file *file,
    int64_t size);

/*
 * Say that it is read up to offset, from where it was read to before.  This
 * comes before the reading: what is changed meanwhile is then found out.
 */
int position_move(struct position *position, int64_t offset,
    position_reader *reader, void *data, struct error *err);

/* Compare what is known of a file with the state it has now. */
int position_compare(enum position_news *out, const struct position *position,
    const struct position *now, position_reader *reader, void *data,
    struct error *err);

#endif
