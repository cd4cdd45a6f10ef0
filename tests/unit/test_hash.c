#include "lib/base/hash.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "lib/base/arena.h"

/* Of names that differ in any one place, slots get about as many each. */
static int
fullest_slot(const char *before, const char *behind, unsigned shift)
{
	int slots[64] = { 0 }, most = 0;
	char name[64];

	for (int i = 0; i < 6400; i++) {
		uint64_t hash;

		snprintf(name, sizeof(name), "%s%04d%s", before, i, behind);
		hash = hash_text(7, text_of(name));
		slots[hash >> shift & 63]++;
	}
	for (int i = 0; i < 64; i++)
		most = slots[i] > most ? slots[i] : most;
	return most;
}

Test(hash, names_are_spread_by_any_of_the_bits)
{
	static const char *const parts[][2] = { { "", "" }, { "task-", "" },
		{ "", "-session-of-an-agent" }, { "a-rather-long-name-", "" },
		{ "x", ".y" } };

	for (size_t i = 0; i < 5; i++)
		for (unsigned shift = 0; shift < 58; shift += 3)
			cr_expect(lt(int,
				      fullest_slot(parts[i][0], parts[i][1],
					  shift),
				      150),
			    "%s%s at bit %u", parts[i][0], parts[i][1], shift);
}

Test(hash, texts_of_zeros_null_and_the_empty_text_differ)
{
	const struct text texts[] = { TEXT_NULL, TEXT(""), TEXT("\0"),
		TEXT("\0\0\0\0\0\0\0\0"), TEXT("\0\0\0\0\0\0\0\0\0") };

	for (size_t i = 0; i < 5; i++)
		for (size_t j = 0; j < i; j++)
			cr_expect(ne(u64, hash_text(1, texts[i]),
				      hash_text(1, texts[j])),
			    "%zu %zu", i, j);
	cr_expect(ne(u64, hash_text(1, TEXT("a")), hash_text(2, TEXT("a"))));
	cr_expect(ne(u64, hash_word(1, 2), hash_word(2, 2)));
}

static uint64_t
hash_of(uint64_t seed, const void *item)
{
	return hash_text(seed, *(const struct text *)item);
}

/* As if they all fell on one slot. */
static uint64_t
same_hash(uint64_t seed, const void *item)
{
	(void)seed;
	(void)item;
	return 7;
}

static bool
is_same(const void *a, const void *b)
{
	return text_equal(*(const struct text *)a, *(const struct text *)b);
}

static void
fill(uint64_t hash(uint64_t seed, const void *item), int count)
{
	struct arena arena = ARENA_INIT;
	struct hash_table table = { &arena, hash, is_same, NULL, 0, 0 };
	struct text *names = arena_array(&arena, (size_t)count, sizeof(*names));

	for (int i = 0; i < count; i++) {
		names[i] = text_of(arena_printf(&arena, "name-%d", i));
		cr_assert(hash_table_find(&table, &names[i]) == NULL);
		hash_table_add(&table, &names[i]);
	}
	for (int i = 0; i < count; i++)
		cr_assert(hash_table_find(&table, &names[i]) == &names[i]);
	cr_expect(eq(sz, table.count, (size_t)count));
	arena_release(&arena);
}

Test(hash, each_item_is_found)
{
	fill(hash_of, 5000);
	fill(same_hash, 200);
}
