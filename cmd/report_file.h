#ifndef METER_CMD_REPORT_FILE_H
#define METER_CMD_REPORT_FILE_H

/*
 * A file of somebody else's into which a report goes: read whole, replaced
 * whole.
 */

#include "lib/base/buf.h"
#include "lib/base/dir.h"

struct session;

#define REPORT_FILE_MAX ((size_t)64 * 1024 * 1024)

struct report_file {
	struct dir dir;		/* its folder, held open */
	const char *name;	/* in that */
	struct buf old;		/* what it holds, empty where it is not
				 * there */
};

/*
 * Open the folder of path, made where it is missing, and read the file.  A
 * link stays: it is the file behind it that is meant.  Also after a failure it
 * is given back with report_file_close.
 */
int report_file_open(struct report_file *file, struct session *session,
    const char *path);

void report_file_close(struct report_file *file);

/*
 * Put text in the place of the file, unless it would stay the same; under the
 * lock, since two at once would write over each other's temporary.
 */
int report_file_replace(struct report_file *file, struct session *session,
    const struct buf *text);

#endif
