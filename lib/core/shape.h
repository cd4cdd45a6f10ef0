#ifndef METER_CORE_SHAPE_H
#define METER_CORE_SHAPE_H

/*
 * The shapes of providers' usage objects (formats.md 1), as a table: how each
 * is told and what its fields are called.  What the counts at these fields
 * make together is the business of tokens.h, the only user.
 */

#include <stdbool.h>
#include <stdint.h>

struct error;
struct node;

enum { SHAPE_PATHS = 6 };

/*
 * A family of usage objects.  It is told by its marks, fields that are there.
 * A field may stand at any of several dotted paths.  The lists end with NULL.
 */
struct shape {
	const char *marks[SHAPE_PATHS + 1];
	const char *input[SHAPE_PATHS + 1];
	const char *uncached[SHAPE_PATHS + 1];	/* input that no cache had */
	const char *tool[SHAPE_PATHS + 1];	/* prompt beside input */
	const char *read[SHAPE_PATHS + 1];
	const char *write[SHAPE_PATHS + 1];	/* with both lifetimes */
	const char *write_5m[SHAPE_PATHS + 1];
	const char *write_1h[SHAPE_PATHS + 1];
	const char *output[SHAPE_PATHS + 1];
	const char *reasoning[SHAPE_PATHS + 1];
	const char *total[SHAPE_PATHS + 1];
	const char *ttls;	/* a list of writes by lifetime, or NULL */
	const char *iterations;	/* a list of the steps of a call, or NULL */
	bool is_inclusive;	/* input includes what caches had and got */
	bool is_beside;		/* output leaves reasoning out */
};

/* What an object says of one field. */
struct shape_count {
	int64_t value;
	const struct node *node;	/* NULL where it says nothing */
	const char *path;
};

struct shape_counts {
	struct shape_count input;
	struct shape_count uncached;
	struct shape_count tool;
	struct shape_count read;
	struct shape_count write;
	struct shape_count write_5m;
	struct shape_count write_1h;
	struct shape_count output;
	struct shape_count reasoning;
	struct shape_count total;
};

/* The shape of an object, which may be NULL or null.  Never NULL. */
const struct shape *shape_choose(const struct node *usage);

/*
 * Read the fields of an object into *counts.  The total of cache writes, and
 * of a prompt given as hits and misses, is filled in where only the parts are
 * there.  ERROR_DATA where a field is no count or a sum
 * does not fit.
 */
int shape_read(struct shape_counts *counts, const struct shape *shape,
    const struct node *usage, struct error *err);

/* Add value to *sum; where that does not fit, ERROR_DATA at node's place. */
int shape_add(int64_t *sum, int64_t value, const struct node *node,
    struct error *err);

#endif
