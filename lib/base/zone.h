#ifndef METER_BASE_ZONE_H
#define METER_BASE_ZONE_H

/*
 * Whose day it is.  Times are UTC everywhere; only where usage is grouped by
 * day or hour, or a day is asked for, may a zone be named, and here is the
 * one user of the system's zone tables.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/when.h"

struct error;

struct zone {
	const char *name;	/* as it was given; "UTC" by default */
	bool is_fixed;		/* ahead of UTC by a fixed time */
	int64_t ahead;		/* that time, in microseconds */
};

#define ZONE_UTC { "UTC", true, 0 }

/*
 * Take a zone: `UTC`, an offset such as `+01:00`, or a name of the system's
 * zone tables such as `Europe/Berlin`, which then is the process's zone; so a
 * program names one zone at most.  The name must live as long as the zone.
 * An unknown one is ERROR_USAGE.
 */
int zone_parse(struct zone *out, const char *name, struct error *err);

/* Whether its days are those of UTC; NULL is no zone. */
bool zone_is_utc(const struct zone *zone);

/*
 * The time as the clocks of the zone show it, as if that were UTC, so that
 * its day and hour are those of the zone.
 */
struct when zone_local(const struct zone *zone, struct when when);

/*
 * The moment when the clocks of the zone first show a time: the reverse of
 * zone_local.  Where they skip it, the moment they skip.
 */
struct when zone_moment(const struct zone *zone, struct when local);

#endif
