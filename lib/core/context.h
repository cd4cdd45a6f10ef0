#ifndef METER_CORE_CONTEXT_H
#define METER_CORE_CONTEXT_H

/*
 * What usage belongs to besides what it is: the dimensions that a command's
 * options, its environment or a record's own fields can give (DESIGN.md 1.4).
 * A dimension that is not given is null.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/text.h"

struct arena;
struct node;

enum context_name {
	CONTEXT_ACCOUNT,
	CONTEXT_AGENT,
	CONTEXT_TIER,
	CONTEXT_SESSION,
	CONTEXT_TASK,
	CONTEXT_WORKSTREAM,
	CONTEXT_QUEST,
	CONTEXT_REPO,
	CONTEXT_COMMIT,
	CONTEXT_RELEASE,
	CONTEXT_ENTITY,
	CONTEXT_COUNT,
};

/* The names as options, fields and (upper-case, METER_…) variables spell
 * them, in the order in which they are stored. */
extern const char *const context_names[CONTEXT_COUNT];

struct context {
	struct text value[CONTEXT_COUNT];
};

/* Whether no dimension is given. */
bool context_is_empty(const struct context *context);

/* Below, at or above 0, in some total order of contexts. */
int context_compare(const struct context *a, const struct context *b);

/* Take the strings among the map's values of those names; what is no string
 * is left alone. */
void context_read(struct context *out, const struct node *map);

/* Put what is given into the map. */
void context_put(struct arena *arena, struct node *map,
    const struct context *context);

#endif
