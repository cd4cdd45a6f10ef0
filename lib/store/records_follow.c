#include "lib/store/records_follow.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/store/pending.h"
#include "lib/store/runs_survey.h"
#include "lib/store/workspace.h"

enum {
	LOOKS = 100, /* before what is seen has to do */
};

#define MAX_DOCUMENT ((size_t)64 * 1024 * 1024)

/* In the order of the folders that are watched. */
enum {
	FOLDER_BUDGET,
	FOLDER_EVENTS,
	FOLDER_COUNT,
};

static const char *const folders[FOLDER_COUNT] = {
	"output/budget",
	"output/budget/" LEDGER_FILES_FOLDER,
};

/* The documents that say how records are to be read, and which. */
enum {
	TASKS,
};

static const char *const documents[RECORDS_FOLLOW_DOCUMENTS] = {
	[TASKS] = "tasks.yaml",
	"tiers.yaml",
	"session.yaml",
};

int
records_follow_open(struct records_follow *follow, struct workspace *workspace,
    struct error *err)
{
	*follow = (struct records_follow){ .workspace = workspace,
		.watch = WATCH_NONE,
		.ledger = LEDGER_FOLLOW_NONE };
	return watch_open(&follow->watch, workspace->root, folders,
	    FOLDER_COUNT, err);
}

void
records_follow_close(struct records_follow *follow)
{
	ledger_follow_end(&follow->ledger);
	watch_close(&follow->watch);
}

int
records_follow_fd(const struct records_follow *follow)
{
	return follow->watch.fd;
}

static bool
is_document(const char *name)
{
	for (size_t i = 0; i < RECORDS_FOLLOW_DOCUMENTS; i++)
		if (strcmp(documents[i], name) == 0)
			return true;
	return false;
}

/* Note what is told of a name. */
static void
mark(void *data, size_t folder, const char *name)
{
	struct records_follow *follow = data;
	bool is_ours = true;

	if (!name)
		follow->is_lost = true;
	else if (folder == FOLDER_EVENTS)
		is_ours = ledger_follow_mark(&follow->ledger, name);
	else if (strcmp(name, PENDING_NAME) == 0)
		follow->pending_is_marked = true;
	else if (is_document(name))
		follow->documents_are_marked = true;
	else if (follow->has_runs && strcmp(name, RUNS_NAME) == 0)
		follow->runs_are_marked = true;
	else
		is_ours = false;
	follow->is_marked |= is_ours;
	follow->is_told |= is_ours;
}

static void
unmark(struct records_follow *follow)
{
	follow->is_marked = false;
	follow->is_lost = false;
	follow->pending_is_marked = false;
	follow->runs_are_marked = false;
	follow->documents_are_marked = false;
}

/* The checksum of a document, as whoever reads it sees it. */
static int
sum_document(uint64_t *out, struct workspace *workspace, const char *name,
    struct error *err)
{
	struct buf data = BUF_INIT;
	int result;
	bool found;

	result =
	    pending_read(&data, &found, workspace, name, MAX_DOCUMENT, err);
	if (result == 0 && !found)
		result = file_read(&data, &workspace->dir, name, MAX_DOCUMENT,
		    &found, err);
	*out = position_sum(data.text, data.len);
	buf_release(&data);
	return result;
}

static int
sum_documents(uint64_t *sums, struct workspace *workspace, struct error *err)
{
	for (size_t i = 0; i < RECORDS_FOLLOW_DOCUMENTS; i++)
		if (sum_document(&sums[i], workspace, documents[i], err) < 0)
			return -1;
	return 0;
}

static int
note_all(struct records_follow *follow, struct error *err)
{
	struct workspace *workspace = follow->workspace;

	if (sum_documents(follow->sums, workspace, err) < 0 ||
	    records_open(&follow->records, workspace, err) < 0 ||
	    (follow->has_runs &&
		runs_follow_begin(&follow->runs, workspace, err) < 0))
		return -1;
	return ledger_follow_begin(&follow->ledger, workspace,
	    follow->ledger.question, err);
}

int
records_follow_begin(struct records_follow *follow,
    struct ledger_question *question, bool has_runs, struct error *err)
{
	struct error ignored;

	follow->has_runs = has_runs;
	follow->ledger.question = question;
	if (watch_read(&follow->watch, mark, follow, err) < 0)
		return -1;
	unmark(follow);
	ledger_follow_end(&follow->ledger);
	follow->is_valid = note_all(follow, &ignored) == 0;
	if (follow->is_valid)
		follow->workspace->ledger = &follow->ledger.files;
	return 0;
}

int
records_follow_begun(struct records_follow *follow, bool has_failed,
    struct error *err)
{
	follow->workspace->ledger = NULL;
	ledger_files_close(&follow->ledger.files);
	if (watch_read(&follow->watch, mark, follow, err) < 0)
		return -1;
	/* Which runs were read is not known. */
	if (has_failed || follow->runs_are_marked)
		follow->is_valid = false;
	return 0;
}

/* Look at what may be read; a pending change may also be of documents. */
static int
look(struct ledger_files *files, struct records_follow *follow,
    struct error *err)
{
	ledger_files_close(files);
	if (ledger_follow_look(files, &follow->ledger, follow->workspace, err) <
	    0)
		return -1;
	for (size_t i = 0; i < files->pending.count; i++)
		if (is_document(files->pending.parts[i].name))
			follow->documents_are_marked = true;
	if (follow->pending_is_marked && files->dir.fd < 0)
		follow->documents_are_marked = true;
	return 0;
}

/*
 * Whether the documents say the same as before.  That a task is done changes
 * nothing; that it belongs to another quest does.
 */
static int
compare_documents(bool *is_other, struct records_follow *follow,
    struct error *err)
{
	uint64_t sums[RECORDS_FOLLOW_DOCUMENTS];
	struct tasks tasks;

	if (sum_documents(sums, follow->workspace, err) < 0)
		return -1;
	for (size_t i = 0; i < RECORDS_FOLLOW_DOCUMENTS; i++)
		*is_other |= i != TASKS && sums[i] != follow->sums[i];
	if (*is_other || sums[TASKS] == follow->sums[TASKS])
		return 0;
	if (tasks_load(&tasks, follow->workspace, err) < 0)
		return -1;
	*is_other =
	    !task_fills_same(&tasks.table, &follow->records.tasks.table);
	follow->sums[TASKS] = sums[TASKS];
	return 0;
}

/* Who is given the records. */
struct receiver {
	const struct records *records;
	ledger_visitor *visitor;
	void *data;
};

static int
add_event(void *data, const struct usage *usage, struct error *err)
{
	const struct receiver *to = data;

	return records_add_event(to->records, usage, to->visitor, to->data,
	    err);
}

static int
add_run(void *data, const struct node *stored, const struct run *run,
    struct error *err)
{
	const struct receiver *to = data;

	(void)stored;
	return records_add_run(to->records, run, to->visitor, to->data, err);
}

/* Read what is marked, as far as files says. */
static int
read_marked(bool *is_new, bool *is_other, struct records_follow *follow,
    const struct ledger_files *files, struct receiver *to, struct error *err)
{
	if (follow->documents_are_marked &&
	    compare_documents(is_other, follow, err) < 0)
		return -1;
	if (!*is_other && follow->runs_are_marked &&
	    runs_follow_read(is_new, is_other, &follow->runs, follow->workspace,
		add_run, to, err) < 0)
		return -1;
	if (*is_other)
		return 0;
	unmark(follow);
	return ledger_follow_read(is_new, is_other, &follow->ledger, files,
	    add_event, to, err);
}

/*
 * Look until nothing has happened since, so that of a change of several files
 * all is seen or nothing, then read.
 */
static int
update(enum records_news *out, struct records_follow *follow,
    struct receiver *to, struct error *err)
{
	struct ledger_files files = LEDGER_FILES_NONE;
	bool is_new = false, is_other = false;
	struct error ignored;

	*out = RECORDS_SAME;
	for (int i = 0; i < LOOKS && !is_other; i++) {
		follow->is_told = false;
		if (watch_read(&follow->watch, mark, follow, err) < 0)
			return -1;
		if (!follow->is_told && (i > 0 || !follow->is_marked))
			break;
		is_other = !follow->is_valid || follow->is_lost ||
			   look(&files, follow, &ignored) < 0;
	}
	if (follow->is_marked && !is_other &&
	    read_marked(&is_new, &is_other, follow, &files, to, &ignored) < 0)
		is_other = true;
	ledger_files_close(&files);
	if (is_other)
		*out = RECORDS_OTHER;
	else if (is_new)
		*out = RECORDS_MORE;
	return 0;
}

int
records_follow_update(enum records_news *out, struct records_follow *follow,
    ledger_visitor *visitor, void *data, struct error *err)
{
	struct receiver to = { &follow->records, visitor, data };
	struct workspace *workspace = follow->workspace;
	struct arena *arena = workspace->arena, scratch = ARENA_INIT;
	int result;

	workspace->arena = &scratch;
	result = update(out, follow, &to, err);
	workspace->arena = arena;
	arena_release(&scratch);
	return result;
}
