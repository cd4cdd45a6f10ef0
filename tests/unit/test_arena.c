#include "lib/base/arena.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sysexits.h>

#include "tests/unit/scratch.h"

static struct arena arena = ARENA_INIT;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(arena, .fini = release);

Test(arena, gives_zeroed_memory_aligned_for_any_type)
{
	for (size_t size = 0; size < 200; size++) {
		unsigned char *data = arena_alloc(&arena, size);

		cr_assert(data != NULL);
		cr_expect(eq(sz, (uintptr_t)data % _Alignof(max_align_t), 0),
		    "%zu", size);
		for (size_t i = 0; i < size; i++)
			cr_assert(data[i] == 0, "%zu", size);
		memset(data, 0xAA, size);
	}
}

/* Every piece keeps its bytes, whatever is taken after it. */
Test(arena, never_gives_the_same_memory_twice)
{
	static const size_t sizes[] = { 1, 16, 17, 4000, 32 * 1024,
		32 * 1024 + 1, 5, 200000, 3, 31 * 1024, 31 * 1024 };
	unsigned char *data[SCRATCH_COUNT(sizes)];

	for (size_t i = 0; i < SCRATCH_COUNT(sizes); i++) {
		data[i] = arena_alloc(&arena, sizes[i]);
		memset(data[i], (int)i + 1, sizes[i]);
	}
	for (size_t i = 0; i < SCRATCH_COUNT(sizes); i++)
		for (size_t j = 0; j < sizes[i]; j++)
			cr_assert(data[i][j] == i + 1, "%zu[%zu]", i, j);
}

Test(arena, can_be_used_again_after_it_was_released)
{
	arena_alloc(&arena, 100000);
	arena_release(&arena);
	cr_expect(eq(ptr, arena.block, NULL));
	arena_release(&arena);
	cr_expect(eq(str, arena_copy(&arena, "again", 5), "again"));
}

Test(arena, zeroes_an_array)
{
	int *numbers = arena_array(&arena, 1000, sizeof(*numbers));

	for (size_t i = 0; i < 1000; i++)
		cr_assert(numbers[i] == 0);
	cr_expect(arena_array(&arena, 0, 8) != NULL);
}

Test(arena, copies_bytes_and_ends_them_with_a_nul)
{
	char *copy = arena_copy(&arena, "a\0bcd", 4);

	cr_expect(eq(int, memcmp(copy, "a\0bc", 5), 0));
	cr_expect(eq(str, arena_copy(&arena, NULL, 0), ""));
}

Test(arena, prints_text_of_any_length)
{
	char *text = arena_printf(&arena, "%s-%070000d.", "x", 7);

	cr_expect(eq(sz, strlen(text), 70003));
	cr_expect(eq(str, text + 69999, "007."));
	cr_expect(eq(str, arena_printf(&arena, "%s", ""), ""));
}

static void
take_an_impossible_array(void)
{
	arena_array(&arena, SIZE_MAX / 2, 3);
}

static void
take_an_impossible_size(void)
{
	arena_alloc(&arena, SIZE_MAX - 7);
}

Test(arena, ends_the_process_where_a_size_is_impossible)
{
	void (*const takers[])(
	    void) = { take_an_impossible_array, take_an_impossible_size };
	char text[100];
	int status;

	for (size_t i = 0; i < SCRATCH_COUNT(takers); i++) {
		status = scratch_fork(takers[i], text, sizeof(text));
		cr_expect(eq(int, status, EX_OSERR));
		cr_expect(eq(str, text, "meter: out of memory\n"));
	}
}

Test(arena, adopts_what_another_one_took)
{
	struct arena one = ARENA_INIT, other = ARENA_INIT;
	char *texts[300];

	for (int i = 0; i < 300; i++) {
		texts[i] = arena_printf(i % 2 ? &other : &one, "%0*d", 999, i);
		if (i == 100 || i == 200)
			arena_adopt(&one, &other);
	}
	arena_adopt(&one, &other);
	arena_adopt(&one, &other);
	arena_release(&other);
	for (int i = 0; i < 300; i++)
		cr_expect(eq(int, atoi(texts[i]), i));
	arena_adopt(&other, &one);
	cr_expect(eq(int, atoi(texts[299]), 299));
	arena_release(&other);
}
