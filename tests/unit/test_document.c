#include "lib/store/document.h"

#include "tests/unit/scratch_workspace.h"

#define FILE_PATH BUDGET "d.yaml"
#define MAX 1000

static struct scratch_workspace sw;

static void
begin(void)
{
	scratch_workspace_begin(&sw);
	scratch_workspace_make(&sw);
}

static void
end(void)
{
	scratch_workspace_end(&sw);
}

TestSuite(document, .init = begin, .fini = end);

static int
read_it(struct node **out, enum document_use use)
{
	return document_read(out, &sw.w, "d.yaml", MAX, use, &sw.s.err);
}

Test(document, that_is_missing_is_none)
{
	struct node *root = node_map(&sw.s.arena);

	cr_expect(eq(int, read_it(&root, DOCUMENT_WRITE), 0));
	cr_expect(root == NULL);
}

Test(document, is_read_and_replaced)
{
	struct node *root;

	scratch_write(&sw.s, FILE_PATH, "schema_version: 1\na: [x]  # y\n");
	cr_assert(read_it(&root, DOCUMENT_WRITE) == 0, "%s", sw.s.err.text);
	cr_expect(text_is(node_get(root, "a")->first->text, "x"));
	node_put(&sw.s.arena, root, "b", node_int(&sw.s.arena, 2));
	cr_expect(eq(int,
	    document_replace(&sw.w, "d.yaml", root, MAX, &sw.s.err), 0));
	cr_expect(text_is(scratch_read(&sw.s, FILE_PATH),
	    "schema_version: 1\na:\n- x\nb: 2\n"));
}

Test(document, never_grows_beyond_what_can_be_read)
{
	struct node *root;
	char text[MAX + 1];

	scratch_write(&sw.s, FILE_PATH, "schema_version: 1\n");
	cr_assert(read_it(&root, DOCUMENT_WRITE) == 0);
	memset(text, 'x', MAX);
	text[MAX] = '\0';
	node_put(&sw.s.arena, root, "a", node_string(&sw.s.arena, text));
	cr_expect(eq(int,
	    document_replace(&sw.w, "d.yaml", root, MAX, &sw.s.err), -1));
	cr_expect(eq(int, (int)sw.s.err.kind, ERROR_DATA));
	cr_expect(
	    text_is(scratch_read(&sw.s, FILE_PATH), "schema_version: 1\n"));
	scratch_write(&sw.s, FILE_PATH, text);
	cr_expect(eq(int, read_it(&root, DOCUMENT_READ), -1));
	scratch_write(&sw.s, FILE_PATH,
	    arena_printf(&sw.s.arena, "schema_version: 1\nx%s", text));
	scratch_expect(read_it(&root, DOCUMENT_READ), &sw.s.err, ERROR_DATA,
	    FILE_PATH ": is too large");
}

Test(document, that_is_damaged_is_said_with_its_place)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{ "", ":1:1: is damaged: expected a mapping with a "
		      "schema_version" },
		{ "- a\n", ":1:1: is damaged: expected a mapping with a "
			   "schema_version" },
		{ "a: 1\n", ":1:1: is damaged: schema_version is missing" },
		{ "schema_version:\n",
		    ":1:1: is damaged: schema_version is missing" },
		{ "schema_version: 0\n", ":1:17: schema_version: expected 1, "
					 "got 0" },
		{ "schema_version: -1\n", NULL },
		{ "schema_version: '1'\n", NULL },
		{ "schema_version: 1.0\n", NULL },
		{ "schema_version: 1\na: [\n", NULL },
		{ "schema_version: 1\na: 1\na: 2\n", NULL },
		{ "schema_version: 1\na: \xff\n", NULL },
	};
	struct node *root;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		root = node_map(&sw.s.arena);
		scratch_write(&sw.s, FILE_PATH, cases[i].text);
		cr_expect(eq(int, read_it(&root, DOCUMENT_READ), -1), "%s",
		    cases[i].text);
		cr_expect(eq(int, (int)sw.s.err.kind, ERROR_DATA));
		cr_expect(strncmp(sw.s.err.text, FILE_PATH ":",
			      strlen(FILE_PATH ":")) == 0,
		    "%s", sw.s.err.text);
		if (cases[i].reason)
			SCRATCH_SAME(sw.s.err.text + strlen(FILE_PATH),
			    cases[i].reason);
		cr_expect(root == NULL);
	}
	scratch_notes(&sw, "");
}

Test(document, of_a_newer_version_is_for_reading_alone)
{
	struct node *root;

	scratch_write(&sw.s, FILE_PATH, "schema_version: 2\n");
	cr_expect(eq(int, read_it(&root, DOCUMENT_READ), 0));
	cr_expect(root != NULL);
	scratch_notes(&sw,
	    "d.yaml: schema_version 2 is newer than this meter knows\n");
	scratch_expect(read_it(&root, DOCUMENT_WRITE), &sw.s.err, ERROR_DATA,
	    FILE_PATH ":1:17: schema_version: is newer than this meter knows "
		      "(1): not changed");
	cr_expect(root == NULL);
}

Test(document, is_no_folder)
{
	struct node *root = node_map(&sw.s.arena);

	cr_assert(mkdirat(sw.s.dir.fd, FILE_PATH, 0700) == 0);
	scratch_expect(read_it(&root, DOCUMENT_READ), &sw.s.err, ERROR_DATA,
	    FILE_PATH ": is not a regular file");
	cr_expect(eq(int,
	    document_replace(&sw.w, "d.yaml", node_map(&sw.s.arena), MAX,
		&sw.s.err),
	    -1));
}
