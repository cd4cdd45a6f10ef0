#ifndef METER_BASE_WATCH_H
#define METER_BASE_WATCH_H

/*
 * Being told when something changes in a few folders, by inotify(7): there is
 * a descriptor to wait for, and no clock.  The folders need not be there:
 * then what is there of the way to them is watched, and so it is where one
 * goes away or another comes in its place.
 *
 * What is told is a hint: that a name may stand for something else now, or
 * hold something else.  Nothing that is changed by another machine, on a
 * network's file system, is told.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"

struct error;

struct watch {
	int fd;	/* to wait for; another one after watch_read */
	const char *root;
	const char *const *folders;
	size_t count;
	struct buf entries;	/* what each watch is for */
};

#define WATCH_NONE { .fd = -1, .entries = BUF_INIT }

/*
 * Watch count folders, given as paths below the root, which is an absolute
 * path; all of them live as long as the watch.  Where the system has no
 * watches left: ERROR_IO.
 */
int watch_open(struct watch *watch, const char *root,
    const char *const *folders, size_t count, struct error *err);

void watch_close(struct watch *watch);

/*
 * Called with a name in one of the folders, counted from 0; NULL where
 * anything in any of them may be another than before.
 */
typedef void watch_visitor(void *data, size_t folder, const char *name);

/* Tell the visitor what has happened so far, without waiting for more. */
int watch_read(struct watch *watch, watch_visitor *visitor, void *data,
    struct error *err);

#endif
