#ifndef METER_STORE_ANSWER_ROWS_H
#define METER_STORE_ANSWER_ROWS_H

/*
 * Answering from the records themselves, and making rollups on the way.
 */

#include <stddef.h>

struct answer_pass;
struct answer_worker;
struct error;

/* Give all queries of the worker the buckets of the time asked for. */
int answer_rows_buckets(struct answer_worker *worker, struct error *err);

/*
 * Give the queries the rows of those days that they still need, and make the
 * rollups that these days lack.
 */
int answer_rows(struct answer_pass *pass, struct answer_worker *workers,
    size_t count, struct error *err);

#endif
