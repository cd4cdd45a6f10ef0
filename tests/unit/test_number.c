#include "lib/base/number.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "lib/base/buf.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What reads one way as a double and prints one way in each form. */
static const struct {
	double value;
	char *repr, *plain;
} forms[] = {
	{ 0.0, "0.0", "0" },
	{ -0.0, "-0.0", "0" },
	{ 1.0, "1.0", "1" },
	{ 12.0, "12.0", "12" },
	{ -1.5, "-1.5", "-1.5" },
	{ 0.1, "0.1", "0.1" },
	{ 0.1 + 0.2, "0.30000000000000004", "0.30000000000000004" },
	{ 1.0 / 3, "0.3333333333333333", "0.3333333333333333" },
	{ 2.5e-06, "2.5e-06", "0.0000025" },
	{ 1e-07, "1e-07", "0.0000001" },
	{ 0.0001, "0.0001", "0.0001" },
	{ 0.00001, "1e-05", "0.00001" },
	{ 123456789.125, "123456789.125", "123456789.125" },
	{ 1e15, "1000000000000000.0", "1000000000000000" },
	{ 9999999999999998.0, "9999999999999998.0", "9999999999999998" },
	{ 1e16, "1e+16", "10000000000000000" },
	{ 1.5e16, "1.5e+16", "15000000000000000" },
	{ 1e22, "1e+22", "10000000000000000000000" },
	{ 9007199254740993.0, "9007199254740992.0", "9007199254740992" },
	{ -1e-10, "-1e-10", "-0.0000000001" },
};

/*
 * Powers of two, where the doubles below lie closer: the nearest sixteen
 * digits of these do not read back, those one unit above do.
 */
static const struct {
	int exponent;
	char *repr;
} powers[] = {
	{ -44, "5.684341886080802e-14" },
	{ -1074, "5e-324" },
	{ -1022, "2.2250738585072014e-308" },
	{ -24, "5.960464477539063e-08" },
	{ -1, "0.5" },
	{ 53, "9007199254740992.0" },
	{ 54, "1.8014398509481984e+16" },
	{ 89, "6.189700196426902e+26" },
	{ 1023, "8.98846567431158e+307" },
};

static void
expect_text(void (*print)(struct buf *, double), double value, char *want)
{
	struct buf out = BUF_INIT;

	print(&out, value);
	cr_expect(eq(str, out.text, want));
	buf_release(&out);
}

Test(number, writes_doubles_as_python_does)
{
	for (size_t i = 0; i < COUNT(forms); i++)
		expect_text(number_repr, forms[i].value, forms[i].repr);
	expect_text(number_repr, DBL_MAX, "1.7976931348623157e+308");
	expect_text(number_repr, INFINITY, "inf");
	expect_text(number_repr, -INFINITY, "-inf");
	expect_text(number_repr, NAN, "nan");
	expect_text(number_repr, -NAN, "nan");
}

Test(number, finds_the_shortest_digits_of_powers_of_two)
{
	for (size_t i = 0; i < COUNT(powers); i++)
		expect_text(number_repr, ldexp(1, powers[i].exponent),
		    powers[i].repr);
}

Test(number, reads_back_every_power_of_two_and_its_neighbours)
{
	struct buf out = BUF_INIT;
	double value, back;
	int64_t bits;

	for (int i = 0; i < 3 * (1074 + 1024); i++) {
		value = ldexp(1, i / 3 - 1074);
		memcpy(&bits, &value, sizeof(bits));
		bits += i % 3 - 1;
		memcpy(&value, &bits, sizeof(value));
		buf_reset(&out);
		number_repr(&out, value);
		cr_assert(number_parse_double(&back, out.text, out.len) == 0 &&
			      back == value,
		    "%s is not %a", out.text, value);
	}
	buf_release(&out);
}

Test(number, writes_doubles_without_exponent)
{
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < COUNT(forms); i++)
		expect_text(number_plain, forms[i].value, forms[i].plain);
	expect_text(number_plain, INFINITY, "null");
	expect_text(number_plain, -INFINITY, "null");
	expect_text(number_plain, NAN, "null");

	number_plain(&out, DBL_TRUE_MIN);
	cr_expect(eq(sz, out.len, 326));
	cr_expect(eq(sz, strspn(out.text, "0."), 325));
	buf_reset(&out);
	number_plain(&out, -DBL_MAX);
	cr_expect(eq(sz, out.len, 310));
	buf_release(&out);
}

Test(number, rounds_on_the_binary_value)
{
	static const struct {
		double value;
		int places;
		char *want;
	} rows[] = {
		{ 2.675, 2, "2.67" }, /* the double is below the tie */
		{ 0.5, 0, "0.0" },
		{ 1.5, 0, "2.0" },
		{ 2.5, 0, "2.0" },
		{ 0.03125, 4, "0.0312" }, /* ties that a double can hold */
		{ 0.09375, 4, "0.0938" },
		{ 0.0000005, 6, "0.0" },
		{ 0.0000015, 6, "2e-06" },
		{ -0.00001, 4, "-0.0" },
		{ 1234.56789, 4, "1234.5679" },
		{ 0.1234567890123456, 15, "0.123456789012346" },
		{ DBL_MAX, 15, "1.7976931348623157e+308" },
		{ -DBL_MAX, 0, "-1.7976931348623157e+308" },
		{ INFINITY, 4, "inf" },
		{ NAN, 4, "nan" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		expect_text(number_repr,
		    number_round(rows[i].value, rows[i].places), rows[i].want);
}

Test(number, reads_counts_of_digits_only)
{
	static const char *const bad[] = { "", "-1", "+1", " 1", "1 ", "01",
		"00", "1.0", "1e3", "0x1", "1,000", "1_0",
		"9223372036854775808", "99999999999999999999", "a", "-", "-0" };
	int64_t count = 42;

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_expect(eq(int,
			      number_parse_count(&count, bad[i],
				  strlen(bad[i])),
			      -1),
		    "'%s'", bad[i]);
	cr_expect(eq(int, number_parse_count(&count, "1\0", 2), -1));
	cr_expect(eq(i64, count, 42));

	cr_expect(eq(int, number_parse_count(&count, "0", 1), 0));
	cr_expect(eq(i64, count, 0));
	cr_expect(eq(int, number_parse_count(&count, "1234", 3), 0));
	cr_expect(eq(i64, count, 123));
	cr_expect(
	    eq(int, number_parse_count(&count, "9223372036854775807", 19), 0));
	cr_expect(eq(i64, count, INT64_MAX));
}

Test(number, reads_doubles_to_the_nearest)
{
	static const struct {
		const char *text;
		double want;
	} rows[] = {
		{ "0", 0.0 },
		{ "-0.0", -0.0 },
		{ "007", 7.0 },
		{ "1.5", 1.5 },
		{ "-2.5e-3", -0.0025 },
		{ "1E+2", 100.0 },
		{ "1e-400", 0.0 },
		{ "9007199254740993", 9007199254740992.0 }, /* a tie, to even */
		{ "9007199254740993.00000000000000000001", 9007199254740994.0 },
		{ "1.7976931348623157e308", DBL_MAX },
	};
	double value;

	for (size_t i = 0; i < COUNT(rows); i++) {
		cr_expect(eq(int,
			      number_parse_double(&value, rows[i].text,
				  strlen(rows[i].text)),
			      0),
		    "'%s'", rows[i].text);
		cr_expect(value == rows[i].want &&
			      signbit(value) == signbit(rows[i].want),
		    "'%s'", rows[i].text);
	}
	cr_expect(eq(int, number_parse_double(&value, "1.25xyz", 3), 0));
	cr_expect(eq(dbl, value, 1.2));
}

Test(number, refuses_what_strtod_would_take)
{
	static const char *const bad[] = { "", " 1", "1 ", "+1", "-", ".5",
		"1.", "1.e5", "1e", "1e+", "e5", "0x10", "0x1p4", "inf", "nan",
		"infinity", "NAN(1)", "1,5", "1.5.5", "--1", "1e5.0", "1e309",
		"-1e309", "1e99999999999999999999" };
	double value = 42;

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_expect(eq(int,
			      number_parse_double(&value, bad[i],
				  strlen(bad[i])),
			      -1),
		    "'%s'", bad[i]);
	cr_expect(eq(int, number_parse_double(&value, "1\0", 2), -1));
	cr_expect(eq(dbl, value, 42));
}

Test(number, groups_thousands)
{
	static const struct {
		int64_t value;
		char *want;
	} rows[] = {
		{ 0, "0" },
		{ 999, "999" },
		{ -999, "-999" },
		{ 1000, "1,000" },
		{ -1234567, "-1,234,567" },
		{ 123456789, "123,456,789" },
		{ INT64_MAX, "9,223,372,036,854,775,807" },
		{ INT64_MIN, "-9,223,372,036,854,775,808" },
	};
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_reset(&out);
		number_group(&out, rows[i].value);
		cr_expect(eq(str, out.text, rows[i].want));
	}
	buf_release(&out);
}

Test(number, writes_json_numbers_as_python_does)
{
	static const struct {
		char *text, *want; /* NULL: refused */
	} rows[] = {
		{ "0", "0" },
		{ "-0", "0" },
		{ "-17", "-17" },
		{ "123456789012345678901234567890",
		    "123456789012345678901234567890" },
		{ "1.0", "1.0" },
		{ "1.50", "1.5" },
		{ "-0.0", "-0.0" },
		{ "1e5", "100000.0" },
		{ "1E400", NULL },
		{ "0.0000003", "3e-07" },
		{ "1e16", "1e+16" },
		{ "abc", NULL },
		{ "", NULL },
	};
	struct buf out = BUF_INIT;
	int rc;

	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_reset(&out);
		rc = number_python(&out, rows[i].text, strlen(rows[i].text));
		cr_expect(eq(int, rc, rows[i].want ? 0 : -1), "'%s'",
		    rows[i].text);
		cr_expect(eq(str, out.text, rows[i].want ? rows[i].want : ""));
	}
	buf_release(&out);
}

Test(number, people_read_a_double_in_groups)
{
	static const struct {
		double value;
		const char *want;
	} rows[] = { { 0, "0" }, { 999, "999" }, { 1000, "1,000" },
		{ -1234.5, "-1,234.5" }, { 0.1234, "0.1234" },
		{ 123456, "123,456" }, { 1e18, "1,000,000,000,000,000,000" } };
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&out);
		number_people(&out, rows[i].value);
		cr_expect(strcmp(out.text, rows[i].want) == 0, "%s not %s",
		    out.text, rows[i].want);
	}
	buf_release(&out);
}
