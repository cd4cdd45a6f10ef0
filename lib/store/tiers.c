#include "lib/store/tiers.h"

#include "lib/store/entries.h"
#include "lib/store/workspace.h"

int
tiers_load(struct tiers *out, struct workspace *workspace, struct error *err)
{
	struct entries entries;

	if (entries_load(&entries, workspace, &tier_kind, err) < 0)
		return -1;
	out->map = entries.map;
	return tier_read(&out->table, workspace->arena, out->map, err);
}

int
tiers_change(struct workspace *workspace, struct entry_change *changes,
    size_t count, struct error *err)
{
	const struct entries_changes all = { &tier_kind, changes, count, NULL,
		NULL };

	return entries_change(workspace, &all, err);
}
