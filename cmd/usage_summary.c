#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "cmd/usage_filter.h"
#include "cmd/usage_follow.h"
#include "cmd/usage_scope.h"
#include "cmd/usage_table.h"
#include "lib/core/query_summary.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"
#include "lib/report/scope.h"

/* What is asked, and the answer. */
struct asked {
	struct usage_filter *filter;
	const struct session_format *format;
	struct usage_table_limit limit;
	struct query_scope scope;
	struct query_summary summary;
};

static int
add(void *data, const struct usage *usage, struct error *err)
{
	struct asked *asked = data;

	return query_summary_add(&asked->summary, usage, err);
}

static int
ask(struct session *session, void *data)
{
	struct asked *asked = data;

	query_summary_release(&asked->summary);
	return usage_scope_collect(&asked->summary, session, asked->filter,
	    &asked->scope, usage_table_count(&asked->limit));
}

/* An entity's records stand below its figures; programs ask for them apart. */
static void
show_records(struct session *session, const struct query_newest *newest,
    size_t rows)
{
	const struct session_format people = { false };
	struct usage_table records;

	usage_table_init(&records, &session->arena, &people);
	for (size_t i = 0; i < newest->count && (rows == 0 || i < rows); i++)
		usage_table_add(&records, query_newest_get(newest, i));
	table_note(&records.table, "times are UTC");
	buf_putc(&session->out, '\n');
	session_show(session, &people, NULL, &records.table);
}

static int
show(struct session *session, void *data, struct usage_follow_view *view)
{
	struct asked *asked = data;
	struct query_summary *summary = &asked->summary;
	const struct session_format *format = asked->format;
	struct table table;

	if (query_summary_finish(summary, &session->err) < 0)
		return -1;
	scope_table(&table, summary);
	usage_filter_show(asked->filter, session, format,
	    query_summary_node(summary), &table);
	if (!format->json && !format->yaml && !format->csv &&
	    summary->newest.count > 0)
		show_records(session, &summary->newest, view->rows);
	return 0;
}

int
cmd_usage_summary(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter usage summary [--DIMENSION VALUE]... [--since T] "
	    "[--until T]\n"
	    "                           [--limit N] [--all] [--follow] "
	    "[--json|--csv|--yaml]\n"
	    "                           SCOPE";
	struct session_format format = { false };
	struct usage_filter filter;
	struct asked asked = { .filter = &filter,
		.format = &format,
		.limit = USAGE_TABLE_LIMIT };
	struct usage_follow follow = { session, &filter, &format, true, &asked,
		ask, add, show };
	struct usage_follow_view view = { 0, 0 };
	const struct opt options[] = {
		USAGE_TABLE_LIMIT_OPTIONS(&asked.limit),
		OPT_INCLUDE(filter.rows),
		USAGE_FOLLOW_OPTION(&format.in_lines),
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	int status = EX_OK;

	usage_filter_init(&filter, session);
	if (!session_options(session, synopsis, options, &argc, argv, 1, 1))
		return session->status;
	if (query_summary_parse(&asked.scope, argv[0], &session->err) < 0 ||
	    usage_table_check_limit(&asked.limit, &session->err) < 0)
		return session_fail(session);
	if (format.in_lines)
		status = usage_follow(&follow);
	else if (usage_filter_take(&filter, session) < 0 ||
		 ask(session, &asked) < 0 || show(session, &asked, &view) < 0)
		status = session_fail(session);
	query_summary_release(&asked.summary);
	return status;
}
