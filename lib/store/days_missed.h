#ifndef METER_STORE_DAYS_MISSED_H
#define METER_STORE_DAYS_MISSED_H

/*
 * Which days are to be caught up with: those that nobody stored, or stored for
 * some of their scopes alone.
 */

#include "lib/base/when.h"

struct days_question;
struct error;
struct workspace;

enum {
	/* Days that are looked at, which end with the newest one stored: what
	 * is looked at does not grow with the years. */
	DAYS_MISSED_REACH = 31,
};

/*
 * The first day up to last that was missed: one of which a scope that had an
 * allocation, and is of those that the question is about, has no stored row.
 * Those after the newest day that is stored all are, those before the oldest
 * one, or DAYS_MISSED_REACH days before the newest, none.  Where nothing is
 * stored, or was missed, it is the last day.
 */
int days_missed(struct when *out, struct workspace *workspace,
    const struct days_question *question, struct when last, struct error *err);

#endif
