#ifndef METER_BASE_NUMBER_H
#define METER_BASE_NUMBER_H

/*
 * Counts and doubles as text.  Counts are whole, not negative and fit an
 * int64_t, always checked.  Doubles are only for ratios, means, deviations
 * and for the values that a plan passes through.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Read a count: digits only, no sign, no blank, no leading zero but for "0"
 * itself.  Return 0; -1 where the text is no such number or does not fit,
 * *out untouched.
 */
int number_parse_count(int64_t *out, const char *text, size_t len);

/*
 * Read a decimal number, `-?digits(.digits)?([eE][+-]?digits)?`, into the
 * nearest double, half to even, whatever the locale.  Return -1 where the
 * text is none or the value is not finite.
 */
int number_parse_double(double *out, const char *text, size_t len);

/*
 * Append a double as Python's repr() does: the shortest digits that read
 * back, `1e-07`, `1e+16`, `0.1`, `12.0`, `-0.0`, `inf`, `nan`
 * (reliability.md 4).
 */
void number_repr(struct buf *out, double value);

/*
 * Append a double with the digits of number_repr but never an exponent, and
 * no trailing zeros: `0.0000001`, `12`, `0.5`; `-0.0` is `0`.  Not finite:
 * `null`.
 */
void number_plain(struct buf *out, double value);

/*
 * Round to places decimals (0 to 15) as Python's round() does: exactly, on
 * the binary value, ties to even.
 */
double number_round(double value, int places);

/* Append a whole number as digits: `-1234567`. */
void number_whole(struct buf *out, int64_t value);

/* Append a whole number with commas between thousands: `-1,234,567`. */
void number_group(struct buf *out, int64_t value);

/* Append a double as number_plain does, with commas between the thousands of
 * its whole part: `-1,234.5`. */
void number_people(struct buf *out, double value);

/*
 * Write the JSON number text[0..len) as Python's json.dumps writes what
 * json.loads read: a whole number as its digits, any other as its repr.
 * Return -1 where it is not finite as a double.
 */
int number_python(struct buf *out, const char *text, size_t len);

#endif
