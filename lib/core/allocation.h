#ifndef METER_CORE_ALLOCATION_H
#define METER_CORE_ALLOCATION_H

/*
 * How much a scope may use a day (DESIGN.md 2.5).  Of those that hold on the
 * same day the one recorded last counts, whole.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/base/when.h"
#include "lib/core/query_dimension.h"

struct arena;
struct buf;
struct error;
struct node;

struct allocation {
	enum query_dimension dimension;
	struct text id;
	struct when from;	/* the starts of days, both inclusive */
	bool has_to;		/* else it is open */
	struct when to;
	bool has_tokens, has_cost, has_tasks;	/* else that is not allocated */
	int64_t tokens;
	struct money cost_usd;
	int64_t tasks;
	struct text recorded_at;	/* as it is stored */
};

/* A list in the order in which they were recorded. */
struct allocation_list {
	struct allocation *items;
	size_t count;
};

/* Whether scopes of a dimension can have allocations. */
bool allocation_takes(enum query_dimension dimension);

/*
 * Read a scope that can have an allocation, `quest:q-ri`, `entity:TYPE:ID`:
 * any dimension that records have.  The id is the given text's.  ERROR_USAGE
 * says what is wrong.
 */
int allocation_parse_scope(enum query_dimension *dimension, struct text *id,
    const char *text, struct error *err);

/* Append a scope as it is written; `(none)` for a null id. */
void allocation_write_scope(struct buf *out, enum query_dimension dimension,
    struct text id);

/* The same as a node. */
struct node *allocation_scope_node(struct arena *arena,
    enum query_dimension dimension, struct text id);

/*
 * Read what a map says of an allocation, `{scope, from, to, tokens, cost_usd,
 * tasks}`; its texts are the document's.  Without from it is of today, where
 * that is not NULL.  What is wrong is ERROR_DATA with its place.
 */
int allocation_read(struct allocation *out, const struct node *map,
    const struct when *today, struct error *err);

/* Check the names of a table's columns, a list of strings. */
int allocation_check_header(const struct node *header, struct error *err);

/* The stored form. */
struct node *allocation_node(struct arena *arena,
    const struct allocation *allocation);

/* Whether it holds on a day. */
bool allocation_holds(const struct allocation *allocation, struct when day);

/* Whether both allocate the same to the same scope from and to the same
 * day. */
bool allocation_equal(const struct allocation *a, const struct allocation *b);

/* The one that counts for a scope on a day, or NULL. */
const struct allocation *allocation_find(const struct allocation_list *list,
    enum query_dimension dimension, struct text id, struct when day);

#endif
