#include "lib/doc/duplicate.h"

#include <stdlib.h>

#include "lib/base/buf.h"
#include "lib/doc/node.h"

enum {
	FEW_KEYS = 16, /* up to here comparing all pairs is quickest */
};

struct entry {
	const struct node *node;
	size_t position;
};

/* By key, and by position where the keys are equal. */
static int
compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = text_compare(a->node->key, b->node->key);

	if (order != 0)
		return order;
	return (a->position > b->position) - (a->position < b->position);
}

/*
 * A hostile file may hold a map of a million keys, so these are sorted, and
 * not compared each with each.  Of all keys that follow one like them the
 * reader meets the one with the lowest position first.
 */
static const struct node *
duplicate_among_many(const struct node *map, const struct node **earlier)
{
	const struct node *later = NULL;
	struct entry *entries, *found = NULL;
	struct buf room = BUF_INIT;
	size_t count = 0;

	entries = (void *)buf_reserve(&room, map->count * sizeof(*entries));
	for (const struct node *child = map->first; child;
	     child = child->next) {
		entries[count] = (struct entry){ child, count };
		count++;
	}
	qsort(entries, count, sizeof(*entries), compare_entries);

	for (size_t i = 1; i < count; i++) {
		if (!text_equal(entries[i - 1].node->key, entries[i].node->key))
			continue;
		if (!found || entries[i].position < found->position)
			found = &entries[i];
	}
	if (found) {
		later = found[0].node;
		*earlier = found[-1].node;
	}
	buf_release(&room);
	return later;
}

const struct node *
duplicate_find(const struct node *map, const struct node **earlier)
{
	const struct node *before;

	if (map->count > FEW_KEYS)
		return duplicate_among_many(map, earlier);
	for (const struct node *node = map->first; node; node = node->next) {
		for (before = map->first; before != node; before = before->next)
			if (text_equal(before->key, node->key)) {
				*earlier = before;
				return node;
			}
	}
	return NULL;
}
