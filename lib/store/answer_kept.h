#ifndef METER_STORE_ANSWER_KEPT_H
#define METER_STORE_ANSWER_KEPT_H

/*
 * Answering from the rollups, where they can.
 */

#include <stddef.h>

struct answer_pass;
struct answer_worker;
struct error;

/*
 * Decide of each day what is to be done with it, and give the queries what
 * its rollup has for them.  What is left to read is then said in the days.
 */
int answer_kept(struct answer_pass *pass, struct answer_worker *workers,
    size_t count, struct error *err);

#endif
