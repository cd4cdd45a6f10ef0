#ifndef METER_CORE_DAILY_PAIRS_H
#define METER_CORE_DAILY_PAIRS_H

/*
 * Sets of pairs of things, each of which is the one of its kind where it
 * stands, for what is only to be counted: which task a scope had on a day.  A
 * pair takes two pointers, and a set of one day stays in the processor's cache
 * where a table of all days does not.
 */

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum {
	DAILY_PAIRS_SIZES = 64,
};

/* Where sets take their memory; what one has outgrown the next one uses. */
struct daily_pairs_room {
	struct arena *arena;
	struct daily_pair *spare[DAILY_PAIRS_SIZES];	/* by the size's
							 * logarithm */
};

struct daily_pair {
	const void *first, *second;	/* first is NULL where a slot is free */
};

/* A set; all zeros is the empty one. */
struct daily_pairs {
	struct daily_pair *slots;	/* open addressing */
	size_t size;		/* a power of two, or 0 */
	size_t count;
};

/* Put in a pair, the first of which is not NULL; whether it is new. */
bool daily_pairs_add(struct daily_pairs *set, struct daily_pairs_room *room,
    const void *first, const void *second);

#endif
