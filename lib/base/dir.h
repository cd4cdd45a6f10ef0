#ifndef METER_BASE_DIR_H
#define METER_BASE_DIR_H

/*
 * A folder, opened once.  Everything in it is reached through its
 * descriptor, so that nothing moves under us.
 */

#include <stdbool.h>

#include "lib/base/error.h"

struct buf;

/* A folder held open; path is for messages and lives with the caller. */
struct dir {
	int fd;			/* -1 where there is none */
	const char *path;
};

#define DIR_NONE { -1, "" }

/*
 * Open the folder path.  *found tells whether it is there; where it is not,
 * dir->fd stays -1 and that is no error.
 */
int dir_open(struct dir *dir, const char *path, bool *found,
    struct error *err);

/*
 * Open the folder path, making it and its parents where they are missing, each
 * durably.
 */
int dir_make(struct dir *dir, const char *path, struct error *err);

/* Close the folder, which may be none. */
void dir_close(struct dir *dir);

/*
 * Set *err to `FOLDER/NAME: cannot ACTION: ` with the meaning of errno, and
 * return -1.
 */
int dir_fail(struct error *err, enum error_kind kind, const char *action,
    const struct dir *dir, const char *name);

/* Set *err to ERROR_DATA and `FOLDER/NAME: REASON`, and return -1. */
int dir_refuse(struct error *err, const char *reason, const struct dir *dir,
    const char *name);

/* openat(2) that closes on exec and starts again after a signal. */
int dir_openat(int at, const char *name, int flags);

/* The file's name for a message, FOLDER/NAME, appended and made harmless. */
void dir_describe(struct buf *out, const struct dir *dir,
    const char *name);

#endif
