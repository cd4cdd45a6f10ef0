#include "lib/store/runs_stamp.h"

#include "lib/base/file.h"
#include "tests/unit/scratch_workspace.h"

#define STAMP BUDGET ".cache/usage.stamp"

static struct scratch_workspace sw;
static const struct file state = { .inode = 18446744073709551615u,
	.size = 100,
	.modified_ns = -5,
	.changed_ns = INT64_MAX };

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

TestSuite(runs_stamp, .init = begin, .fini = end);

static struct runs_stamp
read_stamp(void)
{
	struct runs_stamp stamp;

	memset(&stamp, 0xAA, sizeof(stamp));
	runs_stamp_read(&stamp, &sw.w);
	return stamp;
}

Test(runs_stamp, notes_a_state_and_fits_it_alone)
{
	struct runs_stamp stamp;
	struct file other;

	runs_stamp_write(&sw.w, &state, 150);
	stamp = read_stamp();
	cr_expect(stamp.is_there);
	cr_expect(eq(i64, stamp.next, 150));
	cr_expect(runs_stamp_fits(&stamp, &state));
	for (int i = 0; i < 4; i++) {
		other = state;
		other.inode -= i == 0;
		other.size += i == 1;
		other.modified_ns += i == 2;
		other.changed_ns -= i == 3;
		cr_expect(not(runs_stamp_fits(&stamp, &other)), "%d", i);
	}
	stamp.is_there = false;
	cr_expect(not(runs_stamp_fits(&stamp, &state)));
}

Test(runs_stamp, is_overwritten)
{
	struct file other = state;

	runs_stamp_write(&sw.w, &state, 12345678);
	other.size = 7;
	runs_stamp_write(&sw.w, &other, 7);
	cr_expect(eq(i64, read_stamp().size, 7));
	cr_expect(eq(i64, read_stamp().next, 7));
}

Test(runs_stamp, that_makes_no_sense_is_not_there)
{
	static const char *const texts[] = { NULL, "", "x", "meter 1 1 2 3 4\n",
		"meter 1 1 2 3 4 5", "meter 1 1 2 3 4 5 6\n",
		"meter 2 1 2 3 4 5\n", "meter 1 a 2 3 4 5\n" };
	char large[400];

	cr_assert(mkdirat(sw.s.dir.fd, BUDGET ".cache", 0700) == 0);
	for (size_t i = 0; i < SCRATCH_COUNT(texts); i++) {
		if (texts[i])
			scratch_write(&sw.s, STAMP, texts[i]);
		cr_expect(not(read_stamp().is_there), "%s", texts[i]);
	}
	scratch_write(&sw.s, STAMP, "meter 1 1 2 3 4 5\n");
	cr_expect(read_stamp().is_there);
	memset(large, ' ', sizeof(large) - 1);
	memcpy(large, "meter 1 1 2 3 4 5\n", 18);
	large[sizeof(large) - 1] = '\0';
	scratch_write(&sw.s, STAMP, large);
	cr_expect(not(read_stamp().is_there));
}

/* A link in the cache leads nobody anywhere. */
Test(runs_stamp, is_written_through_no_link)
{
	cr_assert(mkdirat(sw.s.dir.fd, BUDGET ".cache", 0700) == 0);
	scratch_write(&sw.s, "victim", "mine");
	cr_assert(symlinkat("../../../victim", sw.s.dir.fd, STAMP) == 0);
	runs_stamp_write(&sw.w, &state, 1);
	cr_expect(text_is(scratch_read(&sw.s, "victim"), "mine"));
	cr_expect(not(read_stamp().is_there));
}

Test(runs_stamp, without_a_place_is_done_without)
{
	scratch_write(&sw.s, BUDGET ".cache", "a file");
	runs_stamp_write(&sw.w, &state, 1);
	cr_expect(not(read_stamp().is_there));
	cr_expect(text_is(scratch_read(&sw.s, BUDGET ".cache"), "a file"));
}
