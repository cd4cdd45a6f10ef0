#include "lib/core/context.h"

#include "lib/doc/node.h"

const char *const context_names[CONTEXT_COUNT] = {
	"account",
	"agent",
	"tier",
	"session",
	"task",
	"workstream",
	"quest",
	"repo",
	"commit",
	"release",
	"entity",
};

bool
context_is_empty(const struct context *context)
{
	for (size_t i = 0; i < CONTEXT_COUNT; i++)
		if (context->value[i].data)
			return false;
	return true;
}

int
context_compare(const struct context *a, const struct context *b)
{
	int order;

	for (size_t i = 0; i < CONTEXT_COUNT; i++) {
		order = text_compare(a->value[i], b->value[i]);
		if (order != 0)
			return order;
	}
	return 0;
}

void
context_read(struct context *out, const struct node *map)
{
	const struct node *value;

	for (size_t i = 0; i < CONTEXT_COUNT; i++) {
		value = node_get(map, context_names[i]);
		if (value && value->type == NODE_STRING)
			out->value[i] = value->text;
		else
			out->value[i] = TEXT_NULL;
	}
}

void
context_put(struct arena *arena, struct node *map,
    const struct context *context)
{
	for (size_t i = 0; i < CONTEXT_COUNT; i++)
		if (context->value[i].data)
			node_put(arena, map, context_names[i],
			    node_text(arena, context->value[i]));
}
