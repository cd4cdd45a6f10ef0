#include "lib/report/generation.h"

#include "lib/core/variance.h"
#include "tests/unit/scratch.h"

#define START "- **Plan variance**: "
#define DOT " \xc2\xb7 "
#define NONE "\xe2\x80\x93"
#define LINE START "new"

static struct arena arena = ARENA_INIT;
static struct error err;
static struct buf out = BUF_INIT;

static void
release(void)
{
	buf_release(&out);
	arena_release(&arena);
}

TestSuite(generation, .fini = release);

static struct money
parse(const char *text)
{
	struct money money = MONEY_ZERO;

	cr_assert(money_parse(&money, text, strlen(text)) == MONEY_OK);
	return money;
}

static struct variance_cost
cost_of(const char *total, const char *estimate)
{
	struct variance_cost cost = { .total = parse(total) };

	cr_assert(variance_set_estimate(&cost,
		      node_get(scratch_yaml(&arena,
				   arena_printf(&arena, "e: %s", estimate)),
			  "e"),
		      &err) == 0);
	return cost;
}

static void
expect_line(const struct variance *v, int64_t unpriced, const char *expected)
{
	buf_reset(&out);
	generation_line(&out, v, unpriced);
	SCRATCH_SAME(out.text, expected);
}

Test(generation, line_compares_a_run_with_its_plan)
{
	struct variance v = { .snapshot_id = TEXT("b9bb6f387af5"),
		.is_resolved = true,
		.calls = { true, 6, 3 },
		.prompt_tokens = { true, 2400, 2600 },
		.total_tokens = { true, 2400, 3150 },
		.cost = cost_of("0.0132", "0.024") };

	expect_line(&v, 1,
	    START "calls 3/6 (-3, 0.50x)" DOT
		  "prompt tokens 2,600/2,400 (+200, 1.08x)" DOT
		  "cost $0.0132/$0.0240 (-$0.0108, 0.55x; 1 call unpriced)" DOT
		  "plan b9bb6f387af5\n");
	expect_line(&v, 0,
	    START "calls 3/6 (-3, 0.50x)" DOT
		  "prompt tokens 2,600/2,400 (+200, 1.08x)" DOT
		  "cost $0.0132/$0.0240 (-$0.0108, 0.55x)" DOT
		  "plan b9bb6f387af5\n");
}

Test(generation, line_shows_what_is_null_as_a_dash)
{
	struct variance v = { .snapshot_id = TEXT("a"),
		.is_resolved = true,
		.calls = { true, 0, 3 },
		.prompt_tokens = { true, 0, 0 },
		.cost = cost_of("0.0132", "null") };

	expect_line(&v, 1234,
	    START "calls 3/0 (+3, " NONE ")" DOT "prompt tokens 0/0 (0, " NONE
		  ")" DOT "cost $0.0132/" NONE " (" NONE ", " NONE
		  "; 1,234 calls unpriced)" DOT "plan a\n");
	v.calls.has_estimate = false;
	v.cost = cost_of("0", "0");
	expect_line(&v, 0,
	    START "calls 3/" NONE " (" NONE ", " NONE ")" DOT
		  "prompt tokens 0/0 (0, " NONE ")" DOT
		  "cost $0.0000/$0.0000 ($0.0000, " NONE ")" DOT "plan a\n");
}

Test(generation, line_shows_two_digits_of_a_small_amount)
{
	struct variance v = { .snapshot_id = TEXT("a"),
		.is_resolved = true,
		.calls = { true, 1, 1 },
		.prompt_tokens = { true, 1234567, 1234567 },
		.cost = cost_of("0.000012", "1.0e-05") };

	expect_line(&v, 0,
	    START "calls 1/1 (0, 1.00x)" DOT
		  "prompt tokens 1,234,567/1,234,567 (0, 1.00x)" DOT
		  "cost $0.000012/$0.000010 (+$0.0000020, 1.20x)" DOT
		  "plan a\n");
}

Test(generation, line_without_a_plan_says_what_was_used)
{
	struct variance v = { .calls = { false, 0, 3 },
		.total_tokens = { false, 0, 3150 },
		.cost = cost_of("0.0132", "null") };

	expect_line(&v, 0,
	    START "no plan to compare with; actual 3 calls, 3,150 tokens, "
		  "$0.0132\n");
	expect_line(&v, 2,
	    START "no plan to compare with; actual 3 calls, 3,150 tokens, "
		  "$0.0132; 2 calls unpriced\n");
	v.snapshot_id = TEXT("b9bb6f387af5");
	v.calls.actual = v.total_tokens.actual = 1;
	expect_line(&v, 1,
	    START "plan b9bb6f387af5 not found; actual 1 call, 1 token, "
		  "$0.0132; 1 call unpriced\n");
	v.calls.actual = v.total_tokens.actual = 0;
	expect_line(&v, 0,
	    START "plan b9bb6f387af5 not found; actual 0 calls, 0 tokens, "
		  "$0.0132\n");
}

/* An id that a plan file carries may be any text. */
Test(generation, line_has_no_markdown_from_a_name)
{
	const struct {
		struct text id;
		const char *expected;
	} cases[] = {
		{ TEXT("a*b_c`d"), "a\\*b\\_c\\`d" },
		{ TEXT("<b>&amp;"), "\\<b\\>\\&amp;" },
		{ TEXT("[x](http://y.z)"), "\\[x\\]\\(http\\://y\\.z\\)" },
		{ TEXT("![i](u)|x"), "\\!\\[i\\]\\(u\\)\\|x" },
		{ TEXT("www.a.b me@c.d"), "www\\.a\\.b me\\@c\\.d" },
		{ TEXT("~~a~~ $x$ ==y=="),
		    "\\~\\~a\\~\\~ \\$x\\$ \\=\\=y\\=\\=" },
		{ TEXT("back\\slash"), "back\\\\slash" },
		{ TEXT("a\n## b"), "a \\#\\# b" },
		{ TEXT("\xe2\x80\xae"
		       "a\xc3\xa9"),
		    "\\\\u\\{202e\\}a\xc3\xa9" },
		{ TEXT("a\0b"), "a\\\\x00b" },
		{ TEXT("-->"), "\\-\\-\\>" },
		{ TEXT("\"q\" 'r' :x: ^s^"),
		    "\\\"q\\\" \\'r\\' \\:x\\: \\^s\\^" },
	};
	struct variance v = { 0 };

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		v.snapshot_id = cases[i].id;
		expect_line(&v, 0,
		    arena_printf(&arena,
			START "plan %s not found; actual 0 calls, 0 tokens, "
			      "$0.0000\n",
			cases[i].expected));
	}
}

Test(generation, line_cuts_a_very_long_id)
{
	char id[1000];
	struct variance v = { .snapshot_id = { id, sizeof(id) } };

	memset(id, 'x', sizeof(id));
	expect_line(&v, 0,
	    arena_printf(&arena,
		START "plan %.77s\\.\\.\\. not found; actual 0 calls, "
		      "0 tokens, $0.0000\n",
		id));
}

struct update {
	const char *before, *after;
};

/* Done again, the update changes nothing. */
static void
expect_updates(const struct update *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *once;

		buf_reset(&out);
		generation_update(&out, text_of(cases[i].before),
		    TEXT(LINE "\n"));
		SCRATCH_SAME(out.text, cases[i].after);
		once = arena_copy(&arena, out.text, out.len);
		buf_reset(&out);
		generation_update(&out, text_of(once), TEXT(LINE "\n"));
		SCRATCH_SAME(out.text, once);
	}
}

Test(generation, update_replaces_the_line_and_nothing_else)
{
	static const struct update cases[] = {
		{ START "old\n", LINE "\n" },
		{ START "old", LINE },
		{ START "old\r\n", LINE "\r\n" },
		{ "- **Plan variance**:old\n", LINE "\n" },
		{ LINE "\n", LINE "\n" },
		{ "# A\n\n" START "old \t\nrest\n", "# A\n\n" LINE "\nrest\n" },
		{ "a\r\n" START "old\r\nb\r\n", "a\r\n" LINE "\r\nb\r\n" },
		{ "a\n" START "old\r\nb\n", "a\n" LINE "\r\nb\n" },
		{ START "one\n" START "two\n", LINE "\n" START "two\n" },
		{ "## Budget\n\n" START "old\n## Budget\n",
		    "## Budget\n\n" LINE "\n## Budget\n" },
		{ START "before\n## Budget\n", LINE "\n## Budget\n" },
		{ "no end"
		  "\n" START "old\n\n\nx",
		    "no end\n" LINE "\n\n\nx" },
	};

	expect_updates(cases, SCRATCH_COUNT(cases));
}

Test(generation, update_puts_the_line_under_the_heading)
{
	static const struct update cases[] = {
		{ "## Budget\n", "## Budget\n\n" LINE "\n" },
		{ "## Budget", "## Budget\n\n" LINE "\n" },
		{ "## Budget\n\n", "## Budget\n\n" LINE "\n" },
		{ "## Budget  \n", "## Budget  \n\n" LINE "\n" },
		{ "## Budget ##\n", "## Budget ##\n\n" LINE "\n" },
		{ "## Budget\n\ntext\n", "## Budget\n\n" LINE "\n\ntext\n" },
		{ "## Budget\ntext\n", "## Budget\n\n" LINE "\n\ntext\n" },
		{ "## Budget\n\n- item\n", "## Budget\n\n" LINE "\n- item\n" },
		{ "## Budget\n- item\n", "## Budget\n\n" LINE "\n- item\n" },
		{ "# A\n## Budget\n\n\n## B\n",
		    "# A\n## Budget\n\n" LINE "\n\n## B\n" },
		{ "## Budget\r\n\r\ntext\r\n",
		    "## Budget\r\n\r\n" LINE "\r\n\r\ntext\r\n" },
		{ "a\r\n## Budget", "a\r\n## Budget\r\n\r\n" LINE "\r\n" },
		{ "## Budget\n\n## Budget\n",
		    "## Budget\n\n" LINE "\n\n## Budget\n" },
	};

	expect_updates(cases, SCRATCH_COUNT(cases));
}

Test(generation, update_makes_the_heading_at_the_end)
{
	static const struct update cases[] = {
		{ "", "## Budget\n\n" LINE "\n" },
		{ "text\n", "text\n\n## Budget\n\n" LINE "\n" },
		{ "text", "text\n\n## Budget\n\n" LINE "\n" },
		{ "a\r\n", "a\r\n\r\n## Budget\r\n\r\n" LINE "\r\n" },
		{ "# Budget\n", "# Budget\n\n## Budget\n\n" LINE "\n" },
		{ "### Budget\n", "### Budget\n\n## Budget\n\n" LINE "\n" },
		{ "## Budgets\n", "## Budgets\n\n## Budget\n\n" LINE "\n" },
		{ "## Budget of it\n",
		    "## Budget of it\n\n## Budget\n\n" LINE "\n" },
		{ "see " START "x\n",
		    "see " START "x\n\n## Budget\n\n" LINE "\n" },
		{ "- **Plan variances**: x\n",
		    "- **Plan variances**: x\n\n## Budget\n\n" LINE "\n" },
	};

	expect_updates(cases, SCRATCH_COUNT(cases));
}

Test(generation, update_takes_nothing_in_code_for_line_or_heading)
{
	static const char *const codes[] = {
		"```\n" START "x\n## Budget\n```\n",
		"```text\n" START "x\n```\n",
		"~~~\n## Budget\n~~~\n",
		"````\n```\n" START "x\n````\n",
		"```\n~~~\n" START "x\n~~~\n```\n",
		"~~~\n```\n" START "x\n```\n~~~\n",
		"```\n``` no end\n" START "x\n```\n",
		"   ```\n" START "x\n   ```  \n",
		"```\r\n" START "x\r\n```\r\n",
	};
	static const char *const texts[] = {
		"``` a`b\n",
		"``\n",
		"~~\n",
		"    ```\n",
		"```code``` more\n",
	};

	for (size_t i = 0; i < SCRATCH_COUNT(codes); i++) {
		const char *code = codes[i];
		const char *end = strchr(code, '\r') ? "\r\n" : "\n";
		struct update update = {
			arena_printf(&arena, "%s" START "old%s", code, end),
			arena_printf(&arena, "%s" LINE "%s", code, end),
		};

		expect_updates(&update, 1);
		update.before = code;
		update.after = arena_printf(&arena,
		    "%s%s## Budget%s%s" LINE "%s", code, end, end, end, end);
		expect_updates(&update, 1);
	}
	for (size_t i = 0; i < SCRATCH_COUNT(texts); i++) {
		struct update update = {
			arena_printf(&arena, "%s" START "old\n", texts[i]),
			arena_printf(&arena, "%s" LINE "\n", texts[i]),
		};

		expect_updates(&update, 1);
	}
}

/* What is put behind such a fence must be found the next time. */
Test(generation, update_takes_a_fence_that_nothing_closes_for_text)
{
	static const struct update cases[] = {
		{ "```\ntext\n", "```\ntext\n\n## Budget\n\n" LINE "\n" },
		{ "```\n" START "old\n", "```\n" LINE "\n" },
		{ "```\n" START "x\n```\n~~~\n## Budget\n",
		    "```\n" START "x\n```\n~~~\n## Budget\n\n" LINE "\n" },
		{ "```\n~~~\n", "```\n~~~\n\n## Budget\n\n" LINE "\n" },
	};

	expect_updates(cases, SCRATCH_COUNT(cases));
}

Test(generation, update_keeps_bytes_of_any_kind)
{
	buf_reset(&out);
	generation_update(&out, TEXT("\xff\0\r\n" START "old\n\0"),
	    TEXT(LINE "\n"));
	cr_expect(text_equal((struct text){ out.text, out.len },
	    TEXT("\xff\0\r\n" LINE "\n\0")));
}
