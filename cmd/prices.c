#include "cmd/prices.h"

#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/core/rates_table.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"

void
prices_add_cells(struct table *table, const struct rates_prices *prices,
    const bool *shown)
{
	struct money price;

	for (int m = 0; m < RATES_MEASURES; m++)
		if (shown[m] &&
		    rates_table_per_mtok(&price, prices->token[m]) == 0)
			table_money(table, price);
		else
			table_null(table);
}

void
prices_put(struct arena *arena, struct node *map,
    const struct rates_prices *prices, const bool *shown)
{
	struct money price;

	for (int m = 0; m < RATES_MEASURES; m++) {
		bool fits = rates_table_per_mtok(&price, prices->token[m]) == 0;

		node_put(arena, map, rates_table_field((enum rates_measure)m),
		    shown[m] && fits ? node_amount(arena, price)
				     : node_null(arena));
	}
}

const char *
prices_kind(const struct rates_entry *entry)
{
	static const char *const kinds[] = {
		[RATES_EXACT] = "exact",
		[RATES_PATTERN] = "pattern",
		[RATES_RESOURCE] = "resource",
	};

	return kinds[entry->kind];
}

static const char *
day(struct arena *arena, struct when when)
{
	struct buf text = BUF_INIT;
	const char *copy;

	when_day(&text, when);
	copy = arena_copy(arena, text.text, text.len);
	buf_release(&text);
	return copy;
}

const char *
prices_from(struct arena *arena, const struct rates_entry *entry)
{
	return entry->from.micros == INT64_MIN ? NULL : day(arena, entry->from);
}

const char *
prices_to(struct arena *arena, const struct rates_entry *entry)
{
	return entry->to.micros == INT64_MAX ? NULL : day(arena, entry->to);
}

static void
put_place(struct arena *arena, struct node *map,
    const struct rates_entry *entry)
{
	node_put(arena, map, "file", node_string(arena, entry->file));
	node_put(arena, map, "line", node_int(arena, entry->line));
}

/* The fields' order is that of DESIGN.md 4. */
struct node *
prices_place_node(struct arena *arena, const struct rates_entry *entry)
{
	struct node *map = node_map(arena);

	put_place(arena, map, entry);
	node_put(arena, map, "match", node_text(arena, entry->match));
	return map;
}

static struct node *
above_node(struct arena *arena, const struct rates_entry *entry)
{
	struct node *list = node_list(arena);

	for (size_t i = 0; i < entry->above_count; i++) {
		const struct rates_above *above = &entry->above[i];
		struct node *map = node_map(arena);

		node_put(arena, map, "prompt_tokens",
		    node_int(arena, above->prompt_tokens));
		prices_put(arena, map, &above->prices, above->own);
		node_add(list, map);
	}
	return list;
}

static void
put_resource(struct arena *arena, struct node *map,
    const struct rates_entry *entry)
{
	node_put(arena, map, "resource", node_text(arena, entry->resource));
	node_put(arena, map, "per_call",
	    entry->has_per_call ? node_amount(arena, entry->per_call)
				: node_null(arena));
	node_put(arena, map, "per_unit",
	    entry->has_per_unit ? node_amount(arena, entry->per_unit)
				: node_null(arena));
	node_put(arena, map, "unit", node_text(arena, entry->unit));
}

struct node *
prices_entry_node(struct arena *arena, const struct rates_entry *entry)
{
	struct node *map = node_map(arena);

	node_put(arena, map, "kind", node_string(arena, prices_kind(entry)));
	node_put(arena, map, "match", node_text(arena, entry->match));
	if (entry->kind == RATES_RESOURCE) {
		put_resource(arena, map, entry);
	} else {
		/* The one name that it is for, where it is for one. */
		node_put(arena, map, "model", node_text(arena, entry->literal));
		prices_put(arena, map, &entry->prices, entry->prices.given);
		node_put(arena, map, "above", above_node(arena, entry));
	}
	node_put(arena, map, "from",
	    node_string(arena, prices_from(arena, entry)));
	node_put(arena, map, "to", node_string(arena, prices_to(arena, entry)));
	node_put(arena, map, "source", node_text(arena, entry->source));
	put_place(arena, map, entry);
	return map;
}
