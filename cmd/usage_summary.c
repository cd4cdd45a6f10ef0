#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "cmd/usage_filter.h"
#include "cmd/usage_follow.h"
#include "cmd/usage_table.h"
#include "lib/core/query_summary.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"

/* A row is what part of the scope's usage it is about, and its figures. */
static const struct table_column columns[] = {
	{ "by", TABLE_TEXT },
	{ "name", TABLE_TEXT },
	{ "records", TABLE_COUNT },
	{ "calls", TABLE_COUNT },
	{ "tokens_in", TABLE_COUNT },
	{ "tokens_out", TABLE_COUNT },
	{ "tokens_total", TABLE_COUNT },
	{ "amounts", TABLE_COUNT },
	{ "cost_usd", TABLE_MONEY },
};

static struct text
describe_amounts(struct arena *arena, const struct query_measures *measures)
{
	const struct query_amount *amount = measures->amounts;
	struct buf text = BUF_INIT;
	struct text kept = TEXT_NULL;

	for (; amount; amount = amount->next) {
		if (text.len > 0)
			buf_puts(&text, ", ");
		money_full(&text, amount->sum);
		buf_putc(&text, ' ');
		buf_add(&text, amount->unit.data, amount->unit.len);
	}
	if (text.len > 0) {
		kept.data = arena_copy(arena, text.text, text.len);
		kept.len = text.len;
	}
	buf_release(&text);
	return kept;
}

static void
add_row(struct table *table, const char *by, struct text name,
    const struct query_measures *measures)
{
	const int64_t *count = measures->count;

	table_row(table);
	table_string(table, by);
	table_text(table, name);
	table_count(table, count[QUERY_RECORDS]);
	table_count(table, count[QUERY_CALLS]);
	table_count(table, count[QUERY_PROMPT_TOKENS]);
	table_count(table, count[QUERY_OUTPUT_TOKENS]);
	table_count(table, count[QUERY_TOTAL_TOKENS]);
	table_text(table, describe_amounts(table->arena, measures));
	table_money(table, query_measures_cost(measures));
}

static void
add_query(struct table *table, const char *by, const struct query *query)
{
	const struct query_group *group;

	for (size_t i = 0; i < query->group_count; i++) {
		group = query->groups[i];
		if (group->values[0].data)
			add_row(table, by, group->values[0], &group->measures);
	}
}

static void
build_table(struct table *table, const struct query_summary *summary)
{
	const struct query_measures *total = query_summary_total(summary);
	const struct query_scope *scope = &summary->scope;
	int64_t unpriced = total->count[QUERY_UNPRICED_CALLS];

	table_init(table, summary->arena, columns,
	    sizeof(columns) / sizeof(columns[0]));
	add_row(table, query_dimension_name(scope->dimension), scope->id,
	    total);
	if (scope->is_entity && !scope->type.data)
		add_query(table, "entity_type", &summary->by_type);
	add_query(table, "resource", &summary->by_resource);
	add_query(table, "model", &summary->by_model);
	add_query(table, "agent", &summary->by_agent);
	if (total->count[QUERY_RECORDS] == 0)
		table_note(table, "no usage is recorded of this scope");
	if (unpriced > 0)
		table_note(table,
		    arena_printf(summary->arena,
			"the cost leaves out %lld call%s that nothing prices",
			(long long)unpriced, unpriced == 1 ? "" : "s"));
}

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
	query_summary_init(&asked->summary, &session->arena, &asked->scope,
	    &asked->filter->filter, &asked->filter->zone,
	    usage_table_count(&asked->limit));
	return usage_filter_records(asked->filter, session, add, asked);
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
	build_table(&table, summary);
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
