#ifndef METER_CMD_USAGE_COLLECT_H
#define METER_CMD_USAGE_COLLECT_H

/*
 * Adding up what a question is about.
 */

struct query;
struct session;
struct usage_filter;

/*
 * Give the query, whose filter is the options', everything that there is, on
 * all processors; it is then to be finished.
 */
int usage_collect(struct session *session, struct usage_filter *options,
    struct query *query);

#endif
