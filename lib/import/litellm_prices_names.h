#ifndef METER_IMPORT_LITELLM_PRICES_NAMES_H
#define METER_IMPORT_LITELLM_PRICES_NAMES_H

/*
 * Under which names a model of LiteLLM's price list is entered.  LiteLLM's
 * own name counts before one that follows from the provider's way of naming,
 * that before a dated name without its day, and that before the name at a
 * host without the host's.  Where models of the same rank claim a name at
 * different prices it is entered for none of them.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/text.h"

struct arena;
struct litellm_prices_model;

struct litellm_prices_name {
	struct text name;
	const struct litellm_prices_model *model;
	int rank;
	bool may_enter;	/* else it only makes a name ambiguous */
};

struct litellm_prices_claims {
	struct litellm_prices_name *claim;
	size_t count;
	size_t room;
};

/* Add all names that the model claims. */
void litellm_prices_names_claim(struct litellm_prices_claims *claims,
    struct arena *arena, const struct litellm_prices_model *model);

/*
 * Sort the claims by name and keep one claim for each name that is to be
 * entered.  The names that are ambiguous go, also sorted, to dropped, which
 * has room for as many texts as there are claims.
 */
void litellm_prices_names_settle(struct litellm_prices_claims *claims,
    struct text *dropped, size_t *dropped_count);

#endif
