#include "lib/base/wide.h"

#include <math.h>
#include <stdbool.h>

__extension__ typedef unsigned __int128 word;

enum {
	RATIO_BITS = 62, /* of a quotient that is then rounded to 53 */
	ROOT_BITS = 112, /* of one whose root is: an even number */
};

struct wide
wide_of(money_int number)
{
	word magnitude = number < 0 ? -(word)number : (word)number;

	return (struct wide){ { (uint64_t)magnitude,
	    (uint64_t)(magnitude >> 64) } };
}

struct wide
wide_add(struct wide a, struct wide b)
{
	word carry = 0;

	for (size_t i = 0; i < WIDE_LIMBS; i++) {
		carry += (word)a.limb[i] + b.limb[i];
		a.limb[i] = (uint64_t)carry;
		carry >>= 64;
	}
	return a;
}

struct wide
wide_sub(struct wide a, struct wide b)
{
	unsigned borrow = 0;

	for (size_t i = 0; i < WIDE_LIMBS; i++) {
		word taken = (word)b.limb[i] + borrow;

		borrow = a.limb[i] < taken;
		a.limb[i] -= (uint64_t)taken;
	}
	return a;
}

struct wide
wide_times(struct wide a, struct wide b)
{
	struct wide product = { { 0 } };

	for (size_t i = 0; i < WIDE_LIMBS; i++) {
		word carry = 0;

		if (a.limb[i] == 0)
			continue;
		for (size_t j = 0; i + j < WIDE_LIMBS; j++) {
			carry +=
			    (word)a.limb[i] * b.limb[j] + product.limb[i + j];
			product.limb[i + j] = (uint64_t)carry;
			carry >>= 64;
		}
	}
	return product;
}

struct wide
wide_shift(struct wide number, size_t bits)
{
	struct wide out = { { 0 } };
	size_t limbs = bits / 64, rest = bits % 64;

	for (size_t i = limbs; i < WIDE_LIMBS; i++) {
		out.limb[i] = number.limb[i - limbs] << rest;
		if (rest > 0 && i > limbs)
			out.limb[i] |=
			    number.limb[i - limbs - 1] >> (64 - rest);
	}
	return out;
}

/* The number by 2, what is left over is dropped. */
static void
halve(struct wide *number)
{
	for (size_t i = 0; i + 1 < WIDE_LIMBS; i++)
		number->limb[i] = number->limb[i] >> 1 | number->limb[i + 1]
							     << 63;
	number->limb[WIDE_LIMBS - 1] >>= 1;
}

int
wide_compare(struct wide a, struct wide b)
{
	for (size_t i = WIDE_LIMBS; i-- > 0;)
		if (a.limb[i] != b.limb[i])
			return a.limb[i] < b.limb[i] ? -1 : 1;
	return 0;
}

size_t
wide_bits(struct wide number)
{
	for (size_t i = WIDE_LIMBS; i-- > 0;)
		if (number.limb[i] != 0)
			return 64 * (i + 1) -
			       (size_t)__builtin_clzll(number.limb[i]);
	return 0;
}

/* Limb by limb, where the divisor is one. */
static struct wide
divide_short(struct wide *remainder, struct wide a, uint64_t b)
{
	word rest = 0;

	for (size_t i = WIDE_LIMBS; i-- > 0;) {
		rest = rest << 64 | a.limb[i];
		a.limb[i] = (uint64_t)(rest / b);
		rest %= b;
	}
	*remainder = (struct wide){ { (uint64_t)rest } };
	return a;
}

struct wide
wide_divide(struct wide *remainder, struct wide a, struct wide b)
{
	struct wide quotient = { { 0 } };
	size_t bits = wide_bits(a), under = wide_bits(b);

	if (under <= 64)
		return divide_short(remainder, a, b.limb[0]);
	if (bits >= under) {
		b = wide_shift(b, bits - under);
		for (size_t i = bits - under + 1; i-- > 0; halve(&b)) {
			if (wide_compare(a, b) < 0)
				continue;
			a = wide_sub(a, b);
			quotient.limb[i / 64] |= UINT64_C(1) << i % 64;
		}
	}
	*remainder = a;
	return quotient;
}

int
wide_number(money_int *out, struct wide number)
{
	if (wide_bits(number) > 127)
		return -1;
	*out = (money_int)((word)number.limb[1] << 64 | number.limb[0]);
	return 0;
}

int
wide_round(money_int *out, struct wide a, struct wide b)
{
	struct wide rest, quotient = wide_divide(&rest, a, b);
	int half = wide_compare(wide_shift(rest, 1), b);

	if (half > 0 || (half == 0 && quotient.limb[0] % 2 == 1))
		quotient = wide_add(quotient, wide_of(1));
	return wide_number(out, quotient);
}

/* The number by 2^bits; *is_cut tells whether that left anything over. */
static struct wide
shift_down(bool *is_cut, struct wide number, size_t bits)
{
	struct wide out = { { 0 } };
	size_t limbs = bits / 64, rest = bits % 64;

	for (size_t i = 0; i + limbs < WIDE_LIMBS; i++) {
		out.limb[i] = number.limb[i + limbs] >> rest;
		if (rest > 0 && i + limbs + 1 < WIDE_LIMBS)
			out.limb[i] |= number.limb[i + limbs + 1]
				       << (64 - rest);
	}
	*is_cut = wide_compare(wide_shift(out, bits), number) != 0;
	return out;
}

/*
 * The quotient of a by b times 2^-*scale, of about so many bits; the lowest
 * bit is set where anything is left over, so that rounding goes the right way.
 */
static word
divide_scaled(int *scale, struct wide a, struct wide b, int bits)
{
	struct wide quotient, rest;
	bool is_cut = false;
	int shift = bits - (int)wide_bits(a) + (int)wide_bits(b);

	shift += shift % 2 != 0;
	if (shift > 0)
		a = wide_shift(a, (size_t)shift);
	else
		a = shift_down(&is_cut, a, (size_t)-shift);
	*scale = shift;
	quotient = wide_divide(&rest, a, b);
	return ((word)quotient.limb[1] << 64 | quotient.limb[0]) |
	       (is_cut || wide_bits(rest) > 0);
}

double
wide_ratio(struct wide a, struct wide b)
{
	int scale;
	word quotient;

	if (wide_bits(a) == 0)
		return 0;
	quotient = divide_scaled(&scale, a, b, RATIO_BITS);
	return ldexp((double)(uint64_t)quotient, -scale);
}

/* The whole root; the lowest bit is set where anything is left over. */
static uint64_t
root_of(word number)
{
	uint64_t root = 0;

	for (int i = 63; i >= 0; i--) {
		uint64_t next = root | UINT64_C(1) << i;

		if ((word)next * next <= number)
			root = next;
	}
	return root | ((word)root * root != number);
}

double
wide_root(struct wide a, struct wide b)
{
	word quotient;
	int scale;

	if (wide_bits(a) == 0)
		return 0;
	quotient = divide_scaled(&scale, a, b, ROOT_BITS);
	return ldexp((double)root_of(quotient), -scale / 2);
}
