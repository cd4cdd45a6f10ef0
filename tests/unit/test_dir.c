#include "lib/base/dir.h"

#include <errno.h>
#include <limits.h>

#include "tests/unit/scratch.h"

static struct scratch s;

static void
begin(void)
{
	scratch_begin(&s);
	cr_assert(chdir(s.path) == 0);
}

static void
end(void)
{
	scratch_end(&s);
}

TestSuite(dir, .init = begin, .fini = end);

Test(dir, that_is_missing_is_no_error)
{
	struct dir dir = DIR_NONE;
	bool found = true;

	cr_expect(eq(int, dir_open(&dir, "none", &found, &s.err), 0));
	cr_expect(not(found));
	cr_expect(eq(int, dir.fd, -1));
	dir_close(&dir);
}

Test(dir, is_opened_and_closed)
{
	struct dir dir = DIR_NONE;
	bool found = false;
	int fd;

	cr_expect(eq(int, dir_open(&dir, s.path, &found, &s.err), 0));
	cr_expect(found);
	cr_assert(dir.fd >= 0);
	cr_expect(fcntl(dir.fd, F_GETFD) & FD_CLOEXEC);
	SCRATCH_SAME(dir.path, s.path);
	fd = dir.fd;
	dir_close(&dir);
	cr_expect(eq(int, dir.fd, -1));
	cr_expect(eq(int, fcntl(fd, F_GETFD), -1));
}

Test(dir, is_no_file)
{
	struct dir dir = DIR_NONE;
	bool found = true;

	scratch_write(&s, "file", "");
	scratch_expect(dir_open(&dir, "file", &found, &s.err), &s.err, ERROR_IO,
	    "file: cannot open the folder: Not a directory");
	cr_expect(not(found));
	scratch_expect(dir_make(&dir, "file", &s.err), &s.err, ERROR_IO,
	    "file: cannot open the folder: Not a directory");
}

Test(dir, is_made_with_its_parents)
{
	static const char *const names[] = { "a", "b/c", "a/b//c/d", "e/f/",
		"./g/../h" };
	struct dir dir = DIR_NONE;

	for (size_t i = 0; i < SCRATCH_COUNT(names); i++) {
		cr_expect(eq(int, dir_make(&dir, names[i], &s.err), 0), "%s",
		    names[i]);
		cr_expect(dir.fd >= 0, "%s", names[i]);
		cr_expect(scratch_has(&s, names[i]), "%s", names[i]);
		dir_close(&dir);
	}
}

Test(dir, is_made_by_its_absolute_path)
{
	struct dir dir = DIR_NONE;

	cr_assert(chdir("/") == 0);
	cr_expect(eq(int, dir_make(&dir, scratch_path(&s, "x/y"), &s.err), 0));
	cr_expect(scratch_has(&s, "x/y"));
	dir_close(&dir);
}

Test(dir, that_is_there_is_left_as_it_is)
{
	struct dir dir = DIR_NONE;
	struct stat st;

	cr_assert(mkdir("old", 0700) == 0);
	scratch_write(&s, "old/file", "kept");
	cr_expect(eq(int, dir_make(&dir, "old", &s.err), 0));
	cr_expect(fstat(dir.fd, &st) == 0 && (st.st_mode & 0777) == 0700);
	cr_expect(text_is(scratch_read(&s, "old/file"), "kept"));
	dir_close(&dir);
}

Test(dir, is_not_made_below_a_file)
{
	struct dir dir = DIR_NONE;

	scratch_write(&s, "file", "");
	scratch_expect(dir_make(&dir, "file/sub", &s.err), &s.err, ERROR_IO,
	    "file/sub: cannot open the folder: Not a directory");
	cr_expect(eq(int, dir.fd, -1));
}

Test(dir, is_not_made_where_nobody_may_make_one)
{
	struct dir dir = DIR_NONE;

	scratch_expect(dir_make(&dir, "/proc/none/sub", &s.err), &s.err,
	    ERROR_CREATE,
	    "/proc/none: cannot create the folder: "
	    "No such file or directory");
}

/* A link to nowhere is in the way, though it looks as if nothing were. */
Test(dir, is_not_made_behind_a_dangling_link)
{
	struct dir dir = DIR_NONE;

	cr_assert(symlink("nowhere", "link") == 0);
	scratch_expect(dir_make(&dir, "link", &s.err), &s.err, ERROR_CREATE,
	    "the folder went away as it was made");
	cr_expect(not(scratch_has(&s, "nowhere")));
}

Test(dir, of_too_long_a_name_is_refused)
{
	char name[PATH_MAX + 10];
	struct dir dir = DIR_NONE;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (size_t i = 100; i < sizeof(name) - 1; i += 100)
		name[i] = '/';
	cr_expect(eq(int, dir_make(&dir, name, &s.err), -1));
	cr_expect(eq(int, (int)s.err.kind, ERROR_IO));
}

Test(dir, describes_a_file_by_folder_and_name)
{
	static const struct {
		const char *folder, *name, *expected;
	} cases[] = {
		{ "output/budget", "a.yaml", "output/budget/a.yaml" },
		{ "/", "a", "/a" },
		{ "b/", "a", "b/a" },
		{ ".", "a", "a" },
		{ "", "a", "a" },
		{ "./x", "a", "./x/a" },
		{ "d\xc3\xa9", "\x1b[31m", "d\\u{e9}/\\x1b[31m" },
		{ "a\nb", "\xff", "a\\x0ab/\\xff" },
	};
	struct buf out = BUF_INIT;
	struct dir dir = DIR_NONE;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		dir.path = cases[i].folder;
		buf_reset(&out);
		dir_describe(&out, &dir, cases[i].name);
		SCRATCH_SAME(out.text, cases[i].expected);
	}
	buf_release(&out);
}

Test(dir, says_what_failed_and_what_is_wrong)
{
	errno = EACCES;
	scratch_expect(dir_fail(&s.err, ERROR_CREATE, "make", &s.dir, "n"),
	    &s.err, ERROR_CREATE, "box/n: cannot make: Permission denied");
	scratch_expect(dir_refuse(&s.err, "is odd", &s.dir, "n"), &s.err,
	    ERROR_DATA, "box/n: is odd");
}
