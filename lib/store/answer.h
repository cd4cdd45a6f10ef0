#ifndef METER_STORE_ANSWER_H
#define METER_STORE_ANSWER_H

/*
 * Answering questions: many at once, in one pass over the usage, on all
 * processors, and from what is kept of days that are over where that is
 * enough.
 */

#include <stddef.h>

struct error;
struct ledger_question;
struct query;
struct query_summary;
struct records;

/*
 * Give each of the queries all records of the time asked for; those that
 * match its filter are added.  The queries may share filters; each may limit
 * the time further.  They take memory from one arena.  What they hold before
 * stays, and they are to be finished by the caller.
 */
int answer_queries(struct records *records, struct ledger_question *question,
    struct query *const *queries, size_t count, struct error *err);

/* Give the summaries all they need, in one pass; they are to be finished by
 * the caller, and take memory from one arena. */
int answer_summaries(struct records *records,
    struct ledger_question *question, struct query_summary *const *summaries,
    size_t count, struct error *err);

#endif
