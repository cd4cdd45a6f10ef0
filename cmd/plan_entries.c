#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "lib/core/entry.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"
#include "lib/store/entries.h"
#include "lib/store/tasks.h"
#include "lib/store/tiers.h"

/* Registers objects of a kind: tasks_change, tiers_change. */
typedef int changer(struct workspace *workspace, struct entry_change *changes,
    size_t count, struct error *err);

/* Where objects that are to be registered come from. */
struct request {
	const struct entry_kind *kind;
	changer *change;
	const char *file; /* all of them, or NULL: */
	struct entry_change one;
};

/* The one that the command line describes. */
static int
register_one(struct session *session, struct request *request, const char *id)
{
	const char *name, *problem;

	request->one.id = text_of(id);
	problem = entry_problem(&request->one, request->kind, &name);
	if (problem)
		return error_set(&session->err, ERROR_USAGE, "the %s's %s: %s",
		    request->kind->noun, name, problem);
	return request->change(&session->workspace, &request->one, 1,
	    &session->err);
}

static int
register_file(struct session *session, const struct request *request)
{
	struct entry_change *changes;
	struct node *document, *header;
	size_t count;

	if (session_read_rows(session, &document, &header, request->file) < 0 ||
	    (header &&
		entry_check_header(request->kind, header, &session->err) < 0) ||
	    entry_read(&changes, &count, &session->arena, request->kind,
		document, &session->err) < 0)
		return -1;
	return request->change(&session->workspace, changes, count,
	    &session->err);
}

static bool
says_anything(const struct entry_change *change)
{
	for (size_t i = 0; i < ENTRY_FIELDS_MAX; i++)
		if (change->given[i])
			return true;
	return false;
}

static int
register_all(struct session *session, struct request *request, int argc,
    char **argv)
{
	int result;

	if (request->file && (argc > 0 || says_anything(&request->one)))
		return session_misuse(session,
		    "with --from-file all is said in the file");
	if (!request->file && argc == 0)
		return session_misuse(session, "a name is missing");
	result = request->file ? register_file(session, request)
			       : register_one(session, request, argv[0]);
	if (result < 0)
		return session_fail(session);
	session->has_committed = true;
	return EX_OK;
}

#define FROM_FILE_OPTION(target, what)                                         \
	OPT_STRING('\0', "from-file", target, "FILE",                          \
	    "register those of a file of YAML, JSON or CSV: " what)

int
cmd_plan_task(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter plan task ID [--workstream W] [--quest Q] [--repo R]\n"
	    "       meter plan task --from-file FILE";
	struct request request = { .kind = &task_kind, .change = tasks_change };
	const char *workstream = NULL, *quest = NULL, *repo = NULL;
	const struct opt options[] = {
		OPT_STRING('\0', "workstream", &workstream, "W",
		    "the workstream that it belongs to; '' is none"),
		OPT_STRING('\0', "quest", &quest, "Q",
		    "the quest that it belongs to; '' is none"),
		OPT_STRING('\0', "repo", &repo, "R",
		    "the repository that it works on; '' is none"),
		FROM_FILE_OPTION(&request.file, "all or none"),
		OPT_END,
	};

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	entry_give(&request.one, TASK_WORKSTREAM, workstream);
	entry_give(&request.one, TASK_QUEST, quest);
	entry_give(&request.one, TASK_REPO, repo);
	return register_all(session, &request, argc, argv);
}

int
cmd_plan_tier(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter plan tier NAME --model M\n"
	    "       meter plan tier --from-file FILE";
	struct request request = { .kind = &tier_kind, .change = tiers_change };
	const char *model = NULL;
	const struct opt options[] = {
		OPT_STRING('\0', "model", &model, "M",
		    "the model that it uses; '' is none"),
		FROM_FILE_OPTION(&request.file, "all or none"),
		OPT_END,
	};

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	if (!request.file && !model)
		return session_misuse(session, "--model is missing");
	entry_give(&request.one, TIER_MODEL, model);
	return register_all(session, &request, argc, argv);
}

/* How the objects of a kind are listed: the name and the fields, in order. */
struct listing {
	const struct entry_kind *kind;
	const char *synopsis, *none;
	const struct table_column *columns;
};

static void
add_row(struct table *table, const struct listing *listing,
    const struct node *stored)
{
	const struct node *value;
	struct text text;

	table_row(table);
	table_text(table, stored->key);
	for (size_t i = 0; i < listing->kind->field_count; i++) {
		value = node_find(stored, listing->kind->fields[i]);
		text = value && value->text.len > 0 ? value->text : TEXT_NULL;
		if (listing->columns[i + 1].type == TABLE_TIME)
			table_time(table, text);
		else
			table_text(table, text);
	}
}

static int
show_all(struct session *session, const struct listing *listing,
    const struct session_format *format)
{
	struct arena *arena = &session->arena;
	struct node *list = node_list(arena);
	struct entries entries;
	struct table table;

	if (entries_load(&entries, &session->workspace, listing->kind,
		&session->err) < 0 ||
	    entries_check(&entries, listing->kind, &session->err) < 0)
		return session_fail(session);
	table_init(&table, arena, listing->columns,
	    listing->kind->field_count + 1);
	for (const struct node *node = entries.map ? entries.map->first : NULL;
	     node; node = node->next) {
		add_row(&table, listing, node);
		node_add(list, entry_node(arena, listing->kind, node));
	}
	if (table.row_count == 0)
		table_note(&table, listing->none);
	session_show(session, format, list, &table);
	return EX_OK;
}

static int
list_all(struct session *session, const struct listing *listing, int argc,
    char **argv)
{
	struct session_format format = { false };
	const struct opt options[] = {
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};

	if (!session_options(session, listing->synopsis, options, &argc, argv,
		0, 0))
		return session->status;
	return show_all(session, listing, &format);
}

int
cmd_plan_tasks(struct session *session, int argc, char **argv)
{
	static const struct table_column columns[] = {
		{ "id", TABLE_TEXT },
		[1 + TASK_WORKSTREAM] = { "workstream", TABLE_TEXT },
		[1 + TASK_QUEST] = { "quest", TABLE_TEXT },
		[1 + TASK_REPO] = { "repo", TABLE_TEXT },
		[1 + TASK_STATUS] = { "status", TABLE_TEXT },
		[1 + TASK_STATUS_AT] = { "status_at", TABLE_TIME },
	};
	static const struct listing listing = { &task_kind,
		"meter plan tasks [--json|--csv|--yaml]",
		"no task is registered", columns };

	return list_all(session, &listing, argc, argv);
}

int
cmd_plan_tiers(struct session *session, int argc, char **argv)
{
	static const struct table_column columns[] = {
		{ "name", TABLE_TEXT },
		[1 + TIER_MODEL] = { "model", TABLE_TEXT },
	};
	static const struct listing listing = { &tier_kind,
		"meter plan tiers [--json|--csv|--yaml]", "no tier is declared",
		columns };

	return list_all(session, &listing, argc, argv);
}
