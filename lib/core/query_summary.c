#include "lib/core/query_summary.h"

#include <string.h>

#include "lib/base/error.h"
#include "lib/core/query_filter.h"
#include "lib/core/usage_node.h"
#include "lib/doc/node.h"

int
query_summary_parse(struct query_scope *out, const char *text,
    struct error *err)
{
	const char *colon = strchr(text, ':');
	struct text name = { text, 0 };

	if (!colon || colon[1] == '\0')
		return error_set(err, ERROR_USAGE,
		    "a scope is given as DIMENSION:ID, such as quest:q-ri");
	name.len = (size_t)(colon - text);
	*out = (struct query_scope){ 0 };
	if (!query_dimension_find(&out->dimension, name))
		return error_set(err, ERROR_USAGE,
		    "a scope begins with a dimension, such as task or entity");
	out->id = text_of(colon + 1);
	if (out->dimension != QUERY_ENTITY)
		return 0;
	out->is_entity = true;
	out->entity_id = out->id;
	colon = strchr(out->id.data, ':');
	if (!colon)
		return 0;
	out->type =
	    (struct text){ out->id.data, (size_t)(colon - out->id.data) };
	out->entity_id = text_of(colon + 1);
	if (out->type.len == 0 || out->entity_id.len == 0)
		return error_set(err, ERROR_USAGE,
		    "an entity is given as entity:TYPE:ID or entity:ID");
	return 0;
}

static void
init_query(struct query *query, const struct query_summary *summary,
    enum usage_dimension by, const struct zone *zone)
{
	const enum query_dimension dimension = (enum query_dimension)by;

	query_init(query, summary->arena, &dimension, 1, summary->filter, zone);
}

void
query_summary_init(struct query_summary *summary, struct arena *arena,
    const struct query_scope *scope, struct query_filter *filter,
    const struct zone *zone, size_t limit)
{
	*summary = (struct query_summary){ .arena = arena,
		.scope = *scope,
		.filter = filter };
	init_query(&summary->by_model, summary, USAGE_MODEL, zone);
	init_query(&summary->by_agent, summary, USAGE_AGENT, zone);
	init_query(&summary->by_resource, summary, USAGE_RESOURCE, zone);
	init_query(&summary->by_type, summary, USAGE_ENTITY_TYPE, zone);
	query_newest_init(&summary->newest, limit);
	if (!scope->is_entity) {
		query_filter_add_exact(filter, scope->dimension, scope->id);
		return;
	}
	query_filter_add_exact(filter, (enum query_dimension)USAGE_ENTITY_ID,
	    scope->entity_id);
	if (scope->type.data)
		query_filter_add_exact(filter,
		    (enum query_dimension)USAGE_ENTITY_TYPE, scope->type);
}

void
query_summary_release(struct query_summary *summary)
{
	query_newest_release(&summary->newest);
}

void
query_summary_queries(struct query *out[QUERY_SUMMARY_QUERIES],
    struct query_summary *summary)
{
	out[0] = &summary->by_model;
	out[1] = &summary->by_agent;
	out[2] = &summary->by_resource;
	out[3] = &summary->by_type;
}

int
query_summary_add(struct query_summary *summary, const struct usage *usage,
    struct error *err)
{
	struct query *queries[QUERY_SUMMARY_QUERIES];
	int matches = query_filter_matches(summary->filter, usage, err);

	if (matches <= 0)
		return matches;
	query_summary_queries(queries, summary);
	for (size_t i = 0; i < QUERY_SUMMARY_QUERIES; i++)
		if (query_add_matching(queries[i], usage, NULL, err) < 0)
			return -1;
	if (summary->scope.is_entity)
		query_newest_add(&summary->newest, usage);
	return 0;
}

int
query_summary_merge(struct query_summary *summary, enum usage_dimension by,
    struct text name, const struct query_measures *measures, struct error *err)
{
	struct query *query = by == USAGE_MODEL	  ? &summary->by_model
			      : by == USAGE_AGENT ? &summary->by_agent
						  : &summary->by_resource;
	struct query_group *group = query_group_find(&query->table, &name);

	return query_measures_merge(&group->measures, summary->arena, measures,
	    err);
}

int
query_summary_finish(struct query_summary *summary, struct error *err)
{
	struct query *queries[QUERY_SUMMARY_QUERIES];

	query_newest_sort(&summary->newest);
	query_summary_queries(queries, summary);
	for (size_t i = 0; i < QUERY_SUMMARY_QUERIES; i++)
		if (query_finish(queries[i], NULL, 0, err) < 0)
			return -1;
	return 0;
}

const struct query_measures *
query_summary_total(const struct query_summary *summary)
{
	return &summary->by_resource.total.measures;
}

static struct node *
count_node(struct arena *arena, const struct query_measures *measures,
    enum query_count count)
{
	return node_int(arena, measures->count[count]);
}

/* Name to total tokens, of the records that name one. */
static struct node *
tokens_node(struct arena *arena, const struct query *query)
{
	struct node *map = node_map(arena);
	const struct query_group *group;

	for (size_t i = 0; i < query->group_count; i++) {
		group = query->groups[i];
		if (group->values[0].data)
			node_put_text(arena, map, group->values[0],
			    count_node(arena, &group->measures,
				QUERY_TOTAL_TOKENS));
	}
	return map;
}

static struct node *
resource_node(struct arena *arena, const struct query_measures *measures)
{
	struct node *map = node_map(arena);

	node_put(arena, map, "records",
	    count_node(arena, measures, QUERY_RECORDS));
	node_put(arena, map, "calls", count_node(arena, measures, QUERY_CALLS));
	node_put(arena, map, "amounts",
	    query_measures_amounts(arena, measures));
	node_put(arena, map, "total_tokens",
	    count_node(arena, measures, QUERY_TOTAL_TOKENS));
	node_put(arena, map, "cost_usd",
	    query_measures_money(arena, query_measures_cost(measures)));
	return map;
}

static struct node *
resources_node(struct arena *arena, const struct query *query)
{
	struct node *map = node_map(arena);
	const struct query_group *group;

	for (size_t i = 0; i < query->group_count; i++) {
		group = query->groups[i];
		node_put_text(arena, map,
		    group->values[0].data ? group->values[0] : TEXT("(none)"),
		    resource_node(arena, &group->measures));
	}
	return map;
}

/* An entity's type, or those that the id stands under, and its records. */
static void
put_entity(struct node *map, const struct query_summary *summary)
{
	const struct query_scope *scope = &summary->scope;
	const struct query *types = &summary->by_type;
	struct arena *arena = summary->arena;
	struct text type = scope->type;
	struct node *list = node_list(arena);

	if (!type.data && types->group_count == 1)
		type = types->groups[0]->values[0];
	node_put(arena, map, "entity_type", node_text(arena, type));
	if (!scope->type.data) {
		for (size_t i = 0; i < types->group_count; i++)
			node_add(list,
			    node_text(arena, types->groups[i]->values[0]));
		node_put(arena, map, "entity_types", list);
		list = node_list(arena);
	}
	node_put(arena, map, "entity_id", node_text(arena, scope->entity_id));
	for (size_t i = 0; i < summary->newest.count; i++)
		node_add(list,
		    usage_node(arena, query_newest_get(&summary->newest, i)));
	node_put(arena, map, "records", list);
}

struct node *
query_summary_node(const struct query_summary *summary)
{
	const struct query_measures *total = query_summary_total(summary);
	struct arena *arena = summary->arena;
	struct node *map = node_map(arena);

	node_put(arena, map, "scope",
	    node_string(arena, query_dimension_name(summary->scope.dimension)));
	node_put(arena, map, "scope_id", node_text(arena, summary->scope.id));
	node_put(arena, map, "tokens_in",
	    count_node(arena, total, QUERY_PROMPT_TOKENS));
	node_put(arena, map, "tokens_out",
	    count_node(arena, total, QUERY_OUTPUT_TOKENS));
	node_put(arena, map, "tokens_total",
	    count_node(arena, total, QUERY_TOTAL_TOKENS));
	node_put(arena, map, "event_count",
	    count_node(arena, total, QUERY_RECORDS));
	node_put(arena, map, "cost_usd",
	    query_measures_money(arena, query_measures_cost(total)));
	node_put(arena, map, "by_model",
	    tokens_node(arena, &summary->by_model));
	node_put(arena, map, "by_agent",
	    tokens_node(arena, &summary->by_agent));
	node_put(arena, map, "by_resource",
	    resources_node(arena, &summary->by_resource));
	if (summary->scope.is_entity)
		put_entity(map, summary);
	return map;
}
