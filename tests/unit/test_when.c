#include "lib/base/when.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/base/buf.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND INT64_C(1000000)

static struct when
at(const char *text)
{
	struct when when = { 0 };

	cr_assert(when_parse(&when, text, strlen(text)) == 0, "'%s'", text);
	return when;
}

static void
expect(void (*print)(struct buf *, struct when), struct when when, char *want)
{
	struct buf out = BUF_INIT;

	print(&out, when);
	cr_expect(eq(str, out.text, want));
	buf_release(&out);
}

Test(when, reads_rfc_3339)
{
	static const struct {
		char *text, *want;
	} rows[] = {
		{ "2026-11-22T08:00:00Z", "2026-11-22T08:00:00Z" },
		{ "2026-11-22t08:00:00z", "2026-11-22T08:00:00Z" },
		{ "2026-11-22 08:00:00Z", "2026-11-22T08:00:00Z" },
		{ "2026-11-22T08:00:00+01:00", "2026-11-22T07:00:00Z" },
		{ "2026-11-22T00:30:00+01:00", "2026-11-21T23:30:00Z" },
		{ "2026-11-22T08:00:00-23:59", "2026-11-23T07:59:00Z" },
		{ "2026-11-22T08:00:00-00:00", "2026-11-22T08:00:00Z" },
		{ "2026-11-22T08:00:00.5Z", "2026-11-22T08:00:00.500000Z" },
		{ "2026-11-22T08:00:00.000001+00:00",
		    "2026-11-22T08:00:00.000001Z" },
		{ "2026-11-22T08:00:00.1234569999Z",
		    "2026-11-22T08:00:00.123456Z" },
		{ "2026-11-22T08:00:00.0000009Z", "2026-11-22T08:00:00Z" },
		{ "2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z" },
		{ "2000-02-29T12:00:00Z", "2000-02-29T12:00:00Z" },
		{ "1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.250000Z" },
		{ "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z" },
		{ "9999-12-31T23:59:59.999999Z",
		    "9999-12-31T23:59:59.999999Z" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		expect(when_json, at(rows[i].text), rows[i].want);
	cr_expect(eq(i64, at("1970-01-01T00:00:00Z").micros, 0));
	cr_expect(eq(i64, at("1969-12-31T23:59:59.5Z").micros, -500000));
	cr_expect(
	    eq(i64, at("2026-11-22T08:00:00Z").micros, 1795334400 * SECOND));
}

Test(when, takes_a_leap_second_as_the_second_after)
{
	struct when when = { 42 };

	expect(when_json, at("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
	expect(when_json, at("2017-01-01T00:59:60.5+01:00"),
	    "2017-01-01T00:00:00.500000Z");
	cr_expect(eq(int, when_parse(&when, "2016-12-31T22:59:60Z", 20), -1));
	cr_expect(eq(int, when_parse(&when, "2016-12-31T23:59:61Z", 20), -1));
	cr_expect(eq(i64, when.micros, 42));
}

Test(when, refuses_what_is_no_time)
{
	static const char *const bad[] = { "", "2026", "2026-11-22",
		"2026-11-22T08:00:00", "2026-11-22T08:00Z",
		"2026-11-22T08:00:00.Z", "2026-11-22T08:00:00,5Z",
		"2026-11-22T24:00:00Z", "2026-11-22T08:60:00Z",
		"2026-13-01T08:00:00Z", "2026-00-01T08:00:00Z",
		"2026-11-31T08:00:00Z", "2026-11-00T08:00:00Z",
		"2026-02-29T08:00:00Z", "1900-02-29T08:00:00Z",
		"0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z",
		"2026-11-22T08:00:00+24:00", "2026-11-22T08:00:00+01:60",
		"2026-11-22T08:00:00+0100", "2026-11-22T08:00:00+01",
		"2026-11-22T08:00:00 Z", " 2026-11-22T08:00:00Z",
		"2026-11-22T08:00:00Z ", "2026-11-22T08:00:00Zulu",
		"2026-11-22_08:00:00Z", "2026/11/22T08:00:00Z",
		"26-11-22T08:00:00Z", "2026-1-22T08:00:00Z",
		"+2026-11-22T08:00:00Z", "-026-11-22T08:00:00Z",
		"20261122T080000Z", "2026-11-22T8:00:00Z",
		"2026-11-22T08:00:-1Z", "2026-W47-7T08:00:00Z", "now" };
	struct when when = { 42 };

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_expect(eq(int, when_parse(&when, bad[i], strlen(bad[i])),
			      -1),
		    "'%s'", bad[i]);
	cr_expect(eq(int, when_parse(&when, "2026-11-22T08:00:00Z\0", 21), -1));
	cr_expect(eq(int,
	    when_parse(&when,
		"2026-11-22\0"
		"08:00:00Z",
		20),
	    -1));
	cr_expect(eq(i64, when.micros, 42));
}

Test(when, reads_a_day_as_its_start)
{
	static const char *const bad[] = { "", "2026-11-2", "2026-11-222",
		"2026-11-22T", "2026-11-31", "2023-02-29", "0000-12-31",
		"2026-11-22 ", "22.11.2026", "today" };
	struct when when = { 42 };

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_expect(eq(int, when_parse_day(&when, bad[i], strlen(bad[i])),
			      -1),
		    "'%s'", bad[i]);
	cr_expect(eq(i64, when.micros, 42));
	cr_assert(eq(int, when_parse_day(&when, "2026-11-22", 10), 0));
	expect(when_json, when, "2026-11-22T00:00:00Z");
}

Test(when, writes_each_form)
{
	struct when whole = at("2026-11-22T08:00:00Z");
	struct when exact = at("2026-11-22T08:09:07.00012Z");

	expect(when_yaml, whole, "2026-11-22T08:00:00+00:00");
	expect(when_yaml, exact, "2026-11-22T08:09:07.000120+00:00");
	expect(when_json, whole, "2026-11-22T08:00:00Z");
	expect(when_json, exact, "2026-11-22T08:09:07.000120Z");
	expect(when_people, exact, "2026-11-22 08:09:07");
	expect(when_day, exact, "2026-11-22");
	expect(when_people, at("1969-12-31T23:59:59.9Z"),
	    "1969-12-31 23:59:59");
}

Test(when, agrees_with_the_system_on_every_day)
{
	struct buf out = BUF_INIT;
	struct when day, back;
	char want[32];
	struct tm tm;
	time_t seconds;

	cr_assert(eq(int, when_parse_day(&day, "0001-01-01", 10), 0));
	for (int i = 0; i < 3652059; i++, day = when_add_days(day, 1)) {
		seconds = (time_t)(day.micros / SECOND);
		gmtime_r(&seconds, &tm);
		snprintf(want, sizeof(want), "%04d-%02d-%02d",
		    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
		buf_reset(&out);
		when_day(&out, day);
		if (strcmp(out.text, want) != 0 ||
		    when_parse_day(&back, out.text, out.len) < 0 ||
		    back.micros != day.micros)
			cr_fatal("%s is not %s", out.text, want);
	}
	cr_expect(eq(str, want, "9999-12-31"));
	buf_release(&out);
}

Test(when, finds_the_start_of_a_day)
{
	expect(when_json, when_day_start(at("2026-11-22T23:59:59.999999Z")),
	    "2026-11-22T00:00:00Z");
	expect(when_json, when_day_start(at("2026-11-22T00:00:00Z")),
	    "2026-11-22T00:00:00Z");
	expect(when_json, when_day_start(at("1969-12-31T00:00:00.000001Z")),
	    "1969-12-31T00:00:00Z");
}

Test(when, counts_days_forwards_and_backwards)
{
	struct when when = at("2024-02-28T08:00:00.5Z");

	expect(when_json, when_add_days(when, 1),
	    "2024-02-29T08:00:00.500000Z");
	expect(when_json, when_add_days(when, 2),
	    "2024-03-01T08:00:00.500000Z");
	expect(when_json, when_add_days(when, -59),
	    "2023-12-31T08:00:00.500000Z");
	expect(when_json, when_add_days(when, 0),
	    "2024-02-28T08:00:00.500000Z");
}

Test(when, survives_times_beyond_the_years_it_reads)
{
	struct buf out = BUF_INIT;

	when_json(&out, (struct when){ INT64_MAX });
	when_json(&out, (struct when){ INT64_MIN + 86400 * SECOND });
	cr_expect(out.len > 40);
	buf_release(&out);
}
