#include "lib/core/run_stored.h"

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/core/run.h"
#include "lib/doc/node.h"

enum {
	MONEY_PLACES = 6, /* of money in usage.yaml */
};

static const char *const run_fields[] = { "run_index", "started_at",
	"completed_at", "duration_seconds", "snapshot_id", "workflows",
	"rollup", "per_bucket", NULL };
static const char *const workflow_fields[] = { "run_id", "workflow_id",
	"status", "stage_count", NULL };
static const char *const rollup_fields[] = { "total_calls",
	"total_prompt_tokens", "total_completion_tokens", "total_tokens",
	"total_cost_usd_known", "total_cost_usd_estimated", NULL };
static const char *const bucket_fields[] = { "workflow_id", "stage_id",
	"provider", "model", "calls", "prompt_tokens", "completion_tokens",
	"total_tokens", "cost_usd_known", "cost_usd_estimated", "cost_status",
	"cost_estimated_for_calls", NULL };

/* Counts of a bucket that stand there only where they are not zero. */
static const char *const cache_fields[] = { "cache_read_tokens",
	"cache_write_tokens", "cache_write_1h_tokens", "reasoning_tokens" };

enum { CACHE_FIELDS = 4 };

/* The same counts, in the order of their names. */
static void
cache_counts(int64_t counts[CACHE_FIELDS], const struct run_bucket *bucket)
{
	counts[0] = bucket->cache_read_tokens;
	counts[1] = bucket->cache_write_tokens;
	counts[2] = bucket->cache_write_1h_tokens;
	counts[3] = bucket->reasoning_tokens;
}

static void
put_text(struct arena *arena, struct node *map, const char *key,
    struct text text)
{
	node_put(arena, map, key, node_text(arena, text));
}

static void
put_count(struct arena *arena, struct node *map, const char *key, int64_t count)
{
	node_put(arena, map, key, node_int(arena, count));
}

static struct node *
money_node(struct arena *arena, struct money money)
{
	return node_float(arena,
	    money_double(money_round(money, MONEY_PLACES)));
}

static struct node *
workflows_node(struct arena *arena, const struct run *run)
{
	struct node *list = node_list(arena), *map;

	for (size_t i = 0; i < run->workflow_count; i++) {
		map = node_map(arena);
		put_text(arena, map, "run_id", run->workflows[i].run_id);
		put_text(arena, map, "workflow_id", run->workflows[i].id);
		put_text(arena, map, "status", run->workflows[i].status);
		put_count(arena, map, "stage_count",
		    run->workflows[i].stage_count);
		node_add(list, map);
	}
	return list;
}

static struct node *
rollup_node(struct arena *arena, const struct run_rollup *rollup)
{
	struct money estimated = money_round(rollup->estimated, MONEY_PLACES);
	struct node *map = node_map(arena);

	put_count(arena, map, "total_calls", rollup->calls);
	put_count(arena, map, "total_prompt_tokens", rollup->prompt_tokens);
	put_count(arena, map, "total_completion_tokens",
	    rollup->completion_tokens);
	put_count(arena, map, "total_tokens", rollup->total_tokens);
	node_put(arena, map, "total_cost_usd_known",
	    money_node(arena, rollup->known));
	node_put(arena, map, "total_cost_usd_estimated",
	    estimated.femto == 0 ? node_null(arena)
				 : money_node(arena, estimated));
	return map;
}

static struct node *
bucket_node(struct arena *arena, const struct run_bucket *bucket)
{
	struct node *map = node_map(arena);
	int64_t counts[CACHE_FIELDS];

	put_text(arena, map, "workflow_id", bucket->workflow);
	put_text(arena, map, "stage_id", bucket->stage);
	put_text(arena, map, "provider", bucket->provider);
	put_text(arena, map, "model", bucket->model);
	put_count(arena, map, "calls", bucket->calls);
	put_count(arena, map, "prompt_tokens", bucket->prompt_tokens);
	put_count(arena, map, "completion_tokens", bucket->completion_tokens);
	put_count(arena, map, "total_tokens", bucket->total_tokens);
	node_put(arena, map, "cost_usd_known",
	    money_node(arena, bucket->known));
	node_put(arena, map, "cost_usd_estimated",
	    bucket->estimated_calls == 0
		? node_null(arena)
		: money_node(arena, bucket->estimated));
	node_put(arena, map, "cost_status",
	    node_string(arena, run_cost_status(bucket)));
	put_count(arena, map, "cost_estimated_for_calls",
	    bucket->estimated_calls);
	cache_counts(counts, bucket);
	for (size_t i = 0; i < CACHE_FIELDS; i++)
		if (counts[i] != 0)
			put_count(arena, map, cache_fields[i], counts[i]);
	context_put(arena, map, &bucket->context);
	return map;
}

struct node *
run_stored_node(struct arena *arena, const struct run *run)
{
	struct node *map = node_map(arena), *buckets = node_list(arena);
	const struct run_bucket *bucket;
	struct node *dimensions;

	for (bucket = run->buckets; bucket; bucket = bucket->next)
		node_add(buckets, bucket_node(arena, bucket));
	put_count(arena, map, "run_index", run->index);
	put_text(arena, map, "started_at", run->started_at);
	put_text(arena, map, "completed_at", run->completed_at);
	node_put(arena, map, "duration_seconds",
	    run->has_duration ? node_float(arena, run->duration_seconds)
			      : node_null(arena));
	put_text(arena, map, "snapshot_id", run->snapshot_id);
	node_put(arena, map, "workflows", workflows_node(arena, run));
	node_put(arena, map, "rollup", rollup_node(arena, &run->rollup));
	node_put(arena, map, "per_bucket", buckets);
	if (!context_is_empty(&run->context)) {
		dimensions = node_map(arena);
		context_put(arena, dimensions, &run->context);
		node_put(arena, map, "dimensions", dimensions);
	}
	return map;
}

static int
read_text(struct text *out, const struct node *map, const char *key,
    struct error *err)
{
	return node_get_string(out, node_get(map, key), err);
}

static int
read_count(int64_t *out, const struct node *map, const char *key,
    struct error *err)
{
	return node_count(out, node_get(map, key), false, err);
}

static int
read_money(struct money *out, const struct node *map, const char *key,
    struct error *err)
{
	return node_money(out, node_get(map, key), false, err);
}

static int
read_workflows(struct run *run, struct arena *arena, const struct node *list,
    struct error *err)
{
	struct run_workflow *workflow;

	if (node_expect_list(list, err) < 0)
		return -1;
	if (node_is_null(list))
		return 0;
	run->workflows =
	    arena_array(arena, list->count, sizeof(*run->workflows));
	for (const struct node *item = list->first; item; item = item->next) {
		workflow = &run->workflows[run->workflow_count++];
		if (item->type != NODE_MAP)
			return node_error(err, item, "expected a mapping");
		if (read_text(&workflow->run_id, item, "run_id", err) < 0 ||
		    read_text(&workflow->id, item, "workflow_id", err) < 0 ||
		    read_text(&workflow->status, item, "status", err) < 0 ||
		    read_count(&workflow->stage_count, item, "stage_count",
			err) < 0)
			return -1;
	}
	return 0;
}

static int
read_rollup(struct run_rollup *rollup, const struct node *map,
    struct error *err)
{
	if (node_expect_map(map, err) < 0)
		return -1;
	if (read_count(&rollup->calls, map, "total_calls", err) < 0 ||
	    read_count(&rollup->prompt_tokens, map, "total_prompt_tokens",
		err) < 0 ||
	    read_count(&rollup->completion_tokens, map,
		"total_completion_tokens", err) < 0 ||
	    read_count(&rollup->total_tokens, map, "total_tokens", err) < 0 ||
	    read_money(&rollup->known, map, "total_cost_usd_known", err) < 0)
		return -1;
	return read_money(&rollup->estimated, map, "total_cost_usd_estimated",
	    err);
}

static int
read_bucket_counts(struct run_bucket *bucket, const struct node *map,
    struct error *err)
{
	struct {
		const char *name;
		int64_t *count;
	} const counts[] = {
		{ "calls", &bucket->calls },
		{ "prompt_tokens", &bucket->prompt_tokens },
		{ "completion_tokens", &bucket->completion_tokens },
		{ "total_tokens", &bucket->total_tokens },
		{ "cost_estimated_for_calls", &bucket->estimated_calls },
		{ "cache_read_tokens", &bucket->cache_read_tokens },
		{ "cache_write_tokens", &bucket->cache_write_tokens },
		{ "cache_write_1h_tokens", &bucket->cache_write_1h_tokens },
		{ "reasoning_tokens", &bucket->reasoning_tokens },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (read_count(counts[i].count, map, counts[i].name, err) < 0)
			return -1;
	return 0;
}

static int
read_bucket(struct run_bucket *bucket, const struct node *map,
    struct error *err)
{
	const struct node *status = node_get(map, "cost_status");
	struct text text;

	if (map->type != NODE_MAP)
		return node_error(err, map, "expected a mapping");
	if (read_text(&bucket->workflow, map, "workflow_id", err) < 0 ||
	    read_text(&bucket->stage, map, "stage_id", err) < 0 ||
	    read_text(&bucket->provider, map, "provider", err) < 0 ||
	    read_text(&bucket->model, map, "model", err) < 0 ||
	    node_get_string(&text, status, err) < 0 ||
	    read_bucket_counts(bucket, map, err) < 0 ||
	    read_money(&bucket->known, map, "cost_usd_known", err) < 0 ||
	    read_money(&bucket->estimated, map, "cost_usd_estimated", err) < 0)
		return -1;
	bucket->has_known = text_is(text, "known");
	if (status && !bucket->has_known && !text_is(text, "estimated") &&
	    !text_is(text, "unknown"))
		return node_error(err, status,
		    "expected known, estimated or unknown");
	context_read(&bucket->context, map);
	return 0;
}

static int
read_buckets(struct run *run, struct arena *arena, const struct node *list,
    struct error *err)
{
	struct run_bucket **end = &run->buckets;

	if (node_expect_list(list, err) < 0)
		return -1;
	if (node_is_null(list))
		return 0;
	for (const struct node *item = list->first; item; item = item->next) {
		*end = arena_alloc(arena, sizeof(**end));
		if (read_bucket(*end, item, err) < 0)
			return -1;
		end = &(*end)->next;
	}
	return 0;
}

int
run_stored_read(struct run *out, struct arena *arena, const struct node *stored,
    struct error *err)
{
	const struct node *duration = node_find(stored, "duration_seconds");
	const struct node *dimensions = node_get(stored, "dimensions");
	const struct node *rollup = node_get(stored, "rollup");

	*out = (struct run){ 0 };
	if (stored->type != NODE_MAP)
		return node_error(err, stored, "expected a run, a mapping");
	if (node_is_null(node_get(stored, "run_index")))
		return node_error(err, stored, "run_index is missing");
	out->has_duration = duration != NULL;
	if (read_count(&out->index, stored, "run_index", err) < 0 ||
	    read_text(&out->started_at, stored, "started_at", err) < 0 ||
	    read_text(&out->completed_at, stored, "completed_at", err) < 0 ||
	    node_double(&out->duration_seconds, duration, err) < 0 ||
	    read_text(&out->snapshot_id, stored, "snapshot_id", err) < 0 ||
	    read_rollup(&out->rollup, rollup, err) < 0 ||
	    node_expect_map(dimensions, err) < 0 ||
	    read_workflows(out, arena, node_get(stored, "workflows"), err) < 0)
		return -1;
	context_read(&out->context, dimensions);
	return read_buckets(out, arena, node_get(stored, "per_bucket"), err);
}

bool
run_stored_is_whole(const struct run *run)
{
	const struct run_bucket *bucket;
	int64_t calls = 0;

	for (bucket = run->buckets; bucket; bucket = bucket->next)
		if (__builtin_add_overflow(calls, bucket->calls, &calls))
			return false;
	return calls == run->rollup.calls;
}

/* Whether the map begins with these fields in this order. */
static bool
begins_with(const struct node *map, const char *const *fields)
{
	const struct node *child;

	if (!map || map->type != NODE_MAP)
		return false;
	child = map->first;
	for (; *fields; fields++, child = child->next)
		if (!child || !text_is(child->key, *fields))
			return false;
	return true;
}

static bool
all_begin_with(const struct node *list, const char *const *fields)
{
	if (!list || list->type != NODE_LIST)
		return false;
	for (const struct node *item = list->first; item; item = item->next)
		if (!begins_with(item, fields))
			return false;
	return true;
}

bool
run_stored_has_form(const struct node *stored)
{
	return begins_with(stored, run_fields) &&
	       all_begin_with(node_get(stored, "workflows"), workflow_fields) &&
	       begins_with(node_get(stored, "rollup"), rollup_fields) &&
	       all_begin_with(node_get(stored, "per_bucket"), bucket_fields);
}

/* Whether the map's fields are the first of these, in this order. */
static bool
follows(const struct node *map, const char *const *fields)
{
	if (node_is_null(map))
		return true;
	if (map->type != NODE_MAP)
		return false;
	for (const struct node *child = map->first; child && *fields;
	     child = child->next)
		if (!text_is(child->key, *fields++))
			return false;
	return true;
}

static bool
all_follow(const struct node *list, const char *const *fields)
{
	if (node_is_null(list))
		return true;
	for (const struct node *item = list->first; item; item = item->next)
		if (!follows(item, fields))
			return false;
	return true;
}

bool
run_stored_may_be_cut(const struct node *stored)
{
	return follows(stored, run_fields) &&
	       all_follow(node_get(stored, "workflows"), workflow_fields) &&
	       follows(node_get(stored, "rollup"), rollup_fields) &&
	       all_follow(node_get(stored, "per_bucket"), bucket_fields);
}

static struct node *arrange(struct arena *arena, const struct node *form,
    const struct node *stored);

/* What stands there, arranged as form is; form itself where nothing does. */
static struct node *
arrange_value(struct arena *arena, const struct node *form,
    const struct node *stored)
{
	const struct node *item, *item_form;
	struct node *list;

	if (!stored)
		return node_copy(arena, form);
	if (form->type != NODE_MAP && form->type != NODE_LIST)
		return node_copy(arena, stored);
	if (node_is_null(stored))
		return node_copy(arena, form);
	if (form->type == NODE_MAP)
		return arrange(arena, form, stored);
	list = node_list(arena);
	item_form = form->first;
	for (item = stored->first; item && item_form; item = item->next) {
		node_add(list, arrange(arena, item_form, item));
		item_form = item_form->next;
	}
	return list;
}

static struct node *
arrange(struct arena *arena, const struct node *form, const struct node *stored)
{
	struct node *map = node_map(arena);
	const struct node *child;

	for (child = form->first; child; child = child->next)
		node_put_text(arena, map, child->key,
		    arrange_value(arena, child,
			node_get_text(stored, child->key)));
	for (child = stored->first; child; child = child->next)
		if (!node_get_text(form, child->key))
			node_put_text(arena, map, child->key,
			    node_copy(arena, child));
	return map;
}

struct node *
run_stored_arrange(struct arena *arena, const struct node *stored,
    const struct run *run)
{
	return arrange(arena, run_stored_node(arena, run), stored);
}
