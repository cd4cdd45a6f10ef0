/*
 * tasks_scan on any bytes.  What it takes is what the reader of YAML makes of
 * them: the same tasks, each with the same texts.
 */
#include "lib/store/tasks_scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/core/task.h"
#include "lib/doc/node.h"
#include "lib/doc/yaml.h"

#define HEAD "schema_version: 1\ntasks:\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
compare(struct arena *arena, const struct task_table *table, struct text text)
{
	const struct node *tasks;
	const struct task *found;
	struct error err = { 0 };
	struct node *root;
	struct task task;

	must(yaml_read(&root, arena, text, "f", 1, &err) == 0);
	tasks = node_get(root, "tasks");
	must(tasks && tasks->count == table->count);
	for (const struct node *node = tasks->first; node; node = node->next) {
		must(task_read(&task, node->key, node, &err) == 0);
		found = task_find(table, task.id);
		must(found && text_equal(found->workstream, task.workstream) &&
		     text_equal(found->quest, task.quest) &&
		     text_equal(found->repo, task.repo) &&
		     text_equal(found->status, task.status) &&
		     text_equal(found->status_at, task.status_at));
	}
}

/* The head is given, or nothing would ever come past it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	struct task_table table;

	buf_puts(&text, HEAD);
	buf_add(&text, data, size);
	task_init(&table, &arena);
	if (tasks_scan(&table, NULL, (struct text){ text.text, text.len }))
		compare(&arena, &table, (struct text){ text.text, text.len });
	buf_release(&text);
	arena_release(&arena);
	return 0;
}
