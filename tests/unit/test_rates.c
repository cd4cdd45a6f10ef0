#include "lib/core/rates.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>
#include <time.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/core/rates_package.h"
#include "lib/core/rates_read.h"
#include "lib/core/rates_table.h"
#include "lib/core/tokens.h"
#include "lib/doc/yaml.h"
#include "lib/store/settings.h"

static struct arena arena = ARENA_INIT;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(rates, .fini = release);

static struct rates_table *
table(const char *text)
{
	struct error err = { 0 };
	struct node *root = NULL;
	struct rates_table *read;

	cr_assert(eq(int,
		      yaml_read(&root, &arena, text_of(text), "w.yaml", 1,
			  &err),
		      0),
	    "%s", err.text);
	read = rates_read(&arena, "w.yaml", root);
	cr_assert(zero(sz, read->problems.count[RATES_ERROR]), "%s",
	    read->problems.first->text);
	return read;
}

/* A workspace's table, and under it a package's where one is given. */
static struct rates *
rates_over(const char *workspace, const char *package)
{
	struct rates_package below;

	if (package)
		below = rates_package_of("package.yaml", text_of(package));
	return rates_new(&arena, workspace ? table(workspace) : NULL,
	    package ? &below : NULL);
}

static struct when
day(const char *text)
{
	struct when at;

	cr_assert(zero(int, when_parse_day(&at, text, strlen(text))));
	return at;
}

/* What a call costs, in full, or "unknown". */
static const char *
price(struct rates *rates, const char *model, const char *at,
    struct tokens tokens)
{
	struct error err = { 0 };
	struct buf text = BUF_INIT;
	struct money cost = { 1 };
	bool priced = true;
	const char *answer;

	cr_assert(eq(int,
		      rates_price(&cost, &priced, rates, text_of(model),
			  day(at), &tokens, &err),
		      0),
	    "%s", err.text);
	if (!priced) {
		cr_assert(cost.femto == 0);
		return "unknown";
	}
	money_full(&text, cost);
	answer = arena_copy(&arena, text.text, text.len);
	buf_release(&text);
	return answer;
}

static void
expect_price(struct rates *rates, const char *model, const char *at,
    struct tokens tokens, const char *wanted)
{
	const char *got = price(rates, model, at, tokens);

	cr_expect(strcmp(got, wanted) == 0, "%s on %s: %s, not %s", model, at,
	    got, wanted);
}

/* The cost of a million input tokens at a model: its input price. */
static void
expect_input_price(struct rates *rates, const char *model, const char *at,
    const char *wanted)
{
	struct tokens million = { .input = 1000000 };

	expect_price(rates, model, at, million, wanted);
}

#define DAY "2026-11-22"

Test(rates, prices_both_sides_of_an_exact_entry)
{
	struct rates *rates = rates_over(
	    "rates: {a: {prompt_per_1k: 0.003, completion_per_1k: 0.015}}",
	    NULL);
	struct tokens tokens = { .input = 1200, .output = 340 };

	expect_price(rates, "a", DAY, tokens, "0.0087");
}

Test(rates, takes_a_missing_price_of_an_exact_entry_for_zero)
{
	struct rates *rates = rates_over("rates:\n"
					 "  in: {prompt_per_1k: 0.5}\n"
					 "  out: {completion_per_1k: 0.5}\n",
	    NULL);
	struct tokens tokens = { .input = 1, .output = 1000 };

	expect_price(rates, "in", DAY, tokens, "0.0005");
	expect_price(rates, "out", DAY, tokens, "0.5");
}

Test(rates, leaves_an_unknown_model_unpriced)
{
	struct rates *rates = rates_over("rates: {gpt-4: {prompt_per_1k: 1}}",
	    "# none\nrates:\npatterns:\n");
	struct error err = { 0 };
	struct money cost = { 1 };
	bool priced = true;

	expect_input_price(rates, "gpt-4o", DAY, "unknown");
	expect_input_price(rates, "GPT-4", DAY, "unknown");
	expect_input_price(rates, "", DAY, "unknown");
	cr_assert(zero(int, rates_price(&cost, &priced, rates, TEXT_NULL,
				day(DAY), &(struct tokens){ 0 }, &err)));
	cr_expect(not(priced));
	cr_expect(cost.femto == 0);
}

Test(rates, asks_workspace_before_package_and_names_before_patterns)
{
	static const char workspace[] =
	    "rates: {a: {prompt_per_1k: 0.001}}\n"
	    "patterns:\n"
	    "- {match: '^[ab]$', input_per_mtok: 2}\n"
	    "- {match: '^a$', input_per_mtok: 2.5}\n";
	static const char package[] = "#\nrates:\n"
				      "  'a': {prompt_per_1k: 0.003}\n"
				      "  'b': {prompt_per_1k: 0.003}\n"
				      "  'c': {prompt_per_1k: 0.003}\n"
				      "patterns:\n"
				      "- {match: '^a$', input_per_mtok: 4}\n"
				      "- {match: '^c$', input_per_mtok: 4}\n"
				      "- {match: '^d$', input_per_mtok: 4}\n";
	struct rates *rates = rates_over(workspace, package);

	expect_input_price(rates, "a", DAY, "1");
	expect_input_price(rates, "b", DAY, "2");
	expect_input_price(rates, "c", DAY, "3");
	expect_input_price(rates, "d", DAY, "4");
	expect_input_price(rates, "e", DAY, "unknown");
}

Test(rates, takes_the_first_pattern_found_anywhere_in_the_name)
{
	struct rates *rates =
	    rates_over("patterns:\n"
		       "- {match: 'flash-lite', input_per_mtok: 1}\n"
		       "- {match: '^x-flash$', input_per_mtok: 2}\n"
		       "- {match: 'flash', input_per_mtok: 3}\n",
		NULL);

	expect_input_price(rates, "x-flash-lite-1", DAY, "1");
	expect_input_price(rates, "x-flash", DAY, "2");
	expect_input_price(rates, "y-flash", DAY, "3");
	expect_input_price(rates, "x-flas", DAY, "unknown");
}

Test(rates, does_not_take_a_name_with_a_newline_for_an_anchored_one)
{
	struct rates *rates =
	    rates_over("patterns:\n"
		       "- {match: '^ab?$', input_per_mtok: 1}\n"
		       "- {match: '^c$', input_per_mtok: 1}\n",
		NULL);

	expect_input_price(rates, "a", DAY, "1");
	expect_input_price(rates, "a\n", DAY, "unknown");
	expect_input_price(rates, "c\n", DAY, "unknown");
}

Test(rates, prices_a_call_by_the_first_entry_that_covers_its_day)
{
	struct rates *rates =
	    rates_over("patterns:\n"
		       "- {match: 'm', input_per_mtok: 1, to: 2026-03-01}\n"
		       "- {match: '^m$', input_per_mtok: 2, from: 2026-02-01, "
		       "to: \"2026-04-01\"}\n"
		       "- {match: 'm', input_per_mtok: 3, from: 2026-04-02}\n",
		"#\nrates:\n  'm': {prompt_per_1k: 0.004}\npatterns:\n");
	static const struct {
		const char *day, *price;
	} rows[] = {
		{ "2026-04-02", "3" },
		{ "2026-03-01", "2" },
		{ "2026-02-28", "1" },
		{ "2026-04-01", "4" },
		{ "2026-03-31", "2" },
		{ "1999-01-01", "1" },
		{ "2030-01-01", "3" },
	};

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			expect_input_price(rates, "m", rows[i].day,
			    rows[i].price);
}

Test(rates, lets_a_long_prompt_pay_the_highest_passed_threshold_for_all)
{
	struct rates *rates = rates_over(
	    "patterns:\n"
	    "- match: m\n"
	    "  input_per_mtok: 1\n"
	    "  output_per_mtok: 10\n"
	    "  cache_read_per_mtok: 0.1\n"
	    "  above:\n"
	    "  - {prompt_tokens: 300, input_per_mtok: 5}\n"
	    "  - {prompt_tokens: 200, input_per_mtok: 2, output_per_mtok: "
	    "20}\n",
	    NULL);
	static const struct {
		struct tokens tokens;
		const char *price;
	} rows[] = {
		{ { .input = 200, .output = 1 }, "0.00021" },
		{ { .input = 201, .output = 1 }, "0.000422" },
		{ { .input = 300, .output = 1 }, "0.00062" },
		/* What the highest leaves out is the entry's own again. */
		{ { .input = 301, .output = 1 }, "0.001515" },
		/* The whole prompt counts, written to a cache or read. */
		{ { .input = 100, .cache_read = 100, .output = 1 }, "0.00012" },
		{ { .input = 100, .cache_read = 101, .output = 1 },
		    "0.0002301" },
		{ { .cache_write = 100, .cache_write_1h = 101 }, "0.000402" },
		/* Output alone passes no threshold. */
		{ { .output = 1000 }, "0.01" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_price(rates, "m", DAY, rows[i].tokens, rows[i].price);
}

Test(rates, falls_back_for_cache_prices_after_the_threshold)
{
	struct rates *rates = rates_over(
	    "patterns:\n"
	    "- {match: ^bare$, input_per_mtok: 3, above: "
	    "[{prompt_tokens: 2, input_per_mtok: 6}]}\n"
	    "- {match: ^write$, input_per_mtok: 3, cache_write_per_mtok: 4, "
	    "above: [{prompt_tokens: 2, cache_write_per_mtok: 8}]}\n"
	    "- {match: ^hour$, input_per_mtok: 3, "
	    "cache_write_1h_per_mtok: 7}\n"
	    "- {match: ^free$, input_per_mtok: 3, cache_read_per_mtok: 0, "
	    "cache_write_per_mtok: 0}\n",
	    NULL);
	struct tokens read = { .cache_read = 1 }, write = { .cache_write = 1 },
		      hour = { .cache_write_1h = 1 },
		      many = { .cache_read = 1,
			      .cache_write = 1,
			      .cache_write_1h = 1 };

	expect_price(rates, "bare", DAY, read, "0.000003");
	expect_price(rates, "bare", DAY, hour, "0.000003");
	expect_price(rates, "bare", DAY, many, "0.000018");
	expect_price(rates, "write", DAY, hour, "0.000004");
	expect_price(rates, "write", DAY, many, "0.000019");
	expect_price(rates, "hour", DAY, write, "0.000003");
	expect_price(rates, "hour", DAY, hour, "0.000007");
	expect_price(rates, "free", DAY, many, "0");
}

Test(rates, multiplies_tiny_prices_and_huge_counts_exactly)
{
	struct rates *rates =
	    rates_over("rates:\n"
		       "  tiny: {prompt_per_1k: 0.0000001}\n"
		       "  least: {prompt_per_1k: 1.0e-12}\n"
		       "  most: {prompt_per_1k: 100000000000000000000}\n",
		NULL);
	struct tokens many = { .input = 1000000000000 };
	struct tokens one = { .input = 1 };

	expect_price(rates, "tiny", DAY, many, "100");
	expect_price(rates, "tiny", DAY, one, "0.0000000001");
	expect_price(rates, "least", DAY, one, "0.000000000000001");
	expect_price(rates, "most", DAY, one, "100000000000000000");
}

Test(rates, refuses_a_cost_that_does_not_fit)
{
	struct rates *rates =
	    rates_over("rates: {m: {prompt_per_1k: 100000000000000000000}}",
		NULL);
	static const struct tokens rows[] = {
		{ .input = 10000000 },
		{ .input = INT64_MAX },
		{ .input = INT64_MAX, .cache_read = 1 },
		/* Each part fits, the sum does not. */
		{ .input = 1000000, .cache_read = 1000000 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err = { 0 };
		struct money cost;
		bool priced;

		cr_expect(eq(int,
			      rates_price(&cost, &priced, rates, TEXT("m"),
				  day(DAY), &rows[i], &err),
			      -1),
		    "row %zu", i);
		cr_expect(eq(int, (int)err.kind, ERROR_DATA));
	}
}

Test(rates, gives_up_on_a_runaway_pattern_at_once)
{
	static const char *const patterns[] = { "(a+)+$", "^(a+)+$", "(a|aa)+$",
		"(a|a?)+$", "(.*a){20}$", "^(?:a?){28}a{28}$|b$" };
	char name[201];
	clock_t start = clock();
	double seconds;

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 2] = '!';
	name[sizeof(name) - 1] = '\0';
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		struct rates *rates =
		    rates_over(arena_printf(&arena,
				   "# first\npatterns:\n"
				   "- {match: '^b', input_per_mtok: 1}\n"
				   "- {match: '%s', input_per_mtok: 1}\n",
				   patterns[i]),
			NULL);
		struct error err = { 0 };
		struct money cost;
		bool priced;

		/* A second try is no luckier: the failure is not remembered
		 * as an answer. */
		for (int pass = 0; pass < 2; pass++) {
			cr_expect(eq(int,
				      rates_price(&cost, &priced, rates,
					  text_of(name), day(DAY),
					  &(struct tokens){ 0 }, &err),
				      -1),
			    "%s", patterns[i]);
			cr_expect(eq(int, (int)err.kind, ERROR_CONFIG));
			cr_expect(strstr(err.text, "w.yaml:4: pattern") != NULL,
			    "%s", err.text);
		}
	}
	seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	cr_expect(lt(dbl, seconds, 2.0));
}

Test(rates, refuses_to_match_a_pattern_against_a_name_too_long)
{
	struct rates *rates =
	    rates_over("patterns: [{match: 'a+', input_per_mtok: 1}]", NULL);
	struct error err = { 0 };
	struct money cost;
	char name[258];
	bool priced;

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	cr_expect(eq(int,
	    rates_price(&cost, &priced, rates, text_of(name), day(DAY),
		&(struct tokens){ 0 }, &err),
	    -1));
	cr_expect(eq(int, (int)err.kind, ERROR_CONFIG));
	cr_expect(strstr(err.text, "w.yaml:1: ") != NULL, "%s", err.text);
	name[256] = '\0';
	expect_input_price(rates, name, DAY, "1");
}

Test(rates, finds_no_pattern_in_what_is_no_utf8)
{
	struct rates *rates =
	    rates_over("patterns: [{match: '.', input_per_mtok: 1}]", NULL);

	expect_input_price(rates, "x\xff", DAY, "unknown");
	expect_input_price(rates, "x\xc3\xbc", DAY, "1");
}

Test(rates, tries_no_pattern_behind_the_one_that_counts)
{
	struct rates *rates =
	    rates_over("patterns:\n"
		       "- {match: 'a!', input_per_mtok: 1, from: 2026-01-01}\n"
		       "- {match: '(a+)+$', input_per_mtok: 1}\n",
		NULL);
	const char *name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";
	struct error err = { 0 };
	struct money cost;
	bool priced;

	expect_input_price(rates, name, DAY, "1");
	cr_expect(eq(int,
	    rates_price(&cost, &priced, rates, text_of(name), day("2025-01-01"),
		&(struct tokens){ 0 }, &err),
	    -1));
	expect_input_price(rates, name, DAY, "1");
}

Test(rates, remembers_more_names_than_its_first_room)
{
	struct rates *rates =
	    rates_over("patterns:\n"
		       "- {match: '7$', input_per_mtok: 7}\n"
		       "- {match: '^n1', input_per_mtok: 1, to: 2026-01-01}\n"
		       "- {match: '^n', input_per_mtok: 2}\n",
		NULL);

	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < 1000; i++) {
			char *name = arena_printf(&arena, "n%d", i);
			const char *wanted = i % 10 == 7      ? "7"
					     : name[1] == '1' ? "1"
							      : "2";

			expect_input_price(rates, name, "2025-05-05", wanted);
		}
	}
}

Test(rates, says_which_entries_match_and_which_of_them_counts)
{
	struct rates *rates =
	    rates_over("patterns:\n"
		       "- {match: 'm', input_per_mtok: 1, to: 2026-03-01}\n"
		       "- {match: 'x', input_per_mtok: 1}\n"
		       "- {match: '^m', input_per_mtok: 2}\n"
		       "- {match: '^m$', input_per_mtok: 3}\n",
		"#\nrates:\n  'm': {prompt_per_1k: 1}\npatterns:\n"
		"- {match: '^m$', input_per_mtok: 4}\n");
	static const struct {
		const char *file;
		int line;
		enum rates_verdict verdict;
	} wanted[] = {
		{ "w.yaml", 2, RATES_OTHER_TIME },
		{ "w.yaml", 4, RATES_WINS },
		{ "w.yaml", 5, RATES_BEHIND },
		{ "package.yaml", 3, RATES_BEHIND },
		{ "package.yaml", 5, RATES_BEHIND },
	};
	struct rates_candidate *found;
	struct error err = { 0 };
	size_t count;

	cr_assert(zero(int, rates_candidates(&found, &count, rates, &arena,
				TEXT("m"), day(DAY), &err)));
	cr_assert(eq(sz, count, 5));
	for (size_t i = 0; i < count; i++) {
		cr_expect(strcmp(found[i].entry->file, wanted[i].file) == 0);
		cr_expect(eq(int, found[i].entry->line, wanted[i].line));
		cr_expect(
		    eq(int, (int)found[i].verdict, (int)wanted[i].verdict));
		cr_expect(eq(int, found[i].of_package, i >= 3));
	}
	cr_expect(strstr(rates_why(&found[1]), "first pattern") != NULL);
	cr_expect(strstr(rates_why(&found[0]), "does not hold") != NULL);
}

Test(rates, lists_each_model_that_nothing_priced_once)
{
	struct rates *rates = rates_over(
	    "patterns: [{match: ^d, input_per_mtok: 1, to: 2026-01-01}]", NULL);
	static const char *const calls[][2] = { { "x", DAY },
		{ "d", "2025-05-05" }, { "y", DAY }, { "x", DAY }, { "z", DAY },
		{ "d", DAY }, { "x", DAY }, { "d", DAY } };
	static const char *const wanted[] = { "x", "y", "z", "d" };
	const struct text *names;
	size_t count;

	rates_unpriced(rates, &count);
	cr_expect(zero(sz, count));
	cr_expect(zero(i64, rates_unpriced_calls(rates)));
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		price(rates, calls[i][0], calls[i][1],
		    (struct tokens){ .input = 1 });
	names = rates_unpriced(rates, &count);
	cr_assert(eq(sz, count, 4));
	cr_expect(eq(i64, rates_unpriced_calls(rates), 7));
	for (size_t i = 0; i < count; i++)
		cr_expect(text_is(names[i], wanted[i]), "%zu", i);
}

Test(rates, adds_costs_to_the_same_sum_in_any_order)
{
	struct rates *rates =
	    rates_over("rates: {a: {prompt_per_1k: 0.000123456789}}\n"
		       "patterns: [{match: b, input_per_mtok: 0.000000007}]\n",
		NULL);
	struct money forth = MONEY_ZERO, back = MONEY_ZERO, cost;
	struct error err;
	bool priced;

	for (int64_t i = 0; i < 1000; i++) {
		for (int way = 0; way < 2; way++) {
			int64_t n = way ? 999 - i : i;
			struct tokens tokens = { .input = n * 7919 };
			struct money *sum = way ? &back : &forth;

			cr_assert(zero(int, rates_price(&cost, &priced, rates,
						n % 3 ? TEXT("a") : TEXT("b"),
						day(DAY), &tokens, &err)));
			cr_assert(zero(int, money_add(sum, *sum, cost)));
		}
	}
	cr_expect(forth.femto > 0 && forth.femto == back.femto);
}

Test(rates, prices_each_model_of_the_older_tools_by_their_table)
{
	static const struct {
		const char *model, *input, *output;
	} rows[] = {
		{ "gemini-2.5-flash-lite", "0.075", "0.3" },
		{ "gemini-2.5-flash", "0.15", "0.6" },
		{ "gemini/gemini-2.5-flash-preview-09-2025", "0.15", "0.6" },
		{ "models/gemini-2.5-flash-lite-001", "0.075", "0.3" },
		{ "gemini-3-flash-preview", "0.15", "0.6" },
		{ "gemini-3.1-pro-preview", "3.5", "10.5" },
		{ "claude-3-5-sonnet", "3", "15" },
		{ "claude-3-7-sonnet-20250219", "3", "15" },
		{ "claude-3-haiku", "0.25", "1.25" },
		{ "claude-3-haiku-20240307", "0.25", "1.25" },
		{ "deepseek-v3", "0.27", "1.1" },
		{ "deepseek/deepseek-v3.2", "0.27", "1.1" },
		/* The package's: not the Haiku 3 entry, not claude-.*-sonnet,
		 * and the dot is no wildcard. */
		{ "claude-haiku-4-5", "1", "5" },
		{ "claude-opus-4-5", "5", "25" },
		{ "gemini-2x5-flash", "unknown", "unknown" },
	};
	struct rates_package package = rates_package_builtin();
	struct rates_table *older;
	struct error err = { 0 };
	struct rates *rates;

	cr_assert(zero(int, settings_rates_file(&older, &arena,
				"testdata/rates/older-tools.yaml", &err)));
	cr_assert(eq(sz, older->patterns.count, 7));
	cr_assert(zero(ptr, older->problems.first));
	rates = rates_new(&arena, older, &package);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tokens output = { .output = 1000000 };

		expect_input_price(rates, rows[i].model, DAY, rows[i].input);
		expect_price(rates, rows[i].model, DAY, output, rows[i].output);
	}
}
