#ifndef METER_STORE_PENDING_H
#define METER_STORE_PENDING_H

/*
 * `.pending`: a change of the ledger that is more than one row (DESIGN.md 2).
 * It holds all that is to be appended to each file, and each file's old size.
 * Once it stands there the change is committed; it is then carried out and
 * removed.  The next writer finishes what a crash left; readers see it as
 * done.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/file.h"

struct arena;
struct dir;
struct error;
struct workspace;

/* What is to be appended to one file. */
struct pending_part {
	const char *name;	/* of a file in events/ */
	int64_t old_size;
	int64_t offset;		/* of the bytes, in .pending */
	int64_t length;
};

struct pending {
	struct file file;	/* closed where there is no change */
	struct pending_part *parts;
	size_t count;
};

#define PENDING_NONE { .file = FILE_NONE }

/* Open the change that stands there, if there is one. */
int pending_open(struct pending *pending, struct workspace *workspace,
    struct error *err);

void pending_close(struct pending *pending);

/* The part of a file, or NULL. */
const struct pending_part *pending_find(const struct pending *pending,
    const char *name);

/* Writes the bytes of one part, in order, to a descriptor. */
typedef int pending_writer(void *data, size_t part, int fd,
    struct error *err);

/*
 * Commit a change, under the lock: write it whole and make it durable.  Of
 * each part name, old_size and length are set; writer is called for each, in
 * order.  On -1 nothing has changed.
 */
int pending_commit(struct workspace *workspace,
    const struct pending_part *parts, size_t count, pending_writer *writer,
    void *data, struct error *err);

/*
 * Carry out the change that stands there, if there is one, and remove it,
 * under the lock.  events is the open folder of the files.
 */
int pending_finish(struct workspace *workspace, const struct dir *events,
    struct error *err);

#endif
