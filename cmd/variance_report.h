#ifndef METER_CMD_VARIANCE_REPORT_H
#define METER_CMD_VARIANCE_REPORT_H

/*
 * What the commands about daily variance have in common: how a proposal is
 * put into words, and a day's rows as a table.
 */

#include <stdbool.h>

struct arena;
struct days;
struct days_question;
struct error;
struct proposals_report;
struct table;

extern const struct proposals_report variance_report;

/*
 * Make a table of rows: for people a line for each measure, for CSV a line for
 * each scope's day with all its figures.
 */
void variance_report_table(struct table *out, struct arena *arena,
    const struct days *days, bool is_csv);

/*
 * Ask for the scopes of a dimension, `quest`, or for one, `quest:q-ri`; for all
 * where text is NULL.  ERROR_USAGE says what is wrong with it.
 */
int variance_report_scope(struct days_question *question, const char *text,
    struct error *err);

#endif
