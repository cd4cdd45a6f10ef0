#include "lib/store/ledger_sieve.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "lib/base/hash.h"
#include "lib/store/ledger_files.h"
#include "lib/store/ledger_ids.h"
#include "lib/store/ledger_ids_file.h"
#include "tests/unit/scratch_ledger.h"

#define CACHE BUDGET ".cache"
#define NAME CACHE "/ids"

enum {
	FILES = 3,
	IDS = 3000, /* of each */
};

static struct dir cache;
static struct ledger_file list[FILES];
static struct ledger_files files = { .list = list, .count = FILES };

/* Ids of a file: numbers that look like hashes, in order. */
static uint64_t
hash_of(size_t file, size_t i)
{
	return ((uint64_t)i << 40) + hash_word(file, i) % (1 << 20);
}

static void
keep(size_t file)
{
	struct ledger_id ids[IDS];
	struct buf text = BUF_INIT;
	char name[sizeof(CACHE "/") + LEDGER_IDS_FILE_NAME];

	for (size_t i = 0; i < IDS; i++)
		ids[i] = (struct ledger_id){ hash_of(file, i), (int64_t)i };
	ledger_ids_file_write(&text, ids, IDS, &list[file].state);
	snprintf(name, sizeof(name), CACHE "/ids-%.10s", list[file].name);
	scratch_write_text(&sw.s, name, (struct text){ text.text, text.len });
	buf_release(&text);
}

static void
begin(void)
{
	scratch_workspace_begin(&sw);
	scratch_workspace_make(&sw);
	cr_assert(mkdir(CACHE, 0777) == 0);
	cache_open(&cache, &sw.w, false);
	for (size_t i = 0; i < FILES; i++) {
		list[i] = (struct ledger_file){ .day = { (int64_t)i },
			.state = { i, 2, 3, 4 } };
		snprintf(list[i].name, sizeof(list[i].name), "2026-11-2%zu.csv",
		    i);
		keep(i);
	}
}

static void
end(void)
{
	dir_close(&cache);
	scratch_workspace_end(&sw);
}

TestSuite(ledger_sieve, .init = begin, .fini = end);

/* Whether the sieve that is kept holds all ids of the files it knows. */
static bool
is_right(void)
{
	struct ledger_sieve sieve;
	bool right = true;

	if (!ledger_sieve_open(&sieve, &cache))
		return true;
	for (size_t file = 0; file < FILES; file++)
		for (size_t i = 0; i < IDS; i++)
			right &= !ledger_sieve_knows(&sieve, &list[file]) ||
				 ledger_sieve_holds(&sieve, hash_of(file, i));
	ledger_sieve_close(&sieve);
	return right;
}

Test(ledger_sieve, holds_all_ids_and_few_others)
{
	struct ledger_sieve sieve;
	size_t others = 0;

	cr_expect(not(ledger_sieve_open(&sieve, &cache)));
	ledger_sieve_make(&cache, &files);
	cr_expect(is_right());
	cr_assert(ledger_sieve_open(&sieve, &cache));
	for (size_t i = 0; i < FILES; i++)
		cr_expect(ledger_sieve_knows(&sieve, &list[i]));
	for (uint64_t i = 0; i < 10000; i++)
		others += ledger_sieve_holds(&sieve, hash_word(7, i));
	cr_expect(others < 200, "%zu of 10000", others);
	ledger_sieve_close(&sieve);
}

Test(ledger_sieve, speaks_for_files_in_their_state_alone)
{
	struct ledger_file other = { .day = { FILES } };
	struct ledger_sieve sieve;

	list[1].state.size++;
	ledger_sieve_make(&cache, &files);
	list[2].state.changed_ns++;
	cr_assert(ledger_sieve_open(&sieve, &cache));
	cr_expect(ledger_sieve_knows(&sieve, &list[0]));
	cr_expect(not(ledger_sieve_knows(&sieve, &list[1])));
	cr_expect(not(ledger_sieve_knows(&sieve, &list[2])));
	cr_expect(not(ledger_sieve_knows(&sieve, &other)));
	ledger_sieve_close(&sieve);
}

Test(ledger_sieve, is_never_wrong_where_it_is_damaged)
{
	struct text whole;
	char *bytes;

	ledger_sieve_make(&cache, &files);
	whole = scratch_read(&sw.s, NAME);
	bytes = arena_copy(&sw.s.arena, whole.data, whole.len);
	for (size_t i = 0; i < whole.len; i += i < 200 ? 1 : 509) {
		bytes[i] ^= (char)(1 << i % 8);
		scratch_write_text(&sw.s, NAME,
		    (struct text){ bytes, whole.len });
		cr_expect(is_right(), "byte %zu", i);
		bytes[i] ^= (char)(1 << i % 8);
	}
	for (size_t len = 0; len < whole.len; len += 499) {
		scratch_write_text(&sw.s, NAME, (struct text){ bytes, len });
		cr_expect(is_right(), "length %zu", len);
	}
}

/* A writer that is killed leaves the new front and the old end. */
Test(ledger_sieve, pages_of_an_earlier_one_are_told)
{
	struct text before, after;
	char *mixed;

	files.count = FILES - 1;
	ledger_sieve_make(&cache, &files);
	before = scratch_read(&sw.s, NAME);
	before.data = arena_copy(&sw.s.arena, before.data, before.len);
	list[0].state.inode += 100;
	keep(0);
	for (size_t n = 0; n < 2; n++, files.count++) {
		ledger_sieve_make(&cache, &files);
		after = scratch_read(&sw.s, NAME);
		mixed = arena_copy(&sw.s.arena, after.data, after.len);
		for (size_t len = 0; len < before.len; len += 512) {
			memcpy(mixed, after.data, after.len);
			memcpy(mixed + len, before.data + len,
			    before.len - len);
			scratch_write_text(&sw.s, NAME,
			    (struct text){ mixed, after.len });
			cr_expect(is_right(), "%zu bytes", len);
			scratch_write_text(&sw.s, NAME,
			    (struct text){ mixed, before.len });
			cr_expect(is_right(), "%zu bytes, short", len);
		}
	}
}

Test(ledger_sieve, is_not_made_where_it_cannot_be_written)
{
	struct ledger_sieve sieve;

	cr_assert(mkdir(NAME, 0777) == 0);
	ledger_sieve_make(&cache, &files);
	cr_expect(not(ledger_sieve_open(&sieve, &cache)));
}
