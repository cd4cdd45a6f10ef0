#include "lib/base/file.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/unit/scratch.h"

#define BIG ((size_t)1 << 20)

static struct scratch s;
static struct buf out = BUF_INIT;
static bool found;

static void
begin(void)
{
	scratch_begin(&s);
	found = false;
	umask(022);
}

static void
end(void)
{
	buf_release(&out);
	scratch_end(&s);
}

TestSuite(file, .init = begin, .fini = end);

static mode_t
mode_of(const char *name)
{
	struct stat st;

	cr_assert(fstatat(s.dir.fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0);
	return st.st_mode & 07777;
}

/* One of each kind of thing that is no data file. */
static const char *const odd[] = { "link", "dangling", "pipe", "folder",
	"socket" };

static void
make_odd(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	scratch_write(&s, "target", "of the link");
	cr_assert(symlinkat("target", s.dir.fd, "link") == 0);
	cr_assert(symlinkat("nowhere", s.dir.fd, "dangling") == 0);
	cr_assert(mkfifoat(s.dir.fd, "pipe", 0600) == 0);
	cr_assert(mkdirat(s.dir.fd, "folder", 0700) == 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket",
	    s.path);
	cr_assert(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	close(fd);
}

/* From here on no file grows beyond size bytes. */
static void
limit_size(rlim_t size)
{
	struct rlimit limit = { size, RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	cr_assert(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

Test(file, reads_the_bytes_as_they_are)
{
	scratch_write_text(&s, "f", TEXT("a\0b\r\n\xff"));
	buf_puts(&out, "before ");
	cr_expect(
	    eq(int, file_read(&out, &s.dir, "f", BIG, &found, &s.err), 0));
	cr_expect(found);
	cr_expect(eq(sz, out.len, 13));
	cr_expect(eq(int, memcmp(out.text, "before a\0b\r\n\xff", 13), 0));
}

Test(file, that_is_missing_is_no_error)
{
	struct dir none = DIR_NONE;

	found = true;
	cr_expect(
	    eq(int, file_read(&out, &s.dir, "f", BIG, &found, &s.err), 0));
	cr_expect(not(found));
	found = true;
	cr_expect(eq(int, file_read(&out, &none, "f", BIG, &found, &s.err), 0));
	cr_expect(not(found));
	cr_expect(eq(sz, out.len, 0));
}

Test(file, is_read_up_to_its_largest_size)
{
	scratch_write(&s, "f", "12345");
	cr_expect(eq(int, file_read(&out, &s.dir, "f", 5, &found, &s.err), 0));
	scratch_expect(file_read(&out, &s.dir, "f", 4, &found, &s.err), &s.err,
	    ERROR_DATA, "box/f: is too large");
}

Test(file, is_a_regular_one_and_nothing_else, .timeout = 10)
{
	struct file file = FILE_NONE;
	char *expected;

	make_odd();
	for (size_t i = 0; i < SCRATCH_COUNT(odd); i++) {
		expected = arena_printf(&s.arena,
		    "box/%s: is not a regular file", odd[i]);
		scratch_expect(file_read(&out, &s.dir, odd[i], BIG, &found,
				   &s.err),
		    &s.err, ERROR_DATA, expected);
		scratch_expect(file_open(&file, &s.dir, odd[i], &found, &s.err),
		    &s.err, ERROR_DATA, expected);
		cr_expect(eq(int, file.fd, -1));
		scratch_expect(file_open_append(&file, &s.dir, odd[i], &found,
				   &s.err),
		    &s.err, ERROR_DATA, expected);
		cr_expect(eq(int, file.fd, -1));
	}
	cr_expect(eq(sz, out.len, 0));
}

Test(file, that_cannot_be_opened_is_an_error)
{
	scratch_write(&s, "f", "");
	scratch_expect(file_read(&out, &s.dir, "f/g", BIG, &found, &s.err),
	    &s.err, ERROR_IO, "box/f/g: cannot open: Not a directory");
}

Test(file, given_as_input_may_be_a_link_or_a_pipe, .timeout = 10)
{
	char *pipe_path = scratch_path(&s, "pipe");
	int fd;

	make_odd();
	cr_expect(eq(int,
	    file_read_input(&out, scratch_path(&s, "link"), BIG, &s.err), 0));
	cr_expect(eq(str, out.text, "of the link"));
	buf_reset(&out);
	if (fork() == 0) {
		fd = open(pipe_path, O_WRONLY);
		for (int i = 0; i < 3; i++) {
			if (write(fd, "piece ", 6) != 6)
				_exit(1);
			usleep(10000);
		}
		_exit(0);
	}
	cr_expect(eq(int, file_read_input(&out, pipe_path, BIG, &s.err), 0));
	cr_expect(eq(str, out.text, "piece piece piece "));
	wait(NULL);
}

Test(file, given_as_a_dash_is_standard_input)
{
	int fd;

	scratch_write(&s, "f", "from stdin");
	fd = open(scratch_path(&s, "f"), O_RDONLY);
	cr_assert(dup2(fd, STDIN_FILENO) == STDIN_FILENO);
	cr_expect(eq(int, file_read_input(&out, "-", BIG, &s.err), 0));
	cr_expect(eq(str, out.text, "from stdin"));
	/* It is not ours to close. */
	cr_expect(fcntl(STDIN_FILENO, F_GETFD) >= 0);
}

Test(file, given_as_input_is_read_whole_or_not_at_all)
{
	char *path = scratch_path(&s, "f");

	scratch_write(&s, "f", "12345");
	cr_expect(eq(int, file_read_input(&out, path, 5, &s.err), 0));
	buf_reset(&out);
	cr_expect(eq(int, file_read_input(&out, path, 4, &s.err), -1));
	cr_expect(eq(int, (int)s.err.kind, ERROR_DATA));
	cr_expect(strstr(s.err.text, "/f: is too large") != NULL);
}

Test(file, given_as_input_that_is_not_there_or_a_folder_is_no_input)
{
	cr_assert(chdir(s.path) == 0);
	cr_assert(mkdir("folder", 0700) == 0);
	scratch_expect(file_read_input(&out, "none", BIG, &s.err), &s.err,
	    ERROR_NO_INPUT, "none: cannot open: No such file or directory");
	scratch_expect(file_read_input(&out, "folder", BIG, &s.err), &s.err,
	    ERROR_NO_INPUT, "folder: cannot read: Is a directory");
}

Test(file, replacing_makes_one_that_is_missing)
{
	cr_expect(eq(int, file_replace(&s.dir, "f", TEXT("a\0b"), &s.err), 0));
	cr_expect(text_equal(scratch_read(&s, "f"), TEXT("a\0b")));
	cr_expect(eq(int, mode_of("f"), 0644));
	cr_expect(not(scratch_has(&s, ".f.tmp")));
	cr_expect(eq(int, file_replace(&s.dir, "f", TEXT(""), &s.err), 0));
	cr_expect(text_is(scratch_read(&s, "f"), ""));
}

Test(file, replacing_keeps_the_mode)
{
	static const mode_t modes[] = { 0600, 0640, 0664, 0444, 0755 };

	for (size_t i = 0; i < SCRATCH_COUNT(modes); i++) {
		scratch_write(&s, "f", "old");
		cr_assert(fchmodat(s.dir.fd, "f", modes[i], 0) == 0);
		cr_expect(
		    eq(int, file_replace(&s.dir, "f", TEXT("new"), &s.err), 0));
		cr_expect(eq(int, mode_of("f"), modes[i]));
		cr_expect(text_is(scratch_read(&s, "f"), "new"));
		cr_assert(unlinkat(s.dir.fd, "f", 0) == 0);
	}
}

/* Who has the old file open still reads the old bytes. */
Test(file, replacing_leaves_the_old_file_to_its_readers)
{
	struct file file = FILE_NONE;

	scratch_write(&s, "f", "old");
	cr_assert(file_open(&file, &s.dir, "f", &found, &s.err) == 0);
	cr_expect(eq(int, file_replace(&s.dir, "f", TEXT("newer"), &s.err), 0));
	cr_expect(eq(int, file_read_at(&out, &file, 0, 100, &s.err), 0));
	cr_expect(eq(str, out.text, "old"));
	cr_expect(eq(int, file_refresh(&file, &s.err), 0));
	cr_expect(eq(u64, file.links, 0));
	file_close(&file);
}

Test(file, replacing_removes_what_a_killed_writer_left)
{
	scratch_write(&s, ".f.tmp", "half of it, and longer than the new one");
	cr_assert(fchmodat(s.dir.fd, ".f.tmp", 0400, 0) == 0);
	cr_expect(eq(int, file_replace(&s.dir, "f", TEXT("new"), &s.err), 0));
	cr_expect(text_is(scratch_read(&s, "f"), "new"));
	cr_expect(eq(int, mode_of("f"), 0644));
	cr_expect(not(scratch_has(&s, ".f.tmp")));
}

/* A link under the temporary name goes, and its target stays. */
Test(file, replacing_writes_through_no_link)
{
	scratch_write(&s, "victim", "mine");
	cr_assert(symlinkat("victim", s.dir.fd, ".f.tmp") == 0);
	cr_expect(eq(int, file_replace(&s.dir, "f", TEXT("new"), &s.err), 0));
	cr_expect(text_is(scratch_read(&s, "victim"), "mine"));
	cr_expect(text_is(scratch_read(&s, "f"), "new"));
}

Test(file, replacing_refuses_what_is_no_regular_file, .timeout = 10)
{
	make_odd();
	for (size_t i = 0; i < SCRATCH_COUNT(odd); i++) {
		cr_expect(eq(int,
			      file_replace(&s.dir, odd[i], TEXT("new"), &s.err),
			      -1),
		    "%s", odd[i]);
		cr_expect(eq(int, (int)s.err.kind, ERROR_IO));
		cr_expect(scratch_has(&s, odd[i]), "%s", odd[i]);
		cr_expect(not(scratch_has(&s,
		    arena_printf(&s.arena, ".%s.tmp", odd[i]))));
	}
	cr_expect(text_is(scratch_read(&s, "target"), "of the link"));
	cr_expect(not(scratch_has(&s, "nowhere")));
}

Test(file, replacing_says_that_it_cannot_create)
{
	cr_assert(mkdirat(s.dir.fd, ".f.tmp", 0700) == 0);
	scratch_write(&s, "f", "old");
	scratch_expect(file_replace(&s.dir, "f", TEXT("new"), &s.err), &s.err,
	    ERROR_CREATE, "box/.f.tmp: cannot create: File exists");
	cr_expect(text_is(scratch_read(&s, "f"), "old"));
}

Test(file, replacing_refuses_too_long_a_name)
{
	char name[NAME_MAX + 1];

	memset(name, 'n', NAME_MAX);
	name[NAME_MAX] = '\0';
	cr_expect(eq(int, file_replace(&s.dir, name, TEXT("x"), &s.err), -1));
	cr_expect(eq(int, (int)s.err.kind, ERROR_DATA));
	name[NAME_MAX - 5] = '\0';
	cr_expect(eq(int, file_replace(&s.dir, name, TEXT("x"), &s.err), 0));
	cr_expect(text_is(scratch_read(&s, name), "x"));
}

Test(file, replacing_leaves_the_old_one_where_there_is_no_room)
{
	scratch_write(&s, "f", "old");
	limit_size(10);
	scratch_expect(file_replace(&s.dir, "f", TEXT("0123456789!"), &s.err),
	    &s.err, ERROR_IO, "box/f: cannot write: File too large");
	limit_size(RLIM_INFINITY);
	cr_expect(text_is(scratch_read(&s, "f"), "old"));
	cr_expect(not(scratch_has(&s, ".f.tmp")));
}

Test(file, appends_and_knows_its_new_size)
{
	struct file file = FILE_NONE;

	scratch_write(&s, "f", "ab");
	cr_expect(
	    eq(int, file_open_append(&file, &s.dir, "f", &found, &s.err), 0));
	cr_expect(eq(i64, file.size, 2));
	cr_expect(eq(int, file_append(&file, TEXT("cd\0e"), &s.err), 0));
	cr_expect(eq(i64, file.size, 6));
	cr_expect(text_equal(scratch_read(&s, "f"), TEXT("abcd\0e")));
	cr_expect(eq(int, file_cut(&file, 3, &s.err), 0));
	cr_expect(eq(i64, file.size, 3));
	cr_expect(text_is(scratch_read(&s, "f"), "abc"));
	cr_expect(eq(int, file_append(&file, TEXT("!"), &s.err), 0));
	cr_expect(text_is(scratch_read(&s, "f"), "abc!"));
	file_close(&file);
	file_close(&file);
	cr_expect(eq(int, file.fd, -1));
}

Test(file, appending_that_fails_half_way_changes_nothing)
{
	struct file file = FILE_NONE;

	scratch_write(&s, "f", "old\n");
	cr_assert(file_open_append(&file, &s.dir, "f", &found, &s.err) == 0);
	limit_size(8);
	scratch_expect(file_append(&file, TEXT("0123456789"), &s.err), &s.err,
	    ERROR_IO, "box/f: cannot append to: File too large");
	limit_size(RLIM_INFINITY);
	cr_expect(text_is(scratch_read(&s, "f"), "old\n"));
	cr_expect(eq(int, file_append(&file, TEXT("new\n"), &s.err), 0));
	cr_expect(text_is(scratch_read(&s, "f"), "old\nnew\n"));
	file_close(&file);
}

Test(file, opened_for_reading_is_not_written)
{
	struct file file = FILE_NONE;

	scratch_write(&s, "f", "old");
	cr_assert(file_open(&file, &s.dir, "f", &found, &s.err) == 0);
	scratch_expect(file_append(&file, TEXT("x"), &s.err), &s.err, ERROR_IO,
	    "box/f: cannot append to: Bad file descriptor");
	scratch_expect(file_cut(&file, 1, &s.err), &s.err, ERROR_IO,
	    "box/f: cannot cut: Invalid argument");
	cr_expect(text_is(scratch_read(&s, "f"), "old"));
	file_close(&file);
}

Test(file, reads_a_part_and_stops_at_the_end)
{
	static const struct {
		int64_t offset;
		size_t len;
		const char *expected;
	} cases[] = {
		{ 0, 3, "012" },
		{ 4, 2, "45" },
		{ 8, 100, "89" },
		{ 10, 5, "" },
		{ 99, 5, "" },
		{ 3, 0, "" },
	};
	struct file file = FILE_NONE;

	scratch_write(&s, "f", "0123456789");
	cr_assert(file_open(&file, &s.dir, "f", &found, &s.err) == 0);
	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		buf_reset(&out);
		cr_expect(eq(int,
		    file_read_at(&out, &file, cases[i].offset, cases[i].len,
			&s.err),
		    0));
		SCRATCH_SAME(out.text, cases[i].expected);
	}
	file_close(&file);
}

Test(file, that_cannot_be_read_or_looked_at_any_more_is_an_error)
{
	struct file file = FILE_NONE;

	scratch_write(&s, "f", "0123456789");
	cr_assert(file_open(&file, &s.dir, "f", &found, &s.err) == 0);
	close(file.fd);
	scratch_expect(file_read_at(&out, &file, 0, 5, &s.err), &s.err,
	    ERROR_IO, "box/f: cannot read: Bad file descriptor");
	scratch_expect(file_refresh(&file, &s.err), &s.err, ERROR_IO,
	    "box/f: cannot look at: Bad file descriptor");
}

Test(file, state_tells_one_file_from_another)
{
	struct file one = FILE_NONE, other = FILE_NONE;

	scratch_write(&s, "f", "same");
	cr_assert(file_open(&one, &s.dir, "f", &found, &s.err) == 0);
	cr_expect(eq(u64, one.links, 1));
	cr_assert(file_replace(&s.dir, "f", TEXT("same"), &s.err) == 0);
	cr_assert(file_open(&other, &s.dir, "f", &found, &s.err) == 0);
	cr_expect(ne(u64, one.inode, other.inode));
	cr_expect(other.modified_ns >= one.modified_ns);
	cr_expect(other.changed_ns >= one.changed_ns);
	file_close(&one);
	file_close(&other);
}

Test(file, is_there_whatever_it_is)
{
	make_odd();
	for (size_t i = 0; i < SCRATCH_COUNT(odd); i++)
		cr_expect(file_is_there(&s.dir, odd[i]), "%s", odd[i]);
	cr_expect(not(file_is_there(&s.dir, "none")));
}

Test(file, cache_is_overwritten_in_place)
{
	file_write_cache(&s.dir, "c", TEXT("long text"));
	cr_expect(text_is(scratch_read(&s, "c"), "long text"));
	file_write_cache(&s.dir, "c", TEXT("short"));
	cr_expect(text_is(scratch_read(&s, "c"), "short"));
}

Test(file, cache_failures_are_nobodys_concern, .timeout = 10)
{
	make_odd();
	for (size_t i = 0; i < SCRATCH_COUNT(odd); i++)
		file_write_cache(&s.dir, odd[i], TEXT("x"));
	cr_expect(text_is(scratch_read(&s, "target"), "of the link"));
	cr_expect(not(scratch_has(&s, "nowhere")));
	limit_size(4);
	file_write_cache(&s.dir, "c", TEXT("0123456789"));
	limit_size(RLIM_INFINITY);
	cr_expect(not(scratch_has(&s, "c")));
}
