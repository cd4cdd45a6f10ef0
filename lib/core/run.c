#include "lib/core/run.h"

#include <search.h>
#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/core/rates.h"
#include "lib/core/tier.h"
#include "lib/core/tokens.h"
#include "lib/doc/node.h"

/* A run while it is built. */
struct build {
	struct run *run;
	struct arena *arena;
	const struct run_means *means;
	void *index; /* the buckets by their key, as tsearch(3) keeps them */
	struct run_bucket **end; /* where the next bucket is linked */
	struct error *err;
};

static int
compare_buckets(const void *a, const void *b)
{
	const struct run_bucket *one = a, *other = b;
	int order;

	order = text_compare(one->workflow, other->workflow);
	if (order == 0)
		order = text_compare(one->stage, other->stage);
	if (order == 0)
		order = text_compare(one->provider, other->provider);
	if (order == 0)
		order = text_compare(one->model, other->model);
	if (order == 0)
		order = context_compare(&one->context, &other->context);
	return order;
}

/* The bucket of the key's fields, made where it is not there yet. */
static struct run_bucket *
find_bucket(struct build *build, const struct run_bucket *key)
{
	struct run_bucket **found, *bucket;

	found = tfind(key, &build->index, compare_buckets);
	if (found)
		return *found;
	bucket = arena_alloc(build->arena, sizeof(*bucket));
	*bucket = *key;
	if (!tsearch(bucket, &build->index, compare_buckets))
		arena_exhausted();
	*build->end = bucket;
	build->end = &bucket->next;
	return bucket;
}

static bool
add(int64_t *sum, int64_t count)
{
	return !__builtin_add_overflow(*sum, count, sum);
}

/* Add a call's tokens to its bucket. */
static int
add_tokens(struct run_bucket *bucket, const struct tokens *tokens,
    const struct node *place, struct error *err)
{
	int64_t prompt, total;

	if (tokens_prompt(&prompt, tokens) == 0 &&
	    tokens_total(&total, tokens) == 0 && add(&bucket->calls, 1) &&
	    add(&bucket->prompt_tokens, prompt) &&
	    add(&bucket->completion_tokens, tokens->output) &&
	    add(&bucket->total_tokens, total) &&
	    add(&bucket->cache_read_tokens, tokens->cache_read) &&
	    add(&bucket->cache_write_tokens, tokens->cache_write) &&
	    add(&bucket->cache_write_1h_tokens, tokens->cache_write_1h) &&
	    add(&bucket->reasoning_tokens, tokens->reasoning))
		return 0;
	return node_error(err, place, "the sum of tokens does not fit 64 bits");
}

/* Add a call's cost: the reported one, else what the rates say. */
static int
add_cost(struct build *build, struct run_bucket *bucket,
    const struct tokens *tokens, const struct node *place)
{
	struct money cost;
	bool priced;
	int result;

	if (tokens->has_cost) {
		bucket->has_known = true;
		result = money_add(&bucket->known, bucket->known, tokens->cost);
		return result == 0 ? 0
				   : node_error(build->err, place,
					 "the sum of costs does not fit");
	}
	if (rates_price(&cost, &priced, build->means->rates, bucket->model,
		build->means->at, tokens, build->err) < 0)
		return -1;
	if (!priced)
		return 0;
	bucket->estimated_calls++;
	if (money_add(&bucket->estimated, bucket->estimated, cost) < 0)
		return node_error(build->err, place,
		    "the sum of costs does not fit");
	return 0;
}

/* A missing string is the empty one. */
static int
read_name(struct text *out, const struct node *map, const char *name,
    struct error *err)
{
	if (node_get_string(out, node_get(map, name), err) < 0)
		return -1;
	if (!out->data)
		*out = TEXT("");
	return 0;
}

/* Fields of the record itself come before those of what it stands in. */
static void
read_context(struct context *out, const struct node *stage,
    const struct context *workflow)
{
	context_read(out, stage);
	for (size_t i = 0; i < CONTEXT_COUNT; i++)
		if (!out->value[i].data)
			out->value[i] = workflow->value[i];
}

/* A call that names no model is of its tier's. */
static void
fill_model(struct run_bucket *key, const struct run_means *means)
{
	struct text name = key->context.value[CONTEXT_TIER];
	const struct tier *tier;

	if (key->model.len > 0 || !means->tiers)
		return;
	tier = tier_find(means->tiers, name.len > 0 ? name : means->tier);
	if (tier && tier->model.data)
		key->model = tier->model;
}

static int
build_stage(struct build *build, const struct node *stage,
    const struct run_workflow *workflow, const struct context *context)
{
	const struct node *metadata = node_get(stage, "metadata");
	struct run_bucket key = { .workflow = workflow->id }, *bucket;
	const struct node *usage = node_get(metadata, "usage");
	struct error *err = build->err;
	struct tokens tokens;

	if (stage->type != NODE_MAP)
		return node_error(err, stage, "expected a stage, a mapping");
	if (read_name(&key.stage, stage, "stage_id", err) < 0 ||
	    read_name(&key.provider, stage, "provider", err) < 0 ||
	    node_expect_map(metadata, err) < 0 ||
	    read_name(&key.model, metadata, "model", err) < 0 ||
	    tokens_read(&tokens, usage, err) < 0)
		return -1;
	if (key.provider.len == 0)
		return 0;
	read_context(&key.context, stage, context);
	fill_model(&key, build->means);
	bucket = find_bucket(build, &key);
	if (add_tokens(bucket, &tokens, stage, err) < 0)
		return -1;
	return add_cost(build, bucket, &tokens, stage);
}

static int
build_workflow(struct build *build, const struct node *result)
{
	struct run_workflow *workflow =
	    &build->run->workflows[build->run->workflow_count];
	const struct node *stages = node_get(result, "stages");
	struct context context;

	if (result->type != NODE_MAP)
		return node_error(build->err, result,
		    "expected a workflow result, a mapping");
	if (node_get_string(&workflow->run_id, node_get(result, "run_id"),
		build->err) < 0 ||
	    read_name(&workflow->id, result, "workflow_id", build->err) < 0 ||
	    node_get_string(&workflow->status, node_get(result, "status"),
		build->err) < 0 ||
	    node_expect_list(stages, build->err) < 0)
		return -1;
	build->run->workflow_count++;
	context_read(&context, result);
	if (node_is_null(stages))
		return 0;
	workflow->stage_count = (int64_t)stages->count;
	for (const struct node *stage = stages->first; stage;
	     stage = stage->next)
		if (build_stage(build, stage, workflow, &context) < 0)
			return -1;
	return 0;
}

static int
add_up(struct run *run, const struct node *place, struct error *err)
{
	struct run_rollup *sum = &run->rollup;
	const struct run_bucket *bucket;

	for (bucket = run->buckets; bucket; bucket = bucket->next) {
		if (!add(&sum->calls, bucket->calls) ||
		    !add(&sum->prompt_tokens, bucket->prompt_tokens) ||
		    !add(&sum->completion_tokens, bucket->completion_tokens) ||
		    !add(&sum->total_tokens, bucket->total_tokens))
			return node_error(err, place,
			    "the sum of tokens does not fit 64 bits");
		if (money_add(&sum->known, sum->known, bucket->known) < 0 ||
		    money_add(&sum->estimated, sum->estimated,
			bucket->estimated) < 0)
			return node_error(err, place,
			    "the sum of costs does not fit");
	}
	return 0;
}

static void
leave_node(void *bucket)
{
	(void)bucket; /* The arena has it. */
}

int
run_build(struct run *out, struct arena *arena, const struct node *results,
    const struct run_means *means, struct error *err)
{
	struct build build = { out, arena, means, NULL, &out->buckets, err };
	struct node alone = { .type = NODE_LIST };
	const struct node *list = results, *result;
	int status = 0;

	*out = (struct run){ 0 };
	if (results->type == NODE_MAP) {
		alone.first = alone.last = node_copy(arena, results);
		alone.count = 1;
		list = &alone;
	} else if (results->type != NODE_LIST) {
		return node_error(err, results,
		    "expected a list of workflow results");
	}
	out->workflows =
	    arena_array(arena, list->count, sizeof(*out->workflows));
	for (result = list->first; result && status == 0; result = result->next)
		status = build_workflow(&build, result);
	tdestroy(build.index, leave_node);
	return status < 0 ? -1 : add_up(out, results, err);
}

int64_t
run_unpriced_calls(const struct run *run)
{
	const struct run_bucket *bucket;
	int64_t calls = 0;

	for (bucket = run->buckets; bucket; bucket = bucket->next)
		if (!bucket->has_known && bucket->estimated_calls == 0)
			calls += bucket->calls;
	return calls;
}

bool
run_is_same(const struct run *a, const struct run *b)
{
	if (a->workflow_count == 0 || a->workflow_count != b->workflow_count)
		return false;
	for (size_t i = 0; i < a->workflow_count; i++)
		if (!a->workflows[i].run_id.data ||
		    !text_equal(a->workflows[i].run_id, b->workflows[i].run_id))
			return false;
	return true;
}

const char *
run_cost_status(const struct run_bucket *bucket)
{
	if (bucket->has_known)
		return "known";
	return bucket->estimated_calls > 0 ? "estimated" : "unknown";
}
