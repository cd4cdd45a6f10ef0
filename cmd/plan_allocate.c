#include <string.h>
#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/day_option.h"
#include "cmd/session.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"
#include "lib/store/allocations.h"

enum {
	NOT_GIVEN = -1, /* in place of a number */
};

/* What the command line says. */
struct request {
	int64_t tokens, tasks;
	const char *cost, *from, *to, *end, *file;
};

static bool
says_how_much(const struct request *request)
{
	return request->tokens != NOT_GIVEN || request->tasks != NOT_GIVEN ||
	       request->cost;
}

/* The amount of --cost. */
static int
take_cost(struct allocation *out, struct session *session, const char *text)
{
	out->has_cost = text != NULL;
	if (!text)
		return 0;
	if (money_parse(&out->cost_usd, text, strlen(text)) != MONEY_OK ||
	    out->cost_usd.femto < 0)
		return error_set(&session->err, ERROR_USAGE,
		    "--cost: expected an amount of USD, such as 2.50");
	return 0;
}

static int
take_days(struct allocation *out, struct session *session,
    const struct request *request)
{
	out->has_to = request->to != NULL;
	if (day_option_take(&out->from, session,
		request->from ? request->from : "today") < 0 ||
	    (request->to &&
		day_option_take(&out->to, session, request->to) < 0))
		return -1;
	if (out->has_to && out->to.micros < out->from.micros)
		return error_set(&session->err, ERROR_USAGE,
		    "--to is before --from");
	return 0;
}

/* Record the one that the command line describes. */
static int
allocate_one(struct session *session, const struct request *request,
    const char *scope)
{
	struct allocation item = {
		.has_tokens = request->tokens != NOT_GIVEN,
		.tokens = request->tokens,
		.has_tasks = request->tasks != NOT_GIVEN,
		.tasks = request->tasks,
	};

	if (allocation_parse_scope(&item.dimension, &item.id, scope,
		&session->err) < 0 ||
	    take_cost(&item, session, request->cost) < 0 ||
	    take_days(&item, session, request) < 0)
		return -1;
	return allocations_record(&session->workspace, &item, 1, &session->err);
}

/* The allocations of a document: a list, or what holds one as the stored file
 * does, or one alone. */
static int
allocate_document(struct session *session, const struct node *document)
{
	const struct node *list = document, *item;
	struct allocation *items;
	struct when today;
	size_t count = 0;

	if (day_option_take(&today, session, "today") < 0)
		return -1;
	if (node_get(document, "allocations"))
		list = node_get(document, "allocations");
	if (document->type == NODE_MAP && list == document) {
		items = arena_alloc(&session->arena, sizeof(*items));
		return allocation_read(items, document, &today, &session->err) <
			       0
			   ? -1
			   : allocations_record(&session->workspace, items, 1,
				 &session->err);
	}
	if (list->type != NODE_LIST)
		return node_error(&session->err, list,
		    "expected a list of allocations");
	items = arena_array(&session->arena, list->count + 1, sizeof(*items));
	for (item = list->first; item; item = item->next)
		if (allocation_read(&items[count++], item, &today,
			&session->err) < 0)
			return -1;
	return allocations_record(&session->workspace, items, count,
	    &session->err);
}

static int
allocate_file(struct session *session, const char *file)
{
	struct node *document, *header;

	if (session_read_rows(session, &document, &header, file) < 0 ||
	    (header && allocation_check_header(header, &session->err) < 0))
		return -1;
	return allocate_document(session, document);
}

/* Say what else holds once the allocation has ended. */
static void
note_after(struct session *session, struct when day)
{
	struct buf text = BUF_INIT;

	when_day(&text, when_add_days(day, 1));
	workspace_note(&session->workspace,
	    "from %s on an allocation that was recorded before holds again",
	    text.text);
	buf_release(&text);
}

static int
end_one(struct session *session, const struct request *request,
    const char *scope)
{
	const struct allocation *after = NULL;
	enum query_dimension dimension;
	struct text id;
	struct when day;

	if (allocation_parse_scope(&dimension, &id, scope, &session->err) < 0 ||
	    day_option_take(&day, session, request->end) < 0 ||
	    allocations_end(&after, &session->workspace, dimension, id, day,
		&session->err) < 0)
		return -1;
	if (after)
		note_after(session, day);
	return 0;
}

/* What is wrong with the options together, or NULL. */
static const char *
problem_of(const struct request *request, int operands)
{
	bool has_days = request->from || request->to;

	if (request->file)
		return operands > 0 || request->end || has_days ||
			       says_how_much(request)
			   ? "with --from-file all is said in the file"
			   : NULL;
	if (operands == 0)
		return "a scope is missing";
	if (request->end)
		return has_days || says_how_much(request)
			   ? "--end goes with a scope alone"
			   : NULL;
	return says_how_much(request)
		   ? NULL
		   : "say how much: --tokens, --cost or --tasks";
}

int
cmd_plan_allocate(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter plan allocate SCOPE [--tokens N] [--cost USD] [--tasks N]\n"
	    "                           [--from DAY] [--to DAY]\n"
	    "       meter plan allocate SCOPE --end DAY\n"
	    "       meter plan allocate --from-file FILE";
	struct request request = { .tokens = NOT_GIVEN, .tasks = NOT_GIVEN };
	const struct opt options[] = {
		OPT_COUNT('\0', "tokens", &request.tokens, "N",
		    "so many tokens a day"),
		OPT_STRING('\0', "cost", &request.cost, "USD",
		    "so much money a day"),
		OPT_COUNT('\0', "tasks", &request.tasks, "N",
		    "so many different tasks a day"),
		OPT_STRING('\0', "from", &request.from, "DAY",
		    "from that day on (default: today)"),
		OPT_STRING('\0', "to", &request.to, "DAY",
		    "up to that day, inclusive (default: open)"),
		OPT_STRING('\0', "end", &request.end, "DAY",
		    "end the scope's allocation with that day"),
		OPT_STRING('\0', "from-file", &request.file, "FILE",
		    "those of a file of YAML, JSON or CSV: all or none"),
		OPT_END,
	};
	const char *problem;
	int result;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	problem = problem_of(&request, argc);
	if (problem)
		return session_misuse(session, problem);
	if (request.file)
		result = allocate_file(session, request.file);
	else if (request.end)
		result = end_one(session, &request, argv[0]);
	else
		result = allocate_one(session, &request, argv[0]);
	if (result < 0)
		return session_fail(session);
	session->has_committed = true;
	return EX_OK;
}

static const struct table_column columns[] = {
	{ "scope", TABLE_TEXT },
	{ "from", TABLE_TEXT },
	{ "to", TABLE_TEXT },
	{ "tokens", TABLE_COUNT },
	{ "cost_usd", TABLE_MONEY },
	{ "tasks", TABLE_COUNT },
	{ "recorded_at", TABLE_TIME },
};

static void
add_count(struct table *table, bool has_count, int64_t count)
{
	if (has_count)
		table_count(table, count);
	else
		table_null(table);
}

static void
add_row(struct table *table, const struct node *stored,
    const struct allocation *allocation)
{
	static const char *const texts[] = { "scope", "from", "to" };
	const struct node *text;

	table_row(table);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		text = node_find(stored, texts[i]);
		table_text(table, text ? text->text : TEXT_NULL);
	}
	add_count(table, allocation->has_tokens, allocation->tokens);
	if (allocation->has_cost)
		table_money(table, allocation->cost_usd);
	else
		table_null(table);
	add_count(table, allocation->has_tasks, allocation->tasks);
	table_time(table, allocation->recorded_at);
}

int
cmd_plan_allocations(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter plan allocations [--json|--csv|--yaml]";
	struct session_format format = { false };
	const struct opt options[] = {
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	struct allocations allocations;
	const struct node *item;
	struct table table;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 0))
		return session->status;
	if (allocations_load(&allocations, &session->workspace, &session->err) <
	    0)
		return session_fail(session);
	if (!allocations.items)
		allocations.items = node_list(&session->arena);
	table_init(&table, &session->arena, columns,
	    sizeof(columns) / sizeof(columns[0]));
	item = allocations.items->first;
	for (size_t i = 0; i < allocations.list.count; i++, item = item->next)
		add_row(&table, item, &allocations.list.items[i]);
	if (table.row_count == 0)
		table_note(&table, "nothing is allocated");
	session_show(session, &format, allocations.items, &table);
	return EX_OK;
}
