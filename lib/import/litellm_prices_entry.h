#ifndef METER_IMPORT_LITELLM_PRICES_ENTRY_H
#define METER_IMPORT_LITELLM_PRICES_ENTRY_H

/* One entry of LiteLLM's price list, read and judged. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/core/rates_table.h"
#include "lib/import/litellm_prices.h"

struct arena;
struct node;

enum {
	LITELLM_TIERS_MAX = 8,
};

/* Prices of a token, as far as they are given, for a long enough prompt. */
struct litellm_prices_tier {
	int64_t prompt_tokens;	/* 0: the entry's own */
	struct money token[RATES_MEASURES];
	bool given[RATES_MEASURES];
};

struct litellm_prices_model {
	struct text name;
	struct text provider;
	/* The first is the entry's own, the others ascend. */
	struct litellm_prices_tier tier[LITELLM_TIERS_MAX];
	size_t tier_count;
};

/*
 * Read the list's entry node into *model.  Sets notes[] where one applies to
 * it.  Returns whether it is to be entered.
 */
bool litellm_prices_entry(struct litellm_prices_model *model,
    bool notes[LITELLM_NOTES], const struct node *node);

/* Whether two models cost the same. */
bool litellm_prices_entry_same(const struct litellm_prices_model *a,
    const struct litellm_prices_model *b);

#endif
