#include "lib/store/ledger.h"

#include "tests/unit/scratch_ledger.h"

TestSuite(ledger, .init = scratch_begin_ledger, .fini = scratch_end_ledger,
    .timeout = 60);

Test(ledger, of_no_folder_is_empty)
{
	SCRATCH_SAME(scratch_ids(NULL), "");
	cr_expect(not(scratch_has(&sw.s, "output")));
}

Test(ledger, is_visited_day_by_day)
{
	SCRATCH_SAME(scratch_commit("b@2026-11-21 a@2026-01-02 c - d"),
	    "nnnnn");
	SCRATCH_SAME(scratch_ids(NULL), " a b c - d");
}

Test(ledger, is_asked_for_a_time)
{
	struct ledger_question question = { .has_since = true,
		.has_until = true };

	scratch_commit("a@2026-11-20 b@2026-11-21 c@2026-11-22");
	question.since = (struct when){ sw.now.micros - 86400000000 };
	question.until = sw.now;
	SCRATCH_SAME(scratch_ids(&question), " b");
	question.until.micros++;
	SCRATCH_SAME(scratch_ids(&question), " b c");
	question.since.micros++;
	SCRATCH_SAME(scratch_ids(&question), " c");
}

Test(ledger, days_that_are_not_asked_for_are_not_opened)
{
	struct ledger_question question = { .has_since = true };

	scratch_commit("a@2026-11-20 b@2026-11-21 c@2026-11-22");
	scratch_write(&sw.s, EVENTS "2026-11-20.csv", "rubbish\n");
	question.since = (struct when){ sw.now.micros - 86400000000 };
	SCRATCH_SAME(scratch_ids(&question), " b c");
}

Test(ledger, damage_is_told_with_its_place)
{
	struct ledger_question skipping = { .skip_damaged = true };

	scratch_commit("a b");
	scratch_append(TODAY, "rubbish\n");
	scratch_commit("-");
	cr_expect(scratch_ids(NULL) == NULL);
	SCRATCH_SAME(sw.s.err.text,
	    "output/budget/events/2026-11-22.csv:4: has 1 cells where the "
	    "header has 36");
	SCRATCH_SAME(scratch_ids(&skipping), " a b -");
	cr_expect(eq(i64, skipping.skipped, 1));
}

Test(ledger, a_row_of_another_day_is_damage)
{
	struct text yesterday;

	scratch_commit("a@2026-11-21 b");
	yesterday = scratch_read(&sw.s, EVENTS "2026-11-21.csv");
	scratch_write_text(&sw.s, TODAY, yesterday);
	cr_expect(scratch_ids(NULL) == NULL);
	SCRATCH_SAME(sw.s.err.text,
	    "output/budget/events/2026-11-22.csv:2: at: is not on the day of "
	    "the file");
}

Test(ledger, a_torn_end_is_left_out_with_a_note)
{
	scratch_commit("a b");
	scratch_append(TODAY, "c,2026-11-22T08:00:00Z,ll");
	SCRATCH_SAME(scratch_ids(NULL), " a b");
	scratch_notes(&sw,
	    "output/budget/events/2026-11-22.csv: line 4 is no whole row and "
	    "is left out\n");
}

Test(ledger, a_whole_row_without_its_newline_counts)
{
	struct text text;

	scratch_commit("a b");
	text = scratch_read(&sw.s, TODAY);
	text.len--;
	scratch_write_text(&sw.s, TODAY, text);
	SCRATCH_SAME(scratch_ids(NULL), " a b");
	SCRATCH_SAME(scratch_commit("b c"), "kn");
	SCRATCH_SAME(scratch_ids(NULL), " a b c");
	scratch_notes(&sw, "");
}

Test(ledger, a_header_that_lacks_a_column_is_refused)
{
	scratch_commit("a");
	scratch_write(&sw.s, TODAY, "id,at,resource\n");
	cr_expect(scratch_ids(NULL) == NULL);
	SCRATCH_SAME(sw.s.err.text,
	    "output/budget/events/2026-11-22.csv:1: lacks the column "
	    "provider");
	cr_expect(scratch_commit("b") == NULL);
	cr_expect(scratch_commit("- -") == NULL);
	SCRATCH_SAME(scratch_read(&sw.s, TODAY).data, "id,at,resource\n");
}

/* Rows over the borders of what is read at once. */
Test(ledger, long_rows_are_read_whole)
{
	struct ledger_question all = { 0 };
	struct ledger_batch batch;
	struct buf metadata = BUF_INIT, ids = BUF_INIT;
	int count = 0;

	ledger_batch_start(&batch, &sw.w);
	for (size_t len = 1; len < 900000; len = len * 3 + 1, count++) {
		struct usage usage = scratch_usage("x", "2026-11-22T08:00:00Z");

		buf_reset(&metadata);
		buf_puts(&metadata, "{\"a\":\"");
		buf_fill(&metadata, 'x', len);
		buf_puts(&metadata, "\"}");
		usage.id = TEXT_NULL;
		usage.metadata = (struct text){ metadata.text, metadata.len };
		cr_assert(
		    ledger_batch_add(&batch, &usage, sw.now, &sw.s.err) == 0);
	}
	cr_assert(ledger_commit(&batch, &sw.s.err) == 0, "%s", sw.s.err.text);
	ledger_batch_release(&batch);
	cr_assert(ledger_each(&sw.w, &all, scratch_note_id, &ids, &sw.s.err) ==
		      0,
	    "%s", sw.s.err.text);
	cr_expect(eq(int, (int)ids.len, count * 2));
	buf_release(&metadata);
	buf_release(&ids);
}
