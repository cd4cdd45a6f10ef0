#include "lib/doc/scalar.h"

#include <string.h>

#define DIGITS "0123456789"

/*
 * The patterns are matched by functions that step over what they expect.
 * Each starts from a cursor of its own and must arrive at the end.  All
 * choices within them are decided by the next two characters, so nothing is
 * ever tried twice and the time is linear.
 */
struct cursor {
	const char *at;
	const char *end;
};

static bool
step(struct cursor *c, const char *set)
{
	if (c->at == c->end || !memchr(set, *c->at, strlen(set)))
		return false;
	c->at++;
	return true;
}

/* Step over as many as there are, and say how many. */
static size_t
run(struct cursor *c, const char *set)
{
	const char *start = c->at;

	while (step(c, set))
		;
	return (size_t)(c->at - start);
}

static bool
literal(struct cursor *c, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(c->end - c->at) < len || memcmp(c->at, word, len) != 0)
		return false;
	c->at += len;
	return true;
}

static bool
done(const struct cursor *c)
{
	return c->at == c->end;
}

static bool
is_one_of(struct cursor c, const char *const *words)
{
	for (; *words; words++) {
		struct cursor copy = c;

		if (literal(&copy, *words) && done(&copy))
			return true;
	}
	return false;
}

static bool
is_null(struct cursor c)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL",
		NULL };

	return is_one_of(c, words);
}

static bool
is_bool(struct cursor c)
{
	static const char *const words[] = { "yes", "Yes", "YES", "no", "No",
		"NO", "true", "True", "TRUE", "false", "False", "FALSE", "on",
		"On", "ON", "off", "Off", "OFF", NULL };

	return is_one_of(c, words);
}

/* (:[0-5]?[0-9])+, the places of a number in base 60. */
static bool
sixties(struct cursor *c)
{
	size_t count;

	for (count = 0; step(c, ":"); count++) {
		bool tens = step(c, "012345");

		if (!step(c, DIGITS) && !tens)
			return false;
	}
	return count > 0;
}

static bool
is_int(struct cursor c)
{
	step(&c, "+-");
	if (literal(&c, "0b"))
		return run(&c, "01_") > 0 && done(&c);
	if (literal(&c, "0x"))
		return run(&c, DIGITS "abcdefABCDEF_") > 0 && done(&c);
	if (step(&c, "0")) {
		run(&c, "01234567_");
		return done(&c);
	}
	if (!step(&c, "123456789"))
		return false;
	run(&c, DIGITS "_");
	return done(&c) || (sixties(&c) && done(&c));
}

/* ([eE][-+][0-9]+)?, to the end: the sign must be there. */
static bool
exponent(struct cursor c)
{
	if (done(&c))
		return true;
	return step(&c, "eE") && step(&c, "+-") && run(&c, DIGITS) > 0 &&
	       done(&c);
}

static bool
is_infinite(struct cursor c)
{
	static const char *const words[] = { ".inf", ".Inf", ".INF", NULL };

	step(&c, "+-");
	return is_one_of(c, words);
}

/* What starts with the point; a sign before it makes it a string. */
static bool
is_fraction(struct cursor c)
{
	static const char *const words[] = { ".nan", ".NaN", ".NAN", NULL };

	if (is_one_of(c, words))
		return true;
	if (!step(&c, ".") || !step(&c, DIGITS))
		return false;
	run(&c, DIGITS "_");
	return exponent(c);
}

static bool
is_float(struct cursor c)
{
	if (is_infinite(c) || is_fraction(c))
		return true;
	step(&c, "+-");
	if (!step(&c, DIGITS))
		return false;
	run(&c, DIGITS "_");
	if (step(&c, ".")) {
		run(&c, DIGITS "_");
		return exponent(c);
	}
	if (!sixties(&c) || !step(&c, "."))
		return false;
	run(&c, DIGITS "_");
	return done(&c);
}

/* From least to most digits, no more behind them. */
static bool
digits(struct cursor *c, size_t least, size_t most)
{
	size_t count = run(c, DIGITS);

	return count >= least && count <= most;
}

/* [ \t]*(Z|[-+]DD?(:DD)?), to the end; or nothing at all. */
static bool
zone(struct cursor c)
{
	if (done(&c))
		return true;
	run(&c, " \t");
	if (step(&c, "Z"))
		return done(&c);
	if (!step(&c, "+-") || !digits(&c, 1, 2))
		return false;
	return done(&c) || (step(&c, ":") && digits(&c, 2, 2) && done(&c));
}

static bool
is_timestamp(struct cursor c)
{
	struct cursor start;
	size_t month, day;

	if (!digits(&c, 4, 4) || !step(&c, "-"))
		return false;
	start = c;
	month = run(&c, DIGITS);
	if (!step(&c, "-"))
		return false;
	day = run(&c, DIGITS);
	if (done(&c))
		return month == 2 && day == 2;
	c = start;
	if (!digits(&c, 1, 2) || !step(&c, "-") || !digits(&c, 1, 2))
		return false;
	if (!step(&c, "Tt") && run(&c, " \t") == 0)
		return false;
	if (!digits(&c, 1, 2) || !step(&c, ":") || !digits(&c, 2, 2) ||
	    !step(&c, ":") || !digits(&c, 2, 2))
		return false;
	if (step(&c, "."))
		run(&c, DIGITS);
	return zone(c);
}

enum scalar_kind
scalar_resolve(const char *text, size_t len)
{
	struct cursor c = { text, text + len };

	if (len == 1 && text[0] == '=')
		return SCALAR_VALUE;
	if (len == 2 && memcmp(text, "<<", 2) == 0)
		return SCALAR_MERGE;
	if (is_null(c))
		return SCALAR_NULL;
	if (is_bool(c))
		return SCALAR_BOOL;
	if (is_int(c))
		return SCALAR_INT;
	if (is_float(c))
		return SCALAR_FLOAT;
	return is_timestamp(c) ? SCALAR_TIMESTAMP : SCALAR_STRING;
}

bool
scalar_is_decimal(const char *text, size_t len)
{
	struct cursor c = { text, text + len }, whole;

	step(&c, "+-");
	whole = c;
	if (step(&whole, "0") || run(&whole, DIGITS) > 0)
		if (done(&whole))
			return true;
	return memchr(c.at, '.', (size_t)(c.end - c.at)) &&
	       run(&c, DIGITS ".eE+-") > 0 && done(&c);
}
