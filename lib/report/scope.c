#include "lib/report/scope.h"

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/core/query_summary.h"
#include "lib/render/html.h"
#include "lib/render/markdown.h"
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

void
scope_table(struct table *table, const struct query_summary *summary)
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

static const struct table_column fact_columns[] = {
	{ "usage", TABLE_TEXT },
	{ "value", TABLE_COUNT },
};

/* The figures of a resource; NULL where there are none. */
static const struct query_measures *
find_resource(const struct query_summary *summary, const char *name)
{
	const struct query *query = &summary->by_resource;

	for (size_t i = 0; i < query->group_count; i++)
		if (text_is(query->groups[i]->values[0], name))
			return &query->groups[i]->measures;
	return NULL;
}

static void
add_count(struct table *table, const char *name, int64_t count)
{
	table_row(table);
	table_string(table, name);
	table_count(table, count);
}

/* `12 (1 failed)` */
static void
add_calls(struct table *table, const char *name,
    const struct query_measures *measures)
{
	struct buf text = BUF_INIT;

	if (!measures || measures->count[QUERY_FAILED_CALLS] == 0) {
		add_count(table, name,
		    measures ? measures->count[QUERY_CALLS] : 0);
		return;
	}
	number_group(&text, measures->count[QUERY_CALLS]);
	buf_puts(&text, " (");
	number_group(&text, measures->count[QUERY_FAILED_CALLS]);
	buf_puts(&text, " failed)");
	table_row(table);
	table_string(table, name);
	table_string(table, arena_copy(table->arena, text.text, text.len));
	buf_release(&text);
}

/* A resource that is measured in units, or in calls where it has no amount. */
static void
add_resource(struct table *table, struct text name,
    const struct query_measures *measures)
{
	table_row(table);
	table_text(table, name);
	if (measures && measures->amounts)
		table_text(table, describe_amounts(table->arena, measures));
	else if (measures)
		table_count(table, measures->count[QUERY_CALLS]);
	else
		table_count(table, 0);
}

static void
add_other_resources(struct table *table, const struct query *query)
{
	const struct query_group *group;
	struct text name;

	for (size_t i = 0; i < query->group_count; i++) {
		group = query->groups[i];
		name = group->values[0];
		if (!text_is(name, "llm") && !text_is(name, "api") &&
		    !text_is(name, "cpu"))
			add_resource(table, name.data ? name : TEXT("(none)"),
			    &group->measures);
	}
}

/* What stands out of a scope, a row each. */
static void
make_facts(struct table *table, const struct query_summary *summary)
{
	const struct query_measures *total = query_summary_total(summary);

	table_init(table, summary->arena, fact_columns,
	    sizeof(fact_columns) / sizeof(fact_columns[0]));
	add_count(table, "tokens in", total->count[QUERY_PROMPT_TOKENS]);
	add_count(table, "tokens out", total->count[QUERY_OUTPUT_TOKENS]);
	add_count(table, "tokens total", total->count[QUERY_TOTAL_TOKENS]);
	add_calls(table, "LLM calls", find_resource(summary, "llm"));
	add_calls(table, "API calls", find_resource(summary, "api"));
	add_resource(table, TEXT("CPU"), find_resource(summary, "cpu"));
	add_other_resources(table, &summary->by_resource);
	table_row(table);
	table_string(table, "cost");
	table_money(table, query_measures_cost(total));
}

static void
put_html(struct buf *out, struct text title, const struct table *facts,
    const struct table *parts)
{
	static const char figures[] = "style=\"text-align:right\"";

	buf_puts(out, "<p><strong>");
	html_escape(out, title);
	buf_puts(out, "</strong></p>\n");
	html_table(out, facts, figures);
	html_table(out, parts, figures);
}

static void
put_markdown(struct buf *out, struct text title, const struct table *facts,
    const struct table *parts)
{
	buf_puts(out, "**");
	markdown_escape(out, title);
	buf_puts(out, "**\n\n");
	markdown_table(out, facts);
	buf_putc(out, '\n');
	markdown_table(out, parts);
}

void
scope_body(struct buf *out, const struct query_summary *summary,
    const char *only, bool is_html)
{
	const struct query_scope *scope = &summary->scope;
	struct table facts, parts;
	struct buf title = BUF_INIT;

	buf_printf(&title, "Usage of %s ",
	    query_dimension_name(scope->dimension));
	buf_add(&title, scope->id.data, scope->id.len);
	if (only)
		buf_printf(&title, ", %s", only);
	make_facts(&facts, summary);
	scope_table(&parts, summary);
	(is_html ? put_html : put_markdown)(out,
	    (struct text){ title.text, title.len }, &facts, &parts);
	buf_release(&title);
}
