#include "lib/store/runs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/core/run_stored.h"
#include "lib/doc/node.h"
#include "lib/doc/yaml_write.h"
#include "lib/store/runs_items.h"
#include "lib/store/runs_repair.h"
#include "lib/store/runs_seek.h"
#include "lib/store/runs_stamp.h"
#include "lib/store/runs_survey.h"
#include "lib/store/workspace.h"

#define TAIL_SIZE ((int64_t)16 * 1024)
#define CLOCK_SLACK ((int64_t)60 * 1000000) /* a minute */

enum {
	ONCE_RUNS = 100, /* how far back --once looks */
};

/* The file, open, and what is in it. */
struct runs_view {
	struct workspace *workspace;
	struct file file;
	struct runs_survey survey;
};

static int
open_view(struct runs_view *view, struct workspace *workspace, bool appending,
    struct error *err)
{
	bool found = false;
	int result = 0;

	*view = (struct runs_view){ .workspace = workspace, .file = FILE_NONE };
	view->survey.shape = RUNS_MISSING;
	if (workspace->dir.fd >= 0)
		result = (appending ? file_open_append : file_open)(&view->file,
		    &workspace->dir, RUNS_NAME, &found, err);
	if (result < 0 || !found)
		return result;
	return runs_survey(&view->survey, workspace, &view->file, err);
}

/*
 * Where the newest count runs begin, at most: a little more may be before
 * them.  All is the answer where the text does not tell.
 */
static int
find_newest(int64_t *out, const struct runs_view *view, int64_t count,
    struct error *err)
{
	const struct runs_survey *survey = &view->survey;
	struct buf tail = BUF_INIT;
	int64_t len = TAIL_SIZE, from, found;
	int result = 0;

	do {
		from = survey->end - len;
		if (from < survey->begin)
			from = survey->begin;
		buf_reset(&tail);
		result = file_read_at(&tail, &view->file, from,
		    (size_t)(survey->end - from), err);
		found = 0;
		*out = survey->begin;
		for (size_t i = tail.len; i-- > 3 && found < count;) {
			if (memcmp(tail.text + i - 2, "\n- ", 3) != 0)
				continue;
			/* The first run of all has no line before it here. */
			if (++found == count)
				*out = from + (int64_t)i - 1;
		}
		len *= 4;
	} while (result == 0 && found < count && from > survey->begin);
	buf_release(&tail);
	return result;
}

static int
visit_item(struct runs_view *view, struct text item, int line,
    runs_visitor *visitor, void *data, struct error *err)
{
	struct node *stored;
	struct run run;

	if (runs_survey_read_item(&stored, &run, view->workspace->arena, item,
		RUNS_NAME, line, err) < 0)
		return -1;
	return visitor(data, stored, &run, err);
}

/* Visit the runs from an offset on, as text. */
static int
visit_items(struct runs_view *view, int64_t from, runs_visitor *visitor,
    void *data, struct error *err)
{
	struct runs_items items;
	struct text item;
	int line, result;

	runs_items_start(&items, &view->file, from, view->survey.end,
	    view->survey.line);
	do {
		result = runs_items_next(&item, &line, &items, err);
		if (result == 0 && item.data)
			result =
			    visit_item(view, item, line, visitor, data, err);
	} while (result == 0 && item.data);
	runs_items_release(&items);
	return result;
}

/* Visit the newest count runs, all where it is 0, of a document. */
static int
visit_nodes(struct runs_view *view, int64_t count, runs_visitor *visitor,
    void *data, struct error *err)
{
	const struct node *list = node_find(view->survey.root, "runs");
	int64_t skip = 0;
	struct run run;

	if (!list)
		return 0;
	if (count > 0 && (int64_t)list->count > count)
		skip = (int64_t)list->count - count;
	for (const struct node *stored = list->first; stored;
	     stored = stored->next) {
		if (skip-- > 0)
			continue;
		if (run_stored_read(&run, view->workspace->arena, stored, err) <
			0 ||
		    visitor(data, stored, &run, err) < 0)
			return -1;
	}
	return 0;
}

static int
visit(struct runs_view *view, int64_t count, runs_visitor *visitor, void *data,
    struct error *err)
{
	int64_t from = view->survey.begin;

	if (view->survey.shape == RUNS_MISSING)
		return 0;
	if (view->survey.root)
		return visit_nodes(view, count, visitor, data, err);
	if (count > 0 && find_newest(&from, view, count, err) < 0)
		return -1;
	return visit_items(view, from, visitor, data, err);
}

static void
note_torn(const struct runs_view *view)
{
	if (view->survey.shape == RUNS_TORN)
		workspace_note(view->workspace,
		    "%s: what stands behind run %" PRId64
		    " is no whole run and is left out",
		    RUNS_NAME, view->survey.last);
}

int
runs_visit(struct workspace *workspace, int64_t count, runs_visitor *visitor,
    void *data, struct error *err)
{
	struct runs_view view;
	int result;

	result = open_view(&view, workspace, false, err);
	if (result == 0) {
		note_torn(&view);
		result = visit(&view, count, visitor, data, err);
	}
	file_close(&view.file);
	return result;
}

/* What runs_find looks for, and finds. */
struct search {
	int64_t index;
	struct run *run;
	const struct node **stored;
};

static int
take_if_found(void *data, const struct node *stored, const struct run *run,
    struct error *err)
{
	struct search *search = data;

	(void)err;
	if (search->index == 0 || run->index == search->index) {
		*search->run = *run;
		*search->stored = stored;
	}
	return 0;
}

/* Find the run in the text, reading few others. */
static int
find_item(struct runs_view *view, struct search *search, struct error *err)
{
	struct runs_items items;
	struct text item;
	char first[64];
	int64_t from;
	size_t len;
	int line, result;

	if (runs_seek(&from, &view->file, &view->survey, search->index, err) <
	    0)
		return -1;
	len = (size_t)snprintf(first, sizeof(first),
	    "- run_index: %" PRId64 "\n", search->index);
	runs_items_start(&items, &view->file, from, view->survey.end,
	    view->survey.line);
	do {
		result = runs_items_next(&item, &line, &items, err);
		if (result == 0 && item.len >= len &&
		    memcmp(item.data, first, len) == 0) {
			result = visit_item(view, item, line, take_if_found,
			    search, err);
			break;
		}
	} while (result == 0 && item.data);
	runs_items_release(&items);
	return result;
}

int
runs_find(struct run *run, const struct node **stored,
    struct workspace *workspace, int64_t index, struct error *err)
{
	struct search search = { index, run, stored };
	struct runs_view view;
	int result;

	*stored = NULL;
	result = open_view(&view, workspace, false, err);
	if (result < 0)
		goto done;
	note_torn(&view);
	if (index > 0 && (view.survey.shape == RUNS_CANONICAL ||
			     view.survey.shape == RUNS_TORN))
		result = find_item(&view, &search, err);
	else if (index == 0 && view.survey.last > 0 && !view.survey.root)
		result = visit_items(&view, view.survey.last_begin,
		    take_if_found, &search, err);
	else
		result = visit(&view, 0, take_if_found, &search, err);
done:
	file_close(&view.file);
	return result;
}

/* What --once compares with. */
struct same {
	const struct run *run;
	int64_t index; /* of the newest run that is the same, or 0 */
};

static int
take_if_same(void *data, const struct node *stored, const struct run *run,
    struct error *err)
{
	struct same *same = data;

	(void)stored;
	(void)err;
	if (run_is_same(same->run, run))
		same->index = run->index;
	return 0;
}

/* Append the run's text to out. */
static void
write_run(struct buf *out, struct arena *arena, const struct run *run)
{
	struct node *list = node_list(arena);

	node_add(list, run_stored_node(arena, run));
	yaml_write(out, list);
}

/*
 * Add the run to a file that can be appended to.  That it is about to be is
 * noted before, so that what a crash leaves of it can be told from a run.
 */
static int
append(struct runs_view *view, struct text text, struct error *err)
{
	runs_stamp_write(view->workspace, &view->file,
	    view->file.size + (int64_t)text.len);
	if (file_append(&view->file, text, err) < 0)
		return -1;
	runs_stamp_write(view->workspace, &view->file, view->file.size);
	return 0;
}

/* Make the file, together with its first run. */
static int
create(struct runs_view *view, struct text run, struct error *err)
{
	struct buf text = BUF_INIT;
	int result;

	buf_puts(&text, "schema_version: 1\nruns:\n");
	buf_add(&text, run.data, run.len);
	result = file_replace(&view->workspace->dir, RUNS_NAME,
	    (struct text){ text.text, text.len }, err);
	buf_release(&text);
	return result;
}

/* Note the state of a file that was just put in its place. */
static void
stamp_new(struct workspace *workspace)
{
	struct file file = FILE_NONE;
	struct error ignored;
	bool found;

	if (file_open(&file, &workspace->dir, RUNS_NAME, &found, &ignored) ==
		0 &&
	    found)
		runs_stamp_write(workspace, &file, file.size);
	file_close(&file);
}

static int
store(struct runs_view *view, struct run *run, struct error *err)
{
	struct buf text = BUF_INIT;
	int result = -1;

	if (__builtin_add_overflow(view->survey.last, 1, &run->index))
		return error_set(err, ERROR_DATA,
		    "%s: the run_index does not fit 64 bits", RUNS_NAME);
	if (view->survey.lacks_newline && view->survey.shape == RUNS_CANONICAL)
		buf_putc(&text, '\n');
	write_run(&text, view->workspace->arena, run);
	switch (view->survey.shape) {
	case RUNS_MISSING:
		result =
		    create(view, (struct text){ text.text, text.len }, err);
		break;
	case RUNS_FOREIGN:
		result = runs_repair_rewrite(view->workspace, &view->file,
		    &view->survey, (struct text){ text.text, text.len }, err);
		break;
	case RUNS_TORN:
	case RUNS_CANONICAL:
		result =
		    append(view, (struct text){ text.text, text.len }, err);
		break;
	}
	buf_release(&text);
	if (result == 0 && (view->survey.shape == RUNS_MISSING ||
			       view->survey.shape == RUNS_FOREIGN))
		stamp_new(view->workspace);
	return result;
}

static int
take_last(void *data, const struct node *stored, const struct run *run,
    struct error *err)
{
	(void)stored;
	(void)err;
	*(struct run *)data = *run;
	return 0;
}

/* Say what is odd about adding a run of this time to this file. */
static int
warn_of_append(struct runs_view *view, const struct run *run, struct error *err)
{
	struct run last = { 0 };
	struct when before, now;

	if (view->file.links > 1)
		workspace_note(view->workspace,
		    "%s has another name, by a hard link", RUNS_NAME);
	if (view->survey.last == 0 || view->survey.root)
		return 0;
	if (visit_items(view, view->survey.last_begin, take_last, &last, err) <
	    0)
		return -1;
	if (last.completed_at.data &&
	    when_parse(&before, last.completed_at.data,
		last.completed_at.len) == 0 &&
	    when_parse(&now, run->completed_at.data, run->completed_at.len) ==
		0 &&
	    now.micros + CLOCK_SLACK < before.micros)
		workspace_note(view->workspace,
		    "the clock is before the time of run %" PRId64, last.index);
	return 0;
}

int
runs_append(struct workspace *workspace, struct run *run, bool once,
    bool *known, struct error *err)
{
	struct same same = { run, 0 };
	struct runs_view view;
	int result;

	*known = false;
	result = open_view(&view, workspace, true, err);
	if (result == 0 && once)
		result = visit(&view, ONCE_RUNS, take_if_same, &same, err);
	if (result == 0 && same.index > 0) {
		run->index = same.index;
		*known = true;
		goto done;
	}
	if (result == 0 && view.survey.shape == RUNS_TORN)
		result = runs_repair_set_aside(workspace, &view.file,
		    &view.survey, err);
	if (result == 0)
		result = warn_of_append(&view, run, err);
	if (result == 0)
		result = store(&view, run, err);
done:
	file_close(&view.file);
	return result;
}
