#ifndef METER_BASE_MONEY_H
#define METER_BASE_MONEY_H

/*
 * Exact money.  An amount is a whole number of femtodollars (1e-15 USD) in
 * 128 bits, so that sums in any order are equal and a token count times a
 * price with up to 15 decimals never rounds.  Arithmetic is checked: it
 * fails, it never wraps.  The same type holds other exact decimals with up
 * to 15 places (amounts of a resource, prices, limits).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

__extension__ typedef __int128 money_int;

struct money {
	money_int femto;
};

/* The largest amount there is. */
#define MONEY_MAX \
	((struct money){ (((money_int)1 << 126) - 1) * 2 + 1 })

#define MONEY_ZERO ((struct money){ 0 })

/* How money_parse ended. */
enum money_parsed {
	MONEY_OK,
	MONEY_ROUNDED,	/* taken, half-even, from more than 15 decimals */
	MONEY_SYNTAX,	/* no decimal number */
	MONEY_RANGE,	/* does not fit */
};

/*
 * Read the decimal number text[0..len), `[+-]?digits(.digits)?` or
 * `[+-]?.digits`, with or without an exponent, rounded half-even to 15
 * decimals.  No blanks, no thousands marks, no hex.  The text may be of any
 * length and the exponent of any size; the work is linear in the text.  *out
 * is set on MONEY_OK and MONEY_ROUNDED.
 */
enum money_parsed money_parse(struct money *out, const char *text, size_t len);

/* Set *out to a + b, or a - b; return -1, *out alone, if it does not fit. */
int money_add(struct money *out, struct money a, struct money b);
int money_sub(struct money *out, struct money a, struct money b);

/* Set *out to count times price, likewise. */
int money_times(struct money *out, struct money price, int64_t count);

/* Below, at or above 0 as a is below, equal to or above b. */
int money_compare(struct money a, struct money b);

/*
 * The amount rounded half-even to places decimals, 0 to 15; towards 0 where
 * the even one would not fit.
 */
struct money money_round(struct money amount, int places);

/*
 * Append amount with exactly places decimals, 0 to 15, ties to even.  What
 * rounds to zero has no minus.
 */
void money_fixed(struct buf *out, struct money amount, int places);

/* Append amount in full: no exponent, no trailing zeros: `0.0132`, `3`. */
void money_full(struct buf *out, struct money amount);

/*
 * The nearest double, half to even, by way of the decimal text; for ratios,
 * and for the formats whose existing programs keep money as a double.
 */
double money_double(struct money amount);

/*
 * Append an amount for people: `$0.0132`, `-$1,234.5678`, with four
 * decimals, or with so many (at most 15) as show two significant digits
 * where four decimals would show fewer of a non-zero amount below 0.001:
 * `$0.000012`.
 */
void money_people(struct buf *out, struct money amount);

#endif
