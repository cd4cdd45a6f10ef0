#include "lib/core/attribution.h"

#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/wide.h"
#include "lib/core/attribution_mix.h"
#include "lib/core/daily_tally.h"

enum {
	RETRIES = 3, /* of a task, that are no storm yet */
	REACH = 14, /* days before that refusals are looked for in */
};

static const double enough = 0.25; /* of a share, to be the reason */

static const char *const names[] = { "quota_exhaust", "retry_storm", "fanout",
	"model_mix_shift", "unknown" };

const char *
attribution_name(enum attribution_code code)
{
	return names[code];
}

static int
refuse(struct error *err)
{
	return error_set(err, ERROR_DATA,
	    "what caused the daily variance is too large to compute");
}

static int
compare_texts(const void *a, const void *b)
{
	return text_compare(*(const struct text *)a, *(const struct text *)b);
}

/* Sort the names and drop those that stand there twice. */
static size_t
make_unique(struct text *list, size_t count)
{
	size_t kept = 0;

	if (count > 1)
		qsort(list, count, sizeof(*list), compare_texts);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || !text_equal(list[kept - 1], list[i]))
			list[kept++] = list[i];
	return kept;
}

/* Take the refusals of one day that reach so many days on. */
static void
take_refusals(struct attribution_part *part, const struct daily_tally_day *day,
    size_t reach)
{
	const struct daily_tally_entry *entry = day->entries[DAILY_TALLY_QUOTA];

	for (; entry; entry = entry->next) {
		if (entry->reach < reach)
			continue;
		if (part->records == 0 ||
		    entry->first.micros < part->first.micros)
			part->first = entry->first;
		part->records += entry->count;
		if (entry->name->data)
			part->accounts[part->account_count++] = *entry->name;
		if (entry->model->data)
			part->models[part->model_count++] = *entry->model;
	}
}

static bool
find_quota(struct attribution_part *part, struct arena *arena,
    const struct attribution_question *question)
{
	const struct daily_tally_day *days = question->scope->days;
	size_t first = question->day < REACH ? 0 : question->day - REACH;
	const struct daily_tally_entry *entry;
	size_t count = 0;

	for (size_t at = first; at <= question->day; at++)
		for (entry = days[at].entries[DAILY_TALLY_QUOTA]; entry;
		     entry = entry->next)
			count++;
	if (count == 0)
		return false;
	part->accounts = arena_array(arena, count, sizeof(*part->accounts));
	part->models = arena_array(arena, count, sizeof(*part->models));
	for (size_t at = first; at <= question->day; at++)
		take_refusals(part, &days[at], question->day - at);
	part->account_count = make_unique(part->accounts, part->account_count);
	part->model_count = make_unique(part->models, part->model_count);
	part->share = question->variance < 0;
	return part->records > 0;
}

/* A share of the variance, for which USD stand where tokens are none. */
static void
set_share(struct attribution_part *part,
    const struct attribution_question *question)
{
	money_int figure =
	    question->in_tokens ? part->tokens : part->cost_usd.femto;

	if (question->variance == 0)
		return;
	part->share = wide_ratio(wide_of(figure), wide_of(question->variance));
	if (part->share > 1)
		part->share = 1;
}

static bool
is_storm(const struct daily_tally_entry *task)
{
	return task->count > RETRIES;
}

/* The most repeated first. */
static int
compare_tasks(const void *a, const void *b)
{
	const struct attribution_item *x = a, *y = b;

	if (x->retries != y->retries)
		return x->retries > y->retries ? -1 : 1;
	if (x->tokens != y->tokens)
		return x->tokens > y->tokens ? -1 : 1;
	return text_compare(x->name, y->name);
}

static int
add_task(struct attribution_part *part, const struct daily_tally_entry *task,
    struct error *err)
{
	part->items[part->item_count++] =
	    (struct attribution_item){ .name = *task->name,
		    .retries = task->count,
		    .tokens = task->tokens,
		    .cost_usd = task->cost };
	if (__builtin_add_overflow(part->records, task->count,
		&part->records) ||
	    __builtin_add_overflow(part->tokens, task->tokens, &part->tokens) ||
	    money_add(&part->cost_usd, part->cost_usd, task->cost) < 0)
		return refuse(err);
	return 0;
}

/* 1 where it is found, else 0. */
static int
find_retries(struct attribution_part *part, struct arena *arena,
    const struct attribution_question *question, struct error *err)
{
	const struct daily_tally_entry *tasks =
	    question->scope->days[question->day].entries[DAILY_TALLY_TASK];
	size_t count = 0;

	for (const struct daily_tally_entry *task = tasks; task;
	     task = task->next)
		count += is_storm(task);
	if (count == 0)
		return 0;
	part->items = arena_array(arena, count, sizeof(*part->items));
	for (; tasks; tasks = tasks->next)
		if (is_storm(tasks) && add_task(part, tasks, err) < 0)
			return -1;
	qsort(part->items, count, sizeof(*part->items), compare_tasks);
	part->item_total = count;
	if (count > ATTRIBUTION_ITEMS)
		part->item_count = ATTRIBUTION_ITEMS;
	part->has_tokens = part->has_cost = true;
	set_share(part, question);
	return 1;
}

/* What the baseline's days come to. */
struct sums {
	int64_t days, tasks;
	money_int tokens;
	struct money cost;
};

static int
add_up(struct sums *sums, const struct attribution_question *question,
    struct error *err)
{
	*sums = (struct sums){ .days = (int64_t)question->past_count };
	for (size_t i = 0; i < question->past_count; i++) {
		const struct daily_tally_day *day =
		    &question->scope->days[question->past[i]];

		sums->tasks += day->tasks;
		sums->tokens += day->tokens;
		if (money_add(&sums->cost, sums->cost, day->cost) < 0)
			return refuse(err);
	}
	return 0;
}

/* So many tasks, over are divided by it, times what one took: a whole. */
static int
times_a_task(money_int *out, money_int surplus, money_int over,
    money_int figure, int64_t tasks, struct error *err)
{
	if (wide_round(out, wide_times(wide_of(surplus), wide_of(figure)),
		wide_times(wide_of(over), wide_of(tasks))) < 0)
		return refuse(err);
	return 0;
}

/* The figures of surplus / over tasks. */
static int
set_surplus(struct attribution_part *part, const struct sums *sums,
    money_int surplus, money_int over, struct error *err)
{
	money_int tokens;

	if (times_a_task(&tokens, surplus, over, sums->tokens, sums->tasks,
		err) < 0 ||
	    times_a_task(&part->cost_usd.femto, surplus, over, sums->cost.femto,
		sums->tasks, err) < 0 ||
	    times_a_task(&part->cost_a_task.femto, 1, 1, sums->cost.femto,
		sums->tasks, err) < 0)
		return -1;
	if (tokens > INT64_MAX)
		return refuse(err);
	part->tokens = (int64_t)tokens;
	part->tokens_a_task =
	    wide_ratio(wide_of(sums->tokens), wide_of(sums->tasks));
	part->has_tokens = part->has_cost = true;
	return 0;
}

/* 1 where it is found, else 0. */
static int
find_fanout(struct attribution_part *part,
    const struct attribution_question *question, struct error *err)
{
	money_int tasks = question->scope->days[question->day].tasks;
	money_int surplus, over = 1;
	struct sums sums;

	if (add_up(&sums, question, err) < 0)
		return -1;
	/* Without a task in it the baseline does not say what one takes. */
	if (sums.tasks == 0)
		return 0;
	surplus = tasks - question->planned;
	if (!question->has_planned) {
		over = sums.days;
		surplus = sums.days * tasks - sums.tasks;
	}
	if (question->has_planned ? surplus <= 0
				  : 4 * surplus <= (money_int)sums.tasks)
		return 0;
	part->tasks = (int64_t)tasks;
	part->has_planned = question->has_planned;
	part->planned = question->planned;
	part->mean_tasks = wide_ratio(wide_of(sums.tasks), wide_of(sums.days));
	if (set_surplus(part, &sums, surplus, over, err) < 0)
		return -1;
	set_share(part, question);
	return 1;
}

/* Look for one cause: 1 where it is found, else 0. */
static int
find(struct attribution_part *part, enum attribution_code code,
    struct arena *arena, const struct attribution_question *question,
    struct error *err)
{
	*part = (struct attribution_part){ .code = code };
	switch (code) {
	case ATTRIBUTION_QUOTA_EXHAUST:
		return find_quota(part, arena, question);
	case ATTRIBUTION_RETRY_STORM:
		return find_retries(part, arena, question, err);
	case ATTRIBUTION_FANOUT:
		return find_fanout(part, question, err);
	case ATTRIBUTION_MODEL_MIX_SHIFT:
		return attribution_mix_find(part, arena, question, err);
	case ATTRIBUTION_UNKNOWN:
		break;
	}
	return 0;
}

/* Cut the parts to what the ones before left of the variance. */
static void
cut(struct attribution *attribution,
    const struct attribution_question *question)
{
	int64_t variance = (int64_t)question->variance;
	int64_t left = variance > 0 ? variance : 0;

	for (size_t i = 0; i < attribution->count; i++) {
		struct attribution_part *part = &attribution->parts[i];

		if (part->tokens > left)
			part->tokens = left;
		left -= part->tokens;
	}
	attribution->has_unexplained = true;
	attribution->unexplained_tokens = variance < 0 ? variance : left;
}

int
attribution_find(struct attribution *out, struct arena *arena,
    const struct attribution_question *question, struct error *err)
{
	double best = 0;
	int found;

	*out = (struct attribution){ .reason = ATTRIBUTION_UNKNOWN };
	if (!question->is_allocated)
		return 0;
	out->parts = arena_array(arena, ATTRIBUTION_COUNT, sizeof(*out->parts));
	for (int code = 0; code < ATTRIBUTION_COUNT; code++) {
		struct attribution_part *part = &out->parts[out->count];

		found = find(part, (enum attribution_code)code, arena, question,
		    err);
		if (found < 0)
			return -1;
		if (found == 0)
			continue;
		out->count++;
		if (part->share >= enough && part->share > best) {
			best = part->share;
			out->reason = part->code;
		}
	}
	if (question->in_tokens)
		cut(out, question);
	return 0;
}

const struct attribution_part *
attribution_main(const struct attribution *attribution)
{
	for (size_t i = 0; i < attribution->count; i++)
		if (attribution->parts[i].code == attribution->reason)
			return &attribution->parts[i];
	return NULL;
}
