#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>
#include <unistd.h>

#include "lib/doc/node.h"
#include "lib/store/document.h"
#include "lib/store/pending.h"
#include "lib/store/pending_finish.h"
#include "tests/unit/scratch_workspace.h"

#define OLD "schema_version: 1\ntasks: {}\n"
#define NEW "schema_version: 1\ntasks:\n  t-1:\n    status: done\n"
#define ROW "a row\n"

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

TestSuite(pending, .init = begin, .fini = end);

static int
write_text(void *data, size_t part, int fd, struct error *err)
{
	const char *const *texts = data;

	(void)err;
	return write(fd, texts[part], strlen(texts[part])) < 0 ? -1 : 0;
}

/* A document to be replaced, one in a folder that is not there, and a row. */
static void
commit(void)
{
	static const char *texts[] = { NEW, "day: x\n", ROW };
	const struct pending_part parts[] = {
		{ "tasks.yaml", true, 0, 0, (int64_t)strlen(NEW) },
		{ "variance/2026-11-21.yaml", true, 0, 0, 7 },
		{ "events/2026-11-22.csv", false, 0, 0, 6 },
	};

	cr_assert(pending_commit(&sw.w, parts, 3, write_text, texts,
		      &sw.s.err) == 0,
	    "%s", sw.s.err.text);
}

static const char *
status_of_task(void)
{
	struct node *root;

	cr_assert(document_read(&root, &sw.w, "tasks.yaml", 1000, DOCUMENT_READ,
		      &sw.s.err) == 0,
	    "%s", sw.s.err.text);
	root = node_get(node_get(node_get(root, "tasks"), "t-1"), "status");
	return root ? root->text.data : "none";
}

Test(pending, readers_see_a_document_as_it_will_be)
{
	scratch_write(&sw.s, BUDGET "tasks.yaml", OLD);
	SCRATCH_SAME(status_of_task(), "none");
	commit();
	SCRATCH_SAME(status_of_task(), "done");
	SCRATCH_SAME(scratch_read(&sw.s, BUDGET "tasks.yaml").data, OLD);
}

static void
expect_done(void)
{
	cr_expect(not(scratch_has(&sw.s, BUDGET ".pending")));
	SCRATCH_SAME(scratch_read(&sw.s, BUDGET "tasks.yaml").data, NEW);
	SCRATCH_SAME(scratch_read(&sw.s, BUDGET "variance/2026-11-21.yaml")
			 .data,
	    "day: x\n");
	SCRATCH_SAME(scratch_read(&sw.s, BUDGET "events/2026-11-22.csv").data,
	    ROW);
}

Test(pending, the_next_writer_finishes_what_another_left)
{
	struct when now;

	scratch_write(&sw.s, BUDGET "tasks.yaml", OLD);
	commit();
	cr_assert(pending_lock(&sw.w, &now, &sw.s.err) == 0, "%s",
	    sw.s.err.text);
	workspace_unlock(&sw.w);
	expect_done();
	/* Half done, and done but for the removal: the same. */
	unlinkat(sw.s.dir.fd, BUDGET "events/2026-11-22.csv", 0);
	commit();
	cr_assert(pending_finish(&sw.w, &sw.s.err) == 0);
	expect_done();
	commit();
	cr_assert(pending_finish(&sw.w, &sw.s.err) == 0);
	expect_done();
}

static void
expect_refused(const char *line)
{
	struct buf text = BUF_INIT;
	struct when now;

	buf_printf(&text, "meter pending 1 1\n%s\nx", line);
	scratch_write(&sw.s, BUDGET ".pending", text.text);
	scratch_expect(pending_lock(&sw.w, &now, &sw.s.err), &sw.s.err,
	    ERROR_DATA,
	    "output/budget/.pending: is not a change that meter wrote");
	buf_release(&text);
}

Test(pending, a_change_that_leads_elsewhere_is_refused)
{
	expect_refused("../x - 1");
	expect_refused("/x - 1");
	expect_refused(".lock - 1");
	expect_refused("events/../x 0 1");
	expect_refused("events/.x 0 1");
	expect_refused("events/a/b 0 1");
	expect_refused("events/ 0 1");
	expect_refused("tasks.yaml -1 1");
	expect_refused("tasks.yaml - 2");
	expect_refused("events/2026-11-22.csv 9223372036854775807 1");
}
