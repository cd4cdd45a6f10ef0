#include "lib/store/cache.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/unit/scratch_workspace.h"

#define CACHE BUDGET ".cache"

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

TestSuite(cache, .init = begin, .fini = end);

/* Write a file of the cache from a data file that changed at that time. */
static bool
write_file(const char *name, int64_t changed_ns)
{
	const struct cache_state state = { .changed_ns = changed_ns };
	struct dir dir;
	struct file file;
	bool done;

	cache_open(&dir, &sw.w, true);
	done = cache_begin(&file, &dir, name, &state) &&
	       cache_end(&file, TEXT("new"));
	dir_close(&dir);
	return done;
}

static int64_t
changed_ns(const char *name)
{
	struct stat st;

	cr_assert(stat(name, &st) == 0);
	return cache_state_of(&st).changed_ns;
}

Test(cache, a_file_is_written_over)
{
	cr_expect(write_file("x", 0));
	SCRATCH_SAME(scratch_read(&sw.s, CACHE "/x").data, "new");
	scratch_write(&sw.s, CACHE "/x", "longer than new");
	cr_expect(write_file("x", 0));
	SCRATCH_SAME(scratch_read(&sw.s, CACHE "/x").data, "new");
}

Test(cache, nothing_is_made_of_a_file_that_just_changed)
{
	cr_assert(write_file("x", 0));
	scratch_write(&sw.s, CACHE "/x", "old");
	cr_expect(not(write_file("x", changed_ns(CACHE "/x") + 100000000)));
	SCRATCH_SAME(scratch_read(&sw.s, CACHE "/x").data, "old");
	usleep(60000);
	cr_expect(write_file("x", changed_ns(CACHE "/x")));
}

Test(cache, a_folder_that_is_none_is_left_alone)
{
	scratch_write(&sw.s, CACHE, "mine");
	cr_expect(not(write_file("x", 0)));
	SCRATCH_SAME(scratch_read(&sw.s, CACHE).data, "mine");
	cr_assert(remove(CACHE) == 0 && mkdir("elsewhere", 0777) == 0 &&
		  symlink("../../elsewhere", CACHE) == 0);
	cr_expect(not(write_file("x", 0)));
	cr_expect(not(scratch_has(&sw.s, "elsewhere/x")));
}

Test(cache, what_is_no_file_of_its_own_is_left_alone)
{
	scratch_write(&sw.s, "mine", "mine");
	cr_assert(mkdir(CACHE, 0777) == 0);
	cr_assert(link("mine", CACHE "/hard") == 0);
	cr_assert(symlink("../../../mine", CACHE "/soft") == 0);
	cr_assert(mkdir(CACHE "/folder", 0777) == 0);
	cr_assert(mkfifo(CACHE "/pipe", 0666) == 0);
	cr_expect(not(write_file("hard", 0)));
	cr_expect(not(write_file("soft", 0)));
	cr_expect(not(write_file("folder", 0)));
	cr_expect(not(write_file("pipe", 0)));
	SCRATCH_SAME(scratch_read(&sw.s, "mine").data, "mine");
}

Test(cache, states_differ_by_any_part)
{
	const struct cache_state state = { 1, 2, 3, 4 };
	const struct cache_state others[] = { { 0, 2, 3, 4 }, { 1, 0, 3, 4 },
		{ 1, 2, 0, 4 }, { 1, 2, 3, 0 } };

	cr_expect(cache_state_equal(&state, &state));
	for (size_t i = 0; i < 4; i++)
		cr_expect(not(cache_state_equal(&state, &others[i])));
}

Test(cache, a_sum_tells_any_bit)
{
	uint64_t words[3] = { 0, 7, UINT64_MAX };
	uint64_t sum = cache_sum(CACHE_SUM, words, sizeof(words));

	for (int i = 0; i < 3 * 64; i++) {
		words[i / 64] ^= UINT64_C(1) << i % 64;
		cr_expect(
		    ne(u64, cache_sum(CACHE_SUM, words, sizeof(words)), sum));
		words[i / 64] ^= UINT64_C(1) << i % 64;
	}
	cr_expect(eq(u64,
	    cache_sum(cache_sum(CACHE_SUM, words, 8), words + 1, 16), sum));
}
