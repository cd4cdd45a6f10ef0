#include "lib/store/ledger_follow.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/store/ledger_lines.h"
#include "lib/store/ledger_rest.h"
#include "lib/store/position.h"
#include "lib/store/workspace.h"

/* A file, and how far it was read. */
struct followed {
	char name[LEDGER_FILES_NAME];
	bool is_marked;
	struct when day;
	struct position position;
	struct ledger_rest rest;
};

static struct followed *
list_of(const struct ledger_follow *follow, size_t *count)
{
	*count = follow->list.len / sizeof(struct followed);
	return (struct followed *)(void *)follow->list.text;
}

static struct followed *
find(const struct ledger_follow *follow, const char *name)
{
	size_t count;
	struct followed *list = list_of(follow, &count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0)
			return &list[i];
	return NULL;
}

static int
read_lines(void *data, struct buf *out, int64_t offset, size_t len,
    struct error *err)
{
	return ledger_lines_read_at(out, data, offset, len, err);
}

/*
 * Let the file be seen in the state in which it was read; in none where it
 * changed meanwhile, or went away.  What is kept of a state is then never taken
 * for what was noted of another one.
 */
static int
settle(struct ledger_file *file, struct ledger_lines *lines, struct error *err)
{
	const struct cache_state before = ledger_lines_state(lines);
	struct cache_state after;

	file->state = (struct cache_state){ 0 };
	if (lines->file.fd < 0)
		return 0;
	if (file_refresh(&lines->file, err) < 0)
		return -1;
	after = ledger_lines_state(lines);
	if (cache_state_equal(&before, &after))
		file->state = before;
	return 0;
}

/*
 * Note how far a file is read when all of it is; and let no more of it be
 * read, whatever comes to stand there.
 */
static int
add(struct ledger_follow *follow, struct ledger_file *file, struct error *err)
{
	struct followed followed = { .day = file->day };
	struct ledger_lines lines;
	int result;

	memcpy(followed.name, file->name, sizeof(followed.name));
	result = ledger_lines_open(&lines, &follow->files, file, err);
	if (result == 0)
		result =
		    ledger_rest_find(&followed.rest, &lines, file->day, err);
	if (result == 0) {
		position_take(&followed.position, &lines.file, lines.total);
		result = position_move(&followed.position, followed.rest.offset,
		    read_lines, &lines, err);
	}
	if (result == 0)
		result = settle(file, &lines, err);
	if (!file->part)
		file->size = followed.rest.has_open_row ? lines.size
							: followed.rest.offset;
	ledger_lines_close(&lines);
	if (result == 0)
		buf_add(&follow->list, &followed, sizeof(followed));
	return result;
}

int
ledger_follow_begin(struct ledger_follow *follow, struct workspace *workspace,
    struct ledger_question *question, struct error *err)
{
	const struct ledger_files *files = &follow->files;
	int result = 0;

	*follow = (struct ledger_follow)LEDGER_FOLLOW_NONE;
	follow->question = question;
	if (ledger_files_open(&follow->files, workspace, err) < 0)
		return -1;
	for (size_t i = 0; i < files->count && result == 0; i++)
		if (ledger_asks_for_day(question, files->list[i].day))
			result = add(follow, &files->list[i], err);
	return result;
}

void
ledger_follow_end(struct ledger_follow *follow)
{
	ledger_files_close(&follow->files);
	buf_release(&follow->list);
}

bool
ledger_follow_mark(struct ledger_follow *follow, const char *name)
{
	struct followed *followed, made = { .is_marked = true };

	if (!ledger_files_is_name(&made.day, name) ||
	    !ledger_asks_for_day(follow->question, made.day))
		return false;
	followed = find(follow, name);
	if (followed) {
		followed->is_marked = true;
	} else {
		memcpy(made.name, name, sizeof(made.name));
		buf_add(&follow->list, &made, sizeof(made));
	}
	return true;
}

int
ledger_follow_look(struct ledger_files *files,
    const struct ledger_follow *follow, struct workspace *workspace,
    struct error *err)
{
	struct ledger_files_choice choice = { .count = 0 };
	size_t count;
	const struct followed *list = list_of(follow, &count);

	choice.names =
	    arena_array(workspace->arena, count + 1, sizeof(*choice.names));
	for (size_t i = 0; i < count; i++)
		if (list[i].is_marked)
			memcpy(choice.names[choice.count++], list[i].name,
			    sizeof(list[i].name));
	return ledger_files_look(files, workspace, &choice, err);
}

static const struct ledger_file *
find_file(const struct ledger_files *files, const char *name)
{
	for (size_t i = 0; i < files->count; i++)
		if (strcmp(files->list[i].name, name) == 0)
			return &files->list[i];
	return NULL;
}

/* Read on in a file that is open. */
static int
read_on(bool *is_new, bool *is_other, struct followed *followed,
    const struct ledger_follow *follow, struct ledger_lines *lines,
    ledger_visitor *visitor, void *data, struct error *err)
{
	struct position now = followed->position;
	struct ledger_rest *rest = &followed->rest;
	enum position_news news;
	int64_t end;

	position_take(&now, &lines->file, lines->total);
	if (position_compare(&news, &followed->position, &now, read_lines,
		lines, err) < 0)
		return -1;
	*is_other = news == POSITION_CHANGED || rest->has_open_row;
	if (*is_other)
		return 0;
	followed->position = now;
	if (news == POSITION_SAME)
		return 0;
	if (ledger_rest_end(&end, rest, lines, err) < 0 ||
	    position_move(&followed->position, end, read_lines, lines, err) < 0)
		return -1;
	*is_new |= end > rest->offset;
	if (ledger_rest_visit(rest, lines, end, followed->day, follow->question,
		visitor, data, err) < 0)
		return -1;
	*is_other = rest->has_open_row;
	return 0;
}

static int
read_file(bool *is_new, bool *is_other, struct followed *followed,
    const struct ledger_follow *follow, const struct ledger_files *files,
    ledger_visitor *visitor, void *data, struct error *err)
{
	const struct ledger_file *file = find_file(files, followed->name);
	struct ledger_lines lines;
	int result;

	/* One that is not there counts for nothing, if it never did. */
	*is_other = !file && (followed->position.is_there ||
				 followed->position.size > 0);
	if (!file)
		return 0;
	result = ledger_lines_open(&lines, files, file, err);
	if (result == 0)
		result = read_on(is_new, is_other, followed, follow, &lines,
		    visitor, data, err);
	ledger_lines_close(&lines);
	return result;
}

/* What is pending for a file is news of it as well. */
static void
mark_pending(struct ledger_follow *follow, const struct ledger_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		if (files->list[i].part)
			ledger_follow_mark(follow, files->list[i].name);
}

int
ledger_follow_read(bool *is_new, bool *is_other, struct ledger_follow *follow,
    const struct ledger_files *files, ledger_visitor *visitor, void *data,
    struct error *err)
{
	struct followed *list;
	int result = 0;
	size_t count;

	mark_pending(follow, files);
	*is_other = false;
	list = list_of(follow, &count);
	for (size_t i = 0; i < count && result == 0 && !*is_other; i++) {
		if (!list[i].is_marked)
			continue;
		list[i].is_marked = false;
		result = read_file(is_new, is_other, &list[i], follow, files,
		    visitor, data, err);
	}
	return result;
}
