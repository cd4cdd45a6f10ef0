#ifndef METER_CORE_ATTRIBUTION_H
#define METER_CORE_ATTRIBUTION_H

/*
 * Why a scope's day went off its allocation (DESIGN.md 5): the causes that
 * are found in what was used, with figures and with the evidence that a
 * person would ask for.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/base/when.h"

struct arena;
struct daily_tally_scope;
struct error;
struct node;

/* The causes, in their order. */
enum attribution_code {
	ATTRIBUTION_QUOTA_EXHAUST,
	ATTRIBUTION_RETRY_STORM,
	ATTRIBUTION_FANOUT,
	ATTRIBUTION_MODEL_MIX_SHIFT,
	ATTRIBUTION_UNKNOWN,
	ATTRIBUTION_COUNT = ATTRIBUTION_UNKNOWN,
};

enum {
	ATTRIBUTION_ITEMS = 10,	/* of a list of evidence, at most */
};

/* A task that repeated its attempts, or a model whose share moved. */
struct attribution_item {
	struct text name;		/* a model's may be null */
	int64_t retries, tokens;	/* of a task */
	struct money cost_usd;
	double before, after;	/* of a model: shares of the tokens, 0 to 1 */
	bool has_price;		/* it has tokens */
	double price;		/* USD a million of them */
};

/* A cause that was found. */
struct attribution_part {
	enum attribution_code code;
	bool has_tokens;	/* else null */
	int64_t tokens;		/* of the variance, cut to what was left */
	bool has_cost;
	struct money cost_usd;
	double share;		/* 0 to 1, before any cut */

	/* The evidence: the largest items, and how many there are. */
	struct attribution_item *items;
	size_t item_count, item_total;
	int64_t records;	/* refusals; repeated attempts */
	struct when first;	/* of the refusals */
	struct text *accounts, *models;	/* of the refusals, in order */
	size_t account_count, model_count;
	int64_t tasks;		/* different ones */
	bool has_planned;	/* tasks, else the baseline's mean counts */
	int64_t planned;
	double mean_tasks;	/* of the baseline */
	double tokens_a_task;
	struct money cost_a_task;
	double moved;		/* half the sum of the changes of shares */
	double price_before, price_after;	/* mean, a million tokens */
	struct money cost_before;	/* the day's at the baseline's mix */
	bool has_cheapest;	/* a model that costs something */
	struct text cheapest;
	struct money cost_cheapest;	/* the day's with that model alone */
};

struct attribution {
	enum attribution_code reason;
	struct attribution_part *parts;	/* those that were found, in order */
	size_t count;
	bool has_unexplained;	/* tokens are allocated */
	int64_t unexplained_tokens;
};

/* A scope's day, and what it is compared with. */
struct attribution_question {
	const struct daily_tally_scope *scope;
	size_t day;		/* its place in the tally */
	const size_t *past;	/* the places of the baseline's days */
	size_t past_count;
	bool is_allocated;	/* else there is nothing to explain */
	bool in_tokens;		/* the variance is, else 1e-15 USD */
	money_int variance;
	bool has_planned;	/* a number of tasks is allocated */
	int64_t planned;
};

/* The name, such as "retry_storm". */
const char *attribution_name(enum attribution_code code);

/*
 * Find the causes; lists are in the arena.  Figures that do not fit are
 * ERROR_DATA.
 */
int attribution_find(struct attribution *out, struct arena *arena,
    const struct attribution_question *question, struct error *err);

/*
 * The part that has the largest share, which the reason names; NULL where the
 * reason is unknown.
 */
const struct attribution_part *attribution_main(
    const struct attribution *attribution);

#endif
