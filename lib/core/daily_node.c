#include "lib/core/daily_node.h"

#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/core/allocation.h"
#include "lib/core/daily.h"
#include "lib/doc/node.h"

/* The fields of a row, and where those of its figures begin and end. */
static const char *const fields[] = {
	"day",
	"scope",
	"id",
	"allocated_tokens",
	"actual_tokens",
	"variance_tokens",
	"variance_pct",
	"baseline",
	"allocated_cost_usd",
	"actual_cost_usd",
	"variance_cost_usd",
	"cost_variance_pct",
	"cost_baseline",
	"tasks",
	"over",
	"alerts",
	"attribution",
	"alert_emitted_at",
	"proposal",
};

enum {
	FIGURES_FIRST = 3,
	FIGURES_END = 14,
	FIELDS = sizeof(fields) / sizeof(fields[0]),
};

static void
put(struct arena *arena, struct node *map, const char *name, struct node *value)
{
	node_put(arena, map, name, value);
}

static struct node *
maybe_float(struct arena *arena, bool has_value, double value)
{
	return has_value ? node_float(arena, value) : node_null(arena);
}

static struct node *
time_node(struct arena *arena, struct when when, enum daily_node_form form)
{
	struct buf text = BUF_INIT;
	struct node *node;

	if (form == DAILY_NODE_YAML)
		return node_time(arena, when);
	when_json(&text, when);
	node = node_string(arena, text.text);
	buf_release(&text);
	return node;
}

/* A time as it is stored, in the form that is wanted. */
static struct node *
stored_time_node(struct arena *arena, struct text text,
    enum daily_node_form form)
{
	struct when when;

	if (text.data && when_parse(&when, text.data, text.len) == 0)
		return time_node(arena, when, form);
	return node_text(arena, text);
}

static struct node *
names_node(struct arena *arena, const struct text *names, size_t count)
{
	struct node *list = node_list(arena);

	if (count > ATTRIBUTION_ITEMS)
		count = ATTRIBUTION_ITEMS;
	for (size_t i = 0; i < count; i++)
		node_add(list, node_text(arena, names[i]));
	return list;
}

static void
put_quota(struct arena *arena, struct node *map,
    const struct attribution_part *part, enum daily_node_form form)
{
	put(arena, map, "records", node_int(arena, part->records));
	put(arena, map, "first_at", time_node(arena, part->first, form));
	put(arena, map, "accounts",
	    names_node(arena, part->accounts, part->account_count));
	put(arena, map, "models",
	    names_node(arena, part->models, part->model_count));
}

static void
put_retries(struct arena *arena, struct node *map,
    const struct attribution_part *part)
{
	struct node *list = node_list(arena), *task;

	put(arena, map, "retries", node_int(arena, part->records));
	put(arena, map, "tasks", node_int(arena, (int64_t)part->item_total));
	for (size_t i = 0; i < part->item_count; i++) {
		const struct attribution_item *item = &part->items[i];

		task = node_map(arena);
		put(arena, task, "task", node_text(arena, item->name));
		put(arena, task, "retries", node_int(arena, item->retries));
		put(arena, task, "tokens", node_int(arena, item->tokens));
		put(arena, task, "cost_usd",
		    node_amount(arena, item->cost_usd));
		node_add(list, task);
	}
	put(arena, map, "worst", list);
}

static void
put_fanout(struct arena *arena, struct node *map,
    const struct attribution_part *part)
{
	put(arena, map, "tasks", node_int(arena, part->tasks));
	put(arena, map, "allocated",
	    part->has_planned ? node_int(arena, part->planned)
			      : node_null(arena));
	put(arena, map, "baseline_mean", node_float(arena, part->mean_tasks));
	put(arena, map, "tokens_a_task",
	    node_float(arena, part->tokens_a_task));
	put(arena, map, "cost_usd_a_task",
	    node_amount(arena, part->cost_a_task));
}

static void
put_mix(struct arena *arena, struct node *map,
    const struct attribution_part *part)
{
	struct node *list = node_list(arena), *model;

	put(arena, map, "moved", node_float(arena, part->moved));
	put(arena, map, "models_total",
	    node_int(arena, (int64_t)part->item_total));
	for (size_t i = 0; i < part->item_count; i++) {
		const struct attribution_item *item = &part->items[i];

		model = node_map(arena);
		put(arena, model, "model", node_text(arena, item->name));
		put(arena, model, "share_before",
		    node_float(arena, item->before));
		put(arena, model, "share", node_float(arena, item->after));
		put(arena, model, "usd_per_mtok",
		    maybe_float(arena, item->has_price, item->price));
		node_add(list, model);
	}
	put(arena, map, "models", list);
	put(arena, map, "usd_per_mtok_before",
	    node_float(arena, part->price_before));
	put(arena, map, "usd_per_mtok", node_float(arena, part->price_after));
	put(arena, map, "cost_usd_at_mix_before",
	    node_amount(arena, part->cost_before));
	put(arena, map, "cheapest",
	    node_text(arena, part->has_cheapest ? part->cheapest : TEXT_NULL));
	put(arena, map, "cost_usd_at_cheapest",
	    part->has_cheapest ? node_amount(arena, part->cost_cheapest)
			       : node_null(arena));
}

static struct node *
detail_node(struct arena *arena, const struct attribution_part *part,
    enum daily_node_form form)
{
	struct node *map = node_map(arena);

	switch (part->code) {
	case ATTRIBUTION_QUOTA_EXHAUST:
		put_quota(arena, map, part, form);
		break;
	case ATTRIBUTION_RETRY_STORM:
		put_retries(arena, map, part);
		break;
	case ATTRIBUTION_FANOUT:
		put_fanout(arena, map, part);
		break;
	case ATTRIBUTION_MODEL_MIX_SHIFT:
		put_mix(arena, map, part);
		break;
	case ATTRIBUTION_UNKNOWN:
		break;
	}
	return map;
}

static struct node *
part_node(struct arena *arena, const struct attribution_part *part,
    enum daily_node_form form)
{
	struct node *map = node_map(arena);

	put(arena, map, "code",
	    node_string(arena, attribution_name(part->code)));
	put(arena, map, "tokens",
	    part->has_tokens ? node_int(arena, part->tokens)
			     : node_null(arena));
	put(arena, map, "cost_usd",
	    part->has_cost ? node_amount(arena, part->cost_usd)
			   : node_null(arena));
	put(arena, map, "share", node_float(arena, part->share));
	put(arena, map, "detail", detail_node(arena, part, form));
	return map;
}

struct node *
daily_node_attribution(struct arena *arena,
    const struct attribution *attribution, enum daily_node_form form)
{
	struct node *map = node_map(arena), *parts = node_list(arena);

	put(arena, map, "reason",
	    node_string(arena, attribution_name(attribution->reason)));
	for (size_t i = 0; i < attribution->count; i++)
		node_add(parts, part_node(arena, &attribution->parts[i], form));
	put(arena, map, "parts", parts);
	put(arena, map, "unexplained_tokens",
	    attribution->has_unexplained
		? node_int(arena, attribution->unexplained_tokens)
		: node_null(arena));
	return map;
}

/* A measure's figure: tokens, or USD. */
static struct node *
figure_node(struct arena *arena, enum daily_name name, bool has_value,
    money_int value)
{
	if (!has_value)
		return node_null(arena);
	if (name == DAILY_COST)
		return node_amount(arena, daily_money(value));
	return node_int(arena, (int64_t)value);
}

static struct node *
baseline_node(struct arena *arena, const struct daily_measure *measure)
{
	const struct daily_baseline *baseline = &measure->baseline;
	struct node *map;

	if (!measure->is_allocated)
		return node_null(arena);
	map = node_map(arena);
	put(arena, map, "days", node_int(arena, baseline->days));
	put(arena, map, "mean",
	    maybe_float(arena, baseline->has_mean, baseline->mean));
	put(arena, map, "stddev",
	    maybe_float(arena, baseline->has_stddev, baseline->stddev));
	put(arena, map, "z", maybe_float(arena, baseline->has_z, baseline->z));
	return map;
}

static void
put_measure(struct arena *arena, struct node *map, const struct daily_row *row,
    enum daily_name name, const char *const *keys)
{
	const struct daily_measure *measure = &row->measure[name];
	bool is_allocated = measure->is_allocated;

	put(arena, map, keys[0],
	    figure_node(arena, name, is_allocated, measure->allocated));
	put(arena, map, keys[1],
	    figure_node(arena, name, measure->has_actual, measure->actual));
	put(arena, map, keys[2],
	    figure_node(arena, name, is_allocated, measure->variance));
	put(arena, map, keys[3],
	    maybe_float(arena, measure->has_pct, measure->pct));
	put(arena, map, keys[4], baseline_node(arena, measure));
}

static void
put_figures(struct arena *arena, struct node *map, const struct daily_row *row)
{
	struct node *tasks = node_map(arena);

	put_measure(arena, map, row, DAILY_TOKENS, fields + FIGURES_FIRST);
	put_measure(arena, map, row, DAILY_COST, fields + FIGURES_FIRST + 5);
	put(arena, tasks, "allocated",
	    row->has_tasks ? node_int(arena, row->tasks_allocated)
			   : node_null(arena));
	put(arena, tasks, "actual", node_int(arena, row->tasks));
	put(arena, map, fields[FIGURES_END - 1], tasks);
}

static struct node *
alerts_node(struct arena *arena, const struct daily_row *row)
{
	struct node *list = node_list(arena);

	for (int name = 0; name < DAILY_COUNT; name++)
		if (row->measure[name].has_alert)
			node_add(list, node_string(arena, daily_names[name]));
	return list;
}

struct node *
daily_node_figures(struct arena *arena, const struct daily_row *row)
{
	struct node *map = node_map(arena);

	put_figures(arena, map, row);
	put(arena, map, "alerts", alerts_node(arena, row));
	return map;
}

struct node *
daily_node(struct arena *arena, const struct daily_row *row,
    enum daily_node_form form)
{
	struct node *map = node_map(arena);

	put(arena, map, "day", node_day(arena, row->day));
	put(arena, map, "scope",
	    node_string(arena, query_dimension_name(row->dimension)));
	put(arena, map, "id", node_text(arena, row->id));
	put_figures(arena, map, row);
	put(arena, map, "over", node_bool(arena, row->is_over));
	put(arena, map, "alerts", alerts_node(arena, row));
	put(arena, map, "attribution",
	    daily_node_attribution(arena, &row->attribution, form));
	put(arena, map, "alert_emitted_at",
	    stored_time_node(arena, row->alert_emitted_at, form));
	put(arena, map, "proposal", node_text(arena, row->proposal));
	return map;
}

static int
compare_scopes(const void *a, const void *b)
{
	const struct daily_row *x = *(const struct daily_row *const *)a;
	const struct daily_row *y = *(const struct daily_row *const *)b;

	return query_dimension_compare(x->dimension, x->id, y->dimension,
	    y->id);
}

/* The scopes of all rows, each once, in order. */
static struct node *
scopes_node(struct arena *arena, const struct daily_row *rows, size_t count)
{
	const struct daily_row **order =
	    arena_array(arena, count + 1, sizeof(const struct daily_row *));
	struct node *list = node_list(arena);

	for (size_t i = 0; i < count; i++)
		order[i] = &rows[i];
	if (count > 1)
		qsort(order, count, sizeof(const struct daily_row *),
		    compare_scopes);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && compare_scopes(&order[i - 1], &order[i]) == 0)
			continue;
		node_add(list, allocation_scope_node(arena, order[i]->dimension,
				   order[i]->id));
	}
	return list;
}

struct node *
daily_node_answer(struct arena *arena, struct when first, size_t day_count,
    const struct daily_row *rows, size_t count, enum daily_node_form form)
{
	struct node *map = node_map(arena), *days = node_list(arena);
	struct node *list = node_list(arena);

	for (size_t i = 0; i < day_count; i++)
		node_add(days,
		    node_day(arena, when_add_days(first, (int64_t)i)));
	for (size_t i = 0; i < count; i++)
		node_add(list, daily_node(arena, &rows[i], form));
	put(arena, map, "days", days);
	put(arena, map, "scopes", scopes_node(arena, rows, count));
	put(arena, map, "rows", list);
	return map;
}

int
daily_node_mark(struct daily_row *row, const struct node *stored,
    struct error *err)
{
	if (node_get_string(&row->alert_emitted_at,
		node_find(stored, "alert_emitted_at"), err) < 0)
		return -1;
	return node_get_string(&row->proposal, node_find(stored, "proposal"),
	    err);
}

static bool
is_own(struct text name)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (text_is(name, fields[i]))
			return true;
	return false;
}

void
daily_node_keep(struct arena *arena, struct node *node,
    const struct node *stored)
{
	for (const struct node *child = stored->first; child;
	     child = child->next)
		if (!is_own(child->key))
			node_put_text(arena, node, child->key,
			    node_copy(arena, child));
}
