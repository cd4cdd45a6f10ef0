#ifndef METER_CMD_PRICES_H
#define METER_CMD_PRICES_H

/*
 * How the rates commands show the entries of a rate table.  Prices of tokens
 * are shown for a million of them.
 */

#include <stdbool.h>

struct arena;
struct node;
struct rates_entry;
struct rates_prices;
struct table;

/* The names of the five columns that prices_add_cells fills, in order. */
#define PRICES_COLUMNS \
	{ "input", TABLE_MONEY }, { "output", TABLE_MONEY }, \
	    { "cache_read", TABLE_MONEY }, { "cache_write", TABLE_MONEY }, \
	    { "cache_write_1h", TABLE_MONEY }

/* What the figures of these columns are, as a line below a table. */
#define PRICES_UNIT "prices of tokens in USD per million"

/* Add the five prices; those whose flag in shown is not set are null. */
void prices_add_cells(struct table *table, const struct rates_prices *prices,
    const bool *shown);

/* Put the five prices, likewise, into map under their fields' names. */
void prices_put(struct arena *arena, struct node *map,
    const struct rates_prices *prices, const bool *shown);

/* An entry as an object: what it states, and where it stands. */
struct node *prices_entry_node(struct arena *arena,
    const struct rates_entry *entry);

/* Where an entry stands, and what it is called there, for JSON. */
struct node *prices_place_node(struct arena *arena,
    const struct rates_entry *entry);

/* "exact", "pattern" or "resource" */
const char *prices_kind(const struct rates_entry *entry);

/* An entry's day, NULL where that end is open. */
const char *prices_from(struct arena *arena, const struct rates_entry *entry);
const char *prices_to(struct arena *arena, const struct rates_entry *entry);

#endif
