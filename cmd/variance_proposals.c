#include <string.h>
#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "cmd/variance_report.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"
#include "lib/store/proposals.h"

static const char *const statuses[] = { "open", "accepted", "dismissed", NULL };

static const struct table_column columns[] = {
	{ "id", TABLE_TEXT },
	{ "day", TABLE_TEXT },
	{ "scope", TABLE_TEXT },
	{ "reason", TABLE_TEXT },
	{ "status", TABLE_TEXT },
	{ "decided_at", TABLE_TIME },
	{ "suggested_action", TABLE_TEXT },
};

static struct text
field(const struct node *map, const char *name)
{
	const struct node *node = node_find(map, name);

	return node ? node->text : TEXT_NULL;
}

static void
add_row(struct table *table, const struct node *proposal)
{
	table_row(table);
	table_text(table, field(proposal, "id"));
	table_text(table, field(proposal, "day"));
	table_text(table, field(proposal, "scope"));
	table_text(table, field(node_find(proposal, "evidence"), "reason"));
	table_text(table, field(proposal, "status"));
	table_time(table, field(proposal, "decided_at"));
	table_text(table, field(proposal, "suggested_action"));
}

static int
list(struct session *session, const struct session_format *format,
    const char *status)
{
	struct node *proposals;
	struct table table;

	if (proposals_list(&proposals, &session->workspace, status,
		&session->err) < 0)
		return session_fail(session);
	table_init(&table, &session->arena, columns,
	    sizeof(columns) / sizeof(columns[0]));
	for (const struct node *proposal = proposals->first; proposal;
	     proposal = proposal->next)
		add_row(&table, proposal);
	if (table.row_count == 0)
		table_note(&table, status ? "no proposal has that status"
					  : "there is no proposal");
	session_show(session, format, proposals, &table);
	return EX_OK;
}

static int
decide(struct session *session, const char *decision, const char *id)
{
	const char *status = NULL;

	if (strcmp(decision, "accept") == 0)
		status = "accepted";
	else if (strcmp(decision, "dismiss") == 0)
		status = "dismissed";
	if (!status)
		return session_misuse(session,
		    "a proposal is decided by accept or dismiss");
	if (proposals_decide(&session->workspace, id, status, &variance_report,
		&session->err) < 0)
		return session_fail(session);
	session->has_committed = true;
	return EX_OK;
}

int
cmd_variance_proposals(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter variance proposals [--status S] [--json|--csv|--yaml]\n"
	    "       meter variance proposals accept|dismiss ID";
	struct session_format format = { false };
	const char *status = NULL;
	const struct opt options[] = {
		OPT_CHOICE('\0', "status", &status, statuses,
		    "only those of that status"),
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};

	if (!session_options(session, synopsis, options, &argc, argv, 0, 2))
		return session->status;
	if (argc == 0)
		return list(session, &format, status);
	if (argc == 1)
		return session_misuse(session,
		    "which proposal: accept ID or dismiss ID");
	if (status || format.json || format.csv || format.yaml)
		return session_misuse(session, "a decision takes no options");
	return decide(session, argv[0], argv[1]);
}
