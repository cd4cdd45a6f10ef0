#ifndef METER_CORE_RATES_READ_H
#define METER_CORE_RATES_READ_H

/*
 * Reading a rate table from its document.
 */

struct arena;
struct node;
struct rates_table;

/*
 * Read the document root (NULL or null: an empty table) from the given file,
 * whose name lives as long as the arena.  What is wrong goes to
 * table->problems, and the entry it is in is left out; a table with a
 * RATES_ERROR is not to be used.
 */
struct rates_table *rates_read(struct arena *arena, const char *file,
    const struct node *root);

#endif
