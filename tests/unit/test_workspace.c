#include "lib/store/workspace.h"

#include "tests/unit/scratch_workspace.h"

static struct scratch_workspace sw;

static void
begin(void)
{
	scratch_workspace_begin(&sw);
}

static void
end(void)
{
	scratch_workspace_end(&sw);
}

TestSuite(workspace, .init = begin, .fini = end);

Test(workspace, without_its_folder_is_open_for_looking)
{
	cr_expect(eq(int, sw.w.dir.fd, -1));
	cr_expect(not(workspace_try_lock(&sw.w)));
	cr_expect(not(scratch_has(&sw.s, "output")));
}

Test(workspace, finds_its_folder_below_the_root)
{
	cr_assert(
	    mkdir("output", 0700) == 0 && mkdir("output/budget", 0700) == 0);
	sw.w.path = NULL;
	cr_expect(eq(int, workspace_open(&sw.w, &sw.s.err), 0));
	cr_expect(sw.w.dir.fd >= 0);
	SCRATCH_SAME(sw.w.path, scratch_path(&sw.s, "output/budget"));
}

Test(workspace, that_is_no_folder_is_an_error)
{
	scratch_write(&sw.s, "output", "");
	scratch_expect(workspace_open(&sw.w, &sw.s.err), &sw.s.err, ERROR_IO,
	    "output/budget: cannot open the folder: Not a directory");
}

Test(workspace, locking_makes_the_folder_and_reads_the_clock)
{
	struct when now = { 0 };

	cr_expect(eq(int, workspace_lock(&sw.w, &now, &sw.s.err), 0));
	cr_expect(eq(i64, now.micros, sw.now.micros));
	cr_expect(sw.w.lock.fd >= 0);
	cr_expect(scratch_has(&sw.s, BUDGET ".lock"));
	workspace_unlock(&sw.w);
	cr_expect(eq(int, sw.w.lock.fd, -1));
	cr_expect(workspace_try_lock(&sw.w));
	workspace_close(&sw.w);
	cr_expect(eq(int, sw.w.lock.fd, -1));
	cr_expect(eq(int, sw.w.dir.fd, -1));
}

Test(workspace, locking_where_no_folder_can_be_made_is_an_error)
{
	struct when now;

	scratch_write(&sw.s, "output", "");
	cr_expect(eq(int, workspace_lock(&sw.w, &now, &sw.s.err), -1));
	cr_expect(eq(int, sw.w.lock.fd, -1));
}

Test(workspace, that_another_holds_is_busy)
{
	struct workspace other = sw.w;
	struct when now;

	cr_assert(workspace_lock(&sw.w, &now, &sw.s.err) == 0);
	cr_assert(workspace_open(&other, &sw.s.err) == 0);
	cr_expect(not(workspace_try_lock(&other)));
	cr_expect(eq(int, workspace_lock(&other, &now, &sw.s.err), -1));
	cr_expect(eq(int, (int)sw.s.err.kind, ERROR_BUSY));
	workspace_unlock(&sw.w);
	cr_expect(workspace_try_lock(&other));
	workspace_close(&other);
}

Test(workspace, notes_are_lines)
{
	char text[2000];

	workspace_note(&sw.w, "%s: %d", "one", 1);
	workspace_note(&sw.w, "two");
	scratch_notes(&sw, "one: 1\ntwo\n");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	workspace_note(&sw.w, "%s", text);
	cr_expect(eq(sz, sw.notes.len, 1200));
	cr_expect(sw.notes.text[1199] == '\n');
}
