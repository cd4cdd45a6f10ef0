#include "cmd/usage_answer.h"

#include <inttypes.h>

#include "cmd/usage_filter.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/core/query.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"

enum {
	COLUMNS_MAX = QUERY_DIMENSION_COUNT + QUERY_MEASURE_COUNT + 1,
};

/* What people see; the last ones only where there is any of it. */
static const enum query_measure shown[] = {
	QUERY_MEASURE_RECORDS,
	QUERY_MEASURE_CALLS,
	QUERY_MEASURE_PROMPT_TOKENS,
	QUERY_MEASURE_OUTPUT_TOKENS,
	QUERY_MEASURE_TOTAL_TOKENS,
	QUERY_MEASURE_COST_USD,
};
static const enum query_measure shown_if_any[] = {
	QUERY_MEASURE_UNPRICED_CALLS,
	QUERY_MEASURE_AMOUNTS,
	QUERY_MEASURE_ERRORS,
	QUERY_MEASURE_RATE_LIMITED,
	QUERY_MEASURE_QUOTA,
	QUERY_MEASURE_RETRIES,
	QUERY_MEASURE_FAILURE_RATE,
};

/* The columns of an answer, which are those of no other. */
struct answer {
	struct arena *arena;
	const struct query *query;
	bool is_csv;
	struct table_column columns[COLUMNS_MAX];
	enum query_measure measures[QUERY_MEASURE_COUNT];
	size_t measure_count;
	struct table table;
};

static bool
is_any(const struct query_measures *total, enum query_measure measure)
{
	struct query_value value = query_measures_value(total, measure);

	if (value.is_null)
		return false;
	return value.kind == QUERY_KIND_AMOUNTS || value.count > 0 ||
	       value.ratio > 0;
}

static void
choose_measures(struct answer *answer)
{
	const size_t always = sizeof(shown) / sizeof(shown[0]);
	const size_t others = sizeof(shown_if_any) / sizeof(shown_if_any[0]);
	const struct query_measures *total = &answer->query->total.measures;
	size_t count = 0;

	if (answer->is_csv)
		for (int i = 0; i < QUERY_MEASURE_COUNT; i++)
			answer->measures[count++] = (enum query_measure)i;
	for (size_t i = 0; !answer->is_csv && i < always; i++)
		answer->measures[count++] = shown[i];
	for (size_t i = 0; !answer->is_csv && i < others; i++)
		if (is_any(total, shown_if_any[i]))
			answer->measures[count++] = shown_if_any[i];
	answer->measure_count = count;
}

static void
name_columns(struct answer *answer)
{
	const struct query *query = answer->query;
	struct table_column *column = answer->columns;

	for (size_t i = 0; i < query->by_count; i++, column++)
		*column =
		    (struct table_column){ query_dimension_name(query->by[i]),
			    TABLE_TEXT };
	for (size_t i = 0; i < answer->measure_count; i++, column++)
		*column = (struct table_column){
			query_measures_names[answer->measures[i]], TABLE_COUNT
		};
	if (query->lists_models)
		*column++ = (struct table_column){ "models", TABLE_TEXT };
	table_init(&answer->table, answer->arena, answer->columns,
	    (size_t)(column - answer->columns));
}

/* `0.5 s, 3 query`; in CSV a JSON object. */
static void
add_amounts(struct answer *answer, const struct query_measures *measures)
{
	struct arena *arena = answer->arena;
	const struct query_amount *amount;
	struct buf text = BUF_INIT;

	if (!measures->amounts) {
		table_null(&answer->table);
		return;
	}
	if (answer->is_csv)
		json_write_line(&text, query_measures_amounts(arena, measures));
	for (amount = measures->amounts; amount && !answer->is_csv;
	     amount = amount->next) {
		if (text.len > 0)
			buf_puts(&text, ", ");
		money_full(&text, amount->sum);
		buf_putc(&text, ' ');
		buf_add(&text, amount->unit.data, amount->unit.len);
	}
	table_text(&answer->table, buf_keep(&text, arena));
}

static void
add_value(struct answer *answer, const struct query_measures *measures,
    enum query_measure measure)
{
	struct query_value value = query_measures_value(measures, measure);

	if (value.kind == QUERY_KIND_COUNT)
		table_count(&answer->table, value.count);
	else if (value.kind == QUERY_KIND_MONEY)
		table_money(&answer->table, value.money);
	else if (value.kind == QUERY_KIND_AMOUNTS)
		add_amounts(answer, measures);
	else if (value.is_null)
		table_null(&answer->table);
	else
		table_number(&answer->table, value.ratio);
}

static void
add_models(struct answer *answer, const struct query_group *group)
{
	struct buf text = BUF_INIT;

	if (group->model_count == 0) {
		table_null(&answer->table);
		return;
	}
	for (size_t i = 0; i < group->model_count; i++) {
		if (i > 0)
			buf_puts(&text, ", ");
		buf_add(&text, group->models[i].data, group->models[i].len);
	}
	table_text(&answer->table, buf_keep(&text, answer->arena));
}

/* Null is an empty cell to programs. */
static void
add_name(struct answer *answer, struct text name)
{
	if (!name.data && !answer->is_csv)
		name = TEXT("(none)");
	table_text(&answer->table, name);
}

static void
add_group(struct answer *answer, const struct query_group *group)
{
	const struct query *query = answer->query;

	table_row(&answer->table);
	for (size_t i = 0; i < query->by_count; i++)
		if (group->values)
			add_name(answer, group->values[i]);
		else if (i == 0)
			table_string(&answer->table, "total");
		else
			table_string(&answer->table, "");
	for (size_t i = 0; i < answer->measure_count; i++)
		add_value(answer, &group->measures, answer->measures[i]);
	if (query->lists_models)
		add_models(answer, group);
}

static bool
tells_time(const struct query *query)
{
	for (size_t i = 0; i < query->by_count; i++)
		if (query->by[i] >= QUERY_DAY)
			return true;
	return query->filter->has_since || query->filter->has_until;
}

static void
add_notes(struct answer *answer, const struct usage_filter *options)
{
	const struct query *query = answer->query;
	struct arena *arena = answer->arena;
	int64_t unpriced = query->total.measures.count[QUERY_UNPRICED_CALLS];

	if (query->total.measures.count[QUERY_RECORDS] == 0)
		table_note(&answer->table, "no usage is recorded of this kind");
	if (query->left_out > 0)
		table_note(&answer->table,
		    arena_printf(arena, "%zu more group%s in the total",
			query->left_out,
			query->left_out == 1 ? " is" : "s are"));
	if (unpriced > 0)
		table_note(&answer->table,
		    arena_printf(arena,
			"the cost leaves out %" PRId64
			" call%s that nothing prices",
			unpriced, unpriced == 1 ? "" : "s"));
	if (tells_time(query))
		table_note(&answer->table,
		    arena_printf(arena, "days are those of %s",
			options->zone.name));
}

void
usage_answer_table(struct table *out, struct arena *arena,
    const struct query *query, const struct usage_filter *options, bool is_csv)
{
	struct answer *answer = arena_alloc(arena, sizeof(*answer));

	*answer =
	    (struct answer){ .arena = arena, .query = query, .is_csv = is_csv };
	choose_measures(answer);
	name_columns(answer);
	for (size_t i = 0; i < query->group_count; i++)
		add_group(answer, query->groups[i]);
	if (query->by_count == 0 || !is_csv)
		add_group(answer, &query->total);
	add_notes(answer, options);
	*out = answer->table;
}
