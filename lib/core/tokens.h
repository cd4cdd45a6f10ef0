#ifndef METER_CORE_TOKENS_H
#define METER_CORE_TOKENS_H

/*
 * Any provider's usage object, to the disjoint measures of DESIGN.md 1.2.
 * What each provider's fields mean, and which totals include which parts, is
 * formats.md 1.  The shape is told by the fields that are there, never by
 * the provider's name.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/money.h"

struct arena;
struct error;
struct node;

struct tokens {
	int64_t input;		/* prompt, neither read from nor written to
				 * a cache */
	int64_t cache_read;
	int64_t cache_write;	/* short-lived, or no lifetime given */
	int64_t cache_write_1h;
	int64_t output;		/* reasoning included */
	int64_t reasoning;	/* a part of output */
	bool has_cost;		/* the provider reported one, 0 too */
	struct money cost;
};

/*
 * Read the usage object (NULL or null: all zero) into *out.  A count of the
 * wrong type, a negative one, a part larger than its total, or sums beyond
 * 64 bits: ERROR_DATA at the place of the value, *out untouched.  Unknown
 * fields are ignored.  After success tokens_total fits.
 *
 * Three things go beyond formats.md 1, each where the object itself says so:
 * a Chat total_tokens that is prompt + completion + reasoning puts reasoning
 * beside completion_tokens (xAI); LiteLLM's write lifetimes are read from
 * within prompt_tokens_details; a `cost` that is a mapping gives its
 * total_cost (Perplexity).
 */
int tokens_read(struct tokens *out, const struct node *usage,
    struct error *err);

/*
 * The usage object in the body of a whole response, or of one event of a
 * stream: `usage` or `usageMetadata`, at the top or within the `response`,
 * `message` or `metadata` that events wrap around it; the body itself where
 * it is Ollama's last.  NULL where there is none or it is null.
 */
const struct node *tokens_find(const struct node *body);

/*
 * The usage object of an Anthropic stream: that of message_start, overlaid by
 * every field of the last message_delta's that is not null, since counts
 * there are cumulative and may leave the input side out.  Either may be NULL
 * or null.  A new tree; both arguments stay as they are, and so do the
 * places of the fields.  Other streams carry the whole usage in their last
 * chunk.
 */
struct node *tokens_overlay(struct arena *arena, const struct node *start,
    const struct node *delta);

/* input + cache reads + both cache writes; -1 where it does not fit. */
int tokens_prompt(int64_t *out, const struct tokens *tokens);

/* prompt + output; -1 where it does not fit. */
int tokens_total(int64_t *out, const struct tokens *tokens);

#endif
