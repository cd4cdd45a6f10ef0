#ifndef METER_DOC_NODE_H
#define METER_DOC_NODE_H

/*
 * A document: a tree of values, as read from YAML or JSON or as built to be
 * written.  Every value that was read knows its file, line and column, and
 * its path (`stages[0].metadata.usage`), so that what is wrong with it can be
 * said with its place.  A tree lives in an arena.  Each node stands in at
 * most one tree at one place.
 *
 * Numbers keep the text they were written with: a count and an amount of
 * money are read from that text, never through a double.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/base/when.h"

struct arena;
struct buf;
struct error;

enum {
	NODE_MAX_DEPTH = 64,	/* lists and maps within each other */
};

enum node_type {
	NODE_NULL,
	NODE_BOOL,
	NODE_INT,
	NODE_FLOAT,
	NODE_STRING,
	NODE_LIST,
	NODE_MAP,
};

/*
 * Where a scalar's text may be written as it stands, unquoted: a number read
 * from JSON in JSON; in YAML those plain scalars whose value meter does not
 * work with (`0o17`, `1_000`, `1:30`, `2026-11-22`, `Yes`), so that rewriting
 * a file keeps them.
 */
enum node_verbatim {
	NODE_COMPUTED,
	NODE_AS_JSON,
	NODE_AS_YAML,
	NODE_AS_BOTH,	/* an amount that was built: exact in both */
};

struct node {
	enum node_type type;
	enum node_verbatim verbatim;
	bool truth;		/* of a NODE_BOOL */
	/* A string's value, or what stood in the file for another scalar.
	 * NUL-terminated, and may hold NULs of its own. */
	struct text text;
	double number;		/* of a NODE_FLOAT: the nearest double */
	struct text key;	/* where the parent is a map; else null */
	struct node *parent;
	struct node *first;	/* of a list or map, in order */
	struct node *last;
	struct node *next;
	size_t count;		/* children of a list or map */
	const char *file;	/* NULL where the node was built */
	int line;		/* from 1; 0 where the node was built */
	int column;		/* from 1, in code points */
};

/* Building.  Texts are copied into the arena. */
struct node *node_null(struct arena *arena);
struct node *node_bool(struct arena *arena, bool truth);
struct node *node_int(struct arena *arena, int64_t value);
struct node *node_float(struct arena *arena, double value);
struct node *node_amount(struct arena *arena, struct money amount); /* full */
struct node *node_text(struct arena *arena, struct text text); /* or null */
struct node *node_string(struct arena *arena, const char *text); /* or null */
struct node *node_day(struct arena *arena, struct when day); /* 2026-11-22 */
struct node *node_time(struct arena *arena, struct when when); /* as YAML */
struct node *node_list(struct arena *arena);
struct node *node_map(struct arena *arena);

/* Append an item to a list, or a child to a map whose keys it is not among. */
void node_add(struct node *list, struct node *item);
void node_put(struct arena *arena, struct node *map, const char *key,
    struct node *child);
void node_put_text(struct arena *arena, struct node *map, struct text key,
    struct node *child);

/* Put child in the place of the map's value of that key, or at the end. */
void node_replace(struct arena *arena, struct node *map, const char *key,
    struct node *child);

/* Take a list's first item out of it. */
void node_drop_first(struct node *list);

/* A copy of a whole tree, with places, on its own; NULL gives a null node. */
struct node *node_copy(struct arena *arena, const struct node *node);

/*
 * The map's value of a key; NULL where there is none, the map is NULL or is
 * no map.
 */
struct node *node_get(const struct node *map, const char *key);
struct node *node_get_text(const struct node *map, struct text key);

/* As node_get, but NULL also for a null value. */
struct node *node_find(const struct node *map, const char *key);

/* Whether node is NULL or of type NODE_NULL. */
bool node_is_null(const struct node *node);

/*
 * Set *err to ERROR_DATA and `FILE:LINE:COLUMN: PATH: ` with the reason
 * behind it, names from the file made harmless, and return -1.  The path is
 * left out at the root, the place where the node was built.
 */
int node_error(struct error *err, const struct node *node, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/*
 * Describe a value for a message: `"many"` (a string, escaped and cut),
 * `-3`, `null`, `a list`, `a mapping`.
 */
void node_describe(struct buf *out, const struct node *node);

/* Append the path of a node, `stages[0].metadata.usage`. */
void node_path(struct buf *out, const struct node *node);

/*
 * Typed reading.  Each takes a node that may be NULL or null, which gives
 * the stated default, and otherwise returns -1 with "expected …, got …" at
 * the node's place where the type is wrong.
 */

/* A count: a whole number from 0 to 2^63 - 1; absent: 0.  In text form,
 * "12", where text_too is set (formats.md 0). */
int node_count(int64_t *out, const struct node *node, bool text_too,
    struct error *err);

/* Exact money, not negative; absent: 0.  Text form as above.  What has more
 * than 15 decimals is rounded half-even. */
int node_money(struct money *out, const struct node *node, bool text_too,
    struct error *err);

/* A finite number as a double; absent: *out stays. */
int node_double(double *out, const struct node *node, struct error *err);

/* A string; absent: TEXT_NULL. */
int node_get_string(struct text *out, const struct node *node,
    struct error *err);

/* true or false, as YAML 1.2 and JSON write them; absent: false. */
int node_truth(bool *out, const struct node *node, struct error *err);

/* The node must be a map (a list), or absent. */
int node_expect_map(const struct node *node, struct error *err);
int node_expect_list(const struct node *node, struct error *err);

#endif
