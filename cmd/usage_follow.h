#ifndef METER_CMD_USAGE_FOLLOW_H
#define METER_CMD_USAGE_FOLLOW_H

/*
 * `--follow`: a question that is asked again whenever what it is about may
 * have changed, by what was recorded since where that is enough.  On a
 * terminal its answer is a live panel; elsewhere each answer that is another
 * than the one before is printed: a table, an empty line before it, or one
 * line of JSON.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/opt.h"
#include "lib/store/ledger.h"

struct session;
struct session_format;
struct usage_filter;

/* How an answer is to be shown. */
struct usage_follow_view {
	size_t rows;	/* lines that can be seen; 0: all */
	size_t tail;	/* set to how many at the end are to be, in any case */
};

struct usage_follow {
	struct session *session;
	struct usage_filter *filter;
	const struct session_format *format;
	bool has_runs;	/* it is about runs too, not events alone */
	void *data;	/* for the functions */
	/*
	 * Read everything; the filter's options were taken.  What is taken
	 * from the session's arena lasts until this is called again.
	 */
	int (*ask)(struct session *session, void *data);
	ledger_visitor *add;	/* one more record */
	/*
	 * Append the answer to the session's output.  What is taken from the
	 * session's arena lasts until it is shown.
	 */
	int (*show)(struct session *session, void *data,
	    struct usage_follow_view *view);
};

/* The row of an option table. */
#define USAGE_FOLLOW_OPTION(flag)                                              \
	OPT_FLAG('\0', "follow", flag,                                         \
	    "show it live: again whenever something is recorded")

/*
 * Ask and show until nobody looks any more, and return the exit status.
 * Periods are taken as of the start.
 */
int usage_follow(struct usage_follow *follow);

#endif
