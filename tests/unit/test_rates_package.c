#include "lib/core/rates_package.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/core/rates_check.h"
#include "lib/core/rates_table.h"
#include "lib/doc/json.h"
#include "lib/import/litellm_prices.h"

static struct arena arena = ARENA_INIT;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(rates_package, .fini = release);

static struct rates_table *
find(const struct rates_package *package, struct text name)
{
	struct rates_table *table = NULL;
	struct error err = { 0 };

	cr_assert(eq(int,
		      rates_package_find(&table, &arena, package, name, &err),
		      0),
	    "%s", err.text);
	return table;
}

static struct rates_table *
read_all(const struct rates_package *package)
{
	struct rates_table *table = NULL;
	struct error err = { 0 };

	cr_assert(eq(int, rates_package_read(&table, &arena, package, &err), 0),
	    "%s", err.text);
	return table;
}

static bool
same_entry(const struct rates_entry *a, const struct rates_entry *b)
{
	bool same =
	    a->kind == b->kind && text_equal(a->match, b->match) &&
	    text_equal(a->literal, b->literal) && a->line == b->line &&
	    strcmp(a->file, b->file) == 0 && a->from.micros == b->from.micros &&
	    a->to.micros == b->to.micros && a->above_count == b->above_count;

	for (int m = 0; same && m < RATES_MEASURES; m++) {
		same = a->prices.token[m].femto == b->prices.token[m].femto &&
		       a->prices.given[m] == b->prices.given[m];
		for (size_t i = 0; same && i < a->above_count; i++)
			same = a->above[i].prices.token[m].femto ==
			       b->above[i].prices.token[m].femto;
	}
	return same;
}

/* How many of the entries are for the name; each must be as in the part. */
static size_t
count_same(const struct rates_entries *all, const struct rates_entries *part,
    struct text name)
{
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++) {
		if (!text_equal(all->entry[i].literal, name))
			continue;
		cr_assert(count < part->count, "%s", name.data);
		cr_assert(same_entry(&all->entry[i], &part->entry[count]), "%s",
		    name.data);
		count++;
	}
	return count;
}

static void
expect_part(const struct rates_package *package, const struct rates_table *all,
    struct text name)
{
	struct rates_table *part = find(package, name);

	cr_assert(eq(sz, part->exact.count,
		      count_same(&all->exact, &part->exact, name)),
	    "%s", name.data);
	cr_assert(eq(sz, part->patterns.count,
		      count_same(&all->patterns, &part->patterns, name)),
	    "%s", name.data);
}

/* The name, the name cut by one, and the name with one more, which may or
 * may not be there. */
static void
expect_around(const struct rates_package *package,
    const struct rates_table *all, struct text name)
{
	char *more = arena_printf(&arena, "%.*s!", (int)name.len, name.data);

	expect_part(package, all, name);
	expect_part(package, all,
	    (struct text){ arena_copy(&arena, name.data, name.len - 1),
		name.len - 1 });
	expect_part(package, all, text_of(more));
}

Test(rates_package, finds_of_every_name_what_reading_all_finds)
{
	struct rates_package package = rates_package_builtin();
	struct rates_table *all = read_all(&package);

	cr_assert(all->exact.count > 1000 && all->patterns.count > 1000);
	cr_assert(eq(sz, all->literal_count, all->patterns.count));
	for (size_t i = 0; i < all->exact.count; i++)
		expect_around(&package, all, all->exact.entry[i].literal);
	for (size_t i = 0; i < all->patterns.count; i++)
		expect_around(&package, all, all->patterns.entry[i].literal);
	expect_part(&package, all, TEXT(""));
	expect_part(&package, all, TEXT("\xff"));
	expect_part(&package, all, TEXT("'"));
}

Test(rates_package, finds_names_in_the_smallest_tables)
{
	static const char *const texts[] = {
		"#\nrates:\npatterns:\n",
		"#\nrates:\n",
		"#\nrates:\n  'b': {prompt_per_1k: 1}\n",
		"#\nrates:\n  'b': {prompt_per_1k: 1}\npatterns:\n",
		"#\nrates:\npatterns:\n- {match: '^b$', input_per_mtok: 1}\n",
		"#\nrates:\npatterns:\n"
		"- {match: '^b$', input_per_mtok: 1, to: 2026-01-01}\n"
		"- {match: '^b$', input_per_mtok: 2}\n"
		"- {match: '^b\\.c$', input_per_mtok: 3}\n",
		"#\nrates:\n  'a': {prompt_per_1k: 1}\n"
		"  'b': {prompt_per_1k: 2}\n  'c': {prompt_per_1k: 3}\n"
		"patterns:\n- {match: '^b$', input_per_mtok: 1}\n",
		"# no table at all\n",
	};
	static const char *const names[] = { "", "a", "b", "b.c", "b\\.c", "bb",
		"c", "z" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct rates_package package =
		    rates_package_of("p.yaml", text_of(texts[i]));
		struct rates_table *all = read_all(&package);

		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			expect_part(&package, all, text_of(names[k]));
	}
}

Test(rates_package, passes_the_check_without_a_word)
{
	struct rates_package package = rates_package_builtin();
	struct rates_table *all = read_all(&package);

	rates_check(all, &arena);
	cr_expect(all->problems.first == NULL, "%s", all->problems.first->text);
}

/* Its head says whence and when; the rest is made, and made from that. */
Test(rates_package, is_what_import_makes_of_the_list)
{
	static const char path[] = "testdata/rates/litellm_model_prices.json";
	struct text text = rates_package_builtin().text;
	struct buf list = BUF_INIT, table = BUF_INIT;
	struct litellm_prices_report report;
	struct error err = { 0 };
	struct node *root;
	const char *end;

	cr_assert(
	    zero(int, file_read_input(&list, path, (size_t)1 << 24, &err)));
	cr_assert(zero(int,
	    json_read(&root, &arena, (struct text){ list.text, list.len }, path,
		1, &err)));
	cr_assert(zero(int,
	    litellm_prices_import(&table, &report, &arena, root, &err)));
	cr_assert(text.len > table.len);
	end = text.data + text.len - table.len;
	cr_expect(memcmp(end, table.text, table.len) == 0,
	    "run meter rates import again");
	cr_expect(
	    memmem(text.data, text.len - table.len, "2026-08-01", 10) != NULL);
	buf_release(&list);
	buf_release(&table);
}

static const struct rates_entry *
entry_of(const struct rates_package *package, const char *name)
{
	struct rates_table *part = find(package, text_of(name));

	if (part->exact.count > 0)
		return part->exact.entry;
	return part->patterns.count > 0 ? part->patterns.entry : NULL;
}

Test(rates_package, knows_each_model_by_its_names)
{
	/* USD per million input and output tokens, from the providers. */
	static const struct {
		const char *names[6];
		money_int input, output; /* in 1e-9 USD a token */
	} rows[] = {
		{ { "claude-sonnet-4-5", "claude-sonnet-4-5-20250929",
		      "anthropic/claude-sonnet-4-5",
		      "anthropic/claude-sonnet-4-5-20250929",
		      "openrouter/anthropic/claude-sonnet-4.5",
		      "vertex_ai/claude-sonnet-4-5" },
		    3000, 15000 },
		{ { "claude-haiku-4-5", "claude-haiku-4-5-20251001",
		      "anthropic/claude-haiku-4-5" },
		    1000, 5000 },
		{ { "claude-3-haiku", "claude-3-haiku-20240307" }, 250, 1250 },
		{ { "gpt-4o", "openai/gpt-4o", "gpt-4o-2024-08-06",
		      "openai/gpt-4o-2024-08-06", "azure/gpt-4o" },
		    2500, 10000 },
		{ { "gpt-4o-2024-05-13" }, 5000, 15000 },
		{ { "text-embedding-3-small", "openai/text-embedding-3-small" },
		    20, 0 },
		{ { "gemini-2.5-flash", "gemini/gemini-2.5-flash",
		      "models/gemini-2.5-flash", "vertex_ai/gemini-2.5-flash" },
		    300, 2500 },
		{ { "amazon.nova-pro-v1:0", "bedrock/amazon.nova-pro-v1:0" },
		    800, 3200 },
		{ { "mistral-large-latest", "mistral/mistral-large-latest" },
		    500, 1500 },
		{ { "deepseek-chat", "deepseek/deepseek-chat" }, 280, 420 },
		{ { "grok-4", "xai/grok-4" }, 3000, 15000 },
		{ { "command-r", "cohere/command-r" }, 150, 600 },
		{ { "llama-3.3-70b-versatile", "groq/llama-3.3-70b-versatile" },
		    590, 790 },
	};
	struct rates_package package = rates_package_builtin();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t k = 0; k < 6 && rows[i].names[k]; k++) {
			const char *name = rows[i].names[k];
			const struct rates_entry *entry =
			    entry_of(&package, name);
			const struct money *token;

			cr_assert(entry != NULL, "%s", name);
			token = entry->prices.token;
			cr_expect(token[RATES_INPUT].femto ==
					  rows[i].input * 1000000 &&
				      token[RATES_OUTPUT].femto ==
					  rows[i].output * 1000000,
			    "%s", name);
		}
	}
}

/* Neither a later day, nor part of a name, nor what cannot be right. */
Test(rates_package, prices_nothing_by_likeness_or_against_reason)
{
	static const char *const names[] = { "claude-sonnet-4-5-20300101",
		"claude-sonnet-4-5-", "claude", "gpt-4o-2030-01-01", "GPT-4o",
		"anthropic/gpt-4o", "wandb/openai/gpt-oss-120b",
		"anthropic.claude-mythos-preview", "openrouter/openrouter/auto",
		"embed-multilingual-light-v3.0", "azure_ai/jais-30b-chat",
		"sample_spec",
		"bedrock/*/1-month-commitment/cohere.command-text-v14" };
	struct rates_package package = rates_package_builtin();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cr_expect(entry_of(&package, names[i]) == NULL, "%s", names[i]);
}
