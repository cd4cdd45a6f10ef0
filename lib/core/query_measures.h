#ifndef METER_CORE_QUERY_MEASURES_H
#define METER_CORE_QUERY_MEASURES_H

/*
 * What a set of records comes to: the MEASURES of DESIGN.md 3.1.  Sums are
 * checked and exact, so any order of records gives the same; ratios are
 * doubles, and null where there is nothing to divide by.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/doc/node.h"

struct arena;
struct error;
struct usage;

/* The sums that are counts, in the order in which they are shown. */
enum query_count {
	QUERY_RECORDS,
	QUERY_CALLS,
	QUERY_INPUT_TOKENS,
	QUERY_CACHE_READ_TOKENS,
	QUERY_CACHE_WRITE_TOKENS,
	QUERY_CACHE_WRITE_1H_TOKENS,
	QUERY_OUTPUT_TOKENS,
	QUERY_REASONING_TOKENS,
	QUERY_PROMPT_TOKENS,
	QUERY_TOTAL_TOKENS,
	QUERY_ESTIMATED_TOKENS,
	QUERY_UNPRICED_CALLS,
	QUERY_ERRORS,
	QUERY_RETRIES,
	QUERY_RATE_LIMITED,
	QUERY_QUOTA,
	QUERY_FAILED_CALLS,	/* for the failure rate; not shown */
	QUERY_COUNT_COUNT,
};

/* The sum of a unit's amounts. */
struct query_amount {
	struct query_amount *next;	/* by unit, sorted */
	struct text unit;
	struct money sum;
};

struct query_measures {
	int64_t count[QUERY_COUNT_COUNT];
	struct money known, estimated;	/* cost_usd is both */
	struct query_amount *amounts;
};

/* Everything that is shown of measures, in its order. */
enum query_measure {
	QUERY_MEASURE_RECORDS,
	QUERY_MEASURE_CALLS,
	QUERY_MEASURE_INPUT_TOKENS,
	QUERY_MEASURE_CACHE_READ_TOKENS,
	QUERY_MEASURE_CACHE_WRITE_TOKENS,
	QUERY_MEASURE_CACHE_WRITE_1H_TOKENS,
	QUERY_MEASURE_OUTPUT_TOKENS,
	QUERY_MEASURE_REASONING_TOKENS,
	QUERY_MEASURE_PROMPT_TOKENS,
	QUERY_MEASURE_TOTAL_TOKENS,
	QUERY_MEASURE_ESTIMATED_TOKENS,
	QUERY_MEASURE_COST_USD,
	QUERY_MEASURE_COST_USD_KNOWN,
	QUERY_MEASURE_COST_USD_ESTIMATED,
	QUERY_MEASURE_UNPRICED_CALLS,
	QUERY_MEASURE_ERRORS,
	QUERY_MEASURE_RETRIES,
	QUERY_MEASURE_RATE_LIMITED,
	QUERY_MEASURE_QUOTA,
	QUERY_MEASURE_AMOUNTS,
	QUERY_MEASURE_FAILURE_RATE,
	QUERY_MEASURE_CACHE_HIT_RATE,
	QUERY_MEASURE_OUTPUT_PER_INPUT,
	QUERY_MEASURE_TOKENS_PER_CALL,
	QUERY_MEASURE_COST_PER_CALL,
	QUERY_MEASURE_COST_PER_1K_OUTPUT,
	QUERY_MEASURE_COUNT,
};

enum query_measure_kind {
	QUERY_KIND_COUNT,
	QUERY_KIND_MONEY,
	QUERY_KIND_RATIO,
	QUERY_KIND_AMOUNTS,
};

/* A measure's value; a ratio may be null. */
struct query_value {
	enum query_measure_kind kind;
	bool is_null;
	int64_t count;
	struct money money;
	double ratio;
};

extern const char *const query_measures_names[QUERY_MEASURE_COUNT];

/* The measure of a name, hyphens standing for underscores; false: none. */
bool query_measures_find(enum query_measure *out, struct text name);

/*
 * Add a record.  Where a sum does not fit, ERROR_DATA names it, and the
 * measures are of no use any more.
 */
int query_measures_add(struct query_measures *measures, struct arena *arena,
    const struct usage *usage, struct error *err);

/* What a single record comes to, but for its amount.  ERROR_DATA where the
 * parts of its cost make no sense. */
int query_measures_of(struct query_measures *out, const struct usage *usage,
    struct error *err);

/* Add an amount of a unit alone. */
int query_measures_add_amount(struct query_measures *measures,
    struct arena *arena, struct text unit, struct money amount,
    struct error *err);

/* Add what others come to; their texts are copied. */
int query_measures_merge(struct query_measures *measures, struct arena *arena,
    const struct query_measures *other, struct error *err);

struct query_value query_measures_value(const struct query_measures *measures,
    enum query_measure measure);

/* The cost, known and estimated; that it fits was checked. */
struct money query_measures_cost(const struct query_measures *measures);

/* Put them all into the map; money is a number in full. */
void query_measures_put(struct arena *arena, struct node *map,
    const struct query_measures *measures);

/* A number in full, and a map of the sums by unit. */
struct node *query_measures_money(struct arena *arena, struct money money);
struct node *query_measures_amounts(struct arena *arena,
    const struct query_measures *measures);

#endif
