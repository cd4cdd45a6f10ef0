#include "lib/core/usage_node.h"

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/core/usage.h"
#include "lib/doc/json.h"
#include "lib/doc/node.h"

/* A text dimension of the ledger, in the order of its columns. */
static const enum usage_dimension order[] = {
	USAGE_RESOURCE,
	USAGE_PROVIDER,
	USAGE_ACCOUNT,
	USAGE_MODEL,
	USAGE_AGENT,
	USAGE_TIER,
	USAGE_SESSION,
	USAGE_RUN,
	USAGE_WORKFLOW,
	USAGE_STAGE,
	USAGE_TASK,
	USAGE_WORKSTREAM,
	USAGE_QUEST,
	USAGE_REPO,
	USAGE_COMMIT,
	USAGE_RELEASE,
	USAGE_ENTITY_TYPE,
	USAGE_ENTITY_ID,
	USAGE_STATUS,
};

static struct node *
exact(struct arena *arena, struct money money)
{
	struct buf text = BUF_INIT;
	struct node *node;

	money_full(&text, money);
	node = node_text(arena, (struct text){ text.text, text.len });
	node->type = NODE_FLOAT;
	node->verbatim = NODE_AS_JSON;
	node->number = money_double(money);
	buf_release(&text);
	return node;
}

static struct node *
time_of(struct arena *arena, struct when at)
{
	struct buf text = BUF_INIT;
	struct node *node;

	when_json(&text, at);
	node = node_text(arena, (struct text){ text.text, text.len });
	buf_release(&text);
	return node;
}

/* A copy: what was read may be shown after the text it stood in is gone. */
static struct node *
metadata_of(struct arena *arena, struct text metadata)
{
	struct error ignored;
	struct node *node;

	if (!metadata.data)
		return node_map(arena);
	metadata.data = arena_copy(arena, metadata.data, metadata.len);
	if (json_read(&node, arena, metadata, "metadata", 1, &ignored) < 0 ||
	    node->type != NODE_MAP)
		return node_text(arena, metadata);
	return node;
}

static void
put_counts(struct arena *arena, struct node *map, const struct usage *usage)
{
	const struct {
		const char *name;
		int64_t value;
	} counts[] = {
		{ "attempt", usage->attempt },
		{ "calls", usage->calls },
		{ "input_tokens", usage->input_tokens },
		{ "output_tokens", usage->output_tokens },
		{ "cache_read_tokens", usage->cache_read_tokens },
		{ "cache_write_tokens", usage->cache_write_tokens },
		{ "cache_write_1h_tokens", usage->cache_write_1h_tokens },
		{ "reasoning_tokens", usage->reasoning_tokens },
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		node_put(arena, map, counts[i].name,
		    node_int(arena, counts[i].value));
}

struct node *
usage_node(struct arena *arena, const struct usage *usage)
{
	struct node *map = node_map(arena);
	bool has_cost = usage->cost_status == USAGE_COST_KNOWN ||
			usage->cost_status == USAGE_COST_ESTIMATED;

	node_put(arena, map, "id", node_text(arena, usage->id));
	node_put(arena, map, "at", time_of(arena, usage->at));
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		node_put(arena, map, usage_dimension_names[order[i]],
		    node_text(arena, usage->dimension[order[i]]));
	put_counts(arena, map, usage);
	node_put(arena, map, "count_status",
	    node_string(arena, usage->is_estimated ? "estimated" : "reported"));
	node_put(arena, map, "amount",
	    usage->has_amount ? exact(arena, usage->amount) : node_null(arena));
	node_put(arena, map, "unit", node_text(arena, usage->unit));
	node_put(arena, map, "cost_usd",
	    has_cost ? exact(arena, usage->cost_usd) : node_null(arena));
	node_put(arena, map, "cost_status",
	    node_string(arena, usage_cost_status_name(usage->cost_status)));
	node_put(arena, map, "source", node_text(arena, usage->source));
	node_put(arena, map, "metadata", metadata_of(arena, usage->metadata));
	node_put(arena, map, "prompt_tokens",
	    node_int(arena, usage_prompt_tokens(usage)));
	node_put(arena, map, "total_tokens",
	    node_int(arena, usage_total_tokens(usage)));
	return map;
}
