#include "lib/doc/json.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"

static struct arena arena = ARENA_INIT;

static struct node *
read_text(struct text text)
{
	struct error err = { 0 };
	struct node *root = NULL;

	cr_assert(eq(int, json_read(&root, &arena, text, "f.json", 1, &err), 0),
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
		      json_read(&root, &arena, text, "f.json", first_line,
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

TestSuite(json, .fini = release);

static struct text
file_text(const char *path)
{
	struct buf buf = BUF_INIT;
	struct text text;
	char piece[4096];
	FILE *file;
	size_t got;

	file = fopen(path, "rb");
	cr_assert(file != NULL, "%s", path);
	while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(&buf, piece, got);
	fclose(file);
	text.data = arena_copy(&arena, buf.text, buf.len);
	text.len = buf.len;
	buf_release(&buf);
	return text;
}

static int
count_files(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int count = 0;

	cr_assert(dir != NULL, "%s", path);
	while ((entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

/*
 * Call check with the name of each file in testdata/json/NAME and with what
 * NAME.tsv says of it.
 */
static void
each_file(const char *name,
    void (*check)(const char *file, struct text text, char *expected))
{
	struct text list, path;
	const char *at, *tab, *end;
	int count = 0;

	list = file_text(arena_printf(&arena, "testdata/json/%s.tsv", name));
	for (at = list.data; *at; at = end + 1, count++) {
		tab = strchr(at, '\t');
		end = strchr(at, '\n');
		path.data = arena_printf(&arena, "testdata/json/%s/%.*s", name,
		    (int)(tab - at), at);
		check(path.data, file_text(path.data),
		    arena_copy(&arena, tab + 1, (size_t)(end - tab - 1)));
	}
	path.data = arena_printf(&arena, "testdata/json/%s", name);
	cr_expect(eq(int, count, count_files(path.data)));
}

/* What is expected is Python's json.dumps(json.loads(text)), keys sorted. */
static void
check_accepted(const char *file, struct text text, char *expected)
{
	struct buf out = BUF_INIT;

	json_write_python(&out, read_text(text));
	cr_expect(eq(str, out.text, expected), "%s", file);
	buf_release(&out);
}

Test(json, reads_what_is_json_as_python_does)
{
	each_file("accept", check_accepted);
}

static void
check_refused(const char *file, struct text text, char *expected)
{
	cr_expect(eq(str, refusal(text, 1),
		      arena_printf(&arena, "f.json:%s", expected)),
	    "%s", file);
}

Test(json, refuses_with_the_place_and_the_reason)
{
	each_file("refuse", check_refused);
}

Test(json, keeps_the_text_of_numbers)
{
	static const struct {
		const char *text;
		enum node_type type;
		double number;
	} cases[] = {
		{ "0", NODE_INT, 0 },
		{ "-0", NODE_INT, 0 },
		{ "12", NODE_INT, 0 },
		{ "123456789012345678901234567890", NODE_INT, 0 },
		{ "0.0000003", NODE_FLOAT, 3e-07 },
		{ "3e-06", NODE_FLOAT, 3e-06 },
		{ "1E5", NODE_FLOAT, 1e5 },
		{ "1.50", NODE_FLOAT, 1.5 },
		{ "-1e400", NODE_FLOAT, -INFINITY },
		{ "1e-400", NODE_FLOAT, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct node *alone = read_string(cases[i].text);
		struct node *inner =
		    read_string(arena_printf(&arena, "[%s]", cases[i].text))
			->first;

		cr_expect(text_is(alone->text, cases[i].text));
		cr_expect(text_is(inner->text, cases[i].text));
		cr_expect(eq(int, (int)inner->type, (int)cases[i].type));
		cr_expect(eq(int, (int)inner->verbatim, NODE_AS_JSON));
		cr_expect(inner->number == cases[i].number, "%s",
		    cases[i].text);
	}
}

static void
expect_escape(uint32_t code, const char *escape)
{
	struct node *node = read_string(arena_printf(&arena, "\"%s\"", escape));
	struct buf expected = BUF_INIT;

	utf8_encode(&expected, code);
	cr_expect(eq(sz, node->text.len, expected.len), "%s", escape);
	cr_expect(eq(int, memcmp(node->text.data, expected.text, expected.len),
		      0),
	    "%s", escape);
	buf_release(&expected);
}

Test(json, reads_the_escape_of_every_code_point)
{
	char escape[16];

	for (uint32_t code = 0; code < 0x10000; code++) {
		if (code >= 0xD800 && code < 0xE000)
			continue;
		snprintf(escape, sizeof(escape), "\\u%04X", code);
		expect_escape(code, escape);
	}
	for (uint32_t code = 0x10000; code < 0x110000; code += 0x3FF) {
		snprintf(escape, sizeof(escape), "\\u%04x\\u%04x",
		    0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF));
		expect_escape(code, escape);
	}
}

Test(json, says_where_each_value_stands)
{
	static const int places[][2] = { { 51, 3 }, { 51, 6 }, { 51, 14 },
		{ 51, 19 }, { 53, 1 }, { 53, 7 }, { 54, 4 } };
	struct error err = { 0 };
	struct node *root, *node;
	size_t i = 0;

	/* The string is one of a two-byte and a four-byte character. */
	cr_assert(
	    eq(int,
		json_read(&root, &arena,
		    text_of(
			"{\"a\":\n[ 1 ,\"\xC3\xA9\xF0\x9F\x98\x80\\\"\", true,{} "
			"\r\n,\nnull, [\n   -1.5]]}"),
		    "f", 50, &err),
		0),
	    "%s", err.text);
	cr_expect(eq(int, root->line, 50));
	cr_expect(eq(int, root->column, 1));
	cr_expect(eq(int, root->first->line, 51));
	cr_expect(eq(int, root->first->column, 1));
	for (node = root->first->first; node;
	     node = node->next ? node->next : node->first, i++) {
		cr_expect(eq(int, node->line, places[i][0]), "%zu", i);
		cr_expect(eq(int, node->column, places[i][1]), "%zu", i);
	}
	cr_expect(eq(sz, i, 7));
}

Test(json, gives_the_path_of_a_value_in_errors)
{
	struct node *root =
	    read_string("{\"stages\": [1, {\"a b\": \"many\"}]}");
	struct error err = { 0 };

	node_error(&err, node_get(root->first->last, "a b"), "wrong");
	cr_expect(eq(str, err.text, "f.json:1:24: stages[1].a b: wrong"));
}

Test(json, counts_lines_from_the_given_one)
{
	cr_expect(eq(str, refusal(TEXT("[1,\n]"), 100),
	    "f.json:101:1: invalid JSON: expected a value"));
	cr_expect(eq(str, refusal(TEXT("{\"a\": 1,\n\"a\": 2}"), 100),
	    "f.json:101:1: a: duplicate key, first in line 100"));
	cr_expect(eq(str, refusal(TEXT(""), 100),
	    "f.json:100:1: invalid JSON: unexpected end of text"));
}

Test(json, makes_names_harmless)
{
	struct error err = { 0 };
	struct node *root;

	json_read(&root, &arena,
	    text_of("{\"\\u001b[2J\": 1, \"\\u001b[2J\": 1}"), "x\n\x1B.json",
	    1, &err);
	cr_expect(eq(str, err.text,
	    "x\\x0a\\x1b.json:1:18: \\x1b[2J: duplicate key, first in line 1"));
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

Test(json, refuses_hostile_texts_at_once)
{
	static const char *const pieces[] = { "[", "{\"a\":", "[{\"a\":", "[\n",
		"{", "]", "[1,", "\"", "-", "1", "\\", "[\"\\ud800" };
	clock_t start = clock();

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++)
		refusal(repeat("[", pieces[i], 200000, "x"), 1);
	cr_expect(lt(dbl, (double)(clock() - start) / CLOCKS_PER_SEC, 3));
}

Test(json, reads_large_texts_in_linear_time)
{
	clock_t start = clock();
	struct buf keys = BUF_INIT;

	cr_expect(eq(sz,
	    read_text(repeat("[", "{\"a\":1,\"b\":[2.5,\"c\"]},", 100000, "0]"))
		->count,
	    100001));
	cr_expect(eq(sz,
	    read_text(repeat("\"", "\\u00e9\\n\xC3\xA9", 300000, "\""))
		->text.len,
	    1500000));
	buf_puts(&keys, "{\"x\": 0");
	for (int i = 0; i < 100000; i++)
		buf_printf(&keys, ",\"k%d\":%d", i * 7919 % 100000, i);
	buf_puts(&keys, "}");
	cr_expect(eq(sz, read_text((struct text){ keys.text, keys.len })->count,
	    100001));
	buf_release(&keys);
	cr_expect(lt(dbl, (double)(clock() - start) / CLOCKS_PER_SEC, 5));
}
