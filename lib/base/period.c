#include "lib/base/period.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/number.h"
#include "lib/base/utf8.h"
#include "lib/base/zone.h"

#define SECOND INT64_C(1000000)
#define DAY (86400 * SECOND)

enum {
	TEXT_MAX = 40, /* no period is longer, time apart */
	AGO_MAX = 4000000, /* units back: more is before the year 1 */
	MONDAY_FIRST = 3, /* 1970-01-01 was a Thursday */
};

/* What periods are counted in: in days, or in months. */
struct unit {
	const char *name;
	int64_t micros; /* 0 where it is months */
	int months;
	char letter; /* of `7d`, or '\0' */
};

static const struct unit units[] = {
	{ "minute", 60 * SECOND, 0, 'm' },
	{ "hour", 3600 * SECOND, 0, 'h' },
	{ "day", DAY, 0, 'd' },
	{ "week", 7 * DAY, 0, 'w' },
	{ "month", 0, 1, '\0' },
	{ "quarter", 0, 3, '\0' },
	{ "year", 0, 12, '\0' },
};

/* What is being read: the text, and the day it is now in the zone. */
struct reading {
	const char *text;
	struct when now;
	struct when today; /* local */
	const struct zone *zone;
};

static const struct unit *
find_unit(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strlen(units[i].name) == len &&
		    strncasecmp(units[i].name, name, len) == 0)
			return &units[i];
	return NULL;
}

/* The first day of the months-th month after January of the year 0. */
static bool
month_begin(struct when *out, int64_t months)
{
	struct when_date date = { months / 12, (int)(months % 12) + 1, 1 };

	if (months < 12 || date.year > 9999)
		return false;
	*out = when_of_date(date);
	return true;
}

/* The start of the unit that today lies in, or of one so many later. */
static bool
begin_unit(struct when *out, const struct reading *reading,
    const struct unit *unit, int64_t later)
{
	struct when_date date = when_date(reading->today);
	int64_t months = date.year * 12 + date.month - 1;
	int64_t days = reading->today.micros / DAY;
	int64_t size;

	if (unit->months > 0)
		return month_begin(out,
		    months - months % unit->months + later * unit->months);
	size = unit->micros / DAY;
	if (size == 7)
		days -= (days % 7 + 7 + MONDAY_FIRST) % 7;
	out->micros = (days + later * size) * DAY;
	return true;
}

static int
digits_value(const char *text, size_t len)
{
	int value = 0;

	for (size_t i = 0; i < len; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

/* `2026q4` or `q4`, behind what is there of the year. */
static bool
read_quarter(struct when *out, const char *text, int year)
{
	if (strlen(text) != 2 || (text[0] | 0x20) != 'q' || text[1] < '1' ||
	    text[1] > '4')
		return false;
	return month_begin(out, year * 12 + (text[1] - '1') * 3);
}

/* `2026`, `2026-11`, `2026q4`, `q4`, `20261122`: digits and one mark. */
static bool
read_number(struct when *out, const struct reading *reading)
{
	const char *text = reading->text;
	size_t len = strlen(text), digits = strspn(text, "0123456789");
	char day[16];

	if (digits == 8 && len == 8) {
		snprintf(day, sizeof(day), "%.4s-%.2s-%.2s", text, text + 4,
		    text + 6);
		return when_parse_day(out, day, strlen(day)) == 0;
	}
	if (digits == 4 && len == 7 && text[4] == '-') {
		snprintf(day, sizeof(day), "%.7s-01", text);
		return when_parse_day(out, day, strlen(day)) == 0;
	}
	if (digits == 4 && len == 4)
		return month_begin(out, digits_value(text, 4) * 12);
	if (digits == 4)
		return read_quarter(out, text + 4, digits_value(text, 4));
	return read_quarter(out, text, (int)when_date(reading->today).year);
}

/* `today`, `this week`, `last month` … */
static bool
read_words(struct when *out, const struct reading *reading)
{
	static const struct {
		const char *word;
		int later;
	} days[] = { { "yesterday", -1 }, { "today", 0 }, { "tomorrow", 1 } },
	  which[] = { { "last ", -1 }, { "this ", 0 }, { "next ", 1 } };
	const struct unit *unit;
	size_t len;

	for (size_t i = 0; i < 3; i++) {
		if (strcasecmp(reading->text, days[i].word) == 0) {
			*out = when_add_days(reading->today, days[i].later);
			return true;
		}
		len = strlen(which[i].word);
		if (strncasecmp(reading->text, which[i].word, len) != 0)
			continue;
		unit =
		    find_unit(reading->text + len, strlen(reading->text + len));
		return unit && (unit->months > 0 || unit->micros >= DAY) &&
		       begin_unit(out, reading, unit, which[i].later);
	}
	return false;
}

/* `7 days ago`: the start of that day; of hours and minutes, the moment. */
static bool
read_ago(struct when *out, bool *is_moment, const struct reading *reading)
{
	size_t digits = strspn(reading->text, "0123456789"), len;
	const char *name = reading->text + digits + 1;
	const struct unit *unit;
	int64_t count;

	if (number_parse_count(&count, reading->text, digits) < 0 ||
	    count > AGO_MAX || reading->text[digits] != ' ')
		return false;
	len = strcspn(name, " ");
	if (strcasecmp(name + len, " ago") != 0)
		return false;
	if (len > 1 && strchr("sS", name[len - 1]))
		len--;
	unit = find_unit(name, len);
	if (!unit)
		return false;
	*is_moment = unit->months == 0 && unit->micros < DAY;
	if (!*is_moment && unit->micros > 0)
		*out = (struct when){ reading->today.micros -
				      count * unit->micros };
	else if (!*is_moment)
		return begin_unit(out, reading, unit, -count);
	else
		out->micros = reading->now.micros - count * unit->micros;
	return true;
}

/* `7d`: the moment so long ago. */
static bool
read_span(struct when *out, const struct reading *reading)
{
	size_t digits = strspn(reading->text, "0123456789");
	int64_t count;

	if (number_parse_count(&count, reading->text, digits) < 0 ||
	    count > AGO_MAX || reading->text[digits] == '\0' ||
	    reading->text[digits + 1] != '\0')
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (units[i].letter == '\0' ||
		    units[i].letter != (reading->text[digits] | 0x20))
			continue;
		out->micros = reading->now.micros - count * units[i].micros;
		return true;
	}
	return false;
}

/* Read the text as a moment, or as a time that the zone's clocks show. */
static bool
read_period(struct when *out, bool *is_moment, const struct reading *reading)
{
	size_t len = strlen(reading->text);

	*is_moment = true;
	if (strcasecmp(reading->text, "now") == 0) {
		*out = reading->now;
		return true;
	}
	if (when_parse(out, reading->text, len) == 0)
		return true;
	if (len > TEXT_MAX)
		return false;
	if (read_span(out, reading) || read_ago(out, is_moment, reading))
		return true;
	*is_moment = false;
	return when_parse_day(out, reading->text, len) == 0 ||
	       read_number(out, reading) || read_words(out, reading);
}

static bool
is_writable(struct when when)
{
	static const struct when_date first = { 1, 1, 1 };
	static const struct when_date last = { 9999, 12, 31 };

	return when.micros >= when_of_date(first).micros &&
	       when.micros < when_of_date(last).micros + DAY;
}

int
period_start(struct when *out, const char *text, struct when now,
    const struct zone *zone, struct error *err)
{
	struct reading reading = { .text = text, .now = now, .zone = zone };
	struct buf shown = BUF_INIT;
	struct when when = now;
	bool is_moment;

	reading.today = when_day_start(zone_local(zone, now));
	if (read_period(&when, &is_moment, &reading) && is_writable(when)) {
		*out = is_moment ? when : zone_moment(zone, when);
		return 0;
	}
	utf8_escape(&shown, text, strlen(text), UTF8_ASCII, 60);
	error_set(err, ERROR_USAGE,
	    "'%s' is no time; expected one such as 2026-11-22T08:00:00Z, a "
	    "day, a month (2026-11), a quarter (2026q4), 7d, yesterday or "
	    "'last month'",
	    shown.text);
	buf_release(&shown);
	return -1;
}
