#include "lib/core/plan.h"

#include <sha2.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"

#define ID_DIGITS 12 /* of the fingerprint in hex */

enum {
	SNAPSHOT_DEPTH = 3, /* the document, its list, the snapshot */
};

enum kind {
	TEXT_FIELD, /* a string, or null */
	SCALAR_FIELD, /* a string or a number, or null */
	COUNT_FIELD, /* a whole number, or null */
	AMOUNT_FIELD, /* a number, not negative, or null */
	LIST_FIELD, /* of strings and numbers; missing: [] */
	WORKFLOWS_FIELD,
	FLAG_FIELD, /* missing or null: false */
};

struct field {
	const char *name;
	enum kind kind;
	bool in_id; /* part of the fingerprint */
};

/* The fields of a snapshot behind `filters`, in the order they are stored. */
static const struct field fields[] = {
	{ "selected_chunk_count", COUNT_FIELD, true },
	{ "selected_chunk_ids", LIST_FIELD, true },
	{ "selected_chapter_numbers", LIST_FIELD, true },
	{ "per_workflow", WORKFLOWS_FIELD, false },
	{ "total_provider_calls_estimate", COUNT_FIELD, true },
	{ "total_prompt_tokens_estimate", COUNT_FIELD, true },
	{ "total_prompt_words_estimate", AMOUNT_FIELD, false },
	{ "estimated_cost_usd", AMOUNT_FIELD, true },
	{ "cost_per_1k_tokens", AMOUNT_FIELD, true },
	{ "max_calls", COUNT_FIELD, true },
	{ "cost_cap", AMOUNT_FIELD, true },
	{ "exceeds_max_calls", FLAG_FIELD, false },
	{ "exceeds_cost_cap", FLAG_FIELD, false },
};

static const struct field filters[] = {
	{ "stage", TEXT_FIELD, true },
	{ "chapter_filter", SCALAR_FIELD, true },
	{ "chunk_filter", SCALAR_FIELD, true },
	{ "from_chapter", SCALAR_FIELD, true },
	{ "to_chapter", SCALAR_FIELD, true },
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static int
check_amount(const struct node *node, struct error *err)
{
	double value = 0;

	if (node_double(&value, node, err) < 0)
		return -1;
	if (value < 0)
		return node_error(err, node, "must not be negative");
	return 0;
}

static int
check_scalar(const struct node *node, struct error *err)
{
	double value;

	if (node_is_null(node) || node->type == NODE_STRING)
		return 0;
	if (node->type == NODE_INT || node->type == NODE_FLOAT)
		return node_double(&value, node, err);
	return node_error(err, node, "expected a string or a number");
}

static int
check_list(const struct node *node, struct error *err)
{
	if (node_expect_list(node, err) < 0)
		return -1;
	if (!node)
		return 0;
	for (const struct node *item = node->first; item; item = item->next) {
		if (node_is_null(item))
			return node_error(err, item,
			    "expected a string or a number, got null");
		if (check_scalar(item, err) < 0)
			return -1;
	}
	return 0;
}

/* What is stored must be read again, where it stands deeper than here. */
static int
check_depth(const struct node *node, int levels, struct error *err)
{
	if (node->type != NODE_LIST && node->type != NODE_MAP)
		return 0;
	if (levels == 0)
		return node_error(err, node, "is nested too deep to be stored");
	for (const struct node *child = node->first; child; child = child->next)
		if (check_depth(child, levels - 1, err) < 0)
			return -1;
	return 0;
}

static int
check_workflow(const struct node *workflow, struct error *err)
{
	struct text id;
	int64_t calls;

	if (workflow->type != NODE_MAP)
		return node_error(err, workflow, "expected a mapping");
	if (node_get_string(&id, node_get(workflow, "workflow_id"), err) < 0 ||
	    node_count(&calls, node_get(workflow, "calls"), false, err) < 0)
		return -1;
	return check_amount(node_get(workflow, "prompt_words_estimate"), err);
}

static int
check_workflows(const struct node *node, struct error *err)
{
	if (node_expect_list(node, err) < 0)
		return -1;
	if (!node)
		return 0;
	if (check_depth(node, NODE_MAX_DEPTH - SNAPSHOT_DEPTH, err) < 0)
		return -1;
	for (const struct node *item = node->first; item; item = item->next)
		if (check_workflow(item, err) < 0)
			return -1;
	return 0;
}

static int
check_field(const struct node *node, enum kind kind, struct error *err)
{
	struct text text;
	int64_t count;
	bool truth;

	switch (kind) {
	case TEXT_FIELD:
		return node_get_string(&text, node, err);
	case SCALAR_FIELD:
		return check_scalar(node, err);
	case COUNT_FIELD:
		return node_count(&count, node, false, err);
	case AMOUNT_FIELD:
		return check_amount(node, err);
	case LIST_FIELD:
		return check_list(node, err);
	case WORKFLOWS_FIELD:
		return check_workflows(node, err);
	case FLAG_FIELD:
		return node_truth(&truth, node, err);
	}
	return 0;
}

/* What is stored for a field that may be missing. */
static struct node *
stored_form(struct arena *arena, const struct node *given, enum kind kind)
{
	if (!node_is_null(given))
		return node_copy(arena, given);
	if (kind == FLAG_FIELD)
		return node_bool(arena, false);
	if (kind == LIST_FIELD || kind == WORKFLOWS_FIELD)
		return node_list(arena);
	return node_null(arena);
}

static int
check_fields(const struct node *summary, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(filters); i++)
		if (check_field(node_get(summary, filters[i].name),
			filters[i].kind, err) < 0)
			return -1;
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (check_field(node_get(summary, fields[i].name),
			fields[i].kind, err) < 0)
			return -1;
	return 0;
}

static struct node *
make_filters(struct arena *arena, const struct node *summary)
{
	struct node *map = node_map(arena);

	for (size_t i = 0; i < COUNT_OF(filters); i++)
		node_put(arena, map, filters[i].name,
		    node_copy(arena, node_get(summary, filters[i].name)));
	return map;
}

/* The first 12 hex digits of the SHA-256 of the JSON of what was planned. */
static struct node *
fingerprint(struct arena *arena, const struct node *summary)
{
	struct node *map = node_map(arena);
	struct buf json = BUF_INIT;
	char hex[SHA256_DIGEST_STRING_LENGTH];

	node_put(arena, map, "stage",
	    node_copy(arena, node_get(summary, "stage")));
	node_put(arena, map, "filters", make_filters(arena, summary));
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (fields[i].in_id)
			node_put(arena, map, fields[i].name,
			    node_copy(arena,
				node_get(summary, fields[i].name)));
	json_write_python(&json, map);
	SHA256Data((const uint8_t *)json.text, json.len, hex);
	buf_release(&json);
	hex[ID_DIGITS] = '\0';
	return node_string(arena, hex);
}

int
plan_snapshot(struct node **out, struct arena *arena,
    const struct node *summary, struct when recorded_at, struct error *err)
{
	struct buf time = BUF_INIT;
	struct node *map;

	if (summary->type != NODE_MAP)
		return node_error(err, summary,
		    "expected a plan summary, a mapping");
	if (check_fields(summary, err) < 0)
		return -1;
	map = node_map(arena);
	when_yaml(&time, recorded_at);
	node_put(arena, map, "snapshot_id", fingerprint(arena, summary));
	node_put(arena, map, "recorded_at", node_string(arena, time.text));
	node_put(arena, map, "stage",
	    node_copy(arena, node_get(summary, "stage")));
	node_put(arena, map, "filters", make_filters(arena, summary));
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		node_put(arena, map, fields[i].name,
		    stored_form(arena, node_get(summary, fields[i].name),
			fields[i].kind));
	buf_release(&time);
	*out = map;
	return 0;
}

static int
compare_workflows(const void *a, const void *b)
{
	const struct plan_workflow *one = a, *other = b;

	return text_compare(one->id, other->id);
}

/* Put those of one id together, which adds their calls up. */
static int
merge_workflows(struct plan *plan, const struct node *place, struct error *err)
{
	struct plan_workflow *workflows = plan->workflows;
	size_t kept = 0;

	for (size_t i = 0; i < plan->workflow_count; i++) {
		if (kept == 0 ||
		    !text_equal(workflows[kept - 1].id, workflows[i].id)) {
			workflows[kept++] = workflows[i];
			continue;
		}
		if (__builtin_add_overflow(workflows[kept - 1].calls,
			workflows[i].calls, &workflows[kept - 1].calls))
			return node_error(err, place,
			    "the calls of a workflow do not fit 64 bits");
		if (!workflows[kept - 1].prompt_words)
			workflows[kept - 1].prompt_words =
			    workflows[i].prompt_words;
	}
	plan->workflow_count = kept;
	return 0;
}

static int
read_workflows(struct plan *plan, struct arena *arena, const struct node *list,
    struct error *err)
{
	struct plan_workflow *workflow;

	if (check_workflows(list, err) < 0)
		return -1;
	if (node_is_null(list))
		return 0;
	plan->workflows =
	    arena_array(arena, list->count, sizeof(*plan->workflows));
	for (const struct node *item = list->first; item; item = item->next) {
		workflow = &plan->workflows[plan->workflow_count];
		if (node_get_string(&workflow->id,
			node_get(item, "workflow_id"), err) < 0 ||
		    node_count(&workflow->calls, node_get(item, "calls"), false,
			err) < 0)
			return -1;
		workflow->prompt_words =
		    node_find(item, "prompt_words_estimate");
		if (workflow->id.len > 0)
			plan->workflow_count++;
	}
	qsort(plan->workflows, plan->workflow_count, sizeof(*plan->workflows),
	    compare_workflows);
	return merge_workflows(plan, list, err);
}

int
plan_read(struct plan *out, struct arena *arena, const struct node *snapshot,
    struct error *err)
{
	const struct node *cost = node_find(snapshot, "estimated_cost_usd");

	*out = (struct plan){ 0 };
	if (snapshot->type != NODE_MAP)
		return node_error(err, snapshot, "expected a mapping");
	if (node_get_string(&out->id, node_get(snapshot, "snapshot_id"), err) <
		0 ||
	    node_count(&out->calls,
		node_get(snapshot, "total_provider_calls_estimate"), false,
		err) < 0 ||
	    node_count(&out->prompt_tokens,
		node_get(snapshot, "total_prompt_tokens_estimate"), false,
		err) < 0 ||
	    check_amount(cost, err) < 0)
		return -1;
	out->cost_usd = cost;
	return read_workflows(out, arena, node_get(snapshot, "per_workflow"),
	    err);
}

/*
 * Whether a number of the snapshot is above another, both there: exactly, and
 * by the doubles where one is too large for that.
 */
static bool
is_above(const struct node *snapshot, const char *name, const char *limit)
{
	const struct node *value = node_find(snapshot, name);
	const struct node *most = node_find(snapshot, limit);
	struct money exact, most_exact;
	struct error ignored;
	double a = 0, b = 0;

	if (!value || !most)
		return false;
	if (node_money(&exact, value, false, &ignored) == 0 &&
	    node_money(&most_exact, most, false, &ignored) == 0)
		return money_compare(exact, most_exact) > 0;
	return node_double(&a, value, &ignored) == 0 &&
	       node_double(&b, most, &ignored) == 0 && a > b;
}

static bool
is_set(const struct node *snapshot, const char *name)
{
	const struct node *flag = node_find(snapshot, name);

	return flag && flag->truth;
}

struct plan_excess
plan_excess_of(const struct node *snapshot)
{
	struct plan_excess excess;

	excess.calls =
	    is_set(snapshot, "exceeds_max_calls") ||
	    is_above(snapshot, "total_provider_calls_estimate", "max_calls");
	excess.cost = is_set(snapshot, "exceeds_cost_cap") ||
		      is_above(snapshot, "estimated_cost_usd", "cost_cap");
	return excess;
}
