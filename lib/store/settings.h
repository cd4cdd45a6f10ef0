#ifndef METER_STORE_SETTINGS_H
#define METER_STORE_SETTINGS_H

/*
 * The files that people write for meter: model-rates.yaml (prices) and
 * meter.yaml (limits).  What is wrong in them is ERROR_CONFIG, with its place.
 */

#include <stddef.h>

struct arena;
struct error;
struct limit;
struct rates;
struct rates_table;

/*
 * The prices that hold in the workspace root (an absolute path): the nearest
 * model-rates.yaml from there upwards over the table that is compiled in.
 * They live in the arena.
 */
int settings_rates(struct rates **out, struct arena *arena, const char *root,
    struct error *err);

/*
 * One rate table, for who checks it: the file at path (`-`: standard input).
 * What is wrong with its entries is in its problems; only what cannot be read
 * as YAML at all fails, as ERROR_NO_INPUT or ERROR_DATA: here the table is
 * input.
 */
int settings_rates_file(struct rates_table **out, struct arena *arena,
    const char *path, struct error *err);

/*
 * The limits that the workspace's meter.yaml sets for a run; *count is 0
 * where it sets none.  They live in the arena.
 */
int settings_limits(struct limit **out, size_t *count, struct arena *arena,
    const char *root, struct error *err);

#endif
