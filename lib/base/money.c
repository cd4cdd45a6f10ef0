#include "lib/base/money.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"

/* What an amount comes to without its sign; the least one fits as well. */
__extension__ typedef unsigned __int128 magnitude;

enum {
	PLACES = 15, /* decimals of an amount */
	DIGITS = 39, /* of the largest amount */
	WHOLE = DIGITS - PLACES, /* of these before the point */
	WORD_DIGITS = 18, /* that 64 bits hold, whatever they are */
};

/* 10^0 to 10^PLACES. */
static const uint64_t powers[PLACES + 1] = {
	UINT64_C(1),
	UINT64_C(10),
	UINT64_C(100),
	UINT64_C(1000),
	UINT64_C(10000),
	UINT64_C(100000),
	UINT64_C(1000000),
	UINT64_C(10000000),
	UINT64_C(100000000),
	UINT64_C(1000000000),
	UINT64_C(10000000000),
	UINT64_C(100000000000),
	UINT64_C(1000000000000),
	UINT64_C(10000000000000),
	UINT64_C(100000000000000),
	UINT64_C(1000000000000000),
};

/* A decimal number as it stands in the text. */
struct decimal {
	const char *start; /* of the digits, among them perhaps a point */
	size_t whole; /* digits before the point */
	size_t count; /* digits in all */
	int sign;
	int64_t exponent;
};

/* Pass over digits and return how many there were. */
static size_t
scan_digits(const char **at, const char *end)
{
	const char *start = *at;

	while (*at < end && **at >= '0' && **at <= '9')
		++*at;
	return (size_t)(*at - start);
}

static int
scan_sign(const char **at, const char *end)
{
	if (*at == end || (**at != '-' && **at != '+'))
		return 1;
	return *(*at)++ == '-' ? -1 : 1;
}

/*
 * Read the exponent after its 'e'.  It stops growing far above the length of
 * any text, where no number of zeros in the text can balance it.
 */
static int
scan_exponent(int64_t *out, const char **at, const char *end)
{
	const int64_t enough = INT64_C(100000000000000000);
	int sign = scan_sign(at, end);
	const char *digit = *at;
	int64_t exponent = 0;

	if (scan_digits(at, end) == 0)
		return -1;
	for (; digit < *at && exponent < enough; digit++)
		exponent = exponent * 10 + (*digit - '0');
	*out = sign * exponent;
	return 0;
}

/*
 * Check the whole grammar before any digit is looked at: what follows may
 * then rely on it.
 */
static int
scan_decimal(struct decimal *out, const char *text, size_t len)
{
	const char *at = text, *end = text + len;
	size_t fraction = 0;

	out->sign = scan_sign(&at, end);
	out->start = at;
	out->whole = scan_digits(&at, end);
	if (at < end && *at == '.') {
		at++;
		fraction = scan_digits(&at, end);
		if (fraction == 0)
			return -1;
	}
	out->count = out->whole + fraction;
	if (out->count == 0)
		return -1;

	out->exponent = 0;
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		if (scan_exponent(&out->exponent, &at, end) < 0)
			return -1;
	}
	return at == end ? 0 : -1;
}

/* The digit at an index, the point left out; zeros follow the last one. */
static int
digit_at(const struct decimal *decimal, size_t index)
{
	if (index >= decimal->count)
		return 0;
	return decimal->start[index + (index >= decimal->whole)] - '0';
}

/* The index of the first digit from index on that is not 0, or count. */
static size_t
skip_zeros(const struct decimal *decimal, size_t index)
{
	while (index < decimal->count && digit_at(decimal, index) == 0)
		index++;
	return index;
}

/*
 * Round sum, the digits before index, by the rest, of which the first digit
 * counts tenths of a femtodollar.
 */
static enum money_parsed
round_rest(money_int *sum, const struct decimal *decimal, size_t index)
{
	int tenths = digit_at(decimal, index);
	bool more = skip_zeros(decimal, index + 1) < decimal->count;
	bool up = tenths > 5 || (tenths == 5 && (more || *sum % 2 != 0));

	if (up && __builtin_add_overflow(*sum, decimal->sign, sum))
		return MONEY_RANGE;
	return tenths > 0 || more ? MONEY_ROUNDED : MONEY_OK;
}

/*
 * The digits from the first that counts to the femtodollar are at most
 * DIGITS, whatever the exponent; what comes after is looked at once.
 */
static enum money_parsed
scale_decimal(money_int *sum, const struct decimal *decimal)
{
	size_t index = skip_zeros(decimal, 0);
	int64_t power; /* the digit at index counts 10^power femtodollars */

	*sum = 0;
	if (index == decimal->count)
		return MONEY_OK;
	power = decimal->exponent + PLACES - 1 +
		((int64_t)decimal->whole - (int64_t)index);
	if (power >= DIGITS)
		return MONEY_RANGE;
	/* A value below a tenth of a femtodollar has no digit to round by. */
	if (power < -1)
		return MONEY_ROUNDED;
	for (; power >= 0; power--, index++)
		if (__builtin_mul_overflow(*sum, 10, sum) ||
		    __builtin_add_overflow(*sum,
			decimal->sign * digit_at(decimal, index), sum))
			return MONEY_RANGE;
	return round_rest(sum, decimal, index);
}

/*
 * The same for the plain amounts that there mostly are: digits with at most
 * PLACES of them behind the point, so few that a word holds them.  false
 * leaves the text to the others.
 */
static bool
parse_plain(money_int *out, const char *text, size_t len)
{
	size_t places = 0, point = len, i;
	uint64_t digits = 0;

	if (len > WORD_DIGITS)
		return false;
	for (i = 0; i < len; i++)
		if (text[i] >= '0' && text[i] <= '9')
			digits = digits * 10 + (uint64_t)(text[i] - '0');
		else if (text[i] == '.' && point == len && i > 0)
			point = i;
		else
			return false;
	if (point < len)
		places = len - point - 1;
	if (places > PLACES || point + 1 == len)
		return false;
	*out = (money_int)digits * (money_int)powers[PLACES - places];
	return true;
}

enum money_parsed
money_parse(struct money *out, const char *text, size_t len)
{
	struct decimal decimal;
	enum money_parsed parsed;
	money_int femto;

	if (len == 0)
		return MONEY_SYNTAX;
	if (parse_plain(&out->femto, text, len))
		return MONEY_OK;
	if (scan_decimal(&decimal, text, len) < 0)
		return MONEY_SYNTAX;
	parsed = scale_decimal(&femto, &decimal);
	if (parsed != MONEY_RANGE)
		out->femto = femto;
	return parsed;
}

int
money_add(struct money *out, struct money a, struct money b)
{
	money_int sum;

	if (__builtin_add_overflow(a.femto, b.femto, &sum))
		return -1;
	out->femto = sum;
	return 0;
}

int
money_sub(struct money *out, struct money a, struct money b)
{
	money_int difference;

	if (__builtin_sub_overflow(a.femto, b.femto, &difference))
		return -1;
	out->femto = difference;
	return 0;
}

int
money_times(struct money *out, struct money price, int64_t count)
{
	money_int product;

	if (__builtin_mul_overflow(price.femto, (money_int)count, &product))
		return -1;
	out->femto = product;
	return 0;
}

int
money_compare(struct money a, struct money b)
{
	return (a.femto > b.femto) - (a.femto < b.femto);
}

/* Unsigned arithmetic, since the least amount has no positive. */
static magnitude
magnitude_of(struct money amount)
{
	magnitude size = (magnitude)amount.femto;

	return amount.femto < 0 ? 0 - size : size;
}

/* Half-even, to a multiple of unit; the sum fits, being unsigned. */
static magnitude
round_magnitude(magnitude size, uint64_t unit)
{
	uint64_t rest = (uint64_t)(size % unit), over = unit - rest;

	if (rest == 0)
		return size;
	size -= rest;
	if (rest > over || (rest == over && size / unit % 2 != 0))
		size += unit;
	return size;
}

/*
 * Up from the largest amount, and down from the least, there is a multiple of
 * unit that a magnitude holds and an amount does not.
 */
struct money
money_round(struct money amount, int places)
{
	const magnitude most = ((magnitude)1 << 127) - 1;
	uint64_t unit = powers[PLACES - places];
	magnitude size = round_magnitude(magnitude_of(amount), unit);
	bool negative = amount.femto < 0;

	if (size > most + negative)
		size -= unit;
	return (struct money){ (money_int)(negative ? 0 - size : size) };
}

/* All DIGITS digits with leading zeros: three groups that fit 64 bits. */
static void
print_digits(char out[DIGITS + 1], magnitude size)
{
	const uint64_t group = powers[PLACES];
	char *at = out + DIGITS;
	uint64_t part;

	memset(out, '0', DIGITS);
	for (*at = '\0'; size > 0;) {
		part = (uint64_t)(size % group);
		size /= group;
		for (int i = 0; i < PLACES && at > out; i++, part /= 10)
			*--at = (char)('0' + part % 10);
	}
}

/* Append a magnitude cut to places; mark, where not 0, between thousands. */
static void
add_magnitude(struct buf *out, magnitude size, int places, char mark)
{
	char digits[DIGITS + 1];
	int first = 0;

	print_digits(digits, size);
	while (first < WHOLE - 1 && digits[first] == '0')
		first++;
	for (int i = first, left = WHOLE - first; left > 0; i++, left--) {
		if (mark && i > first && left % 3 == 0)
			buf_putc(out, mark);
		buf_putc(out, digits[i]);
	}
	if (places > 0) {
		buf_putc(out, '.');
		buf_add(out, digits + WHOLE, (size_t)places);
	}
}

void
money_fixed(struct buf *out, struct money amount, int places)
{
	magnitude size =
	    round_magnitude(magnitude_of(amount), powers[PLACES - places]);

	if (amount.femto < 0 && size > 0)
		buf_putc(out, '-');
	add_magnitude(out, size, places, '\0');
}

/* The places that count are found first, so that one printer serves all. */
void
money_full(struct buf *out, struct money amount)
{
	uint64_t rest = (uint64_t)(magnitude_of(amount) % powers[PLACES]);
	int places = PLACES;

	for (; places > 0 && rest % 10 == 0; places--)
		rest /= 10;
	money_fixed(out, amount, places);
}

double
money_double(struct money amount)
{
	const money_int exact = (money_int)1 << 53; /* as a double */
	char digits[DIGITS + 1], text[DIGITS + 8];

	/* Both parts are exact, and so the quotient is rounded once. */
	if (amount.femto < exact && amount.femto > -exact)
		return (double)amount.femto / (double)powers[PLACES];
	/* strtod(3) rounds the exact decimal once; a division would twice. */
	print_digits(digits, magnitude_of(amount));
	snprintf(text, sizeof(text), "%s%se-%d", amount.femto < 0 ? "-" : "",
	    digits, PLACES);
	return strtod(text, NULL);
}

void
money_people(struct buf *out, struct money amount)
{
	magnitude exact = magnitude_of(amount), shown;
	int places = 4;

	/* Two significant digits are ten units of the last place. */
	for (;; places++) {
		shown = round_magnitude(exact, powers[PLACES - places]);
		if (exact == 0 || places == PLACES ||
		    shown >= 10 * (magnitude)powers[PLACES - places])
			break;
	}
	buf_puts(out, amount.femto < 0 ? "-$" : "$");
	add_magnitude(out, shown, places, ',');
}
