#include "lib/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

#define BLOCK_SIZE ((size_t)32 * 1024)
#define BLOCK_MAX ((size_t)1024 * 1024)

struct arena_block {
	struct arena_block *previous;
	size_t used;
	size_t size;
	_Alignas(max_align_t) char data[];
};

void
arena_exhausted(void)
{
	static const char message[] = "meter: out of memory\n";

	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(EX_OSERR);
	_exit(EX_OSERR);
}

void
arena_release(struct arena *arena)
{
	struct arena_block *previous;

	for (; arena->block; arena->block = previous) {
		previous = arena->block->previous;
		free(arena->block);
	}
}

void
arena_adopt(struct arena *arena, struct arena *other)
{
	struct arena_block **end = &other->block;

	if (!other->block)
		return;
	while (*end)
		end = &(*end)->previous;
	/* The block in use stays the newest. */
	if (arena->block) {
		*end = arena->block->previous;
		arena->block->previous = other->block;
	} else {
		arena->block = other->block;
	}
	other->block = NULL;
}

/*
 * Have all pages of a block that an arena which has grown will soon fill: one
 * call to the system, not a fault for each page.  Where that cannot be, the
 * pages come as they are used.
 */
static void
fill_in(struct arena_block *block)
{
#ifdef MADV_POPULATE_WRITE
	const uintptr_t page = 4096;
	uintptr_t start = ((uintptr_t)block + page - 1) & ~(page - 1);
	uintptr_t end = (uintptr_t)(block->data + block->size) & ~(page - 1);

	if (end > start)
		(void)madvise((void *)start, end - start, MADV_POPULATE_WRITE);
#else
	(void)block;
#endif
}

static void
add_block(struct arena *arena, size_t size)
{
	struct arena_block *block;
	size_t usual = BLOCK_SIZE;

	/* What has grown will grow on: the system is asked less often. */
	if (arena->block)
		usual = arena->block->size < BLOCK_MAX / 2
			    ? 2 * arena->block->size
			    : BLOCK_MAX;
	if (size < usual)
		size = usual;
	block = calloc(1, sizeof(*block) + size);
	if (!block)
		arena_exhausted();
	block->previous = arena->block;
	block->size = size;
	if (size == BLOCK_MAX)
		fill_in(block);
	arena->block = block;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block;
	void *data;

	if (size > SIZE_MAX / 2)
		arena_exhausted();
	size =
	    (size + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
	block = arena->block;
	if (!block || block->size - block->used < size) {
		add_block(arena, size);
		block = arena->block;
	}
	data = block->data + block->used;
	block->used += size;
	return data;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		arena_exhausted();
	return arena_alloc(arena, total);
}

char *
arena_copy(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	if (len > 0)
		memcpy(copy, text, len);
	return copy;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		arena_exhausted();
	text = arena_alloc(arena, (size_t)len + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}
