#ifndef METER_CMD_USAGE_ANSWER_H
#define METER_CMD_USAGE_ANSWER_H

/*
 * The answer to a question as a table.
 */

#include <stdbool.h>

struct arena;
struct query;
struct table;
struct usage_filter;

/*
 * Make a table of a query that is finished: for people, with the measures
 * that there is something to say of and a total, or for CSV, with all of
 * them.  It lives in the arena.
 */
void usage_answer_table(struct table *out, struct arena *arena,
    const struct query *query, const struct usage_filter *options,
    bool is_csv);

#endif
