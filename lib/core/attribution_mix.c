#include "lib/core/attribution_mix.h"

#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/wide.h"
#include "lib/core/attribution.h"
#include "lib/core/daily_tally.h"

enum {
	/* Sums of quotients carry so many bits behind the point: what each
	 * lacks of the exact one is far below what rounding looks at. */
	FRACTION = 160,
};

#define FEMTO_PER_MTOK INT64_C(1000000000) /* 1e15 by 1e6 */

/* What a model has on the day, and on the days of the baseline. */
struct model {
	struct text name;
	int64_t day, base; /* tokens */
	struct money cost; /* of both */
};

struct mix {
	struct model *models;
	size_t count;
	int64_t day, base; /* tokens of all */
	struct money base_cost; /* of all, tokens or not */
	/* Cost of the tokens, by their models' prices, times 2^FRACTION. */
	struct wide day_price, base_price;
};

static int
refuse(struct error *err)
{
	return error_set(err, ERROR_DATA,
	    "the usage of models is too large to compare");
}

static void
gather_day(struct mix *mix, const struct daily_tally_day *day, bool is_day)
{
	const struct daily_tally_entry *entry = day->entries[DAILY_TALLY_MODEL];

	for (; entry; entry = entry->next)
		mix->models[mix->count++] =
		    (struct model){ .name = *entry->name,
			    .day = is_day ? entry->tokens : 0,
			    .base = is_day ? 0 : entry->tokens,
			    .cost = entry->cost };
}

static size_t
count_models(const struct daily_tally_day *day)
{
	const struct daily_tally_entry *entry = day->entries[DAILY_TALLY_MODEL];
	size_t count = 0;

	for (; entry; entry = entry->next)
		count++;
	return count;
}

static int
compare_names(const void *a, const void *b)
{
	const struct model *x = a, *y = b;

	return text_compare(x->name, y->name);
}

/* Add up what is of the same model; the list is in order. */
static int
join(struct mix *mix, struct error *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < mix->count; i++) {
		const struct model *next = &mix->models[i];
		struct model *last = &mix->models[kept > 0 ? kept - 1 : 0];

		if (__builtin_add_overflow(mix->day, next->day, &mix->day) ||
		    __builtin_add_overflow(mix->base, next->base, &mix->base))
			return refuse(err);
		if (kept == 0 || !text_equal(last->name, next->name)) {
			mix->models[kept++] = *next;
			continue;
		}
		last->day += next->day;
		last->base += next->base;
		if (money_add(&last->cost, last->cost, next->cost) < 0)
			return refuse(err);
	}
	mix->count = kept;
	return 0;
}

static int
gather(struct mix *mix, struct arena *arena,
    const struct attribution_question *question, struct error *err)
{
	const struct daily_tally_day *days = question->scope->days;
	const struct daily_tally_day *day = &days[question->day];
	size_t count = count_models(day);

	*mix = (struct mix){ .count = 0 };
	for (size_t i = 0; i < question->past_count; i++)
		count += count_models(&days[question->past[i]]);
	mix->models = arena_array(arena, count + 1, sizeof(*mix->models));
	gather_day(mix, day, true);
	for (size_t i = 0; i < question->past_count; i++) {
		day = &days[question->past[i]];
		gather_day(mix, day, false);
		if (money_add(&mix->base_cost, mix->base_cost, day->cost) < 0)
			return refuse(err);
	}
	if (mix->count > 1)
		qsort(mix->models, mix->count, sizeof(*mix->models),
		    compare_names);
	return join(mix, err);
}

/* How much the model's share has grown, times all tokens of both. */
static money_int
change_of(const struct mix *mix, const struct model *model)
{
	return (money_int)model->day * mix->base -
	       (money_int)model->base * mix->day;
}

/* The tokens of all models of the day and of the baseline. */
static struct wide
both(const struct mix *mix)
{
	return wide_times(wide_of(mix->day), wide_of(mix->base));
}

/* Whether shares moved by ten points: half of all changes by a tenth. */
static bool
has_moved(struct attribution_part *part, const struct mix *mix)
{
	struct wide sum = wide_of(0);

	for (size_t i = 0; i < mix->count; i++)
		sum = wide_add(sum, wide_of(change_of(mix, &mix->models[i])));
	part->moved = wide_ratio(sum, wide_times(wide_of(2), both(mix)));
	return wide_compare(wide_times(sum, wide_of(5)), both(mix)) >= 0;
}

/* So many tokens at the model's price, times 2^FRACTION. */
static struct wide
at_price(struct wide tokens, const struct model *model)
{
	struct wide rest;

	return wide_divide(&rest,
	    wide_shift(wide_times(tokens, wide_of(model->cost.femto)),
		FRACTION),
	    wide_of((money_int)model->day + model->base));
}

/*
 * Round to a whole.  Each of count quotients may lack less than 1 of the
 * exact one, so what is that close to a half is one.
 */
static int
round_sum(money_int *out, struct wide sum, size_t count)
{
	const struct wide one = wide_shift(wide_of(1), FRACTION);
	const struct wide half = wide_shift(wide_of(1), FRACTION - 1);
	const struct wide slack = wide_of((money_int)count);
	struct wide rest, whole = wide_divide(&rest, sum, one);

	if (wide_compare(wide_add(rest, slack), half) >= 0 &&
	    wide_compare(rest, wide_add(half, slack)) <= 0)
		sum = wide_add(wide_times(whole, one), half);
	return wide_round(out, sum, one);
}

/*
 * The day's tokens times what the mean price rose by, as the mix went from
 * the baseline's to the day's; 1 where it rose.
 */
static int
find_rise(money_int *out, const struct mix *mix, struct error *err)
{
	struct wide up = wide_of(0), down = wide_of(0), rise, rest;

	for (size_t i = 0; i < mix->count; i++) {
		const struct model *model = &mix->models[i];
		money_int change = change_of(mix, model);
		struct wide cost;

		if ((money_int)model->day + model->base == 0)
			continue;
		cost = wide_divide(&rest, at_price(wide_of(change), model),
		    wide_of(mix->base));
		if (change < 0)
			down = wide_add(down, cost);
		else
			up = wide_add(up, cost);
	}
	if (wide_compare(up, wide_add(down, wide_of((money_int)mix->count))) <=
	    0)
		return 0;
	rise = wide_sub(up, down);
	return round_sum(out, rise, 2 * mix->count) < 0 ? refuse(err) : 1;
}

/* The share: of what the day cost beyond the baseline's mean. */
static int
set_share(struct attribution_part *part, const struct mix *mix,
    const struct attribution_question *question, struct error *err)
{
	struct money over = question->scope->days[question->day].cost;
	int64_t days = (int64_t)question->past_count;

	if (money_times(&over, over, days) < 0 ||
	    money_sub(&over, over, mix->base_cost) < 0)
		return refuse(err);
	if (over.femto <= 0)
		return 0;
	part->share =
	    wide_ratio(wide_times(wide_of(part->cost_usd.femto), wide_of(days)),
		wide_of(over.femto));
	if (part->share > 1)
		part->share = 1;
	return 0;
}

/* USD a million tokens. */
static double
price_of(struct wide cost, money_int tokens, size_t fraction)
{
	return wide_ratio(cost,
	    wide_shift(wide_times(wide_of(tokens), wide_of(FEMTO_PER_MTOK)),
		fraction));
}

/* What the day would have cost at the baseline's mix, and the mean prices. */
static int
set_prices(struct attribution_part *part, struct mix *mix, struct error *err)
{
	struct wide rest;

	for (size_t i = 0; i < mix->count; i++) {
		const struct model *model = &mix->models[i];

		if ((money_int)model->day + model->base == 0)
			continue;
		mix->day_price = wide_add(mix->day_price,
		    at_price(wide_of(model->day), model));
		mix->base_price = wide_add(mix->base_price,
		    at_price(wide_of(model->base), model));
	}
	part->price_after = price_of(mix->day_price, mix->day, FRACTION);
	part->price_before = price_of(mix->base_price, mix->base, FRACTION);
	if (round_sum(&part->cost_before.femto,
		wide_divide(&rest,
		    wide_times(mix->base_price, wide_of(mix->day)),
		    wide_of(mix->base)),
		mix->count) < 0)
		return refuse(err);
	return 0;
}

/* Whether a model that costs something costs less than another. */
static bool
is_cheaper(const struct model *a, const struct model *b)
{
	return wide_compare(wide_times(wide_of(a->cost.femto),
				wide_of((money_int)b->day + b->base)),
		   wide_times(wide_of(b->cost.femto),
		       wide_of((money_int)a->day + a->base))) < 0;
}

/* The cheapest model; what costs nothing is one that nothing prices. */
static int
set_cheapest(struct attribution_part *part, const struct mix *mix,
    struct error *err)
{
	const struct model *best = NULL;

	for (size_t i = 0; i < mix->count; i++) {
		const struct model *model = &mix->models[i];

		if (model->name.data && model->cost.femto > 0 &&
		    (money_int)model->day + model->base > 0 &&
		    (!best || is_cheaper(model, best)))
			best = model;
	}
	part->has_cheapest = best != NULL;
	if (!best)
		return 0;
	part->cheapest = best->name;
	if (round_sum(&part->cost_cheapest.femto,
		at_price(wide_of(mix->day), best), 1) < 0)
		return refuse(err);
	return 0;
}

static double
size_of_change(const struct attribution_item *item)
{
	double change = item->after - item->before;

	return change < 0 ? -change : change;
}

/* The one whose share moved most first. */
static int
compare_changes(const void *a, const void *b)
{
	const struct attribution_item *x = a, *y = b;
	double change = size_of_change(x), other = size_of_change(y);

	if (change < other || change > other)
		return change > other ? -1 : 1;
	return text_compare(x->name, y->name);
}

static void
list_models(struct attribution_part *part, struct arena *arena,
    const struct mix *mix)
{
	part->items = arena_array(arena, mix->count, sizeof(*part->items));
	for (size_t i = 0; i < mix->count; i++) {
		const struct model *model = &mix->models[i];
		struct attribution_item *item = &part->items[i];
		money_int tokens = (money_int)model->day + model->base;

		item->name = model->name;
		item->before =
		    wide_ratio(wide_of(model->base), wide_of(mix->base));
		item->after =
		    wide_ratio(wide_of(model->day), wide_of(mix->day));
		item->has_price = tokens > 0;
		if (item->has_price)
			item->price =
			    price_of(wide_of(model->cost.femto), tokens, 0);
	}
	qsort(part->items, mix->count, sizeof(*part->items), compare_changes);
	part->item_total = mix->count;
	part->item_count =
	    mix->count < ATTRIBUTION_ITEMS ? mix->count : ATTRIBUTION_ITEMS;
}

int
attribution_mix_find(struct attribution_part *part, struct arena *arena,
    const struct attribution_question *question, struct error *err)
{
	struct mix mix;
	int rose;

	if (gather(&mix, arena, question, err) < 0)
		return -1;
	if (mix.day == 0 || mix.base == 0 || !has_moved(part, &mix))
		return 0;
	rose = find_rise(&part->cost_usd.femto, &mix, err);
	if (rose <= 0)
		return rose;
	part->has_cost = true;
	if (set_share(part, &mix, question, err) < 0 ||
	    set_prices(part, &mix, err) < 0 ||
	    set_cheapest(part, &mix, err) < 0)
		return -1;
	list_models(part, arena, &mix);
	return 1;
}
