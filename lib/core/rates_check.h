#ifndef METER_CORE_RATES_CHECK_H
#define METER_CORE_RATES_CHECK_H

/*
 * What is wrong with a rate table that can be read: entries that are never
 * reached, and prices that nobody charges.
 */

struct arena;
struct rates_table;

/*
 * Append to table->problems: a RATES_ERROR for each pattern or resource that
 * is stated twice or lies wholly behind one before it, or behind an exact
 * entry; a RATES_WARNING for cache prices that are odd.  That a pattern is
 * behind another is said only where it is sure.
 */
void rates_check(struct rates_table *table, struct arena *arena);

#endif
