#include "lib/core/usage_read.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/core/session_span.h"
#include "lib/core/tier.h"
#include "lib/core/tokens.h"
#include "lib/core/usage.h"
#include "lib/core/usage_fields.h"
#include "lib/core/usage_resource.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"

/* A record that is being read. */
struct reading {
	struct usage *out;
	struct arena *arena;
	const struct node *object;
	const struct usage_read *how;
	struct error *err;
};

static const struct node *
find(const struct reading *reading, const char *name)
{
	return node_find(reading->object, name);
}

/*
 * Make the metadata, with the fields that are not known where that is
 * allowed.
 */
static int
read_metadata(struct reading *reading)
{
	const struct node *given = find(reading, "metadata");
	struct buf text = BUF_INIT;
	struct node *map;

	if (node_expect_map(given, reading->err) < 0)
		return -1;
	map =
	    given ? node_copy(reading->arena, given) : node_map(reading->arena);
	for (const struct node *n = reading->object->first; n; n = n->next) {
		if (usage_fields_has(n->key))
			continue;
		if (!reading->how->lenient)
			return usage_fields_refuse(n, reading->err);
		if (node_get_text(map, n->key))
			return node_error(reading->err, n,
			    "stands in metadata too");
		node_put_text(reading->arena, map, n->key,
		    node_copy(reading->arena, n));
	}
	if (map->count > 0) {
		json_write_line(&text, map);
		reading->out->metadata.data =
		    arena_copy(reading->arena, text.text, text.len);
		reading->out->metadata.len = text.len;
	}
	buf_release(&text);
	return 0;
}

/* Read a name: a string, or a whole number as its digits; "" is none. */
static int
read_name(struct text *out, const struct node *node, struct error *err)
{
	const char *problem;

	*out = TEXT_NULL;
	if (node && node->type == NODE_INT)
		*out = node->text;
	else if (node_get_string(out, node, err) < 0)
		return -1;
	problem = usage_name_problem(*out);
	if (problem)
		return node_error(err, node, "%s", problem);
	if (out->len == 0)
		*out = TEXT_NULL;
	return 0;
}

/* Set a dimension by a field, which may not say other than one before. */
static int
read_dimension(struct reading *reading, enum usage_dimension dimension,
    const char *name)
{
	struct text *place = &reading->out->dimension[dimension];
	const struct node *node = find(reading, name);
	struct text value;

	if (read_name(&value, node, reading->err) < 0)
		return -1;
	if (!value.data)
		return 0;
	if (place->data && !text_equal(*place, value))
		return node_error(reading->err, node,
		    "another field says otherwise of the %s",
		    usage_dimension_names[dimension]);
	*place = value;
	return 0;
}

/* `entity` is TYPE:ID; the id is all behind the first colon. */
static int
read_entity(struct reading *reading)
{
	const struct node *node = find(reading, "entity");
	struct text *type = &reading->out->dimension[USAGE_ENTITY_TYPE];
	struct text *id = &reading->out->dimension[USAGE_ENTITY_ID];
	struct text entity;
	const char *colon;

	if (read_name(&entity, node, reading->err) < 0)
		return -1;
	if (!entity.data)
		return 0;
	colon = memchr(entity.data, ':', entity.len);
	if (!colon || colon == entity.data ||
	    colon + 1 == entity.data + entity.len)
		return node_error(reading->err, node,
		    "expected an entity as TYPE:ID");
	if (type->data || id->data)
		return node_error(reading->err, node,
		    "entity_type and entity_id say it already");
	*type = (struct text){ entity.data, (size_t)(colon - entity.data) };
	*id = (struct text){ colon + 1, entity.len - type->len - 1 };
	return 0;
}

/* What others refer to by its kind and its id. */
static int
read_reference(struct reading *reading)
{
	static const enum usage_dimension kinds[] = { USAGE_COMMIT,
		USAGE_RELEASE, USAGE_SESSION };
	const struct node *type = find(reading, "ref_type");
	const struct node *id = find(reading, "ref_id");
	struct text kind;

	if (node_get_string(&kind, type, reading->err) < 0)
		return -1;
	if (!type && !id)
		return 0;
	if (!type || !id)
		return node_error(reading->err, type ? type : id,
		    "ref_type and ref_id belong together");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (text_is(kind, usage_dimension_names[kinds[i]]))
			return read_dimension(reading, kinds[i], "ref_id");
	return node_error(reading->err, type,
	    "expected commit, release or session");
}

static int
read_dimensions(struct reading *reading)
{
	for (size_t i = 0; i < USAGE_DIMENSION_COUNT; i++)
		if (read_dimension(reading, (enum usage_dimension)i,
			usage_dimension_names[i]) < 0)
			return -1;
	if (read_dimension(reading, USAGE_TASK, "task_id") < 0 ||
	    read_dimension(reading, USAGE_WORKSTREAM, "workstream_id") < 0 ||
	    read_dimension(reading, USAGE_REPO, "repo_id") < 0 ||
	    read_entity(reading) < 0)
		return -1;
	return read_reference(reading);
}

static int
read_time(struct reading *reading)
{
	const struct node *node = find(reading, "at");
	struct text text;

	if (!node)
		node = find(reading, "created_at");
	if (node_get_string(&text, node, reading->err) < 0)
		return -1;
	reading->out->at = reading->how->now;
	if (text.data && when_parse(&reading->out->at, text.data, text.len) < 0)
		return node_error(reading->err, node,
		    "expected a time such as 2026-11-22T08:00:00Z");
	return 0;
}

/* Read a provider's usage object, which leaves nothing to other fields. */
static int
read_object(struct reading *reading, bool *has_cost)
{
	const struct node *node = find(reading, "usage");
	struct usage *out = reading->out;
	struct tokens tokens;

	*has_cost = false;
	if (!node)
		return 0;
	if (tokens_read(&tokens, node, reading->err) < 0)
		return -1;
	out->input_tokens = tokens.input;
	out->output_tokens = tokens.output;
	out->cache_read_tokens = tokens.cache_read;
	out->cache_write_tokens = tokens.cache_write;
	out->cache_write_1h_tokens = tokens.cache_write_1h;
	out->reasoning_tokens = tokens.reasoning;
	out->cost_usd = tokens.cost;
	*has_cost = tokens.has_cost;
	return 0;
}

/* Read a count into a measure that nothing else has set. */
static int
read_measure(struct reading *reading, int64_t *out, const char *name)
{
	const struct node *node = find(reading, name);
	int64_t count;

	if (!node)
		return 0;
	if (node_count(&count, node, true, reading->err) < 0)
		return -1;
	if (*out != 0 && *out != count)
		return node_error(reading->err, node,
		    "another field says otherwise");
	*out = count;
	return 0;
}

/* All prompt tokens: what caches had and got comes off. */
static int
read_prompt(struct reading *reading)
{
	const struct node *node = find(reading, "tokens_in");
	struct usage *out = reading->out;
	int64_t left;

	if (!node)
		return 0;
	if (find(reading, "input_tokens") || find(reading, "usage"))
		return node_error(reading->err, node,
		    "another field says the tokens already");
	if (node_count(&left, node, true, reading->err) < 0)
		return -1;
	if (__builtin_sub_overflow(left, out->cache_read_tokens, &left) ||
	    __builtin_sub_overflow(left, out->cache_write_tokens, &left) ||
	    __builtin_sub_overflow(left, out->cache_write_1h_tokens, &left) ||
	    left < 0)
		return node_error(reading->err, node,
		    "is less than what of it is cached");
	out->input_tokens = left;
	return 0;
}

static int
read_tokens(struct reading *reading)
{
	struct usage *out = reading->out;

	if (read_measure(reading, &out->input_tokens, "input_tokens") < 0 ||
	    read_measure(reading, &out->output_tokens, "output_tokens") < 0 ||
	    read_measure(reading, &out->output_tokens, "tokens_out") < 0 ||
	    read_measure(reading, &out->cache_read_tokens,
		"cache_read_tokens") < 0 ||
	    read_measure(reading, &out->cache_write_tokens,
		"cache_write_tokens") < 0 ||
	    read_measure(reading, &out->cache_write_1h_tokens,
		"cache_write_1h_tokens") < 0 ||
	    read_measure(reading, &out->reasoning_tokens, "reasoning_tokens") <
		0)
		return -1;
	return read_prompt(reading);
}

/* Read an amount and its unit, or what an old type of resource meant. */
static int
read_amount(struct reading *reading, int64_t *calls)
{
	const struct node *node = find(reading, "amount");
	struct usage *out = reading->out;
	struct usage_resource_old old = { 0 };
	struct text type;

	*calls = -1;
	if (node_money(&out->amount, node, true, reading->err) < 0 ||
	    read_name(&out->unit, find(reading, "unit"), reading->err) < 0 ||
	    read_name(&type, find(reading, "resource_type"), reading->err) < 0)
		return -1;
	out->has_amount = node || out->unit.data;
	if (!type.data)
		return 0;
	old.type = type;
	old.has_amount = node != NULL;
	if (usage_resource_apply(out, &old) == 0) {
		*calls = old.calls;
		return 0;
	}
	return node_error(reading->err, node ? node : reading->object, "%s",
	    old.problem);
}

/* `current` is the session that is open, as it is to the options. */
static int
name_session(struct reading *reading)
{
	const struct session_span *span = reading->how->session;
	struct text *value = &reading->out->dimension[USAGE_SESSION];
	const struct node *node = find(reading, "session");

	if (!span || !text_is(*value, "current"))
		return 0;
	if (!span->is_open) {
		node_error(reading->err, node ? node : find(reading, "ref_id"),
		    "no session is open");
		reading->err->kind = ERROR_NO_INPUT;
		return -1;
	}
	*value = span->id;
	return 0;
}

/* Set what the record leaves open, and its calls. */
static int
set_defaults(struct reading *reading, int64_t calls)
{
	const struct node *node = find(reading, "calls");
	struct usage *out = reading->out;

	if (!out->dimension[USAGE_RESOURCE].data)
		out->dimension[USAGE_RESOURCE] = TEXT("llm");
	if (!out->dimension[USAGE_STATUS].data)
		out->dimension[USAGE_STATUS] = TEXT("ok");
	if (out->has_amount && !out->unit.data &&
	    text_is(out->dimension[USAGE_RESOURCE], "cpu"))
		out->unit = TEXT("seconds");
	if (calls < 0)
		calls = usage_resource_calls(out->dimension[USAGE_RESOURCE]);
	out->calls = calls;
	if (node && node_count(&out->calls, node, true, reading->err) < 0)
		return -1;
	out->attempt = 1;
	node = find(reading, "attempt");
	if (node && node_count(&out->attempt, node, true, reading->err) < 0)
		return -1;
	if (read_name(&out->source, find(reading, "source"), reading->err) < 0)
		return -1;
	if (!out->source.data)
		out->source = text_of(reading->how->source);
	if (name_session(reading) < 0)
		return -1;
	if (reading->how->context)
		usage_set_context(out, reading->how->context);
	if (reading->how->session)
		session_span_fill(reading->how->session, out);
	if (reading->how->tiers)
		tier_fill(reading->how->tiers, out);
	return 0;
}

static int
read_count_status(struct reading *reading)
{
	const struct node *node = find(reading, "count_status");
	struct text text;

	if (node_get_string(&text, node, reading->err) < 0)
		return -1;
	reading->out->is_estimated = text_is(text, "estimated");
	if (text.data && !reading->out->is_estimated &&
	    !text_is(text, "reported"))
		return node_error(reading->err, node,
		    "expected reported or estimated");
	return 0;
}

/* Take the cost that is given, else work it out. */
static int
read_cost(struct reading *reading, bool has_cost)
{
	const struct node *node = find(reading, "cost_usd");
	const struct node *status = find(reading, "cost_status");
	enum usage_cost_status says = USAGE_COST_KNOWN;
	struct usage *out = reading->out;
	struct text text;

	if (node_get_string(&text, status, reading->err) < 0)
		return -1;
	if (text.data && usage_cost_status_parse(&says, text) < 0)
		return node_error(reading->err, status,
		    "expected known, estimated, unknown or free");
	if (!node && !has_cost)
		return usage_price(out, reading->how->rates, reading->err);
	if (node && node_money(&out->cost_usd, node, true, reading->err) < 0)
		return -1;
	if (says != USAGE_COST_KNOWN && says != USAGE_COST_ESTIMATED)
		return node_error(reading->err, status,
		    "does not go with a cost");
	out->cost_status = says;
	if (says == USAGE_COST_ESTIMATED)
		out->estimated_usd = out->cost_usd;
	return 0;
}

static int
check(struct reading *reading)
{
	const char *name, *problem = usage_problem(reading->out, &name);
	const struct node *node;

	if (!problem)
		return 0;
	node = name ? find(reading, name) : NULL;
	if (node)
		return node_error(reading->err, node, "%s", problem);
	return node_error(reading->err, reading->object, "%s%s%s",
	    name ? name : "", name ? ": " : "", problem);
}

int
usage_read(struct usage *out, struct arena *arena, const struct node *object,
    const struct usage_read *how, struct error *err)
{
	struct reading reading = { out, arena, object, how, err };
	bool has_cost;
	int64_t calls;

	*out = (struct usage){ .attempt = 1 };
	if (!object || object->type != NODE_MAP)
		return node_error(err, object, "expected an object");
	if (read_metadata(&reading) < 0 || read_dimensions(&reading) < 0 ||
	    read_time(&reading) < 0 ||
	    read_name(&out->id, find(&reading, "id"), err) < 0 ||
	    read_object(&reading, &has_cost) < 0 || read_tokens(&reading) < 0 ||
	    read_amount(&reading, &calls) < 0 ||
	    set_defaults(&reading, calls) < 0 ||
	    read_count_status(&reading) < 0 || check(&reading) < 0)
		return -1;
	return read_cost(&reading, has_cost);
}
