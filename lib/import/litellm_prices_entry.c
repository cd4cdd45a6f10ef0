#include "lib/import/litellm_prices_entry.h"

#include <string.h>

#include "lib/base/number.h"
#include "lib/doc/node.h"

enum {
	THOUSAND = 1000,
	NAME_MAX_BYTES = 200,
	TWICE = 2,
	MOST_1H = 4, /* times the input price */
	MOST_OUTPUT = 20, /* likewise */
};

/* 1,000 and 10 USD per million tokens, as prices of one. */
static const struct money HIGHEST = { 1000000000000 };
static const struct money HIGHEST_EMBEDDING = { 10000000000 };

/* LiteLLM's names of the prices. */
static const char *const fields[RATES_MEASURES] = {
	[RATES_INPUT] = "input_cost_per_token",
	[RATES_OUTPUT] = "output_cost_per_token",
	[RATES_CACHE_READ] = "cache_read_input_token_cost",
	[RATES_CACHE_WRITE] = "cache_creation_input_token_cost",
	[RATES_CACHE_WRITE_1H] = "cache_creation_input_token_cost_above_1hr",
};

struct reader {
	struct litellm_prices_model *model;
	bool *notes;
};

/* Read one price; a price finer than ours is arithmetic's dust. */
static void
read_price(struct reader *r, struct litellm_prices_tier *tier, int measure,
    const struct node *node)
{
	enum money_parsed parsed;

	if (node_is_null(node))
		return;
	if (node->type != NODE_INT && node->type != NODE_FLOAT) {
		r->notes[LITELLM_BAD_PRICE] = true;
		return;
	}
	parsed =
	    money_parse(&tier->token[measure], node->text.data, node->text.len);
	if (parsed == MONEY_ROUNDED)
		r->notes[LITELLM_ROUNDED] = true;
	else if (parsed != MONEY_OK || tier->token[measure].femto < 0)
		r->notes[LITELLM_BAD_PRICE] = true;
	tier->given[measure] = true;
}

/* The tier of prompts longer than that, made where it is missing. */
static struct litellm_prices_tier *
find_tier(struct reader *r, int64_t prompt_tokens)
{
	struct litellm_prices_model *model = r->model;
	size_t i = model->tier_count;

	for (size_t k = 0; k < model->tier_count; k++)
		if (model->tier[k].prompt_tokens == prompt_tokens)
			return &model->tier[k];
	/* The list has at most four; more would be something else. */
	if (i == LITELLM_TIERS_MAX) {
		r->notes[LITELLM_BAD_PRICE] = true;
		return &model->tier[0];
	}
	for (; i > 0 && model->tier[i - 1].prompt_tokens > prompt_tokens; i--)
		model->tier[i] = model->tier[i - 1];
	memset(&model->tier[i], 0, sizeof(model->tier[i]));
	model->tier[i].prompt_tokens = prompt_tokens;
	model->tier_count++;
	return &model->tier[i];
}

/* The N of `_above_Nk_tokens`, the rest of a field's name; -1 if it is not
 * that. */
static int64_t
threshold(struct text rest)
{
	static const char head[] = "_above_", tail[] = "k_tokens";
	size_t around = strlen(head) + strlen(tail);
	int64_t thousands;

	if (rest.len <= around || memcmp(rest.data, head, strlen(head)) != 0 ||
	    memcmp(rest.data + rest.len - strlen(tail), tail, strlen(tail)) !=
		0 ||
	    number_parse_count(&thousands, rest.data + strlen(head),
		rest.len - around) < 0 ||
	    thousands > INT64_MAX / THOUSAND)
		return -1;
	return thousands * THOUSAND;
}

/* Take the field where it is a price above a threshold: nearly no entry has
 * such fields, and their thresholds are any. */
static void
read_above(struct reader *r, const struct node *field)
{
	for (int m = 0; m < RATES_MEASURES; m++) {
		size_t len = strlen(fields[m]);
		struct text rest = { field->key.data + len, 0 };
		int64_t tokens;

		if (field->key.len <= len ||
		    memcmp(field->key.data, fields[m], len) != 0)
			continue;
		rest.len = field->key.len - len;
		tokens = threshold(rest);
		if (tokens > 0)
			read_price(r, find_tier(r, tokens), m, field);
	}
}

/* A tier's lower end, `256000.0`; -1 where there is none. */
static int64_t
range_start(const struct node *tier)
{
	const struct node *range = node_find(tier, "range");
	const money_int one = 1000000000000000;
	struct money start;

	if (!range || range->type != NODE_LIST || !range->first)
		return -1;
	range = range->first;
	if ((range->type != NODE_INT && range->type != NODE_FLOAT) ||
	    money_parse(&start, range->text.data, range->text.len) !=
		MONEY_OK ||
	    start.femto < 0 || start.femto % one != 0 ||
	    start.femto / one > INT64_MAX)
		return -1;
	return (int64_t)(start.femto / one);
}

/* Some entries have no price of their own but a list of tiers instead; one
 * that starts at 0 is the entry's own. */
static void
read_ranges(struct reader *r, const struct node *list)
{
	if (node_is_null(list) || list->type != NODE_LIST)
		return;
	for (const struct node *item = list->first; item; item = item->next) {
		int64_t start = range_start(item);

		if (start < 0)
			continue;
		for (int m = 0; m < RATES_MEASURES; m++)
			read_price(r, find_tier(r, start), m,
			    node_get(item, fields[m]));
	}
}

/*
 * Drop or mend what no provider charges.  A tier that has no one-hour price
 * would keep the entry's own, so this is held against the tier's others.
 */
static void
mend(struct reader *r, struct litellm_prices_tier *tier)
{
	const struct litellm_prices_tier *own = &r->model->tier[0];
	struct money *token = tier->token;
	money_int input = token[RATES_INPUT].femto, write = input, hour;

	if (!tier->given[RATES_INPUT])
		return;
	if (tier->given[RATES_CACHE_WRITE])
		write = token[RATES_CACHE_WRITE].femto;
	/* A write takes the prompt in as well, so it never costs less. */
	if (write < input) {
		tier->given[RATES_CACHE_WRITE] = false;
		r->notes[LITELLM_LOW_WRITE] = true;
		write = input;
	}
	if (!tier->given[RATES_CACHE_WRITE_1H] &&
	    !own->given[RATES_CACHE_WRITE_1H])
		return;
	hour = tier->given[RATES_CACHE_WRITE_1H]
		   ? token[RATES_CACHE_WRITE_1H].femto
		   : own->token[RATES_CACHE_WRITE_1H].femto;
	if (hour < write || hour > MOST_1H * input) {
		token[RATES_CACHE_WRITE_1H].femto = TWICE * input;
		tier->given[RATES_CACHE_WRITE_1H] = true;
		r->notes[LITELLM_ODD_1H] = true;
	}
}

/* Whether a provider that charges nothing is likely: a runner on one's own
 * machine, or a model named so. */
static bool
may_be_free(const struct litellm_prices_model *model)
{
	return text_is(model->provider, "ollama") ||
	       text_is(model->provider, "lemonade") ||
	       memmem(model->name.data, model->name.len, ":free", 5) ||
	       memmem(model->name.data, model->name.len, "-Free", 5) ||
	       memmem(model->name.data, model->name.len, "/free", 5);
}

/* Such prices are those of a thousand or a million tokens in the field of
 * one. */
static bool
is_too_high(const struct litellm_prices_model *model, struct money highest)
{
	for (size_t i = 0; i < model->tier_count; i++)
		for (int m = 0; m < RATES_MEASURES; m++)
			if (model->tier[i].given[m] &&
			    money_compare(model->tier[i].token[m], highest) > 0)
				return true;
	return false;
}

/* Look at the prices, all read, and say what is wrong with them. */
static void
judge(struct reader *r, const struct node *node)
{
	struct litellm_prices_tier *own = &r->model->tier[0];
	const struct node *mode = node_find(node, "mode");
	bool output =
	    own->given[RATES_OUTPUT] && own->token[RATES_OUTPUT].femto > 0;

	if (!own->given[RATES_INPUT])
		r->notes[own->given[RATES_OUTPUT] ? LITELLM_NO_INPUT_PRICE
						  : LITELLM_NO_PRICE] = true;
	else if (own->token[RATES_INPUT].femto == 0 && !output &&
		 !may_be_free(r->model))
		r->notes[LITELLM_ZERO] = true;
	r->notes[LITELLM_TOO_HIGH] = is_too_high(r->model, HIGHEST);
	r->notes[LITELLM_HIGH_OUTPUT] =
	    output && own->token[RATES_INPUT].femto > 0 &&
	    own->token[RATES_OUTPUT].femto >
		MOST_OUTPUT * own->token[RATES_INPUT].femto;
	r->notes[LITELLM_HIGH_EMBEDDING] =
	    mode && text_is(mode->text, "embedding") &&
	    !r->notes[LITELLM_TOO_HIGH] &&
	    is_too_high(r->model, HIGHEST_EMBEDDING);
}

static void
read_prices(struct reader *r, const struct node *node)
{
	struct litellm_prices_tier *own = find_tier(r, 0);
	const struct node *hit =
	    node_get(node, "input_cost_per_token_cache_hit");
	const struct node *thinking =
	    node_find(node, "output_cost_per_reasoning_token");
	struct litellm_prices_tier reasoning = { 0 };

	for (int m = 0; m < RATES_MEASURES; m++)
		read_price(r, own, m, node_get(node, fields[m]));
	/* An older name of the same price. */
	if (!own->given[RATES_CACHE_READ])
		read_price(r, own, RATES_CACHE_READ, hit);
	read_ranges(r, node_get(node, "tiered_pricing"));
	for (const struct node *field = node->first; field; field = field->next)
		read_above(r, field);
	own = &r->model->tier[0];
	for (size_t i = 0; i < r->model->tier_count; i++)
		mend(r, &r->model->tier[i]);
	if (!thinking)
		return;
	read_price(r, &reasoning, RATES_OUTPUT, thinking);
	if (money_compare(reasoning.token[RATES_OUTPUT],
		own->token[RATES_OUTPUT]) != 0)
		r->notes[LITELLM_REASONING] = true;
}

/* Names with these could not be entered as they are, or stand for many. */
static bool
is_good_name(struct text name)
{
	if (name.len == 0 || name.len > NAME_MAX_BYTES ||
	    name.data[name.len - 1] == '/')
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] <= ' ' || name.data[i] >= '\x7f' ||
		    strchr("'\"\\*$", name.data[i]))
			return false;
	return true;
}

/* In the other modes tokens have a price now and then, but not the one that
 * the call is paid by. */
static bool
is_token_mode(const struct node *mode)
{
	static const char *const modes[] = { "chat", "completion", "responses",
		"embedding" };

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (text_is(mode->text, modes[i]))
			return true;
	return false;
}

bool
litellm_prices_entry(struct litellm_prices_model *model,
    bool notes[LITELLM_NOTES], const struct node *node)
{
	struct reader r = { model, notes };
	const struct node *mode = node_find(node, "mode");
	const struct node *provider = node_find(node, "litellm_provider");
	bool out = false;

	memset(model, 0, sizeof(*model));
	memset(notes, 0, LITELLM_NOTES * sizeof(*notes));
	model->name = node->key;
	/* The list's own explanation has a sentence for a mode. */
	if (!mode || !provider || memchr(mode->text.data, ' ', mode->text.len))
		notes[LITELLM_NO_MODEL] = true;
	else if (!is_token_mode(mode))
		notes[LITELLM_OTHER_MODE] = true;
	else if (!is_good_name(model->name))
		notes[LITELLM_BAD_NAME] = true;
	if (notes[LITELLM_NO_MODEL] || notes[LITELLM_OTHER_MODE] ||
	    notes[LITELLM_BAD_NAME])
		return false;

	model->provider = provider->text;
	read_prices(&r, node);
	judge(&r, node);
	for (int note = 0; note < LITELLM_ROUNDED; note++)
		out = out || notes[note];
	/* What is left out need not be said to have been mended. */
	for (int note = LITELLM_ROUNDED; out && note < LITELLM_NOTES; note++)
		notes[note] = false;
	return !out;
}

bool
litellm_prices_entry_same(const struct litellm_prices_model *a,
    const struct litellm_prices_model *b)
{
	if (a->tier_count != b->tier_count)
		return false;
	for (size_t i = 0; i < a->tier_count; i++) {
		const struct litellm_prices_tier *x = &a->tier[i];
		const struct litellm_prices_tier *y = &b->tier[i];

		if (x->prompt_tokens != y->prompt_tokens)
			return false;
		for (int m = 0; m < RATES_MEASURES; m++)
			if (x->given[m] != y->given[m] ||
			    (x->given[m] &&
				money_compare(x->token[m], y->token[m]) != 0))
				return false;
	}
	return true;
}
