#include "lib/doc/yaml.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/doc/node.h"
#include "lib/doc/scalar.h"

static struct arena arena = ARENA_INIT;

static struct node *
read_text(struct text text)
{
	struct error err = { 0 };
	struct node *root = NULL;

	cr_assert(eq(int, yaml_read(&root, &arena, text, "f.yaml", 1, &err), 0),
	    "%s", err.text);
	return root;
}

static struct node *
read_string(const char *text)
{
	return read_text(text_of(text));
}

static char *
refusal(struct text text, int first_line)
{
	static struct error err;
	struct node *root = NULL;

	err = (struct error){ 0 };
	cr_assert(eq(int,
		      yaml_read(&root, &arena, text, "f.yaml", first_line,
			  &err),
		      -1),
	    "taken: %s", text.data);
	cr_expect(eq(int, (int)err.kind, ERROR_DATA));
	cr_expect(eq(ptr, root, NULL));
	return err.text;
}

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(yaml, .fini = release);

/*
 * Plain scalars.  resolve.tsv holds what PyYAML 6.0 makes of each text: its
 * tag, and then a truth, the bits of a float, or for a number whether it is
 * in plain decimal.
 */

struct row {
	char line[256];
	const char *text;
	const char *kind;
	const char *value;
};

static enum scalar_kind
kind_of(const char *name)
{
	static const char *const names[] = { "string", "null", "bool", "int",
		"float", "timestamp", "merge", "value" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return (enum scalar_kind)i;
	cr_assert(false, "no kind %s", name);
	return SCALAR_STRING;
}

static void
expect_number(const struct node *node, const struct row *row)
{
	double value;

	if (strcmp(row->value, "other") == 0) {
		cr_expect(eq(int, (int)node->verbatim, NODE_AS_YAML), "%s",
		    row->text);
		return;
	}
	cr_expect(eq(int, (int)node->verbatim, NODE_COMPUTED), "%s", row->text);
	if (node->type != NODE_FLOAT)
		return;
	value = strtod(row->value, NULL);
	if (isnan(value))
		cr_expect(isnan(node->number), "%s", row->text);
	else
		cr_expect(node->number == value &&
			      !signbit(node->number) == !signbit(value),
		    "%s: %a", row->text, node->number);
}

static void
expect_node(const struct node *node, const struct row *row)
{
	static const enum node_type types[] = { NODE_STRING, NODE_NULL,
		NODE_BOOL, NODE_INT, NODE_FLOAT, NODE_STRING, NODE_STRING,
		NODE_STRING };
	enum scalar_kind kind = kind_of(row->kind);

	cr_expect(eq(int, (int)node->type, (int)types[kind]), "%s", row->text);
	cr_expect(text_is(node->text, row->text), "%s", row->text);
	if (kind == SCALAR_BOOL) {
		cr_expect(eq(int, node->truth, strcmp(row->value, "true") == 0),
		    "%s", row->text);
		cr_expect(eq(int, (int)node->verbatim,
		    strcmp(row->text, row->value) == 0 ? NODE_COMPUTED
						       : NODE_AS_YAML));
	} else if (kind == SCALAR_INT || kind == SCALAR_FLOAT) {
		expect_number(node, row);
	} else {
		cr_expect(eq(int, (int)node->verbatim,
		    kind > SCALAR_FLOAT ? NODE_AS_YAML : NODE_COMPUTED));
	}
}

static bool
next_row(struct row *row, FILE *file)
{
	char *tab, *second;

	if (!fgets(row->line, sizeof(row->line), file))
		return false;
	row->line[strcspn(row->line, "\n")] = '\0';
	tab = strchr(row->line, '\t');
	second = strchr(tab + 1, '\t');
	*tab = *second = '\0';
	row->text = row->line;
	row->kind = tab + 1;
	row->value = second + 1;
	return true;
}

Test(yaml, gives_plain_scalars_the_types_of_pyyaml)
{
	FILE *file = fopen("testdata/yaml/resolve.tsv", "r");
	struct row row;
	int rows = 0;

	cr_assert(file != NULL);
	for (; next_row(&row, file); rows++) {
		struct node *list =
		    read_string(arena_printf(&arena, "- %s\n", row.text));

		cr_expect(eq(int,
			      (int)scalar_resolve(row.text, strlen(row.text)),
			      (int)kind_of(row.kind)),
		    "%s", row.text);
		cr_assert(eq(sz, list->count, 1));
		expect_node(list->first, &row);
	}
	fclose(file);
	cr_expect(gt(int, rows, 500));
}

Test(yaml, resolves_texts_that_hold_tabs)
{
	const char *time = "2024-1-1\t 1:02:03\t+1:30";

	cr_expect(
	    eq(int, (int)scalar_resolve(time, strlen(time)), SCALAR_TIMESTAMP));
	cr_expect(eq(int, (int)scalar_resolve("12\n", 3), SCALAR_STRING));
	cr_expect(eq(int,
	    (int)scalar_resolve("1\0"
				"2",
		3),
	    SCALAR_STRING));
}

Test(yaml, takes_quoted_and_block_scalars_for_strings)
{
	static const char *const texts[] = { "'12'", "\"true\"", "''",
		"\"1.5\"", "'null'", "'2024-01-01'", "|-\n  12", ">-\n  true",
		"'='", "\"<<\"" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct node *node = read_string(texts[i]);

		cr_expect(eq(int, (int)node->type, NODE_STRING), "%s",
		    texts[i]);
		cr_expect(eq(int, (int)node->verbatim, NODE_COMPUTED));
	}
	cr_expect(text_is(read_string("|\n  a\n   b\n")->text, "a\n b\n"));
	cr_expect(text_is(read_string(">\n  a\n  b\n")->text, "a b\n"));
}

/* Structure and places. */

static const struct node *
child(const struct node *parent, size_t position)
{
	const struct node *node = parent->first;

	for (; position > 0; position--)
		node = node->next;
	return node;
}

Test(yaml, reads_lists_and_maps_in_order)
{
	struct node *root = read_string("b: {x: 1, y: [2, 3]}\n"
					"a:\n- k: v\n  j: w\n- - 1\n  - 2\n");

	cr_assert(eq(int, (int)root->type, NODE_MAP));
	cr_assert(eq(sz, root->count, 2));
	cr_expect(text_is(child(root, 0)->key, "b"));
	cr_expect(text_is(child(root, 1)->key, "a"));
	cr_expect(text_is(node_get(child(root, 0), "y")->last->text, "3"));
	cr_expect(text_is(node_get(child(child(root, 1), 0), "j")->text, "w"));
	cr_expect(eq(sz, child(child(root, 1), 1)->count, 2));
}

Test(yaml, keeps_keys_by_their_text)
{
	struct node *map = read_string("1: a\n~: b\ntrue: c\n2024-01-01: d\n"
				       "'': e\n=: f\n\"<<\": g\n? |\n  h\n: i");
	static const char *const keys[] = { "1", "~", "true", "2024-01-01", "",
		"=", "<<", "h\n" };

	cr_assert(eq(sz, map->count, 8));
	for (size_t i = 0; i < 8; i++)
		cr_expect(text_is(child(map, i)->key, keys[i]), "%s", keys[i]);
}

Test(yaml, takes_a_document_without_a_value_for_null)
{
	static const char *const texts[] = { "", "\n\n", "# only this\n", "---",
		"---\n...\n", "--- # x\n", "~", "\xEF\xBB\xBF" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct node *node = read_string(texts[i]);

		cr_expect(eq(int, (int)node->type, NODE_NULL), "%s", texts[i]);
		cr_expect(eq(int, strcmp(node->file, "f.yaml"), 0));
		cr_expect(ge(int, node->line, 1));
	}
}

Test(yaml, takes_comments_and_an_end_mark_behind_the_document)
{
	static const char *const texts[] = { "- a", "- a\n...\n",
		"--- # c\n- a\n... # d\n# e\n\n", "- a # b\n  # c\n", "[a]",
		"[a] # b", "- a\r\n...\r\n# c\r\n", "[a\n]\n...\n...\n",
		"\xEF\xBB\xBF- a\n", "- 'a'", "- a\n..." };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		cr_expect(text_is(read_string(texts[i])->first->text, "a"),
		    "%s", texts[i]);
}

Test(yaml, takes_what_only_looks_like_a_mark_or_a_directive)
{
	static const char *const texts[] = { "a: 'x\n%TAG !a! b'", "a: ---",
		"a: x%y", "- '%TAG'", "a: |\n  %YAML 1.1\n  ---\n  ...\n",
		"a: x&y*z!", "# %YAML\na: 1", "- a: 1\n  '---': 2" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		cr_expect(eq(sz, read_string(texts[i])->count, 1), "%s",
		    texts[i]);
}

Test(yaml, keeps_nul_bytes_that_are_escaped)
{
	struct node *node = read_string("\"a\\0b\"");

	cr_assert(eq(sz, node->text.len, 3));
	cr_expect(eq(int, memcmp(node->text.data, "a\0b", 4), 0));
}

Test(yaml, says_where_a_value_stands)
{
	static const struct {
		const char *path[3];
		int line, column;
	} places[] = {
		{ { NULL }, 10, 1 },
		{ { "title" }, 10, 8 },
		{ { "\xC3\xA9\xE2\x82\xAC" }, 11, 5 },
		{ { "deep", "list" }, 14, 5 },
		{ { "flow", "b" }, 15, 17 },
		{ { "empty" }, 16, 7 },
	};
	struct error err = { 0 };
	struct node *root;

	cr_assert(
	    eq(int,
		yaml_read(&root, &arena,
		    text_of(
			"title: x\r\n\xC3\xA9\xE2\x82\xAC: 1\r\ndeep:\n  list:\n"
			"    - 1\nflow: {a: 1, b: \xF0\x9F\x98\x80}\nempty:\n"),
		    "f", 10, &err),
		0),
	    "%s", err.text);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		const struct node *node = root;

		for (int j = 0; j < 3 && places[i].path[j]; j++)
			node = node_get(node, places[i].path[j]);
		cr_expect(eq(int, node->line, places[i].line), "%zu", i);
		cr_expect(eq(int, node->column, places[i].column), "%zu", i);
	}
}

Test(yaml, gives_the_path_of_a_value_in_errors)
{
	struct node *root = read_string("stages:\n- a: 1\n- metadata:\n"
					"    usage: {tokens: many}\n");
	struct node *stage = node_get(root, "stages")->last, *usage;
	struct error err = { 0 };

	usage = node_get(node_get(stage, "metadata"), "usage");
	node_error(&err, node_get(usage, "tokens"), "wrong");
	cr_expect(eq(str, err.text,
	    "f.yaml:4:21: stages[1].metadata.usage.tokens: wrong"));
}

/* Refusals. */

static const struct refused {
	const char *text;
	const char *reason;
} refused[] = {
	/* Properties of values. */
	{ "a: &x 1", "1:4: anchors are not allowed" },
	{ "&x a: 1", "1:1: anchors are not allowed" },
	{ "a: &x [1]", "1:4: anchors are not allowed" },
	{ "a: &x {b: 1}", "1:4: anchors are not allowed" },
	{ "a: &x\n  b: 1", "1:4: anchors are not allowed" },
	{ "a: &x", "1:4: anchors are not allowed" },
	{ "a: *x", "1:4: aliases are not allowed" },
	{ "*x : 1", "1:1: aliases are not allowed" },
	{ "[*x]", "1:2: aliases are not allowed" },
	{ "- a\n- !!str b", "2:3: tags are not allowed" },
	{ "a: !x b", "1:4: tags are not allowed" },
	{ "a: ! b", "1:4: tags are not allowed" },
	{ "a: !!python/object:os.system {}", "1:4: tags are not allowed" },
	{ "!!map {a: 1}", "1:1: tags are not allowed" },
	{ "a: !!seq [1]", "1:4: tags are not allowed" },
	{ "!!str a: 1", "1:1: tags are not allowed" },
	{ "a: !<tag:yaml.org,2002:str> b", "1:4: tags are not allowed" },
	/* Directives and documents. */
	{ "%YAML 1.1\n---\na: 1", "1:1: directives are not allowed" },
	{ "# c\n\n%TAG ! x\n--- a", "3:1: directives are not allowed" },
	{ "%", "1:1: directives are not allowed" },
	{ "a: 1\n...\n%YAML 1.1\n---\n", "3:1: directives are not allowed" },
	{ "--- a\n--- b\n", "2:1: a second document is not allowed" },
	{ "a: 1\n---\n", "2:1: a second document is not allowed" },
	{ "a: 1\n...\n# c\n---\nb: 1",
	    "4:1: a second document is not allowed" },
	{ "a: 1\n...\nb: 1", "3:1: text behind the end of the document" },
	{ "a\n... b", "2:5: text behind the end of the document" },
	{ "a\n...\n...#", "3:4: text behind the end of the document" },
	{ "[a] b", "1:5: text behind the end of the document" },
	{ "{a: 1}\nb", "2:1: text behind the end of the document" },
	{ "'a' 'b'", "1:5: text behind the end of the document" },
	/* Keys. */
	{ "a: 1\nb: 2\na: 3", "3:1: a: duplicate key, first in line 1" },
	{ "a:\n  x: 1\nb: 2\na:\n  y: 2\n",
	    "4:1: a: duplicate key, first in line 1" },
	{ "k: [{b: 1, c: 2,\n  'b': 3}]",
	    "2:3: k[0].b: duplicate key, first in line 1" },
	{ "\xC3\xA9: 1\n\"\\xE9\": 2",
	    "2:1: \\u{e9}: duplicate key, first in line 1" },
	{ "- <<: {a: 1}", "1:3: merge keys are not allowed" },
	{ "[a]: 1", "1:1: a list or mapping cannot be a key" },
	{ "{{a: 1}: 2}", "1:2: a list or mapping cannot be a key" },
	{ "? - a\n: 1", "1:3: a list or mapping cannot be a key" },
	/* Bytes. */
	{ "a: \xC3", "1:4: invalid UTF-8: byte 0xC3" },
	{ "\xC3\xA9\xE2\x82\xAC: 1\n\xC3\xA9: \xFF",
	    "2:4: invalid UTF-8: byte 0xFF" },
	{ "a: \"\xED\xA0\x80\"", "1:5: invalid UTF-8: byte 0xED" },
	{ "\xFF\xFE"
	  "a",
	    "1:1: invalid UTF-8: byte 0xFF" },
	{ "\xEF\xBB\xBF\xEF\xBB\xBF"
	  "a",
	    "1:1: a second byte order mark" },
	{ "a: 1\rb: 2", "1:5: a carriage return without a line feed (U+000D)" },
	{ "a: 1\r", "1:5: a carriage return without a line feed (U+000D)" },
	{ "a: 1\xC2\x85"
	  "b: 2",
	    "1:5: an unescaped Unicode line break (U+0085)" },
	{ "a: '\xE2\x80\xA8'",
	    "1:5: an unescaped Unicode line break (U+2028)" },
	{ "# \xE2\x80\xA9", "1:3: an unescaped Unicode line break (U+2029)" },
	{ "a: \x1B[0m", "1:4: a control character (U+001B)" },
	{ "a\n\nb: \x7F", "3:4: a control character (U+007F)" },
	{ "a: \xC2\x9B", "1:4: a control character (U+009B)" },
	{ "a:\n\xEF\xBB\xBF"
	  "b: 1",
	    "2:1: a byte order mark within the text (U+FEFF)" },
	{ "a: \xEF\xBF\xBE", "1:4: a noncharacter (U+FFFE)" },
	/* Syntax, in libyaml's words. */
	{ "a: b: c",
	    "1:5: invalid YAML: mapping values are not allowed in this context" },
	{ "a: 'b\nc: d\n", "3:1: invalid YAML: found unexpected end of stream "
			   "(while scanning a quoted scalar, line 1)" },
	{ "a: 1\n b: 2",
	    "2:3: invalid YAML: mapping values are not allowed in this context" },
	{ "a: [1, 2\nb: 3",
	    "2:2: invalid YAML: did not find expected ',' or ']' "
	    "(while parsing a flow sequence, line 1)" },
	{ "a:\n\t- b",
	    "2:1: invalid YAML: found character that cannot start any token "
	    "(while scanning for the next token, line 2)" },
	{ "- a\nb: 1", "2:1: invalid YAML: did not find expected '-' indicator "
		       "(while parsing a block collection, line 1)" },
	{ "a: @b",
	    "1:4: invalid YAML: found character that cannot start any token "
	    "(while scanning for the next token, line 1)" },
	{ "a: \"\\q\"", "1:5: invalid YAML: found unknown escape character "
			"(while parsing a quoted scalar, line 1)" },
	{ "a: \"\\ud800\"",
	    "1:7: invalid YAML: found invalid Unicode character escape code "
	    "(while parsing a quoted scalar, line 1)" },
};

Test(yaml, refuses_with_the_place_and_the_reason)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		cr_expect(eq(str, refusal(text_of(refused[i].text), 1),
		    arena_printf(&arena, "f.yaml:%s", refused[i].reason)));
}

Test(yaml, refuses_nul_bytes_wherever_they_stand)
{
	cr_expect(
	    eq(str, refusal(TEXT("a: 1\n\0"), 1), "f.yaml:2:1: a NUL byte"));
	cr_expect(
	    eq(str, refusal(TEXT("a: 'x\0y'"), 1), "f.yaml:1:6: a NUL byte"));
	cr_expect(eq(str, refusal(TEXT("a\0:\0 \0b\0"), 1),
	    "f.yaml:1:2: a NUL byte"));
}

Test(yaml, counts_lines_from_the_given_one)
{
	cr_expect(eq(str, refusal(TEXT("a: 1\na: 2"), 100),
	    "f.yaml:101:1: a: duplicate key, first in line 100"));
	cr_expect(eq(str, refusal(TEXT("a: 1\nb: \xFF"), 100),
	    "f.yaml:101:4: invalid UTF-8: byte 0xFF"));
	cr_expect(eq(str, refusal(TEXT("a: 1\nb: [}"), 100),
	    "f.yaml:101:5: invalid YAML: did not find expected node content "
	    "(while parsing a flow node, line 101)"));
	cr_expect(eq(str, refusal(TEXT("x\n---\ny"), 7),
	    "f.yaml:8:1: a second document is not allowed"));
}

Test(yaml, makes_the_name_of_the_file_harmless)
{
	struct error err = { 0 };
	struct node *root;

	yaml_read(&root, &arena, TEXT("*a"), "x\n\x1B[2J\xE2\x80\xAE.yaml", 1,
	    &err);
	cr_expect(eq(str, err.text,
	    "x\\x0a\\x1b[2J\\u{202e}.yaml:1:1: aliases are not allowed"));
}

static struct text
repeat(const char *head, const char *piece, size_t count, const char *tail)
{
	struct buf text = BUF_INIT;
	struct text copy;

	buf_puts(&text, head);
	for (size_t i = 0; i < count; i++)
		buf_puts(&text, piece);
	buf_puts(&text, tail);
	copy.data = arena_copy(&arena, text.text, text.len);
	copy.len = text.len;
	buf_release(&text);
	return copy;
}

Test(yaml, reads_as_many_levels_as_allowed_and_no_more)
{
	const struct node *node = read_text(repeat("", "- ", 64, "x"));
	int depth = 0;

	for (; node->first; node = node->first)
		depth++;
	cr_expect(eq(int, depth, NODE_MAX_DEPTH));
	cr_expect(eq(str, refusal(repeat("", "- ", 65, "x"), 1),
	    "f.yaml:1:129: more than 64 levels of lists and mappings"));
	cr_expect(eq(str, refusal(repeat("", "{a: ", 65, ""), 1),
	    "f.yaml:1:257: more than 64 levels of lists and mappings"));
}

/* Texts that libyaml takes seconds for, or that would grow without bound. */
Test(yaml, refuses_hostile_texts_at_once)
{
	static const struct {
		const char *head, *piece;
		size_t count;
	} hostile[] = {
		{ "", "[", 100000 },
		{ "", "[\n", 100000 },
		{ "", "{a: ", 50000 },
		{ "", "- ", 100000 },
		{ "", "? ", 100000 },
		{ "", ": ", 100000 },
		{ "a:\n  ", "? ", 100000 },
		{ "", "%TAG !a! tag:x\n", 20000 },
		{ "", "%TAG !a! tag:x\n# c\n", 20000 },
		{ "a\n...\n", "%TAG !a! tag:x\n", 20000 },
		{ "---\n", "%TAG !a! tag:x\n", 20000 },
		{ "", "- &a x\n", 100000 },
		{ "a: b\n", "a: b\n", 100000 },
		{ "", "--- a\n", 100000 },
		{ "", "]", 100000 },
		{ "\"", "\n", 1000000 },
		{ "", "!", 100000 },
		{ "a:", " a:", 100000 },
	};
	clock_t start = clock();

	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++)
		refusal(repeat(hostile[i].head, hostile[i].piece,
			    hostile[i].count, ""),
		    1);
	/* All of them together; sanitizers slow it down about tenfold. */
	cr_expect(lt(dbl, (double)(clock() - start) / CLOCKS_PER_SEC, 5));
}

Test(yaml, reads_large_texts_in_linear_time)
{
	struct text text = repeat("", "- {a: 1, b: text}\n", 20000, "");
	clock_t start = clock();

	cr_expect(eq(sz, read_text(text)->count, 20000));
	cr_expect(eq(sz, read_text(repeat("a: ", "x ", 500000, ""))->count, 1));
	cr_expect(
	    eq(sz, read_text(repeat("a: x", "\n", 1000000, " y"))->count, 1));
	cr_expect(lt(dbl, (double)(clock() - start) / CLOCKS_PER_SEC, 5));
}
