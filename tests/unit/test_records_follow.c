#include "lib/store/records_follow.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/core/usage.h"
#include "lib/store/runs.h"
#include "tests/unit/scratch_ledger.h"

#define TASKS BUDGET "tasks.yaml"
#define RUNS BUDGET "usage.yaml"
#define HEAD "schema_version: 1\n"

static struct records_follow follow;
static struct ledger_question question;
static struct buf seen;

static void
begin(void)
{
	scratch_begin_ledger();
	seen = (struct buf)BUF_INIT;
	question = (struct ledger_question){ 0 };
	cr_assert(records_follow_open(&follow, &sw.w, &sw.s.err) == 0);
}

static void
end(void)
{
	records_follow_close(&follow);
	buf_release(&seen);
	scratch_end_ledger();
}

TestSuite(records_follow, .init = begin, .fini = end);

/* Note the id, or the run, and the quest. */
static int
note(void *data, const struct usage *usage, struct error *err)
{
	const struct text *quest = &usage->dimension[USAGE_QUEST];
	const struct text *name =
	    usage->id.data ? &usage->id : &usage->dimension[USAGE_RUN];

	(void)data;
	(void)err;
	buf_putc(&seen, ' ');
	buf_add(&seen, name->data, name->len);
	if (quest->data) {
		buf_putc(&seen, '/');
		buf_add(&seen, quest->data, quest->len);
	}
	return 0;
}

/* Read everything, as a command does. */
static const char *
ask(void)
{
	struct records records;
	int result;

	buf_reset(&seen);
	/* The folder may be there now. */
	dir_close(&sw.w.dir);
	cr_assert(workspace_open(&sw.w, &sw.s.err) == 0);
	result = records_follow_begin(&follow, &question, true, &sw.s.err);
	if (result == 0)
		result = records_open(&records, &sw.w, &sw.s.err);
	if (result == 0)
		result =
		    records_each(&records, &question, note, NULL, &sw.s.err);
	cr_assert(records_follow_begun(&follow, result < 0, &sw.s.err) == 0);
	return result < 0 ? "failed" : seen.text;
}

/* What is new, "same", or "other" where everything is to be read. */
static const char *
news(void)
{
	enum records_news out;

	buf_reset(&seen);
	cr_assert(
	    records_follow_update(&out, &follow, note, NULL, &sw.s.err) == 0);
	if (out == RECORDS_OTHER)
		return "other";
	return out == RECORDS_SAME ? "same" : seen.text;
}

Test(records_follow, gives_what_was_appended)
{
	scratch_commit("a b c@2026-11-20");
	SCRATCH_SAME(ask(), " c a b");
	SCRATCH_SAME(news(), "same");
	scratch_commit("d");
	SCRATCH_SAME(news(), " d");
	SCRATCH_SAME(news(), "same");
	scratch_commit("e f g@2026-11-20 h@2026-11-19");
	SCRATCH_SAME(news(), " g e f h");
	SCRATCH_SAME(ask(), " h c g a b d e f");
}

Test(records_follow, gives_the_first_record_of_all)
{
	SCRATCH_SAME(ask(), "");
	SCRATCH_SAME(news(), "same");
	scratch_commit("a");
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " a");
	SCRATCH_SAME(news(), "same");
}

Test(records_follow, leaves_out_what_is_not_asked_for)
{
	question.has_since = true;
	cr_assert(when_parse_day(&question.since, "2026-11-22", 10) == 0);
	scratch_commit("a b@2026-11-20");
	SCRATCH_SAME(ask(), " a");
	scratch_commit("c@2026-11-20");
	SCRATCH_SAME(news(), "same");
	scratch_commit("d@2026-11-20 e");
	SCRATCH_SAME(news(), " e");
}

/* What was recorded while the records were read is neither lost nor twice. */
Test(records_follow, reads_what_is_recorded_meanwhile_once)
{
	struct records records;

	scratch_commit("a b");
	cr_assert(
	    records_follow_begin(&follow, &question, true, &sw.s.err) == 0);
	scratch_commit("c");
	scratch_commit("d e@2026-11-20");
	cr_assert(records_open(&records, &sw.w, &sw.s.err) == 0);
	cr_assert(
	    records_each(&records, &question, note, NULL, &sw.s.err) == 0);
	SCRATCH_SAME(seen.text, " a b");
	cr_assert(records_follow_begun(&follow, false, &sw.s.err) == 0);
	SCRATCH_SAME(news(), " c d e");
	SCRATCH_SAME(news(), "same");
}

Test(records_follow, has_everything_read_again_after_an_edit)
{
	struct text text;
	char *edited;

	scratch_commit("a b");
	SCRATCH_SAME(ask(), " a b");
	text = scratch_read(&sw.s, TODAY);
	edited = arena_copy(&sw.s.arena, text.data, text.len);
	*strstr(edited, "\nb,") = '\n';
	edited[strstr(edited, "\nb,") + 1 - edited] = 'x';
	scratch_write_text(&sw.s, TODAY, (struct text){ edited, text.len });
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " a x");
	/* Only what is behind the row is another. */
	scratch_append(TODAY, "torn");
	SCRATCH_SAME(news(), "same");
	cr_assert(truncate(TODAY, (off_t)text.len) == 0);
	SCRATCH_SAME(news(), "same");
	cr_assert(truncate(TODAY, (off_t)text.len - 1) == 0);
	SCRATCH_SAME(news(), "other");
}

Test(records_follow, has_everything_read_again_after_files_moved)
{
	scratch_commit("a b@2026-11-20");
	SCRATCH_SAME(ask(), " b a");
	cr_assert(rename(TODAY, BUDGET "kept") == 0);
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " b");
	cr_assert(rename(BUDGET "kept", TODAY) == 0);
	SCRATCH_SAME(news(), " a");
	cr_assert(rename("output", "kept") == 0);
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), "");
	cr_assert(rename("kept", "output") == 0);
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " b a");
}

/* A row is counted when it is whole; what another program writes in pieces is
 * not lost. */
Test(records_follow, waits_for_the_end_of_a_row)
{
	struct buf row = BUF_INIT;
	struct usage usage = scratch_usage("b", "2026-11-22T09:00:00Z");

	scratch_commit("a");
	SCRATCH_SAME(ask(), " a");
	ledger_row_write(&row, &usage, &ledger_row_own);
	for (size_t i = 0; i + 2 < row.len; i++) {
		char piece[2] = { row.text[i], '\0' };

		scratch_append(TODAY, piece);
		SCRATCH_SAME(news(), "same");
	}
	/* Without its newline it counts, and is whole. */
	scratch_append(TODAY, "}");
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " a b");
	scratch_append(TODAY, "\n");
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " a b");
	scratch_commit("c");
	SCRATCH_SAME(news(), " c");
	buf_release(&row);
}

Test(records_follow, has_everything_read_again_for_a_damaged_row)
{
	scratch_commit("a");
	SCRATCH_SAME(ask(), " a");
	scratch_append(TODAY, "damaged\n");
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), "failed");
	SCRATCH_SAME(news(), "same");
	question.skip_damaged = true;
	SCRATCH_SAME(ask(), " a");
	scratch_append(TODAY, "damaged too\n");
	SCRATCH_SAME(news(), "");
	cr_expect(eq(i64, question.skipped, 2));
}

Test(records_follow, follows_tasks_but_not_their_status)
{
	struct usage usage = scratch_usage("a", "2026-11-22T08:00:00Z");
	struct ledger_batch batch;

	usage.dimension[USAGE_TASK] = TEXT("t");
	ledger_batch_start(&batch, &sw.w);
	cr_assert(ledger_batch_add(&batch, &usage, sw.now, &sw.s.err) == 0);
	cr_assert(ledger_commit(&batch, &sw.s.err) == 0);
	ledger_batch_release(&batch);
	SCRATCH_SAME(ask(), " a");
	scratch_write(&sw.s, TASKS, HEAD "tasks: {t: {quest: q}}\n");
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " a/q");
	scratch_write(&sw.s, TASKS, HEAD "tasks: {t: {quest: q, status: d}}\n");
	SCRATCH_SAME(news(), "same");
	scratch_write(&sw.s, TASKS, HEAD "tasks: {t: {quest: p, status: d}}\n");
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " a/p");
	scratch_write(&sw.s, TASKS, "damaged");
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), "failed");
	unlink(TASKS);
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " a");
}

Test(records_follow, has_everything_read_again_for_tiers_and_sessions)
{
	scratch_commit("a");
	SCRATCH_SAME(ask(), " a");
	scratch_write(&sw.s, BUDGET "tiers.yaml", HEAD);
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " a");
	/* The same again is nothing new. */
	scratch_write(&sw.s, BUDGET "tiers.yaml", HEAD);
	SCRATCH_SAME(news(), "same");
	scratch_write(&sw.s, BUDGET "session.yaml", HEAD);
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " a");
	scratch_write(&sw.s, BUDGET "plans.yaml", HEAD);
	SCRATCH_SAME(news(), "same");
}

static void
record_run(const char *id)
{
	struct run run = scratch_run(&sw.s.arena, id, "s");
	struct when ignored;
	bool known;

	cr_assert(workspace_lock(&sw.w, &ignored, &sw.s.err) == 0);
	cr_assert(runs_append(&sw.w, &run, false, &known, &sw.s.err) == 0);
	workspace_unlock(&sw.w);
}

Test(records_follow, gives_runs_that_were_appended)
{
	scratch_commit("a");
	SCRATCH_SAME(ask(), " a");
	record_run("r");
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " 1 a");
	record_run("r");
	SCRATCH_SAME(news(), " 2");
	record_run("r");
	scratch_commit("b");
	SCRATCH_SAME(news(), " 3 b");
	SCRATCH_SAME(ask(), " 1 2 3 a b");
	scratch_append(RUNS, "- run_index: 4\n");
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " 1 2 3 a b");
	record_run("r");
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " 1 2 3 4 a b");
	unlink(RUNS);
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " a b");
}

Test(records_follow, has_all_runs_read_again_where_one_came_meanwhile)
{
	scratch_commit("a");
	record_run("r");
	cr_assert(
	    records_follow_begin(&follow, &question, true, &sw.s.err) == 0);
	record_run("r");
	cr_assert(records_follow_begun(&follow, false, &sw.s.err) == 0);
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " 1 2 a");
}

/* Commit a row of the id b, and a document where that is no NULL, as a writer
 * does that is killed then; return the row. */
static const char *
leave_pending(const char *tasks)
{
	struct usage usage = scratch_usage("b", "2026-11-22T09:00:00Z");
	struct text before = scratch_read(&sw.s, TODAY);
	struct buf pending = BUF_INIT, row = BUF_INIT;
	const char *copy;

	ledger_row_write(&row, &usage, &ledger_row_own);
	buf_printf(&pending,
	    "meter pending 1 %d\nevents/2026-11-22.csv %zu %zu\n",
	    tasks ? 2 : 1, before.len, row.len);
	if (tasks)
		buf_printf(&pending, "tasks.yaml - %zu\n", strlen(tasks));
	buf_printf(&pending, "%s%s", row.text, tasks ? tasks : "");
	scratch_write(&sw.s, BUDGET "staged", pending.text);
	SCRATCH_SAME(news(), "same");
	cr_assert(rename(BUDGET "staged", BUDGET ".pending") == 0);
	copy = arena_copy(&sw.s.arena, row.text, row.len);
	buf_release(&pending);
	buf_release(&row);
	return copy;
}

/* A change that was committed and not carried out counts, once. */
Test(records_follow, takes_a_pending_change_as_done)
{
	scratch_commit("a");
	SCRATCH_SAME(ask(), " a");
	leave_pending(HEAD "tasks: {t: {quest: q}}\n");
	SCRATCH_SAME(news(), "other");
	SCRATCH_SAME(ask(), " a b");
	SCRATCH_SAME(news(), "same");
	/* It is finished by the next writer. */
	scratch_commit("c");
	SCRATCH_SAME(news(), " c");
	SCRATCH_SAME(ask(), " a b c");
}

Test(records_follow, reads_a_pending_change_of_the_ledger_alone)
{
	const char *row;

	scratch_commit("a");
	SCRATCH_SAME(ask(), " a");
	row = leave_pending(NULL);
	SCRATCH_SAME(news(), " b");
	SCRATCH_SAME(news(), "same");
	scratch_append(TODAY, row);
	SCRATCH_SAME(news(), "same");
	unlink(BUDGET ".pending");
	SCRATCH_SAME(news(), "same");
	SCRATCH_SAME(ask(), " a b");
}
