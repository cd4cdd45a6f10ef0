#include "lib/base/watch.h"

#include <poll.h>

#include "tests/unit/scratch.h"

static const char *const folders[] = { "output/budget",
	"output/budget/events" };
static struct scratch s;
static struct watch watch;
static struct buf told;

static void
begin(void)
{
	scratch_begin(&s);
	told = (struct buf)BUF_INIT;
	watch = (struct watch)WATCH_NONE;
}

static void
end(void)
{
	watch_close(&watch);
	buf_release(&told);
	scratch_end(&s);
}

TestSuite(watch, .init = begin, .fini = end);

static void
start(void)
{
	cr_assert(watch_open(&watch, s.path, folders, 2, &s.err) == 0, "%s",
	    s.err.text);
}

static void
make(const char *name)
{
	cr_assert(mkdirat(s.dir.fd, name, 0777) == 0, "%s", name);
}

static void
make_all(void)
{
	make("output");
	make("output/budget");
	make("output/budget/events");
}

static void
move(const char *from, const char *to)
{
	cr_assert(renameat(s.dir.fd, from, s.dir.fd, to) == 0, "%s", from);
}

static void
erase(const char *name, int flags)
{
	cr_assert(unlinkat(s.dir.fd, name, flags) == 0, "%s", name);
}

static void
note(void *data, size_t folder, const char *name)
{
	char item[80];

	(void)data;
	snprintf(item, sizeof(item), " %zu:%s", folder, name ? name : "*");
	if (!strstr(told.text, item))
		buf_puts(&told, item);
}

/* What is told, each thing once; nothing where nothing is to be waited for. */
static const char *
hear(void)
{
	struct pollfd poll_fd = { .fd = watch.fd, .events = POLLIN };

	buf_reset(&told);
	if (poll(&poll_fd, 1, 0) == 1)
		cr_assert(watch_read(&watch, note, NULL, &s.err) == 0, "%s",
		    s.err.text);
	return told.text;
}

Test(watch, tells_of_what_is_written_made_moved_and_removed)
{
	make_all();
	start();
	SCRATCH_SAME(hear(), "");
	scratch_write(&s, "output/budget/a", "1");
	scratch_write(&s, "output/budget/events/b", "1");
	SCRATCH_SAME(hear(), " 0:a 1:b");
	SCRATCH_SAME(hear(), "");
	move("output/budget/a", "output/budget/c");
	SCRATCH_SAME(hear(), " 0:a 0:c");
	erase("output/budget/events/b", 0);
	SCRATCH_SAME(hear(), " 1:b");
}

Test(watch, does_not_tell_of_other_folders)
{
	make_all();
	make("output/other");
	start();
	scratch_write(&s, "a", "1");
	scratch_write(&s, "output/b", "1");
	scratch_write(&s, "output/other/c", "1");
	SCRATCH_SAME(hear(), "");
}

Test(watch, does_not_tell_of_what_is_read)
{
	make_all();
	scratch_write(&s, "output/budget/a", "1");
	start();
	scratch_read(&s, "output/budget/a");
	SCRATCH_SAME(hear(), "");
}

Test(watch, waits_for_folders_that_are_not_there)
{
	start();
	SCRATCH_SAME(hear(), "");
	make("output");
	SCRATCH_SAME(hear(), " 0:*");
	make("output/budget");
	SCRATCH_SAME(hear(), " 0:*");
	scratch_write(&s, "output/budget/a", "1");
	SCRATCH_SAME(hear(), " 0:a");
	make("output/budget/events");
	cr_expect(strstr(hear(), " 0:*") != NULL);
	scratch_write(&s, "output/budget/events/b", "1");
	SCRATCH_SAME(hear(), " 1:b");
}

/* Where the folders come all at once, no step may be missed. */
Test(watch, does_not_lose_folders_that_come_at_once)
{
	start();
	make("elsewhere");
	make("elsewhere/budget");
	make("elsewhere/budget/events");
	move("elsewhere", "output");
	cr_expect(strstr(hear(), " 0:*") != NULL);
	scratch_write(&s, "output/budget/events/b", "1");
	SCRATCH_SAME(hear(), " 1:b");
}

Test(watch, follows_folders_that_go_and_come_back)
{
	make_all();
	start();
	move("output/budget/events", "output/kept");
	cr_expect(strstr(hear(), " 0:*") != NULL);
	scratch_write(&s, "output/kept/b", "1");
	SCRATCH_SAME(hear(), "");
	move("output/kept", "output/budget/events");
	cr_expect(strstr(hear(), " 0:*") != NULL);
	scratch_write(&s, "output/budget/events/b", "2");
	SCRATCH_SAME(hear(), " 1:b");
	move("output", "kept");
	SCRATCH_SAME(hear(), " 0:*");
	make_all();
	cr_expect(strstr(hear(), " 0:*") != NULL);
	scratch_write(&s, "output/budget/events/b", "3");
	SCRATCH_SAME(hear(), " 1:b");
}

Test(watch, follows_a_root_that_is_removed_and_made_again)
{
	char *box = scratch_path(&s, "box");
	int held;

	make("box");
	make("box/output");
	held = openat(s.dir.fd, "box", O_RDONLY | O_DIRECTORY);
	cr_assert(held >= 0);
	cr_assert(watch_open(&watch, box, folders, 2, &s.err) == 0);
	erase("box/output", AT_REMOVEDIR);
	hear();
	erase("box", AT_REMOVEDIR);
	cr_expect(strstr(hear(), " 0:*") != NULL);
	make("box");
	cr_expect(strstr(hear(), " 0:*") != NULL);
	make("box/output");
	cr_expect(strstr(hear(), " 0:*") != NULL);
	make("box/output/budget");
	hear();
	scratch_write(&s, "box/output/budget/a", "1");
	SCRATCH_SAME(hear(), " 0:a");
	close(held);
}

Test(watch, tells_of_anything_where_events_were_lost)
{
	make_all();
	start();
	for (int i = 0; i < 20000; i++) {
		scratch_write(&s, "output/budget/a", "1");
		scratch_write(&s, "output/budget/b", "1");
	}
	cr_expect(strstr(hear(), " 0:*") != NULL);
	SCRATCH_SAME(hear(), "");
	scratch_write(&s, "output/budget/a", "1");
	SCRATCH_SAME(hear(), " 0:a");
}
