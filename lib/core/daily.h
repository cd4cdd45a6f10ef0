#ifndef METER_CORE_DAILY_H
#define METER_CORE_DAILY_H

/*
 * A scope's UTC day beside what it may use a day (DESIGN.md 5): how far off
 * it is, how far off it was on the days before, and whether that is worth an
 * alert.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/base/when.h"
#include "lib/core/attribution.h"
#include "lib/core/query_dimension.h"

struct allocation;
struct arena;
struct error;

enum daily_name {
	DAILY_TOKENS,
	DAILY_COST,
	DAILY_COUNT,
};

enum {
	DAILY_BASELINE = 14,	/* days before that are looked at */
};

/* From when on a deviation is one. */
struct daily_limits {
	struct money pct;	/* percent of what is allocated */
	struct money z;		/* standard deviations from the mean */
	int64_t days;		/* of the baseline, at least */
};

/* 25 %, 2 and 7. */
extern const struct daily_limits daily_limits_usual;

/* The same scope's variance on the days before: tokens, or USD. */
struct daily_baseline {
	int64_t days;
	bool has_mean, has_stddev, has_z;
	double mean, stddev, z;
};

/* Tokens, or 1e-15 USD. */
struct daily_measure {
	bool has_actual;
	money_int actual;
	bool is_allocated;	/* else nothing of what follows is */
	money_int allocated;
	money_int variance;	/* actual - allocated */
	bool has_pct;
	double pct;		/* of what is allocated */
	struct daily_baseline baseline;
	bool is_over;
	bool has_alert;
};

struct daily_row {
	struct when day;
	enum query_dimension dimension;
	struct text id;		/* null: the usage that has no value */
	bool is_allocated;
	struct daily_measure measure[DAILY_COUNT];
	bool has_tasks;
	int64_t tasks_allocated;
	int64_t tasks;		/* different ones that used something */
	bool is_over;		/* one of the measures is */
	bool has_alert;		/* one of the measures has */
	struct attribution attribution;
	struct text alert_emitted_at;	/* as it is stored, or null */
	struct text proposal;		/* its id, or null */
};

/* "tokens", "cost_usd": as alerts name them. */
extern const char *const daily_names[DAILY_COUNT];

/* USD, of a measure that is cost. */
struct money daily_money(money_int femto);

/*
 * Compare a measure, whose actual and allocated are set, with the variances
 * of the days before, and tell whether it is over, and off.  Sums that do not
 * fit are ERROR_DATA.
 */
int daily_compare(struct daily_measure *measure, enum daily_name name,
    const money_int *past, size_t past_count,
    const struct daily_limits *limits, struct error *err);

/*
 * A scope's day: its place in the tally is day, and allocations[i] is what
 * holds on the tally's day i, or NULL; no day before the tally's first is
 * looked at.  Of a day that is not over yet nothing is an alert.  Texts and
 * lists are those of the tally, or in the arena.
 */
int daily_compute(struct daily_row *out, struct arena *arena,
    const struct daily_tally_scope *scope, struct when day_start, size_t day,
    const struct allocation *const *allocations, bool is_past,
    const struct daily_limits *limits, struct error *err);

#endif
