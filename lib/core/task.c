#include "lib/core/task.h"

#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/hash.h"
#include "lib/core/usage.h"
#include "lib/doc/node.h"

enum {
	FIRST_SLOTS = 64,
	STATUS_MAX = 64,
};

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

const char *
task_status_problem(struct text status)
{
	if (status.len == 0 || !is_letter(status.data[0]))
		return "expected a word such as todo, in_progress, blocked, "
		       "done or cancelled";
	for (size_t i = 0; i < status.len; i++) {
		char c = status.data[i];

		if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_' &&
		    c != '-' && c != '.')
			return "a status is one word, of letters, digits, '_', "
			       "'-' and '.'";
	}
	return status.len > STATUS_MAX ? "is longer than 64 bytes" : NULL;
}

static const char *
problem_of(size_t field, struct text value)
{
	struct when ignored;

	if (field == TASK_STATUS)
		return task_status_problem(value);
	if (field != TASK_STATUS_AT)
		return usage_name_problem(value);
	return when_parse(&ignored, value.data, value.len) < 0
		   ? "expected a time such as 2026-11-22T08:00:00Z"
		   : NULL;
}

static int
check(const struct node *stored, struct error *err)
{
	struct task ignored;

	return task_read(&ignored, stored->key, stored, err);
}

const struct entry_kind task_kind = {
	.noun = "task",
	.plural = "tasks",
	.id = "id",
	.other_id = "task_id",
	.fields = {
		[TASK_WORKSTREAM] = "workstream",
		[TASK_QUEST] = "quest",
		[TASK_REPO] = "repo",
		[TASK_STATUS] = "status",
		[TASK_STATUS_AT] = "status_at",
	},
	.other_fields = {
		[TASK_WORKSTREAM] = "workstream_id",
		[TASK_REPO] = "repo_id",
	},
	.field_count = 5,
	.problem = problem_of,
	.check = check,
};

void
task_init(struct task_table *table, struct arena *arena)
{
	*table = (struct task_table){ .arena = arena };
}

/* Where the table's memory lies nobody can know. */
static size_t
hash_of(const struct task_table *table, struct text id)
{
	return (size_t)hash_text((uint64_t)(uintptr_t)table->arena, id);
}

/* Where a task is, or where it would go. */
static struct task *
find_slot(const struct task_table *table, struct text id)
{
	for (size_t at = hash_of(table, id);; at++) {
		struct task *slot = &table->slots[at & (table->slot_count - 1)];

		if (!slot->id.data || text_equal(slot->id, id))
			return slot;
	}
}

static void
grow(struct task_table *table)
{
	struct task *old = table->slots;
	size_t count = table->slot_count;

	table->slot_count = count ? 2 * count : FIRST_SLOTS;
	table->slots =
	    arena_array(table->arena, table->slot_count, sizeof(*table->slots));
	for (size_t i = 0; i < count; i++)
		if (old[i].id.data)
			*find_slot(table, old[i].id) = old[i];
}

void
task_put(struct task_table *table, const struct task *task)
{
	struct task *slot;

	if (2 * table->count >= table->slot_count)
		grow(table);
	slot = find_slot(table, task->id);
	table->count += !slot->id.data;
	*slot = *task;
}

const struct task *
task_find(const struct task_table *table, struct text id)
{
	const struct task *slot;

	if (table->count == 0 || !id.data)
		return NULL;
	slot = find_slot(table, id);
	return slot->id.data ? slot : NULL;
}

/* Whether the other table fills in all that this one does. */
static bool
is_filled(const struct task_table *table, const struct task_table *other)
{
	const struct task *task, *same;

	for (size_t i = 0; i < table->slot_count; i++) {
		task = &table->slots[i];
		if (!task->workstream.data && !task->quest.data &&
		    !task->repo.data)
			continue;
		same = task_find(other, task->id);
		if (!same || !text_equal(task->workstream, same->workstream) ||
		    !text_equal(task->quest, same->quest) ||
		    !text_equal(task->repo, same->repo))
			return false;
	}
	return true;
}

bool
task_fills_same(const struct task_table *a, const struct task_table *b)
{
	return is_filled(a, b) && is_filled(b, a);
}

/* A name, which may be absent; the empty text is none. */
static int
read_name(struct text *out, const struct node *map, const char *key,
    struct error *err)
{
	const struct node *node = node_find(map, key);
	const char *problem;

	if (node_get_string(out, node, err) < 0)
		return -1;
	problem = out->data ? usage_name_problem(*out) : NULL;
	if (problem)
		return node_error(err, node, "%s", problem);
	if (out->len == 0)
		*out = TEXT_NULL;
	return 0;
}

int
task_read(struct task *out, struct text id, const struct node *map,
    struct error *err)
{
	const char *problem = usage_name_problem(id);

	*out = (struct task){ .id = id };
	if (id.len == 0)
		problem = "is empty";
	if (problem)
		return node_error(err, map, "the id %s", problem);
	if (node_expect_map(map, err) < 0 ||
	    read_name(&out->workstream, map, "workstream", err) < 0 ||
	    read_name(&out->quest, map, "quest", err) < 0 ||
	    read_name(&out->repo, map, "repo", err) < 0 ||
	    read_name(&out->status, map, "status", err) < 0)
		return -1;
	return node_get_string(&out->status_at, node_find(map, "status_at"),
	    err);
}

static void
fill(struct text *value, struct text of_task)
{
	if (!value->data)
		*value = of_task;
}

void
task_fill(const struct task_table *table, struct usage *usage)
{
	struct text *dimension = usage->dimension;
	const struct task *task;

	if (table->count == 0 || !dimension[USAGE_TASK].data ||
	    (dimension[USAGE_WORKSTREAM].data && dimension[USAGE_QUEST].data &&
		dimension[USAGE_REPO].data))
		return;
	task = task_find(table, dimension[USAGE_TASK]);
	if (!task)
		return;
	fill(&dimension[USAGE_WORKSTREAM], task->workstream);
	fill(&dimension[USAGE_QUEST], task->quest);
	fill(&dimension[USAGE_REPO], task->repo);
}

void
task_complete(struct entry_change *change, struct arena *arena,
    const struct node *stored, struct when now)
{
	const struct node *status = node_find(stored, "status");
	struct text *at = &change->value[TASK_STATUS_AT];
	struct when when;

	if (change->given[TASK_STATUS_AT]) {
		if (at->data && when_parse(&when, at->data, at->len) == 0)
			*at = node_time(arena, when)->text;
		return;
	}
	if (!change->given[TASK_STATUS] ||
	    text_equal(status ? status->text : TEXT_NULL,
		change->value[TASK_STATUS]))
		return;
	change->given[TASK_STATUS_AT] = true;
	*at = change->value[TASK_STATUS].data ? node_time(arena, now)->text
					      : TEXT_NULL;
}
