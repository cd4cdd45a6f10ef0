#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/core/task.h"
#include "lib/doc/yaml_write.h"
#include "lib/store/tasks_scan.h"
#include "tests/unit/scratch.h"

#define HEAD "schema_version: 1\ntasks:\n"

static struct scratch s;

/* The text of a file with a task whose id and quest are given as YAML. */
static const char *
file_of(const char *id, const char *quest)
{
	return arena_printf(&s.arena,
	    HEAD "  %s:\n    workstream: null\n    quest: %s\n    repo: r\n"
		 "    status: done\n"
		 "    status_at: '2026-11-22T08:00:00+00:00'\n",
	    id, quest);
}

static bool
scan(struct task_table *table, const char *text)
{
	task_init(table, &s.arena);
	return tasks_scan(table, NULL, text_of(text));
}

/* What the reader of YAML makes of the first task. */
static struct task
read_slowly(const char *text)
{
	struct node *root, *node;
	struct task task;

	cr_assert(yaml_read(&root, &s.arena, text_of(text), "f", 1, &s.err) ==
		      0,
	    "%s: %s", text, s.err.text);
	node = node_get(root, "tasks")->first;
	cr_assert(task_read(&task, node->key, node, &s.err) == 0, "%s: %s",
	    text, s.err.text);
	return task;
}

static void
expect_same(const char *text, bool is_simple)
{
	struct task slow = read_slowly(text);
	struct task_table table;
	const struct task *task;

	cr_assert(eq(int, scan(&table, text), is_simple), "%s", text);
	if (!is_simple)
		return;
	task = task_find(&table, slow.id);
	cr_assert(task != NULL, "%s", text);
	cr_expect(text_equal(task->workstream, slow.workstream), "%s", text);
	cr_expect(text_equal(task->quest, slow.quest), "%s", text);
	cr_expect(text_equal(task->repo, slow.repo), "%s", text);
	cr_expect(text_equal(task->status, slow.status), "%s", text);
	cr_expect(text_equal(task->status_at, slow.status_at), "%s", text);
}

Test(tasks_scan, what_is_simple_reads_as_in_yaml)
{
	static const char *const simple[] = { "T-1", "a:b", "a b", "x/y.z",
		"/a", "_", "2026-11-22", "1e5", "a@b+c=d", "'12'", "'yes'",
		"'null'", "'a: b'", "'#x'", "\"\\xE4\\u20AC\\U0001F600\"",
		"\"a\\\\b\\\"c\"", "\"a'b\"", "'\"a\"'", "\"a # b: c\"" };

	for (size_t i = 0; i < SCRATCH_COUNT(simple); i++) {
		expect_same(file_of(simple[i], "q"), true);
		expect_same(file_of("T-1", simple[i]), true);
	}
	expect_same(file_of("T-1", "null"), true);
	arena_release(&s.arena);
}

Test(tasks_scan, what_is_not_is_left_to_yaml)
{
	static const char *const others[] = { "'it''s'", "a # b", "a  ",
		"\"\\L\"", "''", "'\xC3\xA4'", "\"a\\\n      b\"", "a\n      b",
		"~", "=x" };
	static const char *const files[] = {
		"tasks:\n  a: {quest: q}\nschema_version: 1\n",
		HEAD "  a: {quest: q}\n",
		HEAD "  a:\n    workstream: null\n    quest: q\n",
		"# by hand\n" HEAD "  a:\n    quest: q\n",
	};

	for (size_t i = 0; i < SCRATCH_COUNT(others); i++)
		expect_same(file_of("T-1", others[i]), false);
	for (size_t i = 0; i < SCRATCH_COUNT(files); i++)
		expect_same(files[i], false);
	arena_release(&s.arena);
}

Test(tasks_scan, what_is_wrong_is_left_to_yaml_too)
{
	static const char *const values[] = { "5", "yes", "1:30", "0x10", "[a]",
		"'a", "\"a", "\"\\x1B\"", "\"\\uD800\"", "\"\\U00110000\"",
		"\"\\xZZ\"", "\"\\x4\"", "a: b", "&a b", "\"\\\"", "" };
	struct task_table table;
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < SCRATCH_COUNT(values); i++) {
		cr_expect(scan(&table, file_of("T-1", values[i])) == false,
		    "%s", values[i]);
		cr_expect(scan(&table, file_of(values[i], "q")) == false, "%s",
		    values[i]);
	}
	/* Cut anywhere but behind a task it is not whole. */
	buf_puts(&text, file_of("T-1", "q"));
	while (text.len > 0) {
		buf_truncate(&text, text.len - 1);
		cr_expect(scan(&table, text.text) == false, "%s", text.text);
	}
	/* Twice the same id. */
	buf_puts(&text, file_of("T-1", "q"));
	buf_puts(&text, file_of("T-1", "q") + strlen(HEAD));
	cr_expect(scan(&table, text.text) == false);
	buf_release(&text);
	arena_release(&s.arena);
}

Test(tasks_scan, the_place_of_a_task_is_found)
{
	struct tasks_scan_place place = { TEXT("T-2"), 0, 0 };
	struct task_table table;
	struct buf text = BUF_INIT;
	size_t start, end;

	buf_puts(&text, file_of("T-1", "q"));
	start = text.len;
	buf_puts(&text, file_of("T-2", "r") + strlen(HEAD));
	end = text.len;
	buf_puts(&text, file_of("T-3", "s") + strlen(HEAD));
	task_init(&table, &s.arena);
	cr_assert(tasks_scan(&table, &place, text_of(text.text)));
	cr_expect(eq(sz, place.start, start));
	cr_expect(eq(sz, place.end, end));
	place.id = TEXT("T-4");
	task_init(&table, &s.arena);
	cr_assert(tasks_scan(&table, &place, text_of(text.text)));
	cr_expect(eq(sz, place.start, text.len));
	cr_expect(eq(sz, place.end, text.len));
	buf_release(&text);
	arena_release(&s.arena);
}
