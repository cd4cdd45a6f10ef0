#include "cmd/usage_table.h"

#include "cmd/session.h"
#include "lib/core/usage.h"

#define LIMIT_MAX 1000

static const struct table_column people_columns[] = {
	{ "at", TABLE_TEXT },
	{ "resource", TABLE_TEXT },
	{ "provider", TABLE_TEXT },
	{ "model", TABLE_TEXT },
	{ "agent", TABLE_TEXT },
	{ "task", TABLE_TEXT },
	{ "entity", TABLE_TEXT },
	{ "status", TABLE_TEXT },
	{ "calls", TABLE_COUNT },
	{ "prompt_tokens", TABLE_COUNT },
	{ "output_tokens", TABLE_COUNT },
	{ "amount", TABLE_COUNT },
	{ "cost_usd", TABLE_MONEY },
};

static const struct table_column csv_columns[] = {
	{ "id", TABLE_TEXT },
	{ "at", TABLE_TEXT },
	{ "resource", TABLE_TEXT },
	{ "provider", TABLE_TEXT },
	{ "account", TABLE_TEXT },
	{ "model", TABLE_TEXT },
	{ "agent", TABLE_TEXT },
	{ "tier", TABLE_TEXT },
	{ "session", TABLE_TEXT },
	{ "run", TABLE_TEXT },
	{ "workflow", TABLE_TEXT },
	{ "stage", TABLE_TEXT },
	{ "task", TABLE_TEXT },
	{ "workstream", TABLE_TEXT },
	{ "quest", TABLE_TEXT },
	{ "repo", TABLE_TEXT },
	{ "commit", TABLE_TEXT },
	{ "release", TABLE_TEXT },
	{ "entity_type", TABLE_TEXT },
	{ "entity_id", TABLE_TEXT },
	{ "status", TABLE_TEXT },
	{ "attempt", TABLE_COUNT },
	{ "calls", TABLE_COUNT },
	{ "input_tokens", TABLE_COUNT },
	{ "output_tokens", TABLE_COUNT },
	{ "cache_read_tokens", TABLE_COUNT },
	{ "cache_write_tokens", TABLE_COUNT },
	{ "cache_write_1h_tokens", TABLE_COUNT },
	{ "reasoning_tokens", TABLE_COUNT },
	{ "count_status", TABLE_TEXT },
	{ "amount", TABLE_MONEY },
	{ "unit", TABLE_TEXT },
	{ "cost_usd", TABLE_MONEY },
	{ "cost_status", TABLE_TEXT },
	{ "source", TABLE_TEXT },
	{ "metadata", TABLE_TEXT },
	{ "prompt_tokens", TABLE_COUNT },
	{ "total_tokens", TABLE_COUNT },
};

/* The dimensions between `at` and `attempt`, as the columns have them. */
static const enum usage_dimension csv_dimensions[] = {
	USAGE_RESOURCE,
	USAGE_PROVIDER,
	USAGE_ACCOUNT,
	USAGE_MODEL,
	USAGE_AGENT,
	USAGE_TIER,
	USAGE_SESSION,
	USAGE_RUN,
	USAGE_WORKFLOW,
	USAGE_STAGE,
	USAGE_TASK,
	USAGE_WORKSTREAM,
	USAGE_QUEST,
	USAGE_REPO,
	USAGE_COMMIT,
	USAGE_RELEASE,
	USAGE_ENTITY_TYPE,
	USAGE_ENTITY_ID,
	USAGE_STATUS,
};

int
usage_table_check_limit(const struct usage_table_limit *limit,
    struct error *err)
{
	if (limit->count == 0)
		return error_set(err, ERROR_USAGE, "--limit is at least 1");
	if (limit->count > LIMIT_MAX && !limit->all)
		return error_set(err, ERROR_USAGE,
		    "--limit is at most %d; --all shows all", LIMIT_MAX);
	return 0;
}

size_t
usage_table_count(const struct usage_table_limit *limit)
{
	return limit->all ? 0 : (size_t)limit->count;
}

void
usage_table_init(struct usage_table *out, struct arena *arena,
    const struct session_format *format)
{
	*out = (struct usage_table){ .arena = arena,
		.is_csv = format->csv && !format->json && !format->yaml };
	if (out->is_csv)
		table_init(&out->table, arena, csv_columns,
		    sizeof(csv_columns) / sizeof(csv_columns[0]));
	else
		table_init(&out->table, arena, people_columns,
		    sizeof(people_columns) / sizeof(people_columns[0]));
}

static void
add_time(struct usage_table *out, struct when at)
{
	struct buf text = BUF_INIT;

	if (out->is_csv)
		when_json(&text, at);
	else
		when_people(&text, at);
	table_text(&out->table, buf_keep(&text, out->arena));
}

static void
add_entity(struct usage_table *out, const struct usage *usage)
{
	struct text type = usage->dimension[USAGE_ENTITY_TYPE];
	struct text id = usage->dimension[USAGE_ENTITY_ID];
	struct buf text = BUF_INIT;

	if (!type.data || !id.data) {
		table_text(&out->table, type.data ? type : id);
		return;
	}
	buf_add(&text, type.data, type.len);
	buf_putc(&text, ':');
	buf_add(&text, id.data, id.len);
	table_text(&out->table, buf_keep(&text, out->arena));
}

static void
add_amount(struct usage_table *out, const struct usage *usage)
{
	struct buf text = BUF_INIT;

	if (!usage->has_amount) {
		table_null(&out->table);
		return;
	}
	money_full(&text, usage->amount);
	buf_putc(&text, ' ');
	buf_add(&text, usage->unit.data, usage->unit.len);
	table_text(&out->table, buf_keep(&text, out->arena));
}

static void
add_cost(struct usage_table *out, const struct usage *usage)
{
	if (usage->cost_status == USAGE_COST_KNOWN ||
	    usage->cost_status == USAGE_COST_ESTIMATED)
		table_money(&out->table, usage->cost_usd);
	else
		table_null(&out->table);
}

static void
add_for_people(struct usage_table *out, const struct usage *usage)
{
	struct table *table = &out->table;

	add_time(out, usage->at);
	table_text(table, usage->dimension[USAGE_RESOURCE]);
	table_text(table, usage->dimension[USAGE_PROVIDER]);
	table_text(table, usage->dimension[USAGE_MODEL]);
	table_text(table, usage->dimension[USAGE_AGENT]);
	table_text(table, usage->dimension[USAGE_TASK]);
	add_entity(out, usage);
	table_text(table, usage->dimension[USAGE_STATUS]);
	table_count(table, usage->calls);
	table_count(table, usage_prompt_tokens(usage));
	table_count(table, usage->output_tokens);
	add_amount(out, usage);
	add_cost(out, usage);
}

static void
add_counts(struct table *table, const struct usage *usage)
{
	table_count(table, usage->attempt);
	table_count(table, usage->calls);
	table_count(table, usage->input_tokens);
	table_count(table, usage->output_tokens);
	table_count(table, usage->cache_read_tokens);
	table_count(table, usage->cache_write_tokens);
	table_count(table, usage->cache_write_1h_tokens);
	table_count(table, usage->reasoning_tokens);
}

static void
add_for_programs(struct usage_table *out, const struct usage *usage)
{
	struct table *table = &out->table;
	const size_t count = sizeof(csv_dimensions) / sizeof(csv_dimensions[0]);

	table_text(table, usage->id);
	add_time(out, usage->at);
	for (size_t i = 0; i < count; i++)
		table_text(table, usage->dimension[csv_dimensions[i]]);
	add_counts(table, usage);
	table_string(table, usage->is_estimated ? "estimated" : "reported");
	if (usage->has_amount)
		table_money(table, usage->amount);
	else
		table_null(table);
	table_text(table, usage->unit);
	add_cost(out, usage);
	table_string(table, usage_cost_status_name(usage->cost_status));
	table_text(table, usage->source);
	table_text(table, usage->metadata.data ? usage->metadata : TEXT("{}"));
	table_count(table, usage_prompt_tokens(usage));
	table_count(table, usage_total_tokens(usage));
}

void
usage_table_add(struct usage_table *out, const struct usage *usage)
{
	table_row(&out->table);
	if (out->is_csv)
		add_for_programs(out, usage);
	else
		add_for_people(out, usage);
}
