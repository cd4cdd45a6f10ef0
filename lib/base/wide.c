#include "lib/base/wide.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

__extension__ typedef unsigned __int128 word;

/* Up to this, doubles hold all whole numbers. */
#define DOUBLE_WHOLE (UINT64_C(1) << 53)

enum {
	RATIO_BITS = 62, /* of a quotient that is then rounded to 53 */
	ROOT_BITS = 112, /* of one whose root is: an even number */
};

/* How many limbs there are up to the highest that is not 0. */
static size_t
limbs_of(const struct wide *number)
{
	size_t count = WIDE_LIMBS;

	while (count > 0 && number->limb[count - 1] == 0)
		count--;
	return count;
}

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
	size_t count = limbs_of(&b), j;

	for (size_t i = 0; i < WIDE_LIMBS; i++) {
		word carry = 0;

		if (a.limb[i] == 0)
			continue;
		for (j = 0; j < count && i + j < WIDE_LIMBS; j++) {
			carry +=
			    (word)a.limb[i] * b.limb[j] + product.limb[i + j];
			product.limb[i + j] = (uint64_t)carry;
			carry >>= 64;
		}
		/* No limb of the product has been there yet. */
		if (i + j < WIDE_LIMBS)
			product.limb[i + j] = (uint64_t)carry;
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

int
wide_compare(struct wide a, struct wide b)
{
	for (size_t i = WIDE_LIMBS; i-- > 0;)
		if (a.limb[i] != b.limb[i])
			return a.limb[i] < b.limb[i] ? -1 : 1;
	return 0;
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

size_t
wide_bits(struct wide number)
{
	size_t count = limbs_of(&number);

	return count == 0 ? 0
			  : 64 * count -
				(size_t)__builtin_clzll(number.limb[count - 1]);
}

static word
low_word(const struct wide *number)
{
	return (word)number->limb[1] << 64 | number->limb[0];
}

static struct wide
wide_of_word(word number)
{
	return (struct wide){ { (uint64_t)number, (uint64_t)(number >> 64) } };
}

/* Limb by limb, where the divisor is one. */
static struct wide
divide_short(struct wide *remainder, struct wide a, uint64_t b)
{
	word rest = 0;

	for (size_t i = limbs_of(&a); i-- > 0;) {
		rest = rest << 64 | a.limb[i];
		a.limb[i] = (uint64_t)(rest / b);
		rest %= b;
	}
	*remainder = wide_of_word(rest);
	return a;
}

/*
 * The limb of the quotient of the count + 1 limbs at a by the count of b,
 * whose highest bit is set, or that limb and 1: Knuth, volume 2, 4.3.1, D3.
 */
static uint64_t
guess(const uint64_t *a, const uint64_t *b, size_t count)
{
	word top = (word)a[count] << 64 | a[count - 1];
	/* The bit is set; here it is for who cannot know. */
	uint64_t highest = b[count - 1] | UINT64_C(1) << 63;
	word digit = a[count] < highest ? top / highest : UINT64_MAX;
	word rest = top - digit * highest;

	while (rest >> 64 == 0 &&
	       digit * b[count - 2] > (rest << 64 | a[count - 2])) {
		digit--;
		rest += highest;
	}
	return (uint64_t)digit;
}

/* Take b, of count limbs, digit times from the count + 1 limbs at a, and
 * return whether that was too much: a is then 2^(64 count + 64) too large. */
static bool
take_times(uint64_t *a, const uint64_t *b, size_t count, uint64_t digit)
{
	word carry = 0;
	uint64_t taken;

	for (size_t i = 0; i < count; i++) {
		carry += (word)digit * b[i];
		taken = (uint64_t)carry;
		carry = (carry >> 64) + (a[i] < taken);
		a[i] -= taken;
	}
	taken = (uint64_t)carry;
	carry = a[count] < taken;
	a[count] -= taken;
	return carry != 0;
}

static void
give_back(uint64_t *a, const uint64_t *b, size_t count)
{
	word carry = 0;

	for (size_t i = 0; i < count; i++) {
		carry += (word)a[i] + b[i];
		a[i] = (uint64_t)carry;
		carry >>= 64;
	}
	a[count] += (uint64_t)carry;
}

/* Long division, the divisor being of count limbs, at least 2: Knuth, volume
 * 2, 4.3.1, algorithm D. */
static struct wide
divide_long(struct wide *remainder, struct wide a, struct wide b, size_t count)
{
	struct wide quotient = { { 0 } };
	size_t used = limbs_of(&a);
	size_t shift = (size_t)__builtin_clzll(b.limb[count - 1]);
	uint64_t rest[WIDE_LIMBS + 1] = { 0 };
	bool is_cut;

	if (shift > 0)
		rest[used] = a.limb[used - 1] >> (64 - shift);
	a = wide_shift(a, shift);
	memcpy(rest, a.limb, used * sizeof(rest[0]));
	b = wide_shift(b, shift);
	for (size_t i = used - count + 1; i-- > 0;) {
		uint64_t digit = guess(&rest[i], b.limb, count);

		if (take_times(&rest[i], b.limb, count, digit)) {
			digit--;
			give_back(&rest[i], b.limb, count);
		}
		quotient.limb[i] = digit;
	}
	memset(&a, 0, sizeof(a));
	memcpy(a.limb, rest, count * sizeof(rest[0]));
	*remainder = shift_down(&is_cut, a, shift);
	return quotient;
}

struct wide
wide_divide(struct wide *remainder, struct wide a, struct wide b)
{
	size_t count = limbs_of(&b), used = limbs_of(&a);

	if (used <= 2 && count <= 2) {
		*remainder = wide_of_word(low_word(&a) % low_word(&b));
		return wide_of_word(low_word(&a) / low_word(&b));
	}
	if (count <= 1)
		return divide_short(remainder, a, b.limb[0]);
	if (used >= count)
		return divide_long(remainder, a, b, count);
	*remainder = a;
	return wide_of(0);
}

int
wide_number(money_int *out, struct wide number)
{
	if (wide_bits(number) > 127)
		return -1;
	*out = (money_int)low_word(&number);
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
	return low_word(&quotient) | (is_cut || wide_bits(rest) > 0);
}

/* Whether a double holds it, so that one of them divided by another is rounded
 * once. */
static bool
is_exact(const struct wide *number)
{
	return limbs_of(number) <= 1 && number->limb[0] <= DOUBLE_WHOLE;
}

double
wide_ratio(struct wide a, struct wide b)
{
	int scale;
	word quotient;

	if (is_exact(&a) && is_exact(&b))
		return (double)a.limb[0] / (double)b.limb[0];
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
