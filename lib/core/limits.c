#include "lib/core/limits.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"
#include "lib/core/variance.h"

#define WHOLE ((money_int)1000000000000000) /* 1 in the units of money */

const char *const limits_default[] = { "calls<=125%", "prompt_tokens<=125%",
	"cost_usd<=125%", NULL };

static const struct {
	const char *name;
	enum limits_measure measure;
} measures[] = {
	{ "calls", LIMITS_CALLS },
	{ "prompt_tokens", LIMITS_PROMPT_TOKENS },
	{ "total_tokens", LIMITS_TOTAL_TOKENS },
	{ "cost_usd", LIMITS_COST },
};

static int
refuse(struct error *err, struct text text, const char *reason)
{
	struct buf shown = BUF_INIT;

	utf8_escape(&shown, text.data, text.len, UTF8_ASCII, 100);
	error_set(err, ERROR_USAGE, "limit '%s': %s", shown.text, reason);
	buf_release(&shown);
	return -1;
}

static struct text
part(struct text text, size_t from, size_t to)
{
	while (from < to && text.data[from] == ' ')
		from++;
	while (to > from && text.data[to - 1] == ' ')
		to--;
	return (struct text){ text.data + from, to - from };
}

static bool
ends_in(struct text text, const char *ending)
{
	size_t len = strlen(ending);

	return text.len >= len &&
	       memcmp(text.data + text.len - len, ending, len) == 0;
}

/* Where the last "<=" stands, since a workflow's id may hold one; or -1. */
static int64_t
find_sign(struct text text)
{
	for (size_t i = text.len; i >= 2; i--)
		if (memcmp(text.data + i - 2, "<=", 2) == 0)
			return (int64_t)i - 2;
	return -1;
}

static bool
parse_measure(struct limit *out)
{
	static const char prefix[] = "workflow:";
	size_t len = sizeof(prefix) - 1;

	for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++) {
		if (text_is(out->name, measures[i].name)) {
			out->measure = measures[i].measure;
			return true;
		}
	}
	if (out->name.len <= len + strlen(".calls") ||
	    memcmp(out->name.data, prefix, len) != 0 ||
	    !ends_in(out->name, ".calls"))
		return false;
	out->measure = LIMITS_WORKFLOW_CALLS;
	out->workflow = (struct text){ out->name.data + len,
		out->name.len - len - strlen(".calls") };
	return true;
}

static bool
parse_value(struct limit *out)
{
	if (ends_in(out->value_text, "%")) {
		out->is_percentage = true;
		out->value_text =
		    part(out->value_text, 0, out->value_text.len - 1);
	}
	return money_parse(&out->value, out->value_text.data,
		   out->value_text.len) == MONEY_OK &&
	       out->value.femto >= 0;
}

int
limits_parse(struct limit *out, struct text text, struct error *err)
{
	struct text rest = part(text, 0, text.len);
	int64_t sign;

	*out = (struct limit){ 0 };
	if (ends_in(rest, ":warn")) {
		out->only_warns = true;
		rest = part(rest, 0, rest.len - strlen(":warn"));
	}
	sign = find_sign(rest);
	if (sign < 0)
		return refuse(err, text, "expected MEASURE<=VALUE");
	out->name = part(rest, 0, (size_t)sign);
	out->value_text = part(rest, (size_t)sign + 2, rest.len);
	if (!parse_measure(out))
		return refuse(err, text,
		    "the measure is none of calls, prompt_tokens, "
		    "total_tokens, cost_usd and workflow:ID.calls");
	if (!parse_value(out))
		return refuse(err, text,
		    "the value is neither a number nor a percentage, "
		    "not negative");
	return 0;
}

/* A count as an amount; all counts fit. */
static struct money
whole(int64_t count)
{
	return (struct money){ count * WHOLE };
}

/*
 * A percentage of an estimate, cut to what can be told apart from the next
 * one: an actual is at most the share where it is at most the share cut.
 * What does not fit is the largest amount.
 */
static struct money
share_of(struct money estimate, struct money percentage)
{
	const money_int hundred = 100 * WHOLE;
	money_int share, rest;

	/* estimate * percentage / hundred, by parts that fit. */
	if (__builtin_mul_overflow(estimate.femto / hundred, percentage.femto,
		&share))
		return MONEY_MAX;
	if (__builtin_mul_overflow(estimate.femto % hundred, percentage.femto,
		&rest) ||
	    __builtin_add_overflow(share, rest / hundred, &share))
		return MONEY_MAX;
	return (struct money){ share };
}

/* What the run took of a measure, and what was planned, if it was. */
static bool
look_up(const struct limit *limit, const struct variance *variance,
    struct money *actual, struct money *estimate)
{
	const struct variance_workflow *workflow;
	const struct variance_count *count;

	if (limit->measure == LIMITS_COST) {
		*actual = variance->cost.total;
		*estimate = variance->cost.exact_estimate;
		return variance->cost.has_estimate;
	}
	if (limit->measure == LIMITS_CALLS)
		count = &variance->calls;
	else if (limit->measure == LIMITS_PROMPT_TOKENS)
		count = &variance->prompt_tokens;
	else if (limit->measure == LIMITS_TOTAL_TOKENS)
		count = &variance->total_tokens;
	else {
		workflow = variance_find(variance, limit->workflow);
		*actual = MONEY_ZERO;
		if (!workflow)
			return false;
		count = &workflow->calls;
	}
	*actual = whole(count->actual);
	*estimate = whole(count->estimated);
	return count->has_estimate;
}

static enum limits_verdict
worse(enum limits_verdict a, enum limits_verdict b)
{
	return a > b ? a : b;
}

static void
check(struct limits_check *out, const struct limit *limit,
    const struct variance *variance, int64_t unpriced_calls,
    struct limits_policy policy)
{
	struct money estimate = MONEY_ZERO;
	bool planned;

	*out = (struct limits_check){ .limit = limit };
	planned = look_up(limit, variance, &out->actual, &estimate);
	out->is_missing = limit->is_percentage && !planned;
	if (limit->is_percentage && planned)
		out->allowed = share_of(estimate, limit->value);
	else
		out->allowed = limit->value;
	if (out->is_missing)
		out->verdict = policy.missing;
	else if (money_compare(out->actual, out->allowed) > 0)
		out->verdict = LIMITS_FAIL;
	if (limit->measure == LIMITS_COST && unpriced_calls > 0) {
		out->unpriced_calls = unpriced_calls;
		out->verdict = worse(out->verdict, policy.unpriced);
	}
	if (limit->only_warns && out->verdict == LIMITS_FAIL)
		out->verdict = LIMITS_WARN;
}

/* Whether a later limit is on the same measure. */
static bool
is_overruled(const struct limit *limits, size_t at, size_t count)
{
	for (size_t i = at + 1; i < count; i++)
		if (limits[i].measure == limits[at].measure &&
		    text_equal(limits[i].workflow, limits[at].workflow))
			return true;
	return false;
}

size_t
limits_check(struct limits_check *out, const struct limit *limits, size_t count,
    const struct variance *variance, int64_t unpriced_calls,
    struct limits_policy policy)
{
	size_t checks = 0;

	for (size_t i = 0; i < count; i++)
		if (!is_overruled(limits, i, count))
			check(&out[checks++], &limits[i], variance,
			    unpriced_calls, policy);
	return checks;
}

const char *
limits_verdict_name(enum limits_verdict verdict)
{
	static const char *const names[] = { "ok", "warn", "fail" };

	return names[verdict];
}
