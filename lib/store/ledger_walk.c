#include "lib/store/ledger_walk.h"

#include <inttypes.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/base/threads.h"
#include "lib/core/usage.h"
#include "lib/store/ledger_files.h"
#include "lib/store/ledger_lines.h"
#include "lib/store/ledger_row.h"
#include "lib/store/workspace.h"

/* A thread is worth its while from this on. */
#define PART_SIZE (INT64_C(2) * 1024 * 1024)

/* A visit of one file after the other. */
struct visit {
	struct workspace *workspace;
	struct ledger_question *question;
	const struct ledger_walk *walk;
	void *data;
	struct ledger_row_reader reader;
	struct ledger_lines lines;
	struct when day;
	bool is_whole; /* so far */
};

/* Whether a file is to be read: any time of its day is asked for. */
static bool
is_wanted(const struct ledger_walk *walk, size_t place)
{
	return (!walk->wanted || walk->wanted[place]) &&
	       ledger_asks_for_day(walk->question,
		   walk->files->list[place].day);
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

	if (ledger_row_read_of_day(&usage, &visit->reader, line, visit->day,
		err) == 0) {
		if (!ledger_asks_for(visit->question, usage.at))
			return 0;
		return visit->walk->visitor(visit->data, &usage, err);
	}
	visit->is_whole = false;
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

static int
visit_file(struct visit *visit, size_t place, struct error *err)
{
	const struct ledger_walk *walk = visit->walk;
	struct ledger_lines *lines = &visit->lines;
	int result;

	visit->day = walk->files->list[place].day;
	visit->is_whole = true;
	result = ledger_lines_open(lines, walk->files,
	    &walk->files->list[place], err);
	if (result == 0 && walk->begin)
		walk->begin(visit->data, place, lines);
	if (result == 0)
		result = visit_lines(visit, err);
	if (walk->end)
		walk->end(visit->data, place, lines,
		    result == 0 && visit->is_whole);
	ledger_lines_close(lines);
	return result;
}

/* Visit the files from first up to end. */
static int
visit_files(struct visit *visit, size_t first, size_t end, struct error *err)
{
	int result = 0;

	ledger_row_start(&visit->reader);
	for (size_t i = first; i < end && result == 0; i++)
		if (is_wanted(visit->walk, i))
			result = visit_file(visit, i, err);
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
	size_t first, end;
	int result;
	struct error err;
};

static void
visit_part(void *data)
{
	struct part *part = data;

	part->result =
	    visit_files(&part->visit, part->first, part->end, &part->err);
}

static int64_t
wanted_size(const struct ledger_walk *walk, size_t place)
{
	return is_wanted(walk, place) ? walk->files->list[place].size : 0;
}

/*
 * Divide the files into parts of about the same size, each of days that
 * follow each other, so that the first part that fails, fails at the oldest
 * day; return how many parts are worth it.
 */
static size_t
divide(struct part *parts, size_t count, const struct ledger_walk *walk)
{
	const size_t files = walk->files->count;
	int64_t total = 0, seen = 0;
	size_t used = 0;

	for (size_t i = 0; i < files; i++)
		total += wanted_size(walk, i);
	if (total < PART_SIZE * (int64_t)count)
		count = (size_t)(total / PART_SIZE) + 1;
	for (size_t i = 0; i < files; i++) {
		while (used + 1 < count &&
		       seen >= total / (int64_t)count * (int64_t)(used + 1))
			parts[++used].first = i;
		seen += wanted_size(walk, i);
		parts[used].end = i + 1;
	}
	for (size_t i = 1; i <= used; i++)
		if (parts[i].end == 0)
			parts[i].end = parts[i].first;
	return used + 1;
}

static void
start_part(struct part *part, const struct ledger_walk *walk, void *data)
{
	part->workspace = *walk->workspace;
	part->workspace.notes = &part->notes;
	part->question = *walk->question;
	part->question.skipped = 0;
	part->notes = (struct buf)BUF_INIT;
	part->visit = (struct visit){ .workspace = &part->workspace,
		.question = &part->question,
		.walk = walk,
		.data = data };
}

int
ledger_walk(const struct ledger_walk *walk, void *const *data, size_t count,
    struct error *err)
{
	struct workspace *workspace = walk->workspace;
	struct part *parts;
	int result = 0;

	if (count > THREADS_MAX)
		count = THREADS_MAX;
	parts = arena_array(workspace->arena, count, sizeof(*parts));
	count = divide(parts, count, walk);
	for (size_t i = 0; i < count; i++)
		start_part(&parts[i], walk, data[i]);
	threads_run(visit_part, parts, sizeof(*parts), count);
	for (size_t i = 0; i < count; i++) {
		buf_add(workspace->notes, parts[i].notes.text,
		    parts[i].notes.len);
		buf_release(&parts[i].notes);
		walk->question->skipped += parts[i].question.skipped;
		if (result == 0 && parts[i].result != 0) {
			result = parts[i].result;
			*err = parts[i].err;
		}
	}
	return result;
}
