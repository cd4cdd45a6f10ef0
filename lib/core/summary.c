#include "lib/core/summary.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/core/variance.h"
#include "lib/doc/node.h"

enum {
	SCHEMA_VERSION = 1,
};

static const char *const fields[] = { "schema_version", "recorded_at",
	"run_index", "snapshot_id", "snapshot_resolved", "calls",
	"prompt_tokens", "total_tokens", "cost_usd", "per_workflow",
	"duration_seconds" };

static struct node *
count_node(struct arena *arena, const struct variance_count *count)
{
	struct node *map = node_map(arena);
	bool known = count->has_estimate;
	double ratio;

	node_put(arena, map, "estimated",
	    known ? node_int(arena, count->estimated) : node_null(arena));
	node_put(arena, map, "actual", node_int(arena, count->actual));
	node_put(arena, map, "delta",
	    known ? node_int(arena, variance_delta(count)) : node_null(arena));
	node_put(arena, map, "ratio",
	    variance_ratio(&ratio, count) ? node_float(arena, ratio)
					  : node_null(arena));
	return map;
}

static struct node *
cost_node(struct arena *arena, const struct variance_cost *cost)
{
	struct node *map = node_map(arena);
	bool known = cost->has_estimate;
	double ratio;

	node_put(arena, map, "estimated",
	    known ? node_float(arena, cost->estimated) : node_null(arena));
	node_put(arena, map, "actual_known",
	    node_float(arena, money_double(cost->known)));
	node_put(arena, map, "actual_estimated_from_rates",
	    node_float(arena, money_double(cost->from_rates)));
	node_put(arena, map, "actual_total",
	    node_float(arena, money_double(cost->total)));
	node_put(arena, map, "delta",
	    known ? node_float(arena, variance_cost_delta(cost))
		  : node_null(arena));
	node_put(arena, map, "ratio",
	    variance_cost_ratio(&ratio, cost) ? node_float(arena, ratio)
					      : node_null(arena));
	return map;
}

static struct node *
workflows_node(struct arena *arena, const struct variance *variance)
{
	const struct variance_workflow *workflow;
	struct node *list = node_list(arena), *map;

	for (size_t i = 0; i < variance->workflow_count; i++) {
		workflow = &variance->workflows[i];
		map = node_map(arena);
		node_put(arena, map, "workflow_id",
		    node_text(arena, workflow->id));
		node_put(arena, map, "calls",
		    count_node(arena, &workflow->calls));
		node_put(arena, map, "prompt_tokens_actual",
		    node_int(arena, workflow->prompt_tokens));
		node_put(arena, map, "prompt_words_estimate",
		    node_copy(arena, workflow->prompt_words));
		node_add(list, map);
	}
	return list;
}

struct node *
summary_node(struct arena *arena, const struct variance *variance)
{
	struct node *map = node_map(arena);

	node_put(arena, map, "schema_version", node_int(arena, SCHEMA_VERSION));
	node_put(arena, map, "recorded_at",
	    node_text(arena, variance->recorded_at));
	node_put(arena, map, "run_index", node_int(arena, variance->run_index));
	node_put(arena, map, "snapshot_id",
	    node_text(arena, variance->snapshot_id));
	node_put(arena, map, "snapshot_resolved",
	    node_bool(arena, variance->is_resolved));
	node_put(arena, map, "calls", count_node(arena, &variance->calls));
	node_put(arena, map, "prompt_tokens",
	    count_node(arena, &variance->prompt_tokens));
	node_put(arena, map, "total_tokens",
	    count_node(arena, &variance->total_tokens));
	node_put(arena, map, "cost_usd", cost_node(arena, &variance->cost));
	node_put(arena, map, "per_workflow", workflows_node(arena, variance));
	node_put(arena, map, "duration_seconds",
	    variance->has_duration
		? node_float(arena, variance->duration_seconds)
		: node_null(arena));
	return map;
}

static int
read_count(struct variance_count *out, const struct node *map, const char *key,
    struct error *err)
{
	const struct node *row = node_get(map, key);
	const struct node *estimated = node_find(row, "estimated");

	if (!row || row->type != NODE_MAP)
		return node_error(err, row ? row : map,
		    "expected a mapping of %s", key);
	out->has_estimate = estimated != NULL;
	if (node_count(&out->estimated, estimated, false, err) < 0)
		return -1;
	return node_count(&out->actual, node_get(row, "actual"), false, err);
}

static int
read_cost(struct variance_cost *out, const struct node *map, struct error *err)
{
	const struct node *row = node_get(map, "cost_usd");
	const struct node *estimated = node_find(row, "estimated");

	if (!row || row->type != NODE_MAP)
		return node_error(err, row ? row : map,
		    "expected a mapping of cost_usd");
	if (variance_set_estimate(out, estimated, err) < 0 ||
	    node_money(&out->known, node_get(row, "actual_known"), false, err) <
		0 ||
	    node_money(&out->from_rates,
		node_get(row, "actual_estimated_from_rates"), false, err) < 0)
		return -1;
	return node_money(&out->total, node_get(row, "actual_total"), false,
	    err);
}

static int
read_workflow(struct variance_workflow *out, const struct node *map,
    struct error *err)
{
	if (map->type != NODE_MAP)
		return node_error(err, map, "expected a mapping");
	out->prompt_words = node_find(map, "prompt_words_estimate");
	if (node_get_string(&out->id, node_get(map, "workflow_id"), err) < 0 ||
	    read_count(&out->calls, map, "calls", err) < 0)
		return -1;
	return node_count(&out->prompt_tokens,
	    node_get(map, "prompt_tokens_actual"), false, err);
}

static int
read_workflows(struct variance *out, struct arena *arena,
    const struct node *list, struct error *err)
{
	if (node_expect_list(list, err) < 0)
		return -1;
	if (node_is_null(list))
		return 0;
	out->workflows =
	    arena_array(arena, list->count, sizeof(*out->workflows));
	for (const struct node *item = list->first; item; item = item->next)
		if (read_workflow(&out->workflows[out->workflow_count++], item,
			err) < 0)
			return -1;
	return 0;
}

int
summary_read(struct variance *out, struct arena *arena,
    const struct node *stored, struct error *err)
{
	const struct node *duration = node_find(stored, "duration_seconds");

	*out = (struct variance){ 0 };
	if (stored->type != NODE_MAP)
		return node_error(err, stored, "expected a mapping");
	out->has_duration = duration != NULL;
	if (node_get_string(&out->recorded_at, node_get(stored, "recorded_at"),
		err) < 0 ||
	    node_count(&out->run_index, node_get(stored, "run_index"), false,
		err) < 0 ||
	    node_get_string(&out->snapshot_id, node_get(stored, "snapshot_id"),
		err) < 0 ||
	    node_truth(&out->is_resolved, node_get(stored, "snapshot_resolved"),
		err) < 0 ||
	    read_count(&out->calls, stored, "calls", err) < 0 ||
	    read_count(&out->prompt_tokens, stored, "prompt_tokens", err) < 0 ||
	    read_count(&out->total_tokens, stored, "total_tokens", err) < 0 ||
	    read_cost(&out->cost, stored, err) < 0 ||
	    node_double(&out->duration_seconds, duration, err) < 0)
		return -1;
	return read_workflows(out, arena, node_get(stored, "per_workflow"),
	    err);
}

bool
summary_has_field(struct text name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (text_is(name, fields[i]))
			return true;
	return false;
}

/* The item of a list whose workflow_id is id. */
static const struct node *
find_item(const struct node *list, struct text id)
{
	const struct node *item, *name;

	if (!list || list->type != NODE_LIST)
		return NULL;
	for (item = list->first; item; item = item->next) {
		name = node_find(item, "workflow_id");
		if (name && text_equal(name->text, id))
			return item;
	}
	return NULL;
}

/*
 * The item that a step `[id]` of the path names; *path is moved behind it.
 * An id may hold brackets and dots of its own, so every bracket that may end
 * it is tried.
 */
static const struct node *
take_item(const struct node *list, const char **path)
{
	const char *start = *path + 1, *end;
	const struct node *item = NULL;

	for (end = strchr(start, ']'); end && !item;
	     end = strchr(end + 1, ']')) {
		if (end[1] != '.' && end[1] != '\0')
			continue;
		item = find_item(list,
		    (struct text){ start, (size_t)(end - start) });
		*path = end + 1;
	}
	return item;
}

/* A step of the path, `name` or `[id]`, from node, likewise. */
static const struct node *
take_step(const struct node *node, const char **path)
{
	struct text name = { *path, strcspn(*path, ".[") };

	if (**path == '[')
		return take_item(node, path);
	*path += name.len;
	return node_get_text(node, name);
}

const struct node *
summary_find(const struct node *stored, const char *path)
{
	const struct node *node = stored;

	do {
		if (*path == '.' && node != stored)
			path++;
		node = take_step(node, &path);
	} while (node && *path != '\0');
	return node;
}
