#include "lib/core/variance.h"

#include <math.h>
#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/number.h"
#include "lib/core/plan.h"
#include "lib/core/run.h"
#include "lib/doc/node.h"

/* Two counts beside each other, for a division. */
__extension__ typedef unsigned __int128 wide;

enum {
	COST_PLACES = 6,
	RATIO_PLACES = 4,
};

/* The exact amount that a plan's number stands for, or the nearest there is. */
static struct money
exact_amount(const struct node *number)
{
	struct money amount = MONEY_ZERO;

	if (money_parse(&amount, number->text.data, number->text.len) ==
	    MONEY_RANGE)
		return MONEY_MAX;
	return amount;
}

int
variance_set_estimate(struct variance_cost *cost, const struct node *estimate,
    struct error *err)
{
	if (node_is_null(estimate))
		return 0;
	cost->has_estimate = true;
	cost->exact_estimate = exact_amount(estimate);
	return node_double(&cost->estimated, estimate, err);
}

/*
 * The amount that the file's figure reads as.  A float has not the digits for
 * six decimals of a billion and more, and a run's variance must be the same
 * before it is written and after.
 */
static struct money
as_written(struct money amount)
{
	struct money rounded = money_round(amount, COST_PLACES);
	struct buf figure = BUF_INIT;

	number_repr(&figure, money_double(rounded));
	/* Near the largest amount the figure may read as more than that. */
	if (money_parse(&amount, figure.text, figure.len) == MONEY_RANGE)
		amount = rounded;
	buf_release(&figure);
	return amount;
}

static int
set_total(struct variance_cost *cost, struct error *err)
{
	if (money_add(&cost->total, cost->known, cost->from_rates) == 0)
		return 0;
	return error_set(err, ERROR_DATA, "the sum of costs does not fit");
}

static struct variance_count
count_of(const struct plan *plan, int64_t estimated, int64_t actual)
{
	struct variance_count count = { plan != NULL, estimated, actual };

	return count;
}

static int
compare_workflows(const void *a, const void *b)
{
	const struct variance_workflow *one = a, *other = b;

	return text_compare(one->id, other->id);
}

/* Add b, which is of the same workflow, to a. */
static int
merge(struct variance_workflow *a, const struct variance_workflow *b,
    struct error *err)
{
	if (__builtin_add_overflow(a->calls.actual, b->calls.actual,
		&a->calls.actual) ||
	    __builtin_add_overflow(a->prompt_tokens, b->prompt_tokens,
		&a->prompt_tokens))
		return error_set(err, ERROR_DATA,
		    "the sum of a workflow's tokens does not fit 64 bits");
	if (b->calls.has_estimate) {
		a->calls.has_estimate = true;
		a->calls.estimated = b->calls.estimated;
		a->prompt_words = b->prompt_words;
	}
	return 0;
}

static void
collect_workflows(struct variance *out, const struct run *run,
    const struct plan *plan)
{
	const struct run_bucket *bucket;
	struct variance_workflow *workflow;

	for (bucket = run->buckets; bucket; bucket = bucket->next) {
		if (bucket->workflow.len == 0)
			continue;
		workflow = &out->workflows[out->workflow_count++];
		workflow->id = bucket->workflow;
		workflow->calls.actual = bucket->calls;
		workflow->prompt_tokens = bucket->prompt_tokens;
	}
	for (size_t i = 0; plan && i < plan->workflow_count; i++) {
		workflow = &out->workflows[out->workflow_count++];
		workflow->id = plan->workflows[i].id;
		workflow->calls = count_of(plan, plan->workflows[i].calls, 0);
		workflow->prompt_words = plan->workflows[i].prompt_words;
	}
}

/* Every workflow with an id that was planned or made a call, once. */
static int
compare_by_workflow(struct variance *out, struct arena *arena,
    const struct run *run, const struct plan *plan, struct error *err)
{
	size_t room = plan ? plan->workflow_count : 0, kept = 0;
	const struct run_bucket *bucket;

	for (bucket = run->buckets; bucket; bucket = bucket->next)
		room++;
	out->workflows = arena_array(arena, room, sizeof(*out->workflows));
	collect_workflows(out, run, plan);
	qsort(out->workflows, out->workflow_count, sizeof(*out->workflows),
	    compare_workflows);
	for (size_t i = 0; i < out->workflow_count; i++) {
		if (kept == 0 || !text_equal(out->workflows[kept - 1].id,
				     out->workflows[i].id))
			out->workflows[kept++] = out->workflows[i];
		else if (merge(&out->workflows[kept - 1], &out->workflows[i],
			     err) < 0)
			return -1;
	}
	out->workflow_count = kept;
	return 0;
}

int
variance_compute(struct variance *out, struct arena *arena,
    const struct run *run, const struct plan *plan, struct error *err)
{
	const struct run_rollup *sum = &run->rollup;
	int64_t calls = plan ? plan->calls : 0;
	int64_t prompt = plan ? plan->prompt_tokens : 0;

	*out = (struct variance){ 0 };
	out->recorded_at = run->completed_at;
	out->run_index = run->index;
	out->snapshot_id = run->snapshot_id;
	out->is_resolved = plan != NULL;
	out->calls = count_of(plan, calls, sum->calls);
	out->prompt_tokens = count_of(plan, prompt, sum->prompt_tokens);
	out->total_tokens = count_of(plan, prompt, sum->total_tokens);
	out->cost.known = as_written(sum->known);
	out->cost.from_rates = as_written(sum->estimated);
	out->has_duration = run->has_duration;
	out->duration_seconds = run->duration_seconds;
	if (plan && variance_set_estimate(&out->cost, plan->cost_usd, err) < 0)
		return -1;
	if (set_total(&out->cost, err) < 0)
		return -1;
	return compare_by_workflow(out, arena, run, plan, err);
}

int64_t
variance_delta(const struct variance_count *count)
{
	return count->actual - count->estimated;
}

/*
 * The double nearest to a / b, which is not that of their doubles where they
 * are above 2^53.  The quotient has 63 bits or more, so that its last one may
 * stand for all that follow.
 */
static double
divide(int64_t a, int64_t b)
{
	int shift = 63 + __builtin_clzll((unsigned long long)a | 1);
	wide dividend = (wide)a << shift, divisor = (wide)b;
	wide quotient = dividend / divisor;

	if (dividend % divisor != 0)
		quotient = quotient | 1;
	return ldexp((double)quotient, -shift);
}

static bool
ratio(double *out, double quotient)
{
	double value = number_round(quotient, RATIO_PLACES);

	if (!isfinite(value))
		return false;
	*out = value;
	return true;
}

bool
variance_ratio(double *out, const struct variance_count *count)
{
	return count->has_estimate && count->estimated > 0 &&
	       ratio(out, divide(count->actual, count->estimated));
}

bool
variance_cost_ratio(double *out, const struct variance_cost *cost)
{
	bool is_zero = !(cost->estimated > 0 || cost->estimated < 0);

	return cost->has_estimate && !is_zero &&
	       ratio(out, money_double(cost->total) / cost->estimated);
}

double
variance_cost_delta(const struct variance_cost *cost)
{
	struct money delta;

	if (money_sub(&delta, cost->total, cost->exact_estimate) < 0 ||
	    fabs(cost->estimated) > 1e22)
		return number_round(money_double(cost->total) - cost->estimated,
		    COST_PLACES);
	return money_double(money_round(delta, COST_PLACES));
}

static int
compare_id(const void *key, const void *member)
{
	const struct text *id = key;
	const struct variance_workflow *workflow = member;

	return text_compare(*id, workflow->id);
}

const struct variance_workflow *
variance_find(const struct variance *variance, struct text id)
{
	if (variance->workflow_count == 0)
		return NULL;
	return bsearch(&id, variance->workflows, variance->workflow_count,
	    sizeof(*variance->workflows), compare_id);
}
