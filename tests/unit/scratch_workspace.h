#ifndef METER_TESTS_UNIT_SCRATCH_WORKSPACE_H
#define METER_TESTS_UNIT_SCRATCH_WORKSPACE_H

/*
 * A workspace in a folder of the test's own, which is the current one, so
 * that messages name files as output/budget/NAME; and runs to put in it.
 */

#include "lib/core/run.h"
#include "lib/store/workspace.h"
#include "tests/unit/scratch.h"

#define BUDGET "output/budget/"

/* The head of usage.yaml, and a run of one call as it stands behind it. */
#define USAGE_HEAD "schema_version: 1\nruns:\n"

struct scratch_workspace {
	struct scratch s;
	struct buf notes;
	struct workspace w;
	struct when now;
};

static inline struct when
scratch_clock(void *data)
{
	struct scratch_workspace *sw = data;

	return sw->now;
}

static inline void
scratch_workspace_begin(struct scratch_workspace *sw)
{
	scratch_begin(&sw->s);
	cr_assert(chdir(sw->s.path) == 0);
	sw->notes = (struct buf)BUF_INIT;
	/* 2026-11-22T08:00:00Z */
	sw->now = (struct when){ INT64_C(1795334400000000) };
	sw->w = (struct workspace){ .root = sw->s.path,
		.path = "output/budget",
		.clock = { scratch_clock, sw },
		.arena = &sw->s.arena,
		.notes = &sw->notes };
	cr_assert(workspace_open(&sw->w, &sw->s.err) == 0);
}

static inline void
scratch_workspace_end(struct scratch_workspace *sw)
{
	workspace_close(&sw->w);
	buf_release(&sw->notes);
	scratch_end(&sw->s);
}

/* Make the folder, and open it. */
static inline void
scratch_workspace_make(struct scratch_workspace *sw)
{
	struct when ignored;

	cr_assert(workspace_lock(&sw->w, &ignored, &sw->s.err) == 0, "%s",
	    sw->s.err.text);
	workspace_unlock(&sw->w);
}

/* Expect the notes to be these lines, `meter: ` before each, and forget them. */
static inline void
scratch_notes(struct scratch_workspace *sw, const char *expected)
{
	struct buf lines = BUF_INIT;

	while (*expected != '\0') {
		size_t len = strcspn(expected, "\n");

		buf_puts(&lines, "meter: ");
		buf_add(&lines, expected, len);
		expected += len;
		if (*expected == '\n')
			buf_putc(&lines, *expected++);
	}
	SCRATCH_SAME(sw->notes.text, lines.text);
	buf_release(&lines);
	buf_reset(&sw->notes);
}

/* A run of one workflow with that run_id, null too, and one call. */
static inline struct run
scratch_run(struct arena *arena, const char *run_id, const char *stage)
{
	struct run run = { .workflow_count = 1 };

	run.workflows = arena_alloc(arena, sizeof(*run.workflows));
	run.workflows->run_id = text_of(run_id);
	run.workflows->id = TEXT("w");
	run.workflows->stage_count = 1;
	run.buckets = arena_alloc(arena, sizeof(*run.buckets));
	run.buckets->workflow = TEXT("w");
	run.buckets->stage = text_of(stage);
	run.buckets->provider = TEXT("p");
	run.buckets->model = TEXT("m");
	run.buckets->calls = 1;
	run.rollup.calls = 1;
	run.completed_at = TEXT("2026-11-22T08:00:00+00:00");
	return run;
}

/* The text of such a run with that index. */
static inline char *
scratch_run_text(struct arena *arena, int index, const char *run_id,
    const char *stage)
{
	return arena_printf(arena,
	    "- run_index: %d\n"
	    "  started_at: null\n"
	    "  completed_at: '2026-11-22T08:00:00+00:00'\n"
	    "  duration_seconds: null\n"
	    "  snapshot_id: null\n"
	    "  workflows:\n"
	    "  - run_id: %s\n"
	    "    workflow_id: w\n"
	    "    status: null\n"
	    "    stage_count: 1\n"
	    "  rollup:\n"
	    "    total_calls: 1\n"
	    "    total_prompt_tokens: 0\n"
	    "    total_completion_tokens: 0\n"
	    "    total_tokens: 0\n"
	    "    total_cost_usd_known: 0.0\n"
	    "    total_cost_usd_estimated: null\n"
	    "  per_bucket:\n"
	    "  - workflow_id: w\n"
	    "    stage_id: %s\n"
	    "    provider: p\n"
	    "    model: m\n"
	    "    calls: 1\n"
	    "    prompt_tokens: 0\n"
	    "    completion_tokens: 0\n"
	    "    total_tokens: 0\n"
	    "    cost_usd_known: 0.0\n"
	    "    cost_usd_estimated: null\n"
	    "    cost_status: unknown\n"
	    "    cost_estimated_for_calls: 0\n",
	    index, run_id, stage);
}

#endif
