#ifndef METER_STORE_ANSWER_NEWEST_H
#define METER_STORE_ANSWER_NEWEST_H

#include <stdbool.h>

struct error;
struct ledger_question;
struct query_filter;
struct query_newest;
struct records;

/*
 * Put the newest records of the time asked for that match the filter into
 * newest, from the newest day on, and read no day that has none of them: but
 * where all are wanted, or damaged rows are counted.  The buckets of the runs
 * are among them with has_buckets.
 */
int answer_newest(struct records *records, struct ledger_question *question,
    struct query_filter *filter, bool has_buckets,
    struct query_newest *newest, struct error *err);

#endif
