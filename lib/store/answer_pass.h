#ifndef METER_STORE_ANSWER_PASS_H
#define METER_STORE_ANSWER_PASS_H

/*
 * One pass over the usage, for several queries, and those who work at it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/file.h"
#include "lib/store/ledger_files.h"
#include "lib/store/rollup_make.h"

struct error;
struct ledger_question;
struct query;
struct query_measures;
struct records;
struct usage;

/* What a query needs of a rollup. */
struct answer_need {
	bool can_be_kept;
	uint32_t covers;	/* see rollup_sections_need */
};

/* What is to be done with a day. */
struct answer_day {
	bool *reads_rows;	/* of each query, whether it needs the rows */
	bool is_read;		/* any does */
	bool lacks_rollup;	/* one could be made */
};

struct answer_pass {
	struct records *records;
	struct ledger_question *question;
	struct ledger_files files;
	struct dir cache;
	struct when today;
	struct query *const *queries;
	struct answer_need *needs;	/* of each */
	size_t count;
	struct answer_day *days;	/* of each of the files */
};

/* What a thread adds up. */
struct answer_worker {
	const struct answer_pass *pass;
	struct arena arena;	/* for the pass */
	struct arena answers;	/* for what the queries find */
	struct query *const *queries;
	size_t *chosen;	/* the places of those that are given something now */
	size_t chosen_count;
	struct rollup_make make;
	struct file made;	/* the rollup, where one is made */
	bool is_making;
};

/*
 * Add a record to those of the worker's queries that are chosen, or what
 * several records like it come to, where it matches.
 */
int answer_pass_add(struct answer_worker *worker, const struct usage *usage,
    const struct query_measures *measures, struct error *err);

#endif
