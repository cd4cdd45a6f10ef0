#include "lib/base/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"

enum {
	SAFE_DIGITS = 18, /* that 64 bits hold, whatever they are */
	WHOLE_DIGITS = 20, /* of the largest number of 64 bits */
	FEW_PLACES = 10,
};

/* digits * 10^exponent; seventeen digits tell any two doubles apart. */
struct decimal {
	uint64_t digits;
	int exponent;
};

/* A positive number laid out: where its digits are and the point among them. */
struct layout {
	char digits[24];
	int count;
	int point; /* digits before the point; may be outside [0, count] */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Pass over one character, if it is of the set. */
static bool
accept_any(const char **at, const char *end, const char *set)
{
	if (*at == end || !memchr(set, **at, strlen(set)))
		return false;
	++*at;
	return true;
}

/* Pass over digits; false where there was none. */
static bool
accept_digits(const char **at, const char *end)
{
	const char *start = *at;

	while (*at < end && is_digit(**at))
		++*at;
	return *at > start;
}

/*
 * Nothing reaches strtod(3) unchecked: it takes blanks, hex, "inf" and a
 * number with more text after it.
 */
static bool
is_number(const char *at, size_t len)
{
	const char *end;

	if (len == 0)
		return false;
	end = at + len;
	accept_any(&at, end, "-");
	if (!accept_digits(&at, end))
		return false;
	if (accept_any(&at, end, ".") && !accept_digits(&at, end))
		return false;
	if (accept_any(&at, end, "eE")) {
		accept_any(&at, end, "+-");
		if (!accept_digits(&at, end))
			return false;
	}
	return at == end;
}

int
number_parse_count(int64_t *out, const char *text, size_t len)
{
	int64_t count = 0;
	size_t i = 0;

	if (len == 0 || (len > 1 && text[0] == '0'))
		return -1;
	/* So many digits fit, whatever they are. */
	for (; i < len && i < SAFE_DIGITS && is_digit(text[i]); i++)
		count = count * 10 + (text[i] - '0');
	for (; i < len; i++)
		if (!is_digit(text[i]) ||
		    __builtin_mul_overflow(count, 10, &count) ||
		    __builtin_add_overflow(count, text[i] - '0', &count))
			return -1;
	*out = count;
	return 0;
}

int
number_parse_double(double *out, const char *text, size_t len)
{
	struct buf copy = BUF_INIT;
	double value;

	if (!is_number(text, len))
		return -1;
	/* strtod needs a NUL that the text does not have. */
	buf_add(&copy, text, len);
	value = strtod(copy.text, NULL);
	buf_release(&copy);
	if (!isfinite(value))
		return -1;
	*out = value;
	return 0;
}

/* 10^0 to 10^FEW_PLACES, which doubles hold exactly. */
static const double powers[FEW_PLACES + 1] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6,
	1e7, 1e8, 1e9, 1e10 };

/* The count significant digits nearest to a value that is not negative. */
static struct decimal
decimal_nearest(double value, int count)
{
	struct decimal nearest = { 0, 0 };
	char text[40];
	const char *at = text;

	snprintf(text, sizeof(text), "%.*e", count - 1, value);
	for (; *at != 'e'; at++)
		if (is_digit(*at))
			nearest.digits =
			    nearest.digits * 10 + (uint64_t)(*at - '0');
	nearest.exponent = (int)strtol(at + 1, NULL, 10) - (count - 1);
	return nearest;
}

/* The test that counts is the reader's own, so ask it. */
static bool
decimal_reads_as(struct decimal decimal, double value)
{
	char text[40];

	snprintf(text, sizeof(text), "%" PRIu64 "e%d", decimal.digits,
	    decimal.exponent);
	return strtod(text, NULL) == value;
}

/*
 * The fewest digits that read back as a finite value that is not negative,
 * and of those the nearest.
 *
 * Below a power of two doubles lie twice as close as above it, so there the
 * nearest digits can fail while those one unit further from zero read back.
 *
 * A normal double is never short of fifteen digits: if fewer read back, they
 * are those fifteen but for zeros at the end.  Only subnormals need the
 * search from one digit up.
 */
static struct decimal
decimal_search(double value)
{
	struct decimal shortest;
	int count = isnormal(value) ? 15 : 1;

	for (;; count++) {
		shortest = decimal_nearest(value, count);
		if (count == 17 || decimal_reads_as(shortest, value))
			break;
		shortest.digits++;
		if (decimal_reads_as(shortest, value))
			break;
	}
	while (shortest.digits > 0 && shortest.digits % 10 == 0) {
		shortest.digits /= 10;
		shortest.exponent++;
	}
	return shortest;
}

/*
 * The same for what was rounded to a few places before.  Digits and power are
 * exact, so that their quotient is what the decimal reads as; and of fifteen
 * digits no two decimals read as the same value.
 */
static bool
decimal_short(struct decimal *out, double value)
{
	double scaled;

	for (int places = 0; places <= FEW_PLACES; places++) {
		scaled = value * powers[places] + 0.5;
		if (scaled >= 1e15)
			return false;
		out->digits = (uint64_t)scaled;
		out->exponent = -places;
		if ((double)out->digits / powers[places] == value)
			return true;
	}
	return false;
}

static struct decimal
decimal_shortest(double value)
{
	struct decimal shortest;

	if (decimal_short(&shortest, value))
		return shortest;
	return decimal_search(value);
}

/* Put the digits at the end of the room; return where they begin. */
static const char *
put_digits(char *end, uint64_t size)
{
	do {
		*--end = (char)('0' + size % 10);
		size /= 10;
	} while (size > 0);
	return end;
}

/* Unsigned, since the least int64_t has no positive. */
static uint64_t
size_of(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* Lay out a finite value, its sign apart. */
static struct layout
layout_of(double value)
{
	struct layout layout = { "0", 1, 1 };
	struct decimal shortest = decimal_shortest(fabs(value));
	char room[WHOLE_DIGITS];
	const char *digits;

	if (shortest.digits == 0)
		return layout;
	digits = put_digits(room + sizeof(room), shortest.digits);
	layout.count = (int)(room + sizeof(room) - digits);
	memcpy(layout.digits, digits, (size_t)layout.count);
	layout.point = layout.count + shortest.exponent;
	return layout;
}

/* Without exponent, and without a point where nothing follows it. */
static void
add_positional(struct buf *out, const struct layout *layout)
{
	const char *digits = layout->digits;
	int count = layout->count, point = layout->point;

	if (point <= 0) {
		buf_puts(out, "0.");
		buf_fill(out, '0', (size_t)-point);
		buf_add(out, digits, (size_t)count);
	} else if (point < count) {
		buf_add(out, digits, (size_t)point);
		buf_putc(out, '.');
		buf_add(out, digits + point, (size_t)(count - point));
	} else {
		buf_add(out, digits, (size_t)count);
		buf_fill(out, '0', (size_t)(point - count));
	}
}

/* One digit before the point, and two at least in the exponent. */
static void
add_scientific(struct buf *out, const struct layout *layout)
{
	buf_putc(out, layout->digits[0]);
	if (layout->count > 1) {
		buf_putc(out, '.');
		buf_add(out, layout->digits + 1, (size_t)layout->count - 1);
	}
	buf_printf(out, "e%+03d", layout->point - 1);
}

void
number_repr(struct buf *out, double value)
{
	struct layout layout;

	if (isnan(value)) {
		buf_puts(out, "nan");
		return;
	}
	if (signbit(value))
		buf_putc(out, '-');
	if (isinf(value)) {
		buf_puts(out, "inf");
		return;
	}
	layout = layout_of(value);
	if (layout.point < -3 || layout.point > 16) {
		add_scientific(out, &layout);
		return;
	}
	add_positional(out, &layout);
	if (layout.point >= layout.count)
		buf_puts(out, ".0");
}

void
number_plain(struct buf *out, double value)
{
	struct layout layout;

	if (!isfinite(value)) {
		buf_puts(out, "null");
		return;
	}
	/* By value, not by sign bit: -0.0 has no minus here. */
	if (value < 0)
		buf_putc(out, '-');
	layout = layout_of(value);
	add_positional(out, &layout);
}

/*
 * Round to the nearer one, where that is beyond doubt: the product is off by
 * less than a millionth.  The quotient is the double nearest to the decimal.
 */
static bool
round_quickly(double *out, double value, int places)
{
	double scaled, whole;

	if (places > FEW_PLACES || signbit(value))
		return false;
	scaled = value * powers[places];
	if (scaled >= UINT32_MAX)
		return false;
	whole = (double)(uint64_t)scaled;
	if (fabs(scaled - whole - 0.5) < 0.001)
		return false;
	*out = (whole + (scaled - whole > 0.5)) / powers[places];
	return true;
}

/*
 * printf(3) rounds the exact binary value half to even, and strtod(3) takes
 * the nearest double to that text: Python does the same two steps.
 */
static double
round_by_text(double value, int places)
{
	/* The largest double has 309 digits before the point. */
	char text[344];

	snprintf(text, sizeof(text), "%.*f", places, value);
	return strtod(text, NULL);
}

double
number_round(double value, int places)
{
	double rounded = value;

	if (isfinite(value) && !round_quickly(&rounded, value, places))
		rounded = round_by_text(value, places);
	return rounded;
}

void
number_whole(struct buf *out, int64_t value)
{
	char room[WHOLE_DIGITS], *end = room + sizeof(room);
	const char *digits = put_digits(end, size_of(value));

	if (value < 0)
		buf_putc(out, '-');
	buf_add(out, digits, (size_t)(end - digits));
}

void
number_group(struct buf *out, int64_t value)
{
	char room[WHOLE_DIGITS], grouped[2 * WHOLE_DIGITS];
	char *end = room + sizeof(room), *at = grouped;
	const char *digits = put_digits(end, size_of(value));

	if (value < 0)
		*at++ = '-';
	while (digits < end) {
		*at++ = *digits++;
		if (digits < end && (end - digits) % 3 == 0)
			*at++ = ',';
	}
	buf_add(out, grouped, (size_t)(at - grouped));
}

void
number_people(struct buf *out, double value)
{
	struct buf plain = BUF_INIT;
	const char *at;
	size_t whole;

	number_plain(&plain, value);
	at = plain.text;
	if (*at == '-')
		buf_putc(out, *at++);
	for (whole = strspn(at, "0123456789"); whole > 0; whole--) {
		buf_putc(out, *at++);
		if (whole > 1 && (whole - 1) % 3 == 0)
			buf_putc(out, ',');
	}
	buf_puts(out, at);
	buf_release(&plain);
}

/* Whether the number is written without point and exponent: a Python int. */
static bool
is_whole(const char *text, size_t len)
{
	const char *at = text, *end = text + len;

	accept_any(&at, end, "-");
	accept_digits(&at, end);
	return at == end;
}

int
number_python(struct buf *out, const char *text, size_t len)
{
	double value;

	if (!is_number(text, len))
		return -1;
	if (is_whole(text, len)) {
		/* An int has no minus zero. */
		if (len == 2 && memcmp(text, "-0", 2) == 0)
			buf_putc(out, '0');
		else
			buf_add(out, text, len);
		return 0;
	}
	if (number_parse_double(&value, text, len) < 0)
		return -1;
	number_repr(out, value);
	return 0;
}
