/*
 * when_parse and when_parse_day, held against a regular expression and
 * timegm(3).
 */
#include <regex.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/buf.h"
#include "lib/base/when.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DAY_MICROS INT64_C(86400000000)

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static bool
matches(const char *text, size_t len)
{
	static regex_t grammar;
	static bool compiled;

	if (!compiled)
		must(regcomp(&grammar,
			 "^[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9]"
			 "([Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)"
			 "([.][0-9]+)?"
			 "([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))?$",
			 REG_EXTENDED | REG_NOSUB) == 0);
	compiled = true;
	return strlen(text) == len && regexec(&grammar, text, 0, NULL, 0) == 0;
}

static int
number_at(const char *text, size_t at, int width)
{
	int number = 0;

	for (; width > 0; width--)
		number = number * 10 + (text[at++] - '0');
	return number;
}

/* The day as timegm has it; false where it is none of the calendar. */
static bool
day_of(int64_t *seconds, const char *text)
{
	int year = number_at(text, 0, 4), day = number_at(text, 8, 2);
	struct tm tm = { .tm_year = year - 1900,
		.tm_mon = number_at(text, 5, 2) - 1,
		.tm_mday = day };

	*seconds = timegm(&tm);
	return year > 0 && tm.tm_mday == day;
}

/* The whole seconds of a time that matches the grammar. */
static bool
seconds_of(int64_t *seconds, const char *text, size_t len)
{
	int second = number_at(text, 17, 2), ahead = 0;
	const char *offset = text + len - 6;

	if (!day_of(seconds, text))
		return false;
	if (text[len - 1] != 'Z' && text[len - 1] != 'z') {
		ahead = number_at(offset, 1, 2) * 3600 +
			number_at(offset, 4, 2) * 60;
		ahead = offset[0] == '-' ? -ahead : ahead;
	}
	*seconds += number_at(text, 11, 2) * 3600 +
		    number_at(text, 14, 2) * 60 + second - ahead;
	return *seconds >= INT64_C(-62135596800) &&
	       *seconds <= INT64_C(253402300799) &&
	       (second < 60 || *seconds % 86400 == 0);
}

static void
check_text(struct when when, void (*print)(struct buf *, struct when))
{
	struct buf text = BUF_INIT;
	struct when back;

	print(&text, when);
	must(matches(text.text, text.len));
	must(when_parse(&back, text.text, text.len) == 0);
	must(back.micros == when.micros);
	buf_release(&text);
}

static void
check_day(struct when when)
{
	struct when start = when_day_start(when), back;
	struct when later = when_add_days(when, 146097);
	struct buf text = BUF_INIT;

	must(start.micros <= when.micros);
	must(when.micros - start.micros < DAY_MICROS);
	must(when_day_start(start).micros == start.micros);
	must(when_add_days(later, -146097).micros == when.micros);
	when_day(&text, when);
	must(when_parse_day(&back, text.text, text.len) == 0);
	must(back.micros == start.micros);
	buf_release(&text);
}

static void
check(const char *text, size_t len)
{
	struct when when = { 42 }, day = { 42 };
	bool form = matches(text, len);
	int64_t seconds = 0;
	int rc = when_parse(&when, text, len);

	if (form && len == 10)
		must((when_parse_day(&day, text, len) == 0) ==
		     day_of(&seconds, text));
	else
		must(when_parse_day(&day, text, len) < 0);
	if (!form || len == 10 || !seconds_of(&seconds, text, len)) {
		must(rc < 0 && when.micros == 42);
		return;
	}
	must(rc == 0);
	seconds *= 1000000;
	must(when.micros >= seconds && when.micros - seconds < 1000000);
	check_text(when, when_yaml);
	check_text(when, when_json);
	check_day(when);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT;

	buf_add(&text, data, size);
	check(text.text, text.len);
	buf_release(&text);
	return 0;
}
