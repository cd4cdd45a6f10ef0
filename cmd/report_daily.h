#ifndef METER_CMD_REPORT_DAILY_H
#define METER_CMD_REPORT_DAILY_H

/*
 * The days that a report compares with their allocations.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/when.h"

struct dashboard_daily;
struct session;
struct usage_filter;

enum {
	REPORT_DAILY_DAYS = 14,
	REPORT_DAILY_MOST = 366,
};

/*
 * The rows of the days of a dashboard, and its alerts with what is proposed:
 * the 14 days before today, or where the options name a time, the days of
 * that, up to 92, that are over.  Where they name a dimension, only its
 * scopes that match, since those of others hold more than is asked for.
 */
int report_daily_filtered(struct dashboard_daily *out, struct session *session,
    struct usage_filter *options, struct when now);

/*
 * The rows of a heatmap: count days before today, of all scopes, or of
 * `DIM` or `DIM:ID` where that is not NULL; all is also of those without an
 * allocation.
 */
int report_daily_scopes(struct dashboard_daily *out, struct session *session,
    const char *scope, bool all, size_t count, struct when now);

#endif
