#include "lib/base/hash.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/base/arena.h"

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

Test(hash, texts_differ_by_length_and_null)
{
	const struct text none = TEXT_NULL, empty = TEXT("");
	const struct text zero = { "\0", 1 }, zeros = { "\0\0", 2 };

	cr_expect(hash_text(1, none) != hash_text(1, empty));
	cr_expect(hash_text(1, empty) != hash_text(1, zero));
	cr_expect(hash_text(1, zero) != hash_text(1, zeros));
	cr_expect(hash_text(1, zero) != hash_text(2, zero));
}
