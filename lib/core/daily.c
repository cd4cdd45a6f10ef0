#include "lib/core/daily.h"

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/wide.h"
#include "lib/core/allocation.h"
#include "lib/core/daily_tally.h"

#define FEMTO INT64_C(1000000000000000)

enum {
	USUAL_PCT = 25,
	USUAL_Z = 2,
	USUAL_DAYS = 7,
	HUNDRED = 100,
};

const struct daily_limits daily_limits_usual = { { USUAL_PCT *
						     (money_int)FEMTO },
	{ USUAL_Z * (money_int)FEMTO }, USUAL_DAYS };

const char *const daily_names[DAILY_COUNT] = { "tokens", "cost_usd" };

struct money
daily_money(money_int femto)
{
	return (struct money){ femto };
}

/* What is known of the days before: their number, sum and sum of squares. */
struct past {
	size_t count;
	money_int sum;
	struct wide squares;
};

static int
refuse(struct error *err)
{
	return error_set(err, ERROR_DATA,
	    "the daily variance is too large to compute");
}

static int
add_up(struct past *past, const money_int *values, size_t count,
    struct error *err)
{
	struct money sum = MONEY_ZERO;
	struct wide value;

	*past = (struct past){ .count = count };
	for (size_t i = 0; i < count; i++) {
		value = wide_of(values[i]);
		past->squares =
		    wide_add(past->squares, wide_times(value, value));
		if (money_add(&sum, sum, daily_money(values[i])) < 0)
			return refuse(err);
	}
	past->sum = sum.femto;
	return 0;
}

/* count times the sum of squares, less the square of the sum: the deviation's
 * square times count times count - 1. */
static struct wide
spread(const struct past *past)
{
	struct wide sum = wide_of(past->sum);

	return wide_sub(wide_times(wide_of((money_int)past->count),
			    past->squares),
	    wide_times(sum, sum));
}

/* How many of the integers make one of the unit that is shown. */
static money_int
unit_of(enum daily_name name)
{
	return name == DAILY_COST ? FEMTO : 1;
}

static double
signed_ratio(money_int a, struct wide b)
{
	double ratio = wide_ratio(wide_of(a), b);

	return a < 0 ? -ratio : ratio;
}

/* Rounded once. */
static double
percentage(const struct daily_measure *measure)
{
	double pct =
	    wide_ratio(wide_times(wide_of(measure->variance), wide_of(HUNDRED)),
		wide_of(measure->allocated));

	return measure->variance < 0 ? -pct : pct;
}

static void
set_baseline(struct daily_measure *measure, enum daily_name name,
    const struct past *past)
{
	struct daily_baseline *baseline = &measure->baseline;
	struct wide unit = wide_of(unit_of(name));
	struct wide count = wide_of((money_int)past->count);
	double variance;

	*baseline = (struct daily_baseline){ .days = (int64_t)past->count };
	if (past->count == 0)
		return;
	baseline->has_mean = true;
	baseline->mean = signed_ratio(past->sum, wide_times(count, unit));
	if (past->count < 2)
		return;
	baseline->has_stddev = true;
	count = wide_times(count, wide_of((money_int)past->count - 1));
	baseline->stddev =
	    wide_root(spread(past), wide_times(count, wide_times(unit, unit)));
	if (baseline->stddev <= 0)
		return;
	variance = signed_ratio(measure->variance, unit);
	baseline->has_z = true;
	baseline->z = (variance - baseline->mean) / baseline->stddev;
}

/* Whether the variance is more than so many percent of what is allocated. */
static bool
exceeds(const struct daily_measure *measure, struct money pct)
{
	struct wide off = wide_times(wide_of(measure->variance),
	    wide_of(HUNDRED * (money_int)FEMTO));

	if (measure->allocated == 0)
		return measure->actual > 0;
	return wide_compare(off, wide_times(wide_of(measure->allocated),
				     wide_of(pct.femto))) > 0;
}

/*
 * Whether the variance is more than z deviations from the mean: both sides
 * squared, and times what is divided by.
 */
static int
deviates(bool *out, const struct daily_measure *measure,
    const struct past *past, struct money z, struct error *err)
{
	struct wide count = wide_of((money_int)past->count), off, limit;
	struct money scaled;

	*out = false;
	if (past->count < 2)
		return 0;
	if (money_times(&scaled, daily_money(measure->variance),
		(int64_t)past->count) < 0 ||
	    money_sub(&scaled, scaled, daily_money(past->sum)) < 0)
		return refuse(err);
	off = wide_of(scaled.femto);
	off = wide_times(wide_times(off, off),
	    wide_of((money_int)(past->count - 1)));
	off = wide_times(off, wide_of((money_int)FEMTO * FEMTO));
	limit = wide_of(z.femto);
	limit = wide_times(wide_times(limit, limit),
	    wide_times(count, spread(past)));
	*out = wide_compare(off, limit) > 0;
	return 0;
}

int
daily_compare(struct daily_measure *measure, enum daily_name name,
    const money_int *values, size_t count, const struct daily_limits *limits,
    struct error *err)
{
	struct money variance;
	struct past past;
	bool is_off;

	if (money_sub(&variance, daily_money(measure->actual),
		daily_money(measure->allocated)) < 0)
		return refuse(err);
	measure->variance = variance.femto;
	measure->has_pct = measure->allocated != 0;
	if (measure->has_pct)
		measure->pct = percentage(measure);
	if (add_up(&past, values, count, err) < 0)
		return -1;
	set_baseline(measure, name, &past);
	if (deviates(&is_off, measure, &past, limits->z, err) < 0)
		return -1;
	measure->is_over =
	    measure->variance > 0 && exceeds(measure, limits->pct);
	measure->has_alert = is_off && exceeds(measure, limits->pct) &&
			     (int64_t)past.count >= limits->days;
	return 0;
}

static bool
has_measure(const struct allocation *allocation, enum daily_name name)
{
	if (!allocation)
		return false;
	return name == DAILY_TOKENS ? allocation->has_tokens
				    : allocation->has_cost;
}

static money_int
allocated_of(const struct allocation *allocation, enum daily_name name)
{
	return name == DAILY_TOKENS ? allocation->tokens
				    : allocation->cost_usd.femto;
}

static money_int
actual_of(const struct daily_tally_day *day, enum daily_name name)
{
	return name == DAILY_TOKENS ? day->tokens : day->cost.femto;
}

/* The days of the baseline: those on which the measure was allocated. */
static size_t
list_past(size_t past[DAILY_BASELINE], size_t day,
    const struct allocation *const *allocations, enum daily_name name)
{
	size_t count = 0;
	size_t at = day < DAILY_BASELINE ? 0 : day - DAILY_BASELINE;

	for (; at < day; at++)
		if (has_measure(allocations[at], name))
			past[count++] = at;
	return count;
}

/* A measure of the row, whose scope's day is known. */
static int
set_measure(struct daily_row *row, enum daily_name name,
    const struct daily_tally_scope *scope, size_t day,
    const struct allocation *const *allocations,
    const struct daily_limits *limits, struct error *err)
{
	struct daily_measure *measure = &row->measure[name];
	size_t past[DAILY_BASELINE], count;
	money_int values[DAILY_BASELINE];
	struct money value;

	measure->is_allocated = has_measure(allocations[day], name);
	measure->has_actual = measure->is_allocated || !row->is_allocated;
	measure->actual = actual_of(&scope->days[day], name);
	if (!measure->is_allocated)
		return 0;
	measure->allocated = allocated_of(allocations[day], name);
	count = list_past(past, day, allocations, name);
	for (size_t i = 0; i < count; i++) {
		if (money_sub(&value,
			daily_money(actual_of(&scope->days[past[i]], name)),
			daily_money(allocated_of(allocations[past[i]], name))) <
		    0)
			return refuse(err);
		values[i] = value.femto;
	}
	return daily_compare(measure, name, values, count, limits, err);
}

/* Tokens are explained where they are allocated, else cost is. */
static int
attribute(struct daily_row *row, struct arena *arena,
    const struct daily_tally_scope *scope, size_t day,
    const struct allocation *const *allocations, struct error *err)
{
	enum daily_name name =
	    row->measure[DAILY_TOKENS].is_allocated ? DAILY_TOKENS : DAILY_COST;
	size_t past[DAILY_BASELINE];
	const struct attribution_question question = {
		.scope = scope,
		.day = day,
		.past = past,
		.past_count = list_past(past, day, allocations, name),
		.is_allocated = row->measure[name].is_allocated,
		.in_tokens = name == DAILY_TOKENS,
		.variance = row->measure[name].variance,
		.has_planned = row->has_tasks,
		.planned = row->tasks_allocated,
	};

	return attribution_find(&row->attribution, arena, &question, err);
}

int
daily_compute(struct daily_row *out, struct arena *arena,
    const struct daily_tally_scope *scope, struct when day_start, size_t day,
    const struct allocation *const *allocations, bool is_past,
    const struct daily_limits *limits, struct error *err)
{
	*out = (struct daily_row){ .day = day_start,
		.dimension = scope->dimension,
		.id = scope->id,
		.is_allocated = allocations[day] != NULL,
		.tasks = scope->days[day].tasks };
	if (out->is_allocated) {
		out->has_tasks = allocations[day]->has_tasks;
		out->tasks_allocated = allocations[day]->tasks;
	}
	for (int name = 0; name < DAILY_COUNT; name++) {
		struct daily_measure *measure = &out->measure[name];

		if (set_measure(out, (enum daily_name)name, scope, day,
			allocations, limits, err) < 0)
			return -1;
		measure->has_alert = measure->has_alert && is_past;
		out->is_over = out->is_over || measure->is_over;
		out->has_alert = out->has_alert || measure->has_alert;
	}
	return attribute(out, arena, scope, day, allocations, err);
}
