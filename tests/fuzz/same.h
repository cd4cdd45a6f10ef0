#ifndef METER_TESTS_FUZZ_SAME_H
#define METER_TESTS_FUZZ_SAME_H

/*
 * Whether two trees hold the same values, for the targets that read what they
 * have written.  Places may differ, and how a null or a computed number was
 * spelt; strings, keys and verbatim scalars may not.
 */

#include <math.h>
#include <stdbool.h>

#include "lib/base/text.h"
#include "lib/doc/node.h"

/* YAML reads `+12` and `-0` and writes them as `12` and `0`. */
static inline struct text
same_digits(struct text text)
{
	if ((text.len > 0 && text.data[0] == '+') || text_is(text, "-0")) {
		text.data++;
		text.len--;
	}
	return text;
}

static inline bool
same_value(const struct node *a, const struct node *b)
{
	if (a->type != b->type || a->verbatim != b->verbatim)
		return false;
	if (a->verbatim != NODE_COMPUTED)
		return text_equal(a->text, b->text) && a->truth == b->truth;
	switch (a->type) {
	case NODE_BOOL:
		return a->truth == b->truth;
	case NODE_INT:
		return text_equal(same_digits(a->text), same_digits(b->text));
	case NODE_FLOAT:
		return a->number == b->number ||
		       (isnan(a->number) && isnan(b->number));
	case NODE_STRING:
		return text_equal(a->text, b->text);
	default:
		return true;
	}
}

static inline bool
same_tree(const struct node *a, const struct node *b)
{
	if (!same_value(a, b) || !text_equal(a->key, b->key) ||
	    a->count != b->count)
		return false;
	a = a->first;
	b = b->first;
	for (; a && b; a = a->next, b = b->next)
		if (!same_tree(a, b))
			return false;
	return !a && !b;
}

#endif
