#ifndef METER_CMD_DAY_OPTION_H
#define METER_CMD_DAY_OPTION_H

/*
 * Days on the command line.
 */

struct session;
struct when;

/*
 * Take a UTC day, as `2026-11-22`, `yesterday`, `3 days ago`: the start of the
 * day that the text, as --since understands it, is in.  What makes no sense
 * is ERROR_USAGE.
 */
int day_option_take(struct when *out, struct session *session,
    const char *text);

#endif
