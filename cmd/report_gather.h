#ifndef METER_CMD_REPORT_GATHER_H
#define METER_CMD_REPORT_GATHER_H

/*
 * Gathering what the dashboard shows.
 */

struct dashboard;
struct session;
struct usage_filter;

/*
 * Take the options and ask for everything, in one pass over the usage.  The
 * run is the last one, or, where there are filters, the last one that has
 * usage that matches.  It lives as long as the command.
 */
int report_gather(struct dashboard *out, struct session *session,
    struct usage_filter *options);

#endif
