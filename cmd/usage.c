#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "cmd/usage_answer.h"
#include "cmd/usage_collect.h"
#include "cmd/usage_filter.h"
#include "cmd/usage_follow.h"
#include "cmd/usage_tiers.h"
#include "lib/core/query.h"
#include "lib/core/query_write.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"

/* What is asked, and the answer. */
struct asked {
	struct usage_filter *filter;
	const struct session_format *format;
	enum query_dimension by[QUERY_DIMENSION_COUNT];
	size_t by_count;
	const struct query_order *order; /* or NULL */
	int64_t top;
	struct query query;
};

static int
ask(struct session *session, void *data)
{
	struct asked *asked = data;
	struct query *query = &asked->query;

	query_init(query, &session->arena, asked->by, asked->by_count,
	    &asked->filter->filter, &asked->filter->zone);
	if (usage_collect(session, asked->filter, &query, 1) < 0)
		return -1;
	return usage_tiers_add(session, asked->filter, query);
}

static int
add(void *data, const struct usage *usage, struct error *err)
{
	struct asked *asked = data;

	return query_add(&asked->query, usage, err);
}

/*
 * Make the table, of as many groups as can be seen; a line then says how many
 * are left out.
 */
static void
make_table(struct table *table, struct session *session, struct asked *asked,
    struct usage_follow_view *view)
{
	struct query *query = &asked->query;
	size_t hidden;

	usage_answer_table(table, &session->arena, query, asked->filter,
	    asked->format->csv != NULL);
	if (view->rows > 0 && table_line_count(table) > view->rows) {
		hidden = table_line_count(table) - view->rows;
		/* For that line. */
		hidden += query->left_out == 0;
		if (hidden > query->group_count)
			hidden = query->group_count;
		query->left_out += hidden;
		query->group_count -= hidden;
		usage_answer_table(table, &session->arena, query, asked->filter,
		    false);
	}
	/* The total, and what is said of it. */
	view->tail = 1 + table_note_count(table);
}

static int
show(struct session *session, void *data, struct usage_follow_view *view)
{
	struct asked *asked = data;
	const struct session_format *format = asked->format;
	struct query *query = &asked->query;
	struct node *document = NULL;
	size_t top = (size_t)asked->top;
	struct table table;

	if (view->rows > 0 && (top == 0 || top > view->rows))
		top = view->rows;
	if (query_finish(query, asked->order, top, &session->err) < 0)
		return -1;
	if (format->json && !format->in_lines) {
		usage_filter_note(asked->filter, session);
		query_write_json(&session->out, query);
		return 0;
	}
	if (format->json || format->yaml)
		document = query_node(query);
	else
		make_table(&table, session, asked, view);
	usage_filter_show(asked->filter, session, format, document, &table);
	return 0;
}

int
cmd_usage(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter usage [--DIMENSION VALUE]... [--by DIM,...] [--sort KEY] "
	    "[--top N]\n"
	    "                   [--since T] [--until T] [--tz ZONE] [--follow]\n"
	    "                   [--json|--csv|--yaml]";
	struct usage_filter filter;
	struct session_format format = { false };
	struct asked asked = { .filter = &filter, .format = &format };
	struct usage_follow follow = { session, &filter, &format, true, &asked,
		ask, add, show };
	struct usage_follow_view view = { 0, 0 };
	const char *by = NULL, *sort = NULL;
	const struct opt options[] = {
		OPT_STRING('\0', "by", &by, "DIM,...",
		    "group by these dimensions"),
		OPT_STRING('\0', "sort", &sort, "KEY",
		    "order by a measure, largest first, or a dimension"),
		OPT_COUNT('\0', "top", &asked.top, "N",
		    "only the first N groups (default 0: all)"),
		OPT_INCLUDE(filter.rows),
		USAGE_FOLLOW_OPTION(&format.in_lines),
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	struct query_order order;

	usage_filter_init(&filter, session);
	if (!session_options(session, synopsis, options, &argc, argv, 0, 0))
		return session->status;
	if ((by && query_parse_by(asked.by, &asked.by_count, by,
		       &session->err) < 0) ||
	    (sort && query_parse_order(&order, sort, asked.by, asked.by_count,
			 &session->err) < 0))
		return session_fail(session);
	asked.order = sort ? &order : NULL;
	if (format.in_lines)
		return usage_follow(&follow);
	if (usage_filter_take(&filter, session) < 0 ||
	    ask(session, &asked) < 0 || show(session, &asked, &view) < 0)
		return session_fail(session);
	return EX_OK;
}
