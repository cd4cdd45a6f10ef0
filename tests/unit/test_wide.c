#include "lib/base/wide.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* 2^bits. */
static struct wide
power(size_t bits)
{
	return wide_shift(wide_of(1), bits);
}

static money_int
random_number(unsigned *seed, int bits)
{
	money_int number = 0;

	for (int i = 0; i < 128; i += 31)
		number = (money_int)((__uint128_t)number << 31) | rand_r(seed);
	return number & (((money_int)1 << bits) - 1);
}

static money_int
number_of(struct wide wide)
{
	money_int number = -1;

	cr_assert(wide_number(&number, wide) == 0);
	return number;
}

Test(wide, computes_as_128_bits_do)
{
	unsigned seed = 1;
	struct wide rest;

	for (int i = 0; i < 2000; i++) {
		money_int a = random_number(&seed, 1 + i % 120);
		money_int b = random_number(&seed, 1 + i % 60) + 1;
		money_int c = random_number(&seed, 1 + i % 63);

		cr_assert(number_of(wide_add(wide_of(a), wide_of(b))) == a + b);
		cr_assert(number_of(wide_sub(wide_of(a + b), wide_of(b))) == a);
		cr_assert(
		    number_of(wide_times(wide_of(b), wide_of(c))) == b * c);
		cr_assert(number_of(wide_divide(&rest, wide_of(a),
			      wide_of(b))) == a / b);
		cr_assert(number_of(rest) == a % b);
		cr_assert(
		    wide_compare(wide_of(a), wide_of(b)) == (a > b) - (a < b));
	}
	cr_expect(number_of(wide_of(-5)) == 5);
}

Test(wide, divides_what_it_multiplied)
{
	struct wide a, b, product, rest;
	unsigned seed = 2;

	for (int i = 0; i < 2000; i++) {
		a = wide_times(wide_of(random_number(&seed, 126)),
		    wide_of(random_number(&seed, 1 + i % 126)));
		b = wide_times(wide_of(random_number(&seed, 100) + 1),
		    wide_of(random_number(&seed, 1 + i % 100) + 1));
		product = wide_add(wide_times(a, b), wide_sub(b, wide_of(1)));
		cr_assert(wide_compare(wide_divide(&rest, product, b), a) == 0);
		cr_assert(wide_compare(rest, wide_sub(b, wide_of(1))) == 0);
	}
}

/* A number of up to so many bits, whose limbs are often the extremes that a
 * guessed digit of a quotient is too large with. */
static struct wide
odd_number(unsigned *seed, size_t bits)
{
	static const uint64_t limbs[] = { 0, 1, UINT64_MAX, UINT64_MAX - 1,
		UINT64_C(1) << 63, (UINT64_C(1) << 63) - 1 };
	size_t known = sizeof(limbs) / sizeof(limbs[0]), kind;
	struct wide number = { { 0 } };

	for (size_t i = 0; i < (bits + 63) / 64; i++) {
		kind = (size_t)rand_r(seed) % (2 * known);
		number.limb[i] = kind < known
				     ? limbs[kind]
				     : (uint64_t)random_number(seed, 64);
	}
	if (bits % 64 > 0)
		number.limb[bits / 64] &= (UINT64_C(1) << bits % 64) - 1;
	return number;
}

Test(wide, divides_numbers_of_every_size)
{
	struct wide a, b, quotient, rest;
	unsigned seed = 5;

	for (size_t i = 0; i < 200000; i++) {
		a = odd_number(&seed, 1 + (size_t)rand_r(&seed) % WIDE_BITS);
		b = odd_number(&seed, 1 + (size_t)rand_r(&seed) % WIDE_BITS);
		if (wide_bits(b) == 0)
			continue;
		quotient = wide_divide(&rest, a, b);
		cr_assert(wide_compare(rest, b) < 0);
		cr_assert(
		    wide_bits(quotient) == 0 ||
		    wide_bits(quotient) + wide_bits(b) <= wide_bits(a) + 1);
		cr_assert(wide_compare(wide_add(wide_times(quotient, b), rest),
			      a) == 0);
	}
}

Test(wide, knows_how_many_bits_it_has)
{
	cr_expect(eq(sz, wide_bits(wide_of(0)), 0));
	for (size_t bits = 0; bits < WIDE_BITS; bits++)
		cr_assert(eq(sz, wide_bits(power(bits)), bits + 1));
}

Test(wide, tells_what_does_not_fit)
{
	money_int number = 7;

	cr_expect(wide_number(&number, power(127)) == -1);
	cr_expect(wide_round(&number, power(130), wide_of(3)) == -1);
	cr_expect(number == 7);
}

Test(wide, rounds_half_to_even)
{
	static const int cases[][3] = { { 1, 2, 0 }, { 3, 2, 2 }, { 5, 2, 2 },
		{ 7, 3, 2 }, { 8, 3, 3 }, { 6, 3, 2 }, { 0, 9, 0 } };
	money_int number;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_assert(wide_round(&number, wide_of(cases[i][0]),
			      wide_of(cases[i][1])) == 0);
		cr_expect(number == cases[i][2], "%d / %d", cases[i][0],
		    cases[i][1]);
	}
}

Test(wide, a_ratio_is_the_nearest_double)
{
	unsigned seed = 3;

	for (int i = 0; i < 5000; i++) {
		money_int a = random_number(&seed, 1 + i % 53);
		money_int b = random_number(&seed, 1 + i * 7 % 53) + 1;
		double want = (double)a / (double)b;
		struct wide scale =
		    wide_times(wide_of(random_number(&seed, 100) + 1),
			wide_of(3));

		cr_assert(eq(dbl, wide_ratio(wide_of(a), wide_of(b)), want));
		/* What both are multiplied by makes no difference. */
		cr_assert(eq(dbl,
		    wide_ratio(wide_times(wide_of(a), scale),
			wide_times(wide_of(b), scale)),
		    want));
	}
	/* 2^53 + 1 lies between two doubles; the least bit more decides. */
	cr_expect(eq(dbl,
	    wide_ratio(wide_add(power(53), wide_of(1)), wide_of(1)), 0x1p53));
	cr_expect(eq(dbl,
	    wide_ratio(wide_add(wide_times(wide_add(power(53), wide_of(1)),
				    power(200)),
			   wide_of(1)),
		power(200)),
	    0x1p53 + 2));
	cr_expect(eq(dbl, wide_ratio(wide_of(0), wide_of(3)), 0.0));
}

/* Whether no double is nearer to the root of a number than this one. */
static bool
is_nearest_root(double root, struct wide number)
{
	struct wide mantissa, twice, below, above;
	int exponent;

	mantissa = wide_of((money_int)ldexp(frexp(root, &exponent), 53));
	exponent = 53 - exponent;
	twice = wide_times(mantissa, wide_of(2));
	below = wide_sub(twice, wide_of(1));
	above = wide_add(twice, wide_of(1));
	number =
	    wide_shift(wide_times(number, wide_of(4)), 2 * (size_t)exponent);
	return wide_compare(wide_times(below, below), number) <= 0 &&
	       wide_compare(number, wide_times(above, above)) <= 0;
}

Test(wide, a_root_is_the_nearest_double)
{
	unsigned seed = 4;

	for (int i = 0; i < 5000; i++) {
		money_int a = random_number(&seed, 1 + i % 53) + 1;
		struct wide number = wide_of(a);

		cr_assert(
		    is_nearest_root(wide_root(number, wide_of(1)), number));
		cr_assert(
		    eq(dbl, wide_root(wide_times(number, number), wide_of(49)),
			(double)a / 7));
	}
	cr_expect(eq(dbl, wide_root(power(300), power(380)), 0x1p-40));
	cr_expect(eq(dbl, wide_root(wide_of(0), wide_of(3)), 0.0));
}
