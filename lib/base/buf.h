#ifndef METER_BASE_BUF_H
#define METER_BASE_BUF_H

/*
 * Text under construction.  buf.text is never NULL and always ends in a NUL
 * that does not count; buf.len is the length, so text may hold NULs of its
 * own.  A struct buf starts as BUF_INIT and is given back with buf_release.
 */

#include <stddef.h>

#include "lib/base/text.h"

struct arena;

struct buf {
	char *text;
	size_t len;
	size_t size;	/* bytes allocated, 0 for the shared empty text */
};

#define BUF_INIT { buf_empty, 0, 0 }

/* The text of every empty buffer; nothing is ever written to it. */
extern char buf_empty[1];

/* Free what the buffer holds and leave it as BUF_INIT does. */
void buf_release(struct buf *buf);

/* Empty the buffer, keeping its memory. */
void buf_reset(struct buf *buf);

/* Cut the buffer to len bytes, which is at most what it holds. */
void buf_truncate(struct buf *buf, size_t len);

/* Make room for extra more bytes; return where they go. */
char *buf_reserve(struct buf *buf, size_t extra);

/* Keep what the buffer holds in an arena, and release the buffer. */
struct text buf_keep(struct buf *buf, struct arena *arena);

void buf_add(struct buf *buf, const void *text, size_t len);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char c);
void buf_fill(struct buf *buf, char c, size_t count);
void buf_printf(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
