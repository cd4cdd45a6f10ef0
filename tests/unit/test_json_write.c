#include "lib/doc/json_write.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/doc/node.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct arena arena;
static struct buf out = BUF_INIT;

static void
tear_down(void)
{
	buf_release(&out);
	arena_release(&arena);
}

TestSuite(json_write, .fini = tear_down);

static char *
line(const struct node *node)
{
	buf_reset(&out);
	json_write_line(&out, node);
	return out.text;
}

static char *
python(const struct node *node)
{
	buf_reset(&out);
	json_write_python(&out, node);
	return out.text;
}

/* {"b": [1, null], "a": {}, "c": []} */
static struct node *
example(void)
{
	struct node *map = node_map(&arena), *list = node_list(&arena);

	node_add(list, node_int(&arena, 1));
	node_add(list, node_null(&arena));
	node_put(&arena, map, "b", list);
	node_put(&arena, map, "a", node_map(&arena));
	node_put(&arena, map, "c", node_list(&arena));
	return map;
}

static struct node *
number(enum node_type type, enum node_verbatim verbatim, const char *text,
    double value)
{
	struct node *node = node_string(&arena, text);

	node->type = type;
	node->verbatim = verbatim;
	node->number = value;
	return node;
}

Test(json_write, a_line_has_no_blanks_and_keeps_the_order)
{
	cr_expect(
	    eq(str, line(example()), "{\"b\":[1,null],\"a\":{},\"c\":[]}"));
}

Test(json_write, pretty_is_indented_by_two)
{
	json_write_pretty(&out, example());
	cr_expect(eq(str, out.text,
	    "{\n  \"b\": [\n    1,\n    null\n  ],\n"
	    "  \"a\": {},\n  \"c\": []\n}\n"));
}

Test(json_write, python_sorts_keys_by_code_point)
{
	struct node *map = example();

	node_put(&arena, map, "\U0001f600", node_bool(&arena, true));
	node_put(&arena, map, "\uffee", node_bool(&arena, false));
	node_put(&arena, map, "", node_string(&arena, "x"));
	cr_expect(eq(str, python(map),
	    "{\"\": \"x\", \"a\": {}, \"b\": [1, null], \"c\": [], "
	    "\"\\uffee\": false, \"\\ud83d\\ude00\": true}"));
}

static const struct {
	char *text, *line, *python;
} strings[] = {
	{ "a/b'", "\"a/b'\"", "\"a/b'\"" },
	{ "\"\\", "\"\\\"\\\\\"", "\"\\\"\\\\\"" },
	{ "\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\"", "\"\\b\\t\\n\\f\\r\"" },
	{ "\033\x7f", "\"\\u001b\\u007f\"", "\"\\u001b\\u007f\"" },
	{ "</script>", "\"\\u003c/script>\"", "\"</script>\"" },
	{ "\u00fc\U0001f600", "\"\u00fc\U0001f600\"",
	    "\"\\u00fc\\ud83d\\ude00\"" },
	{ "\xc2\x85\xc2\x9b\u2028\u2029", "\"\\u0085\\u009b\\u2028\\u2029\"",
	    "\"\\u0085\\u009b\\u2028\\u2029\"" },
	{ "\xff", "\"\ufffd\"", "\"\\ufffd\"" },
};

Test(json_write, strings_carry_nothing_that_acts)
{
	struct node *node;

	for (size_t i = 0; i < COUNT(strings); i++) {
		node = node_string(&arena, strings[i].text);
		cr_expect(eq(str, line(node), strings[i].line));
		cr_expect(eq(str, python(node), strings[i].python));
	}
}

Test(json_write, a_nul_is_escaped)
{
	cr_expect(eq(str, line(node_text(&arena, (struct text){ "a\0b", 3 })),
	    "\"a\\u0000b\""));
}

Test(json_write, computed_floats_are_plain_in_json_and_repr_in_python)
{
	static const struct {
		double value;
		char *line, *python;
	} rows[] = {
		{ 1e-07, "0.0000001", "1e-07" },
		{ 12.0, "12", "12.0" },
		{ -0.0, "0", "-0.0" },
		{ INFINITY, "null", "Infinity" },
		{ -INFINITY, "null", "-Infinity" },
		{ NAN, "null", "NaN" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		cr_expect(eq(str, line(node_float(&arena, rows[i].value)),
		    rows[i].line));
		cr_expect(eq(str, python(node_float(&arena, rows[i].value)),
		    rows[i].python));
	}
}

Test(json_write, numbers_from_json_are_kept_as_they_were)
{
	struct node *node;

	node = number(NODE_FLOAT, NODE_AS_JSON, "1.50E-7", 1.5e-7);
	cr_expect(eq(str, line(node), "1.50E-7"));
	cr_expect(eq(str, python(node), "1.5e-07"));
	node = number(NODE_INT, NODE_AS_JSON, "-0", 0);
	cr_expect(eq(str, line(node), "-0"));
	cr_expect(eq(str, python(node), "0"));
	node = number(NODE_INT, NODE_AS_JSON, "123456789012345678901", 0);
	cr_expect(eq(str, line(node), "123456789012345678901"));
	cr_expect(eq(str, python(node), "123456789012345678901"));
}

Test(json_write, notations_of_yaml_become_json)
{
	struct node *yes = node_bool(&arena, true);

	yes->text = TEXT("Yes");
	yes->verbatim = NODE_AS_YAML;
	cr_expect(eq(str, line(yes), "true"));
	cr_expect(eq(str, line(number(NODE_INT, NODE_COMPUTED, "+5", 0)), "5"));
	cr_expect(eq(str, line(number(NODE_INT, NODE_AS_YAML, "1_000", 0)),
	    "\"1_000\""));
	cr_expect(eq(str, line(number(NODE_FLOAT, NODE_COMPUTED, ".50", 0.5)),
	    "0.5"));
}

Test(json_write, scalars_stand_alone)
{
	cr_expect(eq(str, line(node_null(&arena)), "null"));
	cr_expect(eq(str, line(node_bool(&arena, false)), "false"));
	json_write_pretty(&out, node_int(&arena, 1));
	cr_expect(eq(str, out.text, "false1\n"));
}

Test(json_write, marks_that_turn_text_around_are_escaped)
{
	json_write_text(&out,
	    TEXT("\xE2\x80\xAE"
		 "x\xE2\x81\xA6\xE2\x80\x8F\xD8\x9C\xE2\x80\xA7\xD7\x90"));
	cr_expect(eq(str, out.text,
	    "\"\\u202ex\\u2066\\u200f\\u061c\xE2\x80\xA7\xD7\x90\""));
}
