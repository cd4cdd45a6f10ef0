#include "lib/core/query.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/opt.h"
#include "lib/base/utf8.h"
#include "lib/core/query_filter.h"
#include "lib/doc/node.h"

void
query_init(struct query *query, struct arena *arena,
    const enum query_dimension *by, size_t by_count,
    struct query_filter *filter, const struct zone *zone)
{
	*query = (struct query){ .arena = arena,
		.by_count = by_count,
		.filter = filter };
	query->room.zone = zone;
	for (size_t i = 0; i < by_count; i++) {
		query->by[i] = by[i];
		query->lists_models |=
		    by[i] == (enum query_dimension)USAGE_TIER;
	}
	/* Groups are then found by their model too, and put together when all
	 * records are in. */
	query->by[by_count] = (enum query_dimension)USAGE_MODEL;
	query_group_init(&query->table, arena, by_count + query->lists_models);
}

/* Refuse a name, with the nearest of those that there are. */
static int
refuse(struct text given, const char *what, bool with_measures,
    struct error *err)
{
	const char *names[QUERY_DIMENSION_COUNT + QUERY_MEASURE_COUNT], *near;
	struct buf name = BUF_INIT, shown = BUF_INIT;
	size_t count = 0;

	for (int i = 0; i < QUERY_DIMENSION_COUNT; i++)
		names[count++] = query_dimension_name((enum query_dimension)i);
	for (int i = 0; with_measures && i < QUERY_MEASURE_COUNT; i++)
		names[count++] = query_measures_names[i];
	buf_add(&name, given.data, given.len);
	utf8_escape(&shown, given.data, given.len, UTF8_ASCII, 60);
	near = opt_nearest(name.text, names, count);
	error_set(err, ERROR_USAGE, "there is no %s '%s'%s%s%s", what,
	    shown.text, near ? "; did you mean '" : "", near ? near : "",
	    near ? "'?" : "");
	buf_release(&name);
	buf_release(&shown);
	return -1;
}

int
query_parse_by(enum query_dimension *by, size_t *count, const char *text,
    struct error *err)
{
	enum query_dimension dimension;
	struct text name;

	*count = 0;
	for (;; text += name.len + 1) {
		name.data = text;
		name.len = strcspn(text, ",");
		if (!query_dimension_find(&dimension, name))
			return refuse(name, "dimension", false, err);
		for (size_t i = 0; i < *count; i++)
			if (by[i] == dimension)
				return error_set(err, ERROR_USAGE,
				    "%s is named twice",
				    query_dimension_name(dimension));
		by[(*count)++] = dimension;
		if (text[name.len] == '\0')
			return 0;
	}
}

int
query_parse_order(struct query_order *out, const char *text,
    const enum query_dimension *by, size_t by_count, struct error *err)
{
	enum query_dimension dimension;

	*out = (struct query_order){ 0 };
	if (query_measures_find(&out->measure, text_of(text))) {
		if (out->measure == QUERY_MEASURE_AMOUNTS)
			return error_set(err, ERROR_USAGE,
			    "amounts are of several units, and no order");
		out->by_measure = true;
		return 0;
	}
	if (!query_dimension_find(&dimension, text_of(text)))
		return refuse(text_of(text), "measure or dimension", true, err);
	for (out->place = 0; out->place < by_count; out->place++)
		if (by[out->place] == dimension) {
			out->by_dimension = true;
			return 0;
		}
	return error_set(err, ERROR_USAGE,
	    "%s is a dimension that is not grouped by",
	    query_dimension_name(dimension));
}

/* Add up all groups. */
static int
sum_up(struct query_measures *out, const struct query *query, struct error *err)
{
	const struct query_group_table *table = &query->table;

	*out = (struct query_measures){ 0 };
	for (size_t i = 0; i < table->count; i++)
		if (query_measures_merge(out, query->arena,
			&table->list[i]->measures, err) < 0)
			return -1;
	return 0;
}

/*
 * Keep the sum of a query that was finished once: it will be again, and then
 * all its groups need not be added up for one record more.
 */
static int
keep_sum(struct query *query, const struct usage *usage, struct error *err)
{
	if (!query->has_sum && sum_up(&query->sum, query, err) < 0)
		return -1;
	query->has_sum = true;
	return query_measures_add(&query->sum, query->arena, usage, err);
}

int
query_add_matching(struct query *query, const struct usage *usage,
    const struct query_measures *measures, struct error *err)
{
	struct text values[QUERY_DIMENSION_COUNT + 1];
	struct query_group *group;

	if (measures)
		query->has_sum = false;
	else if (query->is_finished && keep_sum(query, usage, err) < 0)
		return -1;
	/* Where nothing is grouped by, there are none. */
	values[0] = TEXT_NULL;
	for (size_t i = 0; i < query->table.width; i++)
		values[i] =
		    query_dimension_value(query->by[i], usage, &query->room);
	group = query_group_find(&query->table, values);
	if (measures)
		return query_measures_merge(&group->measures, query->arena,
		    measures, err);
	return query_measures_add(&group->measures, query->arena, usage, err);
}

int
query_add(struct query *query, const struct usage *usage, struct error *err)
{
	int matches = 1;

	if (query->filter)
		matches = query_filter_matches(query->filter, usage, err);
	if (matches <= 0)
		return matches;
	return query_add_matching(query, usage, NULL, err);
}

uint32_t
query_dimensions(const struct query *query)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < query->table.width; i++)
		bits |= UINT32_C(1) << query->by[i];
	return query->filter ? bits | query_filter_dimensions(query->filter)
			     : bits;
}

void
query_fork(struct query *out, struct arena *arena, const struct query *query,
    struct query_filter *filter)
{
	query_init(out, arena, query->by, query->by_count, filter,
	    query->room.zone);
	out->table.seed = query->table.seed;
}

int
query_merge(struct query *query, const struct query *fork, struct error *err)
{
	struct query_group *group, *kept;

	query->has_sum = false;
	for (size_t i = 0; i < fork->table.count; i++) {
		group = fork->table.list[i];
		kept = query_group_put(&query->table, group);
		if (kept != group &&
		    query_measures_merge(&kept->measures, query->arena,
			&group->measures, err) < 0)
			return -1;
	}
	return 0;
}

static void
add_model(struct query_group *group, struct text model)
{
	if (model.data)
		group->models[group->model_count++] = model;
}

/* A group like another but for its models, to which others can be added. */
static int
copy_group(struct query_group **out, struct query *query,
    const struct query_group *group, struct error *err)
{
	*out = arena_alloc(query->arena, sizeof(**out));
	(*out)->values = group->values;
	(*out)->hash = group->hash;
	return query_measures_merge(&(*out)->measures, query->arena,
	    &group->measures, err);
}

/* The model of a group is one of those of the group that it goes into; that
 * of a group without records only as long as there is none with any. */
static void
fold_model(struct query_group *into, const struct query_group *group,
    struct text model)
{
	bool is_empty = group->measures.count[QUERY_RECORDS] == 0;

	if (is_empty && into->measures.count[QUERY_RECORDS] > 0)
		return;
	if (!is_empty && into->measures.count[QUERY_RECORDS] ==
			     group->measures.count[QUERY_RECORDS])
		into->model_count = 0;
	add_model(into, model);
}

/*
 * Put the groups together that differ in their model alone.  They stand in
 * order, so these are neighbours and their models are in order.  The table's
 * own groups stay as they are: more may be added to them.
 */
static int
fold_models(struct query *query, struct error *err)
{
	const size_t room = query->group_count + 1;
	struct query_group **groups =
	    arena_array(query->arena, room, sizeof(struct query_group *));
	struct text *models = arena_array(query->arena, room, sizeof(*models));
	struct query_group *into = NULL;
	const struct query_group *group;
	size_t kept = 0;

	for (size_t i = 0; i < query->group_count; i++) {
		group = query->groups[i];
		if (!into ||
		    query_group_compare(into, group, query->by_count) != 0) {
			if (copy_group(&into, query, group, err) < 0)
				return -1;
			into->models = models + i;
			groups[kept++] = into;
		} else if (query_measures_merge(&into->measures, query->arena,
			       &group->measures, err) < 0) {
			return -1;
		}
		fold_model(into, group, group->values[query->by_count]);
	}
	query->groups = groups;
	query->group_count = kept;
	return 0;
}

static int
compare_models(const void *left, const void *right)
{
	const struct text *a = left, *b = right;

	return text_compare(*a, *b);
}

/* The models of all groups, each once. */
static void
collect_models(struct query *query)
{
	struct query_group *total = &query->total;
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < query->group_count; i++)
		count += query->groups[i]->model_count;
	total->models =
	    arena_array(query->arena, count + 1, sizeof(*total->models));
	for (size_t i = 0; i < query->group_count; i++)
		for (size_t j = 0; j < query->groups[i]->model_count; j++)
			add_model(total, query->groups[i]->models[j]);
	qsort(total->models, count, sizeof(*total->models), compare_models);
	for (size_t i = 0; i < count; i++)
		if (i == 0 ||
		    !text_equal(total->models[i], total->models[kept - 1]))
			total->models[kept++] = total->models[i];
	total->model_count = kept;
}

/* Below 0 where a stands before b: the larger value first, null last. */
static int
compare_measures(const struct query_group *a, const struct query_group *b,
    enum query_measure measure)
{
	struct query_value x = query_measures_value(&a->measures, measure);
	struct query_value y = query_measures_value(&b->measures, measure);

	if (x.is_null || y.is_null)
		return x.is_null - y.is_null;
	if (x.kind == QUERY_KIND_COUNT)
		return (x.count < y.count) - (x.count > y.count);
	if (x.kind == QUERY_KIND_MONEY)
		return money_compare(y.money, x.money);
	return (x.ratio < y.ratio) - (x.ratio > y.ratio);
}

/* What the comparison of groups needs to know. */
struct sorting {
	const struct query_order *order;
	size_t width;
};

static int
compare_groups(const void *left, const void *right, void *data)
{
	const struct query_group *a = *(struct query_group *const *)left;
	const struct query_group *b = *(struct query_group *const *)right;
	const struct sorting *sorting = data;
	const struct query_order *order = sorting->order;
	int result = 0;

	if (order->by_measure)
		result = compare_measures(a, b, order->measure);
	else if (order->by_dimension)
		result = text_compare(a->values[order->place],
		    b->values[order->place]);
	return result ? result : query_group_compare(a, b, sorting->width);
}

/* Put the group at a place of a heap, the last one in order on top, right. */
static void
sift_down(struct query_group **heap, size_t count, size_t place,
    struct sorting *sorting)
{
	struct query_group *group;
	size_t child;

	while ((child = 2 * place + 1) < count) {
		if (child + 1 < count &&
		    compare_groups(&heap[child + 1], &heap[child], sorting) > 0)
			child++;
		if (compare_groups(&heap[child], &heap[place], sorting) <= 0)
			return;
		group = heap[place];
		heap[place] = heap[child];
		heap[child] = group;
		place = child;
	}
}

/* Put the groups in order, or the first top of them alone. */
static void
put_in_order(struct query *query, struct sorting *sorting, size_t top)
{
	const size_t count = query->group_count;
	const size_t kept = top > 0 && top < count ? top : count;
	struct query_group **groups =
	    arena_array(query->arena, count + 1, sizeof(struct query_group *));

	for (size_t i = 0; i < kept; i++)
		groups[i] = query->groups[i];
	for (size_t i = kept / 2; kept < count && i-- > 0;)
		sift_down(groups, kept, i, sorting);
	for (size_t i = kept; i < count; i++) {
		if (compare_groups(&query->groups[i], groups, sorting) >= 0)
			continue;
		groups[0] = query->groups[i];
		sift_down(groups, kept, 0, sorting);
	}
	qsort_r(groups, kept, sizeof(struct query_group *), compare_groups,
	    sorting);
	query->groups = groups;
}

int
query_finish(struct query *query, const struct query_order *order, size_t top,
    struct error *err)
{
	struct sorting sorting = { order, query->by_count };
	struct query_measures *total = &query->total.measures;
	int result;

	query->groups = query_group_list(&query->table);
	query->group_count = query->table.count;
	query->left_out = 0;
	query->is_finished = true;
	query->total = (struct query_group){ 0 };
	if (query->has_sum)
		result =
		    query_measures_merge(total, query->arena, &query->sum, err);
	else
		result = sum_up(total, query, err);
	if (result == 0 && query->lists_models)
		result = fold_models(query, err);
	if (result < 0)
		return -1;
	if (query->lists_models)
		collect_models(query);
	if (order && query->group_count > 0)
		put_in_order(query, &sorting, top);
	if (query->by_count == 0)
		query->group_count = 0;
	if (top > 0 && query->group_count > top) {
		query->left_out = query->group_count - top;
		query->group_count = top;
	}
	return 0;
}

/* The measures of a group, behind its values. */
static struct node *
group_node(struct arena *arena, const struct query *query,
    const struct query_group *group)
{
	struct node *map = node_map(arena), *models;

	for (size_t i = 0; group->values && i < query->by_count; i++)
		node_put(arena, map, query_dimension_name(query->by[i]),
		    node_text(arena, group->values[i]));
	query_measures_put(arena, map, &group->measures);
	if (!query->lists_models)
		return map;
	models = node_list(arena);
	for (size_t i = 0; i < group->model_count; i++)
		node_add(models, node_text(arena, group->models[i]));
	node_put(arena, map, "models", models);
	return map;
}

/* The answer, with groups as its list of them. */
static struct node *
answer_node(struct arena *arena, const struct query *query, struct node *groups)
{
	struct node *map = node_map(arena), *by = node_list(arena);

	for (size_t i = 0; i < query->by_count; i++)
		node_add(by,
		    node_string(arena, query_dimension_name(query->by[i])));
	node_put(arena, map, "by", by);
	node_put(arena, map, "groups", groups);
	node_put(arena, map, "total", group_node(arena, query, &query->total));
	return map;
}

struct node *
query_node(const struct query *query)
{
	struct node *groups = node_list(query->arena);

	for (size_t i = 0; i < query->group_count; i++)
		node_add(groups,
		    group_node(query->arena, query, query->groups[i]));
	return answer_node(query->arena, query, groups);
}
