#include "lib/store/runs_repair.h"

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
#include "lib/store/runs_survey.h"
#include "lib/store/workspace.h"

enum {
	NAME_SIZE = 80,
};

/* Set name to the first of BASE.1, BASE.2 … that is not there. */
static void
find_free_name(char name[NAME_SIZE], const struct workspace *workspace,
    const char *base)
{
	int number = 0;

	do
		snprintf(name, NAME_SIZE, "%s.%d", base, ++number);
	while (file_is_there(&workspace->dir, name));
}

int
runs_repair_set_aside(struct workspace *workspace, struct file *file,
    const struct runs_survey *survey, struct error *err)
{
	struct buf torn = BUF_INIT;
	char name[NAME_SIZE], base[NAME_SIZE / 2];
	int result;

	snprintf(base, sizeof(base), "%s.torn.%" PRId64, RUNS_NAME,
	    survey->end);
	snprintf(name, sizeof(name), "%s", base);
	if (file_is_there(&workspace->dir, name))
		find_free_name(name, workspace, base);
	result = file_read_at(&torn, file, survey->end,
	    (size_t)(file->size - survey->end), err);
	if (result == 0)
		result = file_replace(&workspace->dir, name,
		    (struct text){ torn.text, torn.len }, err);
	if (result == 0)
		result = file_cut(file, survey->end, err);
	if (result == 0)
		workspace_note(workspace,
		    "%s: %zu bytes behind run %" PRId64
		    " were no whole run and are now in %s",
		    RUNS_NAME, torn.len, survey->last, name);
	buf_release(&torn);
	return result;
}

/* Keep the file as it is under another name, where it holds comments. */
static int
keep_comments(struct workspace *workspace, const struct file *file,
    struct error *err)
{
	struct buf data = BUF_INIT;
	char name[NAME_SIZE];
	int result;

	result = file_read_at(&data, file, 0, (size_t)file->size, err);
	if (result == 0 && memchr(data.text, '#', data.len)) {
		find_free_name(name, workspace, RUNS_NAME ".orig");
		result = file_replace(&workspace->dir, name,
		    (struct text){ data.text, data.len }, err);
		if (result == 0)
			workspace_note(workspace,
			    "%s: as it was, with its comments, it is now %s",
			    RUNS_NAME, name);
	}
	buf_release(&data);
	return result;
}

/* Write each run of the text anew, so that all have meter's form. */
static int
rewrite_items(struct buf *out, const struct file *file,
    const struct runs_survey *survey, struct error *err)
{
	struct arena scratch = ARENA_INIT;
	struct runs_items items;
	struct node *stored;
	struct text item;
	struct run run;
	int line, result;

	result = file_read_at(out, file, 0, (size_t)survey->begin, err);
	runs_items_start(&items, file, survey->begin, survey->end,
	    survey->line);
	while (result == 0) {
		result = runs_items_next(&item, &line, &items, err);
		if (result < 0 || !item.data)
			break;
		result = runs_survey_read_item(&stored, &run, &scratch, item,
		    RUNS_NAME, line, err);
		if (result == 0)
			yaml_write(out, stored->parent);
		arena_release(&scratch);
	}
	runs_items_release(&items);
	return result;
}

/* Write each run of a list with its fields in meter's order. */
static int
rewrite_runs(struct buf *out, const struct node *runs, struct error *err)
{
	struct arena scratch = ARENA_INIT;
	const struct node *stored;
	struct node *list;
	struct run run;
	int result = 0;

	for (stored = runs->first; stored && result == 0;
	     stored = stored->next) {
		result = run_stored_read(&run, &scratch, stored, err);
		if (result == 0) {
			list = node_list(&scratch);
			node_add(list,
			    run_stored_arrange(&scratch, stored, &run));
			yaml_write(out, list);
		}
		arena_release(&scratch);
	}
	return result;
}

/* Write the document anew, with `runs` as its last key. */
static int
rewrite_document(struct buf *out, struct arena *arena, const struct node *root,
    struct error *err)
{
	struct node *head = node_map(arena);
	const struct node *runs = node_find(root, "runs");

	for (const struct node *child = root->first; child; child = child->next)
		if (!text_is(child->key, "runs"))
			node_put_text(arena, head, child->key,
			    node_copy(arena, child));
	yaml_write(out, head);
	buf_puts(out, "runs:\n");
	return runs ? rewrite_runs(out, runs, err) : 0;
}

int
runs_repair_rewrite(struct workspace *workspace, const struct file *file,
    const struct runs_survey *survey, struct text run, struct error *err)
{
	struct buf text = BUF_INIT;
	int result;

	if (survey->root)
		result = rewrite_document(&text, workspace->arena, survey->root,
		    err);
	else
		result = rewrite_items(&text, file, survey, err);
	if (result == 0)
		result = keep_comments(workspace, file, err);
	if (result == 0) {
		workspace_note(workspace,
		    "%s: was in another form and has been rewritten",
		    RUNS_NAME);
		buf_add(&text, run.data, run.len);
		result = file_replace(&workspace->dir, RUNS_NAME,
		    (struct text){ text.text, text.len }, err);
	}
	buf_release(&text);
	return result;
}
