#include "lib/core/rates_use.h"

#include <stddef.h>

#include "lib/base/error.h"
#include "lib/core/rates.h"
#include "lib/core/rates_table.h"

/* Whether the entry has a price for what was used.  One that prices units
 * says nothing of an amount in another unit. */
static bool
prices_it(const struct rates_entry *entry, const struct rates_use *use)
{
	if (!entry->has_per_unit)
		return true;
	if (!use->unit.data)
		return entry->has_per_call;
	return text_equal(entry->unit, use->unit);
}

int
rates_use_find(const struct rates_entry **out, const struct rates *rates,
    const struct rates_use *use, struct when at, struct error *err)
{
	const struct rates_table *table = rates_workspace(rates);
	bool matches;

	*out = NULL;
	for (size_t i = 0; table && i < table->resources.count; i++) {
		const struct rates_entry *entry = &table->resources.entry[i];

		if (!text_equal(entry->resource, use->resource) ||
		    !rates_table_covers(entry, at) || !prices_it(entry, use))
			continue;
		matches = !entry->match.data;
		if (!matches && rates_table_matches(&matches, entry,
				    use->provider, err) < 0)
			return -1;
		if (matches) {
			*out = entry;
			return 0;
		}
	}
	return 0;
}

/*
 * Set *out to price times amount, half-even to 15 decimals.  Both are split
 * into whole dollars (or units) and what is below, so that only the product
 * of the two small parts has decimals to round, and no part overflows
 * unnoticed.
 */
static int
multiply(struct money *out, struct money price, struct money amount)
{
	const money_int one = 1000000000000000;
	money_int whole = amount.femto / one, part = amount.femto % one;
	money_int a, b, fine, result;

	fine = price.femto % one * part;
	if (__builtin_mul_overflow(price.femto, whole, &a) ||
	    __builtin_mul_overflow(price.femto / one, part, &b) ||
	    __builtin_add_overflow(a, b, &result) ||
	    __builtin_add_overflow(result, fine / one, &result))
		return -1;
	fine = fine % one * 2;
	if (fine > one || (fine == one && result % 2 != 0))
		if (__builtin_add_overflow(result, (money_int)1, &result))
			return -1;
	out->femto = result;
	return 0;
}

int
rates_use_price(struct money *cost, bool *priced, const struct rates *rates,
    const struct rates_use *use, struct when at, struct error *err)
{
	const struct rates_entry *entry;
	struct money calls = MONEY_ZERO, units = MONEY_ZERO, sum;

	*cost = MONEY_ZERO;
	*priced = false;
	if (rates_use_find(&entry, rates, use, at, err) < 0)
		return -1;
	if (!entry)
		return 0;
	if ((entry->has_per_call &&
		money_times(&calls, entry->per_call, use->calls) < 0) ||
	    (entry->has_per_unit && use->unit.data &&
		multiply(&units, entry->per_unit, use->amount) < 0) ||
	    money_add(&sum, calls, units) < 0)
		return error_set(err, ERROR_DATA,
		    "the cost of the resource is too large");
	*cost = sum;
	*priced = true;
	return 0;
}
