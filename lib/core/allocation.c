#include "lib/core/allocation.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/opt.h"
#include "lib/base/utf8.h"
#include "lib/core/query_summary.h"
#include "lib/core/usage.h"
#include "lib/doc/node.h"

enum {
	SHOWN_NAME = 60,
};

static const char *const fields[] = { "scope", "from", "to", "tokens",
	"cost_usd", "tasks", "recorded_at" };

enum {
	FIELDS = sizeof(fields) / sizeof(fields[0]),
};

/* Those that records have, rather than days and hours. */
bool
allocation_takes(enum query_dimension dimension)
{
	return dimension <= QUERY_ENTITY &&
	       dimension != (enum query_dimension)USAGE_ENTITY_ID;
}

int
allocation_parse_scope(enum query_dimension *dimension, struct text *id,
    const char *text, struct error *err)
{
	struct query_scope scope;
	const char *problem;

	if (query_summary_parse(&scope, text, err) < 0)
		return -1;
	if (!allocation_takes(scope.dimension))
		return error_set(err, ERROR_USAGE,
		    "nothing can be allocated to a scope of this dimension: %s",
		    query_dimension_name(scope.dimension));
	if (scope.is_entity && !scope.type.data)
		return error_set(err, ERROR_USAGE,
		    "an entity is given as entity:TYPE:ID");
	problem = scope.is_entity ? usage_name_problem(scope.type) : NULL;
	if (!problem)
		problem = usage_name_problem(
		    scope.is_entity ? scope.entity_id : scope.id);
	if (problem)
		return error_set(err, ERROR_USAGE, "the id of the scope %s",
		    problem);
	*dimension = scope.dimension;
	*id = scope.id;
	return 0;
}

void
allocation_write_scope(struct buf *out, enum query_dimension dimension,
    struct text id)
{
	buf_puts(out, query_dimension_name(dimension));
	buf_putc(out, ':');
	if (id.data)
		buf_add(out, id.data, id.len);
	else
		buf_puts(out, "(none)");
}

static bool
is_field(struct text name)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (text_is(name, fields[i]))
			return true;
	return false;
}

/* Refuse what is no field, with the one that may be meant. */
static int
refuse_field(const struct node *place, struct text name, struct error *err)
{
	struct buf shown = BUF_INIT;
	const char *nearest;

	utf8_escape(&shown, name.data, name.len, UTF8_ASCII, SHOWN_NAME);
	nearest = opt_nearest(shown.text, fields, FIELDS);
	if (nearest)
		node_error(err, place,
		    "an allocation has no field '%s'; did you mean '%s'?",
		    shown.text, nearest);
	else
		node_error(err, place, "an allocation has no field '%s'",
		    shown.text);
	buf_release(&shown);
	return -1;
}

int
allocation_check_header(const struct node *header, struct error *err)
{
	for (const struct node *name = header->first; name; name = name->next)
		if (!is_field(name->text))
			return refuse_field(name, name->text, err);
	return 0;
}

static int
check_fields(const struct node *map, struct error *err)
{
	for (const struct node *child = map->first; child; child = child->next)
		if (!is_field(child->key))
			return refuse_field(child, child->key, err);
	return 0;
}

/* A value that is there; CSV's empty cells are not. */
static const struct node *
find(const struct node *map, const char *name)
{
	const struct node *node = node_find(map, name);

	if (node && node->type == NODE_STRING && node->text.len == 0)
		return NULL;
	return node;
}

static int
read_scope(struct allocation *out, const struct node *map, struct error *err)
{
	const struct node *node = find(map, "scope");
	struct text text;
	struct error reason;

	if (!node)
		return node_error(err, map, "the scope is missing");
	if (node_get_string(&text, node, err) < 0)
		return -1;
	if (memchr(text.data, '\0', text.len))
		return node_error(err, node, "holds a NUL");
	if (allocation_parse_scope(&out->dimension, &out->id, text.data,
		&reason) < 0)
		return node_error(err, node, "%s", reason.text);
	return 0;
}

static int
read_day(struct when *out, bool *found, const struct node *map,
    const char *name, struct error *err)
{
	const struct node *node = find(map, name);
	struct text text;

	*found = node != NULL;
	if (!node)
		return 0;
	if (node_get_string(&text, node, err) < 0)
		return -1;
	if (when_parse_day(out, text.data, text.len) < 0)
		return node_error(err, node,
		    "expected a day such as 2026-11-22");
	return 0;
}

static int
read_count(int64_t *out, bool *found, const struct node *map, const char *name,
    struct error *err)
{
	const struct node *node = find(map, name);

	*found = node != NULL;
	return node_count(out, node, true, err);
}

static int
read_days(struct allocation *out, const struct node *map,
    const struct when *today, struct error *err)
{
	bool found;

	if (read_day(&out->from, &found, map, "from", err) < 0 ||
	    read_day(&out->to, &out->has_to, map, "to", err) < 0)
		return -1;
	if (!found && !today)
		return node_error(err, map, "the day from is missing");
	if (!found)
		out->from = *today;
	if (out->has_to && out->to.micros < out->from.micros)
		return node_error(err, map, "it ends before it begins");
	return 0;
}

int
allocation_read(struct allocation *out, const struct node *map,
    const struct when *today, struct error *err)
{
	const struct node *cost;

	*out = (struct allocation){ 0 };
	if (map->type != NODE_MAP)
		return node_error(err, map, "expected a mapping");
	if ((today && check_fields(map, err) < 0) ||
	    read_scope(out, map, err) < 0 ||
	    read_days(out, map, today, err) < 0 ||
	    read_count(&out->tokens, &out->has_tokens, map, "tokens", err) <
		0 ||
	    read_count(&out->tasks, &out->has_tasks, map, "tasks", err) < 0)
		return -1;
	cost = find(map, "cost_usd");
	out->has_cost = cost != NULL;
	if (node_money(&out->cost_usd, cost, true, err) < 0)
		return -1;
	if (!out->has_tokens && !out->has_cost && !out->has_tasks)
		return node_error(err, map,
		    "it allocates neither tokens nor cost_usd nor tasks");
	return node_get_string(&out->recorded_at, node_find(map, "recorded_at"),
	    err);
}

struct node *
allocation_scope_node(struct arena *arena, enum query_dimension dimension,
    struct text id)
{
	struct buf text = BUF_INIT;
	struct node *node;

	allocation_write_scope(&text, dimension, id);
	node = node_text(arena, (struct text){ text.text, text.len });
	buf_release(&text);
	return node;
}

static void
put_count(struct arena *arena, struct node *map, const char *name,
    bool has_count, int64_t count)
{
	node_put(arena, map, name,
	    has_count ? node_int(arena, count) : node_null(arena));
}

struct node *
allocation_node(struct arena *arena, const struct allocation *allocation)
{
	struct node *map = node_map(arena);

	node_put(arena, map, "scope",
	    allocation_scope_node(arena, allocation->dimension,
		allocation->id));
	node_put(arena, map, "from", node_day(arena, allocation->from));
	node_put(arena, map, "to",
	    allocation->has_to ? node_day(arena, allocation->to)
			       : node_null(arena));
	put_count(arena, map, "tokens", allocation->has_tokens,
	    allocation->tokens);
	node_put(arena, map, "cost_usd",
	    allocation->has_cost ? node_amount(arena, allocation->cost_usd)
				 : node_null(arena));
	put_count(arena, map, "tasks", allocation->has_tasks,
	    allocation->tasks);
	node_put(arena, map, "recorded_at",
	    node_text(arena, allocation->recorded_at));
	return map;
}

bool
allocation_holds(const struct allocation *allocation, struct when day)
{
	return day.micros >= allocation->from.micros &&
	       (!allocation->has_to || day.micros <= allocation->to.micros);
}

static bool
is_same_scope(const struct allocation *allocation,
    enum query_dimension dimension, struct text id)
{
	return allocation->dimension == dimension &&
	       text_equal(allocation->id, id);
}

/* The same where it is allocated at all. */
static bool
is_same(bool has_a, money_int a, bool has_b, money_int b)
{
	return has_a == has_b && (!has_a || a == b);
}

bool
allocation_equal(const struct allocation *a, const struct allocation *b)
{
	return is_same_scope(a, b->dimension, b->id) &&
	       a->from.micros == b->from.micros &&
	       is_same(a->has_to, a->to.micros, b->has_to, b->to.micros) &&
	       is_same(a->has_tokens, a->tokens, b->has_tokens, b->tokens) &&
	       is_same(a->has_cost, a->cost_usd.femto, b->has_cost,
		   b->cost_usd.femto) &&
	       is_same(a->has_tasks, a->tasks, b->has_tasks, b->tasks);
}

const struct allocation *
allocation_find(const struct allocation_list *list,
    enum query_dimension dimension, struct text id, struct when day)
{
	for (size_t i = list->count; i-- > 0;)
		if (allocation_holds(&list->items[i], day) &&
		    is_same_scope(&list->items[i], dimension, id))
			return &list->items[i];
	return NULL;
}
