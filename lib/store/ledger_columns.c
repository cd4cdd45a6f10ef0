#include "lib/store/ledger_columns.h"

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/number.h"
#include "lib/core/usage.h"

/* What kind of value a column holds. */
enum kind {
	KIND_TEXT,
	KIND_TIME,
	KIND_DIMENSION,
	KIND_COUNT,
	KIND_COUNT_STATUS,
	KIND_AMOUNT,
	KIND_COST,
	KIND_COST_STATUS,
	KIND_METADATA,
};

struct column {
	enum kind kind;
	size_t at; /* the field's offset in struct usage, or the dimension */
};

#define COLUMN_DIMENSION(name)                                                 \
	{                                                                      \
		KIND_DIMENSION, USAGE_##name                                   \
	}
#define COLUMN_COUNT(name)                                                     \
	{                                                                      \
		KIND_COUNT, offsetof(struct usage, name)                       \
	}

const char *const ledger_columns_names[LEDGER_ROW_COLUMNS] = {
	"id",
	"at",
	"resource",
	"provider",
	"account",
	"model",
	"agent",
	"tier",
	"session",
	"run",
	"workflow",
	"stage",
	"task",
	"workstream",
	"quest",
	"repo",
	"commit",
	"release",
	"entity_type",
	"entity_id",
	"status",
	"attempt",
	"calls",
	"input_tokens",
	"output_tokens",
	"cache_read_tokens",
	"cache_write_tokens",
	"cache_write_1h_tokens",
	"reasoning_tokens",
	"count_status",
	"amount",
	"unit",
	"cost_usd",
	"cost_status",
	"source",
	"metadata",
};

static const struct column columns[LEDGER_ROW_COLUMNS] = {
	{ KIND_TEXT, offsetof(struct usage, id) },
	{ KIND_TIME, 0 },
	COLUMN_DIMENSION(RESOURCE),
	COLUMN_DIMENSION(PROVIDER),
	COLUMN_DIMENSION(ACCOUNT),
	COLUMN_DIMENSION(MODEL),
	COLUMN_DIMENSION(AGENT),
	COLUMN_DIMENSION(TIER),
	COLUMN_DIMENSION(SESSION),
	COLUMN_DIMENSION(RUN),
	COLUMN_DIMENSION(WORKFLOW),
	COLUMN_DIMENSION(STAGE),
	COLUMN_DIMENSION(TASK),
	COLUMN_DIMENSION(WORKSTREAM),
	COLUMN_DIMENSION(QUEST),
	COLUMN_DIMENSION(REPO),
	COLUMN_DIMENSION(COMMIT),
	COLUMN_DIMENSION(RELEASE),
	COLUMN_DIMENSION(ENTITY_TYPE),
	COLUMN_DIMENSION(ENTITY_ID),
	COLUMN_DIMENSION(STATUS),
	COLUMN_COUNT(attempt),
	COLUMN_COUNT(calls),
	COLUMN_COUNT(input_tokens),
	COLUMN_COUNT(output_tokens),
	COLUMN_COUNT(cache_read_tokens),
	COLUMN_COUNT(cache_write_tokens),
	COLUMN_COUNT(cache_write_1h_tokens),
	COLUMN_COUNT(reasoning_tokens),
	{ KIND_COUNT_STATUS, 0 },
	{ KIND_AMOUNT, 0 },
	{ KIND_TEXT, offsetof(struct usage, unit) },
	{ KIND_COST, 0 },
	{ KIND_COST_STATUS, 0 },
	{ KIND_TEXT, offsetof(struct usage, source) },
	{ KIND_METADATA, 0 },
};

static bool
has_cost(const struct usage *usage)
{
	return usage->cost_status == USAGE_COST_KNOWN ||
	       usage->cost_status == USAGE_COST_ESTIMATED;
}

static void
write_text(struct buf *out, struct text text)
{
	buf_add(out, text.data, text.len);
}

/* A count of 0 is left out, but for the two that are always there. */
static void
write_count(struct buf *out, const struct usage *usage, size_t at)
{
	const char *field = (const char *)usage + at;
	int64_t value = *(const int64_t *)(const void *)field;

	if (value != 0 || at == offsetof(struct usage, attempt) ||
	    at == offsetof(struct usage, calls))
		number_whole(out, value);
}

void
ledger_columns_write(struct buf *out, const struct usage *usage, size_t column)
{
	const struct column *c = &columns[column];
	const char *field = (const char *)usage + c->at;

	switch (c->kind) {
	case KIND_TEXT:
		write_text(out, *(const struct text *)(const void *)field);
		break;
	case KIND_TIME:
		when_json(out, usage->at);
		break;
	case KIND_DIMENSION:
		write_text(out, usage->dimension[c->at]);
		break;
	case KIND_COUNT:
		write_count(out, usage, c->at);
		break;
	case KIND_COUNT_STATUS:
		buf_puts(out, usage->is_estimated ? "estimated" : "reported");
		break;
	case KIND_AMOUNT:
		if (usage->has_amount && usage->amount.femto != 0)
			money_full(out, usage->amount);
		break;
	case KIND_COST:
		if (has_cost(usage))
			money_full(out, usage->cost_usd);
		break;
	case KIND_COST_STATUS:
		buf_puts(out, usage_cost_status_name(usage->cost_status));
		break;
	case KIND_METADATA:
		if (usage->metadata.data)
			write_text(out, usage->metadata);
		else
			buf_puts(out, "{}");
		break;
	}
}

static int
read_count(struct usage *out, size_t at, struct text cell)
{
	char *field = (char *)out + at;
	int64_t *value = (int64_t *)(void *)field;

	*value = 0;
	if (cell.len == 0 && at != offsetof(struct usage, attempt) &&
	    at != offsetof(struct usage, calls))
		return 0;
	return number_parse_count(value, cell.data, cell.len);
}

static int
read_money(struct money *out, struct text cell)
{
	return money_parse(out, cell.data, cell.len) == MONEY_OK &&
		       out->femto >= 0
		   ? 0
		   : -1;
}

/* An empty cost is none: whether it may be is told once all is read. */
static int
read_cost(struct usage *out, struct text cell)
{
	out->cost_usd = MONEY_ZERO;
	return cell.len == 0 ? 0 : read_money(&out->cost_usd, cell);
}

static int
read_count_status(struct usage *out, struct text cell)
{
	out->is_estimated = text_is(cell, "estimated");
	return out->is_estimated || text_is(cell, "reported") ? 0 : -1;
}

static int
read_amount(struct usage *out, struct text cell)
{
	out->has_amount = cell.len > 0;
	out->amount = MONEY_ZERO;
	return out->has_amount ? read_money(&out->amount, cell) : 0;
}

static int
read_metadata(struct usage *out, struct text cell)
{
	if (cell.len < 2 || cell.data[0] != '{' ||
	    cell.data[cell.len - 1] != '}')
		return -1;
	out->metadata = cell.len > 2 ? cell : TEXT_NULL;
	return 0;
}

static int
read_cell(struct usage *out, const struct column *column, struct text cell)
{
	char *field = (char *)out + column->at;

	switch (column->kind) {
	case KIND_TEXT:
		*(struct text *)(void *)field = cell.len > 0 ? cell : TEXT_NULL;
		return 0;
	case KIND_TIME:
		return when_parse(&out->at, cell.data, cell.len);
	case KIND_DIMENSION:
		out->dimension[column->at] = cell.len > 0 ? cell : TEXT_NULL;
		return 0;
	case KIND_COUNT:
		return read_count(out, column->at, cell);
	case KIND_COUNT_STATUS:
		return read_count_status(out, cell);
	case KIND_AMOUNT:
		return read_amount(out, cell);
	case KIND_COST:
		return read_cost(out, cell);
	case KIND_COST_STATUS:
		return usage_cost_status_parse(&out->cost_status, cell);
	case KIND_METADATA:
		return read_metadata(out, cell);
	}
	return -1;
}

static const char *
expectation(enum kind kind)
{
	switch (kind) {
	case KIND_TIME:
		return "a time such as 2026-11-22T08:00:00Z";
	case KIND_COUNT:
		return "a whole number";
	case KIND_COUNT_STATUS:
		return "reported or estimated";
	case KIND_AMOUNT:
	case KIND_COST:
		return "a decimal number from 0 on";
	case KIND_COST_STATUS:
		return "known, estimated, unknown or free";
	case KIND_METADATA:
		return "a JSON object";
	case KIND_TEXT:
	case KIND_DIMENSION:
		break;
	}
	return "a text";
}

/* What the cells say together. */
static int
check(struct usage *out, struct text cost, struct error *err)
{
	const char *problem, *name;

	out->estimated_usd = out->cost_status == USAGE_COST_ESTIMATED
				 ? out->cost_usd
				 : MONEY_ZERO;
	/* A unit says that there was an amount, though it was 0. */
	out->has_amount = out->has_amount || out->unit.data;
	if (!out->id.data)
		return error_set(err, ERROR_DATA, "id: is empty");
	if (has_cost(out) != (cost.len > 0))
		return error_set(err, ERROR_DATA,
		    "cost_usd: does not go with the cost_status");
	problem = usage_values_problem(out, &name);
	if (!problem)
		return 0;
	return error_set(err, ERROR_DATA, "%s%s%s", name ? name : "",
	    name ? ": " : "", problem);
}

int
ledger_columns_read(struct usage *out, const struct text *cells,
    const size_t *place, struct error *err)
{
	struct text cost = TEXT_NULL;

	for (size_t i = 0; i < LEDGER_ROW_COLUMNS; i++) {
		if (cells[place[i]].len > USAGE_NAME_MAX &&
		    columns[i].kind != KIND_METADATA)
			return error_set(err, ERROR_DATA,
			    "%s: is longer than %d bytes",
			    ledger_columns_names[i], (int)USAGE_NAME_MAX);
		if (read_cell(out, &columns[i], cells[place[i]]) < 0)
			return error_set(err, ERROR_DATA, "%s: expected %s",
			    ledger_columns_names[i],
			    expectation(columns[i].kind));
		if (columns[i].kind == KIND_COST)
			cost = cells[place[i]];
	}
	return check(out, cost, err);
}
