#include "lib/core/daily.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/base/error.h"

#define USD ((money_int)INT64_C(1000000000000000))

static struct error err;

/* Compare a day's figures with the variances of the days before. */
static struct daily_measure
compare(enum daily_name name, money_int allocated, money_int actual,
    const money_int *past, size_t count, const struct daily_limits *limits)
{
	struct daily_measure measure = { .allocated = allocated,
		.actual = actual };

	cr_assert(daily_compare(&measure, name, past, count, limits, &err) == 0,
	    "%s", err.text);
	return measure;
}

/* As Python's statistics has them: mean 5, stdev 2.138089935299395. */
static const money_int eight[] = { 2, 4, 4, 4, 5, 5, 7, 9 };

Test(daily, a_day_is_compared_with_those_before)
{
	struct daily_measure measure =
	    compare(DAILY_TOKENS, 1000, 1300, eight, 8, &daily_limits_usual);

	cr_expect(measure.variance == 300);
	cr_expect(eq(dbl, measure.pct, 30.0));
	cr_expect(eq(i64, measure.baseline.days, 8));
	cr_expect(eq(dbl, measure.baseline.mean, 5.0));
	cr_expect(eq(dbl, measure.baseline.stddev, 2.138089935299395));
	cr_expect(eq(dbl, measure.baseline.z, (300 - 5.0) / 2.138089935299395));
	cr_expect(measure.is_over && measure.has_alert);
}

Test(daily, cost_is_compared_exactly)
{
	/* 0.1, 0.2, 0.3: mean 0.2, stdev 0.1 */
	const money_int past[] = { USD / 10, USD / 5, 3 * USD / 10 };
	struct daily_measure measure =
	    compare(DAILY_COST, USD, 2 * USD, past, 3, &daily_limits_usual);

	cr_expect(eq(dbl, measure.baseline.mean, 0.2));
	cr_expect(eq(dbl, measure.baseline.stddev, 0.1));
	cr_expect(eq(dbl, measure.baseline.z, 8.0));
	cr_expect(eq(dbl, measure.pct, 100.0));
	cr_expect(measure.is_over && measure.has_alert == false);
}

Test(daily, a_short_baseline_has_less_to_say)
{
	struct daily_measure measure =
	    compare(DAILY_TOKENS, 10, 20, NULL, 0, &daily_limits_usual);

	cr_expect(measure.baseline.has_mean == false);
	cr_expect(measure.is_over && measure.has_alert == false);
	measure = compare(DAILY_TOKENS, 10, 20, eight, 1, &daily_limits_usual);
	cr_expect(measure.baseline.has_mean);
	cr_expect(measure.baseline.has_stddev == false);
	cr_expect(measure.baseline.has_z == false);
	/* Seven days are the least. */
	measure = compare(DAILY_TOKENS, 10, 20, eight, 6, &daily_limits_usual);
	cr_expect(measure.has_alert == false);
	measure = compare(DAILY_TOKENS, 10, 20, eight, 7, &daily_limits_usual);
	cr_expect(measure.has_alert);
}

Test(daily, limits_must_be_exceeded_not_met)
{
	/* mean 0, stdev 10: n = 8, squares 700 */
	const money_int past[] = { 10, -10, 10, -10, 10, -10, 10, -10 };
	const money_int spread[] = { 0, 0, 0, 0, 0, 0, 21, -21 };
	struct daily_limits limits = daily_limits_usual;
	struct daily_measure measure;

	measure = compare(DAILY_TOKENS, 100, 125, past, 8, &limits);
	cr_expect(measure.is_over == false && measure.has_alert == false);
	measure = compare(DAILY_TOKENS, 100, 126, past, 8, &limits);
	cr_expect(measure.is_over && measure.has_alert);
	measure = compare(DAILY_TOKENS, 100, 74, past, 8, &limits);
	cr_expect(measure.is_over == false && measure.has_alert);
	/* squares 882: stdev is the root of 126, 3 of it the root of 1134 */
	limits.z = (struct money){ 3 * USD };
	measure = compare(DAILY_TOKENS, 100, 133, spread, 8, &limits);
	cr_expect(measure.has_alert == false);
	measure = compare(DAILY_TOKENS, 100, 134, spread, 8, &limits);
	cr_expect(measure.has_alert);
	limits.pct = (struct money){ 34 * USD };
	measure = compare(DAILY_TOKENS, 100, 134, spread, 8, &limits);
	cr_expect(measure.has_alert == false && measure.is_over == false);
}

Test(daily, days_that_are_all_the_same_have_no_z_and_yet_alert)
{
	const money_int past[] = { 5, 5, 5, 5, 5, 5, 5 };
	struct daily_measure measure =
	    compare(DAILY_TOKENS, 100, 140, past, 7, &daily_limits_usual);

	cr_expect(measure.baseline.has_stddev);
	cr_expect(eq(dbl, measure.baseline.stddev, 0.0));
	cr_expect(measure.baseline.has_z == false && measure.has_alert);
	measure = compare(DAILY_TOKENS, 10, 15, past, 7, &daily_limits_usual);
	cr_expect(measure.is_over && measure.has_alert == false);
}

Test(daily, where_nothing_is_allocated_anything_is_over)
{
	const money_int past[7] = { 0 };
	struct daily_measure measure =
	    compare(DAILY_TOKENS, 0, 1, past, 7, &daily_limits_usual);

	cr_expect(measure.has_pct == false);
	cr_expect(measure.is_over && measure.has_alert);
	measure = compare(DAILY_TOKENS, 0, 0, past, 7, &daily_limits_usual);
	cr_expect(measure.is_over == false && measure.has_alert == false);
}

Test(daily, the_largest_figures_are_exact_or_refused)
{
	const money_int past[] = { MONEY_MAX.femto, -MONEY_MAX.femto };
	struct daily_measure measure = compare(DAILY_COST, 0,
	    MONEY_MAX.femto / 4, past, 2, &daily_limits_usual);
	const money_int much[] = { MONEY_MAX.femto, 1 };

	cr_expect(eq(dbl, measure.baseline.mean, 0.0));
	/* The root of twice the largest's square. */
	cr_expect(eq(dbl, measure.baseline.stddev, 2.4061596916800451e23));
	cr_expect(daily_compare(&measure, DAILY_COST, much, 2,
		      &daily_limits_usual, &err) == -1);
	cr_expect(err.kind == ERROR_DATA);
}
