#ifndef METER_CMD_USAGE_FILTER_H
#define METER_CMD_USAGE_FILTER_H

/*
 * The options that say which records a question is about, `--model`,
 * `--not-model` …, `--since`, `--until`, and whose day it is: those of every
 * command that asks.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/opt.h"
#include "lib/base/zone.h"
#include "lib/core/query_filter.h"
#include "lib/store/ledger.h"

struct node;
struct session;
struct session_format;
struct table;

enum { USAGE_FILTER_OTHERS = 7 };

struct usage_filter {
	/* What the options say. */
	struct opt_list wanted[QUERY_DIMENSION_COUNT];
	struct opt_list unwanted[QUERY_DIMENSION_COUNT];
	const char *ref_type, *ref_id, *since, *until, *tz;
	bool skip_damaged;
	struct opt rows[2 * QUERY_DIMENSION_COUNT + USAGE_FILTER_OTHERS];
	/* What they come to. */
	struct zone zone;
	struct text current;	/* the open session, where it is asked for */
	struct query_filter filter;
	struct ledger_question question;
};

/* Set up the rows, to be included in a command's table. */
void usage_filter_init(struct usage_filter *options, struct session *session);

/*
 * Take the options.  What is wrong with them is ERROR_USAGE; that `current` is
 * asked for and no session is open, ERROR_NO_INPUT.
 */
int usage_filter_take(struct usage_filter *options, struct session *session);

/* The id of the open session; ERROR_NO_INPUT where there is none. */
int usage_filter_current(struct text *out, struct session *session);

/* Note what there is to say of the rows left out. */
void usage_filter_note(struct usage_filter *options, struct session *session);

/* Show an answer, with that note. */
void usage_filter_show(struct usage_filter *options, struct session *session,
    const struct session_format *format, struct node *document,
    struct table *table);

#endif
