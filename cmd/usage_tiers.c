#include "cmd/usage_tiers.h"

#include "cmd/session.h"
#include "cmd/usage_filter.h"
#include "lib/core/query.h"
#include "lib/store/tiers.h"

/* The tiers that there are groups of, found by their name alone. */
static void
list_tiers(struct query_group_table *out, struct arena *arena,
    const struct query *query)
{
	const struct query_group_table *table = &query->table;

	query_group_init(out, arena, 1);
	for (size_t i = 0; i < table->slot_count; i++)
		if (table->slots[i])
			query_group_find(out, table->slots[i]->values);
}

int
usage_tiers_add(struct session *session, struct usage_filter *options,
    struct query *query)
{
	struct query_group_table there;
	struct tiers tiers;

	if (query->by_count != 1 ||
	    query->by[0] != (enum query_dimension)USAGE_TIER)
		return 0;
	if (tiers_load(&tiers, &session->workspace, &session->err) < 0)
		return -1;
	list_tiers(&there, &session->arena, query);
	for (size_t i = 0; i < tiers.table.count; i++) {
		const struct tier *tier = &tiers.table.tiers[i];
		const struct text values[2] = { tier->name, tier->model };
		size_t before = there.count;
		int matches = query_filter_matches_name(&options->filter,
		    query->by[0], tier->name, &session->err);

		if (matches < 0)
			return -1;
		query_group_find(&there, &tier->name);
		if (matches && there.count > before)
			query_group_find(&query->table, values);
	}
	return 0;
}
