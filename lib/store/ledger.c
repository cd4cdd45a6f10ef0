#include "lib/store/ledger.h"

#include <inttypes.h>
#include <pthread.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/core/usage.h"
#include "lib/store/ledger_files.h"
#include "lib/store/ledger_lines.h"
#include "lib/store/ledger_row.h"
#include "lib/store/workspace.h"

/* A thread is worth its while from this on. */
#define PART_SIZE (INT64_C(2) * 1024 * 1024)

/* A visit of one file. */
struct visit {
	struct workspace *workspace;
	struct ledger_question *question;
	ledger_visitor *visitor;
	void *data;
	struct ledger_row_reader reader;
	struct ledger_lines lines;
	struct when day;
};

static bool
is_asked_for(const struct ledger_question *question, struct when at)
{
	return (!question->has_since || at.micros >= question->since.micros) &&
	       (!question->has_until || at.micros < question->until.micros);
}

/* Whether any time of the day is asked for. */
static bool
is_day_asked_for(const struct ledger_question *question, struct when day)
{
	struct when next = when_add_days(day, 1);

	return (!question->has_since || next.micros > question->since.micros) &&
	       (!question->has_until || day.micros < question->until.micros);
}

/* Read a row, which belongs into the file of its own day. */
static int
read_row(struct usage *usage, struct visit *visit, struct text line,
    struct error *err)
{
	if (ledger_row_read(usage, &visit->reader, line, err) < 0)
		return -1;
	if (when_day_start(usage->at).micros != visit->day.micros)
		return error_set(err, ERROR_DATA,
		    "at: is not on the day of the file");
	return 0;
}

static void
note_torn(struct visit *visit)
{
	struct buf name = BUF_INIT;

	dir_describe(&name, visit->lines.file.dir, visit->lines.file.name);
	workspace_note(visit->workspace,
	    "%s: line %" PRId64 " is no whole row and is left out", name.text,
	    visit->lines.number);
	buf_release(&name);
}

static int
visit_row(struct visit *visit, struct text line, struct error *err)
{
	struct usage usage;

	if (read_row(&usage, visit, line, err) == 0) {
		if (!is_asked_for(visit->question, usage.at))
			return 0;
		return visit->visitor(visit->data, &usage, err);
	}
	/* What a crash left at the end is no damage. */
	if (!visit->lines.has_end) {
		note_torn(visit);
		return 0;
	}
	if (!visit->question->skip_damaged)
		return ledger_lines_fail(&visit->lines, err);
	visit->question->skipped++;
	return 0;
}

static int
visit_lines(struct visit *visit, struct error *err)
{
	struct text line;
	int result;

	result = ledger_lines_next(&line, &visit->lines, err);
	if (result < 0 || !line.data)
		return result;
	if (ledger_row_read_header(&visit->reader, line, err) < 0)
		return ledger_lines_fail(&visit->lines, err);
	do {
		result = ledger_lines_next(&line, &visit->lines, err);
		if (result == 0 && line.data)
			result = visit_row(visit, line, err);
	} while (result == 0 && line.data);
	return result;
}

/* Visit the files from first up to end. */
static int
visit_files(struct visit *visit, const struct ledger_files *files, size_t first,
    size_t end, struct error *err)
{
	int result = 0;

	ledger_row_start(&visit->reader);
	for (size_t i = first; i < end && result == 0; i++) {
		visit->day = files->list[i].day;
		if (!is_day_asked_for(visit->question, visit->day))
			continue;
		result = ledger_lines_open(&visit->lines, files,
		    &files->list[i], err);
		if (result == 0)
			result = visit_lines(visit, err);
		ledger_lines_close(&visit->lines);
	}
	ledger_row_release(&visit->reader);
	return result;
}

/*
 * A part of the files, and what is said of it: threads share the files alone,
 * which they only read.
 */
struct part {
	struct workspace workspace;
	struct ledger_question question;
	struct buf notes;
	struct visit visit;
	const struct ledger_files *files;
	size_t first, end;
	int result;
	struct error err;
	pthread_t thread;
	bool has_thread;
};

static void *
visit_part(void *data)
{
	struct part *part = data;

	part->result = visit_files(&part->visit, part->files, part->first,
	    part->end, &part->err);
	return NULL;
}

static int64_t
asked_size(const struct ledger_files *files, size_t place,
    const struct ledger_question *question)
{
	if (!is_day_asked_for(question, files->list[place].day))
		return 0;
	return files->list[place].size;
}

/*
 * Divide the files into parts of about the same size, each of days that
 * follow each other, so that the first part that fails, fails at the oldest
 * day; return how many parts are worth it.
 */
static size_t
divide(struct part *parts, size_t count, const struct ledger_files *files,
    const struct ledger_question *question)
{
	int64_t total = 0, seen = 0;
	size_t used = 0;

	for (size_t i = 0; i < files->count; i++)
		total += asked_size(files, i, question);
	if (total < PART_SIZE * (int64_t)count)
		count = (size_t)(total / PART_SIZE) + 1;
	for (size_t i = 0; i < files->count; i++) {
		while (used + 1 < count &&
		       seen >= total / (int64_t)count * (int64_t)(used + 1))
			parts[++used].first = i;
		seen += asked_size(files, i, question);
		parts[used].end = i + 1;
	}
	for (size_t i = 1; i <= used; i++)
		if (parts[i].end == 0)
			parts[i].end = parts[i].first;
	return used + 1;
}

static void
start_part(struct part *part, struct workspace *workspace,
    const struct ledger_question *question, ledger_visitor *visitor, void *data,
    const struct ledger_files *files)
{
	part->workspace = *workspace;
	part->workspace.notes = &part->notes;
	part->question = *question;
	part->question.skipped = 0;
	part->notes = (struct buf)BUF_INIT;
	part->files = files;
	part->visit = (struct visit){ .workspace = &part->workspace,
		.question = &part->question,
		.visitor = visitor,
		.data = data };
}

/* Run the parts, the first one here, and those that find no thread. */
static void
run_parts(struct part *parts, size_t count)
{
	for (size_t i = 1; i < count; i++)
		parts[i].has_thread = pthread_create(&parts[i].thread, NULL,
					  visit_part, &parts[i]) == 0;
	for (size_t i = 0; i < count; i++)
		if (!parts[i].has_thread)
			visit_part(&parts[i]);
	for (size_t i = 1; i < count; i++)
		if (parts[i].has_thread)
			pthread_join(parts[i].thread, NULL);
}

int
ledger_each_of(struct workspace *workspace, struct ledger_question *question,
    ledger_visitor *visitor, void *const *data, size_t count, struct error *err)
{
	struct ledger_files files;
	struct part *parts;
	int result = 0;

	if (ledger_files_open(&files, workspace, err) < 0)
		return -1;
	parts = arena_array(workspace->arena, count, sizeof(*parts));
	count = divide(parts, count, &files, question);
	for (size_t i = 0; i < count; i++)
		start_part(&parts[i], workspace, question, visitor, data[i],
		    &files);
	run_parts(parts, count);
	for (size_t i = 0; i < count; i++) {
		buf_add(workspace->notes, parts[i].notes.text,
		    parts[i].notes.len);
		buf_release(&parts[i].notes);
		question->skipped += parts[i].question.skipped;
		if (result == 0 && parts[i].result != 0) {
			result = parts[i].result;
			*err = parts[i].err;
		}
	}
	ledger_files_close(&files);
	return result;
}

int
ledger_each(struct workspace *workspace, struct ledger_question *question,
    ledger_visitor *visitor, void *data, struct error *err)
{
	return ledger_each_of(workspace, question, visitor, &data, 1, err);
}

int
ledger_days(struct when **days, size_t *count, struct workspace *workspace,
    struct error *err)
{
	struct ledger_files files;

	if (ledger_files_open(&files, workspace, err) < 0)
		return -1;
	*count = files.count;
	*days = arena_array(workspace->arena, files.count + 1, sizeof(**days));
	for (size_t i = 0; i < files.count; i++)
		(*days)[i] = files.list[i].day;
	ledger_files_close(&files);
	return 0;
}
