#include "lib/base/utf8.h"

#include <string.h>

#include "lib/base/buf.h"

struct range {
	uint32_t first, last;
};

/*
 * What hides, moves or joins text, and the private use, of which nobody can
 * say what a terminal makes of it.  In order, for the search below.
 */
static const struct range hidden[] = {
	{ 0x00AD, 0x00AD },
	{ 0x061C, 0x061C },
	{ 0x180E, 0x180E },
	{ 0x200B, 0x200F },
	{ 0x2028, 0x202E },
	{ 0x2060, 0x206F },
	{ 0xE000, 0xF8FF },
	{ 0xFDD0, 0xFDEF },
	{ 0xFEFF, 0xFEFF },
	{ 0xFFF9, 0xFFFB },
	{ 0xE0000, 0xE007F },
	{ 0xF0000, 0x10FFFF },
};

/* The length that a first byte announces; 0 where none may start so. */
static size_t
sequence_size(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xC0)
		return 0;
	if (first < 0xE0)
		return 2;
	if (first < 0xF0)
		return 3;
	return first < 0xF8 ? 4 : 0;
}

size_t
utf8_decode(uint32_t *out, const char *text, size_t len)
{
	/* The least code point of each length; the form is overlong below. */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *byte = (const unsigned char *)text;
	size_t size = sequence_size(byte[0]);
	uint32_t code;

	if (size == 0 || size > len)
		return 0;
	code = size == 1 ? byte[0] : byte[0] & (0x7Fu >> size);
	for (size_t i = 1; i < size; i++) {
		if ((byte[i] & 0xC0) != 0x80)
			return 0;
		code = code << 6 | (byte[i] & 0x3Fu);
	}
	if (code < least[size] || code > 0x10FFFF ||
	    (code >= 0xD800 && code <= 0xDFFF))
		return 0;
	*out = code;
	return size;
}

void
utf8_encode(struct buf *out, uint32_t code)
{
	if (code < 0x80) {
		buf_putc(out, (char)code);
		return;
	}
	if (code < 0x800) {
		buf_putc(out, (char)(0xC0 | code >> 6));
	} else if (code < 0x10000) {
		buf_putc(out, (char)(0xE0 | code >> 12));
		buf_putc(out, (char)(0x80 | (code >> 6 & 0x3F)));
	} else {
		buf_putc(out, (char)(0xF0 | code >> 18));
		buf_putc(out, (char)(0x80 | (code >> 12 & 0x3F)));
		buf_putc(out, (char)(0x80 | (code >> 6 & 0x3F)));
	}
	buf_putc(out, (char)(0x80 | (code & 0x3F)));
}

/*
 * How many bytes from the start are ASCII for certain.  Nearly all text is,
 * and every line of a ledger comes by here, so eight bytes are one step.
 */
static size_t
ascii_run(const char *text, size_t len)
{
	uint64_t word;
	size_t run = 0;

	for (; len - run >= sizeof(word); run += sizeof(word)) {
		memcpy(&word, text + run, sizeof(word));
		if (word & UINT64_C(0x8080808080808080))
			break;
	}
	return run;
}

size_t
utf8_valid(const char *text, size_t len)
{
	uint32_t code;
	size_t at = 0;

	while (at < len) {
		size_t size;

		at += ascii_run(text + at, len - at);
		if (at == len)
			break;
		size = utf8_decode(&code, text + at, len - at);
		if (size == 0)
			break;
		at += size;
	}
	return at;
}

/* Every code point has one byte that does not continue another. */
size_t
utf8_count(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += ((unsigned char)text[i] & 0xC0) != 0x80;
	return count;
}

/* Whether to keep a code point from a UTF-8 terminal too. */
static bool
is_hidden(uint32_t code)
{
	/* The last two code points of each plane are noncharacters. */
	if ((code & 0xFFFE) == 0xFFFE)
		return true;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (code <= hidden[i].last)
			return code >= hidden[i].first;
	return false;
}

/* C0, DEL and C1. */
static bool
is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7F && code <= 0x9F);
}

static bool
may_pass(uint32_t code, enum utf8_screen screen)
{
	if (is_control(code))
		return false;
	return code < 0x7F || (screen == UTF8_PRINTABLE && !is_hidden(code));
}

/*
 * Append what stands for the first code point, or stray byte, of the text,
 * count its columns, and return how many bytes of the text it was.
 */
static size_t
escape_one(struct buf *out, size_t *columns, const char *text, size_t len,
    enum utf8_screen screen)
{
	uint32_t code;
	size_t start = out->len, size = utf8_decode(&code, text, len);

	if (size > 0 && may_pass(code, screen)) {
		buf_add(out, text, size);
		*columns += 1;
		return size;
	}
	if (size == 0)
		buf_printf(out, "\\x%02x", (unsigned char)text[0]);
	else if (is_control(code))
		buf_printf(out, "\\x%02x", (unsigned)code);
	else
		buf_printf(out, "\\u{%x}", (unsigned)code);
	*columns += out->len - start;
	return size > 0 ? size : 1;
}

/* What most names are: all of it passes, in as many columns. */
static bool
is_plain(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < 0x20 || text[i] > 0x7E)
			return false;
	return true;
}

void
utf8_escape(struct buf *out, const char *text, size_t len,
    enum utf8_screen screen, size_t limit)
{
	size_t dots = limit < 3 ? limit : 3;
	size_t columns = 0, fits = out->len;

	if ((limit == 0 || len <= limit) && is_plain(text, len)) {
		buf_add(out, text, len);
		return;
	}
	for (size_t at = 0; at < len;) {
		at += escape_one(out, &columns, text + at, len - at, screen);
		if (limit == 0)
			continue;
		if (columns > limit) {
			buf_truncate(out, fits);
			buf_fill(out, '.', dots);
			return;
		}
		/* The last whole piece that leaves room for the dots. */
		if (columns + dots <= limit)
			fits = out->len;
	}
}
