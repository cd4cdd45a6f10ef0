#ifndef METER_STORE_ROLLUP_WRITE_H
#define METER_STORE_ROLLUP_WRITE_H

#include <stdbool.h>

struct buf;
struct cache_state;
struct rollup_make;

/*
 * Append the rollup of all that was added, which stood in a file of that
 * state; false where there can be none.
 */
bool rollup_write(struct buf *out, const struct rollup_make *make,
    const struct cache_state *state);

#endif
