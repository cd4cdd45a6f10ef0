#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/store/entries.h"
#include "lib/store/pending.h"
#include "lib/store/sessions.h"
#include "lib/store/tasks.h"
#include "lib/store/tiers.h"
#include "tests/unit/scratch_ledger.h"

TestSuite(tasks, .init = scratch_begin_ledger, .fini = scratch_end_ledger);

static struct entry_change
status_of(const char *id, const char *status)
{
	struct entry_change change = { .id = text_of(id) };

	entry_give(&change, TASK_STATUS, status);
	return change;
}

/* Record a status and an event, "n" or "k" as the event is new or known. */
static char
record(const char *task, const char *status, const char *id)
{
	struct entry_change change = status_of(task, status);
	struct usage usage = scratch_usage(id, "2026-11-22T08:00:00Z");
	struct ledger_batch batch;
	char said;

	ledger_batch_start(&batch, &sw.w);
	cr_assert(ledger_batch_add(&batch, &usage, sw.now, &sw.s.err) == 0);
	said = '!';
	if (tasks_record(&batch, &change, &sw.s.err) == 0)
		said = batch.entries[0].is_known ? 'k' : 'n';
	ledger_batch_release(&batch);
	return said;
}

static const struct task *
find(const char *id)
{
	static struct tasks tasks;

	cr_assert(tasks_load(&tasks, &sw.w, &sw.s.err) == 0, "%s",
	    sw.s.err.text);
	return task_find(&tasks.table, text_of(id));
}

Test(tasks, a_status_and_an_event_are_stored_together)
{
	cr_expect(eq(chr, record("T-1", "todo", "a"), 'n'));
	cr_expect(text_is(find("T-1")->status, "todo"));
	SCRATCH_SAME(scratch_ids(NULL), " a");
	sw.now.micros += 1000000;
	cr_expect(eq(chr, record("T-1", "todo", "a"), 'k'));
	cr_expect(text_is(find("T-1")->status_at, "2026-11-22T08:00:00+00:00"));
	cr_expect(eq(chr, record("T-1", "done", "a"), 'k'));
	cr_expect(text_is(find("T-1")->status_at, "2026-11-22T08:00:01+00:00"));
	SCRATCH_SAME(scratch_ids(NULL), " a");
	cr_expect(eq(chr, record("T-2", "done", "b"), 'n'));
	SCRATCH_SAME(scratch_ids(NULL), " a b");
	cr_expect(file_is_there(&sw.w.dir, PENDING_NAME) == false);
}

Test(tasks, a_damaged_file_keeps_the_event_away_too)
{
	cr_expect(eq(chr, record("T-1", "todo", "a"), 'n'));
	scratch_write(&sw.s, BUDGET "tasks.yaml",
	    "schema_version: 1\ntasks: {T-1: {status: 5}}\n");
	cr_expect(eq(chr, record("T-1", "done", "b"), '!'));
	SCRATCH_SAME(sw.s.err.text,
	    "output/budget/tasks.yaml:2:23: tasks.T-1.status: expected a "
	    "string, got 5");
	SCRATCH_SAME(scratch_ids(NULL), " a");
}

Test(tasks, many_are_registered_in_their_order_and_found)
{
	enum { MANY = 3000 };
	struct entry_change *changes;
	struct entries entries;
	const struct node *node;
	int number = 0;

	changes = arena_array(&sw.s.arena, MANY, sizeof(*changes));
	for (int i = 0; i < MANY; i++) {
		changes[i].id =
		    text_of(arena_printf(&sw.s.arena, "T-%d", (i * 7) % MANY));
		entry_give(&changes[i], TASK_QUEST, "q");
	}
	cr_assert(tasks_change(&sw.w, changes, MANY / 2, &sw.s.err) == 0);
	for (int i = 0; i < MANY; i++)
		entry_give(&changes[i], TASK_QUEST, "r");
	cr_assert(tasks_change(&sw.w, changes, MANY, &sw.s.err) == 0);
	cr_assert(entries_load(&entries, &sw.w, &task_kind, &sw.s.err) == 0);
	cr_assert(eq(sz, entries.map->count, MANY));
	for (node = entries.map->first; node; node = node->next, number++)
		cr_assert(text_equal(node->key, changes[number].id) &&
			  text_is(node_get(node, "quest")->text, "r"));
}

Test(tasks, tiers_are_declared_and_changed)
{
	struct entry_change change = { .id = TEXT("small") };
	struct tiers tiers;

	cr_assert(tiers_load(&tiers, &sw.w, &sw.s.err) == 0);
	cr_expect(tier_find(&tiers.table, TEXT("small")) == NULL);
	entry_give(&change, TIER_MODEL, "m");
	cr_assert(tiers_change(&sw.w, &change, 1, &sw.s.err) == 0);
	entry_give(&change, TIER_MODEL, "n");
	cr_assert(tiers_change(&sw.w, &change, 1, &sw.s.err) == 0);
	cr_assert(tiers_load(&tiers, &sw.w, &sw.s.err) == 0);
	cr_expect(eq(sz, tiers.table.count, 1));
	cr_expect(text_is(tier_find(&tiers.table, TEXT("small"))->model, "n"));
}

Test(tasks, a_session_starts_and_ends)
{
	struct sessions sessions;

	cr_assert(sessions_load(&sessions, &sw.w, &sw.s.err) == 0);
	cr_expect(sessions.span.is_open == false);
	cr_expect(sessions_end(&sessions, &sw.w, &sw.s.err) < 0);
	cr_expect(sw.s.err.kind == ERROR_NO_INPUT);
	cr_assert(sessions_start(&sessions, &sw.w, TEXT("a"), &sw.s.err) == 0);
	cr_assert(sessions_start(&sessions, &sw.w, TEXT("a"), &sw.s.err) == 0);
	cr_assert(sessions_load(&sessions, &sw.w, &sw.s.err) == 0);
	cr_expect(sessions.span.is_open);
	cr_expect(text_is(sessions.span.id, "a-20261122T080000Z-2"));
	cr_assert(sessions_end(&sessions, &sw.w, &sw.s.err) == 0);
	cr_assert(sessions_load(&sessions, &sw.w, &sw.s.err) == 0);
	cr_expect(sessions.span.is_open == false);
}
