#include "lib/store/answer_rows.h"

#include "lib/base/arena.h"
#include "lib/base/threads.h"
#include "lib/core/task.h"
#include "lib/core/usage.h"
#include "lib/store/answer_pass.h"
#include "lib/store/ledger_lines.h"
#include "lib/store/ledger_walk.h"
#include "lib/store/records.h"
#include "lib/store/rollup.h"
#include "lib/store/rollup_write.h"
#include "lib/store/workspace.h"

static int
visit_bucket(void *data, const struct usage *usage, struct error *err)
{
	struct answer_worker *worker = data;

	if (!ledger_asks_for(worker->pass->question, usage->at))
		return 0;
	return answer_pass_add(worker, usage, NULL, err);
}

int
answer_rows_buckets(struct answer_worker *worker, struct error *err)
{
	worker->chosen_count = worker->pass->count;
	for (size_t i = 0; i < worker->chosen_count; i++)
		worker->chosen[i] = i;
	return records_each_bucket(worker->pass->records, visit_bucket, worker,
	    err);
}

static int
visit_row(void *data, const struct usage *usage, struct error *err)
{
	struct answer_worker *worker = data;
	const struct task_table *tasks = &worker->pass->records->tasks.table;
	struct usage filled;

	if (worker->is_making)
		rollup_make_add(&worker->make, usage);
	if (tasks->count > 0) {
		filled = *usage;
		task_fill(tasks, &filled);
		usage = &filled;
	}
	return answer_pass_add(worker, usage, NULL, err);
}

/* Whether the lines are all of a file that nobody touches meanwhile. */
static bool
is_of(const struct ledger_lines *lines, const struct ledger_file *file)
{
	const struct cache_state state = ledger_lines_state(lines);

	return lines->file.fd >= 0 && cache_state_equal(&state, &file->state);
}

static void
begin_file(void *data, size_t place, const struct ledger_lines *lines)
{
	struct answer_worker *worker = data;
	const struct answer_pass *pass = worker->pass;
	const struct ledger_file *file = &pass->files.list[place];
	char name[ROLLUP_NAME];

	worker->chosen_count = 0;
	for (size_t i = 0; i < pass->count; i++)
		if (pass->days[place].reads_rows[i])
			worker->chosen[worker->chosen_count++] = i;
	rollup_name(name, file);
	worker->is_making =
	    pass->days[place].lacks_rollup && is_of(lines, file) &&
	    cache_begin(&worker->made, &pass->cache, name, &file->state);
	if (worker->is_making)
		rollup_make_start(&worker->make);
}

static void
end_file(void *data, size_t place, const struct ledger_lines *lines,
    bool is_whole)
{
	struct answer_worker *worker = data;
	const struct cache_state *state =
	    &worker->pass->files.list[place].state;
	struct buf text = BUF_INIT;

	if (!worker->is_making)
		return;
	worker->is_making = false;
	if (is_whole && lines->read == state->size &&
	    rollup_write(&text, &worker->make, state))
		cache_end(&worker->made, (struct text){ text.text, text.len });
	else
		file_close(&worker->made);
	buf_release(&text);
}

/* Whether any day is read of which a rollup could be made. */
static bool
makes_any(const struct answer_pass *pass)
{
	for (size_t i = 0; i < pass->files.count; i++)
		if (pass->days[i].is_read && pass->days[i].lacks_rollup)
			return true;
	return false;
}

int
answer_rows(struct answer_pass *pass, struct answer_worker *workers,
    size_t count, struct error *err)
{
	struct workspace *workspace = pass->records->workspace;
	bool *wanted = arena_array(workspace->arena, pass->files.count + 1,
	    sizeof(*wanted));
	const struct ledger_walk walk = { .workspace = workspace,
		.question = pass->question,
		.files = &pass->files,
		.wanted = wanted,
		.visitor = visit_row,
		.begin = begin_file,
		.end = end_file };
	void *data[THREADS_MAX];

	for (size_t i = 0; i < pass->files.count; i++)
		wanted[i] = pass->days[i].is_read;
	for (size_t i = 0; i < count; i++)
		data[i] = &workers[i];
	if (pass->cache.fd < 0 && makes_any(pass))
		cache_open(&pass->cache, workspace, true);
	return ledger_walk(&walk, data, count, err);
}
