#ifndef METER_CORE_QUERY_SUMMARY_H
#define METER_CORE_QUERY_SUMMARY_H

/*
 * What one scope comes to: its tokens, records and cost, by model, agent and
 * resource (DESIGN.md 3.1); of an entity, its records too.
 */

#include <stdbool.h>

#include "lib/core/query.h"
#include "lib/core/query_newest.h"

/* A scope, `DIMENSION:ID`.  Of `entity:ID` every type is meant. */
struct query_scope {
	enum query_dimension dimension;
	struct text id;		/* all behind the first colon */
	bool is_entity;
	struct text type;	/* of an entity; null where any is meant */
	struct text entity_id;
};

struct query_summary {
	struct arena *arena;
	struct query_scope scope;
	struct query_filter *filter;
	struct query by_model, by_agent, by_resource, by_type;
	struct query_newest newest;	/* of an entity */
};

/* Read a scope; its texts are the given one's.  ERROR_USAGE says what is
 * wrong. */
int query_summary_parse(struct query_scope *out, const char *text,
    struct error *err);

/*
 * Begin, keeping limit records of an entity (0: all).  The filter is given
 * the scope; filter and zone must live as long as the summary, which is given
 * back with query_summary_release.
 */
void query_summary_init(struct query_summary *summary, struct arena *arena,
    const struct query_scope *scope, struct query_filter *filter,
    const struct zone *zone, size_t limit);
void query_summary_release(struct query_summary *summary);

/* Add a record, if it is of the scope and matches. */
int query_summary_add(struct query_summary *summary, const struct usage *usage,
    struct error *err);

/*
 * Add what records come to that are of the scope and match, and of which the
 * dimension by, USAGE_MODEL, USAGE_AGENT or USAGE_RESOURCE, is name; to be
 * done for each of the three.
 */
int query_summary_merge(struct query_summary *summary, enum usage_dimension by,
    struct text name, const struct query_measures *measures,
    struct error *err);

/*
 * The queries that add up a summary, for who gives them records by other ways
 * than query_summary_add; an entity's records are then to be put into newest.
 * They and newest match by the filter.
 */
enum {
	QUERY_SUMMARY_QUERIES = 4,
};
void query_summary_queries(struct query *out[QUERY_SUMMARY_QUERIES],
    struct query_summary *summary);

/* Add up. */
int query_summary_finish(struct query_summary *summary, struct error *err);

/* The totals, once finished. */
const struct query_measures *query_summary_total(
    const struct query_summary *summary);

struct node *query_summary_node(const struct query_summary *summary);

#endif
