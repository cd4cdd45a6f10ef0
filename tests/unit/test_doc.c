#include "lib/doc/doc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/doc/node.h"

/*
 * What was read as JSON says so by its numbers, or by its errors; so each
 * text has a number in it or is wrong as JSON.
 */
static bool
read_as_json(const char *text)
{
	struct arena arena = ARENA_INIT;
	struct error err = { 0 };
	struct node *node;
	bool json;

	if (doc_read(&node, &arena, text_of(text), "f", &err) < 0) {
		json = strstr(err.text, "invalid JSON") != NULL;
	} else {
		while (node->first)
			node = node->last;
		json = node->verbatim == NODE_AS_JSON;
	}
	arena_release(&arena);
	return json;
}

Test(doc, reads_as_json_what_goes_on_as_only_json_does)
{
	static const char *const texts[] = { "{\"a\": 1}", "[1]", "[1, 2]",
		" \n\t[ \r\n1]", "[{\"a\": 1}]", "[[[1]]]", "[[], 1]",
		"[\"a\", 1]", "[true, 1]", "[null,1]", "[ false , 1]", "[-1]",
		"[1.5, 1]", "[1e5]", "[-0.5E+3]", "\xEF\xBB\xBF{\"a\": 1}",
		"{\"a\": x}", "[1, x]", "[\"", "[1", "[true", "[}", "{]",
		"[01, 1", "[1.]", "{\"a\": 1}\n--- b", "[1] # c" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		cr_expect(read_as_json(texts[i]), "%s", texts[i]);
}

Test(doc, reads_everything_else_as_yaml)
{
	static const char *const texts[] = { "a: 1", "- 1", "1", "{a: 1}",
		"[a, 1]", "{a: \"x\", b: 1}", "{'a': 1}", "{1: 1}", "{true: 1}",
		"[{a: 1}]", "[truest, 1]", "[12 apples, 1]", "[2024-01-01, 1]",
		"[1-2]", "[.5, 1]", "[0x1f, 1]", "[1_0]", "[-a, 1]", "[1: 2]",
		"# c\n[1]", "--- [1]", "\"a\": 1", "\xEF\xBB\xBF- 1", "a: 1",
		"[", "{", "", "[nul]", "[*a]", "[+1]", "[~, 1]", "[# c\n1]",
		"[12a]", "]", "[1:30]" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		cr_expect(not(read_as_json(texts[i])), "%s", texts[i]);
}

Test(doc, takes_no_text_for_null)
{
	struct arena arena = ARENA_INIT;
	struct error err = { 0 };
	struct node *node;

	cr_assert(eq(int, doc_read(&node, &arena, TEXT_NULL, "f", &err), 0));
	cr_expect(eq(int, (int)node->type, NODE_NULL));
	arena_release(&arena);
}

Test(doc, gives_the_errors_of_the_reader_it_chose)
{
	struct arena arena = ARENA_INIT;
	struct error err = { 0 };
	struct node *node;

	cr_expect(eq(int,
	    doc_read(&node, &arena, TEXT("{\"a\":\n 1,}"), "f", &err), -1));
	cr_expect(eq(str, err.text,
	    "f:2:4: invalid JSON: expected a key in double quotes"));
	cr_expect(
	    eq(int, doc_read(&node, &arena, TEXT("a:\n *b"), "f", &err), -1));
	cr_expect(eq(str, err.text, "f:2:2: aliases are not allowed"));
	cr_expect(eq(int, (int)err.kind, ERROR_DATA));
	arena_release(&arena);
}
