#include "lib/report/block.h"

#include "tests/unit/scratch.h"

static struct arena arena = ARENA_INIT;
static struct error err;
static struct buf out = BUF_INIT;

static void
release(void)
{
	buf_release(&out);
	arena_release(&arena);
}

TestSuite(block, .fini = release);

#define BEGIN(scope) "<!-- meter:summary " scope " begin -->"
#define END(scope) "<!-- meter:summary " scope " end -->"
#define A BEGIN("task:a") "\n\nnew\n\n" END("task:a")

static const struct block a = { { "task:a", 6 }, { "new\n", 4 }, false };
static const struct block html = { { "task:a", 6 }, { "new\n", 4 }, true };

static void
expect(const struct block *block, const char *file, const char *expected)
{
	struct text once;

	buf_reset(&out);
	cr_assert(eq(int, block_update(&out, block, text_of(file), "f", &err),
		      0),
	    "%s: %s", file, err.text);
	SCRATCH_SAME(out.text, expected);
	/* The same again changes nothing. */
	once.data = arena_copy(&arena, out.text, out.len);
	once.len = out.len;
	buf_reset(&out);
	cr_assert(eq(int, block_update(&out, block, once, "f", &err), 0));
	SCRATCH_SAME(out.text, once.data);
}

static void
expect_refusal(const struct block *block, const char *file, const char *message)
{
	buf_reset(&out);
	scratch_expect(block_update(&out, block, text_of(file), "f", &err),
	    &err, ERROR_DATA, message);
	SCRATCH_SAME(out.text, "");
}

/* No scope can end the comment that it stands in. */
Test(block, names_any_scope_in_a_comment)
{
	const struct {
		struct text scope;
		const char *mark;
	} cases[] = {
		{ TEXT("quest:q-ri"), "quest:q-ri" },
		{ TEXT("task:a--b---c"), "task:a-%2Db-%2D-c" },
		{ TEXT("task:-->"), "task:-%2D%3E" },
		{ TEXT("entity:a:b c/d_e.f"), "entity:a:b%20c/d_e.f" },
		{ TEXT("task:100%"), "task:100%25" },
		{ TEXT("task:\"'<&>`\n\t"), "task:%22%27%3C%26%3E%60%0A%09" },
		{ TEXT("task:\xc3\xa9\xe2\x80\xae"), "task:%C3%A9%E2%80%AE" },
	};
	struct block block = { .body = TEXT("new\n") };
	struct text once;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		block.scope = cases[i].scope;
		buf_reset(&out);
		block_put(&out, &block);
		SCRATCH_SAME(out.text,
		    arena_printf(&arena,
			BEGIN("%s") "\n\nnew\n\n" END("%s") "\n", cases[i].mark,
			cases[i].mark));
		/* And it is found again. */
		once.data = arena_copy(&arena, out.text, out.len);
		once.len = out.len;
		buf_reset(&out);
		block_update(&out, &block, once, "f", &err);
		SCRATCH_SAME(out.text, once.data);
	}
}

Test(block, is_made_at_the_end)
{
	expect(&a, "", A "\n");
	expect(&a, "x\n", "x\n\n" A "\n");
	expect(&a, "x", "x\n\n" A "\n");
	expect(&a, "x\r\ny",
	    "x\r\ny\r\n\r\n" BEGIN("task:a") "\r\n\r\nnew\r\n\r\n" END(
		"task:a") "\r\n");
	expect(&html, "", BEGIN("task:a") "\nnew\n" END("task:a") "\n");
}

Test(block, is_made_inside_the_body_of_html)
{
	static const char block[] =
	    BEGIN("task:a") "\nnew\n" END("task:a") "\n";
	const struct {
		const char *head, *gap, *tail;
	} cases[] = {
		{ "<body>x", "\n", "</body>" },
		{ "<body>\nx\n", "", "</body>\n</html>\n" },
		{ "<body>\nx\n", "", "</BODY >\r\n</Html\n>\n\n" },
		{ "x</html>", "\n", "" },
		{ "<p>the tag </body> ends it</p>\n", "", "" },
		{ "</body>x", "\n", "" },
		{ "x>", "\n", "" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++)
		expect(&html,
		    arena_printf(&arena, "%s%s", cases[i].head, cases[i].tail),
		    arena_printf(&arena, "%s%s%s%s", cases[i].head,
			cases[i].gap, block, cases[i].tail));
}

Test(block, takes_the_place_of_the_old_one)
{
	const struct {
		const char *before, *begin, *old, *end, *after;
	} cases[] = {
		{ "", BEGIN("task:a"), "\n", END("task:a"), "" },
		{ "x\n", BEGIN("task:a"), "\n\nold\n\n", END("task:a"), "\ny" },
		{ "- x ", BEGIN("task:a"), "old", END("task:a"), " y\n" },
		{ "x\n", "<!--meter:summary  task:%61   begin-->", "\nold\n",
		    "<!--\tmeter:summary task:%61 end\t-->", "\n\ty\n" },
		{ "", BEGIN("task:a"), "\nold\n", END("task:a"),
		    "\n" BEGIN("task:b") "b" END("task:b") "\n" },
		{ BEGIN("task:b") "\n" END("task:b") "\n", BEGIN("task:a"), "",
		    END("task:a"), "\n<!-- other -->\n" },
		{ "<!-- <!-- meter:summary-of x --> ", BEGIN("task:a"), "",
		    END("task:a"), "" },
		{ "```\n" BEGIN("task:a") "\n```\n", BEGIN("task:a"), "old",
		    END("task:a"), "\n```\nopen\n" },
		{ "```\n", BEGIN("task:a"), "old", END("task:a"), "\n" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++)
		expect(&a,
		    arena_printf(&arena, "%s%s%s%s%s", cases[i].before,
			cases[i].begin, cases[i].old, cases[i].end,
			cases[i].after),
		    arena_printf(&arena, "%s%s\n\nnew\n\n%s%s", cases[i].before,
			cases[i].begin, cases[i].end, cases[i].after));
}

Test(block, keeps_two_bytes_at_line_ends)
{
	expect(&a,
	    "x\r\n" BEGIN("task:a") "\r\nold\r\n" END("task:a") "\r\ny\n",
	    "x\r\n" BEGIN("task:a") "\r\n\r\nnew\r\n\r\n" END(
		"task:a") "\r\ny\n");
}

Test(block, has_code_blocks_in_markdown_alone)
{
	static const char file[] =
	    "```\n" BEGIN("task:a") "old" END("task:a") "\n```\n";

	expect(&a, file, arena_printf(&arena, "%s\n" A "\n", file));
	expect(&html, file,
	    "```\n" BEGIN("task:a") "\nnew\n" END("task:a") "\n```\n");
}

Test(block, refuses_marks_that_do_not_pair)
{
	const struct {
		const char *file, *message;
	} cases[] = {
		{ "x\n" BEGIN("task:a") "\n",
		    "f:2: a block begins and does not end: task:a" },
		{ "x\n" END("task:a") "\n",
		    "f:2: a block ends and did not begin: task:a" },
		{ END("task:a") "\n" BEGIN("task:a") "\n",
		    "f:1: a block ends and did not begin: task:a" },
		{ BEGIN("task:a") END("task:a") "\n\n" BEGIN("task:a")
			END("task:a"),
		    "f:3: there is a second block of task:a" },
		{ BEGIN("task:a") END("task:a") BEGIN("task:%61")
			END("task:%61"),
		    "f:1: there is a second block of task:%61" },
		{ BEGIN("task:a") "\n" BEGIN("task:a") "\n" END("task:a"),
		    "f:1: a block begins and does not end: task:a" },
		{ "\n" BEGIN("task:a") BEGIN("task:b") END("task:b")
			END("task:a"),
		    "f:2: a block begins and does not end: task:a" },
		{ BEGIN("task:a") "\n" END("task:b") "\n",
		    "f:1: a block begins and another ends: task:a" },
		/* Damage to others' blocks may be damage to this one. */
		{ A "\n" BEGIN("task:b") "\n",
		    "f:6: a block begins and does not end: task:b" },
		{ A "\n" END("task:b") "\n",
		    "f:6: a block ends and did not begin: task:b" },
		{ "<!-- meter:summary task:a begin\n",
		    "f:1: is a damaged mark of a block" },
		{ "\n\n<!-- meter:summary task:a starts -->\n",
		    "f:3: is a damaged mark of a block" },
		{ "<!-- meter:summary begin -->\n",
		    "f:1: is a damaged mark of a block" },
		{ "<!-- meter:summary task:a b begin -->\n",
		    "f:1: is a damaged mark of a block" },
		{ "<!-- meter:summary task:a begin x -->\n",
		    "f:1: is a damaged mark of a block" },
		{ "<!-- meter:summary", "f:1: is a damaged mark of a block" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		expect_refusal(&a, cases[i].file, cases[i].message);
		expect_refusal(&html, cases[i].file, cases[i].message);
	}
}

Test(block, leaves_bytes_that_are_no_text_alone)
{
	static const char file[] = "\0\xff\r\n\x1b<!--\0-->\n";
	const struct text text = { file, sizeof(file) - 1 };

	cr_assert(eq(int, block_update(&out, &a, text, "f", &err), 0));
	cr_expect(memcmp(out.text, file, text.len) == 0);
	cr_expect(memcmp(out.text + text.len, "\r\n<!-- meter:", 13) == 0);
}
