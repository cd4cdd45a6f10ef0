#include "lib/core/rates_table.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/core/rates_pattern.h"
#include "lib/core/rates_read.h"
#include "lib/doc/node.h"

static struct arena arena = ARENA_INIT;
static unsigned int state = 1;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(rates_table, .fini = release);

static unsigned int
draw(unsigned int below)
{
	state = state * 1103515245 + 12345;
	return (state >> 16) % below;
}

/* Pieces of patterns, of which many make a pattern for a single name. */
static const char *
draw_pattern(void)
{
	static const char *const bodies[] = { "a", "ab", "a\\.b", "b", "a.b",
		"a-b", "a\\-b", "a+", "b?a", "(a|b)", "[ab]", "a/b", "abc",
		"a\\d", "a\\\\", "a b", "a#", "\\$a" };
	const char *body = bodies[draw(sizeof(bodies) / sizeof(bodies[0]))];

	switch (draw(6)) {
	case 0:
		return body;
	case 1:
		return arena_printf(&arena, "^%s", body);
	case 2:
		return arena_printf(&arena, "%s$", body);
	default:
		return arena_printf(&arena, "^%s$", body);
	}
}

static const char *
draw_name(void)
{
	static const char *const names[] = { "", "a", "b", "ab", "a.b", "axb",
		"a-b", "aa", "ba", "abc", "a/b", "a1", "a\\", "a b", "a#", "$a",
		"xa.b", "a.bx", "a\n", "^a$", "a\\.b" };

	return names[draw(sizeof(names) / sizeof(names[0]))];
}

/* A document of patterns; each source counts them, so that we know them. */
static struct node *
draw_document(struct node **patterns, size_t count)
{
	struct node *root = node_map(&arena), *list = node_list(&arena);

	node_put(&arena, root, "patterns", list);
	for (size_t i = 0; i < count; i++) {
		struct node *entry = node_map(&arena);

		patterns[i] = node_string(&arena, draw_pattern());
		node_put(&arena, entry, "match", patterns[i]);
		node_put(&arena, entry, "input_per_mtok",
		    node_int(&arena, (int64_t)i));
		node_add(list, entry);
	}
	return root;
}

/*
 * The plain way: every pattern, those of a single name too, compiled, and
 * tried one after another.  The number of the first that matches from start
 * on; count where none does.
 */
static size_t
find_plainly(struct rates_pattern *const *compiled, size_t count, size_t start,
    struct text name)
{
	for (size_t i = start; i < count; i++)
		if (rates_pattern_match(compiled[i], name) == RATES_PATTERN_YES)
			return i;
	return count;
}

static void
compare_ways(const struct rates_table *table,
    struct rates_pattern *const *compiled, size_t count, const char *name)
{
	const struct rates_entry *entry;
	struct error err = { 0 };
	size_t at = 0, wanted;

	do {
		wanted = find_plainly(compiled, count, at, text_of(name));
		cr_assert(eq(int,
			      rates_table_pattern(&entry, table, text_of(name),
				  at, &err),
			      0),
		    "%s", err.text);
		cr_assert(eq(sz, entry ? entry->position : count, wanted),
		    "\"%s\" from %zu on", name, at);
		at = wanted + 1;
	} while (wanted < count);
}

Test(rates_table, finds_what_trying_each_pattern_in_order_finds)
{
	enum { TABLES = 300, NAMES = 30, MOST = 20 };
	struct rates_pattern_tools *tools = rates_pattern_tools(&arena);
	size_t literal = 0, general = 0;

	for (int t = 0; t < TABLES; t++) {
		struct node *patterns[MOST];
		struct rates_pattern *compiled[MOST];
		size_t count = draw(MOST) + 1;
		struct rates_table *table =
		    rates_read(&arena, "drawn", draw_document(patterns, count));
		struct error err = { 0 };

		cr_assert(zero(ptr, table->problems.first));
		for (size_t i = 0; i < count; i++)
			cr_assert(zero(int, rates_pattern_compile(&compiled[i],
						tools, patterns[i], &err)));
		for (int n = 0; n < NAMES; n++)
			compare_ways(table, compiled, count, draw_name());
		literal += table->literal_count;
		general += table->general_count;
	}
	/* Both kinds were there, in numbers. */
	cr_expect(literal > 500 && general > 500, "%zu %zu", literal, general);
}

Test(rates_table, tells_patterns_of_a_single_name_from_others)
{
	static const struct {
		const char *pattern, *name;
	} rows[] = {
		{ "^gpt-4$", "gpt-4" },
		{ "^gpt-4\\.1$", "gpt-4.1" },
		{ "^a/b:c@d_e~f$", "a/b:c@d_e~f" },
		{ "^\\(a\\)\\\\$", "(a)\\" },
		{ "^$", "" },
		{ "^\xc3\xbc$", "\xc3\xbc" },
		{ "^gpt-4.1$", NULL },
		{ "gpt-4$", NULL },
		{ "^gpt-4", NULL },
		{ "gpt-4", NULL },
		{ "^gpt-4\\$", NULL },
		{ "^a\\d$", NULL },
		{ "^a\\Qb$", NULL },
		{ "^a|b$", NULL },
		{ "^a?$", NULL },
		{ "^a{2}$", NULL },
		{ "^[a]$", NULL },
		{ "^(a)$", NULL },
		{ "^a^$", NULL },
		{ "^a$$", NULL },
		{ "$", NULL },
		{ "^", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text name = TEXT_NULL;
		bool literal = rates_pattern_literal(&name, &arena,
		    text_of(rows[i].pattern));

		cr_expect(literal == (rows[i].name != NULL), "%s",
		    rows[i].pattern);
		if (literal)
			cr_expect(text_is(name, rows[i].name), "%s",
			    rows[i].pattern);
	}
}

Test(rates_table, quotes_a_name_so_that_it_is_read_back)
{
	char name[2] = "x";
	struct text back;

	for (char c = ' '; c < '\x7f'; c++) {
		struct buf pattern = BUF_INIT;

		name[0] = c;
		rates_pattern_quote(&pattern, text_of(name));
		cr_expect(rates_pattern_literal(&back, &arena,
		    (struct text){ pattern.text, pattern.len }));
		cr_expect(text_is(back, name), "%s", pattern.text);
		buf_release(&pattern);
	}
}

Test(rates_table, states_the_price_of_a_million_tokens)
{
	struct money price = { 1 };

	cr_expect(zero(int,
	    rates_table_per_mtok(&price, (struct money){ 3000000000 })));
	cr_expect(price.femto == (money_int)3 * 1000000000000000);
	cr_expect(eq(int, rates_table_per_mtok(&price, MONEY_MAX), -1));
	cr_expect(price.femto == (money_int)3 * 1000000000000000);
}
