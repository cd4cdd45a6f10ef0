#ifndef METER_BASE_THREADS_H
#define METER_BASE_THREADS_H

/*
 * Work in parts, a thread each.
 */

#include <stddef.h>

enum {
	THREADS_MAX = 4,	/* more than so many are of no use */
};

/* How many parts there are processors for. */
size_t threads_count(void);

/*
 * Call work with each of count parts, at most THREADS_MAX, which stand size
 * bytes apart: the first one in this thread, and so those for which no other
 * is to be had.  All are done on return.
 */
void threads_run(void (*work)(void *part), void *parts, size_t size,
    size_t count);

#endif
