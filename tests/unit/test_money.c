#include "lib/base/money.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/buf.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The ends of the range. */
#define MOST "170141183460469231731687.303715884105727"
#define LEAST "-170141183460469231731687.303715884105728"

static struct money
amount(const char *text)
{
	struct money money = MONEY_ZERO;
	enum money_parsed parsed = money_parse(&money, text, strlen(text));

	cr_assert(parsed == MONEY_OK, "'%s' gives %d", text, (int)parsed);
	return money;
}

static void
expect_full(struct money money, char *want)
{
	struct buf out = BUF_INIT;

	money_full(&out, money);
	cr_expect(eq(str, out.text, want));
	buf_release(&out);
}

static void
expect_fixed(const char *text, int places, char *want)
{
	struct buf out = BUF_INIT;

	money_fixed(&out, amount(text), places);
	cr_expect(eq(str, out.text, want), "%s to %d", text, places);
	buf_release(&out);
}

Test(money, reads_decimals_exactly)
{
	static const struct {
		char *text, *full;
	} rows[] = {
		{ "0", "0" },
		{ "-0", "0" },
		{ "0.000", "0" },
		{ "3", "3" },
		{ "+3", "3" },
		{ "007.50", "7.5" },
		{ ".5", "0.5" },
		{ "-.5", "-0.5" },
		{ "0.1", "0.1" },
		{ "-0.0132", "-0.0132" },
		{ "3e-06", "0.000003" },
		{ "5.46875E-07", "0.000000546875" },
		{ "1e-15", "0.000000000000001" },
		{ "-1e-15", "-0.000000000000001" },
		{ "12.5e+3", "12500" },
		{ "0.000000000000000000012e+10", "0.00000000012" },
		{ "1.0000000000000000000000", "1" },
		{ "123456789.123456789012345", "123456789.123456789012345" },
		{ "0e99999", "0" },
		{ "0.00e-99999999999999999999999", "0" },
		{ MOST, MOST },
		{ LEAST, LEAST },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		expect_full(amount(rows[i].text), rows[i].full);
}

Test(money, rounds_what_is_finer_half_to_even)
{
	static const struct {
		char *text, *full;
	} rows[] = {
		{ "4e-16", "0" },
		{ "5e-16", "0" },
		{ "-5e-16", "0" },
		{ "6e-16", "0.000000000000001" },
		{ "15e-16", "0.000000000000002" },
		{ "25e-16", "0.000000000000002" },
		{ "-25e-16", "-0.000000000000002" },
		{ "-35e-16", "-0.000000000000004" },
		{ "5.000000000000000000000000001e-16", "0.000000000000001" },
		{ "24.99999999999999999999999999e-16", "0.000000000000002" },
		{ "1.9999999999999995", "2" },
		{ "9e-17", "0" },
		{ "1e-99999999999999999999999", "0" },
		{ "170141183460469231731687.3037158841057274999", MOST },
	};
	struct money money;

	for (size_t i = 0; i < COUNT(rows); i++) {
		cr_expect(money_parse(&money, rows[i].text,
			      strlen(rows[i].text)) == MONEY_ROUNDED,
		    "'%s'", rows[i].text);
		expect_full(money, rows[i].full);
	}
}

Test(money, refuses_what_is_no_number)
{
	static const char *const bad[] = { "", " ", " 1", "1 ", "1.", ".", "-",
		"+", "-.", "e5", ".e5", "1e", "1e+", "1e-", "1.e5", "--1",
		"+-1", "1,000", "1_000", "0x10", "inf", "-inf", "nan", "NaN",
		"$1", "1.2.3", "1e5.0", "1e5e5", "1d5", "1e 5", "1/2",
		"1:", "\xD9\xA3" };
	struct money money = { 42 };

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_expect(money_parse(&money, bad[i], strlen(bad[i])) ==
			      MONEY_SYNTAX,
		    "'%s'", bad[i]);
	cr_expect(money_parse(&money, "1\0", 2) == MONEY_SYNTAX);
	cr_expect(money_parse(&money, NULL, 0) == MONEY_SYNTAX);
	cr_expect(money.femto == 42);
}

Test(money, refuses_what_does_not_fit)
{
	static const char *const bad[] = {
		"170141183460469231731687.303715884105728",
		"-170141183460469231731687.303715884105729",
		"170141183460469231731687.3037158841057275", /* rounds over */
		"-170141183460469231731687.3037158841057285000000001", "1e24",
		"2e23", "999999999999999999999999", "1e309",
		"-1e999999999999999999999", "0.0001e9223372036854775807",
		"1e18446744073709551616"
	};
	struct money money = { 42 };

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_expect(money_parse(&money, bad[i], strlen(bad[i])) ==
			      MONEY_RANGE,
		    "'%s'", bad[i]);
	cr_expect(money.femto == 42);
}

Test(money, reads_a_text_of_any_length, .timeout = 10)
{
	const size_t zeros = 5000000;
	struct buf text = BUF_INIT;
	struct money money;

	buf_puts(&text, "0.");
	buf_fill(&text, '0', zeros);
	buf_putc(&text, '1');
	cr_expect(money_parse(&money, text.text, text.len) == MONEY_ROUNDED);
	expect_full(money, "0");
	buf_puts(&text, "e5000001");
	cr_expect(money_parse(&money, text.text, text.len) == MONEY_OK);
	expect_full(money, "1");

	buf_reset(&text);
	buf_fill(&text, '0', zeros);
	buf_putc(&text, '7');
	buf_fill(&text, '0', zeros);
	buf_puts(&text, ".5e-5000000");
	cr_expect(money_parse(&money, text.text, text.len) == MONEY_ROUNDED);
	expect_full(money, "7");
	buf_release(&text);
}

Test(money, rounds_ties_to_even)
{
	expect_fixed("0.00005", 4, "0.0000");
	expect_fixed("0.00015", 4, "0.0002");
	expect_fixed("0.00025", 4, "0.0002");
	expect_fixed("-0.00015", 4, "-0.0002");
	expect_fixed("0.000250000000001", 4, "0.0003");
	expect_fixed("0.000249999999999", 4, "0.0002");
	expect_fixed("2.5", 0, "2");
	expect_fixed("3.5", 0, "4");
	expect_fixed("9.995", 2, "10.00");
	expect_fixed("0.0000125", 6, "0.000012");
	expect_fixed("0.0000135", 6, "0.000014");
}

Test(money, writes_exactly_the_places_asked_for)
{
	expect_fixed("0", 0, "0");
	expect_fixed("0", 2, "0.00");
	expect_fixed("12", 6, "12.000000");
	expect_fixed("1.5", 15, "1.500000000000000");
	expect_fixed("-0.001", 2, "0.00");
	expect_fixed(MOST, 0, "170141183460469231731687");
	expect_fixed(LEAST, 15, LEAST);
	/* The print is right where the rounded amount would not fit. */
	expect_fixed(MOST, 14, "170141183460469231731687.30371588410573");
}

Test(money, rounds_an_amount_as_it_prints_it)
{
	expect_full(money_round(amount("0.00015"), 4), "0.0002");
	expect_full(money_round(amount("-0.00025"), 4), "-0.0002");
	expect_full(money_round(amount("-2.5"), 0), "-2");
	expect_full(money_round(amount("1.123456789012345"), 15),
	    "1.123456789012345");
	expect_full(money_round(amount(LEAST), 15), LEAST);
}

Test(money, rounds_towards_zero_where_even_does_not_fit)
{
	expect_full(money_round(amount(MOST), 14),
	    "170141183460469231731687.30371588410572");
	expect_full(money_round(amount(LEAST), 14),
	    "-170141183460469231731687.30371588410572");
}

Test(money, adds_and_subtracts_exactly)
{
	struct money sum;

	cr_assert(eq(int, money_add(&sum, amount("0.1"), amount("0.2")), 0));
	expect_full(sum, "0.3");
	cr_assert(eq(int, money_sub(&sum, amount("0.1"), amount("0.2")), 0));
	expect_full(sum, "-0.1");
	cr_assert(eq(int, money_sub(&sum, amount("-1"), amount(LEAST)), 0));
	expect_full(sum, "170141183460469231731686.303715884105728");
}

Test(money, fails_where_a_result_does_not_fit)
{
	struct money most = amount(MOST), least = amount(LEAST);
	struct money femto = amount("1e-15"), out = { 42 };

	cr_expect(eq(int, money_add(&out, most, femto), -1));
	cr_expect(eq(int, money_sub(&out, least, femto), -1));
	cr_expect(eq(int, money_sub(&out, MONEY_ZERO, least), -1));
	cr_expect(eq(int, money_times(&out, most, 2), -1));
	cr_expect(eq(int, money_times(&out, least, -1), -1));
	cr_expect(eq(int, money_times(&out, amount("1e20"), INT64_MAX), -1));
	cr_expect(out.femto == 42);
}

Test(money, prices_tokens_exactly)
{
	static const struct {
		const char *price;
		int64_t count;
		char *cost;
	} rows[] = {
		{ "5.46875e-07", 3, "0.000001640625" },
		{ "0.000000000000001", INT64_MAX, "9223.372036854775807" },
		{ "2.5e-06", 1001, "0.0025025" },
		{ "3e-06", 0, "0" },
		{ "-1e-15", INT64_MIN, "9223.372036854775808" },
		{ "9223", INT64_C(9007199254740992), "83073398726476169216" },
	};
	struct money cost;

	for (size_t i = 0; i < COUNT(rows); i++) {
		cr_assert(eq(int,
		    money_times(&cost, amount(rows[i].price), rows[i].count),
		    0));
		expect_full(cost, rows[i].cost);
	}
}

Test(money, compares_by_value)
{
	cr_expect(money_compare(amount("1.0"), amount("1")) == 0);
	cr_expect(money_compare(amount("-2"), amount("1")) < 0);
	cr_expect(money_compare(amount("1e-15"), MONEY_ZERO) > 0);
	cr_expect(money_compare(amount(LEAST), amount(MOST)) < 0);
}

Test(money, gives_the_nearest_double)
{
	cr_expect(money_double(amount("0.1")) == 0.1);
	cr_expect(money_double(amount("-0.0132")) == -0.0132);
	cr_expect(money_double(MONEY_ZERO) == 0);
	/* Here 128 bits to double and a division would round twice. */
	cr_expect(money_double(amount("0.3")) == 0.3);
	cr_expect(money_double(amount("1234.567891234567891")) ==
		  1234.567891234567891);
	cr_expect(money_double(amount(LEAST)) == -170141183460469231731687.3);
}

Test(money, shows_people_what_they_can_read)
{
	static const struct {
		char *text, *want;
	} rows[] = {
		{ "0", "$0.0000" },
		{ "0.0132", "$0.0132" },
		{ "-1234.5678", "-$1,234.5678" },
		{ "1234567", "$1,234,567.0000" },
		{ "999.99995", "$1,000.0000" },
		{ "0.00125", "$0.0012" },
		{ "0.001", "$0.0010" },
		{ "0.000999", "$0.0010" },
		{ "0.0005", "$0.00050" },
		{ "0.00005", "$0.000050" },
		{ "0.000012", "$0.000012" },
		{ "-0.000012345", "-$0.000012" },
		{ "0.000000000000125", "$0.00000000000012" },
		{ "0.000000000000001", "$0.000000000000001" },
		{ LEAST, "-$170,141,183,460,469,231,731,687.3037" },
	};
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_reset(&out);
		money_people(&out, amount(rows[i].text));
		cr_expect(eq(str, out.text, rows[i].want));
	}
	buf_release(&out);
}
