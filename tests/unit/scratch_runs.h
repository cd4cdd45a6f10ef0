#ifndef METER_TESTS_UNIT_SCRATCH_RUNS_H
#define METER_TESTS_UNIT_SCRATCH_RUNS_H

/*
 * What the tests of usage.yaml as a whole share: recording and visiting runs
 * in a workspace, which scratch_begin_runs makes.
 */

#include "lib/store/runs.h"
#include "tests/unit/scratch_workspace.h"

#define USAGE BUDGET "usage.yaml"

static struct scratch_workspace sw;
static struct arena *const arena = &sw.s.arena;

static inline void
scratch_begin_runs(void)
{
	scratch_workspace_begin(&sw);
	scratch_workspace_make(&sw);
}

static inline void
scratch_end_runs(void)
{
	scratch_workspace_end(&sw);
}

/* Record a run as a command does; -1, or its index. */
static inline int64_t
record_run(struct run *run, bool once, bool *known)
{
	struct when ignored;
	int result;

	cr_assert(workspace_lock(&sw.w, &ignored, &sw.s.err) == 0);
	result = runs_append(&sw.w, run, once, known, &sw.s.err);
	workspace_unlock(&sw.w);
	return result < 0 ? -1 : run->index;
}

static inline int64_t
record(const char *run_id, const char *stage)
{
	struct run run = scratch_run(arena, run_id, stage);
	bool known;

	return record_run(&run, false, &known);
}

static inline char *
text_of_run(int index)
{
	return scratch_run_text(arena, index,
	    arena_printf(arena, "r-%d", index), "s");
}

/* A file of these runs, written by another program as far as meter knows. */
static inline void
write_runs(const char *head, int first, int last, const char *tail)
{
	struct buf text = BUF_INIT;

	buf_puts(&text, head);
	for (int i = first; i <= last; i++)
		buf_puts(&text, text_of_run(i));
	buf_puts(&text, tail);
	scratch_write_text(&sw.s, USAGE, (struct text){ text.text, text.len });
	buf_release(&text);
}

static inline int
note_index(void *data, const struct node *stored, const struct run *run,
    struct error *err)
{
	(void)err;
	cr_expect(stored != NULL);
	buf_printf(data, " %d", (int)run->index);
	return 0;
}

/* The indexes of the newest count runs, all where it is 0. */
static inline char *
visit(int64_t count)
{
	struct buf seen = BUF_INIT;
	char *text;

	if (runs_visit(&sw.w, count, note_index, &seen, &sw.s.err) < 0)
		buf_printf(&seen, " error: %s", sw.s.err.text);
	text = arena_copy(arena, seen.text, seen.len);
	buf_release(&seen);
	return text;
}

static inline void
expect_usage(const char *expected)
{
	struct text text = scratch_read(&sw.s, USAGE);

	cr_assert(text.data != NULL);
	SCRATCH_SAME(text.data, expected);
}

#endif
