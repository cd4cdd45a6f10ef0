#ifndef METER_BASE_LOCK_H
#define METER_BASE_LOCK_H

/*
 * The lock of a folder: flock(2) on a file in it that is never removed and
 * holds nothing.  The kernel gives it back when its holder dies.
 */

#include <signal.h>
#include <stdbool.h>

struct dir;
struct error;

struct lock {
	int fd;			/* -1 while not held */
	sigset_t signals;	/* the mask from before */
};

#define LOCK_NONE { .fd = -1 }

/*
 * Take the lock, waiting at most seconds for it; 0 does not wait.  Not to be
 * had in time: ERROR_BUSY.  While it is held SIGINT, SIGTERM and SIGHUP wait,
 * so that a change is finished or undone before the process dies of them.
 * While it waits SIGALRM is taken.
 */
int lock_take(struct lock *lock, const struct dir *dir, const char *name,
    int seconds, struct error *err);

/* Give the lock back, if it is held; signals that waited arrive now. */
void lock_give(struct lock *lock);

#endif
