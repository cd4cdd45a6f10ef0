#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "cmd/usage_filter.h"
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

static int
visit(void *data, const struct usage *usage, struct error *err)
{
	return query_summary_add(data, usage, err);
}

/* An entity's records stand below its figures; programs ask for them apart. */
static void
show(struct session *session, struct usage_filter *options,
    const struct session_format *format, const struct query_summary *summary)
{
	const struct session_format people = { false };
	struct usage_table records;
	struct table table;

	build_table(&table, summary);
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

/* `session:current` is the open one. */
static int
name_session(struct query_scope *scope, struct session *session)
{
	if (scope->dimension != (enum query_dimension)USAGE_SESSION ||
	    !text_is(scope->id, "current"))
		return 0;
	return usage_filter_current(&scope->id, session);
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
	struct query_scope scope;
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
	if (query_summary_parse(&scope, argv[0], &session->err) < 0 ||
	    usage_table_check_limit(&limit, &session->err) < 0 ||
	    usage_filter_take(&filter, session) < 0 ||
	    name_session(&scope, session) < 0)
		return session_fail(session);
	query_summary_init(&summary, &session->arena, &scope, &filter.filter,
	    &filter.zone, usage_table_count(&limit));
	result = usage_filter_records(&filter, session, visit, &summary);
	if (result == 0)
		result = query_summary_finish(&summary, &session->err);
	if (result == 0)
		show(session, &filter, &format, &summary);
	query_summary_release(&summary);
	return result < 0 ? session_fail(session) : EX_OK;
}
