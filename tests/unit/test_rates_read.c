#include "lib/core/rates_read.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/core/rates_table.h"
#include "lib/doc/yaml.h"

static struct arena arena = ARENA_INIT;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(rates_read, .fini = release);

static struct rates_table *
read_table(const char *text)
{
	struct error err = { 0 };
	struct node *root = NULL;

	cr_assert(eq(int,
		      yaml_read(&root, &arena, text_of(text), "w.yaml", 1,
			  &err),
		      0),
	    "%s", err.text);
	return rates_read(&arena, "w.yaml", root);
}

struct refusal {
	const char *text;
	const char *reason; /* how the message starts */
};

static void
check_problems(const struct refusal *rows, size_t count,
    enum rates_severity severity)
{
	for (size_t i = 0; i < count; i++) {
		struct rates_table *table = read_table(rows[i].text);
		const struct rates_problem *first = table->problems.first;

		cr_assert(first != NULL, "taken: %s", rows[i].text);
		cr_expect(eq(int, (int)first->severity, (int)severity), "%s",
		    first->text);
		cr_expect(eq(sz, table->problems.count[severity], 1), "%s",
		    rows[i].text);
		cr_expect(strncmp(first->text, rows[i].reason,
			      strlen(rows[i].reason)) == 0,
		    "%s\n%s", first->text, rows[i].reason);
	}
}

#define CHECK(rows, severity)                                                  \
	check_problems(rows, sizeof(rows) / sizeof((rows)[0]), severity)

Test(rates_read, takes_an_empty_document_for_an_empty_table)
{
	static const char *const texts[] = { "", "# nothing\n", "rates:\n",
		"{}", "patterns: []\nresources:\n" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct rates_table *table = read_table(texts[i]);

		cr_expect(zero(ptr, table->problems.first));
		cr_expect(zero(sz, table->exact.count + table->patterns.count +
				       table->resources.count));
		cr_expect(rates_table_exact(table, TEXT("m")) == NULL);
	}
}

Test(rates_read, keeps_every_price_a_token_exactly)
{
	struct rates_table *table = read_table(
	    "rates: {m: {prompt_per_1k: 0.000000000001, "
	    "completion_per_1k: +1.50e-1}}\n"
	    "patterns:\n"
	    "- {match: ^p, input_per_mtok: 0.000000001, output_per_mtok: 7, "
	    "source: 'a list'}\n");
	const struct rates_entry *entry = table->exact.entry;

	cr_assert(zero(ptr, table->problems.first), "%s",
	    table->problems.first->text);
	cr_expect(entry->prices.token[RATES_INPUT].femto == 1);
	cr_expect(entry->prices.token[RATES_OUTPUT].femto == 150000000000);
	entry = table->patterns.entry;
	cr_expect(entry->prices.token[RATES_INPUT].femto == 1);
	cr_expect(entry->prices.token[RATES_CACHE_WRITE_1H].femto == 1);
	cr_expect(entry->prices.token[RATES_OUTPUT].femto == 7000000000);
	cr_expect(text_is(entry->source, "a list"));
	cr_expect(not(entry->prices.given[RATES_CACHE_READ]));
	cr_expect(eq(int, entry->line, 3));
	cr_expect(strcmp(entry->file, "w.yaml") == 0);
}

/* A price that PyYAML reads as text would be 0 to a careless reader. */
Test(rates_read, says_that_yaml_took_a_number_for_text)
{
	static const struct refusal rows[] = {
		{ "rates: {m: {prompt_per_1k: 3e-06}}",
		    "w.yaml:1:28: rates.m.prompt_per_1k: expected a number, "
		    "got text" },
		{ "rates: {m: {completion_per_1k: '0.5'}}",
		    "w.yaml:1:32: rates.m.completion_per_1k: expected a "
		    "number, got text" },
		{ "patterns:\n- match: x\n  input_per_mtok: 1e5\n",
		    "w.yaml:3:19: patterns[0].input_per_mtok: expected a "
		    "number, got text" },
		{ "resources: [{resource: api, per_call: 5e-3}]",
		    "w.yaml:1:39: resources[0].per_call: expected a number, "
		    "got text" },
	};

	CHECK(rows, RATES_ERROR);
}

Test(rates_read, refuses_what_is_no_price_with_its_place)
{
	static const struct refusal rows[] = {
		{ "rates: {m: {prompt_per_1k: 0.0000000000001}}",
		    "w.yaml:1:28: rates.m.prompt_per_1k: the price is finer "
		    "than 0.000000000000001 USD a token" },
		{ "rates: {m: {prompt_per_1k: 0.00000000000000000001}}",
		    "w.yaml:1:28: rates.m.prompt_per_1k: the price is finer" },
		{ "patterns: [{match: m, input_per_mtok: 0.0000000015}]",
		    "w.yaml:1:39: patterns[0].input_per_mtok: the price is "
		    "finer" },
		{ "rates: {m: {prompt_per_1k: -0.5}}",
		    "w.yaml:1:28: rates.m.prompt_per_1k: expected a number "
		    "from 0 on" },
		{ "rates: {m: {prompt_per_1k: cheap}}",
		    "w.yaml:1:28: rates.m.prompt_per_1k: expected a number" },
		{ "rates: {m: {prompt_per_1k: 1_000}}",
		    "w.yaml:1:28: rates.m.prompt_per_1k: expected" },
		{ "rates: {m: {prompt_per_1k: 1:30}}",
		    "w.yaml:1:28: rates.m.prompt_per_1k: expected" },
		{ "rates: {m: {prompt_per_1k: .inf}}",
		    "w.yaml:1:28: rates.m.prompt_per_1k: expected" },
		{ "rates: {m: {prompt_per_1k: .nan}}",
		    "w.yaml:1:28: rates.m.prompt_per_1k: expected" },
		{ "rates: {m: {prompt_per_1k: 1.0e+40}}",
		    "w.yaml:1:28: rates.m.prompt_per_1k: expected" },
		{ "rates: {m: {prompt_per_1k: true}}",
		    "w.yaml:1:28: rates.m.prompt_per_1k: expected" },
		{ "rates: {m: {prompt_per_1k: [1]}}",
		    "w.yaml:1:28: rates.m.prompt_per_1k: expected" },
	};

	CHECK(rows, RATES_ERROR);
}

Test(rates_read, refuses_entries_of_the_wrong_shape)
{
	static const struct refusal rows[] = {
		{ "- a\n", "w.yaml:1:1: expected a mapping" },
		{ "rates: [1]", "w.yaml:1:8: rates: expected a mapping" },
		{ "patterns: {a: b}",
		    "w.yaml:1:11: patterns: expected a list" },
		{ "rates: {m: 3}", "w.yaml:1:12: rates.m: expected a map" },
		{ "rates: {m: }", "w.yaml:1:12: rates.m: expected a map" },
		{ "rates: {m: {prompt_per_1k: }}",
		    "w.yaml:1:12: rates.m: has no price" },
		{ "patterns: [x]", "w.yaml:1:12: patterns[0]: expected a m" },
		{ "patterns: [{input_per_mtok: 1}]",
		    "w.yaml:1:12: patterns[0]: expected a field match" },
		{ "patterns: [{match: '', input_per_mtok: 1}]",
		    "w.yaml:1:20: patterns[0].match: expected a text" },
		{ "patterns: [{match: 4, input_per_mtok: 1}]",
		    "w.yaml:1:20: patterns[0].match: expected a string" },
		{ "patterns: [{match: x}]",
		    "w.yaml:1:12: patterns[0]: has no price" },
		{ "patterns: [{match: x, input_per_mtoken: 1}]",
		    "w.yaml:1:41: patterns[0].input_per_mtoken: unknown" },
		{ "patterns: [{match: x, input_per_mtok: 1, from: soon}]",
		    "w.yaml:1:48: patterns[0].from: expected a day" },
		{ "patterns: [{match: x, input_per_mtok: 1, from: "
		  "2026-02-30}]",
		    "w.yaml:1:48: patterns[0].from: expected a day" },
		{ "patterns: [{match: x, input_per_mtok: 1, "
		  "from: 2026-02-01, to: 2026-02-01}]",
		    "w.yaml:1:64: patterns[0].to: is not after from" },
		{ "patterns: [{match: x, input_per_mtok: 1, above: 5}]",
		    "w.yaml:1:49: patterns[0].above: expected a list" },
		{ "patterns: [{match: x, input_per_mtok: 1, above: [{}]}]",
		    "w.yaml:1:50: patterns[0].above[0]: expected a mapping "
		    "with prompt_tokens" },
		{ "patterns: [{match: x, input_per_mtok: 1, above: "
		  "[{prompt_tokens: 5}]}]",
		    "w.yaml:1:50: patterns[0].above[0]: has no price" },
		{ "patterns: [{match: x, input_per_mtok: 1, above: "
		  "[{prompt_tokens: 1.5, input_per_mtok: 1}]}]",
		    "w.yaml:1:66: patterns[0].above[0].prompt_tokens: "
		    "expected a whole number" },
		{ "patterns: [{match: x, input_per_mtok: 1, above: "
		  "[{prompt_tokens: 5, input_per_mtok: 1}, "
		  "{prompt_tokens: 5, input_per_mtok: 2}]}]",
		    "w.yaml:1:49: patterns[0].above: states a threshold" },
		{ "resources: [{per_call: 1}]",
		    "w.yaml:1:13: resources[0]: expected a field resource" },
		{ "resources: [{resource: api}]",
		    "w.yaml:1:13: resources[0]: has no price" },
		{ "resources: [{resource: api, per_unit: 1}]",
		    "w.yaml:1:13: resources[0]: per_unit and unit go" },
		{ "resources: [{resource: llm, per_call: 1}]",
		    "w.yaml:1:24: resources[0].resource: llm is priced" },
		{ "schema_version: x", "w.yaml:1:17: schema_version: exp" },
	};

	CHECK(rows, RATES_ERROR);
}

Test(rates_read, names_file_line_and_offset_of_a_pattern_that_is_none)
{
	static const struct refusal rows[] = {
		{ "# a table\n\npatterns:\n- {match: 'ab(c', input_per_mtok: "
		  "1}\n",
		    "w.yaml:4:11: patterns[0].match: the pattern does not "
		    "compile, at offset 4: " },
		{ "resources: [{resource: api, match: '[', per_call: 1}]",
		    "w.yaml:1:36: resources[0].match: the pattern does not "
		    "compile, at offset 1: " },
		{ "patterns: [{match: 'a\\Cb', input_per_mtok: 1}]",
		    "w.yaml:1:20: patterns[0].match: the pattern does not "
		    "compile" },
		{ "patterns: [{match: 'a\\', input_per_mtok: 1}]",
		    "w.yaml:1:20: patterns[0].match: the pattern does not "
		    "compile, at offset 2: " },
		{ "patterns: [{match: '((a{1,500}){1,500}){1,500}', "
		  "input_per_mtok: 1}]",
		    "w.yaml:1:20: patterns[0].match: the pattern does not "
		    "compile" },
	};
	char *pattern = arena_alloc(&arena, 1101);
	struct refusal is_long;

	CHECK(rows, RATES_ERROR);
	memset(pattern, 'a', 1100);
	is_long.text = arena_printf(&arena,
	    "patterns: [{match: '^%s$', input_per_mtok: 1}]", pattern);
	is_long.reason = "w.yaml:1:20: patterns[0].match: the pattern does "
			 "not compile";
	check_problems(&is_long, 1, RATES_ERROR);
}

Test(rates_read, leaves_out_only_the_entries_that_are_wrong)
{
	struct rates_table *table =
	    read_table("rates:\n"
		       "  a: {prompt_per_1k: 1}\n"
		       "  b: {prompt_per_1k: x}\n"
		       "  c: {prompt_per_1k: 1}\n"
		       "patterns:\n"
		       "- {match: '(', input_per_mtok: 1}\n"
		       "- {match: 'd', input_per_mtok: 1}\n");

	cr_expect(eq(sz, table->exact.count, 2));
	cr_expect(eq(sz, table->patterns.count, 1));
	cr_expect(eq(sz, table->problems.count[RATES_ERROR], 2));
	cr_expect(rates_table_exact(table, TEXT("c")) != NULL);
}

Test(rates_read, warns_of_what_an_old_table_may_hold_besides)
{
	static const struct refusal rows[] = {
		{ "currency: usd\nrates: {m: {prompt_per_1k: 1}}",
		    "w.yaml:1:11: currency: unknown field, ignored" },
		{ "rates: {m: {prompt_per_1k: 1, note: x}}",
		    "w.yaml:1:37: rates.m.note: unknown field, ignored" },
		{ "schema_version: 2\nrates: {}",
		    "w.yaml:1:17: schema_version: written by a newer" },
	};

	CHECK(rows, RATES_WARNING);
}

Test(rates_read, finds_a_price_above_a_thousand_per_million_implausible)
{
	static const struct refusal rows[] = {
		{ "rates: {m: {prompt_per_1k: 1.001}}",
		    "w.yaml:1:28: rates.m.prompt_per_1k: the price is above" },
		{ "patterns: [{match: x, cache_read_per_mtok: "
		  "1000.000000001}]",
		    "w.yaml:1:44: patterns[0].cache_read_per_mtok: the p" },
		{ "patterns: [{match: x, input_per_mtok: 1, above: "
		  "[{prompt_tokens: 1, output_per_mtok: 2000}]}]",
		    "w.yaml:1:86: patterns[0].above[0].output_per_mtok: the" },
	};

	CHECK(rows, RATES_IMPLAUSIBLE);
	cr_expect(zero(ptr,
	    read_table("rates: {m: {prompt_per_1k: 1}}")->problems.first));
}

Test(rates_read, escapes_what_it_quotes)
{
	struct rates_table *table =
	    read_table("rates: {\"m\\e[2J\": {prompt_per_1k: \"\\e]\"}}");
	const char *text = table->problems.first->text;

	for (; *text; text++)
		cr_expect(text[0] >= ' ', "%d", text[0]);
}
