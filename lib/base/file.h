#ifndef METER_BASE_FILE_H
#define METER_BASE_FILE_H

/*
 * Files that survive (reliability.md 1 and 2).  A folder is opened once and
 * everything in it is reached through its descriptor, so that nothing moves
 * under us; a data file is a regular file and never a link, a pipe or a
 * device.  There are two ways to write: append whole records, or replace the
 * file as a whole; both are on disk when they return 0, and have changed
 * nothing when they return -1 (but see file_append).
 *
 * Names in messages are those of the folder and the file joined, made
 * harmless.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/text.h"

struct buf;
struct dir;
struct error;

/*
 * Read the data file name, at most max bytes (more is ERROR_DATA), into out.
 * *found tells whether it is there.
 */
int file_read(struct buf *out, const struct dir *dir, const char *name,
    size_t max, bool *found, struct error *err);

/*
 * Read the input file path, which may be a link or a pipe, or standard input
 * where path is "-", at most max bytes, into out.  Missing or unreadable, or
 * a folder: ERROR_NO_INPUT.
 */
int file_read_input(struct buf *out, const char *path, size_t max,
    struct error *err);

/*
 * Put data in the place of the file name: readers see the old bytes or the
 * new ones.  An existing file keeps its mode.  Returns -1 with the old file
 * as it was; only where the last step fails, the sync of the folder, may the
 * new one already stand there.
 */
int file_replace(const struct dir *dir, const char *name,
    struct text data, struct error *err);

/*
 * The same, but that it is for the caller to sync the folder: for who replaces
 * many of its files.
 */
int file_put(const struct dir *dir, const char *name, struct text data,
    struct error *err);

/* A data file open for reading, or for appending under the lock. */
struct file {
	int fd;			/* -1 where it is not open */
	const struct dir *dir;
	const char *name;
	int64_t size;
	/* Which state of which file this is. */
	uint64_t inode;
	int64_t modified_ns;
	int64_t changed_ns;
	uint64_t links;
};

#define FILE_NONE { -1, NULL, NULL, 0, 0, 0, 0, 0 }

/* Open for reading; *found tells whether it is there. */
int file_open(struct file *file, const struct dir *dir, const char *name,
    bool *found, struct error *err);

/* Open for reading and appending, likewise. */
int file_open_append(struct file *file, const struct dir *dir,
    const char *name, bool *found, struct error *err);

void file_close(struct file *file);

/* Read the state of an open file anew. */
int file_refresh(struct file *file, struct error *err);

/* Whether anything of that name stands in the folder. */
bool file_is_there(const struct dir *dir, const char *name);

/* Append to out the bytes from offset, len of them or up to the end. */
int file_read_at(struct buf *out, const struct file *file, int64_t offset,
    size_t len, struct error *err);

/*
 * Append data and make it durable.  Where writing fails the file is cut back
 * to its old size.  A sync that fails is reported, never retried: the fate of
 * the data is unknown, the message says so, and the file is cut back.
 */
int file_append(struct file *file, struct text data, struct error *err);

/* Cut the file to size bytes, durably. */
int file_cut(struct file *file, int64_t size, struct error *err);

/*
 * Overwrite a small file of no account (a cache): neither atomic nor durable.
 * Failures are nobody's concern.
 */
void file_write_cache(const struct dir *dir, const char *name,
    struct text data);

/* Write all of data to an open descriptor.  0, or -1 with errno set. */
int file_write_all(int fd, struct text data);

#endif
