/*
 * money_parse and all that is computed from it.  The input is two amounts,
 * parted by the first line feed; the first byte chooses the places and the
 * count of the operations that need one.
 */
#include <math.h>
#include <regex.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/money.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static bool
same(struct money a, struct money b)
{
	return a.femto == b.femto;
}

/* The grammar once more, read by a machine that is not ours. */
static bool
is_decimal(const struct buf *text)
{
	static regex_t grammar;
	static bool compiled;

	if (!compiled)
		must(regcomp(&grammar,
			 "^[+-]?([0-9]+([.][0-9]+)?|[.][0-9]+)"
			 "([eE][+-]?[0-9]+)?$",
			 REG_EXTENDED | REG_NOSUB) == 0);
	compiled = true;
	return strlen(text->text) == text->len &&
	       regexec(&grammar, text->text, 0, NULL, 0) == 0;
}

static struct money
read_back(const struct buf *text)
{
	struct money amount;

	must(money_parse(&amount, text->text, text->len) == MONEY_OK);
	return amount;
}

/* strtod rounds the same exact number, so the two doubles agree. */
static void
check_value(enum money_parsed how, struct money amount, const char *text)
{
	double exact = strtod(text, NULL), ours = money_double(amount);

	if (how == MONEY_RANGE)
		must(fabs(exact) > 1.7e23);
	else if (how == MONEY_OK)
		must(ours >= exact && ours <= exact);
	else
		must(fabs(ours - exact) <= 5e-16 + fabs(exact) * 1e-15);
}

static bool
parse(struct money *out, const uint8_t *data, size_t size)
{
	struct money before = { 42 };
	struct buf text = BUF_INIT;
	enum money_parsed how;

	buf_add(&text, data, size);
	*out = before;
	how = money_parse(out, text.text, text.len);
	must((how == MONEY_SYNTAX) == !is_decimal(&text));
	if (how == MONEY_SYNTAX || how == MONEY_RANGE)
		must(same(*out, before));
	if (how != MONEY_SYNTAX)
		check_value(how, *out, text.text);
	buf_release(&text);
	return how == MONEY_OK || how == MONEY_ROUNDED;
}

/* What is printed reads back, and full, fixed and rounded agree. */
static void
check_text(struct money amount, int places)
{
	struct money limit = { (money_int)1 << 126 };
	struct money rounded = money_round(amount, places);
	struct buf full = BUF_INIT, fixed = BUF_INIT;

	money_full(&full, amount);
	must(same(read_back(&full), amount) && !strchr(full.text, 'e'));
	money_fixed(&fixed, amount, 15);
	must(same(read_back(&fixed), amount));
	must(strncmp(full.text, fixed.text, full.len) == 0);

	must(same(money_round(amount, 15), amount));
	must(same(money_round(rounded, places), rounded));
	buf_reset(&fixed);
	money_fixed(&fixed, amount, places);
	/* Near the limit the fixed form may be a number that does not fit. */
	if (money_compare(amount, limit) < 0 &&
	    money_compare(amount, (struct money){ -limit.femto }) > 0)
		must(same(read_back(&fixed), rounded));
	buf_release(&full);
	buf_release(&fixed);
}

/* Without its marks, what people read is the amount, rounded. */
static void
check_people(struct money amount)
{
	struct buf text = BUF_INIT, bare = BUF_INIT;
	struct money back;

	money_people(&text, amount);
	for (size_t i = 0; i < text.len; i++)
		if (!strchr("$,", text.text[i]))
			buf_putc(&bare, text.text[i]);
	if (money_parse(&back, bare.text, bare.len) != MONEY_RANGE)
		must((back.femto == 0) == (amount.femto == 0) ||
		     fabs(money_double(amount)) < 1e-15);
	buf_release(&text);
	buf_release(&bare);
}

static void
check_sums(struct money a, struct money b)
{
	struct money sum, other, difference;
	int rc = money_add(&sum, a, b);

	must(rc == money_add(&other, b, a));
	must(money_compare(a, b) == -money_compare(b, a));
	if (rc == 0) {
		must(same(sum, other));
		must(money_sub(&other, sum, b) == 0 && same(other, a));
	}
	if (money_sub(&difference, a, b) == 0) {
		must(money_add(&other, difference, b) == 0 && same(other, a));
		must((difference.femto > 0) == (money_compare(a, b) > 0));
	}
}

static void
check_times(struct money price, int64_t count)
{
	struct money product, next, sum;

	if (money_times(&product, price, count) == 0 &&
	    money_times(&next, price, count + 1) == 0)
		must(money_add(&sum, product, price) == 0 && same(sum, next));
	must(money_times(&product, price, 0) == 0 && product.femto == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct money a, b;
	const uint8_t *feed;

	if (size == 0)
		return 0;
	feed = memchr(data + 1, '\n', size - 1);
	if (!feed)
		feed = data + size;
	if (!parse(&a, data + 1, (size_t)(feed - data) - 1))
		return 0;
	check_text(a, data[0] % 16);
	check_people(a);
	check_times(a, (int64_t)1 << data[0] % 63);
	if (feed < data + size &&
	    parse(&b, feed + 1, (size_t)(data + size - feed) - 1))
		check_sums(a, b);
	return 0;
}
