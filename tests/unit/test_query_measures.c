#include "lib/core/query_measures.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/doc/json_write.h"
#include "tests/unit/scratch_usage.h"

static struct arena arena = ARENA_INIT;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(query_measures, .fini = release);

Test(query_measures, count_statuses_attempts_and_failed_calls)
{
	static const struct {
		const char *status;
		int64_t attempt;
	} rows[] = { { "ok", 1 }, { "ok", 2 }, { "error", 3 }, { "retry", 1 },
		{ "retry", 2 }, { "rate_limited", 1 }, { "quota", 1 } };
	struct query_measures measures = { 0 };
	struct query_value rate;
	struct error err = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct usage usage =
		    scratch_record("2026-11-22T08:00:00Z", "m", NULL);

		usage.dimension[USAGE_STATUS] = text_of(rows[i].status);
		usage.attempt = rows[i].attempt;
		usage.calls = 2;
		cr_assert(eq(int,
		    query_measures_add(&measures, &arena, &usage, &err), 0));
	}
	cr_expect(eq(i64, measures.count[QUERY_ERRORS], 1));
	cr_expect(eq(i64, measures.count[QUERY_RETRIES], 4));
	cr_expect(eq(i64, measures.count[QUERY_RATE_LIMITED], 1));
	cr_expect(eq(i64, measures.count[QUERY_QUOTA], 1));
	cr_expect(eq(i64, measures.count[QUERY_UNPRICED_CALLS], 14));
	rate = query_measures_value(&measures, QUERY_MEASURE_FAILURE_RATE);
	cr_expect(epsilon_eq(dbl, rate.ratio, 0.4286, 1e-9));
}

Test(query_measures, split_a_cost_into_known_and_estimated)
{
	struct usage usage = scratch_record("2026-11-22T08:00:00Z", "m", NULL);
	struct query_measures measures = { 0 };
	struct error err = { 0 };

	scratch_set_cost(&usage, USAGE_COST_KNOWN, "3");
	usage.estimated_usd.femto = usage.cost_usd.femto / 3;
	cr_assert(
	    eq(int, query_measures_add(&measures, &arena, &usage, &err), 0));
	scratch_set_cost(&usage, USAGE_COST_ESTIMATED, "5");
	cr_assert(
	    eq(int, query_measures_add(&measures, &arena, &usage, &err), 0));
	cr_expect(eq(dbl, money_double(measures.known), 2));
	cr_expect(eq(dbl, money_double(measures.estimated), 6));
	cr_expect(eq(dbl, money_double(query_measures_cost(&measures)), 8));
}

Test(query_measures, have_no_ratio_where_there_is_nothing_to_divide_by)
{
	const struct query_measures none = { 0 };

	for (int i = QUERY_MEASURE_FAILURE_RATE; i < QUERY_MEASURE_COUNT; i++)
		cr_expect(query_measures_value(&none, (enum query_measure)i)
			      .is_null,
		    "%s", query_measures_names[i]);
}

Test(query_measures, divide_as_their_names_say)
{
	static const struct {
		enum query_measure measure;
		double wanted;
	} rows[] = {
		{ QUERY_MEASURE_CACHE_HIT_RATE, 0.6667 },
		{ QUERY_MEASURE_OUTPUT_PER_INPUT, 1.3333 },
		{ QUERY_MEASURE_TOKENS_PER_CALL, 777.7778 },
		{ QUERY_MEASURE_COST_PER_CALL, 0.2222222222 },
		{ QUERY_MEASURE_COST_PER_1K_OUTPUT, 0.5 },
	};
	struct usage usage = scratch_record("2026-11-22T08:00:00Z", "m", NULL);
	struct query_measures measures = { 0 };
	struct error err = { 0 };

	usage.calls = 9;
	usage.input_tokens = 1000;
	usage.cache_read_tokens = 2000;
	usage.output_tokens = 4000;
	scratch_set_cost(&usage, USAGE_COST_ESTIMATED, "2");
	cr_assert(
	    eq(int, query_measures_add(&measures, &arena, &usage, &err), 0));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect(epsilon_eq(dbl,
			      query_measures_value(&measures, rows[i].measure)
				  .ratio,
			      rows[i].wanted, 1e-12),
		    "%s", query_measures_names[rows[i].measure]);
}

Test(query_measures, add_amounts_by_unit)
{
	static const char *const units[] = { "s", "GB", "s", "query" };
	struct query_measures measures = { 0 };
	struct error err = { 0 };
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < 4; i++) {
		struct usage usage =
		    scratch_record("2026-11-22T08:00:00Z", "m", NULL);

		usage.has_amount = true;
		usage.unit = text_of(units[i]);
		cr_assert(money_parse(&usage.amount, "0.1", 3) == MONEY_OK);
		cr_assert(eq(int,
		    query_measures_add(&measures, &arena, &usage, &err), 0));
	}
	json_write_line(&out, query_measures_amounts(&arena, &measures));
	cr_expect(eq(str, out.text, "{\"GB\":0.1,\"query\":0.1,\"s\":0.2}"));
	buf_release(&out);
}

Test(query_measures, refuse_sums_that_do_not_fit)
{
	struct usage usage = scratch_record("2026-11-22T08:00:00Z", "m", NULL);
	struct query_measures measures = { 0 };
	struct error err = { 0 };

	usage.output_tokens = INT64_MAX;
	cr_assert(
	    eq(int, query_measures_add(&measures, &arena, &usage, &err), 0));
	cr_expect(
	    eq(int, query_measures_add(&measures, &arena, &usage, &err), -1));
	cr_expect(eq(int, err.kind, ERROR_DATA));
	cr_expect(eq(str, err.text, "the sum of output_tokens does not fit"));

	measures = (struct query_measures){ 0 };
	usage.output_tokens = 0;
	usage.cost_status = USAGE_COST_KNOWN;
	usage.cost_usd = MONEY_MAX;
	cr_assert(
	    eq(int, query_measures_add(&measures, &arena, &usage, &err), 0));
	usage.cost_status = USAGE_COST_ESTIMATED;
	cr_expect(
	    eq(int, query_measures_add(&measures, &arena, &usage, &err), -1));
	cr_expect(eq(str, err.text, "the sum of cost_usd does not fit"));
}
