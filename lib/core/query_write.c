#include "lib/core/query_write.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/core/query.h"
#include "lib/doc/json_write.h"

/* Begin a member of a group, which stands two levels deep. */
static void
put_key(struct buf *out, const char *key, bool is_first)
{
	buf_puts(out, is_first ? "\n      \"" : ",\n      \"");
	buf_puts(out, key);
	buf_puts(out, "\": ");
}

static void
put_name(struct buf *out, struct text name)
{
	if (name.data)
		json_write_text(out, name);
	else
		buf_puts(out, "null");
}

static void
put_amounts(struct buf *out, const struct query_measures *measures)
{
	const struct query_amount *amount;
	const char *before = "{\n        ";

	for (amount = measures->amounts; amount; amount = amount->next) {
		buf_puts(out, before);
		put_name(out,
		    amount->unit.data ? amount->unit : TEXT("(none)"));
		buf_puts(out, ": ");
		money_full(out, amount->sum);
		before = ",\n        ";
	}
	buf_puts(out, measures->amounts ? "\n      }" : "{}");
}

static void
put_value(struct buf *out, const struct query_measures *measures,
    enum query_measure measure)
{
	struct query_value value = query_measures_value(measures, measure);

	if (value.kind == QUERY_KIND_COUNT)
		number_whole(out, value.count);
	else if (value.kind == QUERY_KIND_MONEY)
		money_full(out, value.money);
	else if (value.kind == QUERY_KIND_AMOUNTS)
		put_amounts(out, measures);
	else if (value.is_null)
		buf_puts(out, "null");
	else
		number_plain(out, value.ratio);
}

static void
put_models(struct buf *out, const struct query_group *group)
{
	put_key(out, "models", false);
	for (size_t i = 0; i < group->model_count; i++) {
		buf_puts(out, i > 0 ? ",\n        " : "[\n        ");
		put_name(out, group->models[i]);
	}
	buf_puts(out, group->model_count > 0 ? "\n      ]" : "[]");
}

/* Append a group as it stands in the list. */
static void
write_group(struct buf *out, const struct query *query,
    const struct query_group *group)
{
	buf_puts(out, "\n    {");
	for (size_t i = 0; i < query->by_count; i++) {
		put_key(out, query_dimension_name(query->by[i]), i == 0);
		put_name(out, group->values[i]);
	}
	for (int i = 0; i < QUERY_MEASURE_COUNT; i++) {
		put_key(out, query_measures_names[i], false);
		put_value(out, &group->measures, (enum query_measure)i);
	}
	if (query->lists_models)
		put_models(out, group);
	buf_puts(out, "\n    }");
}

void
query_write_json(struct buf *out, const struct query *query)
{
	static const char empty[] = "\"groups\": [";
	struct query none = *query;
	struct buf frame = BUF_INIT;
	const char *place;

	none.group_count = 0;
	json_write_pretty(&frame, query_node(&none));
	place = strstr(frame.text, empty) + strlen(empty);
	buf_add(out, frame.text, (size_t)(place - frame.text));
	for (size_t i = 0; i < query->group_count; i++) {
		if (i > 0)
			buf_putc(out, ',');
		write_group(out, query, query->groups[i]);
	}
	if (query->group_count > 0)
		buf_puts(out, "\n  ");
	buf_puts(out, place);
	buf_release(&frame);
}
