#include "lib/core/query_write.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/base/threads.h"
#include "lib/core/query.h"
#include "lib/doc/json_write.h"

/* So many groups are worth another thread. */
#define GROUPS_A_THREAD ((size_t)2048)

/* How the members of a group begin, which stand two levels deep. */
struct keys {
	struct buf text;
	size_t ends[QUERY_DIMENSION_COUNT + QUERY_MEASURE_COUNT];
	size_t count;
};

static void
add_key(struct keys *keys, const char *name)
{
	buf_puts(&keys->text, keys->count == 0 ? "\n      \"" : ",\n      \"");
	buf_puts(&keys->text, name);
	buf_puts(&keys->text, "\": ");
	keys->ends[keys->count++] = keys->text.len;
}

static void
make_keys(struct keys *keys, const struct query *query)
{
	*keys = (struct keys){ .text = BUF_INIT };
	for (size_t i = 0; i < query->by_count; i++)
		add_key(keys, query_dimension_name(query->by[i]));
	for (int i = 0; i < QUERY_MEASURE_COUNT; i++)
		add_key(keys, query_measures_names[i]);
}

static void
put_key(struct buf *out, const struct keys *keys, size_t place)
{
	size_t start = place > 0 ? keys->ends[place - 1] : 0;

	buf_add(out, keys->text.text + start, keys->ends[place] - start);
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
	buf_puts(out, ",\n      \"models\": ");
	for (size_t i = 0; i < group->model_count; i++) {
		buf_puts(out, i > 0 ? ",\n        " : "[\n        ");
		put_name(out, group->models[i]);
	}
	buf_puts(out, group->model_count > 0 ? "\n      ]" : "[]");
}

/* Append a group as it stands in the list. */
static void
write_group(struct buf *out, const struct query *query,
    const struct query_group *group, const struct keys *keys)
{
	size_t place = 0;

	buf_puts(out, "\n    {");
	for (; place < query->by_count; place++) {
		put_key(out, keys, place);
		put_name(out, group->values[place]);
	}
	for (int i = 0; i < QUERY_MEASURE_COUNT; i++, place++) {
		put_key(out, keys, place);
		put_value(out, &group->measures, (enum query_measure)i);
	}
	if (query->lists_models)
		put_models(out, group);
	buf_puts(out, "\n    }");
}

/* Some of the groups, which a thread writes. */
struct part {
	const struct query *query;
	const struct keys *keys;
	struct buf *out, own;
	size_t first, end;
};

static void
write_part(void *data)
{
	struct part *part = data;

	for (size_t i = part->first; i < part->end; i++) {
		if (i > 0)
			buf_putc(part->out, ',');
		write_group(part->out, part->query, part->query->groups[i],
		    part->keys);
	}
}

static void
write_groups(struct buf *out, const struct query *query)
{
	const size_t groups = query->group_count;
	size_t count = groups / GROUPS_A_THREAD + 1, most = threads_count();
	struct part parts[THREADS_MAX];
	struct keys keys;

	make_keys(&keys, query);
	count = count < most ? count : most;
	for (size_t i = 0; i < count; i++) {
		parts[i] = (struct part){ .query = query,
			.keys = &keys,
			.own = BUF_INIT,
			.first = groups * i / count,
			.end = groups * (i + 1) / count };
		parts[i].out = i > 0 ? &parts[i].own : out;
	}
	threads_run(write_part, parts, sizeof(parts[0]), count);
	for (size_t i = 1; i < count; i++) {
		buf_add(out, parts[i].own.text, parts[i].own.len);
		buf_release(&parts[i].own);
	}
	buf_release(&keys.text);
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
	write_groups(out, query);
	if (query->group_count > 0)
		buf_puts(out, "\n  ");
	buf_puts(out, place);
	buf_release(&frame);
}
