#include "lib/store/ledger_ids_file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/store/ledger_files.h"
#include "lib/store/ledger_ids.h"
#include "tests/unit/scratch_ledger.h"

#define CACHE BUDGET ".cache"
#define NAME CACHE "/ids-2026-11-22"

enum {
	MANY = 1000,
};

static struct dir cache;
static struct ledger_file day;

static void
begin(void)
{
	scratch_workspace_begin(&sw);
	scratch_workspace_make(&sw);
	cr_assert(mkdir(CACHE, 0777) == 0);
	cache_open(&cache, &sw.w, false);
	day = (struct ledger_file){ .name = "2026-11-22.csv",
		.state = { 1, 2, 3, 4 } };
}

static void
end(void)
{
	dir_close(&cache);
	scratch_workspace_end(&sw);
}

TestSuite(ledger_ids_file, .init = begin, .fini = end);

/* Hashes 0, 2, 4 … with a run of equal ones in the middle of some blocks. */
static uint64_t
hash_at(size_t i)
{
	return i >= 400 && i < 900 ? 800 : 2 * i;
}

static void
keep(size_t count)
{
	struct ledger_id *ids =
	    arena_array(&sw.s.arena, count + 1, sizeof(*ids));
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < count; i++)
		ids[i] = (struct ledger_id){ hash_at(i), (int64_t)i };
	ledger_ids_file_write(&text, ids, count, &day.state);
	scratch_write_text(&sw.s, NAME, (struct text){ text.text, text.len });
	buf_release(&text);
}

/* How many ids of a hash are found, by the blocks around it. */
static size_t
count_of(const struct ledger_ids_file *file, uint64_t hash)
{
	struct ledger_ids ids = LEDGER_IDS_NONE;
	size_t count = 0;

	cr_assert(ledger_ids_file_seek(&ids, file, hash));
	for (size_t at = ledger_ids_seek(&ids, hash);
	     at < ids.count && ids.list[at].hash == hash; at++)
		count++;
	ledger_ids_release(&ids);
	return count;
}

Test(ledger_ids_file, each_id_is_found_by_the_blocks_around_it)
{
	static const size_t counts[] = { 0, 1, 255, 256, 257, 512, MANY };
	struct ledger_ids ids = LEDGER_IDS_NONE;
	struct ledger_ids_file file;

	for (size_t c = 0; c < SCRATCH_COUNT(counts); c++) {
		keep(counts[c]);
		cr_assert(ledger_ids_file_open(&file, &cache, &day));
		for (size_t hash = 0; hash < 2 * MANY + 2; hash++) {
			size_t wanted = 0;

			for (size_t i = 0; i < counts[c]; i++)
				wanted += hash_at(i) == hash;
			cr_assert(eq(sz, count_of(&file, hash), wanted));
		}
		cr_assert(ledger_ids_file_read(&ids, &file));
		cr_expect(eq(sz, ids.count, counts[c]));
		ledger_ids_release(&ids);
		ledger_ids_file_close(&file);
	}
}

Test(ledger_ids_file, another_state_or_damage_is_told)
{
	struct ledger_ids ids = LEDGER_IDS_NONE;
	struct ledger_ids_file file;
	struct text whole;
	char *bytes;
	size_t told = 0;

	keep(600);
	day.state.changed_ns++;
	cr_expect(not(ledger_ids_file_open(&file, &cache, &day)));
	day.state.changed_ns--;
	whole = scratch_read(&sw.s, NAME);
	bytes = arena_copy(&sw.s.arena, whole.data, whole.len);
	for (size_t i = 0; i < whole.len; i += 3) {
		bytes[i] ^= (char)(1 << i % 8);
		scratch_write_text(&sw.s, NAME,
		    (struct text){ bytes, whole.len });
		if (ledger_ids_file_open(&file, &cache, &day)) {
			told += !ledger_ids_file_read(&ids, &file);
			ledger_ids_file_close(&file);
		} else {
			told++;
		}
		bytes[i] = whole.data[i];
		scratch_write_text(&sw.s, NAME, (struct text){ bytes, i });
		cr_expect(not(ledger_ids_file_open(&file, &cache, &day)));
	}
	cr_expect(eq(sz, told, (whole.len + 2) / 3));
	ledger_ids_release(&ids);
}
