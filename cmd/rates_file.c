/* The commands for a rate table that is not in use yet: check it, make it. */

#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "lib/core/rates_check.h"
#include "lib/core/rates_table.h"
#include "lib/doc/node.h"
#include "lib/import/litellm_prices.h"
#include "lib/render/table.h"
#include "lib/store/settings.h"

enum {
	NAMES_SHOWN = 20, /* left out for one reason: more are only counted */
};

static const struct table_column problem_columns[] = {
	{ "severity", TABLE_TEXT },
	{ "problem", TABLE_TEXT },
};

/* What warrants a warning elsewhere may be an error where one checks. */
static bool
is_error(const struct rates_problem *problem)
{
	return problem->severity != RATES_WARNING;
}

/* A row for programs; for people a line, which may be long. */
static void
add_problem(struct table *table, struct node *list, bool as_row,
    const struct rates_problem *problem)
{
	const char *severity = is_error(problem) ? "error" : "warning";
	struct node *map = node_map(table->arena);

	if (as_row) {
		table_row(table);
		table_string(table, severity);
		table_string(table, problem->text);
	} else {
		table_note(table, arena_printf(table->arena, "%s: %s", severity,
				      problem->text));
	}
	node_put(table->arena, map, "severity",
	    node_string(table->arena, severity));
	node_put(table->arena, map, "problem",
	    node_string(table->arena, problem->text));
	node_add(list, map);
}

static void
show_problems(struct session *session, const struct session_format *format,
    const struct rates_table *rates)
{
	struct node *list = node_list(&session->arena);
	struct table table;

	table_init(&table, &session->arena, problem_columns,
	    sizeof(problem_columns) / sizeof(problem_columns[0]));
	for (const struct rates_problem *problem = rates->problems.first;
	     problem; problem = problem->next)
		add_problem(&table, list, format->csv != NULL, problem);
	if (!rates->problems.first)
		table_note(&table, "no problem found");
	session_show(session, format, list, &table);
}

int
cmd_rates_check(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter rates check [--json|--csv|--yaml] [FILE]";
	struct session_format format = { false };
	const struct opt options[] = {
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	const struct rates_problem *problem;
	struct rates_table *rates;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	if (settings_rates_file(&rates, &session->arena,
		argc > 0 ? argv[0] : "-", &session->err) < 0)
		return session_fail(session);
	rates_check(rates, &session->arena);
	show_problems(session, &format, rates);
	problem = rates->problems.first;
	while (problem && !is_error(problem))
		problem = problem->next;
	return problem ? EX_DATAERR : EX_OK;
}

int
cmd_rates_import(struct session *session, int argc, char **argv)
{
	static const char synopsis[] = "meter rates import [FILE]";
	const struct opt options[] = { OPT_END };
	struct litellm_prices_report report;
	struct node *list;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	if (session_read_document(session, &list, argv[0]) < 0 ||
	    litellm_prices_import(&session->out, &report, &session->arena, list,
		&session->err) < 0)
		return session_fail(session);
	litellm_prices_describe(&session->notes, &report,
	    "meter: ", NAMES_SHOWN);
	buf_puts(&session->notes,
	    "meter: the head of the table has all the names\n");
	return EX_OK;
}
