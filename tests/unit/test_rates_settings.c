#include "lib/store/settings.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/core/rates.h"
#include "lib/core/rates_table.h"

static struct arena arena = ARENA_INIT;
static char folder[] = "/tmp/meter-rates-XXXXXX";

static void
make_folder(void)
{
	cr_assert(mkdtemp(folder) != NULL);
	cr_assert(zero(int, chdir(folder)));
	cr_assert(zero(int, mkdir("a", 0777)));
	cr_assert(zero(int, mkdir("a/b", 0777)));
}

static void
remove_folder(void)
{
	static const char *const names[] = { "a/b/model-rates.yaml", "a/b",
		"a/model-rates.yaml", "a", "model-rates.yaml", "else.yaml",
		folder };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		remove(names[i]);
	arena_release(&arena);
}

TestSuite(rates_settings, .init = make_folder, .fini = remove_folder);

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	cr_assert(file != NULL);
	fputs(text, file);
	fclose(file);
}

static const char *
root(const char *below)
{
	return arena_printf(&arena, "%s%s", folder, below);
}

/* The price of a token of the model m in 1e-15 USD, 0 where it has none. */
static long
price_in(const char *below)
{
	const struct rates_entry *entry;
	struct rates *rates = NULL;
	struct error err = { 0 };

	cr_assert(eq(int, settings_rates(&rates, &arena, root(below), &err), 0),
	    "%s", err.text);
	cr_assert(zero(int,
	    rates_find(&entry, rates, TEXT("m"), (struct when){ 0 }, &err)));
	return entry ? (long)entry->prices.token[RATES_INPUT].femto : 0;
}

static const char *
refusal(const char *below)
{
	struct rates *rates = NULL;
	static struct error err;

	cr_assert(
	    eq(int, settings_rates(&rates, &arena, root(below), &err), -1));
	cr_expect(eq(int, (int)err.kind, ERROR_CONFIG), "%s", err.text);
	return err.text;
}

Test(rates_settings, takes_the_nearest_table_upwards)
{
	cr_expect(eq(long, price_in("/a/b"), 0));
	write_file("model-rates.yaml", "rates: {m: {prompt_per_1k: 1.0e-9}}");
	cr_expect(eq(long, price_in("/a/b"), 1000));
	cr_expect(eq(long, price_in("/a/b/"), 1000));
	cr_expect(eq(long, price_in(""), 1000));
	write_file("a/model-rates.yaml", "rates: {m: {prompt_per_1k: 2.0e-9}}");
	cr_expect(eq(long, price_in("/a/b"), 2000));
	cr_expect(eq(long, price_in("/a"), 2000));
	cr_expect(eq(long, price_in(""), 1000));
	/* One table alone counts: an empty one hides those above it. */
	write_file("a/b/model-rates.yaml", "");
	cr_expect(eq(long, price_in("/a/b"), 0));
}

Test(rates_settings, lays_the_workspace_over_the_package)
{
	const struct rates_entry *entry;
	struct rates *rates = NULL;
	struct error err = { 0 };

	write_file("model-rates.yaml", "rates: {gpt-4o: {prompt_per_1k: 1}}");
	cr_assert(zero(int, settings_rates(&rates, &arena, folder, &err)));
	cr_assert(zero(int, rates_find(&entry, rates, TEXT("gpt-4o"),
				(struct when){ 0 }, &err)));
	cr_expect(strcmp(entry->file, root("/model-rates.yaml")) == 0);
	cr_assert(zero(int, rates_find(&entry, rates, TEXT("gpt-4o-mini"),
				(struct when){ 0 }, &err)));
	cr_expect(strcmp(entry->file, "built-in model-rates.yaml") == 0);
}

Test(rates_settings, follows_a_link)
{
	write_file("else.yaml", "rates: {m: {prompt_per_1k: 1.0e-9}}");
	cr_assert(zero(int, symlink("else.yaml", "model-rates.yaml")));
	cr_expect(eq(long, price_in(""), 1000));
}

Test(rates_settings, names_file_and_line_of_what_is_wrong)
{
	static const char *const rows[][2] = {
		{ "rates:\n  m: {prompt_per_1k: 3e-06}\n",
		    "/model-rates.yaml:2:22: rates.m.prompt_per_1k: " },
		{ "rates: {m: {prompt_per_1k: 1, note: x}}\n"
		  "patterns: [{match: '(', input_per_mtok: 1}]\n",
		    "/model-rates.yaml:2:20: patterns[0].match: " },
		{ "rates: [\n", "/model-rates.yaml:" },
		{ "rates: {m: {prompt_per_1k: 1}, m: {prompt_per_1k: 2}}",
		    "/model-rates.yaml:1:" },
		{ "rates: &a {}\n", "/model-rates.yaml:1:" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text, *wanted = root(rows[i][1]);

		write_file("model-rates.yaml", rows[i][0]);
		text = refusal("");
		cr_expect(strncmp(text, wanted, strlen(wanted)) == 0, "%s\n%s",
		    text, wanted);
	}
}

Test(rates_settings, does_not_wait_for_a_pipe_nor_read_a_folder)
{
	cr_assert(zero(int, mkfifo("model-rates.yaml", 0666)));
	cr_expect(strstr(refusal("/a"), "not a regular file") != NULL);
	cr_assert(zero(int, remove("model-rates.yaml")));
	cr_assert(zero(int, mkdir("model-rates.yaml", 0777)));
	cr_expect(strstr(refusal(""), "not a regular file") != NULL);
}
