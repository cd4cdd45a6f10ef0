#include "lib/core/tokens.h"

#include <inttypes.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/core/shape.h"
#include "lib/doc/node.h"

/*
 * Take a part out of what is left of a whole.  One that does not fit is a
 * contradiction, and is said at the part's place.
 */
static int
take(int64_t *left, const struct shape_count *part,
    const struct shape_count *whole, struct error *err)
{
	if (part->value > whole->value)
		return node_error(err, part->node,
		    "%" PRId64 " is more than the %s of %" PRId64, part->value,
		    whole->path, whole->value);
	if (part->value > *left)
		return node_error(err, part->node,
		    "%" PRId64 " is more than the %" PRId64
		    " that other parts leave of the %s of %" PRId64,
		    part->value, *left, whole->path, whole->value);
	*left -= part->value;
	return 0;
}

/*
 * The lifetimes need not make up the sum; what has none of its own is counted
 * as short-lived, the cheaper of the two.
 */
static int
split_writes(struct tokens *out, const struct shape_counts *c,
    struct error *err)
{
	int64_t left = c->write.value;

	if (take(&left, &c->write_5m, &c->write, err) < 0 ||
	    take(&left, &c->write_1h, &c->write, err) < 0)
		return -1;
	out->cache_write_1h = c->write_1h.value;
	out->cache_write = c->write.value - c->write_1h.value;
	return 0;
}

/*
 * Where the prompt is a total the caches' parts come off it, once each.
 * Elsewhere the three are apart already, and reads far beyond the input are
 * the normal case.  What a provider counts as missed by the cache wins over
 * the remainder (DeepSeek).
 */
static int
split_prompt(struct tokens *out, const struct shape *shape,
    const struct shape_counts *c, struct error *err)
{
	int64_t left = c->input.value;

	out->cache_read = c->read.value;
	if (shape->is_inclusive &&
	    (take(&left, &c->read, &c->input, err) < 0 ||
		take(&left, &c->write, &c->input, err) < 0))
		return -1;
	if (c->uncached.value != 0) {
		if (take(&left, &c->uncached, &c->input, err) < 0)
			return -1;
		left = c->uncached.value;
	}
	out->input = left;
	return shape_add(&out->input, c->tool.value, c->tool.node, err);
}

/* A sum that does not fit is no total that anybody wrote. */
static bool
is_sum(int64_t total, int64_t a, int64_t b, int64_t c)
{
	int64_t sum;

	return !__builtin_add_overflow(a, b, &sum) &&
	       !__builtin_add_overflow(sum, c, &sum) && sum == total;
}

/*
 * Whether reasoning is to be added to the output.  A total that adds up in one
 * way alone overrules the habit of the shape: some models of Gemini count
 * thoughts among the candidates, and xAI writes OpenAI's shape but leaves
 * reasoning out of completion_tokens.
 */
static bool
is_beside(const struct shape *shape, const struct shape_counts *c)
{
	int64_t total = c->total.value;

	if (!shape->is_beside)
		return is_sum(total, c->input.value, c->output.value,
		    c->reasoning.value);
	return total == 0 ||
	       !is_sum(total, c->input.value, c->tool.value, c->output.value);
}

static int
split_output(struct tokens *out, const struct shape *shape,
    const struct shape_counts *c, struct error *err)
{
	int64_t left = c->output.value;

	out->output = c->output.value;
	out->reasoning = c->reasoning.value;
	if (is_beside(shape, c))
		return shape_add(&out->output, out->reasoning,
		    c->reasoning.node, err);
	return take(&left, &c->reasoning, &c->output, err);
}

/* Callers add measures up; that each object's fit spares them the doubt. */
static int
check_total(const struct tokens *tokens, const struct node *node,
    struct error *err)
{
	int64_t total;

	if (tokens_total(&total, tokens) == 0)
		return 0;
	return node_error(err, node,
	    "the total of the tokens does not fit in 64 bits");
}

/* The counts of one object, without those of its iterations. */
static int
read_counts(struct tokens *out, const struct shape *shape,
    const struct node *usage, struct error *err)
{
	struct shape_counts counts;

	if (shape_read(&counts, shape, usage, err) < 0 ||
	    split_writes(out, &counts, err) < 0 ||
	    split_prompt(out, shape, &counts, err) < 0 ||
	    split_output(out, shape, &counts, err) < 0)
		return -1;
	return check_total(out, usage, err);
}

static int
add_tokens(struct tokens *sum, const struct tokens *t, const struct node *node,
    struct error *err)
{
	if (shape_add(&sum->input, t->input, node, err) < 0 ||
	    shape_add(&sum->cache_read, t->cache_read, node, err) < 0 ||
	    shape_add(&sum->cache_write, t->cache_write, node, err) < 0 ||
	    shape_add(&sum->cache_write_1h, t->cache_write_1h, node, err) < 0 ||
	    shape_add(&sum->output, t->output, node, err) < 0 ||
	    shape_add(&sum->reasoning, t->reasoning, node, err) < 0)
		return -1;
	return check_total(sum, node, err);
}

/*
 * The top level has the tokens of messages, not of compactions.  Whether it
 * has those of other iterations is not known: they are left out.
 */
static int
read_iterations(struct tokens *out, const struct shape *shape,
    const struct node *list, struct error *err)
{
	if (node_expect_list(list, err) < 0)
		return -1;
	for (const struct node *n = list ? list->first : NULL; n; n = n->next) {
		struct tokens more = { 0 };
		struct text type;

		if (node_expect_map(n, err) < 0 ||
		    node_get_string(&type, node_get(n, "type"), err) < 0)
			return -1;
		if (!text_is(type, "compaction"))
			continue;
		if (read_counts(&more, shape, n, err) < 0 ||
		    add_tokens(out, &more, n, err) < 0)
			return -1;
	}
	return 0;
}

/*
 * A cost of 0 is a cost: only null and absence say that none was reported.
 * With a key of the caller's own, OpenRouter's `cost` is its fee alone, and
 * the provider's bill comes on top.
 */
static int
read_cost(struct tokens *out, const struct node *usage, struct error *err)
{
	const struct node *cost = node_find(usage, "cost");
	const struct node *details = node_find(usage, "cost_details");
	const struct node *upstream = NULL;
	struct money paid;
	bool is_byok;

	if (node_find(cost, "total_cost"))
		cost = node_find(cost, "total_cost");
	if (node_truth(&is_byok, node_get(usage, "is_byok"), err) < 0 ||
	    node_expect_map(details, err) < 0)
		return -1;
	if (is_byok)
		upstream = node_find(details, "upstream_inference_cost");
	if (node_money(&out->cost, cost, true, err) < 0 ||
	    node_money(&paid, upstream, true, err) < 0)
		return -1;
	out->has_cost = cost || upstream;
	if (money_add(&out->cost, out->cost, paid) < 0)
		return node_error(err, upstream,
		    "the sum with the cost does not fit");
	return 0;
}

/* The cost is not the shape's: OpenRouter puts it into several. */
int
tokens_read(struct tokens *out, const struct node *usage, struct error *err)
{
	struct tokens tokens = { 0 };
	const struct shape *shape;

	if (node_expect_map(usage, err) < 0)
		return -1;
	shape = shape_choose(usage);
	if (read_counts(&tokens, shape, usage, err) < 0 ||
	    read_cost(&tokens, usage, err) < 0)
		return -1;
	if (shape->iterations &&
	    read_iterations(&tokens, shape, node_find(usage, shape->iterations),
		err) < 0)
		return -1;
	*out = tokens;
	return 0;
}

/* Ollama writes its counts into the last body itself. */
static bool
is_ollama(const struct node *body)
{
	const struct node *done = node_find(body, "done");

	return done && done->type == NODE_BOOL && done->truth &&
	       (node_find(body, "eval_count") ||
		   node_find(body, "prompt_eval_count"));
}

/*
 * The body itself comes first, so that what a caller put into `metadata` is
 * not taken for the provider's word.
 */
const struct node *
tokens_find(const struct node *body)
{
	static const char *const wrappers[] = { "response", "message",
		"metadata" };
	static const char *const names[] = { "usage", "usageMetadata",
		"usage_metadata" };
	const struct node *node = body;

	for (size_t i = 0;; i++) {
		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++)
			if (node_find(node, names[j]))
				return node_find(node, names[j]);
		if (i == sizeof(wrappers) / sizeof(wrappers[0]))
			return is_ollama(body) ? body : NULL;
		node = node_find(body, wrappers[i]);
	}
}

struct node *
tokens_overlay(struct arena *arena, const struct node *start,
    const struct node *delta)
{
	struct node *out;

	/* What is no map is handed on, for tokens_read to complain of. */
	if (node_is_null(delta) ||
	    (!node_is_null(start) && start->type != NODE_MAP))
		return node_copy(arena, start);
	if (node_is_null(start) || delta->type != NODE_MAP)
		return node_copy(arena, delta);

	/* What is wrong with the whole is said at the place of the start. */
	out = node_map(arena);
	out->file = start->file;
	out->line = start->line;
	out->column = start->column;
	for (const struct node *n = start->first; n; n = n->next) {
		const struct node *newer = node_get_text(delta, n->key);

		node_put_text(arena, out, n->key,
		    node_copy(arena, node_is_null(newer) ? n : newer));
	}
	for (const struct node *n = delta->first; n; n = n->next)
		if (!node_get_text(start, n->key))
			node_put_text(arena, out, n->key, node_copy(arena, n));
	return out;
}

int
tokens_prompt(int64_t *out, const struct tokens *tokens)
{
	int64_t sum;

	if (__builtin_add_overflow(tokens->input, tokens->cache_read, &sum) ||
	    __builtin_add_overflow(sum, tokens->cache_write, &sum) ||
	    __builtin_add_overflow(sum, tokens->cache_write_1h, &sum))
		return -1;
	*out = sum;
	return 0;
}

int
tokens_total(int64_t *out, const struct tokens *tokens)
{
	int64_t sum;

	if (tokens_prompt(&sum, tokens) < 0 ||
	    __builtin_add_overflow(sum, tokens->output, &sum))
		return -1;
	*out = sum;
	return 0;
}
