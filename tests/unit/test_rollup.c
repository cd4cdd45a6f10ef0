#include "lib/store/rollup.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sys/stat.h>

#include "lib/store/rollup_make.h"
#include "lib/store/rollup_write.h"
#include "tests/unit/scratch_answer.h"

TestSuite(rollup, .init = scratch_begin_ledger, .fini = scratch_end_ledger);

#define DAY EVENTS "2026-11-20.csv"
#define CACHE BUDGET ".cache/rollup-2026-11-20"
#define MODEL ((enum query_dimension)USAGE_MODEL)
#define TASK ((enum query_dimension)USAGE_TASK)

/* Record a record of the day that is over. */
static void
record(const char *model, const char *task, int64_t tokens)
{
	struct usage usage = scratch_usage(NULL, "2026-11-20T08:00:00Z");
	struct ledger_batch batch;

	usage.dimension[USAGE_MODEL] = text_of(model);
	usage.dimension[USAGE_TASK] = text_of(task);
	usage.input_tokens = tokens;
	ledger_batch_start(&batch, &sw.w);
	cr_assert(ledger_batch_add(&batch, &usage, sw.now, &sw.s.err) == 0);
	cr_assert(ledger_commit(&batch, &sw.s.err) == 0, "%s", sw.s.err.text);
	ledger_batch_release(&batch);
}

/* Let the file's times be old enough, and the rollup be made. */
static void
settle(void)
{
	usleep(60000);
	scratch_ask(MODEL);
	cr_assert(access(CACHE, F_OK) == 0);
}

/* Put another rollup in its place, which says that it is of the same file. */
static void
forge(int64_t tokens)
{
	struct usage usage = scratch_usage("x", "2026-11-20T08:00:00Z");
	struct cache_state state;
	struct rollup_make make;
	struct buf text = BUF_INIT;
	struct stat st;

	cr_assert(stat(DAY, &st) == 0);
	state = cache_state_of(&st);
	usage.dimension[USAGE_MODEL] = TEXT("forged");
	usage.input_tokens = tokens;
	rollup_make_init(&make);
	rollup_make_add(&make, &usage);
	cr_assert(rollup_write(&text, &make, &state));
	scratch_write_text(&sw.s, CACHE, (struct text){ text.text, text.len });
	buf_release(&text);
	rollup_make_release(&make);
}

Test(rollup, a_day_that_is_over_is_answered_from_it)
{
	record("a", NULL, 5);
	record("b", NULL, 6);
	settle();
	SCRATCH_SAME(scratch_ask(MODEL), "a=5 b=6 of 11\n");
	forge(7);
	SCRATCH_SAME(scratch_ask(MODEL), "forged=7 of 7\n");
	SCRATCH_SAME(scratch_ask(QUERY_MONTH), "2026-11=7 of 7\n");
	SCRATCH_SAME(scratch_ask(QUERY_HOUR), "2026-11-20T08=7 of 7\n");
}

Test(rollup, it_is_not_believed_of_another_state_of_the_file)
{
	record("a", NULL, 5);
	settle();
	forge(7);
	cr_assert(chmod(DAY, 0600) == 0);
	SCRATCH_SAME(scratch_ask(MODEL), "a=5 of 5\n");
	settle();
	forge(7);
	SCRATCH_SAME(scratch_ask(MODEL), "forged=7 of 7\n");
	record("b", NULL, 6);
	SCRATCH_SAME(scratch_ask(MODEL), "a=5 b=6 of 11\n");
	settle();
	forge(7);
	cr_assert(rename(DAY, "away") == 0);
	SCRATCH_SAME(scratch_ask(MODEL), "of 0\n");
	cr_assert(rename("away", DAY) == 0);
	SCRATCH_SAME(scratch_ask(MODEL), "a=5 b=6 of 11\n");
}

Test(rollup, a_day_that_is_not_over_has_none)
{
	record("a", NULL, 5);
	sw.now.micros -= INT64_C(2) * 86400 * 1000000;
	usleep(60000);
	SCRATCH_SAME(scratch_ask(MODEL), "a=5 of 5\n");
	cr_expect(access(CACHE, F_OK) != 0);
}

Test(rollup, no_damage_changes_a_figure)
{
	struct text whole;
	char *copy;

	record("a", "t-1", 5);
	record("b", NULL, 6);
	settle();
	whole = scratch_read(&sw.s, CACHE);
	copy = arena_copy(&sw.s.arena, whole.data, whole.len);
	cr_assert(gt(sz, whole.len, 1000));
	for (size_t i = 0; i < whole.len; i++) {
		copy[i] ^= (char)(1 << i % 8);
		scratch_write_text(&sw.s, CACHE,
		    (struct text){ copy, whole.len });
		SCRATCH_SAME(scratch_ask(MODEL), "a=5 b=6 of 11\n");
		copy[i] = whole.data[i];
	}
	for (size_t len = 0; len < whole.len; len += 7) {
		scratch_write_text(&sw.s, CACHE, (struct text){ copy, len });
		SCRATCH_SAME(scratch_ask(TASK), "=6 t-1=5 of 11\n");
	}
	/* The last one was made anew. */
	scratch_ask(TASK);
	cr_expect(eq(sz, scratch_read(&sw.s, CACHE).len, whole.len));
}

Test(rollup, of_many_names_none_is_kept)
{
	struct rollup_make make;
	struct usage usage = scratch_usage("x", "2026-11-20T08:00:00Z");
	struct cache_state state = { 0 };
	struct rollup_file_head head;
	struct buf text = BUF_INIT;
	char name[24];

	rollup_make_init(&make);
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "task-%d", i);
		usage.dimension[USAGE_TASK] = text_of(name);
		usage.dimension[USAGE_QUEST] =
		    i % 2 ? TEXT("quest") : TEXT_NULL;
		usage.dimension[USAGE_MODEL] = TEXT("m");
		rollup_make_add(&make, &usage);
	}
	cr_assert(rollup_write(&text, &make, &state));
	memcpy(&head, text.text, sizeof(head));
	for (size_t i = 0; i < ROLLUP_SECTION_COUNT; i++) {
		bool of_task =
		    (rollup_sections[i].covers & (1U << USAGE_TASK)) ||
		    rollup_sections[i].kind == ROLLUP_TASK;

		cr_expect(eq(int, head.sections[i].count == UINT64_MAX,
			      of_task),
		    "section %zu", i);
	}
	buf_release(&text);
	rollup_make_release(&make);
}

Test(rollup, what_does_not_fit_is_refused_with_and_without_it)
{
	record("a", NULL, INT64_MAX);
	record("a", NULL, 1);
	usleep(60000);
	SCRATCH_SAME(scratch_ask(MODEL),
	    "the sum of input_tokens does not fit");
	SCRATCH_SAME(scratch_ask(MODEL),
	    "the sum of input_tokens does not fit");
}
