#ifndef METER_BASE_UTF8_H
#define METER_BASE_UTF8_H

/*
 * UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing above
 * U+10FFFF.  Here is also the one function through which text from a file
 * reaches a person's screen.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Read one code point of text[0..len), len at least 1, into *out and return
 * how many bytes it took; 0 where the bytes are not valid UTF-8.
 */
size_t utf8_decode(uint32_t *out, const char *text, size_t len);

/* Append a code point (a valid one) to out. */
void utf8_encode(struct buf *out, uint32_t code);

/* How many bytes of text[0..len) are valid, len where all are. */
size_t utf8_valid(const char *text, size_t len);

/* How many code points text[0..len), valid UTF-8, has. */
size_t utf8_count(const char *text, size_t len);

/* What may reach the screen as it is. */
enum utf8_screen {
	UTF8_ASCII,	/* 0x20 to 0x7E */
	UTF8_PRINTABLE,	/* and what UTF-8 terminals print */
};

/*
 * Append untrusted text, which may hold any bytes, harmlessly: what may not
 * pass is written \xNN (a control character, or a byte that is not UTF-8) or
 * \u{NNNN} (lower-case hex without leading zeros); a backslash passes.
 * Controls (C0, DEL, C1), format characters and marks that move or hide text
 * (U+00AD, U+061C, U+180E, U+200B-200F, U+2028-202E, U+2060-206F, U+FEFF,
 * U+FFF9-FFFB, U+E0000-E007F), noncharacters and private use never pass.
 * More than limit columns of output (one a code point that passes, the
 * length of an escape else) are cut, between escapes, so that they end in
 * "..." and are limit columns at most with it; 0 is no limit.
 */
void utf8_escape(struct buf *out, const char *text, size_t len,
    enum utf8_screen screen, size_t limit);

#endif
