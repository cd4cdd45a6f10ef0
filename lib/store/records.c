#include "lib/store/records.h"

#include <inttypes.h>
#include <stdio.h>

#include "lib/base/arena.h"
#include "lib/core/run.h"
#include "lib/core/usage.h"
#include "lib/store/runs.h"
#include "lib/store/workspace.h"

/* Whom the records are given to. */
struct stream {
	const struct task_table *tasks;
	ledger_visitor *visitor;
	void *data;
};

int
records_open(struct records *records, struct workspace *workspace,
    struct error *err)
{
	records->workspace = workspace;
	return tasks_load(&records->tasks, workspace, err);
}

static int
pass_on(void *data, const struct usage *usage, struct error *err)
{
	const struct stream *stream = data;
	struct usage filled = *usage;

	task_fill(stream->tasks, &filled);
	return stream->visitor(stream->data, &filled, err);
}

static int
visit_run(void *data, const struct node *stored, const struct run *run,
    struct error *err)
{
	const struct run_bucket *bucket;
	struct usage usage;
	char name[24];

	(void)stored;
	snprintf(name, sizeof(name), "%" PRId64, run->index);
	for (bucket = run->buckets; bucket; bucket = bucket->next)
		if (usage_of_bucket(&usage, run, bucket, text_of(name), err) <
			0 ||
		    pass_on(data, &usage, err) < 0)
			return -1;
	return 0;
}

/* The events; without tasks there is nothing to fill in on the way. */
static int
visit_events(struct records *records, struct ledger_question *question,
    ledger_visitor *visitor, void *const *data, size_t count, struct error *err)
{
	struct arena *arena = records->workspace->arena;
	struct stream *streams;
	void **pointers;

	if (records->tasks.table.count == 0)
		return ledger_each_of(records->workspace, question, visitor,
		    data, count, err);
	streams = arena_array(arena, count, sizeof(*streams));
	pointers = arena_array(arena, count, sizeof(*pointers));
	for (size_t i = 0; i < count; i++) {
		streams[i] =
		    (struct stream){ &records->tasks.table, visitor, data[i] };
		pointers[i] = &streams[i];
	}
	return ledger_each_of(records->workspace, question, pass_on, pointers,
	    count, err);
}

int
records_each_bucket(struct records *records, ledger_visitor *visitor,
    void *data, struct error *err)
{
	struct stream stream = { &records->tasks.table, visitor, data };

	return runs_visit(records->workspace, 0, visit_run, &stream, err);
}

int
records_each_of(struct records *records, struct ledger_question *question,
    ledger_visitor *visitor, void *const *data, size_t count, struct error *err)
{
	if (records_each_bucket(records, visitor, data[0], err) < 0)
		return -1;
	return visit_events(records, question, visitor, data, count, err);
}

int
records_each(struct records *records, struct ledger_question *question,
    ledger_visitor *visitor, void *data, struct error *err)
{
	return records_each_of(records, question, visitor, &data, 1, err);
}

int
records_add_event(const struct records *records, const struct usage *event,
    ledger_visitor *visitor, void *data, struct error *err)
{
	struct stream stream = { &records->tasks.table, visitor, data };

	return pass_on(&stream, event, err);
}

int
records_add_run(const struct records *records, const struct run *run,
    ledger_visitor *visitor, void *data, struct error *err)
{
	struct stream stream = { &records->tasks.table, visitor, data };

	return visit_run(&stream, NULL, run, err);
}
