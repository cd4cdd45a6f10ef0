#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/store/records.h"
#include "tests/unit/scratch_ledger.h"

static struct buf found;

static int
note(void *data, const struct usage *usage, struct error *err)
{
	(void)data;
	(void)err;
	for (int i = USAGE_TASK; i <= USAGE_REPO; i++)
		buf_printf(&found, "%s%s", i == USAGE_TASK ? "" : "/",
		    usage->dimension[i].data
			? arena_copy(&sw.s.arena, usage->dimension[i].data,
			      usage->dimension[i].len)
			: "-");
	buf_putc(&found, '\n');
	return 0;
}

static const char *
ask(void)
{
	struct ledger_question all = { 0 };
	struct records records;

	buf_reset(&found);
	if (records_open(&records, &sw.w, &sw.s.err) < 0 ||
	    records_each(&records, &all, note, NULL, &sw.s.err) < 0)
		return sw.s.err.text;
	return found.text;
}

static void
begin(void)
{
	scratch_workspace_begin(&sw);
	found = (struct buf)BUF_INIT;
}

static void
end(void)
{
	buf_release(&found);
	scratch_workspace_end(&sw);
}

TestSuite(records, .init = begin, .fini = end);

static void
record(const char *id, struct text task, struct text quest)
{
	struct usage usage = scratch_usage(id, "2026-11-22T08:00:00Z");
	struct ledger_batch batch;

	usage.dimension[USAGE_TASK] = task;
	usage.dimension[USAGE_QUEST] = quest;
	ledger_batch_start(&batch, &sw.w);
	cr_assert(ledger_batch_add(&batch, &usage, sw.now, &sw.s.err) == 0);
	cr_assert(ledger_commit(&batch, &sw.s.err) == 0);
	ledger_batch_release(&batch);
}

Test(records, a_record_belongs_to_what_its_task_belongs_to)
{
	record("a", TEXT("t-1"), TEXT_NULL);
	record("b", TEXT("t-1"), TEXT("own"));
	record("c", TEXT("t-2"), TEXT_NULL);
	record("d", TEXT_NULL, TEXT_NULL);
	SCRATCH_SAME(ask(), "t-1/-/-/-\nt-1/-/own/-\nt-2/-/-/-\n-/-/-/-\n");
	scratch_write(&sw.s, BUDGET "tasks.yaml",
	    "schema_version: 1\ntasks:\n"
	    "  t-1: {workstream: w, quest: q, repo: null, status: done}\n"
	    "  t-3: {quest: q-3}\n");
	SCRATCH_SAME(ask(), "t-1/w/q/-\nt-1/w/own/-\nt-2/-/-/-\n-/-/-/-\n");
}

Test(records, a_damaged_task_is_an_error_with_its_place)
{
	record("a", TEXT("t-1"), TEXT_NULL);
	scratch_write(&sw.s, BUDGET "tasks.yaml",
	    "schema_version: 1\ntasks:\n  t-1: {quest: 5}\n");
	SCRATCH_SAME(ask(), "output/budget/tasks.yaml:3:16: tasks.t-1.quest: "
			    "expected a string, got 5");
	scratch_write(&sw.s, BUDGET "tasks.yaml", "schema_version: 1\n");
	SCRATCH_SAME(ask(), "output/budget/tasks.yaml:1:1: is damaged: tasks "
			    "are missing");
}
