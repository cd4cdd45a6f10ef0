#ifndef METER_BASE_WIDE_H
#define METER_BASE_WIDE_H

/*
 * Whole numbers of up to 512 bits, not negative, for figures that are rounded
 * once: the mean, the deviation and the share of exact counts and amounts are
 * the nearest doubles, half to even, as Python's statistics and fractions have
 * them.  What does not fit is cut; who computes knows how large his numbers
 * can get.
 */

#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"

enum {
	WIDE_LIMBS = 8,
	WIDE_BITS = 64 * WIDE_LIMBS,
};

struct wide {
	uint64_t limb[WIDE_LIMBS];	/* the lowest first */
};

/* The number without its sign. */
struct wide wide_of(money_int number);

/* a + b, a times b, and a - b where a is not below b. */
struct wide wide_add(struct wide a, struct wide b);
struct wide wide_sub(struct wide a, struct wide b);
struct wide wide_times(struct wide a, struct wide b);

/* The number times 2^bits. */
struct wide wide_shift(struct wide number, size_t bits);

/* Below, at or above 0 as a is below, equal to or above b. */
int wide_compare(struct wide a, struct wide b);

/* How many bits the number has, 0 for 0. */
size_t wide_bits(struct wide number);

/* The whole quotient of a by b, which is not 0, and what remains. */
struct wide wide_divide(struct wide *remainder, struct wide a, struct wide b);

/*
 * Set *out to the number, or to a / b rounded half to even, b not being 0;
 * return -1, *out alone, where it does not fit.
 */
int wide_number(money_int *out, struct wide number);
int wide_round(money_int *out, struct wide a, struct wide b);

/*
 * The nearest double to a / b, and to its square root; b is not 0 and has at
 * most 390 bits.
 */
double wide_ratio(struct wide a, struct wide b);
double wide_root(struct wide a, struct wide b);

#endif
