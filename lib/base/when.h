#ifndef METER_BASE_WHEN_H
#define METER_BASE_WHEN_H

/*
 * Points in time, in UTC, to the microsecond, and days.  Text is RFC 3339
 * (which ISO 8601 texts with 'T' and an offset are).  Nothing here reads the
 * clock or the time zone: a clock is handed in by who has one.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

struct when {
	int64_t micros;	/* since 1970-01-01T00:00:00Z, leap seconds apart */
};

/* Asked for the time at the moment it matters: once the lock is held. */
struct when_clock {
	struct when (*read)(void *data);
	void *data;
};

/*
 * Read an RFC 3339 time: `2026-11-22T08:00:00Z`, 't' 'z' and a blank for 'T'
 * too, with a fraction of any length (digits past the sixth are cut) and an
 * offset `Z`, `+01:00` or `-23:59`.  A leap second (:60, at the end of a UTC
 * day) reads as the second after.  Years 0001 to 9999, in UTC too, and days
 * that exist.  Return 0, or -1 with *out untouched.
 */
int when_parse(struct when *out, const char *text, size_t len);

/*
 * Read a day, `2026-11-22`, as the time it starts.  Return 0, or -1 with
 * *out untouched.
 */
int when_parse_day(struct when *out, const char *text, size_t len);

/* Append `2026-11-22T08:00:00.123456+00:00`, no fraction where it is zero. */
void when_yaml(struct buf *out, struct when when);

/* Append `2026-11-22T08:00:00.123456Z`, likewise: for CSV and JSON. */
void when_json(struct buf *out, struct when when);

/* Append `2026-11-22 08:00:00`: for tables that people read. */
void when_people(struct buf *out, struct when when);

/* Append the UTC day, `2026-11-22`. */
void when_day(struct buf *out, struct when when);

/* A day of the Gregorian calendar, reaching back before its invention. */
struct when_date {
	int64_t year;
	int month, day;
};

/* The UTC day that the time lies in. */
struct when_date when_date(struct when when);

/* The start of a day that exists, in UTC. */
struct when when_of_date(struct when_date date);

/* The start of the UTC day that the time lies in. */
struct when when_day_start(struct when when);

/* The time days later (earlier where negative); it is the caller's to keep
 * within the years 0001 to 9999. */
struct when when_add_days(struct when when, int64_t days);

#endif
