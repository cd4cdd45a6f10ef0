#ifndef METER_BASE_PUBLISH_H
#define METER_BASE_PUBLISH_H

/*
 * A folder of many small files that others read, a web server for one, and
 * that are made anew from time to time: only those that differ are replaced,
 * and each is at any time the old one or the new one, whole.  Many at once
 * cost one sync of the file system instead of one each.
 *
 * New files are put together in the sub-folder `.new`, which goes away at the
 * end; what a killed process left there, the next one removes, but for what
 * is somebody else's: then it fails.  The lock is that of the folder itself,
 * so that nobody else has to wait.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/lock.h"
#include "lib/base/text.h"

struct arena;
struct error;

enum {
	PUBLISH_FOLDERS = 16,	/* that are held open */
};

/* A sub-folder that is open. */
struct publish_folder {
	struct buf name;
	struct dir dir;
	struct buf path;	/* for messages */
};

struct publish {
	struct dir dir;
	struct lock lock;
	struct dir stage;	/* .new, while there is one */
	struct publish_folder folders[PUBLISH_FOLDERS];
	size_t next_folder;	/* the one to be closed for another */
	struct buf staged;	/* the folder and the name of each new file */
	size_t count;		/* how many those are */
	bool needs_sync;	/* what was moved into place is not durable */
	int64_t written;	/* how many files were replaced so far */
};

/*
 * Open the folder path, made where it is missing, and take its lock, waiting
 * at most seconds.  Also after a failure it is given back with publish_close.
 */
int publish_open(struct publish *publish, const char *path, int seconds,
    struct error *err);

void publish_close(struct publish *publish);

/*
 * Put text in the place of the file name of a sub-folder, `a/b` or "" for the
 * folder itself, made where it is missing.  A file that is the same already is
 * not touched, one that is not there is not made with only_there.  It need not
 * be visible before publish_finish returns 0.
 */
int publish_put(struct publish *publish, const char *folder, const char *name,
    struct text text, bool only_there, struct error *err);

/* Make all that was put visible, and durable. */
int publish_finish(struct publish *publish, struct error *err);

/*
 * Open a sub-folder for looking; *out is NULL where it is not there.  It stays
 * open until others take its place.
 */
int publish_look(const struct dir **out, struct publish *publish,
    const char *folder, struct error *err);

#endif
