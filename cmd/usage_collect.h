#ifndef METER_CMD_USAGE_COLLECT_H
#define METER_CMD_USAGE_COLLECT_H

/*
 * Adding up what questions are about.
 */

#include <stddef.h>

struct query;
struct session;
struct usage_filter;

/*
 * Give the queries, whose filter is the options', everything that there is;
 * they are then to be finished.
 */
int usage_collect(struct session *session, struct usage_filter *options,
    struct query *const *queries, size_t count);

#endif
