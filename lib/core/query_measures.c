#include "lib/core/query_measures.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/number.h"
#include "lib/core/usage.h"

enum {
	RATIO_PLACES = 4,
	PRICE_PLACES = 10,
};

const char *const query_measures_names[QUERY_MEASURE_COUNT] = {
	"records",
	"calls",
	"input_tokens",
	"cache_read_tokens",
	"cache_write_tokens",
	"cache_write_1h_tokens",
	"output_tokens",
	"reasoning_tokens",
	"prompt_tokens",
	"total_tokens",
	"estimated_tokens",
	"cost_usd",
	"cost_usd_known",
	"cost_usd_estimated",
	"unpriced_calls",
	"errors",
	"retries",
	"rate_limited",
	"quota",
	"amounts",
	"failure_rate",
	"cache_hit_rate",
	"output_per_input",
	"tokens_per_call",
	"cost_per_call",
	"cost_per_1k_output",
};

/* Which count a measure shows; -1 where it shows something else. */
static int
count_of(enum query_measure measure)
{
	if (measure <= QUERY_MEASURE_ESTIMATED_TOKENS)
		return (int)measure;
	if (measure >= QUERY_MEASURE_UNPRICED_CALLS &&
	    measure <= QUERY_MEASURE_QUOTA)
		return QUERY_UNPRICED_CALLS +
		       (int)(measure - QUERY_MEASURE_UNPRICED_CALLS);
	return -1;
}

static bool
is_name(struct text given, const char *name)
{
	if (given.len != strlen(name))
		return false;
	for (size_t i = 0; i < given.len; i++)
		if (given.data[i] != name[i] &&
		    !(given.data[i] == '-' && name[i] == '_'))
			return false;
	return true;
}

bool
query_measures_find(enum query_measure *out, struct text name)
{
	for (int i = 0; i < QUERY_MEASURE_COUNT; i++) {
		if (!is_name(name, query_measures_names[i]))
			continue;
		*out = (enum query_measure)i;
		return true;
	}
	return false;
}

static int
refuse_sum(const char *name, struct error *err)
{
	return error_set(err, ERROR_DATA, "the sum of %s does not fit", name);
}

/* Set the counts that a single record comes to. */
static void
count_record(int64_t *count, const struct usage *usage)
{
	struct text status = usage->dimension[USAGE_STATUS];
	int64_t total = usage_total_tokens(usage);

	count[QUERY_RECORDS] = 1;
	count[QUERY_CALLS] = usage->calls;
	count[QUERY_INPUT_TOKENS] = usage->input_tokens;
	count[QUERY_CACHE_READ_TOKENS] = usage->cache_read_tokens;
	count[QUERY_CACHE_WRITE_TOKENS] = usage->cache_write_tokens;
	count[QUERY_CACHE_WRITE_1H_TOKENS] = usage->cache_write_1h_tokens;
	count[QUERY_OUTPUT_TOKENS] = usage->output_tokens;
	count[QUERY_REASONING_TOKENS] = usage->reasoning_tokens;
	count[QUERY_PROMPT_TOKENS] = total - usage->output_tokens;
	count[QUERY_TOTAL_TOKENS] = total;
	if (usage->is_estimated)
		count[QUERY_ESTIMATED_TOKENS] = total;
	if (usage->cost_status == USAGE_COST_UNKNOWN)
		count[QUERY_UNPRICED_CALLS] = usage->calls;
	count[QUERY_RETRIES] = usage->attempt > 1;
	if (text_is(status, "ok"))
		return;
	count[QUERY_ERRORS] = text_is(status, "error");
	count[QUERY_RATE_LIMITED] = text_is(status, "rate_limited");
	count[QUERY_QUOTA] = text_is(status, "quota");
	if (text_is(status, "retry"))
		count[QUERY_RETRIES] = 1;
	else
		count[QUERY_FAILED_CALLS] = usage->calls;
}

static int
add_counts(struct query_measures *measures, const int64_t *count,
    struct error *err)
{
	int failed = 0, sum;

	for (int i = 0; i < QUERY_COUNT_COUNT; i++)
		failed |= __builtin_add_overflow(measures->count[i], count[i],
		    &measures->count[i]);
	if (!failed)
		return 0;
	for (int i = 0; i < QUERY_MEASURE_COUNT; i++) {
		sum = count_of((enum query_measure)i);
		if (sum >= 0 && measures->count[sum] < 0)
			return refuse_sum(query_measures_names[i], err);
	}
	return refuse_sum("failed calls", err);
}

/* That known and estimated together fit is held, so that a cost is one. */
static int
add_cost(struct query_measures *measures, struct money known,
    struct money estimated, struct error *err)
{
	struct money sum;

	if (money_add(&measures->known, measures->known, known) < 0 ||
	    money_add(&measures->estimated, measures->estimated, estimated) <
		0 ||
	    money_add(&sum, measures->known, measures->estimated) < 0)
		return refuse_sum("cost_usd", err);
	return 0;
}

int
query_measures_add_amount(struct query_measures *measures, struct arena *arena,
    struct text unit, struct money amount, struct error *err)
{
	struct query_amount **place = &measures->amounts, *made;

	while (*place && text_compare((*place)->unit, unit) < 0)
		place = &(*place)->next;
	if (!*place || !text_equal((*place)->unit, unit)) {
		made = arena_alloc(arena, sizeof(*made));
		made->next = *place;
		if (unit.data) {
			made->unit.data =
			    arena_copy(arena, unit.data, unit.len);
			made->unit.len = unit.len;
		}
		*place = made;
	}
	if (money_add(&(*place)->sum, (*place)->sum, amount) < 0)
		return refuse_sum("amounts", err);
	return 0;
}

int
query_measures_of(struct query_measures *out, const struct usage *usage,
    struct error *err)
{
	*out = (struct query_measures){ 0 };
	count_record(out->count, usage);
	if (usage->cost_status == USAGE_COST_ESTIMATED)
		out->estimated = usage->cost_usd;
	if (usage->cost_status != USAGE_COST_KNOWN)
		return 0;
	out->estimated = usage->estimated_usd;
	if (money_sub(&out->known, usage->cost_usd, out->estimated) < 0)
		return refuse_sum("cost_usd", err);
	return 0;
}

int
query_measures_add(struct query_measures *measures, struct arena *arena,
    const struct usage *usage, struct error *err)
{
	struct query_measures one;

	if (query_measures_of(&one, usage, err) < 0 ||
	    add_counts(measures, one.count, err) < 0 ||
	    add_cost(measures, one.known, one.estimated, err) < 0)
		return -1;
	if (!usage->has_amount)
		return 0;
	return query_measures_add_amount(measures, arena, usage->unit,
	    usage->amount, err);
}

int
query_measures_merge(struct query_measures *measures, struct arena *arena,
    const struct query_measures *other, struct error *err)
{
	const struct query_amount *amount;

	if (add_counts(measures, other->count, err) < 0 ||
	    add_cost(measures, other->known, other->estimated, err) < 0)
		return -1;
	for (amount = other->amounts; amount; amount = amount->next)
		if (query_measures_add_amount(measures, arena, amount->unit,
			amount->sum, err) < 0)
			return -1;
	return 0;
}

struct money
query_measures_cost(const struct query_measures *measures)
{
	struct money cost = MONEY_ZERO;

	/* add_cost() has seen that this fits. */
	(void)money_add(&cost, measures->known, measures->estimated);
	return cost;
}

static void
set_ratio(struct query_value *value, double part, int64_t whole, int places)
{
	value->is_null = whole == 0;
	if (whole != 0)
		value->ratio = number_round(part / (double)whole, places);
}

static void
find_ratio(struct query_value *value, const struct query_measures *measures,
    enum query_measure measure)
{
	const int64_t *count = measures->count;
	double cost = money_double(query_measures_cost(measures));

	if (measure == QUERY_MEASURE_FAILURE_RATE)
		set_ratio(value, (double)count[QUERY_FAILED_CALLS],
		    count[QUERY_CALLS], RATIO_PLACES);
	else if (measure == QUERY_MEASURE_CACHE_HIT_RATE)
		set_ratio(value, (double)count[QUERY_CACHE_READ_TOKENS],
		    count[QUERY_PROMPT_TOKENS], RATIO_PLACES);
	else if (measure == QUERY_MEASURE_OUTPUT_PER_INPUT)
		set_ratio(value, (double)count[QUERY_OUTPUT_TOKENS],
		    count[QUERY_PROMPT_TOKENS], RATIO_PLACES);
	else if (measure == QUERY_MEASURE_TOKENS_PER_CALL)
		set_ratio(value, (double)count[QUERY_TOTAL_TOKENS],
		    count[QUERY_CALLS], RATIO_PLACES);
	else if (measure == QUERY_MEASURE_COST_PER_CALL)
		set_ratio(value, cost, count[QUERY_CALLS], PRICE_PLACES);
	else
		set_ratio(value, cost * 1000, count[QUERY_OUTPUT_TOKENS],
		    PRICE_PLACES);
}

struct query_value
query_measures_value(const struct query_measures *measures,
    enum query_measure measure)
{
	struct query_value value = { .kind = QUERY_KIND_RATIO };
	int count = count_of(measure);

	if (count >= 0) {
		value.kind = QUERY_KIND_COUNT;
		value.count = measures->count[count];
	} else if (measure == QUERY_MEASURE_AMOUNTS) {
		value.kind = QUERY_KIND_AMOUNTS;
		value.is_null = !measures->amounts;
	} else if (measure == QUERY_MEASURE_COST_USD) {
		value.kind = QUERY_KIND_MONEY;
		value.money = query_measures_cost(measures);
	} else if (measure == QUERY_MEASURE_COST_USD_KNOWN) {
		value.kind = QUERY_KIND_MONEY;
		value.money = measures->known;
	} else if (measure == QUERY_MEASURE_COST_USD_ESTIMATED) {
		value.kind = QUERY_KIND_MONEY;
		value.money = measures->estimated;
	} else {
		find_ratio(&value, measures, measure);
	}
	return value;
}

struct node *
query_measures_money(struct arena *arena, struct money money)
{
	struct buf text = BUF_INIT;
	struct node *node;

	money_full(&text, money);
	node = node_text(arena, (struct text){ text.text, text.len });
	node->type = NODE_FLOAT;
	node->verbatim = NODE_AS_JSON;
	node->number = money_double(money);
	buf_release(&text);
	return node;
}

struct node *
query_measures_amounts(struct arena *arena,
    const struct query_measures *measures)
{
	struct node *map = node_map(arena);
	const struct query_amount *amount;

	for (amount = measures->amounts; amount; amount = amount->next)
		node_put_text(arena, map,
		    amount->unit.data ? amount->unit : TEXT("(none)"),
		    query_measures_money(arena, amount->sum));
	return map;
}

static struct node *
value_node(struct arena *arena, const struct query_measures *measures,
    enum query_measure measure)
{
	struct query_value value = query_measures_value(measures, measure);

	switch (value.kind) {
	case QUERY_KIND_COUNT:
		return node_int(arena, value.count);
	case QUERY_KIND_MONEY:
		return query_measures_money(arena, value.money);
	case QUERY_KIND_AMOUNTS:
		return query_measures_amounts(arena, measures);
	case QUERY_KIND_RATIO:
		break;
	}
	if (value.is_null)
		return node_null(arena);
	return node_float(arena, value.ratio);
}

void
query_measures_put(struct arena *arena, struct node *map,
    const struct query_measures *measures)
{
	for (int i = 0; i < QUERY_MEASURE_COUNT; i++)
		node_put(arena, map, query_measures_names[i],
		    value_node(arena, measures, (enum query_measure)i));
}
