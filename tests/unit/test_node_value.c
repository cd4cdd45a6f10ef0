#include "lib/doc/node.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct arena arena;
static struct error err;
static struct buf out = BUF_INIT;

static void
tear_down(void)
{
	buf_release(&out);
	arena_release(&arena);
}

TestSuite(node_value, .fini = tear_down);

/* A scalar as a reader makes it. */
static struct node *
scalar(enum node_type type, enum node_verbatim verbatim, const char *text)
{
	struct node *node = node_string(&arena, text);

	node->type = type;
	node->verbatim = verbatim;
	return node;
}

/* What the readers make of scalars; an error is shown as its text. */

struct row {
	enum node_type type;
	enum node_verbatim verbatim;
	char *text, *want;
};

static const struct row counts[] = {
	{ NODE_INT, NODE_AS_JSON, "12", "12" },
	{ NODE_INT, NODE_COMPUTED, "+5", "5" },
	{ NODE_INT, NODE_AS_JSON, "-0", "0" },
	{ NODE_INT, NODE_AS_JSON, "9223372036854775807",
	    "9223372036854775807" },
	{ NODE_INT, NODE_AS_JSON, "9223372036854775808",
	    "expected a whole number from 0 to 9223372036854775807, "
	    "got 9223372036854775808" },
	{ NODE_INT, NODE_AS_JSON, "-3",
	    "expected a whole number from 0 to 9223372036854775807, got -3" },
	{ NODE_FLOAT, NODE_AS_JSON, "3.0", "expected a whole number, got 3.0" },
	{ NODE_INT, NODE_AS_YAML, "1_000",
	    "expected plain decimal digits, got 1_000" },
	{ NODE_BOOL, NODE_COMPUTED, "true",
	    "expected a whole number, got true" },
};

Test(node_value, counts_are_whole_and_fit)
{
	struct node *node;
	int64_t count;

	for (size_t i = 0; i < COUNT(counts); i++) {
		node =
		    scalar(counts[i].type, counts[i].verbatim, counts[i].text);
		buf_reset(&out);
		if (node_count(&count, node, true, &err) == 0)
			buf_printf(&out, "%lld", (long long)count);
		else
			buf_puts(&out, err.text);
		cr_expect(eq(str, out.text, counts[i].want));
	}
}

Test(node_value, counts_are_taken_from_text_where_allowed)
{
	struct node *node = node_string(&arena, "12");
	int64_t count;

	cr_expect(eq(int, node_count(&count, node, true, &err), 0));
	cr_expect(eq(i64, count, 12));
	cr_expect(eq(int, node_count(&count, node, false, &err), -1));
	cr_expect(eq(str, err.text, "expected a whole number, got \"12\""));
	node = node_string(&arena, " 12");
	cr_expect(eq(int, node_count(&count, node, true, &err), -1));
	cr_expect(eq(str, err.text, "expected a whole number, got \" 12\""));
}

Test(node_value, what_is_absent_reads_as_its_default)
{
	struct node *rows[] = { NULL, node_null(&arena) };
	struct money money = { 1 };
	struct text text = TEXT("x");
	double number = 2.5;
	int64_t count = 1;
	bool truth = true;

	for (size_t i = 0; i < COUNT(rows); i++) {
		cr_expect(zero(int, node_count(&count, rows[i], false, &err)));
		cr_expect(zero(int, node_money(&money, rows[i], false, &err)));
		cr_expect(zero(int, node_double(&number, rows[i], &err)));
		cr_expect(zero(int, node_get_string(&text, rows[i], &err)));
		cr_expect(zero(int, node_truth(&truth, rows[i], &err)));
		cr_expect(zero(int, node_expect_map(rows[i], &err)));
		cr_expect(zero(int, node_expect_list(rows[i], &err)));
		cr_expect(eq(i64, count, 0));
		cr_expect(money.femto == 0);
		cr_expect(eq(dbl, number, 2.5));
		cr_expect(text.data == NULL);
		cr_expect(not(truth));
	}
}

static const struct row amounts[] = {
	{ NODE_INT, NODE_AS_JSON, "3", "3" },
	{ NODE_FLOAT, NODE_AS_JSON, "0.0132", "0.0132" },
	{ NODE_FLOAT, NODE_AS_JSON, "3e-06", "0.000003" },
	{ NODE_FLOAT, NODE_COMPUTED, "+1.50", "1.5" },
	{ NODE_FLOAT, NODE_AS_JSON, "0.003835980000000000000000000000",
	    "0.00383598" },
	{ NODE_FLOAT, NODE_AS_JSON, "0.1000000000000005", "0.1" },
	{ NODE_FLOAT, NODE_AS_JSON, "-0.5",
	    "expected a number from 0 on, got -0.5" },
	{ NODE_FLOAT, NODE_AS_JSON, "1e99",
	    "expected a smaller number, got 1e99" },
	{ NODE_FLOAT, NODE_COMPUTED, ".inf",
	    "expected a decimal number, got .inf" },
	{ NODE_FLOAT, NODE_AS_YAML, "1:30.5",
	    "expected plain decimal digits, got 1:30.5" },
	{ NODE_STRING, NODE_COMPUTED, "3e-06",
	    "expected a number, got \"3e-06\"" },
	{ NODE_STRING, NODE_AS_YAML, "2026-11-22",
	    "expected a number, got \"2026-11-22\"" },
};

Test(node_value, money_is_exact)
{
	struct money money;
	struct node *node;

	for (size_t i = 0; i < COUNT(amounts); i++) {
		node = scalar(amounts[i].type, amounts[i].verbatim,
		    amounts[i].text);
		buf_reset(&out);
		if (node_money(&money, node, false, &err) == 0)
			money_full(&out, money);
		else
			buf_puts(&out, err.text);
		cr_expect(eq(str, out.text, amounts[i].want));
	}
}

Test(node_value, money_is_taken_from_text_where_allowed)
{
	struct node *node = node_string(&arena, "3e-06");
	struct money money;

	cr_expect(zero(int, node_money(&money, node, true, &err)));
	cr_expect(money.femto == 3000000000);
	node = node_string(&arena, "$3");
	cr_expect(eq(int, node_money(&money, node, true, &err), -1));
	cr_expect(eq(str, err.text, "expected a decimal number, got \"$3\""));
}

Test(node_value, doubles_are_finite_numbers)
{
	struct node *huge = node_float(&arena, INFINITY);
	double number = 0;

	cr_expect(
	    zero(int, node_double(&number, node_float(&arena, 0.25), &err)));
	cr_expect(eq(dbl, number, 0.25));
	cr_expect(zero(int, node_double(&number,
				scalar(NODE_INT, NODE_COMPUTED, "+12"), &err)));
	cr_expect(eq(dbl, number, 12));
	cr_expect(eq(int, node_double(&number, huge, &err), -1));
	cr_expect(eq(str, err.text, "expected a finite number, got inf"));
	cr_expect(eq(int,
	    node_double(&number, scalar(NODE_INT, NODE_AS_YAML, "0o17"), &err),
	    -1));
	cr_expect(
	    eq(int, node_double(&number, node_string(&arena, "1"), &err), -1));
	cr_expect(eq(dbl, number, 12));
}

Test(node_value, a_date_is_a_string_and_a_number_is_none)
{
	struct text text;

	cr_expect(zero(int,
	    node_get_string(&text,
		scalar(NODE_STRING, NODE_AS_YAML, "2026-11-22"), &err)));
	cr_expect(text_is(text, "2026-11-22"));
	cr_expect(
	    eq(int, node_get_string(&text, node_int(&arena, 5), &err), -1));
	cr_expect(eq(str, err.text, "expected a string, got 5"));
}

Test(node_value, only_true_and_false_are_truths)
{
	struct node *yes = scalar(NODE_BOOL, NODE_AS_YAML, "Yes");
	bool truth = false;

	yes->truth = true;
	cr_expect(zero(int, node_truth(&truth, node_bool(&arena, true), &err)));
	cr_expect(truth);
	cr_expect(eq(int, node_truth(&truth, yes, &err), -1));
	cr_expect(eq(str, err.text, "expected true or false, got Yes"));
	cr_expect(eq(int, node_truth(&truth, node_int(&arena, 1), &err), -1));
}

Test(node_value, collections_are_told_apart)
{
	struct node *list = node_list(&arena), *map = node_map(&arena);

	cr_expect(zero(int, node_expect_list(list, &err)));
	cr_expect(zero(int, node_expect_map(map, &err)));
	cr_expect(eq(int, node_expect_list(map, &err), -1));
	cr_expect(eq(str, err.text, "expected a list, got a mapping"));
	cr_expect(eq(int, node_expect_map(list, &err), -1));
	cr_expect(eq(str, err.text, "expected a mapping, got a list"));
}
