#include "lib/base/when.h"

#include <string.h>

#include "lib/base/buf.h"

enum {
	SECOND = 1000000, /* in microseconds */
	DAY_SECONDS = 86400,
	YEAR_ONE = -719162, /* 0001-01-01 in days since 1970-01-01 */
};

#define DAY (INT64_C(86400) * SECOND)

/* The first second of the year 1 and the last of the year 9999. */
#define FIRST_SECOND INT64_C(-62135596800)
#define LAST_SECOND INT64_C(253402300799)

struct scan {
	const char *at, *end;
};

/* Days before each month, and before the year after, in a common year. */
static const int days_before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273,
	304, 334, 365 };

/* C division goes towards zero; times before 1970 need the floor. */
static int64_t
floor_divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool
is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days before a month (1 to 13) in a year. */
static int
month_start(int64_t year, int month)
{
	return days_before[month - 1] + (month > 2 && is_leap(year));
}

/* The first of January in days since 1970-01-01. */
static int64_t
year_start(int64_t year)
{
	int64_t past = year - 1;

	return YEAR_ONE + past * 365 + floor_divide(past, 4) -
	       floor_divide(past, 100) + floor_divide(past, 400);
}

/* Estimate the year, correct it, and look up the month. */
static struct when_date
date_of(int64_t days)
{
	struct when_date date = { 0, 1, 0 };
	int day;

	/* The mean year is 146097 / 400 days: at most one year off. */
	date.year = floor_divide((days - YEAR_ONE) * 400, 146097) + 1;
	if (year_start(date.year) > days)
		date.year--;
	else if (year_start(date.year + 1) <= days)
		date.year++;

	day = (int)(days - year_start(date.year));
	while (month_start(date.year, date.month + 1) <= day)
		date.month++;
	date.day = day - month_start(date.year, date.month) + 1;
	return date;
}

/* Pass over one character, if it is of the set. */
static bool
scan_any(struct scan *scan, const char *set)
{
	if (scan->at == scan->end)
		return false;
	for (; *set != '\0'; set++)
		if (*scan->at == *set) {
			scan->at++;
			return true;
		}
	return false;
}

static bool
scan_digit(struct scan *scan, int *digit)
{
	if (scan->at == scan->end || *scan->at < '0' || *scan->at > '9')
		return false;
	*digit = *scan->at++ - '0';
	return true;
}

/* Read exactly width digits, which are at least 1, as low to high. */
static bool
scan_number(struct scan *scan, int width, int low, int high, int *out)
{
	int number = 0, digit;

	for (; width > 0; width--) {
		if (!scan_digit(scan, &digit))
			return false;
		number = number * 10 + digit;
	}
	*out = number;
	return number >= low && number <= high;
}

/* Read a day that exists, as days since 1970-01-01. */
static bool
scan_day(struct scan *scan, int64_t *days)
{
	int year, month, day;

	if (!scan_number(scan, 4, 1, 9999, &year) || !scan_any(scan, "-") ||
	    !scan_number(scan, 2, 1, 12, &month) || !scan_any(scan, "-") ||
	    !scan_number(scan, 2, 1, 31, &day))
		return false;
	*days = year_start(year) + month_start(year, month) + day - 1;
	return *days < year_start(year) + month_start(year, month + 1);
}

/* Read hh:mm:ss as seconds; *leap where the second is the sixtieth. */
static bool
scan_clock(struct scan *scan, int64_t *seconds, bool *leap)
{
	int hour, minute, second;

	if (!scan_number(scan, 2, 0, 23, &hour) || !scan_any(scan, ":") ||
	    !scan_number(scan, 2, 0, 59, &minute) || !scan_any(scan, ":") ||
	    !scan_number(scan, 2, 0, 60, &second))
		return false;
	*leap = second == 60;
	*seconds = hour * 3600 + minute * 60 + second;
	return true;
}

/* Read the fraction, where there is one, as microseconds. */
static bool
scan_fraction(struct scan *scan, int64_t *micros)
{
	int unit = SECOND / 10, digit;

	*micros = 0;
	if (!scan_any(scan, "."))
		return true;
	if (!scan_digit(scan, &digit))
		return false;
	/* From the seventh digit on the unit is 0, which cuts the rest. */
	do {
		*micros += digit * unit;
		unit /= 10;
	} while (scan_digit(scan, &digit));
	return true;
}

/* Read how many seconds the local time is ahead of UTC. */
static bool
scan_offset(struct scan *scan, int64_t *seconds)
{
	int sign, hour, minute;

	*seconds = 0;
	if (scan_any(scan, "Zz"))
		return true;
	if (!scan_any(scan, "+-"))
		return false;
	sign = scan->at[-1] == '-' ? -1 : 1;
	if (!scan_number(scan, 2, 0, 23, &hour) || !scan_any(scan, ":") ||
	    !scan_number(scan, 2, 0, 59, &minute))
		return false;
	*seconds = sign * (hour * 3600 + minute * 60);
	return true;
}

int
when_parse(struct when *out, const char *text, size_t len)
{
	struct scan scan = { text, text };
	int64_t days, seconds, micros, ahead;
	bool leap;

	if (len == 0)
		return -1;
	scan.end += len;
	if (!scan_day(&scan, &days) || !scan_any(&scan, "Tt ") ||
	    !scan_clock(&scan, &seconds, &leap) ||
	    !scan_fraction(&scan, &micros) || !scan_offset(&scan, &ahead) ||
	    scan.at != scan.end)
		return -1;

	seconds += days * DAY_SECONDS - ahead;
	/* Leap seconds are put in at the end of a day of UTC, nowhere else. */
	if (leap && seconds % DAY_SECONDS != 0)
		return -1;
	/* The offset can move a time out of the years that can be written. */
	if (seconds < FIRST_SECOND || seconds > LAST_SECOND)
		return -1;
	out->micros = seconds * SECOND + micros;
	return 0;
}

int
when_parse_day(struct when *out, const char *text, size_t len)
{
	struct scan scan = { text, text };
	int64_t days;

	if (len == 0)
		return -1;
	scan.end += len;
	if (!scan_day(&scan, &days) || scan.at != scan.end)
		return -1;
	out->micros = days * DAY;
	return 0;
}

/*
 * Append the last width digits.  Every record of a ledger is written with a
 * time, which printf would make the most of the work.
 */
static void
add_digits(struct buf *out, int64_t number, size_t width)
{
	uint64_t rest = (uint64_t)number;
	char digits[8];

	for (size_t i = width; i > 0; i--, rest /= 10)
		digits[i - 1] = (char)('0' + rest % 10);
	buf_add(out, digits, width);
}

/* Append two numbers of two digits with the separator before each. */
static void
add_pairs(struct buf *out, char separator, int first, int second)
{
	buf_putc(out, separator);
	add_digits(out, first, 2);
	buf_putc(out, separator);
	add_digits(out, second, 2);
}

/* Append the time but for what is below the second. */
static void
add_second(struct buf *out, struct when when, char separator)
{
	int64_t micros = when.micros - when_day_start(when).micros;
	int second = (int)(micros / SECOND);

	when_day(out, when);
	buf_putc(out, separator);
	add_digits(out, second / 3600, 2);
	add_pairs(out, ':', second / 60 % 60, second % 60);
}

/* What YAML and JSON share: the fraction is there only where it counts. */
static void
add_exactly(struct buf *out, struct when when, const char *zone)
{
	int64_t second = floor_divide(when.micros, SECOND);
	int64_t micros = when.micros - second * SECOND;

	add_second(out, when, 'T');
	if (micros != 0) {
		buf_putc(out, '.');
		add_digits(out, micros, 6);
	}
	buf_puts(out, zone);
}

void
when_yaml(struct buf *out, struct when when)
{
	add_exactly(out, when, "+00:00");
}

void
when_json(struct buf *out, struct when when)
{
	add_exactly(out, when, "Z");
}

void
when_people(struct buf *out, struct when when)
{
	add_second(out, when, ' ');
}

void
when_day(struct buf *out, struct when when)
{
	struct when_date date = date_of(floor_divide(when.micros, DAY));

	add_digits(out, date.year, 4);
	add_pairs(out, '-', date.month, date.day);
}

struct when_date
when_date(struct when when)
{
	return date_of(floor_divide(when.micros, DAY));
}

struct when
when_of_date(struct when_date date)
{
	return (struct when){ (year_start(date.year) +
				  month_start(date.year, date.month) +
				  date.day - 1) *
			      DAY };
}

struct when
when_day_start(struct when when)
{
	return (struct when){ floor_divide(when.micros, DAY) * DAY };
}

struct when
when_add_days(struct when when, int64_t days)
{
	return (struct when){ when.micros + days * DAY };
}
