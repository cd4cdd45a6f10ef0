#include "lib/store/runs_survey.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/core/run_stored.h"
#include "lib/doc/node.h"
#include "lib/doc/yaml.h"
#include "lib/doc/yaml_write.h"
#include "lib/store/document.h"
#include "lib/store/runs_items.h"
#include "lib/store/runs_scan.h"
#include "lib/store/runs_stamp.h"
#include "lib/store/workspace.h"

#define HEAD_SIZE ((size_t)64 * 1024)
#define TAIL_SIZE ((size_t)4 * 1024)
#define MAX_DOCUMENT ((size_t)1024 * 1024 * 1024)

/* What a survey works on. */
struct survey {
	struct runs_survey *out;
	struct workspace *workspace;
	const struct file *file;
	const char *path; /* for messages */
	struct runs_stamp stamp;
	int64_t data_end; /* behind it are only zeros, if anything */
};

/* What an item is. */
enum item_state {
	ITEM_CANONICAL, /* the very bytes that meter writes */
	ITEM_OTHER, /* a whole run in another form */
	ITEM_PARTIAL, /* no whole run; perhaps one that was torn off */
	ITEM_EDITED, /* not meter's, and not torn off either */
};

int
runs_survey_read_item(struct node **stored, struct run *run,
    struct arena *arena, struct text item, const char *path, int line,
    struct error *err)
{
	struct text copy = { arena_copy(arena, item.data, item.len), item.len };
	struct node *list;

	if (yaml_read(&list, arena, copy, path, line, err) < 0)
		return -1;
	if (list->type != NODE_LIST || !list->first || list->first->next)
		return node_error(err, list, "expected one run");
	*stored = list->first;
	return run_stored_read(run, arena, list->first, err);
}

/* Whether writing the run again gives the same bytes. */
static bool
is_canonical(struct text item, const struct node *stored)
{
	struct buf again = BUF_INIT;
	bool same;

	yaml_write(&again, stored->parent);
	same = text_equal(item, (struct text){ again.text, again.len });
	buf_release(&again);
	return same;
}

/*
 * Whether the last line of a run without a newline behind it cannot have been
 * cut: it is a bucket's last fixed field, and no longer number could stand
 * there.
 */
static bool
ends_for_sure(const struct node *stored, const struct run *run)
{
	const struct node *buckets = node_get(stored, "per_bucket");
	const struct run_bucket *last = run->buckets;

	if (!buckets || buckets != stored->last || !buckets->last ||
	    !text_is(buckets->last->last->key, "cost_estimated_for_calls"))
		return false;
	while (last->next)
		last = last->next;
	return last->estimated_calls == 0 ||
	       last->estimated_calls > last->calls / 10;
}

/* Whether the run ends in the name of its dimensions, without any. */
static bool
lacks_dimensions(const struct node *stored)
{
	return text_is(stored->last->key, "dimensions") &&
	       node_is_null(stored->last);
}

/*
 * Say what an item is.  One that lacks the newline at its end is looked at as
 * if it had it, and is partial unless nothing else can be missing, which is
 * known where it has the length that was noted.
 */
static enum item_state
judge(struct text item, bool has_length, const char *path, struct run *run,
    struct arena *arena)
{
	struct buf whole = BUF_INIT;
	struct node *stored = NULL;
	struct error ignored;
	enum item_state state = ITEM_PARTIAL;
	bool has_newline = item.data[item.len - 1] == '\n';

	buf_add(&whole, item.data, item.len);
	if (!has_newline)
		buf_putc(&whole, '\n');
	if (runs_survey_read_item(&stored, run, arena,
		(struct text){ whole.text, whole.len }, path, 1,
		&ignored) != 0) {
		/* A line that is whole has a value of the right type. */
		if (stored && has_newline)
			state = ITEM_EDITED;
	} else if (!stored || !run_stored_may_be_cut(stored)) {
		state = ITEM_EDITED;
	} else if (run_stored_has_form(stored) && run_stored_is_whole(run)) {
		if (is_canonical((struct text){ whole.text, whole.len },
			stored))
			state = ITEM_CANONICAL;
		else if (!lacks_dimensions(stored))
			state = ITEM_OTHER;
		if (!has_newline && !has_length &&
		    (state == ITEM_OTHER || !ends_for_sure(stored, run)))
			state = ITEM_PARTIAL;
	}
	buf_release(&whole);
	return state;
}

/* Check the runs of a document that was read as a whole. */
static int
check_document(struct survey *survey, const struct node *runs,
    struct error *err)
{
	struct arena scratch = ARENA_INIT;
	struct run run;
	int result = 0;

	if (node_expect_list(runs, err) < 0)
		return -1;
	if (node_is_null(runs))
		return 0;
	for (const struct node *item = runs->first; item && result == 0;
	     item = item->next) {
		result = run_stored_read(&run, &scratch, item, err);
		if (result == 0 && run.index <= survey->out->last)
			result = node_error(err, item,
			    "run_index %" PRId64 " does not follow on %" PRId64,
			    run.index, survey->out->last);
		if (result == 0 && !run_stored_is_whole(&run))
			result = node_error(err, item,
			    "is damaged: the buckets have not the calls "
			    "that the rollup counts");
		survey->out->last = run.index;
		arena_release(&scratch);
	}
	return result;
}

/*
 * Read the file as a whole, since its form is not meter's: it is valid and
 * foreign, or in error.
 */
static int
survey_document(struct survey *survey, enum document_use use, struct error *err)
{
	struct runs_survey *out = survey->out;

	out->shape = RUNS_FOREIGN;
	out->last = 0;
	if (document_read(&out->root, survey->workspace, RUNS_NAME,
		MAX_DOCUMENT, use, err) < 0)
		return -1;
	if (!out->root)
		return error_set(err, ERROR_IO, "%s went away", survey->path);
	if (!node_get(out->root, "runs"))
		return node_error(err, out->root,
		    "is damaged: runs are missing");
	return check_document(survey, node_get(out->root, "runs"), err);
}

/*
 * The length of the head, up to and with the line `runs:`; 0 without one.  It
 * is not the first line, since a version stands before it.
 */
static size_t
head_length(struct text text)
{
	static const char line[] = "\nruns:\n";
	size_t len = sizeof(line) - 1;
	const char *at = memmem(text.data, text.len, line, len);

	return at ? (size_t)(at - text.data) + len : 0;
}

/* C1: printable ASCII and newlines. */
static bool
is_plain(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((text.data[i] < ' ' || text.data[i] > '~') &&
		    text.data[i] != '\n')
			return false;
	return true;
}

/*
 * Read the head.  *canonical tells whether runs stand behind it in the form
 * that can be appended to.
 */
static int
survey_head(struct survey *survey, bool *canonical, struct error *err)
{
	struct runs_survey *out = survey->out;
	struct buf window = BUF_INIT;
	struct node *root = NULL;
	struct text head;
	int result = -1;

	*canonical = false;
	if (file_read_at(&window, survey->file, 0, TAIL_SIZE, err) < 0)
		goto done;
	head = (struct text){ window.text, window.len };
	if (head_length(head) == 0 && survey->file->size > (int64_t)TAIL_SIZE &&
	    file_read_at(&window, survey->file, TAIL_SIZE,
		HEAD_SIZE - TAIL_SIZE, err) < 0)
		goto done;
	result = 0;
	head = (struct text){ window.text, window.len };
	head.len = head_length(head);
	if (head.len == 0 || !is_plain(head) ||
	    (head.len < window.len && window.text[head.len] != '-'))
		goto done;
	head.data = arena_copy(survey->workspace->arena, head.data, head.len);
	if (yaml_read(&root, survey->workspace->arena, head, survey->path, 1,
		err) < 0) {
		result = -1;
		goto done;
	}
	result = document_check_version(survey->workspace, root, RUNS_NAME,
	    survey->workspace->lock.fd >= 0 ? DOCUMENT_WRITE : DOCUMENT_READ,
	    err);
	*canonical = result == 0 && node_is_null(node_get(root, "runs"));
	out->begin = out->end = (int64_t)head.len;
	out->line = 1;
	for (size_t i = 0; i < head.len; i++)
		out->line += head.data[i] == '\n';
done:
	buf_release(&window);
	return result;
}

/*
 * Where the last item begins in text, the end of the file from offset on; -1
 * where it does not begin there.  The first byte of text begins a line only
 * where it is the first of all runs.
 */
static int64_t
last_item(struct text text, bool begins_line)
{
	for (size_t i = text.len; i-- > 0;) {
		if (text.data[i] != '-' || i + 1 >= text.len ||
		    text.data[i + 1] != ' ')
			continue;
		if (i == 0 ? begins_line : text.data[i - 1] == '\n')
			return (int64_t)i;
	}
	return -1;
}

/* Look at the last run alone; *found tells whether it is as it should be. */
static int
survey_tail(struct survey *survey, bool *found, struct error *err)
{
	struct runs_survey *out = survey->out;
	struct arena scratch = ARENA_INIT;
	struct buf tail = BUF_INIT;
	int64_t size = survey->file->size, from, at = -1;
	size_t len = TAIL_SIZE;
	struct run run;
	int result = 0;

	*found = false;
	do {
		from = size - (int64_t)len;
		if (from < out->begin)
			from = out->begin;
		buf_reset(&tail);
		result = file_read_at(&tail, survey->file, from,
		    (size_t)(size - from), err);
		if (result == 0)
			at = last_item((struct text){ tail.text, tail.len },
			    from == out->begin);
		len *= 4;
	} while (result == 0 && at < 0 && from > out->begin);
	if (result == 0 && at >= 0 && tail.text[tail.len - 1] == '\n') {
		*found =
		    judge((struct text){ tail.text + at,
			      tail.len - (size_t)at },
			true, survey->path, &run, &scratch) == ITEM_CANONICAL;
		out->last = *found ? run.index : 0;
		out->last_begin = from + at;
		out->end = size;
	}
	arena_release(&scratch);
	buf_release(&tail);
	return result;
}

/*
 * Whether what was found behind the last whole run is a torn record.  Only the
 * last one can be: each was on disk before the next was begun, so what has
 * more behind it is damaged.
 */
static bool
is_torn(struct text rest, bool is_last)
{
	if (!is_last)
		return false;
	if (memchr(rest.data, '\0', rest.len))
		return true;
	return rest.data[0] == '-' && (rest.len == 1 || rest.data[1] == ' ');
}

/*
 * Take one item into account.  *more is false where the survey ends here,
 * with the shape decided or, as RUNS_MISSING, left to the whole document.
 */
static void
take_item(struct survey *survey, struct text item, int64_t begin, int line,
    bool *more)
{
	struct runs_survey *out = survey->out;
	struct arena scratch = ARENA_INIT;
	int64_t end = begin + (int64_t)item.len;
	bool is_last = end >= survey->data_end;
	bool has_length =
	    survey->stamp.is_there && end + 1 == survey->stamp.next;
	enum item_state state = ITEM_PARTIAL;
	struct run run;

	if (runs_scan_item(&run.index, item))
		state = ITEM_CANONICAL;
	else if (item.len > 2 && memcmp(item.data, "- ", 2) == 0)
		state = judge(item, has_length, survey->path, &run, &scratch);
	if (is_last && !has_length &&
	    runs_stamp_is_torn(&survey->stamp, survey->file, begin,
		survey->data_end))
		state = ITEM_PARTIAL;
	else if (state == ITEM_PARTIAL &&
		 runs_stamp_knows(&survey->stamp, begin))
		state = ITEM_EDITED;
	*more = false;
	if (state == ITEM_PARTIAL && is_torn(item, is_last)) {
		out->shape = RUNS_TORN;
	} else if (state == ITEM_PARTIAL || state == ITEM_EDITED ||
		   run.index <= out->last) {
		out->shape = RUNS_MISSING;
	} else {
		*more = true;
		if (state == ITEM_OTHER)
			out->shape = RUNS_FOREIGN;
		out->last = run.index;
		out->last_begin = begin;
		out->last_line = line;
		out->end = end;
		out->lacks_newline = item.data[item.len - 1] != '\n';
	}
	arena_release(&scratch);
}

/*
 * Find the zeros that a file ends in whose size reached the disk before its
 * bytes did.
 */
static int
find_data_end(struct survey *survey, struct error *err)
{
	struct buf block = BUF_INIT;
	int64_t begin = survey->out->begin, end = survey->file->size, from;
	int result;

	do {
		from = end - (int64_t)TAIL_SIZE;
		if (from < begin)
			from = begin;
		buf_reset(&block);
		result = file_read_at(&block, survey->file, from,
		    (size_t)(end - from), err);
		while (block.len > 0 && block.text[block.len - 1] == '\0')
			buf_truncate(&block, block.len - 1);
		end = from + (int64_t)block.len;
	} while (result == 0 && end == from && from > begin);
	survey->data_end = end;
	buf_release(&block);
	return result;
}

static int
survey_items(struct survey *survey, struct error *err)
{
	struct runs_survey *out = survey->out;
	struct runs_items items;
	struct text item;
	bool more = true, torn_inside = false;
	int64_t begin;
	int line, result = 0;

	out->shape = RUNS_CANONICAL;
	out->last = 0;
	out->end = out->begin;
	if (find_data_end(survey, err) < 0)
		return -1;
	runs_items_start(&items, survey->file, out->begin, survey->file->size,
	    out->line);
	while (more) {
		begin = runs_items_position(&items);
		result = runs_items_next(&item, &line, &items, err);
		if (result < 0 || !item.data)
			break;
		/* Behind another form no record can be told to be torn. */
		torn_inside = out->shape == RUNS_FOREIGN;
		take_item(survey, item, begin, line, &more);
	}
	runs_items_release(&items);
	if (torn_inside && out->shape == RUNS_TORN)
		out->shape = RUNS_MISSING;
	return result;
}

int
runs_survey(struct runs_survey *out, struct workspace *workspace,
    const struct file *file, struct error *err)
{
	struct survey survey = { .out = out,
		.workspace = workspace,
		.file = file };
	enum document_use use =
	    workspace->lock.fd >= 0 ? DOCUMENT_WRITE : DOCUMENT_READ;
	struct buf path = BUF_INIT;
	bool canonical, found = false;

	*out = (struct runs_survey){ .shape = RUNS_CANONICAL };
	dir_describe(&path, &workspace->dir, RUNS_NAME);
	survey.path = arena_copy(workspace->arena, path.text, path.len);
	buf_release(&path);
	if (survey_head(&survey, &canonical, err) < 0)
		return -1;
	if (!canonical)
		return survey_document(&survey, use, err);
	runs_stamp_read(&survey.stamp, workspace);
	if (runs_stamp_fits(&survey.stamp, file) &&
	    survey_tail(&survey, &found, err) < 0)
		return -1;
	if (found)
		return 0;
	if (survey_items(&survey, err) < 0)
		return -1;
	if (out->shape == RUNS_MISSING)
		return survey_document(&survey, use, err);
	if (out->shape == RUNS_CANONICAL && !out->lacks_newline)
		runs_stamp_write(workspace, file, file->size);
	return 0;
}
