#include "lib/base/zone.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/text.h"

static struct when
when_of(const char *text)
{
	struct when when = { 0 };

	cr_assert(eq(int, when_parse(&when, text, strlen(text)), 0));
	return when;
}

static const char *
shown(struct when when)
{
	static struct buf text = BUF_INIT;

	buf_reset(&text);
	when_json(&text, when);
	return text.text;
}

static struct zone
zone_of(const char *name)
{
	struct zone zone = ZONE_UTC;
	struct error err = { 0 };

	cr_assert(eq(int, zone_parse(&zone, name, &err), 0), "%s", err.text);
	return zone;
}

Test(zone, shows_what_its_clocks_show)
{
	static const struct {
		const char *zone, *at, *local;
	} rows[] = {
		{ "UTC", "2026-11-22T08:00:00Z", "2026-11-22T08:00:00Z" },
		{ "+01:00", "2026-11-22T23:30:00Z", "2026-11-23T00:30:00Z" },
		{ "-03:30", "2026-11-22T01:00:00Z", "2026-11-21T21:30:00Z" },
		{ "Europe/Berlin", "2026-11-22T08:00:00Z",
		    "2026-11-22T09:00:00Z" },
		{ "Europe/Berlin", "2026-07-01T08:00:00Z",
		    "2026-07-01T10:00:00Z" },
		{ "Asia/Kolkata", "1969-12-31T23:59:59.5Z",
		    "1970-01-01T05:29:59.5Z" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zone zone = zone_of(rows[i].zone);
		const struct when local =
		    zone_local(&zone, when_of(rows[i].at));

		cr_expect(eq(i64, local.micros, when_of(rows[i].local).micros),
		    "%s in %s: %s", rows[i].at, rows[i].zone, shown(local));
	}
}

Test(zone, finds_the_moment_of_what_the_clocks_show)
{
	static const struct {
		const char *zone, *local, *at;
	} rows[] = {
		{ "UTC", "2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z" },
		{ "+05:45", "2026-11-22T00:00:00Z", "2026-11-21T18:15:00Z" },
		{ "Europe/Berlin", "2026-11-22T00:00:00Z",
		    "2026-11-21T23:00:00Z" },
		/* Clocks are put forth: 02:30 is never shown. */
		{ "Europe/Berlin", "2026-03-29T02:30:00Z",
		    "2026-03-29T01:00:00Z" },
		/* Samoa has no 30th of December 2011. */
		{ "Pacific/Apia", "2011-12-30T00:00:00Z",
		    "2011-12-30T10:00:00Z" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zone zone = zone_of(rows[i].zone);
		const struct when at =
		    zone_moment(&zone, when_of(rows[i].local));

		cr_expect(eq(i64, at.micros, when_of(rows[i].at).micros),
		    "%s in %s: %s", rows[i].local, rows[i].zone, shown(at));
	}
}

Test(zone, refuses_what_is_no_zone)
{
	static const char *const names[] = { "", "Nowhere/Else", "+1:00",
		"+24:00", "+01:60", "+01:00 ", "/etc/passwd", ":/etc/passwd",
		"../../../etc/passwd", "Europe", "zone.tab", "EST5EDT4,M3",
		"\x1b[31m" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct zone zone = ZONE_UTC;
		struct error err = { 0 };

		cr_expect(eq(int, zone_parse(&zone, names[i], &err), -1), "%s",
		    names[i]);
		cr_expect(eq(int, err.kind, ERROR_USAGE));
		cr_expect(strchr(err.text, '\x1b') == NULL);
		cr_expect(text_is(text_of(zone.name), "UTC"));
	}
}
