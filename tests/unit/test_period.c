#include "lib/base/period.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/zone.h"

/* A Sunday; in Auckland it is Monday already. */
#define NOW "2026-11-22T15:30:00.25Z"

static void
expect(const char *zone_name, const char *text, char *wanted)
{
	struct when now = { 0 }, got = { 0 };
	struct buf shown = BUF_INIT;
	struct zone zone = ZONE_UTC;
	struct error err = { 0 };

	cr_assert(eq(int, when_parse(&now, NOW, strlen(NOW)), 0));
	cr_assert(eq(int, zone_parse(&zone, zone_name, &err), 0));
	cr_assert(eq(int, period_start(&got, text, now, &zone, &err), 0),
	    "%s: %s", text, err.text);
	when_json(&shown, got);
	cr_expect(eq(str, shown.text, wanted), "%s in %s", text, zone_name);
	buf_release(&shown);
}

Test(period, begins_with_its_first_day)
{
	static char *const rows[][2] = {
		{ "2026-11-20", "2026-11-20T00:00:00Z" },
		{ "20261120", "2026-11-20T00:00:00Z" },
		{ "2026-02", "2026-02-01T00:00:00Z" },
		{ "2025", "2025-01-01T00:00:00Z" },
		{ "2026q4", "2026-10-01T00:00:00Z" },
		{ "2025Q1", "2025-01-01T00:00:00Z" },
		{ "q2", "2026-04-01T00:00:00Z" },
		{ "today", "2026-11-22T00:00:00Z" },
		{ "Yesterday", "2026-11-21T00:00:00Z" },
		{ "tomorrow", "2026-11-23T00:00:00Z" },
		{ "this week", "2026-11-16T00:00:00Z" },
		{ "last week", "2026-11-09T00:00:00Z" },
		{ "next week", "2026-11-23T00:00:00Z" },
		{ "this month", "2026-11-01T00:00:00Z" },
		{ "last month", "2026-10-01T00:00:00Z" },
		{ "this quarter", "2026-10-01T00:00:00Z" },
		{ "last quarter", "2026-07-01T00:00:00Z" },
		{ "last year", "2025-01-01T00:00:00Z" },
		{ "7 days ago", "2026-11-15T00:00:00Z" },
		{ "1 day ago", "2026-11-21T00:00:00Z" },
		{ "2 weeks ago", "2026-11-08T00:00:00Z" },
		{ "11 months ago", "2025-12-01T00:00:00Z" },
		{ "2 years ago", "2024-01-01T00:00:00Z" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect("UTC", rows[i][0], rows[i][1]);
}

Test(period, is_a_moment_where_one_is_named)
{
	static char *const rows[][2] = {
		{ "now", "2026-11-22T15:30:00.250000Z" },
		{ "7d", "2026-11-15T15:30:00.250000Z" },
		{ "2W", "2026-11-08T15:30:00.250000Z" },
		{ "12h", "2026-11-22T03:30:00.250000Z" },
		{ "90m", "2026-11-22T14:00:00.250000Z" },
		{ "3 hours ago", "2026-11-22T12:30:00.250000Z" },
		{ "2026-11-07T11:00:00+01:00", "2026-11-07T10:00:00Z" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		expect("UTC", rows[i][0], rows[i][1]);
		expect("-05:00", rows[i][0], rows[i][1]);
	}
}

Test(period, has_the_days_of_the_zone)
{
	expect("Pacific/Auckland", "today", "2026-11-22T11:00:00Z");
	expect("Pacific/Auckland", "this week", "2026-11-22T11:00:00Z");
	expect("Pacific/Auckland", "2026-07", "2026-06-30T12:00:00Z");
	expect("-08:00", "yesterday", "2026-11-21T08:00:00Z");
}

Test(period, refuses_what_is_none)
{
	static const char *const texts[] = { "", "7", "d", "7x", "7 days",
		"7 ago", "7  days ago", "-7d", "99999999d", "2026-13",
		"2026-02-30", "20260230", "2026q5", "q0", "q", "0000", "last",
		"last hour", "next ", "last fortnight", "20266", "2026-1",
		"4000000 years ago", "9999999999999999999d",
		"2026-11-22T08:00:00", "2026-11-22 ", "\x1b[0m",
		"yesterday, all my troubles seemed so far away indeed" };
	struct when now = { 0 };
	struct zone zone = ZONE_UTC;

	cr_assert(eq(int, when_parse(&now, NOW, strlen(NOW)), 0));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct when got = { 42 };
		struct error err = { 0 };

		cr_expect(eq(int,
			      period_start(&got, texts[i], now, &zone, &err),
			      -1),
		    "'%s'", texts[i]);
		cr_expect(eq(int, err.kind, ERROR_USAGE));
		cr_expect(eq(i64, got.micros, 42));
		cr_expect(strchr(err.text, '\x1b') == NULL);
	}
}
