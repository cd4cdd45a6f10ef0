#include "lib/import/litellm_prices.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/doc/json.h"

static struct arena arena = ARENA_INIT;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(litellm_prices, .fini = release);

/* The table made of a list, without the comments at its head. */
static char *
import(const char *list, struct litellm_prices_report *report)
{
	struct error err = { 0 };
	struct buf out = BUF_INIT;
	struct node *root;
	char *table;

	cr_assert(eq(int,
		      json_read(&root, &arena, text_of(list), "l.json", 1,
			  &err),
		      0),
	    "%s", err.text);
	cr_assert(eq(int,
		      litellm_prices_import(&out, report, &arena, root, &err),
		      0),
	    "%s", err.text);
	table = strstr(out.text, "\nrates:\n");
	cr_assert(table != NULL);
	table = arena_copy(&arena, table + 1, strlen(table + 1));
	buf_release(&out);
	return table;
}

/* A list of one model of a host that names nothing else. */
static char *
import_one(const char *fields, struct litellm_prices_report *report)
{
	return import(arena_printf(&arena,
			  "{\"h/m\": {\"mode\": \"chat\", "
			  "\"litellm_provider\": \"h\", %s}}",
			  fields),
	    report);
}

#define PRICES                                                                 \
	"\"input_cost_per_token\": 3e-06, "                                    \
	"\"output_cost_per_token\": 1.5e-05"

Test(litellm_prices, writes_two_prices_as_an_exact_entry)
{
	struct litellm_prices_report report;

	cr_expect(eq(str, import_one(PRICES, &report),
	    "rates:\n"
	    "  'h/m': {prompt_per_1k: 0.003, completion_per_1k: 0.015}\n"
	    "patterns:\n"));
	cr_expect(
	    eq(str, import_one("\"input_cost_per_token\": 2e-08", &report),
		"rates:\n"
		"  'h/m': {prompt_per_1k: 0.00002}\n"
		"patterns:\n"));
	cr_expect(eq(sz, report.taken, 1));
}

Test(litellm_prices, writes_more_prices_as_an_anchored_pattern)
{
	struct litellm_prices_report report;

	cr_expect(eq(str,
	    import_one(PRICES
		", \"cache_read_input_token_cost\": 3e-07, "
		"\"cache_creation_input_token_cost\": 3.75e-06, "
		"\"cache_creation_input_token_cost_above_1hr\": 6e-06, "
		"\"input_cost_per_token_above_200k_tokens\": 6e-06, "
		"\"input_cost_per_token_priority\": 9e-06, "
		"\"input_cost_per_token_above_200k_tokens_priority\": "
		"9e-06, "
		"\"cache_creation_input_token_cost_above_200k_tokens\":"
		" 7.5e-06, "
		"\"output_cost_per_token_above_128k_tokens\": 2e-05",
		&report),
	    "rates:\n"
	    "patterns:\n"
	    "- {match: '^h/m$', input_per_mtok: 3, output_per_mtok: 15, "
	    "cache_read_per_mtok: 0.3, cache_write_per_mtok: 3.75, "
	    "cache_write_1h_per_mtok: 6, above: "
	    "[{prompt_tokens: 128000, output_per_mtok: 20}, "
	    "{prompt_tokens: 200000, input_per_mtok: 6, "
	    "cache_write_per_mtok: 7.5, cache_write_1h_per_mtok: 12}]}\n"));
}

Test(litellm_prices, reads_prices_by_ranges)
{
	struct litellm_prices_report report;

	cr_expect(eq(str,
	    import_one("\"tiered_pricing\": ["
		       "{\"range\": [0, 32000.0], "
		       "\"input_cost_per_token\": 1e-06, "
		       "\"output_cost_per_token\": 5e-06}, "
		       "{\"range\": [32000.0, 1.28e5], "
		       "\"input_cost_per_token\": 2e-06}, "
		       "{\"input_cost_per_token\": 9e-06}]",
		&report),
	    "rates:\n"
	    "patterns:\n"
	    "- {match: '^h/m$', input_per_mtok: 1, output_per_mtok: 5, "
	    "above: [{prompt_tokens: 32000, input_per_mtok: 2}]}\n"));
}

Test(litellm_prices, leaves_out_what_cannot_be_right_and_says_so)
{
	static const struct {
		const char *fields;
		enum litellm_prices_note note;
	} rows[] = {
		{ "\"x\": 1", LITELLM_NO_PRICE },
		{ "\"input_cost_per_token\": null", LITELLM_NO_PRICE },
		{ "\"output_cost_per_token\": 1e-6", LITELLM_NO_INPUT_PRICE },
		{ "\"input_cost_per_token\": \"3e-06\"", LITELLM_BAD_PRICE },
		{ "\"input_cost_per_token\": -3e-06", LITELLM_BAD_PRICE },
		{ "\"input_cost_per_token\": 1e99", LITELLM_BAD_PRICE },
		{ "\"input_cost_per_token\": 0", LITELLM_ZERO },
		{ "\"input_cost_per_token\": 0.0, "
		  "\"output_cost_per_token\": 0e0",
		    LITELLM_ZERO },
		{ "\"input_cost_per_token\": 0.0011", LITELLM_TOO_HIGH },
		{ "\"input_cost_per_token\": 1e-6, "
		  "\"input_cost_per_token_above_1k_tokens\": 0.0011",
		    LITELLM_TOO_HIGH },
		{ "\"input_cost_per_token\": 1e-6, "
		  "\"output_cost_per_token\": 2.1e-5",
		    LITELLM_HIGH_OUTPUT },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct litellm_prices_report report;
		char *table = import_one(rows[i].fields, &report);

		cr_expect(strcmp(table, "rates:\npatterns:\n") == 0, "%s\n%s",
		    rows[i].fields, table);
		cr_expect(eq(sz, report.notes[rows[i].note].count, 1), "%s",
		    rows[i].fields);
		cr_expect(zero(sz, report.taken));
	}
}

Test(litellm_prices, leaves_out_what_is_no_model_of_tokens)
{
	struct litellm_prices_report report;
	char *table = import(
	    "{\"sample_spec\": {\"mode\": \"one of: chat, …\", "
	    "\"litellm_provider\": \"x\", " PRICES "},"
	    "\"generalizations\": {\"input_cost_per_token\": 1e-6},"
	    "\"img\": {\"mode\": \"image_generation\", "
	    "\"litellm_provider\": \"x\", " PRICES "},"
	    "\"e\": {\"mode\": \"embedding\", \"litellm_provider\": \"x\", "
	    "\"input_cost_per_token\": 1.1e-5},"
	    "\"h/*/m\": {\"mode\": \"chat\", \"litellm_provider\": \"x\", " PRICES
	    "},"
	    "\"h/\": {\"mode\": \"chat\", \"litellm_provider\": \"x\", " PRICES
	    "},"
	    "\"h/it's\": {\"mode\": \"chat\", \"litellm_provider\": \"x\", " PRICES
	    "}}",
	    &report);
	struct buf text = BUF_INIT;

	cr_expect(eq(str, table, "rates:\npatterns:\n"));
	cr_expect(eq(sz, report.notes[LITELLM_NO_MODEL].count, 2));
	cr_expect(eq(sz, report.notes[LITELLM_OTHER_MODE].count, 1));
	cr_expect(eq(sz, report.notes[LITELLM_HIGH_EMBEDDING].count, 1));
	cr_expect(eq(sz, report.notes[LITELLM_BAD_NAME].count, 3));
	litellm_prices_describe(&text, &report, "", 2);
	cr_expect(eq(str, text.text,
	    "7 entries read, 0 models taken, 0 names\n"
	    "1 left out, not priced by tokens of text:\n"
	    "    1 image_generation\n"
	    "2 left out, no model:\n"
	    "    sample_spec, generalizations\n"
	    "1 left out, an embedding above 10 USD per million:\n"
	    "    e\n"
	    "3 left out, a wildcard or no whole name\n"));
	buf_release(&text);
}

Test(litellm_prices, mends_what_is_plainly_a_slip)
{
	static const struct {
		const char *fields;
		enum litellm_prices_note note;
		const char *line;
	} rows[] = {
		{ "\"input_cost_per_token\": 2.9999900000000002e-06",
		    LITELLM_ROUNDED, "prompt_per_1k: 0.00299999}" },
		{ "\"input_cost_per_token\": 2e-06, "
		  "\"cache_creation_input_token_cost\": 0.0",
		    LITELLM_LOW_WRITE, "  'h/m': {prompt_per_1k: 0.002}" },
		{ "\"input_cost_per_token\": 2.5e-07, "
		  "\"cache_creation_input_token_cost\": 3e-07, "
		  "\"cache_creation_input_token_cost_above_1hr\": 6e-06",
		    LITELLM_ODD_1H, "cache_write_1h_per_mtok: 0.5}" },
		{ "\"input_cost_per_token\": 1.5e-05, "
		  "\"cache_creation_input_token_cost\": 1.875e-05, "
		  "\"cache_creation_input_token_cost_above_1hr\": 6e-06",
		    LITELLM_ODD_1H, "cache_write_1h_per_mtok: 30}" },
		{ PRICES ", \"output_cost_per_reasoning_token\": 4e-06",
		    LITELLM_REASONING, "completion_per_1k: 0.015}" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct litellm_prices_report report;
		char *table = import_one(rows[i].fields, &report);

		cr_expect(strstr(table, rows[i].line) != NULL, "%s\n%s",
		    rows[i].fields, table);
		cr_expect(eq(sz, report.notes[rows[i].note].count, 1), "%s",
		    rows[i].fields);
	}
}

#define MODEL(name, provider, price)                                           \
	"\"" name "\": {\"mode\": \"chat\", \"litellm_provider\": \"" provider \
	"\", \"input_cost_per_token\": " price "}"

Test(litellm_prices, enters_a_model_under_all_its_names)
{
	struct litellm_prices_report report;

	cr_expect(eq(str,
	    import("{" MODEL("claude-x-20250929", "anthropic",
		       "1e-6") "," MODEL("xai/grok", "xai",
		       "2e-6") "," MODEL("gpt-4", "openai",
		       "3e-6") "," MODEL("groq/llama", "groq",
		       "4e-6") "," MODEL("nebius/qwen", "nebius", "5e-6") "}",
		&report),
	    "rates:\n"
	    "  'anthropic/claude-x': {prompt_per_1k: 0.001}\n"
	    "  'anthropic/claude-x-20250929': {prompt_per_1k: 0.001}\n"
	    "  'claude-x': {prompt_per_1k: 0.001}\n"
	    "  'claude-x-20250929': {prompt_per_1k: 0.001}\n"
	    "  'gpt-4': {prompt_per_1k: 0.003}\n"
	    "  'grok': {prompt_per_1k: 0.002}\n"
	    "  'groq/llama': {prompt_per_1k: 0.004}\n"
	    "  'llama': {prompt_per_1k: 0.004}\n"
	    "  'nebius/qwen': {prompt_per_1k: 0.005}\n"
	    "  'openai/gpt-4': {prompt_per_1k: 0.003}\n"
	    "  'xai/grok': {prompt_per_1k: 0.002}\n"
	    "patterns:\n"));
	cr_expect(eq(sz, report.names, 11));
}

Test(litellm_prices, enters_no_name_that_could_mean_two_prices)
{
	struct litellm_prices_report report;
	char *table =
	    import("{" MODEL("gpt-4-2024-01-01", "openai",
		       "1e-6") "," MODEL("gpt-4-2024-06-01", "openai",
		       "2e-6") "," MODEL("groq/llama", "groq",
		       "3e-6") "," MODEL("nebius/llama", "nebius",
		       "4e-6") "," MODEL("groq/gpt-5", "groq",
		       "5e-6") "," MODEL("gpt-5", "openai", "6e-6") "}",
		&report);

	cr_expect(strstr(table, "'gpt-4'") == NULL);
	cr_expect(strstr(table, "'llama'") == NULL);
	cr_expect(strstr(table, "'gpt-5': {prompt_per_1k: 0.006}") != NULL);
	cr_expect(eq(sz, report.notes[LITELLM_AMBIGUOUS].count, 3));
}

Test(litellm_prices, refuses_a_list_that_is_none)
{
	static const char *const lists[] = { "[]", "null", "3", "{\"a\": 3}" };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct litellm_prices_report report;
		struct error err = { 0 };
		struct buf out = BUF_INIT;
		struct node *root;

		cr_assert(zero(int, json_read(&root, &arena, text_of(lists[i]),
					"l.json", 1, &err)));
		cr_expect(eq(int,
		    litellm_prices_import(&out, &report, &arena, root, &err),
		    -1));
		cr_expect(eq(int, (int)err.kind, ERROR_DATA));
		cr_expect(zero(sz, out.len));
		buf_release(&out);
	}
}
