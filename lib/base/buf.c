#include "lib/base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"

char buf_empty[1];

void
buf_release(struct buf *buf)
{
	if (buf->size > 0)
		free(buf->text);
	buf->text = buf_empty;
	buf->len = buf->size = 0;
}

void
buf_reset(struct buf *buf)
{
	buf_truncate(buf, 0);
}

void
buf_truncate(struct buf *buf, size_t len)
{
	if (buf->size == 0)
		return;
	buf->len = len;
	buf->text[len] = '\0';
}

char *
buf_reserve(struct buf *buf, size_t extra)
{
	size_t need, size;
	char *text;

	if (extra > SIZE_MAX / 4 || buf->len > SIZE_MAX / 4)
		arena_exhausted();
	need = buf->len + extra + 1;
	if (need > buf->size) {
		size = buf->size > 0 ? buf->size * 2 : 64;
		if (size < need)
			size = need;
		text = realloc(buf->size > 0 ? buf->text : NULL, size);
		if (!text)
			arena_exhausted();
		text[buf->len] = '\0';
		buf->text = text;
		buf->size = size;
	}
	return buf->text + buf->len;
}

struct text
buf_keep(struct buf *buf, struct arena *arena)
{
	struct text kept = { arena_copy(arena, buf->text, buf->len), buf->len };

	buf_release(buf);
	return kept;
}

void
buf_add(struct buf *buf, const void *text, size_t len)
{
	if (len == 0)
		return;
	memcpy(buf_reserve(buf, len), text, len);
	buf_truncate(buf, buf->len + len);
}

void
buf_puts(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_putc(struct buf *buf, char c)
{
	*buf_reserve(buf, 1) = c;
	buf->text[++buf->len] = '\0';
}

void
buf_fill(struct buf *buf, char c, size_t count)
{
	if (count == 0)
		return;
	memset(buf_reserve(buf, count), c, count);
	buf_truncate(buf, buf->len + count);
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len <= 0)
		return;
	va_start(args, format);
	vsnprintf(buf_reserve(buf, (size_t)len), (size_t)len + 1, format, args);
	va_end(args);
	buf_truncate(buf, buf->len + (size_t)len);
}
