#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "cmd/usage_answer.h"
#include "cmd/usage_collect.h"
#include "cmd/usage_filter.h"
#include "cmd/usage_tiers.h"
#include "lib/core/query.h"
#include "lib/core/query_write.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"

/* Ask, by these dimensions, and show the answer. */
static int
ask(struct session *session, struct usage_filter *options,
    const struct session_format *format, struct query *query,
    const struct query_order *order, int64_t top)
{
	struct node *document = NULL;
	struct table table;

	if (usage_collect(session, options, &query, 1) < 0 ||
	    usage_tiers_add(session, options, query) < 0 ||
	    query_finish(query, order, (size_t)top, &session->err) < 0)
		return session_fail(session);
	if (format->json) {
		usage_filter_note(options, session);
		query_write_json(&session->out, query);
		return EX_OK;
	}
	if (format->yaml)
		document = query_node(query);
	else
		usage_answer_table(&table, &session->arena, query, options,
		    format->csv != NULL && !format->json);
	usage_filter_show(options, session, format, document, &table);
	return EX_OK;
}

int
cmd_usage(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter usage [--DIMENSION VALUE]... [--by DIM,...] [--sort KEY] "
	    "[--top N]\n"
	    "                   [--since T] [--until T] [--tz ZONE] "
	    "[--json|--csv|--yaml]";
	struct usage_filter filter;
	struct session_format format = { false };
	const char *by_text = NULL, *sort = NULL;
	int64_t top = 0;
	const struct opt options[] = {
		OPT_STRING('\0', "by", &by_text, "DIM,...",
		    "group by these dimensions"),
		OPT_STRING('\0', "sort", &sort, "KEY",
		    "order by a measure, largest first, or a dimension"),
		OPT_COUNT('\0', "top", &top, "N",
		    "only the first N groups (default 0: all)"),
		OPT_INCLUDE(filter.rows),
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	enum query_dimension by[QUERY_DIMENSION_COUNT];
	struct query_order order;
	struct query query;
	size_t by_count = 0;

	usage_filter_init(&filter, session);
	if (!session_options(session, synopsis, options, &argc, argv, 0, 0))
		return session->status;
	if ((by_text &&
		query_parse_by(by, &by_count, by_text, &session->err) < 0) ||
	    (sort && query_parse_order(&order, sort, by, by_count,
			 &session->err) < 0) ||
	    usage_filter_take(&filter, session) < 0)
		return session_fail(session);
	query_init(&query, &session->arena, by, by_count, &filter.filter,
	    &filter.zone);
	return ask(session, &filter, &format, &query, sort ? &order : NULL,
	    top);
}
