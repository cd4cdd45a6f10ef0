#include "lib/doc/json_memory.h"

#include <stdint.h>
#include <string.h>

enum {
	UNIT = _Alignof(max_align_t), /* the size stands before each piece */
};

/* The space stays as it is: clearing it would cost as much as a short line. */
void
json_memory_init(struct json_memory *memory)
{
	memory->used = 0;
	memory->more = (struct arena)ARENA_INIT;
}

void
json_memory_release(struct json_memory *memory)
{
	arena_release(&memory->more);
	memory->used = 0;
}

void *
json_memory_take(void *context, size_t size)
{
	struct json_memory *memory = context;
	size_t need;
	char *piece;

	if (size > SIZE_MAX / 2)
		arena_exhausted();
	need = UNIT + (size + UNIT - 1) / UNIT * UNIT;
	if (need <= sizeof(memory->space) - memory->used) {
		piece = memory->space + memory->used;
		memory->used += need;
	} else {
		piece = arena_alloc(&memory->more, need);
	}
	memcpy(piece, &size, sizeof(size));
	return piece + UNIT;
}

void *
json_memory_resize(void *context, void *piece, size_t size)
{
	void *copy = json_memory_take(context, size);
	size_t had;

	if (!piece)
		return copy;
	memcpy(&had, (const char *)piece - UNIT, sizeof(had));
	memcpy(copy, piece, had < size ? had : size);
	return copy;
}

void
json_memory_leave(void *context, void *piece)
{
	(void)context;
	(void)piece;
}
