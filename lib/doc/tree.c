#include "lib/doc/tree.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/doc/duplicate.h"
#include "lib/doc/node.h"

void
tree_init(struct tree *tree, struct arena *arena, const struct source *source)
{
	*tree = (struct tree){ .arena = arena,
		.source = source,
		.key = TEXT_NULL,
		.places = BUF_INIT };
}

void
tree_release(struct tree *tree)
{
	buf_release(&tree->places);
}

bool
tree_wants_key(const struct tree *tree)
{
	return tree->open && tree->open->type == NODE_MAP && !tree->key.data;
}

void
tree_key(struct tree *tree, struct text key, struct place place)
{
	tree->key.data = arena_copy(tree->arena, key.data, key.len);
	tree->key.len = key.len;
	buf_add(&tree->places, &place, sizeof(place));
}

/* The key is in the arena already, so node_put would copy it once more. */
void
tree_add(struct tree *tree, struct node *node, struct place place)
{
	node->file = tree->source->file;
	node->line = place.line;
	node->column = place.column;
	if (!tree->open) {
		tree->root = node;
		return;
	}
	node->key = tree->key;
	tree->key = TEXT_NULL;
	node_add(tree->open, node);
}

int
tree_open(struct tree *tree, struct node *node, struct place place)
{
	if (tree->depth == NODE_MAX_DEPTH)
		return source_fail(tree->source, place,
		    "more than %d levels of lists and mappings",
		    NODE_MAX_DEPTH);
	tree_add(tree, node, place);
	tree->open = node;
	tree->depth++;
	return 0;
}

/*
 * Where the key of a child of the innermost map stands.  A node has only the
 * place of its value, which may be many lines further down.  The keys of the
 * innermost map are the last ones in the list, in the order of its children.
 */
static struct place
key_place(const struct tree *tree, const struct node *child)
{
	const struct node *map = tree->open, *other;
	struct place place;
	size_t after = map->count;

	for (other = map->first; other != child; other = other->next)
		after--;
	memcpy(&place,
	    tree->places.text + tree->places.len - after * sizeof(place),
	    sizeof(place));
	return place;
}

static int
refuse_duplicate(const struct tree *tree, const struct node *later,
    const struct node *earlier)
{
	struct node at_key = *later;
	struct place place = key_place(tree, later);

	at_key.line = place.line;
	at_key.column = place.column;
	return node_error(tree->source->err, &at_key,
	    "duplicate key, first in line %d", key_place(tree, earlier).line);
}

int
tree_close(struct tree *tree)
{
	const struct node *later, *earlier;
	struct node *closed = tree->open;

	if (closed->type == NODE_MAP) {
		later = duplicate_find(closed, &earlier);
		if (later)
			return refuse_duplicate(tree, later, earlier);
		buf_truncate(&tree->places,
		    tree->places.len - closed->count * sizeof(struct place));
	}
	tree->open = closed->parent;
	tree->depth--;
	return 0;
}
