#ifndef METER_STORE_PENDING_H
#define METER_STORE_PENDING_H

/*
 * `.pending`: a change of more than one data file, or of more than one row of
 * the ledger (DESIGN.md 2).  It holds all that is to be appended to each
 * file, with the file's old size, or to stand in its place.  Once it stands
 * there the change is committed; it is then carried out and removed.  The
 * next writer finishes what a crash left; readers see it as done.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/file.h"
#include "lib/base/when.h"

struct arena;
struct buf;
struct error;
struct workspace;

#define PENDING_NAME ".pending"
#define PENDING_TEMPORARY ".pending.tmp"

/* What is to be appended to one file, or to stand in its place. */
struct pending_part {
	const char *name;	/* below output/budget, `events/DAY.csv` */
	bool replaces;
	int64_t old_size;	/* where it is appended */
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
 * each part name, replaces, old_size and length are set; writer is called for
 * each, in order.  On -1 nothing has changed.  pending_finish carries it out.
 */
int pending_commit(struct workspace *workspace,
    const struct pending_part *parts, size_t count, pending_writer *writer,
    void *data, struct error *err);

/*
 * What a change that stands there is to put in the place of the file name, at
 * most max bytes, appended to out; *found tells whether it does.  For who
 * reads the file: this is what it holds.
 */
int pending_read(struct buf *out, bool *found, struct workspace *workspace,
    const char *name, size_t max, struct error *err);

/*
 * Take the lock, as workspace_lock does, and finish what another writer left
 * undone: how every command that changes data files begins.
 */
int pending_lock(struct workspace *workspace, struct when *now,
    struct error *err);

#endif
