#include "lib/core/limits.h"

#include <inttypes.h>

#include "lib/core/variance.h"
#include "tests/unit/scratch.h"

static struct arena arena = ARENA_INIT;
static struct error err;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(limits, .fini = release);

static char *
amount(struct money money)
{
	struct buf out = BUF_INIT;
	char *text;

	money_full(&out, money);
	text = arena_copy(&arena, out.text, out.len);
	buf_release(&out);
	return text;
}

static struct money
parse(const char *text)
{
	struct money money = MONEY_ZERO;

	cr_assert(money_parse(&money, text, strlen(text)) == MONEY_OK, "%s",
	    text);
	return money;
}

static struct limit
limit_of(const char *text)
{
	struct limit limit;

	cr_assert(limits_parse(&limit, text_of(text), &err) == 0, "%s: %s",
	    text, err.text);
	return limit;
}

Test(limits, read_a_measure_and_a_value)
{
	static const struct {
		const char *text;
		enum limits_measure measure;
		const char *name, *workflow, *value;
		bool is_percentage, only_warns;
	} cases[] = {
		{ "calls<=5", LIMITS_CALLS, "calls", NULL, "5", false, false },
		{ "prompt_tokens<=0", LIMITS_PROMPT_TOKENS, "prompt_tokens",
		    NULL, "0", false, false },
		{ "total_tokens<=1e3", LIMITS_TOTAL_TOKENS, "total_tokens",
		    NULL, "1e3", false, false },
		{ "cost_usd<=120%", LIMITS_COST, "cost_usd", NULL, "120", true,
		    false },
		{ "cost_usd<=1.50:warn", LIMITS_COST, "cost_usd", NULL, "1.50",
		    false, true },
		{ "calls<=12.5%:warn", LIMITS_CALLS, "calls", NULL, "12.5",
		    true, true },
		{ "  calls  <=  5 %  :warn ", LIMITS_CALLS, "calls", NULL, "5",
		    true, true },
		{ "workflow:draft.calls<=3", LIMITS_WORKFLOW_CALLS,
		    "workflow:draft.calls", "draft", "3", false, false },
		{ "workflow:a.b.calls<=3", LIMITS_WORKFLOW_CALLS,
		    "workflow:a.b.calls", "a.b", "3", false, false },
		{ "workflow:.calls.calls<=3", LIMITS_WORKFLOW_CALLS,
		    "workflow:.calls.calls", ".calls", "3", false, false },
		{ "workflow:a<=b.calls<=3", LIMITS_WORKFLOW_CALLS,
		    "workflow:a<=b.calls", "a<=b", "3", false, false },
		{ "workflow:a b:warn.calls<=3", LIMITS_WORKFLOW_CALLS,
		    "workflow:a b:warn.calls", "a b:warn", "3", false, false },
		{ "calls<=.5", LIMITS_CALLS, "calls", NULL, ".5", false,
		    false },
		{ "calls<=+5", LIMITS_CALLS, "calls", NULL, "+5", false,
		    false },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		struct limit limit = limit_of(cases[i].text);

		cr_expect(eq(int, (int)limit.measure, (int)cases[i].measure));
		cr_expect(text_is(limit.name, cases[i].name), "%s",
		    cases[i].text);
		cr_expect(text_is(limit.workflow, cases[i].workflow), "%s",
		    cases[i].text);
		cr_expect(text_is(limit.value_text, cases[i].value), "%s",
		    cases[i].text);
		cr_expect(eq(int,
		    money_compare(limit.value, parse(cases[i].value)), 0));
		cr_expect(eq(int, limit.is_percentage, cases[i].is_percentage));
		cr_expect(eq(int, limit.only_warns, cases[i].only_warns));
	}
}

Test(limits, refuse_what_is_no_limit)
{
	static const char sign[] = "expected MEASURE<=VALUE";
	static const char measure[] =
	    "the measure is none of calls, prompt_tokens, total_tokens, "
	    "cost_usd and workflow:ID.calls";
	static const char value[] = "the value is neither a number nor a "
				    "percentage, not negative";
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{ "", sign },
		{ "calls", sign },
		{ "calls<5", sign },
		{ "calls=5", sign },
		{ "calls>=5", sign },
		{ ":warn", sign },
		{ "<=", measure },
		{ "<=5", measure },
		{ "Calls<=5", measure },
		{ "cost<=5", measure },
		{ "workflow:.calls<=5", measure },
		{ "workflow:a<=5", measure },
		{ "workflow.calls<=5", measure },
		{ "calls.calls<=5", measure },
		{ "calls<=", value },
		{ "calls<=%", value },
		{ "calls<=5%%", value },
		{ "calls<=x", value },
		{ "calls<=-1", value },
		{ "calls<=1,000", value },
		{ "calls<=0x10", value },
		{ "calls<=5 6", value },
		{ "calls<=5:fail", value },
		{ "calls<=1e99", value },
		{ "calls<=inf", value },
		{ "calls<=0.0000000000000001", value },
	};
	struct limit limit;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++)
		scratch_expect(limits_parse(&limit, text_of(cases[i].text),
				   &err),
		    &err, ERROR_USAGE,
		    arena_printf(&arena, "limit '%s': %s", cases[i].text,
			cases[i].reason));
	scratch_expect(limits_parse(&limit, TEXT("\x1b[0m"), &err), &err,
	    ERROR_USAGE, "limit '\\x1b[0m': expected MEASURE<=VALUE");
}

Test(limits, that_hold_by_default_are_limits)
{
	size_t count = 0;

	for (; limits_default[count]; count++) {
		struct limit limit = limit_of(limits_default[count]);

		cr_expect(limit.is_percentage);
		SCRATCH_SAME(amount(limit.value), "125");
	}
	cr_expect(eq(sz, count, 3));
}

static const struct limits_policy usual = { LIMITS_FAIL, LIMITS_WARN };

static struct limits_check
check_one(const char *text, const struct variance *variance, int64_t unpriced,
    struct limits_policy policy)
{
	struct limit *limit = arena_alloc(&arena, sizeof(*limit));
	struct limits_check check;

	*limit = limit_of(text);
	cr_assert(
	    limits_check(&check, limit, 1, variance, unpriced, policy) == 1);
	cr_expect(check.limit == limit);
	return check;
}

/* The share is exact, and what equals it is within. */
Test(limits, hold_up_to_the_very_edge)
{
	static const struct {
		const char *limit;
		int64_t estimated, actual;
		enum limits_verdict verdict;
		const char *allowed;
	} cases[] = {
		{ "calls<=5", 0, 5, LIMITS_OK, "5" },
		{ "calls<=5", 0, 6, LIMITS_FAIL, "5" },
		{ "calls<=5.999999999999999", 0, 6, LIMITS_FAIL,
		    "5.999999999999999" },
		{ "calls<=0", 0, 0, LIMITS_OK, "0" },
		{ "calls<=0", 0, 1, LIMITS_FAIL, "0" },
		{ "calls<=100%", 7, 7, LIMITS_OK, "7" },
		{ "calls<=100%", 7, 8, LIMITS_FAIL, "7" },
		{ "calls<=125%", 4, 5, LIMITS_OK, "5" },
		{ "calls<=124.999999999999999%", 4, 5, LIMITS_FAIL,
		    "4.999999999999999" },
		{ "calls<=0%", 7, 0, LIMITS_OK, "0" },
		{ "calls<=0%", 7, 1, LIMITS_FAIL, "0" },
		{ "calls<=500%", 0, 0, LIMITS_OK, "0" },
		{ "calls<=500%", 0, 1, LIMITS_FAIL, "0" },
		{ "calls<=100%", INT64_MAX, INT64_MAX, LIMITS_OK,
		    "9223372036854775807" },
		{ "calls<=99.999999999999999%", INT64_MAX, INT64_MAX,
		    LIMITS_FAIL, NULL },
		{ "calls<=1000000000000%", INT64_MAX, INT64_MAX, LIMITS_OK,
		    NULL },
		{ "calls<=100000000000000000000%", INT64_MAX, INT64_MAX,
		    LIMITS_OK, NULL },
		{ "calls<=5:warn", 0, 6, LIMITS_WARN, "5" },
		{ "calls<=5:warn", 0, 5, LIMITS_OK, "5" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		struct variance v = { .calls = { true, cases[i].estimated,
					  cases[i].actual } };
		struct limits_check check =
		    check_one(cases[i].limit, &v, 0, usual);

		cr_expect(eq(int, (int)check.verdict, (int)cases[i].verdict),
		    "%s of %" PRId64, cases[i].limit, cases[i].estimated);
		cr_expect(not(check.is_missing));
		cr_expect(eq(int,
		    money_compare(check.actual,
			parse(arena_printf(&arena, "%lld",
			    (long long)cases[i].actual))),
		    0));
		if (cases[i].allowed)
			SCRATCH_SAME(amount(check.allowed), cases[i].allowed);
	}
}

Test(limits, of_cost_are_exact_to_a_femtodollar)
{
	static const struct {
		const char *limit, *estimate, *total;
		enum limits_verdict verdict;
	} cases[] = {
		{ "cost_usd<=0.03", "0.024", "0.03", LIMITS_OK },
		{ "cost_usd<=0.03", "0.024", "0.030000000000001", LIMITS_FAIL },
		{ "cost_usd<=125%", "0.024", "0.03", LIMITS_OK },
		{ "cost_usd<=125%", "0.024", "0.030000000000001", LIMITS_FAIL },
		{ "cost_usd<=10%", "0.1", "0.01", LIMITS_OK },
		{ "cost_usd<=10%", "0.1", "0.010000000000001", LIMITS_FAIL },
		{ "cost_usd<=33.333333333333333%", "0.000000000000003",
		    "0.000000000000001", LIMITS_FAIL },
		{ "cost_usd<=33.333333333333334%", "0.000000000000003",
		    "0.000000000000001", LIMITS_OK },
		{ "cost_usd<=10000000000000%", "100000000000000000000000",
		    "170000000000000000000000", LIMITS_OK },
		{ "cost_usd<=50%", "100000000000000000000000",
		    "50000000000000000000000", LIMITS_OK },
		{ "cost_usd<=50%", "100000000000000000000000",
		    "50000000000000000000000.000000000000001", LIMITS_FAIL },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		struct variance v = { 0 };

		v.cost.has_estimate = true;
		v.cost.exact_estimate = parse(cases[i].estimate);
		v.cost.total = parse(cases[i].total);
		cr_expect(eq(int,
			      (int)check_one(cases[i].limit, &v, 0, usual)
				  .verdict,
			      (int)cases[i].verdict),
		    "%s of %s: %s", cases[i].limit, cases[i].estimate,
		    cases[i].total);
	}
}

Test(limits, look_at_their_own_measure)
{
	struct variance_workflow workflows[] = {
		{ .id = TEXT("a"), .calls = { true, 10, 4 } },
		{ .id = TEXT("b"), .calls = { false, 0, 5 } },
	};
	struct variance v = { .calls = { true, 10, 1 },
		.prompt_tokens = { true, 10, 2 },
		.total_tokens = { true, 10, 3 },
		.workflows = workflows,
		.workflow_count = 2 };
	static const struct {
		const char *limit, *actual;
		bool is_missing;
	} cases[] = {
		{ "calls<=100%", "1", false },
		{ "prompt_tokens<=100%", "2", false },
		{ "total_tokens<=100%", "3", false },
		{ "workflow:a.calls<=100%", "4", false },
		{ "workflow:b.calls<=9", "5", false },
		{ "workflow:b.calls<=100%", "5", true },
		{ "workflow:none.calls<=9", "0", false },
		{ "workflow:none.calls<=100%", "0", true },
		{ "cost_usd<=1", "6", false },
		{ "cost_usd<=100%", "6", true },
	};

	v.cost.total = parse("6");
	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		struct limits_check check =
		    check_one(cases[i].limit, &v, 0, usual);

		SCRATCH_SAME(amount(check.actual), cases[i].actual);
		cr_expect(eq(int, check.is_missing, cases[i].is_missing), "%s",
		    cases[i].limit);
	}
}

Test(limits, missing_estimate_comes_to_what_the_policy_says)
{
	struct variance v = { .calls = { false, 0, 5 } };

	for (int verdict = LIMITS_OK; verdict <= LIMITS_FAIL; verdict++) {
		struct limits_policy policy = { (enum limits_verdict)verdict,
			LIMITS_WARN };
		struct limits_check check =
		    check_one("calls<=1%", &v, 0, policy);

		cr_expect(check.is_missing);
		cr_expect(eq(int, (int)check.verdict, verdict));
		check = check_one("calls<=1%:warn", &v, 0, policy);
		cr_expect(eq(int, (int)check.verdict,
		    verdict == LIMITS_FAIL ? LIMITS_WARN : verdict));
		/* A number needs no estimate. */
		check = check_one("calls<=5", &v, 0, policy);
		cr_expect(not(check.is_missing));
		cr_expect(eq(int, (int)check.verdict, LIMITS_OK));
	}
}

Test(limits, unpriced_calls_make_a_cost_no_better_than_the_policy_says)
{
	static const struct {
		const char *limit;
		int64_t unpriced;
		enum limits_verdict policy, verdict;
	} cases[] = {
		{ "cost_usd<=1", 0, LIMITS_FAIL, LIMITS_OK },
		{ "cost_usd<=1", 2, LIMITS_OK, LIMITS_OK },
		{ "cost_usd<=1", 2, LIMITS_WARN, LIMITS_WARN },
		{ "cost_usd<=1", 2, LIMITS_FAIL, LIMITS_FAIL },
		{ "cost_usd<=1:warn", 2, LIMITS_FAIL, LIMITS_WARN },
		{ "cost_usd<=0.5", 2, LIMITS_OK, LIMITS_FAIL },
		{ "cost_usd<=0.5", 2, LIMITS_WARN, LIMITS_FAIL },
		{ "calls<=1", 2, LIMITS_FAIL, LIMITS_OK },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		struct limits_policy policy = { LIMITS_FAIL, cases[i].policy };
		struct variance v = { .calls = { true, 1, 1 } };
		struct limits_check check;

		v.cost.total = parse("0.75");
		check =
		    check_one(cases[i].limit, &v, cases[i].unpriced, policy);
		cr_expect(eq(int, (int)check.verdict, (int)cases[i].verdict),
		    "%zu", i);
		cr_expect(eq(i64, check.unpriced_calls,
		    cases[i].limit[1] == 'o' ? cases[i].unpriced : 0));
	}
}

Test(limits, later_ones_overrule_earlier_ones_of_the_same_measure)
{
	static const char *const texts[] = { "calls<=1", "cost_usd<=1",
		"workflow:a.calls<=1", "calls<=2:warn", "workflow:b.calls<=1",
		"workflow:a.calls<=9%", "prompt_tokens<=1", "calls<=3" };
	static const size_t kept[] = { 1, 4, 5, 6, 7 };
	struct limit limits[SCRATCH_COUNT(texts)];
	struct limits_check checks[SCRATCH_COUNT(texts)];
	struct variance v = { 0 };
	size_t count;

	for (size_t i = 0; i < SCRATCH_COUNT(texts); i++)
		limits[i] = limit_of(texts[i]);
	count =
	    limits_check(checks, limits, SCRATCH_COUNT(texts), &v, 0, usual);
	cr_assert(eq(sz, count, SCRATCH_COUNT(kept)));
	for (size_t i = 0; i < count; i++)
		cr_expect(checks[i].limit == &limits[kept[i]], "%zu", i);
	cr_expect(eq(sz, limits_check(checks, limits, 0, &v, 0, usual), 0));
}

Test(limits, verdicts_have_names)
{
	SCRATCH_SAME(limits_verdict_name(LIMITS_OK), "ok");
	SCRATCH_SAME(limits_verdict_name(LIMITS_WARN), "warn");
	SCRATCH_SAME(limits_verdict_name(LIMITS_FAIL), "fail");
}
