#include "lib/store/tasks.h"

#include "lib/base/error.h"
#include "lib/doc/node.h"
#include "lib/store/entries.h"
#include "lib/store/ledger_batch.h"
#include "lib/store/ledger_commit.h"
#include "lib/store/tasks_scan.h"
#include "lib/store/workspace.h"

/* The tasks of a file that is YAML of any form. */
static int
parse(struct tasks *out, struct workspace *workspace, struct text text,
    struct error *err)
{
	struct entries entries;
	struct task task;

	task_init(&out->table, workspace->arena);
	if (entries_parse(&entries, workspace, &task_kind, text, err) < 0)
		return -1;
	for (const struct node *node = entries.map ? entries.map->first : NULL;
	     node; node = node->next) {
		if (task_read(&task, node->key, node, err) < 0)
			return -1;
		task_put(&out->table, &task);
	}
	return 0;
}

int
tasks_load(struct tasks *out, struct workspace *workspace, struct error *err)
{
	struct text text;

	task_init(&out->table, workspace->arena);
	if (entries_bytes(&text, workspace, &task_kind, err) < 0)
		return -1;
	if (text.data && tasks_scan(&out->table, NULL, text))
		return 0;
	return parse(out, workspace, text, err);
}

static bool
find(size_t *start, size_t *end, struct arena *arena, struct text text,
    struct text id)
{
	struct tasks_scan_place place = { id, 0, 0 };
	struct task_table table;

	task_init(&table, arena);
	if (!tasks_scan(&table, &place, text))
		return false;
	*start = place.start;
	*end = place.end;
	return true;
}

int
tasks_change(struct workspace *workspace, struct entry_change *changes,
    size_t count, struct error *err)
{
	const struct entries_changes all = { &task_kind, changes, count,
		task_complete, find };

	return entries_change(workspace, &all, err);
}

/* A status that is set is of its own time, also where it was the same. */
static void
set_time(struct entry_change *change, struct arena *arena,
    const struct node *stored, struct when now)
{
	(void)stored;
	task_complete(change, arena, NULL, now);
}

int
tasks_set_status(struct workspace *workspace, struct entry_change *change,
    struct error *err)
{
	const struct entries_changes all = { &task_kind, change, 1, set_time,
		find };

	return entries_change(workspace, &all, err);
}

/* A record of this id was stored before, and the status with it. */
static void
keep_time(struct entry_change *change, struct arena *arena,
    const struct node *stored, struct when now)
{
	const struct node *status = node_find(stored, "status");

	if (status && text_equal(status->text, change->value[TASK_STATUS]))
		change->given[TASK_STATUS_AT] = false;
	task_complete(change, arena, stored, now);
}

static bool
is_all_known(const struct ledger_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		if (!batch->entries[i].is_known)
			return false;
	return true;
}

static int
make(struct buf *out, bool *has_changed, void *data,
    const struct ledger_batch *batch, struct when now, struct error *err)
{
	struct entry_change *change = data;
	const struct entries_changes all = { &task_kind, change, 1,
		is_all_known(batch) ? keep_time : set_time, find };

	return entries_text(out, has_changed, batch->workspace, &all, now, err);
}

int
tasks_record(struct ledger_batch *batch, struct entry_change *change,
    struct error *err)
{
	const struct ledger_beside beside = {
		.name = entries_file(batch->workspace, &task_kind),
		.make = make,
		.data = change,
	};

	return ledger_commit_beside(batch, &beside, err);
}
