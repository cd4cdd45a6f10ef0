#include "lib/store/proposals.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/filename.h"
#include "lib/base/when.h"
#include "lib/core/allocation.h"
#include "lib/core/daily.h"
#include "lib/core/daily_node.h"
#include "lib/doc/node.h"
#include "lib/doc/yaml_write.h"
#include "lib/store/changes.h"
#include "lib/store/document.h"
#include "lib/store/folder.h"
#include "lib/store/pending.h"
#include "lib/store/workspace.h"

#define FOLDER "proposals"
#define ENDING ".yaml"
#define MAX_SIZE ((size_t)1024 * 1024)

enum {
	SCHEMA_VERSION = 1,
	NAME_MAX_LEN = 255,
};

static const char *const statuses[] = { "open", "accepted", "dismissed" };

static bool
is_status(const char *text)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (strcmp(statuses[i], text) == 0)
			return true;
	return false;
}

/* Names of files, each once. */
struct names {
	struct arena *arena;
	const char **list;
	size_t count, room;
};

static void
add_name(void *data, const char *name)
{
	struct names *names = data;
	size_t len = strlen(name), ending = strlen(ENDING);
	const char **list;

	if (len <= ending || name[0] == '.' || strchr(name, '/') ||
	    strcmp(name + len - ending, ENDING) != 0)
		return;
	if (names->count == names->room) {
		names->room = names->room > 0 ? 2 * names->room : 64;
		list = arena_array(names->arena, names->room,
		    sizeof(const char *));
		if (names->count > 0)
			memcpy(list, names->list,
			    names->count * sizeof(const char *));
		names->list = list;
	}
	names->list[names->count++] = arena_copy(names->arena, name, len);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the proposals' files, in order. */
static int
find_names(struct names *names, struct workspace *workspace, struct error *err)
{
	if (folder_each(workspace, FOLDER, add_name, names, err) < 0)
		return -1;
	if (names->count > 1)
		qsort(names->list, names->count, sizeof(const char *),
		    compare_names);
	return 0;
}

/* Check what others build on: the id, and a status that is one. */
static int
check(const struct node *proposal, struct error *err)
{
	const struct node *status = node_find(proposal, "status");
	struct text text;

	if (node_get_string(&text, node_find(proposal, "id"), err) < 0)
		return -1;
	if (!text.data)
		return node_error(err, proposal, "is damaged: id is missing");
	if (node_get_string(&text, status, err) < 0)
		return -1;
	if (!text.data || !is_status(text.data))
		return node_error(err, status ? status : proposal,
		    "expected a status: open, accepted or dismissed");
	return node_expect_map(node_find(proposal, "figures"), err);
}

/* Read the proposal of a file; *out is NULL where it is not there. */
static int
load(struct node **out, struct workspace *workspace, const char *file,
    enum document_use use, struct error *err)
{
	char *name = arena_printf(workspace->arena, FOLDER "/%s", file);

	if (document_read(out, workspace, name, MAX_SIZE, use, err) < 0)
		return -1;
	return *out ? check(*out, err) : 0;
}

int
proposals_list(struct node **out, struct workspace *workspace,
    const char *status, struct error *err)
{
	struct names names = { .arena = workspace->arena };
	struct node *proposal;

	*out = node_list(workspace->arena);
	if (find_names(&names, workspace, err) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++) {
		if (i > 0 && strcmp(names.list[i - 1], names.list[i]) == 0)
			continue;
		if (load(&proposal, workspace, names.list[i], DOCUMENT_READ,
			err) < 0)
			return -1;
		if (proposal &&
		    (!status ||
			text_is(node_find(proposal, "status")->text, status)))
			node_add(*out, proposal);
	}
	return 0;
}

/* DAY-DIM-ID */
static char *
make_id(struct arena *arena, const struct daily_row *row)
{
	struct buf text = BUF_INIT;
	char *id;

	when_day(&text, row->day);
	buf_printf(&text, "-%s-", query_dimension_name(row->dimension));
	filename_encode(&text, row->id);
	id = arena_copy(arena, text.text, text.len);
	buf_release(&text);
	return id;
}

static struct node *
make_proposal(struct arena *arena, const char *id, const struct daily_row *row,
    struct when now, const struct proposals_report *report)
{
	struct node *map = node_map(arena);
	struct buf action = BUF_INIT;

	report->action(&action, row);
	node_put(arena, map, "schema_version", node_int(arena, SCHEMA_VERSION));
	node_put(arena, map, "id", node_string(arena, id));
	node_put(arena, map, "type", node_string(arena, "budget_variance"));
	node_put(arena, map, "day", node_day(arena, row->day));
	node_put(arena, map, "scope",
	    allocation_scope_node(arena, row->dimension, row->id));
	node_put(arena, map, "figures", daily_node_figures(arena, row));
	node_put(arena, map, "evidence",
	    daily_node_attribution(arena, &row->attribution, DAILY_NODE_YAML));
	node_put(arena, map, "suggested_action",
	    node_text(arena, (struct text){ action.text, action.len }));
	node_put(arena, map, "status", node_string(arena, statuses[0]));
	node_put(arena, map, "decided_at", node_null(arena));
	node_put(arena, map, "created_at", node_time(arena, now));
	buf_release(&action);
	return map;
}

/* Put the proposal and its page into the change. */
static void
add_both(struct changes *changes, struct arena *arena, const char *id,
    const struct node *proposal, const struct proposals_report *report)
{
	struct buf text = BUF_INIT;

	yaml_write(&text, proposal);
	changes_add(changes, arena, arena_printf(arena, FOLDER "/%s.yaml", id),
	    (struct text){ text.text, text.len });
	buf_reset(&text);
	report->page(&text, proposal);
	changes_add(changes, arena, arena_printf(arena, FOLDER "/%s.md", id),
	    (struct text){ text.text, text.len });
	buf_release(&text);
}

int
proposals_add(struct changes *changes, struct workspace *workspace,
    struct daily_row *row, struct when now,
    const struct proposals_report *report, struct error *err)
{
	struct arena *arena = workspace->arena;
	char *id = make_id(arena, row);
	struct node *proposal, *created;

	if (load(&proposal, workspace, arena_printf(arena, "%s" ENDING, id),
		DOCUMENT_WRITE, err) < 0)
		return -1;
	if (!proposal) {
		proposal = make_proposal(arena, id, row, now, report);
		add_both(changes, arena, id, proposal, report);
	}
	created = node_find(proposal, "created_at");
	row->proposal = text_of(id);
	row->alert_emitted_at =
	    (created ? created : node_time(arena, now))->text;
	return 0;
}

/* Whether an id could be a file's name; others are those of nothing. */
static bool
is_file_name(const char *id)
{
	size_t len = strlen(id);

	return len > 0 && len <= NAME_MAX_LEN - strlen(ENDING) &&
	       id[0] != '.' &&
	       strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			  "0123456789._%-") == len;
}

static int
decide(struct workspace *workspace, const char *id, const char *status,
    struct when now, const struct proposals_report *report, struct error *err)
{
	struct arena *arena = workspace->arena;
	struct node *proposal = NULL;
	struct changes changes;

	if (is_file_name(id) &&
	    load(&proposal, workspace, arena_printf(arena, "%s" ENDING, id),
		DOCUMENT_WRITE, err) < 0)
		return -1;
	if (!proposal)
		return error_set(err, ERROR_NO_INPUT,
		    "there is no proposal of that id");
	if (text_is(node_find(proposal, "status")->text, status))
		return 0;
	node_replace(arena, proposal, "status", node_string(arena, status));
	node_replace(arena, proposal, "decided_at", node_time(arena, now));
	changes_init(&changes);
	add_both(&changes, arena, id, proposal, report);
	return changes_commit(&changes, workspace, err);
}

int
proposals_decide(struct workspace *workspace, const char *id,
    const char *status, const struct proposals_report *report,
    struct error *err)
{
	struct when now;
	int result;

	if (pending_lock(workspace, &now, err) < 0)
		return -1;
	result = decide(workspace, id, status, now, report, err);
	workspace_unlock(workspace);
	return result;
}
