#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "cmd/usage_filter.h"
#include "cmd/usage_scope.h"
#include "cmd/usage_table.h"
#include "lib/core/query_summary.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"
#include "lib/report/scope.h"

/* An entity's records stand below its figures; programs ask for them apart. */
static void
show(struct session *session, struct usage_filter *options,
    const struct session_format *format, const struct query_summary *summary)
{
	const struct session_format people = { false };
	struct usage_table records;
	struct table table;

	scope_table(&table, summary);
	usage_filter_show(options, session, format, query_summary_node(summary),
	    &table);
	if (format->json || format->yaml || format->csv ||
	    summary->newest.count == 0)
		return;
	usage_table_init(&records, &session->arena, &people);
	for (size_t i = 0; i < summary->newest.count; i++)
		usage_table_add(&records,
		    query_newest_get(&summary->newest, i));
	table_note(&records.table, "times are UTC");
	buf_putc(&session->out, '\n');
	session_show(session, &people, NULL, &records.table);
}

int
cmd_usage_summary(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter usage summary [--DIMENSION VALUE]... [--since T] "
	    "[--until T]\n"
	    "                           [--limit N] [--all] "
	    "[--json|--csv|--yaml] SCOPE";
	struct usage_table_limit limit = USAGE_TABLE_LIMIT;
	struct session_format format = { false };
	struct query_summary summary;
	struct usage_filter filter;
	const struct opt options[] = {
		USAGE_TABLE_LIMIT_OPTIONS(&limit),
		OPT_INCLUDE(filter.rows),
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	int result;

	usage_filter_init(&filter, session);
	if (!session_options(session, synopsis, options, &argc, argv, 1, 1))
		return session->status;
	if (usage_table_check_limit(&limit, &session->err) < 0)
		return session_fail(session);
	result = usage_scope_ask(&summary, session, &filter, argv[0],
	    usage_table_count(&limit));
	if (result == 0)
		show(session, &filter, &format, &summary);
	query_summary_release(&summary);
	return result < 0 ? session_fail(session) : EX_OK;
}
