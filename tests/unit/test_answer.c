#include "lib/store/answer.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/core/query_newest.h"
#include "lib/store/answer_newest.h"
#include "tests/unit/scratch_answer.h"

TestSuite(answer, .init = scratch_begin_ledger, .fini = scratch_end_ledger);

Test(answer, several_queries_are_answered_in_one_pass)
{
	struct query days, resources, none;
	struct query *const queries[] = { &days, &resources, &none };
	const enum query_dimension by_day = QUERY_DAY;
	const enum query_dimension by_resource =
	    (enum query_dimension)USAGE_RESOURCE;
	struct query_filter filter;

	scratch_commit("a@2026-11-20 b@2026-11-21 c@2026-11-21 d");
	for (int turn = 0; turn < 2; turn++) {
		query_filter_init(&filter, &sw.s.arena, &scratch_utc);
		query_filter_add_exact(&filter, QUERY_DAY, TEXT("2026-11-21"));
		query_init(&days, &sw.s.arena, &by_day, 1, NULL, &scratch_utc);
		query_init(&resources, &sw.s.arena, &by_resource, 1, &filter,
		    &scratch_utc);
		query_init(&none, &sw.s.arena, NULL, 0, &filter, &scratch_utc);
		SCRATCH_SAME(scratch_ask_all(queries, 3),
		    "2026-11-20=10 2026-11-21=20 2026-11-22=10 of 40\n"
		    "llm=20 of 20\n"
		    "of 20\n");
		/* The second turn finds rollups. */
		usleep(60000);
		scratch_ask(QUERY_DAY);
	}
}

Test(answer, a_filter_may_limit_the_time_further)
{
	const enum query_dimension by = QUERY_DAY;
	struct query query, *const queries[] = { &query };
	struct query_filter filter;

	scratch_commit("a@2026-11-19 b@2026-11-20 c@2026-11-21 d");
	for (int turn = 0; turn < 2; turn++) {
		query_filter_init(&filter, &sw.s.arena, &scratch_utc);
		filter.has_since = filter.has_until = true;
		cr_assert(
		    when_parse(&filter.since, "2026-11-19T12:00:00Z", 20) == 0);
		cr_assert(
		    when_parse(&filter.until, "2026-11-21T08:00:00Z", 20) == 0);
		query_init(&query, &sw.s.arena, &by, 1, &filter, &scratch_utc);
		SCRATCH_SAME(scratch_ask_all(queries, 1),
		    "2026-11-20=10 of 10\n");
		usleep(60000);
		scratch_ask(QUERY_DAY);
	}
}

static const char *
newest(size_t limit, bool skip_damaged)
{
	struct ledger_question question = { .skip_damaged = skip_damaged };
	struct query_newest found;
	struct query_filter filter;
	struct records records;
	struct buf text = BUF_INIT;
	const char *copy;

	query_newest_init(&found, limit);
	query_filter_init(&filter, &sw.s.arena, &scratch_utc);
	if (records_open(&records, &sw.w, &sw.s.err) < 0 ||
	    answer_newest(&records, &question, &filter, false, &found,
		&sw.s.err) < 0) {
		buf_puts(&text, sw.s.err.text);
	} else {
		query_newest_sort(&found);
		for (size_t i = 0; i < found.count; i++)
			scratch_note_id(&text, query_newest_get(&found, i),
			    NULL);
		buf_printf(&text, " skipped %d", (int)question.skipped);
	}
	query_newest_release(&found);
	copy = arena_copy(&sw.s.arena, text.text, text.len);
	buf_release(&text);
	return copy;
}

Test(answer, the_newest_are_read_from_the_newest_day_on)
{
	scratch_commit("a@2026-11-10 b@2026-11-11 c@2026-11-12 d@2026-11-13 "
		       "e@2026-11-14 f@2026-11-15 g");
	SCRATCH_SAME(newest(1, false), " g skipped 0");
	SCRATCH_SAME(newest(3, false), " g f e skipped 0");
	SCRATCH_SAME(newest(0, false), " g f e d c b a skipped 0");
	/* Older days are not even looked at. */
	scratch_append(EVENTS "2026-11-10.csv", "damaged\n");
	SCRATCH_SAME(newest(3, false), " g f e skipped 0");
	SCRATCH_SAME(newest(3, true), " g f e skipped 1");
	SCRATCH_SAME(newest(9, false),
	    EVENTS "2026-11-10.csv:3: has 1 cells where the header has 36");
}
