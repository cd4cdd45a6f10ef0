#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/core/entry.h"
#include "lib/core/task.h"
#include "lib/doc/json_write.h"
#include "tests/unit/scratch.h"

static struct scratch s;

static struct entry_change *
read_changes(size_t *count, const char *text)
{
	struct entry_change *changes;
	struct node *document;

	cr_assert(yaml_read(&document, &s.arena, text_of(text), "f", 1,
		      &s.err) == 0,
	    "%s", s.err.text);
	if (entry_read(&changes, count, &s.arena, &task_kind, document,
		&s.err) < 0)
		return NULL;
	return changes;
}

Test(entry, every_form_says_the_same)
{
	static const char *const forms[] = { "- {id: a, quest: q}\n- {id: b}\n",
		"a: {quest: q}\nb: {}\n", "tasks: {a: {quest: q}, b: }\n",
		"tasks: [{id: a, quest: q}, {task_id: b}]\n" };
	struct entry_change *changes;
	size_t count;

	for (size_t i = 0; i < SCRATCH_COUNT(forms); i++) {
		changes = read_changes(&count, forms[i]);
		cr_assert(changes != NULL, "%s: %s", forms[i], s.err.text);
		cr_assert(eq(sz, count, 2));
		cr_expect(text_is(changes[0].id, "a"));
		cr_expect(changes[0].given[TASK_QUEST]);
		cr_expect(text_is(changes[0].value[TASK_QUEST], "q"));
		cr_expect(changes[0].given[TASK_REPO] == false);
		cr_expect(text_is(changes[1].id, "b"));
		cr_expect(changes[1].given[TASK_QUEST] == false);
	}
	changes = read_changes(&count, "{id: a, quest: '', repo: null}");
	cr_assert(eq(sz, count, 1));
	cr_expect(changes->given[TASK_QUEST] && changes->given[TASK_REPO]);
	cr_expect(changes->value[TASK_QUEST].data == NULL);
	/* A task may be called `id`. */
	changes = read_changes(&count, "id: {quest: q}\n");
	cr_assert(changes && count == 1);
	cr_expect(text_is(changes->id, "id"));
	arena_release(&s.arena);
}

Test(entry, one_that_stands_twice_is_found_among_many)
{
	struct buf text = BUF_INIT;
	size_t count;

	for (int i = 0; i < 5000; i++)
		buf_printf(&text, "- {id: t-%d}\n", i);
	buf_puts(&text, "- {id: t-17}\n");
	cr_expect(read_changes(&count, text.text) == NULL);
	SCRATCH_SAME(s.err.text,
	    "f:5001:3: [5000]: this task stands in line 18 too");
	buf_release(&text);
	arena_release(&s.arena);
}

static const char *
apply(struct node *stored, const struct entry_change *change, bool changes)
{
	struct buf out = BUF_INIT;
	const char *copy;

	cr_expect(entry_apply(&s.arena, &task_kind, stored, change) == changes);
	json_write_line(&out, stored);
	copy = arena_copy(&s.arena, out.text, out.len);
	buf_release(&out);
	return copy;
}

Test(entry, a_change_touches_what_it_gives_and_nothing_else)
{
	struct entry_change change = { .id = TEXT("a") };
	struct node *stored, *null = node_null(&s.arena);

	cr_assert(
	    yaml_read(&stored, &s.arena, TEXT("{quest: q, note: [1], repo: 7}"),
		"f", 1, &s.err) == 0);
	entry_give(&change, TASK_QUEST, "q");
	entry_give(&change, TASK_REPO, NULL);
	SCRATCH_SAME(apply(stored, &change, false),
	    "{\"quest\":\"q\",\"note\":[1],\"repo\":7}");
	entry_give(&change, TASK_QUEST, "");
	entry_give(&change, TASK_STATUS, "done");
	SCRATCH_SAME(apply(stored, &change, true),
	    "{\"quest\":null,\"note\":[1],\"repo\":7,\"status\":\"done\"}");
	SCRATCH_SAME(apply(null, &change, true), "{\"status\":\"done\"}");
	arena_release(&s.arena);
}

Test(entry, a_status_is_one_word)
{
	static const char *const good[] = { "todo", "in_progress", "blocked",
		"done", "cancelled", "v1.2-rc", "X" };
	static const char *const bad[] = { "", "all done", "-done", "1st",
		"done!", "fertig\xC3\xA4", "a\nb" };

	for (size_t i = 0; i < SCRATCH_COUNT(good); i++)
		cr_expect(task_status_problem(text_of(good[i])) == NULL, "%s",
		    good[i]);
	for (size_t i = 0; i < SCRATCH_COUNT(bad); i++)
		cr_expect(task_status_problem(text_of(bad[i])) != NULL, "%s",
		    bad[i]);
}

Test(entry, the_time_of_a_status_is_completed)
{
	struct when now = { INT64_C(1795334400000000) };
	struct node *stored;
	struct entry_change change = { .id = TEXT("a") };

	cr_assert(yaml_read(&stored, &s.arena, TEXT("{status: done}"), "f", 1,
		      &s.err) == 0);
	entry_give(&change, TASK_STATUS, "done");
	task_complete(&change, &s.arena, stored, now);
	cr_expect(change.given[TASK_STATUS_AT] == false);
	entry_give(&change, TASK_STATUS, "todo");
	task_complete(&change, &s.arena, stored, now);
	cr_expect(
	    text_is(change.value[TASK_STATUS_AT], "2026-11-22T08:00:00+00:00"));
	entry_give(&change, TASK_STATUS_AT, "2026-11-22T10:00:00.5+01:00");
	task_complete(&change, &s.arena, stored, now);
	cr_expect(text_is(change.value[TASK_STATUS_AT],
	    "2026-11-22T09:00:00.500000+00:00"));
	change = (struct entry_change){ .id = TEXT("a") };
	entry_give(&change, TASK_STATUS, "");
	task_complete(&change, &s.arena, stored, now);
	cr_expect(
	    change.given[TASK_STATUS_AT] && !change.value[TASK_STATUS_AT].data);
	arena_release(&s.arena);
}
