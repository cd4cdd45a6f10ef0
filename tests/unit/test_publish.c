#include "lib/base/publish.h"

#include "tests/unit/scratch.h"

static struct scratch s;
static struct publish publish;
static char *top;

static void
begin(void)
{
	scratch_begin(&s);
	top = scratch_path(&s, "top");
	cr_assert(eq(int, publish_open(&publish, top, 0, &s.err), 0), "%s",
	    s.err.text);
}

static void
finish(void)
{
	publish_close(&publish);
	scratch_end(&s);
}

TestSuite(publish, .init = begin, .fini = finish);

static void
put(const char *folder, const char *name, const char *text)
{
	cr_assert(eq(int,
		      publish_put(&publish, folder, name, text_of(text), false,
			  &s.err),
		      0),
	    "%s", s.err.text);
}

static void
expect(const char *path, const char *text)
{
	const struct text found = scratch_read(&s, path);

	cr_assert(found.data != NULL, "%s", path);
	SCRATCH_SAME(found.data, text);
}

static struct stat
state(const char *path)
{
	struct stat st;

	cr_assert(eq(int, fstatat(s.dir.fd, path, &st, 0), 0));
	return st;
}

Test(publish, makes_folders_and_files)
{
	put("", "a", "one");
	put("b", "c", "two");
	put("b/d", "e", "three");
	cr_assert(eq(int, publish_finish(&publish, &s.err), 0));
	expect("top/a", "one");
	expect("top/b/c", "two");
	expect("top/b/d/e", "three");
	cr_expect(eq(i64, publish.written, 3));
	cr_expect(not(scratch_has(&s, "top/.new")));
}

Test(publish, shows_nothing_before_it_is_finished)
{
	put("", "a", "one");
	cr_expect(not(scratch_has(&s, "top/a")));
	publish_close(&publish);
	cr_expect(not(scratch_has(&s, "top/a")));
	cr_expect(not(scratch_has(&s, "top/.new")));
}

Test(publish, touches_only_what_differs)
{
	ino_t inode;

	put("b", "a", "one");
	put("b", "c", "two");
	cr_assert(eq(int, publish_finish(&publish, &s.err), 0));
	inode = state("top/b/a").st_ino;
	cr_assert(eq(int, fchmodat(s.dir.fd, "top/b/c", 0600, 0), 0));
	put("b", "a", "one");
	put("b", "c", "three");
	cr_assert(eq(int, publish_finish(&publish, &s.err), 0));
	cr_expect(state("top/b/a").st_ino == inode);
	expect("top/b/c", "three");
	cr_expect(eq(u32, state("top/b/c").st_mode & 07777, 0600));
	cr_expect(eq(i64, publish.written, 3));
}

Test(publish, makes_nothing_new_where_it_is_told_so)
{
	publish_put(&publish, "b", "a", TEXT("x"), true, &s.err);
	put("", "c", "x");
	publish_put(&publish, "", "a", TEXT("x"), true, &s.err);
	cr_assert(eq(int, publish_finish(&publish, &s.err), 0));
	cr_expect(not(scratch_has(&s, "top/a")));
	cr_expect(not(scratch_has(&s, "top/b")));
}

/* More folders than are held open, and more files than are synced singly. */
Test(publish, has_any_number_of_files)
{
	const int count = 3 * PUBLISH_FOLDERS;

	for (int i = 0; i < count; i++)
		put(arena_printf(&s.arena, "f/%d", i), "a",
		    arena_printf(&s.arena, "%d", i));
	cr_assert(eq(int, publish_finish(&publish, &s.err), 0), "%s",
	    s.err.text);
	for (int i = 0; i < count; i++)
		expect(arena_printf(&s.arena, "top/f/%d/a", i),
		    arena_printf(&s.arena, "%d", i));
}

Test(publish, clears_up_after_one_that_was_killed)
{
	publish_close(&publish);
	cr_assert(eq(int, mkdirat(s.dir.fd, "top/.new", 0777), 0));
	scratch_write(&s, "top/.new/0", "half");
	cr_assert(eq(int, publish_open(&publish, top, 0, &s.err), 0));
	cr_expect(not(scratch_has(&s, "top/.new")));
	put("", "a", "one");
	cr_assert(eq(int, publish_finish(&publish, &s.err), 0));
	expect("top/a", "one");
}

Test(publish, replaces_no_link_and_follows_none)
{
	cr_assert(eq(int, symlinkat("/tmp", s.dir.fd, "top/l"), 0));
	cr_expect(eq(int,
	    publish_put(&publish, "l", "a", TEXT("x"), false, &s.err), -1));
	cr_assert(eq(int, symlinkat("/etc/passwd", s.dir.fd, "top/a"), 0));
	cr_expect(eq(int,
	    publish_put(&publish, "", "a", TEXT("x"), false, &s.err), -1));
	cr_expect(eq(int, (int)s.err.kind, (int)ERROR_DATA));
}

Test(publish, is_one_at_a_time)
{
	struct publish other;

	cr_expect(eq(int, publish_open(&other, top, 0, &s.err), -1));
	cr_expect(eq(int, (int)s.err.kind, (int)ERROR_BUSY));
	publish_close(&other);
}
