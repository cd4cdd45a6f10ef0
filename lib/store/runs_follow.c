#include "lib/store/runs_follow.h"

#include "lib/base/file.h"
#include "lib/core/run.h"
#include "lib/store/runs_items.h"
#include "lib/store/runs_scan.h"
#include "lib/store/runs_survey.h"
#include "lib/store/workspace.h"

static int
read_file(void *data, struct buf *out, int64_t offset, size_t len,
    struct error *err)
{
	return file_read_at(out, data, offset, len, err);
}

static int
open_file(struct file *file, struct workspace *workspace, bool *found,
    struct error *err)
{
	*found = false;
	*file = (struct file)FILE_NONE;
	if (workspace->dir.fd < 0)
		return 0;
	return file_open(file, &workspace->dir, RUNS_NAME, found, err);
}

int
runs_follow_begin(struct runs_follow *follow, struct workspace *workspace,
    struct error *err)
{
	struct runs_survey survey = { .shape = RUNS_MISSING };
	struct file file;
	bool found;
	int result;

	*follow = (struct runs_follow){ .can_be_followed = false };
	result = open_file(&file, workspace, &found, err);
	if (result == 0 && found)
		result = runs_survey(&survey, workspace, &file, err);
	if (result == 0 && survey.shape == RUNS_CANONICAL &&
	    !survey.lacks_newline) {
		follow->can_be_followed = true;
		follow->last = survey.last;
		position_take(&follow->position, &file, file.size);
		result = position_move(&follow->position, survey.end, read_file,
		    &file, err);
	}
	file_close(&file);
	return result;
}

/*
 * Visit the runs behind the offset.  What is not for certain a run as meter
 * writes it, the next in order, is left to a look at the whole.
 */
static int
visit_items(bool *is_other, struct runs_follow *follow,
    struct workspace *workspace, struct runs_items *items,
    runs_visitor *visitor, void *data, struct error *err)
{
	struct node *stored;
	struct text item;
	struct run run;
	int64_t index;
	int line;

	for (;;) {
		if (runs_items_next(&item, &line, items, err) < 0)
			return -1;
		if (!item.data)
			return 0;
		*is_other =
		    !runs_scan_item(&index, item) || index <= follow->last;
		if (*is_other)
			return 0;
		if (runs_survey_read_item(&stored, &run, workspace->arena, item,
			RUNS_NAME, line, err) < 0 ||
		    visitor(data, stored, &run, err) < 0)
			return -1;
		follow->last = index;
	}
}

static int
read_on(bool *is_new, bool *is_other, struct runs_follow *follow,
    struct workspace *workspace, struct file *file, runs_visitor *visitor,
    void *data, struct error *err)
{
	struct position now = follow->position;
	int64_t from = now.offset;
	enum position_news news;
	struct runs_items items;
	int result;

	position_take(&now, file, file->size);
	if (position_compare(&news, &follow->position, &now, read_file, file,
		err) < 0)
		return -1;
	*is_other = news == POSITION_CHANGED;
	if (*is_other)
		return 0;
	follow->position = now;
	if (news == POSITION_SAME)
		return 0;
	if (position_move(&follow->position, file->size, read_file, file, err) <
	    0)
		return -1;
	runs_items_start(&items, file, from, file->size, 1);
	result = visit_items(is_other, follow, workspace, &items, visitor, data,
	    err);
	runs_items_release(&items);
	*is_new = true;
	return result;
}

int
runs_follow_read(bool *is_new, bool *is_other, struct runs_follow *follow,
    struct workspace *workspace, runs_visitor *visitor, void *data,
    struct error *err)
{
	struct file file;
	bool found;
	int result;

	*is_other = !follow->can_be_followed;
	if (*is_other)
		return 0;
	result = open_file(&file, workspace, &found, err);
	if (result == 0 && found)
		result = read_on(is_new, is_other, follow, workspace, &file,
		    visitor, data, err);
	*is_other |= !found;
	file_close(&file);
	return result;
}
