#ifndef METER_BASE_ARENA_H
#define METER_BASE_ARENA_H

/*
 * Memory for one command.  What is read or computed is taken from an arena
 * and released all at once, never singly.  Running out of memory ends the
 * process with a message and exit status 71 (EX_OSERR), here and nowhere
 * else, so no caller tests for it.
 */

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *block;	/* the newest one, in use */
};

#define ARENA_INIT { NULL }

/* Release everything taken from the arena and leave it empty. */
void arena_release(struct arena *arena);

/* Give all that was taken from another arena to this one; the other is left
 * empty. */
void arena_adopt(struct arena *arena, struct arena *other);

/* Take size bytes, zeroed and aligned for any type.  Never NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/* Take room for count items of size bytes, zeroed. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* A copy of text[0..len) with a NUL behind it. */
char *arena_copy(struct arena *arena, const char *text, size_t len);

/* What printf would print, NUL-terminated. */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * End the process for want of memory.  The allocation functions of lib/ call
 * it; it does not return.
 */
_Noreturn void arena_exhausted(void);

#endif
