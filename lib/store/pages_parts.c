#include "lib/store/pages_parts.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/threads.h"
#include "lib/core/task.h"
#include "lib/store/ledger_lines.h"
#include "lib/store/ledger_walk.h"
#include "lib/store/pages_sums.h"
#include "lib/store/records.h"
#include "lib/store/runs_survey.h"
#include "lib/store/workspace.h"

#define PREFIX "pages-"
#define RUNS PREFIX "runs"

/* Adds up one part after the other, in a thread. */
struct worker {
	struct pages_parts *parts;
	struct pages_sums sums;
	struct file made; /* that of the part at hand */
	bool has_begun;
	bool is_settled; /* its file's state says all there is to say */
	bool is_all;
	struct arena arena;
	struct pages_keys touched;
};

static void
note(struct pages_known_part *out, const char *name,
    const struct cache_state *state)
{
	memset(out, 0, sizeof(*out));
	snprintf(out->name, sizeof(out->name), "%s", name);
	out->state = *state;
}

/* Note what all parts are made from now; the last is the runs. */
static int
list_parts(struct pages_parts *parts, struct error *err)
{
	struct workspace *workspace = parts->records->workspace;
	struct arena *arena = workspace->arena;
	char name[PAGES_PART_NAME];
	struct stat st = { 0 };

	if (ledger_files_open(&parts->files, workspace, err) < 0)
		return -1;
	parts->count = parts->files.count + 1;
	parts->list = arena_array(arena, parts->count, sizeof(*parts->list));
	parts->notes = arena_array(arena, parts->count, sizeof(*parts->notes));
	for (size_t i = 0; i < parts->files.count; i++) {
		snprintf(name, sizeof(name), PREFIX "%.10s",
		    parts->files.list[i].name);
		note(&parts->notes[i], name, &parts->files.list[i].state);
	}
	if (workspace->dir.fd >= 0 &&
	    fstatat(workspace->dir.fd, RUNS_NAME, &st, AT_SYMLINK_NOFOLLOW) < 0)
		st = (struct stat){ 0 };
	note(&parts->notes[parts->count - 1], RUNS, &(struct cache_state){ 0 });
	parts->notes[parts->count - 1].state = cache_state_of(&st);
	for (size_t i = 0; i < parts->count; i++)
		parts->list[i] = (struct pages_part)PAGES_PART_NONE;
	return 0;
}

/* Whether a part is what it was when the pages were made. */
static bool
is_current(struct pages_parts *parts, size_t place)
{
	const struct pages_known_part *now = &parts->notes[place];
	const struct pages_known_part *known =
	    pages_known_find(parts->known, now->name);

	if (!known || known->state.inode == 0 ||
	    !cache_state_equal(&known->state, &now->state) ||
	    (place < parts->files.count && parts->files.list[place].part) ||
	    !pages_part_open(&parts->list[place], &parts->cache, now->name,
		known->id))
		return false;
	parts->notes[place].id = known->id;
	return true;
}

/* Whether any record of the part is of one of the tasks. */
static bool
has_any(struct pages_part *part, const struct pages_keys *tasks)
{
	for (size_t i = 0; i < tasks->count; i++)
		if (!pages_part_seek(part, &tasks->list[i]) ||
		    (part->has_entry && pages_key_compare(&part->entry.key,
					    &tasks->list[i]) == 0))
			return true;
	return false;
}

static void
add_task(struct pages_keys *out, const struct pages_known_task *task)
{
	struct pages_key key = { .dimension = 0,
		.type = TEXT_NULL,
		.id = task->text[0] };

	pages_key_find(&key, text_of(usage_dimension_names[USAGE_TASK]));
	pages_key_seal(&key);
	pages_key_add(out, &key);
}

static bool
is_same_task(const struct pages_known_task *a, const struct pages_known_task *b)
{
	for (size_t i = 0; i < PAGES_KNOWN_TASK; i++)
		if (!text_equal(a->text[i], b->text[i]))
			return false;
	return true;
}

/* The tasks that were registered, moved or removed: both lists in step. */
static void
find_changed_tasks(struct pages_keys *out, const struct pages_parts *parts)
{
	const struct pages_known *known = parts->known;
	struct pages_known now;
	size_t old = 0, new = 0;
	int order;

	pages_known_list_tasks(&now, out->arena, &parts->records->tasks.table);
	while (old < known->task_count || new < now.task_count) {
		order = old == known->task_count ? 1
			: new == now.task_count
			    ? -1
			    : text_compare(known->tasks[old].text[0],
				  now.tasks[new].text[0]);
		if (order < 0)
			add_task(out, &known->tasks[old]);
		else if (order > 0 ||
			 !is_same_task(&known->tasks[old], &now.tasks[new]))
			add_task(out, &now.tasks[new]);
		old += order <= 0;
		new += order >= 0;
	}
	pages_key_sort(out);
}

/* Which parts are to be added up anew; the others are then open. */
static bool *
choose(struct pages_parts *parts)
{
	struct arena *arena = parts->records->workspace->arena;
	bool *wanted = arena_array(arena, parts->count, sizeof(*wanted));
	struct pages_keys tasks = { .arena = arena };

	find_changed_tasks(&tasks, parts);
	for (size_t i = 0; i < parts->count; i++) {
		wanted[i] =
		    !is_current(parts, i) || has_any(&parts->list[i], &tasks);
		if (wanted[i])
			pages_part_close(&parts->list[i]);
	}
	parts->has_changed = tasks.count > 0;
	return wanted;
}

/*
 * Add the keys of what is in one of the parts and not the same in the other;
 * after may be NULL, for none.  false where one is damaged.
 */
static bool
compare(struct pages_keys *out, struct pages_part *before,
    struct pages_part *after)
{
	struct pages_part nothing = PAGES_PART_NONE;
	bool whole = pages_part_first(before);
	int order;

	if (!after)
		after = &nothing;
	else
		whole &= pages_part_first(after);
	while (whole && (before->has_entry || after->has_entry)) {
		order = !before->has_entry ? 1
			: !after->has_entry
			    ? -1
			    : pages_key_compare(&before->entry.key,
				  &after->entry.key);
		if (order != 0 ||
		    !text_equal(before->entry.whole, after->entry.whole))
			pages_key_add(out, order <= 0 ? &before->entry.key
						      : &after->entry.key);
		if (order <= 0)
			whole = pages_part_next(before);
		if (whole && order >= 0)
			whole = pages_part_next(after);
	}
	return whole;
}

/* Begin to add up a part. */
static void
begin_part(struct worker *worker, size_t place, bool is_settled)
{
	const struct pages_known_part *now = &worker->parts->notes[place];
	const struct cache_state long_ago = { 0 };
	const struct dir *cache = &worker->parts->cache;

	pages_sums_start(&worker->sums);
	worker->has_begun = true;
	worker->is_settled = is_settled && cache_begin(&worker->made, cache,
					       now->name, &now->state);
	if (!worker->is_settled)
		cache_begin(&worker->made, cache, now->name, &long_ago);
}

/* Take the new part, and find what it changes. */
static void
end_part(struct worker *worker, size_t place)
{
	struct pages_parts *parts = worker->parts;
	struct pages_known_part *now = &parts->notes[place];
	struct pages_part *part = &parts->list[place], before;
	const struct pages_known_part *known =
	    pages_known_find(parts->known, now->name);
	struct buf text = BUF_INIT;

	worker->has_begun = false;
	pages_sums_write(&text, &worker->sums);
	pages_part_take(part, &text);
	now->id = part->head.sum;
	if (!worker->is_settled)
		now->state = (struct cache_state){ 0 };
	if (!known ||
	    !pages_part_open(&before, &parts->cache, now->name, known->id)) {
		worker->is_all = true;
	} else {
		if (known->id != now->id &&
		    !compare(&worker->touched, &before, part))
			worker->is_all = true;
		pages_part_close(&before);
	}
	if (worker->made.fd < 0)
		return;
	text = part->memory;
	if (cache_end(&worker->made, (struct text){ text.text, text.len }) &&
	    pages_part_open(&before, &parts->cache, now->name, now->id)) {
		pages_part_close(part);
		*part = before;
	}
}

static int
visit(void *data, const struct usage *usage, struct error *err)
{
	struct worker *worker = data;
	struct usage filled = *usage;

	task_fill(&worker->parts->records->tasks.table, &filled);
	return pages_sums_add(&worker->sums, &filled, err);
}

static void
begin_file(void *data, size_t place, const struct ledger_lines *lines)
{
	struct worker *worker = data;
	const struct ledger_file *file = &worker->parts->files.list[place];
	const struct cache_state state = ledger_lines_state(lines);

	begin_part(worker, place,
	    lines->file.fd >= 0 && !file->part &&
		cache_state_equal(&state, &file->state));
}

static void
end_file(void *data, size_t place, const struct ledger_lines *lines,
    bool is_whole)
{
	struct worker *worker = data;

	/* A file that could not be opened was not begun either. */
	if (!worker->has_begun)
		return;
	worker->is_settled &=
	    is_whole && lines->read == worker->parts->notes[place].state.size;
	end_part(worker, place);
}

/* Add up the wanted files, in several threads. */
static int
add_files(struct pages_parts *parts, struct worker *workers, size_t count,
    const bool *wanted, struct error *err)
{
	struct ledger_question question = { .has_since = false };
	const struct ledger_walk walk = { .workspace =
					      parts->records->workspace,
		.question = &question,
		.files = &parts->files,
		.wanted = wanted,
		.visitor = visit,
		.begin = begin_file,
		.end = end_file };
	void *data[THREADS_MAX];

	for (size_t i = 0; i < count; i++)
		data[i] = &workers[i];
	return ledger_walk(&walk, data, count, err);
}

/* What records_each_bucket gives is filled in already. */
static int
visit_bucket(void *data, const struct usage *usage, struct error *err)
{
	struct worker *worker = data;

	return pages_sums_add(&worker->sums, usage, err);
}

static int
add_runs(struct pages_parts *parts, struct worker *worker, struct error *err)
{
	const size_t place = parts->count - 1;

	begin_part(worker, place, parts->notes[place].state.inode != 0);
	if (records_each_bucket(parts->records, visit_bucket, worker, err) < 0)
		return -1;
	end_part(worker, place);
	return 0;
}

/* Take over what a worker found, and give it back. */
static void
end_worker(struct pages_parts *parts, struct worker *worker)
{
	parts->is_all |= worker->is_all;
	for (size_t i = 0; i < worker->touched.count; i++)
		pages_key_add(&parts->touched, &worker->touched.list[i]);
	file_close(&worker->made);
	pages_sums_release(&worker->sums);
	arena_release(&worker->arena);
}

static int
add_wanted(struct pages_parts *parts, const bool *wanted, struct error *err)
{
	struct worker workers[THREADS_MAX];
	int result;

	for (size_t i = 0; i < THREADS_MAX; i++) {
		workers[i] = (struct worker){ .parts = parts,
			.made = FILE_NONE,
			.arena = ARENA_INIT };
		workers[i].touched.arena = &workers[i].arena;
		pages_sums_init(&workers[i].sums);
	}
	result = add_files(parts, workers, threads_count(), wanted, err);
	if (result == 0 && wanted[parts->count - 1])
		result = add_runs(parts, &workers[0], err);
	for (size_t i = 0; i < THREADS_MAX; i++)
		end_worker(parts, &workers[i]);
	return result;
}

/* What was in parts that are gone has changed. */
static void
compare_gone(struct pages_parts *parts)
{
	const struct pages_known *known = parts->known;
	struct pages_part part;
	size_t now = 0;

	for (size_t i = 0; i < known->part_count; i++) {
		const struct pages_known_part *old = &known->parts[i];

		while (now < parts->count &&
		       strcmp(parts->notes[now].name, old->name) < 0)
			now++;
		if (now < parts->count &&
		    strcmp(parts->notes[now].name, old->name) == 0)
			continue;
		parts->has_changed = true;
		if (!pages_part_open(&part, &parts->cache, old->name,
			old->id)) {
			parts->is_all = true;
			continue;
		}
		parts->is_all |= !compare(&parts->touched, &part, NULL);
		pages_part_close(&part);
	}
}

static bool
is_news(const struct pages_parts *parts, size_t place)
{
	const struct pages_known_part *now = &parts->notes[place];
	const struct pages_known_part *known =
	    pages_known_find(parts->known, now->name);

	return !known || known->id != now->id ||
	       !cache_state_equal(&known->state, &now->state);
}

int
pages_parts_update(struct pages_parts *parts, struct records *records,
    const struct dir *cache, const struct pages_known *known, struct error *err)
{
	const bool *wanted;

	*parts = (struct pages_parts){ .records = records,
		.cache = *cache,
		.known = known,
		.files = LEDGER_FILES_NONE,
		.is_all = !known->is_there };
	parts->touched.arena = records->workspace->arena;
	if (list_parts(parts, err) < 0)
		return -1;
	wanted = choose(parts);
	if (add_wanted(parts, wanted, err) < 0)
		return -1;
	compare_gone(parts);
	for (size_t i = 0; i < parts->count; i++)
		parts->has_changed |= is_news(parts, i);
	pages_key_sort(&parts->touched);
	return 0;
}

void
pages_parts_release(struct pages_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		pages_part_close(&parts->list[i]);
	ledger_files_close(&parts->files);
}
