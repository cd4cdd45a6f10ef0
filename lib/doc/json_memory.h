#ifndef METER_DOC_JSON_MEMORY_H
#define METER_DOC_JSON_MEMORY_H

/*
 * Memory for the JSON parser, which does not look whether it got any: here
 * running out of it ends the process as everywhere.  A ledger has a parser
 * for each of its many lines, and each of these stays within the first few
 * kilobytes.  Nothing is given back before the end.
 */

#include <stddef.h>

#include "lib/base/arena.h"

struct json_memory {
	_Alignas(max_align_t) char space[6 * 1024];
	size_t used;
	struct arena more;	/* once space is used up */
};

void json_memory_init(struct json_memory *memory);
void json_memory_release(struct json_memory *memory);

/* The parser's malloc, realloc and free; context is a struct json_memory. */
void *json_memory_take(void *context, size_t size);
void *json_memory_resize(void *context, void *piece, size_t size);
void json_memory_leave(void *context, void *piece);

#endif
