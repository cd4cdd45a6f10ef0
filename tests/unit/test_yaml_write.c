#include "lib/doc/yaml_write.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/doc/node.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Ten columns, to get past the width of a line. */
#define TEN "aaaaaaaaa "
#define FIFTY TEN TEN TEN TEN TEN
#define SEVENTY FIFTY TEN TEN
#define EIGHTY SEVENTY TEN

static struct arena arena;
static struct buf out = BUF_INIT;

static void
tear_down(void)
{
	buf_release(&out);
	arena_release(&arena);
}

TestSuite(yaml_write, .fini = tear_down);

static char *
written(const struct node *node)
{
	buf_reset(&out);
	yaml_write(&out, node);
	return out.text;
}

/* A map of one key. */
static struct node *
pair(const char *key, struct node *value)
{
	struct node *map = node_map(&arena);

	node_put(&arena, map, key, value);
	return map;
}

/* A list of one item. */
static struct node *
item(struct node *value)
{
	struct node *list = node_list(&arena);

	node_add(list, value);
	return list;
}

static struct node *
str(const char *text)
{
	return node_string(&arena, text);
}

/* What stands behind `k: ` for a string. */
static const struct {
	char *text, *want;
} values[] = {
	{ "chapter 1", "chapter 1" },
	{ "", "''" },
	{ "~", "'~'" },
	{ "no", "'no'" },
	{ "y", "y" },
	{ "12", "'12'" },
	{ "1e5", "1e5" },
	{ "1:30", "'1:30'" },
	{ "2026-11-22", "'2026-11-22'" },
	{ "=", "'='" },
	{ " a", "' a'" },
	{ "a ", "'a '" },
	{ "a  b", "a  b" },
	{ "it's", "it's" },
	{ "'a", "'''a'" },
	{ "a: b", "'a: b'" },
	{ "a:", "'a:'" },
	{ "a:b", "a:b" },
	{ "a #b", "'a #b'" },
	{ "a#b", "a#b" },
	{ "- a", "'- a'" },
	{ "-", "'-'" },
	{ "-a", "-a" },
	{ "?a", "?a" },
	{ "---a", "'---a'" },
	{ "...", "'...'" },
	{ "[a", "'[a'" },
	{ "a, [b]", "a, [b]" },
	{ "`a", "'`a'" },
	{ "a\nb", "'a\n\n  b'" },
	{ "a\n\nb\n", "'a\n\n\n  b\n\n  '" },
	{ "\n", "'\n\n  '" },
	{ "a\n b", "\"a\\n b\"" },
	{ "a \nb", "\"a \\nb\"" },
	{ "a\tb", "\"a\\tb\"" },
	{ "\x7f", "\"\\x7F\"" },
	{ "\\\"\033", "\"\\\\\\\"\\e\"" },
	{ "\u00fc\xc2\x85\u00a0\u2028\u2029", "\"\\xFC\\N\\_\\L\\P\"" },
	{ "\ufeff\U0001f600", "\"\\uFEFF\\U0001F600\"" },
};

Test(yaml_write, strings_are_quoted_only_where_they_must_be)
{
	char want[80];

	for (size_t i = 0; i < COUNT(values); i++) {
		snprintf(want, sizeof(want), "k: %s\n", values[i].want);
		cr_expect(
		    eq(str, written(pair("k", str(values[i].text))), want));
	}
}

Test(yaml_write, a_nul_and_bytes_that_are_no_utf8_are_escaped)
{
	struct text text = { "a\0\xff", 3 };

	cr_expect(eq(str, written(pair("k", node_text(&arena, text))),
	    "k: \"a\\0\\uFFFD\"\n"));
}

Test(yaml_write, long_text_is_folded_at_the_first_space_past_80_columns)
{
	/* `k: ` and eight words end in column 82, seven in 72. */
	cr_expect(eq(str, written(pair("k", str(EIGHTY "b c"))),
	    "k: " SEVENTY "aaaaaaaaa\n  b c\n"));
	cr_expect(eq(str, written(pair("k", str(SEVENTY "b c"))),
	    "k: " SEVENTY "b c\n"));
	cr_expect(eq(str, written(pair("k", str(EIGHTY " b c"))),
	    "k: " EIGHTY " b\n  c\n"));
}

Test(yaml_write, single_quoted_text_is_folded_inside_the_quotes)
{
	cr_expect(eq(str, written(pair("k", str(EIGHTY "b: c"))),
	    "k: '" SEVENTY "aaaaaaaaa\n  b: c'\n"));
	cr_expect(eq(str, written(pair("k", str("'" EIGHTY))),
	    "k: '''" EIGHTY "'\n"));
}

Test(yaml_write, double_quoted_text_keeps_its_space_behind_a_fold)
{
	cr_expect(eq(str, written(pair("k", str(EIGHTY "\tb"))),
	    "k: \"" SEVENTY "aaaaaaaaa\\\n  \\ \\tb\"\n"));
}

Test(yaml_write, double_quoted_text_is_folded_behind_an_escape)
{
	/* The first tab ends in column 80, then in column 81. */
	cr_expect(eq(str, written(pair("k", str(SEVENTY "aaaa\tbb"))),
	    "k: \"" SEVENTY "aaaa\\tbb\"\n"));
	cr_expect(eq(str, written(pair("k", str(SEVENTY "aaaaa\tbb"))),
	    "k: \"" SEVENTY "aaaaa\\t\\\n  bb\"\n"));
	cr_expect(eq(str, written(pair("k", str(SEVENTY "aaaaa\t\tbb"))),
	    "k: \"" SEVENTY "aaaaa\\t\\t\\\n  bb\"\n"));
}

Test(yaml_write, scalars_are_written_by_their_value)
{
	struct node *list = node_list(&arena), *node;

	node_add(list, node_null(&arena));
	node_add(list, node_bool(&arena, true));
	node_add(list, node_bool(&arena, false));
	node_add(list, node_int(&arena, -12));
	node = node_int(&arena, 0);
	node->text = TEXT("+123456789012345678901234567890");
	node_add(list, node);
	node = node_int(&arena, 0);
	node->text = TEXT("-0");
	node_add(list, node);
	cr_expect(eq(str, written(list),
	    "- null\n- true\n- false\n- -12\n"
	    "- 123456789012345678901234567890\n- 0\n"));
}

static const struct {
	double value;
	char *want;
} floats[] = {
	{ 0.0, "0.0" },
	{ -0.0, "-0.0" },
	{ 0.0132, "0.0132" },
	{ 1e-07, "1.0e-07" },
	{ 1.5e-07, "1.5e-07" },
	{ 1e16, "1.0e+16" },
	{ -1e300, "-1.0e+300" },
	{ INFINITY, ".inf" },
	{ -INFINITY, "-.inf" },
	{ NAN, ".nan" },
};

Test(yaml_write, floats_always_have_a_dot)
{
	char want[40];

	for (size_t i = 0; i < COUNT(floats); i++) {
		snprintf(want, sizeof(want), "- %s\n", floats[i].want);
		cr_expect(eq(str,
		    written(item(node_float(&arena, floats[i].value))), want));
	}
}

Test(yaml_write, what_stood_in_a_file_plain_is_kept)
{
	const char *const texts[] = { "0o17", "1_000", "2026-11-22" };
	const enum node_type types[] = { NODE_INT, NODE_FLOAT, NODE_STRING };
	struct node *list = node_list(&arena), *node;

	for (size_t i = 0; i < COUNT(texts); i++) {
		node = str(texts[i]);
		node->type = types[i];
		node->verbatim = NODE_AS_YAML;
		node_add(list, node);
	}
	node = node_bool(&arena, true);
	node->text = TEXT("Yes");
	node->verbatim = NODE_AS_YAML;
	node_add(list, node);
	cr_expect(
	    eq(str, written(list), "- 0o17\n- 1_000\n- 2026-11-22\n- Yes\n"));
}

Test(yaml_write, what_stood_in_a_file_plain_is_never_folded)
{
	struct node *time = str("2026-11-22T08:00:00 \t+01");

	time->verbatim = NODE_AS_YAML;
	cr_expect(eq(str, written(pair(EIGHTY "a", time)),
	    EIGHTY "a: 2026-11-22T08:00:00 \t+01\n"));
}

Test(yaml_write, a_list_under_a_key_is_not_indented)
{
	cr_expect(
	    eq(str, written(pair("runs", item(pair("a", item(str("b")))))),
		"runs:\n- a:\n  - b\n"));
}

Test(yaml_write, collections_open_on_the_line_of_their_item)
{
	struct node *map = pair("a", str("b"));

	node_put(&arena, map, "c", pair("d", str("e")));
	cr_expect(eq(str, written(item(item(map))),
	    "- - a: b\n    c:\n      d: e\n"));
}

Test(yaml_write, empty_collections_stay_on_the_line)
{
	struct node *map = pair("a", node_list(&arena));

	node_put(&arena, map, "b", node_map(&arena));
	node_put(&arena, map, "c", item(node_list(&arena)));
	cr_expect(eq(str, written(map), "a: []\nb: {}\nc:\n- []\n"));
	cr_expect(eq(str, written(node_list(&arena)), "[]\n"));
	cr_expect(eq(str, written(node_map(&arena)), "{}\n"));
}

Test(yaml_write, a_plain_root_is_closed_by_dots)
{
	cr_expect(eq(str, written(str("a")), "a\n...\n"));
	cr_expect(eq(str, written(node_null(&arena)), "null\n...\n"));
	cr_expect(eq(str, written(node_int(&arena, 1)), "1\n...\n"));
	cr_expect(eq(str, written(str("1")), "'1'\n"));
	cr_expect(eq(str, written(str("\t")), "\"\\t\"\n"));
	cr_expect(eq(str, written(str("a\nb")), "'a\n\n  b'\n"));
}

Test(yaml_write, keys_are_quoted_as_values_are)
{
	cr_expect(eq(str, written(pair("1", str("a"))), "'1': a\n"));
	cr_expect(eq(str, written(pair("\u00fc", str("a"))), "\"\\xFC\": a\n"));
}

Test(yaml_write, keys_that_are_empty_or_have_line_breaks_need_a_mark)
{
	cr_expect(eq(str, written(pair("", str("a"))), "? ''\n: a\n"));
	cr_expect(
	    eq(str, written(pair("a\nb", str("c"))), "? 'a\n\n  b'\n: c\n"));
	cr_expect(
	    eq(str, written(pair("\u2028", str("c"))), "? \"\\L\"\n: c\n"));
	cr_expect(eq(str, written(pair("", item(str("a")))), "? ''\n: - a\n"));
	cr_expect(eq(str, written(item(pair("", pair("a", str("b"))))),
	    "- ? ''\n  : a: b\n"));
}

Test(yaml_write, keys_are_simple_up_to_122_code_points)
{
	struct buf key = BUF_INIT;

	for (int i = 0; i < 122; i++)
		buf_puts(&key, "\u00fc");
	written(pair(key.text, str("a")));
	cr_expect(eq(int, out.text[0], '"'));
	cr_expect(memchr(out.text, '\n', out.len - 1) == NULL);
	buf_putc(&key, 'x');
	written(pair(key.text, str("a")));
	cr_expect(eq(int, out.text[0], '?'));
	buf_release(&key);
}

Test(yaml_write, simple_keys_are_never_folded)
{
	cr_expect(
	    eq(str, written(pair(EIGHTY "b c", str("d"))), EIGHTY "b c: d\n"));
}

Test(yaml_write, columns_count_from_where_the_document_starts)
{
	buf_reset(&out);
	buf_puts(&out, EIGHTY);
	yaml_write(&out, pair("k", str("a b")));
	cr_expect(eq(str, out.text, EIGHTY "k: a b\n"));
}
