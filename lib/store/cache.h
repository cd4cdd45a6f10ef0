#ifndef METER_STORE_CACHE_H
#define METER_STORE_CACHE_H

/*
 * What is kept in .cache/: answers that were worked out from a data file, and
 * are believed only while that file is in the very state in which it was
 * read.  The folder may be missing, damaged or unwritable at any time, and
 * nothing in it is ever needed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/dir.h"
#include "lib/base/file.h"

struct stat;
struct text;
struct workspace;

/* Which state of which file it is. */
struct cache_state {
	uint64_t inode;
	int64_t size;
	int64_t modified_ns;
	int64_t changed_ns;
};

struct cache_state cache_state_of(const struct stat *st);

bool cache_state_equal(const struct cache_state *a,
    const struct cache_state *b);

/* What a checksum of nothing is. */
#define CACHE_SUM UINT64_C(14695981039346656037)

/* Go on with a checksum over data, whole words of eight bytes. */
uint64_t cache_sum(uint64_t sum, const void *data, size_t len);

/*
 * Open the folder; with make, make it where it is missing.  A link is not
 * followed.  fd is -1 where that cannot be done.
 */
void cache_open(struct dir *dir, const struct workspace *workspace, bool make);

/*
 * Begin to make a file from a data file in that state, before that is read:
 * false where it cannot be written, or where the data file was changed so
 * shortly before that another change may leave no trace in its times.
 */
bool cache_begin(struct file *out, const struct dir *dir, const char *name,
    const struct cache_state *state);

/*
 * Put data into the file, and close it; false where that cannot be done, and
 * what is in it is torn, which the data's checksum is to tell.
 */
bool cache_end(struct file *file, struct text data);

#endif
