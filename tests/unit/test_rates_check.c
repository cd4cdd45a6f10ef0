#include "lib/core/rates_check.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/core/rates_read.h"
#include "lib/core/rates_table.h"
#include "lib/doc/yaml.h"

static struct arena arena = ARENA_INIT;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(rates_check, .fini = release);

/* The first problem of a table, "" where it has none. */
static const char *
first_problem(const char *text, size_t *errors)
{
	struct error err = { 0 };
	struct node *root = NULL;
	struct rates_table *table;

	cr_assert(eq(int,
		      yaml_read(&root, &arena, text_of(text), "w.yaml", 1,
			  &err),
		      0),
	    "%s", err.text);
	table = rates_read(&arena, "w.yaml", root);
	cr_assert(table->problems.first == NULL, "%s",
	    table->problems.first->text);
	rates_check(table, &arena);
	*errors = table->problems.count[RATES_ERROR];
	return table->problems.first ? table->problems.first->text : "";
}

/* The table's patterns, a line each from line 2 on, with a price. */
static const char *
patterns(const char *const *match)
{
	char *text = arena_printf(&arena, "patterns:\n");

	for (; *match; match++)
		text = arena_printf(&arena,
		    "%s- {match: '%s', input_per_mtok: 1}\n", text, *match);
	return text;
}

Test(rates_check, finds_patterns_that_lie_behind_another)
{
	static const struct {
		const char *match[5];
		const char *problem;
	} rows[] = {
		{ { "gemini-2\\.5-flash", "gemini-2\\.5-flash-lite" },
		    "line 2" },
		{ { "x", "flash", "y", "a?b" }, "" },
		{ { "claude-.*", "claude-haiku" }, "line 2" },
		{ { "claude-.*", "^claude-haiku$" }, "line 2" },
		{ { "claude-.*-sonnet", "^claude-3-sonnet$" }, "line 2" },
		{ { "^gpt", "^gpt-4$" }, "line 2" },
		{ { "^gpt", "^gpt-4.*" }, "line 2" },
		{ { "gp(?:t|x)", "^gpt-4.*" }, "line 2" },
		{ { "^gpt-4$", "^gpt-4$" }, "line 2" },
		{ { "^gpt-4$", "^gpt\\-4$" }, "line 2" },
		{ { "a[bc]", "a[bc]" }, "line 2" },
		{ { "\\d", "gpt-4" }, "line 2" },
		{ { "(?i)GPT", "^gpt-4$" }, "line 2" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t errors;
		const char *problem =
		    first_problem(patterns(rows[i].match), &errors);

		cr_expect(eq(sz, errors, *rows[i].problem ? 1 : 0), "%s: %s",
		    rows[i].match[1], problem);
		cr_expect(strstr(problem, rows[i].problem) != NULL, "%s",
		    problem);
		if (*rows[i].problem)
			cr_expect(strncmp(problem, "w.yaml:3: ", 10) == 0, "%s",
			    problem);
	}
}

/* What cannot be said for sure is not said. */
Test(rates_check, leaves_patterns_that_may_be_reached)
{
	static const char *const rows[][3] = {
		{ "gemini-2\\.5-flash-lite", "gemini-2\\.5-flash" },
		{ "^gpt", "gpt-4" },
		{ "gpt$", "gpt-4" },
		{ "gpt-4", "gpt-4?" },
		{ "gpt-4", "gpt-4{0}" },
		{ "gpt-4", "gpt-4|b" },
		{ "gpt-4", "gpt-.*" },
		{ "gpt-4$", "^gpt-4" },
		{ "gpt(?!-4)", "^gpt" },
		{ "gpt\\b", "gpt" },
		{ "a++b", "^a" },
		{ "^b|a", "^c" },
		{ "^a|b", "^ca" },
		{ "GPT", "^gpt-4$" },
		{ "[^a]", "a" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t errors;
		const char *problem = first_problem(patterns(rows[i]), &errors);

		cr_expect(strlen(problem) == 0, "%s", problem);
	}
}

Test(rates_check, looks_at_days_and_exact_entries_too)
{
	static const struct {
		const char *text;
		size_t errors;
	} rows[] = {
		{ "rates: {m: {prompt_per_1k: 1}}\n"
		  "patterns: [{match: ^m$, input_per_mtok: 1}]",
		    1 },
		{ "rates: {m: {prompt_per_1k: 1}}\n"
		  "patterns: [{match: ^m, input_per_mtok: 1}]",
		    0 },
		{ "patterns:\n"
		  "- {match: m, input_per_mtok: 1, to: 2026-01-01}\n"
		  "- {match: m, input_per_mtok: 2}",
		    0 },
		{ "patterns:\n"
		  "- {match: m, input_per_mtok: 1, from: 2025-01-01}\n"
		  "- {match: ^m$, input_per_mtok: 2, from: 2025-01-01, "
		  "to: 2025-01-02}",
		    1 },
		{ "patterns:\n"
		  "- {match: ^m$, input_per_mtok: 1, from: 2025-01-01}\n"
		  "- {match: ^m$, input_per_mtok: 2, from: 2024-12-31}",
		    0 },
		{ "resources:\n"
		  "- {resource: api, per_call: 1}\n"
		  "- {resource: api, match: x, per_call: 2}",
		    1 },
		{ "resources:\n"
		  "- {resource: api, match: x, per_call: 2}\n"
		  "- {resource: api, per_call: 1}\n"
		  "- {resource: cpu, per_unit: 1, unit: s}\n"
		  "- {resource: cpu, per_unit: 1, unit: ms}",
		    0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t errors;
		const char *problem = first_problem(rows[i].text, &errors);

		cr_expect(eq(sz, errors, rows[i].errors), "%s: %s",
		    rows[i].text, problem);
	}
}

Test(rates_check, warns_of_cache_prices_that_nobody_charges)
{
	static const char *const rows[][2] = {
		{ "cache_read_per_mtok: 1.5", "reads dearer" },
		{ "cache_write_per_mtok: 0.5", "writes cheaper than the i" },
		{ "cache_write_per_mtok: 2, cache_write_1h_per_mtok: 1.5",
		    "one-hour cache writes cheaper" },
		{ "above: [{prompt_tokens: 1, cache_read_per_mtok: 2}]",
		    "reads dearer" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t errors;
		const char *problem = first_problem(
		    arena_printf(&arena,
			"patterns: [{match: m, input_per_mtok: 1, %s}]",
			rows[i][0]),
		    &errors);

		cr_expect(zero(sz, errors));
		cr_expect(strstr(problem, rows[i][1]) != NULL, "%s: %s",
		    rows[i][0], problem);
	}
}

Test(rates_check, reports_a_pattern_that_runs_away_on_a_later_name)
{
	static const char *const match[] = { "(a+)+$",
		"^aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-$", NULL };
	size_t errors;
	const char *problem = first_problem(patterns(match), &errors);

	cr_expect(eq(sz, errors, 1));
	cr_expect(strstr(problem, "w.yaml:2: ") != NULL, "%s", problem);
}
