#ifndef METER_BASE_PERIOD_H
#define METER_BASE_PERIOD_H

/*
 * Times as people say them (formats.md 8).
 */

#include "lib/base/when.h"

struct error;
struct zone;

/*
 * When a period begins, as seen from now.  Understood are an RFC 3339 time
 * and `now`, themselves; a day (`2026-11-22`, `20261122`), a month
 * (`2026-11`), a quarter (`2026q4`, `q4` of this year), a year (`2026`),
 * `today`, `yesterday`, `tomorrow`, `this`, `last` or `next` and `week`,
 * `month`, `quarter` or `year`, and `7 days ago`, `2 weeks ago` (that day),
 * `3 months ago` (that month, quarter or year), which begin with their first
 * day in the zone, weeks on Monday; and `90m`, `12h`, `7d`, `2w`, or `12 hours
 * ago`, the moment so long before now.  Upper and lower case are the same.
 * Anything else, and what lies outside the years 1 to 9999, is ERROR_USAGE.
 */
int period_start(struct when *out, const char *text, struct when now,
    const struct zone *zone, struct error *err);

#endif
