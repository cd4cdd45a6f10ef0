#ifndef METER_REPORT_SCOPE_H
#define METER_REPORT_SCOPE_H

/*
 * What a scope used, as tables for people.
 */

#include <stdbool.h>

struct buf;
struct query_summary;
struct table;

/* The scope's figures, and those of each resource, model and agent, in the
 * summary's arena. */
void scope_table(struct table *table, const struct query_summary *summary);

/*
 * Append what stands out of them (tokens, API calls, CPU and so on) and that
 * table under a line that says whose they are, as Markdown or HTML; only says,
 * in words, which part of the scope's usage is meant, or is NULL.
 */
void scope_body(struct buf *out, const struct query_summary *summary,
    const char *only, bool is_html);

#endif
