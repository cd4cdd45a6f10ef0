#ifndef METER_CORE_QUERY_H
#define METER_CORE_QUERY_H

/*
 * A question and its answer: records go in one by one, what they come to, by
 * any dimensions, comes out (DESIGN.md 3.1).  The order in which records are
 * added makes no difference.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/query_dimension.h"
#include "lib/core/query_group.h"

struct arena;
struct error;
struct node;
struct query_filter;
struct usage;
struct zone;

/* What an answer is ordered by. */
struct query_order {
	bool by_measure;	/* largest first; nulls last */
	enum query_measure measure;
	bool by_dimension;	/* smallest first, null before it */
	size_t place;		/* that dimension's among those of the query */
};

struct query {
	struct arena *arena;
	enum query_dimension by[QUERY_DIMENSION_COUNT + 1];
	size_t by_count;
	bool lists_models;	/* the groups' models are asked for: by tier */
	struct query_filter *filter;	/* or NULL */
	struct query_dimension_room room;
	struct query_group_table table;
	/* What is added after the query was finished once is also added here,
	 * to what there was before. */
	bool is_finished, has_sum;
	struct query_measures sum;
	/* The answer, once it is finished. */
	struct query_group *const *groups;
	size_t group_count;
	size_t left_out;	/* groups beyond the top ones */
	struct query_group total;	/* of all groups; it has no values */
};

/* Begin a question; filter and zone must live as long as it. */
void query_init(struct query *query, struct arena *arena,
    const enum query_dimension *by, size_t by_count,
    struct query_filter *filter, const struct zone *zone);

/* Read `day,model`, each once, into by, which has room for all there are. */
int query_parse_by(enum query_dimension *by, size_t *count, const char *text,
    struct error *err);

/* Read what to order by: a measure, or one of the query's dimensions. */
int query_parse_order(struct query_order *out, const char *text,
    const enum query_dimension *by, size_t by_count, struct error *err);

/* Add a record, if it matches. */
int query_add(struct query *query, const struct usage *usage,
    struct error *err);

/*
 * Add a record that was found to match, or, with measures, what several
 * matching records come to that have the record's dimensions and time.
 */
int query_add_matching(struct query *query, const struct usage *usage,
    const struct query_measures *measures, struct error *err);

/* The dimensions that the query looks at: a bit each, 1 << dimension. */
uint32_t query_dimensions(const struct query *query);

/* Begin an empty query like another one, with a filter of its own. */
void query_fork(struct query *out, struct arena *arena,
    const struct query *query, struct query_filter *filter);

/*
 * Add all that a fork of the query has been given, which is of no use any
 * more; its memory must live as long as the query.
 */
int query_merge(struct query *query, const struct query *fork,
    struct error *err);

/*
 * Order the groups, by their values where order is NULL, keep the first top
 * of them (0: all), and add up the total, of all groups.  More records may be
 * added after it, and it may then be called again: the answer before is gone
 * then, and so may be what was taken from the arena for it.
 */
int query_finish(struct query *query, const struct query_order *order,
    size_t top, struct error *err);

/* `{"by": […], "groups": […], "total": {…}}` */
struct node *query_node(const struct query *query);

#endif
