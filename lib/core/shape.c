#include "lib/core/shape.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/doc/node.h"

/* Where LiteLLM keeps the lifetimes of what was written. */
#define LITELLM "prompt_tokens_details.cache_creation_token_details."

/*
 * The most telling first.  The last one is Anthropic's, which is also what an
 * object without any mark is read as: to its bare { input_tokens,
 * output_tokens } OpenAI's Responses give the same meaning.
 */
static const struct shape shapes[] = {
	/* OpenAI Chat, Mistral, DeepSeek, OpenRouter, LiteLLM, meter's own */
	{ .marks = { "prompt_tokens", "completion_tokens",
	      "prompt_cache_hit_tokens", "prompt_cache_miss_tokens" },
	    .input = { "prompt_tokens" },
	    .uncached = { "prompt_cache_miss_tokens" },
	    .read = { "prompt_cache_hit_tokens",
		"prompt_tokens_details.cached_tokens",
		"prompt_token_details.cached_tokens", "num_cached_tokens",
		"cache_read_input_tokens" },
	    .write = { "prompt_tokens_details.cache_write_tokens",
		"prompt_token_details.cache_write_tokens",
		"prompt_tokens_details.cache_creation_tokens",
		"cache_creation_input_tokens" },
	    .write_5m = { LITELLM "ephemeral_5m_input_tokens",
		"cache_creation.ephemeral_5m_input_tokens" },
	    .write_1h = { LITELLM "ephemeral_1h_input_tokens",
		"cache_creation.ephemeral_1h_input_tokens" },
	    .output = { "completion_tokens" },
	    .reasoning = { "completion_tokens_details.reasoning_tokens" },
	    .total = { "total_tokens" },
	    .is_inclusive = true },
	/* OpenAI Responses */
	{ .marks = { "input_tokens_details" },
	    .input = { "input_tokens" },
	    .read = { "input_tokens_details.cached_tokens" },
	    .write = { "input_tokens_details.cache_write_tokens" },
	    .output = { "output_tokens" },
	    .reasoning = { "output_tokens_details.reasoning_tokens" },
	    .is_inclusive = true },
	/* Gemini and Vertex, and the dumps of their SDKs */
	{ .marks = { "promptTokenCount", "candidatesTokenCount",
	      "thoughtsTokenCount", "prompt_token_count",
	      "candidates_token_count", "thoughts_token_count" },
	    .input = { "promptTokenCount", "prompt_token_count" },
	    .tool = { "toolUsePromptTokenCount",
		"tool_use_prompt_token_count" },
	    .read = { "cachedContentTokenCount", "cached_content_token_count" },
	    .output = { "candidatesTokenCount", "candidates_token_count" },
	    .reasoning = { "thoughtsTokenCount", "thoughts_token_count" },
	    .total = { "totalTokenCount", "total_token_count" },
	    .is_inclusive = true,
	    .is_beside = true },
	/* Bedrock Converse */
	{ .marks = { "inputTokens", "outputTokens" },
	    .input = { "inputTokens" },
	    .read = { "cacheReadInputTokens" },
	    .write = { "cacheWriteInputTokens" },
	    .output = { "outputTokens" },
	    .ttls = "cacheDetails" },
	/* Ollama */
	{ .marks = { "prompt_eval_count", "eval_count" },
	    .input = { "prompt_eval_count" },
	    .read = { "prompt_eval_cached_count" },
	    .output = { "eval_count" },
	    .is_inclusive = true },
	/* Anthropic */
	{ .marks = { "input_tokens", "output_tokens" },
	    .input = { "input_tokens" },
	    .read = { "cache_read_input_tokens" },
	    .write = { "cache_creation_input_tokens" },
	    .write_5m = { "cache_creation.ephemeral_5m_input_tokens" },
	    .write_1h = { "cache_creation.ephemeral_1h_input_tokens" },
	    .output = { "output_tokens" },
	    .reasoning = { "output_tokens_details.thinking_tokens",
		"output_tokens_details.reasoning_tokens" },
	    .iterations = "iterations" },
};

enum { SHAPE_COUNT = sizeof(shapes) / sizeof(shapes[0]) };

/* A zero, in digits or in a text, is a mark only where zero_too is set. */
static bool
has_mark(const struct shape *shape, const struct node *usage, bool zero_too)
{
	for (const char *const *mark = shape->marks; *mark; mark++) {
		const struct node *node = node_find(usage, *mark);

		if (node && (zero_too || !text_is(node->text, "0")))
			return true;
	}
	return false;
}

/*
 * Gateways write the fields of two shapes and leave those of one at 0, so a
 * zero tells something only where nothing else does.
 */
const struct shape *
shape_choose(const struct node *usage)
{
	for (int zero_too = 0; zero_too < 2; zero_too++)
		for (size_t i = 0; i < SHAPE_COUNT; i++)
			if (has_mark(&shapes[i], usage, zero_too))
				return &shapes[i];
	return &shapes[SHAPE_COUNT - 1];
}

/*
 * The value at a dotted path, NULL where it is absent or null.  A step that
 * is neither that nor a map is a known field of the wrong type.
 */
static int
walk(const struct node **out, const struct node *usage, const char *path,
    struct error *err)
{
	const struct node *node = usage;

	for (size_t len;; path += len + 1) {
		if (node_expect_map(node, err) < 0)
			return -1;
		len = strcspn(path, ".");
		node = node_get_text(node, (struct text){ path, len });
		if (path[len] == '\0')
			break;
	}
	*out = node_is_null(node) ? NULL : node;
	return 0;
}

/*
 * Every path is read, so that what is wrong is said; the first not 0 wins,
 * since absent, null and 0 are the same count.
 */
static int
count_field(struct shape_count *out, const struct node *usage,
    const char *const *paths, struct error *err)
{
	*out = (struct shape_count){ .path = *paths };
	for (; *paths; paths++) {
		struct shape_count c = { .path = *paths };

		if (walk(&c.node, usage, c.path, err) < 0 ||
		    node_count(&c.value, c.node, true, err) < 0)
			return -1;
		if (c.node && (!out->node || out->value == 0))
			*out = c;
	}
	return 0;
}

int
shape_add(int64_t *sum, int64_t value, const struct node *node,
    struct error *err)
{
	if (__builtin_add_overflow(*sum, value, sum))
		return node_error(err, node,
		    "the sum with %" PRId64 " does not fit in 64 bits", value);
	return 0;
}

/*
 * Bedrock's cacheDetails: what was written, by lifetime.  One that is not
 * known is short-lived.  The place of a sum is its last addend's.
 */
static int
count_ttls(struct shape_counts *counts, const struct node *list,
    struct error *err)
{
	if (node_expect_list(list, err) < 0)
		return -1;
	for (const struct node *n = list ? list->first : NULL; n; n = n->next) {
		const struct node *tokens = node_get(n, "inputTokens");
		struct shape_count *c = &counts->write_5m;
		struct text ttl;
		int64_t value;

		if (node_expect_map(n, err) < 0 ||
		    node_get_string(&ttl, node_get(n, "ttl"), err) < 0 ||
		    node_count(&value, tokens, true, err) < 0)
			return -1;
		if (text_is(ttl, "1h"))
			c = &counts->write_1h;
		if (value != 0)
			c->node = tokens;
		if (shape_add(&c->value, value, tokens, err) < 0)
			return -1;
	}
	return 0;
}

/* The part that made the total grow becomes its place. */
static int
add_part(struct shape_count *total, const struct shape_count *part,
    struct error *err)
{
	if (part->value != 0)
		total->node = part->node;
	return shape_add(&total->value, part->value, part->node, err);
}

/*
 * The total where the object gives only the parts: DeepSeek's prompt, and the
 * lifetimes of cache writes without their sum (formats.md 2.1).
 */
static int
fill_totals(struct shape_counts *c, struct error *err)
{
	if (!c->write.node && (add_part(&c->write, &c->write_5m, err) < 0 ||
				  add_part(&c->write, &c->write_1h, err) < 0))
		return -1;
	if (c->uncached.value == 0 || c->input.value != 0)
		return 0;
	if (add_part(&c->input, &c->uncached, err) < 0 ||
	    add_part(&c->input, &c->read, err) < 0)
		return -1;
	return add_part(&c->input, &c->write, err);
}

/* The fields that make up the prompt. */
static int
count_prompt(struct shape_counts *c, const struct shape *shape,
    const struct node *usage, struct error *err)
{
	if (count_field(&c->input, usage, shape->input, err) < 0 ||
	    count_field(&c->uncached, usage, shape->uncached, err) < 0 ||
	    count_field(&c->tool, usage, shape->tool, err) < 0 ||
	    count_field(&c->read, usage, shape->read, err) < 0 ||
	    count_field(&c->write, usage, shape->write, err) < 0 ||
	    count_field(&c->write_5m, usage, shape->write_5m, err) < 0 ||
	    count_field(&c->write_1h, usage, shape->write_1h, err) < 0)
		return -1;
	if (!shape->ttls)
		return 0;
	return count_ttls(c, node_find(usage, shape->ttls), err);
}

int
shape_read(struct shape_counts *counts, const struct shape *shape,
    const struct node *usage, struct error *err)
{
	if (count_prompt(counts, shape, usage, err) < 0 ||
	    count_field(&counts->output, usage, shape->output, err) < 0 ||
	    count_field(&counts->reasoning, usage, shape->reasoning, err) < 0 ||
	    count_field(&counts->total, usage, shape->total, err) < 0)
		return -1;
	return fill_totals(counts, err);
}
