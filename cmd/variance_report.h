#ifndef METER_CMD_VARIANCE_REPORT_H
#define METER_CMD_VARIANCE_REPORT_H

/*
 * What the commands about daily variance have in common: how a proposal is
 * put into words, and a day's rows as a table.
 */

#include <stdbool.h>

struct arena;
struct days;
struct proposals_report;
struct table;

extern const struct proposals_report variance_report;

/*
 * Make a table of rows: for people a line for each measure, for CSV a line for
 * each scope's day with all its figures.
 */
void variance_report_table(struct table *out, struct arena *arena,
    const struct days *days, bool is_csv);

#endif
