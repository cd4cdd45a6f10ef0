#ifndef METER_DOC_TREE_H
#define METER_DOC_TREE_H

/*
 * Growing a tree of nodes from a parser's events, in the order of the file.
 * Here is what the readers of YAML and of JSON both refuse: more than
 * NODE_MAX_DEPTH levels, and a key that a map holds twice.  Failures are
 * described in the error of the source; functions then return -1.
 */

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/text.h"
#include "lib/doc/source.h"

struct arena;
struct node;

struct tree {
	struct arena *arena;
	const struct source *source;
	struct node *root;	/* NULL until there is a value */
	struct node *open;	/* the innermost list or map not yet closed */
	int depth;		/* how many are open */
	struct text key;	/* of the value that comes next, or null */
	struct buf places;	/* where each key of the open maps stands */
};

/* Start a tree; its nodes will live in the arena. */
void tree_init(struct tree *tree, struct arena *arena,
    const struct source *source);

/* Release what only growing needed; the nodes stay. */
void tree_release(struct tree *tree);

/* Whether a key must come next: a map is open and none is pending. */
bool tree_wants_key(const struct tree *tree);

/* The key of the value that comes next.  The text is copied. */
void tree_key(struct tree *tree, struct text key, struct place place);

/* Add a value that is complete. */
void tree_add(struct tree *tree, struct node *node, struct place place);

/* Add a list or map, whose content comes next. */
int tree_open(struct tree *tree, struct node *node, struct place place);

/* The innermost list or map is complete. */
int tree_close(struct tree *tree);

#endif
