#ifndef METER_TESTS_UNIT_SCRATCH_LEDGER_H
#define METER_TESTS_UNIT_SCRATCH_LEDGER_H

/*
 * A workspace with a ledger: records to put into it, and what it holds as
 * one line of text.
 */

#include "lib/core/usage.h"
#include "lib/store/ledger.h"
#include "lib/store/ledger_batch.h"
#include "lib/store/ledger_commit.h"
#include "lib/store/ledger_row.h"
#include "tests/unit/scratch_workspace.h"

#define EVENTS BUDGET "events/"
#define TODAY EVENTS "2026-11-22.csv"

static struct scratch_workspace sw;

static inline void
scratch_begin_ledger(void)
{
	scratch_workspace_begin(&sw);
}

static inline void
scratch_end_ledger(void)
{
	scratch_workspace_end(&sw);
}

/* A record of one call; id may be NULL. */
static inline struct usage
scratch_usage(const char *id, const char *at)
{
	struct usage usage = { .id = text_of(id),
		.attempt = 1,
		.calls = 1,
		.input_tokens = 10,
		.cost_status = USAGE_COST_UNKNOWN,
		.source = TEXT("record") };

	usage.dimension[USAGE_RESOURCE] = TEXT("llm");
	usage.dimension[USAGE_STATUS] = TEXT("ok");
	cr_assert(when_parse(&usage.at, at, strlen(at)) == 0);
	return usage;
}

/*
 * Commit records of these ids, separated by blanks; '-' is a new one and
 * `a@2026-01-02` one of another day.  Returns what was said of each, "nk".
 */
static inline char *
scratch_commit(const char *ids)
{
	char *list = arena_copy(&sw.s.arena, ids, strlen(ids)), *save = NULL;
	struct ledger_batch batch;
	char *said;

	ledger_batch_start(&batch, &sw.w);
	for (char *id = strtok_r(list, " ", &save); id;
	     id = strtok_r(NULL, " ", &save)) {
		char *day = strchr(id, '@');
		struct usage usage;

		if (day)
			*day++ = '\0';
		usage = scratch_usage(strcmp(id, "-") == 0 ? NULL : id,
		    arena_printf(&sw.s.arena, "%sT08:00:00Z",
			day ? day : "2026-11-22"));
		cr_assert(ledger_batch_add(&batch, &usage, sw.now,
			      &sw.s.err) == 0, "%s", sw.s.err.text);
	}
	said = arena_alloc(&sw.s.arena, batch.count + 1);
	if (ledger_commit(&batch, &sw.s.err) < 0)
		said = NULL;
	for (size_t i = 0; said && i < batch.count; i++)
		said[i] = batch.entries[i].is_known ? 'k' : 'n';
	ledger_batch_release(&batch);
	return said;
}

static inline int
scratch_note_id(void *data, const struct usage *usage, struct error *err)
{
	struct buf *out = data;

	(void)err;
	buf_putc(out, ' ');
	if (usage->id.len == 36)
		buf_putc(out, '-');
	else
		buf_add(out, usage->id.data, usage->id.len);
	return 0;
}

/* The ids of the ledger, in order, " a b -"; NULL where it cannot be read. */
static inline char *
scratch_ids(struct ledger_question *question)
{
	struct ledger_question all = { 0 };
	struct buf ids = BUF_INIT;
	char *copy = NULL;

	if (ledger_each(&sw.w, question ? question : &all, scratch_note_id,
		&ids, &sw.s.err) == 0)
		copy = arena_copy(&sw.s.arena, ids.text, ids.len);
	buf_release(&ids);
	return copy;
}

/* Append bytes to a file. */
static inline void
scratch_append(const char *name, const char *text)
{
	int fd = openat(sw.s.dir.fd, name, O_WRONLY | O_APPEND);

	cr_assert(fd >= 0, "%s", name);
	cr_assert(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

#endif
