#ifndef METER_CORE_LIMITS_H
#define METER_CORE_LIMITS_H

/*
 * What a run may take: `MEASURE<=VALUE` with VALUE a number or a percentage
 * of the plan's estimate, and `:warn` behind it where breaking it only warns
 * (DESIGN.md 3.3).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"

struct arena;
struct error;
struct node;
struct variance;

enum limits_measure {
	LIMITS_CALLS,
	LIMITS_PROMPT_TOKENS,
	LIMITS_TOTAL_TOKENS,
	LIMITS_COST,
	LIMITS_WORKFLOW_CALLS,
};

struct limit {
	enum limits_measure measure;
	struct text name;	/* the measure as it was written */
	struct text workflow;	/* of LIMITS_WORKFLOW_CALLS */
	struct money value;	/* a number, or a percentage */
	struct text value_text;	/* the same as it was written, without % */
	bool is_percentage;
	bool only_warns;
};

enum limits_verdict {
	LIMITS_OK,
	LIMITS_WARN,
	LIMITS_FAIL,
};

/* What a case that is neither within nor broken comes to. */
struct limits_policy {
	enum limits_verdict missing;	/* a percentage of no estimate */
	enum limits_verdict unpriced;	/* calls that nothing prices */
};

/* One limit, checked. */
struct limits_check {
	const struct limit *limit;
	enum limits_verdict verdict;
	bool is_missing;	/* there is no estimate to take a share of */
	int64_t unpriced_calls;	/* of a cost limit */
	struct money actual;	/* a count as a whole amount */
	struct money allowed;	/* likewise; not set where is_missing */
};

/*
 * Read a limit; its texts are the given one's.  ERROR_USAGE says what is
 * wrong with it.
 */
int limits_parse(struct limit *out, struct text text, struct error *err);

/* Each of the limits that hold by default: 125% of calls, prompt_tokens and
 * cost_usd.  NULL behind the last. */
extern const char *const limits_default[];

/*
 * Check the limits; of several on one measure the last counts.  out has room
 * for count; the number of checks, in the order of the limits that count, is
 * returned.
 */
size_t limits_check(struct limits_check *out, const struct limit *limits,
    size_t count, const struct variance *variance, int64_t unpriced_calls,
    struct limits_policy policy);

/* "ok", "warn" or "fail". */
const char *limits_verdict_name(enum limits_verdict verdict);

#endif
