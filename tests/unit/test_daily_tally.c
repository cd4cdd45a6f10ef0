#include "lib/core/daily_tally.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/core/usage.h"

#define DAY INT64_C(86400000000)

static struct arena arena = ARENA_INIT;
static struct error err;
static const enum query_dimension quest = (enum query_dimension)USAGE_QUEST;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(daily_tally, .fini = release);

/* A record of the day after so many. */
static struct usage
record(int64_t day, const char *of, const char *task, int64_t tokens)
{
	struct usage usage = { .at = { day * DAY + 5 },
		.attempt = 1,
		.input_tokens = tokens,
		.cost_status = USAGE_COST_KNOWN,
		.cost_usd = { tokens } };

	usage.dimension[USAGE_QUEST] = text_of(of);
	usage.dimension[USAGE_TASK] = text_of(task);
	usage.dimension[USAGE_MODEL] = TEXT("m");
	usage.dimension[USAGE_RESOURCE] = TEXT("llm");
	usage.dimension[USAGE_STATUS] = TEXT("ok");
	return usage;
}

static void
add(struct daily_tally *tally, const struct usage *usage)
{
	cr_assert(daily_tally_add(tally, usage, &err) == 0, "%s", err.text);
}

static const struct daily_tally_day *
find(const struct daily_tally *tally, const char *of, size_t day)
{
	const struct daily_tally_scope *scope =
	    daily_tally_find(tally, quest, text_of(of));

	return scope ? &scope->days[day] : NULL;
}

Test(daily_tally, records_go_to_their_scopes_and_days)
{
	struct daily_tally tally;
	struct usage usage;

	daily_tally_init(&tally, &arena, (struct when){ 10 * DAY }, 3);
	daily_tally_watch(&tally, quest, TEXT("q"));
	for (int64_t day = 8; day < 15; day++) {
		usage = record(day, "q", "t-1", day);
		add(&tally, &usage);
		usage = record(day, "other", "t-1", day);
		add(&tally, &usage);
		usage = record(day, "q", "t-2", 100);
		add(&tally, &usage);
	}
	for (size_t day = 0; day < 3; day++) {
		cr_expect(eq(i64, find(&tally, "q", day)->records, 2));
		cr_expect(eq(i64, find(&tally, "q", day)->tokens,
		    110 + (int64_t)day));
		cr_expect(eq(i64, find(&tally, "q", day)->tasks, 2));
	}
	cr_expect(find(&tally, "other", 0) == NULL);
}

Test(daily_tally, repeated_attempts_are_kept_by_task)
{
	const struct daily_tally_entry *task;
	struct daily_tally tally;
	struct usage usage = record(10, "q", "t-1", 7);

	daily_tally_init(&tally, &arena, (struct when){ 10 * DAY }, 1);
	daily_tally_watch(&tally, quest, TEXT("q"));
	add(&tally, &usage);
	usage.attempt = 2;
	add(&tally, &usage);
	usage.attempt = 1;
	usage.dimension[USAGE_STATUS] = TEXT("retry");
	add(&tally, &usage);
	usage.dimension[USAGE_TASK] = TEXT_NULL;
	add(&tally, &usage);
	task = find(&tally, "q", 0)->entries[DAILY_TALLY_TASK];
	cr_assert(task != NULL && task->next == NULL);
	cr_expect(eq(i64, task->count, 2));
	cr_expect(eq(i64, task->tokens, 14));
	cr_expect(task->cost.femto == 14);
	cr_expect(eq(i64, find(&tally, "q", 0)->tokens, 28));
}

Test(daily_tally, refusals_reach_as_far_as_they_say)
{
	static const struct {
		const char *metadata;
		int reach;
	} cases[] = {
		{ NULL, 0 },
		{ "{}", 0 },
		{ "{\"quota_until\":\"1970-01-11T12:00:00Z\"}", 0 },
		{ "{\"quota_until\":\"1970-01-12T00:00:00Z\"}", 0 },
		{ "{\"quota_until\":\"1970-01-12T00:00:01Z\"}", 1 },
		{ "{\"quota_until\":\"1970-01-14\"}", 2 },
		{ "{\"quota_until\":\"1999-01-01\"}", 14 },
		{ "{\"quota_until\":\"1960-01-01\"}", 0 },
		{ "{\"quota_until\":7}", 0 },
		{ "{\"quota_until\":\"soon\"}", 0 },
		{ "{\"quota_until\"", 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct usage usage = record(10, "q", NULL, 0);
		const struct daily_tally_entry *entry;
		struct daily_tally tally;

		daily_tally_init(&tally, &arena, (struct when){ 10 * DAY }, 1);
		daily_tally_watch(&tally, quest, TEXT("q"));
		usage.dimension[USAGE_STATUS] = TEXT("quota");
		usage.metadata = text_of(cases[i].metadata);
		add(&tally, &usage);
		entry = find(&tally, "q", 0)->entries[DAILY_TALLY_QUOTA];
		cr_assert(entry != NULL);
		cr_expect(eq(int, entry->reach, cases[i].reach), "%s",
		    cases[i].metadata);
		cr_expect(
		    find(&tally, "q", 0)->entries[DAILY_TALLY_MODEL] == NULL);
		/* Only of models is it a quota. */
		usage.dimension[USAGE_RESOURCE] = TEXT("api");
		add(&tally, &usage);
		cr_expect(eq(i64, entry->count, 1));
	}
}

Test(daily_tally, all_values_and_none_can_be_counted)
{
	struct daily_tally_scope **list;
	struct daily_tally tally;
	struct usage usage;

	daily_tally_init(&tally, &arena, (struct when){ 10 * DAY }, 1);
	daily_tally_watch_all(&tally, quest);
	usage = record(10, "z", NULL, 1);
	add(&tally, &usage);
	usage = record(10, "a", NULL, 2);
	add(&tally, &usage);
	usage = record(10, NULL, NULL, 4);
	add(&tally, &usage);
	cr_assert(eq(sz, tally.scopes.count, 3));
	list = daily_tally_list(&tally);
	cr_expect(list[0]->id.data == NULL);
	cr_expect(eq(i64, list[0]->days[0].tokens, 4));
	cr_expect(text_is(list[1]->id, "a") && text_is(list[2]->id, "z"));
}

/* The days of a tally, and what each holds, as one number. */
static uint64_t
digest(const struct daily_tally *tally)
{
	static const char *const names[] = { "q", "r" };
	uint64_t digest = 0;

	for (size_t name = 0; name < 2; name++)
		for (size_t day = 0; day < 4; day++) {
			const struct daily_tally_day *at =
			    find(tally, names[name], day);
			const struct daily_tally_entry *entry =
			    at->entries[DAILY_TALLY_TASK];

			digest = digest * 31 +
				 (uint64_t)(at->tokens * 7 + at->tasks);
			for (; entry; entry = entry->next)
				digest +=
				    (uint64_t)(entry->count * entry->tokens *
					       entry->name->data[0]);
		}
	return digest;
}

Test(daily_tally, parts_come_to_the_same_in_any_order)
{
	struct daily_tally whole, parts[3];
	unsigned seed = 1;

	daily_tally_init(&whole, &arena, (struct when){ 10 * DAY }, 4);
	daily_tally_watch(&whole, quest, TEXT("q"));
	daily_tally_watch(&whole, quest, TEXT("r"));
	for (size_t i = 0; i < 3; i++)
		daily_tally_split(&parts[i], &arena, &whole);
	for (int i = 0; i < 3000; i++) {
		static const char *const tasks[] = { "a", "b", "c", NULL };
		struct usage usage = record(10 + rand_r(&seed) % 4,
		    rand_r(&seed) % 2 ? "q" : "r", tasks[rand_r(&seed) % 4],
		    rand_r(&seed) % 1000);

		usage.attempt = 1 + rand_r(&seed) % 3;
		add(&whole, &usage);
		/* The first day is one part's alone, others are of all. */
		add(&parts[usage.at.micros < 11 * DAY ? 1 : rand_r(&seed) % 3],
		    &usage);
	}
	cr_assert(daily_tally_merge(&parts[0], &parts[1], &err) == 0);
	cr_assert(daily_tally_merge(&parts[0], &parts[2], &err) == 0);
	cr_expect(eq(u64, digest(&parts[0]), digest(&whole)));
}

Test(daily_tally, a_part_that_was_taken_whole_takes_others)
{
	struct daily_tally tally, others[2];
	struct usage usage = record(10, "q", "a", 1);

	daily_tally_init(&tally, &arena, (struct when){ 10 * DAY }, 1);
	daily_tally_watch(&tally, quest, TEXT("q"));
	for (size_t i = 0; i < 2; i++) {
		daily_tally_split(&others[i], &arena, &tally);
		add(&others[i], &usage);
	}
	usage.dimension[USAGE_TASK] = TEXT("b");
	add(&others[1], &usage);
	for (size_t i = 0; i < 2; i++)
		cr_assert(daily_tally_merge(&tally, &others[i], &err) == 0);
	cr_expect(eq(i64, find(&tally, "q", 0)->tokens, 3));
	cr_expect(eq(i64, find(&tally, "q", 0)->tasks, 2));
}

Test(daily_tally, sums_that_do_not_fit_are_refused)
{
	struct usage usage = record(10, "q", "a", INT64_MAX);
	struct daily_tally tally;

	daily_tally_init(&tally, &arena, (struct when){ 10 * DAY }, 1);
	daily_tally_watch(&tally, quest, TEXT("q"));
	add(&tally, &usage);
	usage.input_tokens = 1;
	cr_expect(daily_tally_add(&tally, &usage, &err) == -1);
	cr_expect(err.kind == ERROR_DATA);
}
