#include "lib/core/tier.h"

#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/core/usage.h"
#include "lib/doc/node.h"

static const char *
problem(size_t field, struct text value)
{
	(void)field;
	return usage_name_problem(value);
}

static int
read_tier(struct tier *out, const struct node *stored, struct error *err)
{
	const struct node *model;
	const char *wrong;

	*out = (struct tier){ .name = stored->key };
	wrong = usage_name_problem(stored->key);
	if (stored->key.len == 0)
		wrong = "is empty";
	if (wrong)
		return node_error(err, stored, "the name %s", wrong);
	if (node_expect_map(stored, err) < 0)
		return -1;
	model = node_find(stored, "model");
	if (node_get_string(&out->model, model, err) < 0)
		return -1;
	wrong = out->model.data ? usage_name_problem(out->model) : NULL;
	if (out->model.len == 0)
		out->model = TEXT_NULL;
	return wrong ? node_error(err, model, "%s", wrong) : 0;
}

static int
check(const struct node *stored, struct error *err)
{
	struct tier ignored;

	return read_tier(&ignored, stored, err);
}

const struct entry_kind tier_kind = {
	.noun = "tier",
	.plural = "tiers",
	.id = "name",
	.other_id = "tier",
	.fields = { [TIER_MODEL] = "model" },
	.field_count = 1,
	.problem = problem,
	.check = check,
};

static int
compare_tiers(const void *left, const void *right)
{
	const struct tier *a = left, *b = right;

	return text_compare(a->name, b->name);
}

int
tier_read(struct tier_table *out, struct arena *arena, const struct node *map,
    struct error *err)
{
	*out = (struct tier_table){ .count = 0 };
	if (!map)
		return 0;
	out->tiers = arena_array(arena, map->count + 1, sizeof(*out->tiers));
	for (const struct node *node = map->first; node; node = node->next)
		if (read_tier(&out->tiers[out->count++], node, err) < 0)
			return -1;
	qsort(out->tiers, out->count, sizeof(*out->tiers), compare_tiers);
	return 0;
}

const struct tier *
tier_find(const struct tier_table *table, struct text name)
{
	const struct tier wanted = { .name = name };

	if (table->count == 0 || !name.data)
		return NULL;
	return bsearch(&wanted, table->tiers, table->count,
	    sizeof(*table->tiers), compare_tiers);
}

void
tier_fill(const struct tier_table *table, struct usage *usage)
{
	struct text *dimension = usage->dimension;
	const struct tier *tier;

	if (dimension[USAGE_MODEL].data ||
	    !text_is(dimension[USAGE_RESOURCE], "llm"))
		return;
	tier = tier_find(table, dimension[USAGE_TIER]);
	if (tier)
		dimension[USAGE_MODEL] = tier->model;
}
