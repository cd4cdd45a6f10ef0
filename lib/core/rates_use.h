#ifndef METER_CORE_RATES_USE_H
#define METER_CORE_RATES_USE_H

/*
 * What a resource other than llm costs: an API call, a CPU second.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/base/when.h"

struct error;
struct rates;
struct rates_entry;

struct rates_use {
	struct text resource;
	struct text provider;	/* or null */
	int64_t calls;
	struct money amount;	/* a decimal with up to 15 places */
	struct text unit;	/* or null */
};

/*
 * Set *out to the entry that prices the use at that time, or NULL: the first
 * of the workspace's `resources:` of that resource whose pattern, if it has
 * one, is found in the provider, that holds then, and that prices what is
 * used: calls, or the amount in the very unit.  The package's table has no
 * resources.  Return -1 where a pattern runs into its limit (ERROR_CONFIG).
 */
int rates_use_find(const struct rates_entry **out, const struct rates *rates,
    const struct rates_use *use, struct when at, struct error *err);

/*
 * The cost of the use: calls at the price of one, and the amount at the
 * price of a unit, which is rounded half-even to 15 decimals.  *priced is
 * false, and *cost zero, where no entry prices it: then it is free.
 * ERROR_DATA where the cost does not fit.
 */
int rates_use_price(struct money *cost, bool *priced,
    const struct rates *rates, const struct rates_use *use, struct when at,
    struct error *err);

#endif
