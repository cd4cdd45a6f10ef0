#include "lib/core/attribution.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/core/daily_tally.h"
#include "lib/core/usage.h"

#define DAY INT64_C(86400000000)
#define USD ((money_int)INT64_C(1000000000000000))

enum {
	BASE = 2, /* days of the baseline, before the day */
};

static struct arena arena = ARENA_INIT;
static struct daily_tally tally;
static struct daily_tally_scope *scope;
static struct error err;

static void
begin(void)
{
	daily_tally_init(&tally, &arena, (struct when){ 0 }, BASE + 1);
	scope = daily_tally_watch(&tally, (enum query_dimension)USAGE_QUEST,
	    TEXT("q"));
}

static void
end(void)
{
	arena_release(&arena);
}

TestSuite(attribution, .init = begin, .fini = end);

/* Add count records of that day. */
static void
use(int64_t day, int count, const char *task, const char *model, int64_t tokens,
    money_int cost, int64_t attempt, const char *status)
{
	struct usage usage = { .at = { day * DAY + 7 },
		.attempt = attempt,
		.input_tokens = tokens,
		.cost_status = USAGE_COST_KNOWN,
		.cost_usd = { cost } };

	usage.dimension[USAGE_QUEST] = TEXT("q");
	usage.dimension[USAGE_TASK] = text_of(task);
	usage.dimension[USAGE_MODEL] = text_of(model);
	usage.dimension[USAGE_RESOURCE] = TEXT("llm");
	usage.dimension[USAGE_STATUS] = text_of(status);
	usage.dimension[USAGE_ACCOUNT] = TEXT("acme");
	for (int i = 0; i < count; i++)
		cr_assert(daily_tally_add(&tally, &usage, &err) == 0);
}

static struct attribution
explain(bool in_tokens, money_int variance, int64_t planned, size_t past)
{
	static const size_t days[BASE] = { 0, 1 };
	const struct attribution_question question = { .scope = scope,
		.day = BASE,
		.past = days,
		.past_count = past,
		.is_allocated = true,
		.in_tokens = in_tokens,
		.variance = variance,
		.has_planned = planned >= 0,
		.planned = planned };
	struct attribution attribution;

	cr_assert(attribution_find(&attribution, &arena, &question, &err) == 0,
	    "%s", err.text);
	return attribution;
}

/* The part of a code, or NULL. */
static const struct attribution_part *
part_of(const struct attribution *attribution, enum attribution_code code)
{
	for (size_t i = 0; i < attribution->count; i++)
		if (attribution->parts[i].code == code)
			return &attribution->parts[i];
	return NULL;
}

Test(attribution, a_storm_has_more_than_three_retries)
{
	const struct attribution_part *part;
	struct attribution found;

	use(BASE, 3, "calm", "m", 10, 1, 2, "ok");
	found = explain(true, 100, -1, 0);
	cr_expect(eq(sz, found.count, 0));
	use(BASE, 2, "storm", "m", 10, 1, 5, "ok");
	use(BASE, 2, "storm", "m", 5, 1, 1, "retry");
	use(BASE, 9, "storm", "m", 1000, 1, 1, "ok");
	found = explain(true, 100, -1, 0);
	part = part_of(&found, ATTRIBUTION_RETRY_STORM);
	cr_assert(part != NULL);
	cr_expect(eq(i64, part->tokens, 30));
	cr_expect(part->cost_usd.femto == 4);
	cr_expect(eq(dbl, part->share, 0.3));
	cr_expect(eq(i64, part->records, 4));
	cr_expect(text_is(part->items[0].name, "storm"));
	cr_expect(found.reason == ATTRIBUTION_RETRY_STORM);
	cr_expect(eq(i64, found.unexplained_tokens, 70));
}

Test(attribution, parts_are_cut_to_what_is_left_and_shares_are_not)
{
	const struct attribution_part *part;
	struct attribution found;

	/* 100 tokens a task before; three more than planned now. */
	use(0, 1, "a", "m", 100, 10, 1, "ok");
	use(1, 1, "a", "m", 100, 10, 1, "ok");
	use(BASE, 4, "a", "m", 50, 1, 2, "ok");
	use(BASE, 1, "b", "m", 1, 1, 1, "ok");
	use(BASE, 1, "c", "m", 1, 1, 1, "ok");
	use(BASE, 1, "d", "m", 1, 1, 1, "ok");
	found = explain(true, 240, 1, BASE);
	part = part_of(&found, ATTRIBUTION_RETRY_STORM);
	cr_expect(eq(i64, part->tokens, 200));
	cr_expect(eq(dbl, part->share, 200.0 / 240));
	part = part_of(&found, ATTRIBUTION_FANOUT);
	cr_expect(eq(i64, part->tokens, 40));
	cr_expect(eq(dbl, part->share, 1.0));
	cr_expect(part->cost_usd.femto == 30);
	cr_expect(found.reason == ATTRIBUTION_FANOUT);
	cr_expect(eq(i64, found.unexplained_tokens, 0));
	/* A negative variance has no token of theirs in it. */
	found = explain(true, -240, 1, BASE);
	part = part_of(&found, ATTRIBUTION_RETRY_STORM);
	cr_expect(eq(i64, part->tokens, 0));
	cr_expect(eq(dbl, part->share, 200.0 / 240));
	cr_expect(eq(i64, found.unexplained_tokens, -240));
	/* Of no variance nothing has a share. */
	found = explain(true, 0, 1, BASE);
	cr_expect(eq(dbl, found.parts[0].share, 0.0));
	cr_expect(found.reason == ATTRIBUTION_UNKNOWN);
	/* Where cost alone is allocated USD stand for tokens. */
	found = explain(false, 16, 1, BASE);
	part = part_of(&found, ATTRIBUTION_RETRY_STORM);
	cr_expect(eq(i64, part->tokens, 200));
	cr_expect(eq(dbl, part->share, 0.25));
	cr_expect(found.has_unexplained == false);
}

Test(attribution, a_fanout_needs_a_baseline_and_a_quarter_more)
{
	struct attribution found;

	use(0, 1, "a", "m", 10, 1, 1, "ok");
	use(0, 1, "b", "m", 11, 1, 1, "ok");
	use(1, 1, "a", "m", 10, 1, 1, "ok");
	use(1, 1, "b", "m", 11, 1, 1, "ok");
	use(1, 1, "c", "m", 11, 1, 1, "ok");
	use(1, 1, "d", "m", 11, 1, 1, "ok");
	use(1, 1, "e", "m", 11, 1, 1, "ok");
	use(1, 1, "f", "m", 11, 1, 1, "ok");
	/* Four a day, 86 tokens in 8 tasks; five are 1.25 times that. */
	for (int i = 0; i < 5; i++)
		use(BASE, 1, arena_printf(&arena, "%d", i), "m", 1, 1, 1, "ok");
	found = explain(true, 10, -1, BASE);
	cr_expect(eq(sz, found.count, 0));
	use(BASE, 1, "5", "m", 1, 1, 1, "ok");
	found = explain(true, 100, -1, BASE);
	cr_assert(eq(sz, found.count, 1));
	/* Two tasks of 10.75 are 21.5, which is even 22. */
	cr_expect(eq(i64, found.parts[0].tokens, 22));
	cr_expect(eq(dbl, found.parts[0].mean_tasks, 4.0));
	cr_expect(eq(dbl, found.parts[0].tokens_a_task, 10.75));
	cr_expect(found.reason == ATTRIBUTION_UNKNOWN);
	found = explain(true, 100, 5, 0);
	cr_expect(eq(sz, found.count, 0));
	found = explain(true, 100, 6, BASE);
	cr_expect(eq(sz, found.count, 0));
	found = explain(true, 43, 5, BASE);
	cr_expect(eq(i64, found.parts[0].tokens, 11));
	cr_expect(found.reason == ATTRIBUTION_FANOUT);
}

Test(attribution, a_shift_to_dearer_models_is_priced)
{
	const struct attribution_part *part;
	struct attribution found;

	/* A million tokens cost 1 with "small" and 5 with "large". */
	use(0, 1, NULL, "small", 900000, 9 * USD / 10, 1, "ok");
	use(1, 1, NULL, "large", 100000, 5 * USD / 10, 1, "ok");
	use(BASE, 1, NULL, "small", 400000, 4 * USD / 10, 1, "ok");
	use(BASE, 1, NULL, "large", 600000, 3 * USD, 1, "ok");
	found = explain(false, 2 * USD, -1, BASE);
	part = part_of(&found, ATTRIBUTION_MODEL_MIX_SHIFT);
	cr_assert(part != NULL);
	/* 3.4 at the day's mix, 1.4 at the one before. */
	cr_expect(part->cost_usd.femto == 2 * USD);
	cr_expect(part->cost_before.femto == 14 * USD / 10);
	cr_expect(eq(dbl, part->moved, 0.5));
	cr_expect(eq(dbl, part->price_after, 3.4));
	cr_expect(eq(dbl, part->price_before, 1.4));
	/* The day cost 3.4, the days before 0.7 each. */
	cr_expect(eq(dbl, part->share, 2.0 / 2.7));
	cr_expect(text_is(part->cheapest, "small"));
	cr_expect(part->cost_cheapest.femto == USD);
	cr_expect(text_is(part->items[0].name, "large"));
	cr_expect(eq(dbl, part->items[0].before, 0.1));
	cr_expect(eq(dbl, part->items[0].after, 0.6));
	cr_expect(eq(dbl, part->items[0].price, 5.0));
	cr_expect(part->has_tokens == false);
	cr_expect(found.reason == ATTRIBUTION_MODEL_MIX_SHIFT);
	found = explain(false, 2 * USD, -1, 0);
	cr_expect(eq(sz, found.count, 0));
}

Test(attribution, a_small_shift_or_a_cheaper_one_is_none)
{
	struct attribution found;

	use(0, 1, NULL, "small", 900, 900, 1, "ok");
	use(0, 1, NULL, "large", 100, 500, 1, "ok");
	use(BASE, 1, NULL, "small", 801, 801, 1, "ok");
	use(BASE, 1, NULL, "large", 199, 995, 1, "ok");
	found = explain(false, USD, -1, 1);
	cr_expect(eq(sz, found.count, 0));
	use(BASE, 1, NULL, "small", 9, 9, 1, "ok");
	use(BASE, 1, NULL, "large", 11, 55, 1, "ok");
	found = explain(false, USD, -1, 1);
	cr_expect(eq(sz, found.count, 1));
	/* The same models the other way round. */
	use(0, 1, NULL, "large", 5000, 25000, 1, "ok");
	found = explain(false, USD, -1, 1);
	cr_expect(eq(sz, found.count, 0));
}

Test(attribution, models_of_one_price_make_no_shift)
{
	struct attribution found;

	use(0, 1, NULL, "a", 3, 1, 1, "ok");
	use(0, 1, NULL, "b", 6, 2, 1, "ok");
	use(BASE, 1, NULL, "a", 9, 3, 1, "ok");
	use(BASE, 1, NULL, "c", 12, 4, 1, "ok");
	found = explain(false, USD, -1, 1);
	cr_expect(eq(sz, found.count, 0));
}

Test(attribution, quota_explains_what_was_not_used)
{
	const struct attribution_part *part;
	struct attribution found;

	use(0, 1, NULL, "m", 0, 0, 1, "quota");
	found = explain(true, -5, -1, BASE);
	cr_expect(eq(sz, found.count, 0));
	use(BASE, 2, NULL, "m", 0, 0, 1, "quota");
	found = explain(true, -5, -1, BASE);
	part = part_of(&found, ATTRIBUTION_QUOTA_EXHAUST);
	cr_assert(part != NULL);
	cr_expect(eq(i64, part->records, 2));
	cr_expect(eq(i64, part->first.micros, BASE * DAY + 7));
	cr_expect(text_is(part->accounts[0], "acme"));
	cr_expect(eq(sz, part->account_count, 1));
	cr_expect(eq(dbl, part->share, 1.0));
	cr_expect(part->has_tokens == false && part->has_cost == false);
	cr_expect(found.reason == ATTRIBUTION_QUOTA_EXHAUST);
	/* It is evidence only where more was used than allocated. */
	found = explain(true, 5, -1, BASE);
	cr_expect(eq(dbl, found.parts[0].share, 0.0));
	cr_expect(found.reason == ATTRIBUTION_UNKNOWN);
}

Test(attribution, without_an_allocation_nothing_is_explained)
{
	const struct attribution_question question = { .scope = scope,
		.day = BASE };
	struct attribution found;

	use(BASE, 9, "a", "m", 10, 1, 2, "ok");
	cr_assert(attribution_find(&found, &arena, &question, &err) == 0);
	cr_expect(eq(sz, found.count, 0));
	cr_expect(found.has_unexplained == false);
}

Test(attribution, evidence_is_bounded)
{
	struct attribution found;

	for (int i = 0; i < 30; i++)
		use(BASE, 4 + i, arena_printf(&arena, "t-%d", i), "m", 1, 1, 2,
		    "ok");
	found = explain(true, 1000, -1, 0);
	cr_assert(eq(sz, found.count, 1));
	cr_expect(eq(sz, found.parts[0].item_count, ATTRIBUTION_ITEMS));
	cr_expect(eq(sz, found.parts[0].item_total, 30));
	cr_expect(text_is(found.parts[0].items[0].name, "t-29"));
	cr_expect(eq(i64, found.parts[0].items[0].retries, 33));
}
