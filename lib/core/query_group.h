#ifndef METER_CORE_QUERY_GROUP_H
#define METER_CORE_QUERY_GROUP_H

/*
 * The groups of an answer, found by their values.  Memory is taken for groups
 * and the values that they have, however many records there are; what several
 * groups have in common is kept once.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/text.h"
#include "lib/core/query_measures.h"

struct arena;

struct query_group {
	struct text *values;	/* of the table's width, or null */
	uint64_t hash;
	struct query_measures measures;
	struct text *models;	/* sorted; set where they are listed */
	size_t model_count;
};

struct query_group_table {
	struct arena *arena;
	uint64_t seed;		/* of the hashes; nobody knows it */
	size_t width;		/* values that make a group */
	struct query_group **slots;
	size_t slot_count;	/* a power of two, or 0 */
	struct query_group **list;	/* the groups once more */
	size_t count, room;
	bool is_ordered;	/* the list */
	struct text *names;	/* the values, each once: slots likewise */
	size_t name_slots, name_count;
};

/* Begin with no group. */
void query_group_init(struct query_group_table *table, struct arena *arena,
    size_t width);

/* The group of these values, made with nothing in it where it is not there. */
struct query_group *query_group_find(struct query_group_table *table,
    const struct text *values);

/*
 * Put in a group of another table with the same seed, which must live as long
 * as this one, unless one of its values is there: that one is returned, else
 * the group itself.
 */
struct query_group *query_group_put(struct query_group_table *table,
    struct query_group *group);

/* The groups, ordered by their values, null first: the table's own list, until
 * a group is made. */
struct query_group *const *query_group_list(struct query_group_table *table);

/* Below, at or above 0 as the first width values of two groups compare. */
int query_group_compare(const struct query_group *a,
    const struct query_group *b, size_t width);

#endif
