#include "lib/base/filename.h"

#include <sha2.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lib/base/buf.h"

#define MARK "%2D" /* before a hash, and in place of nothing */

enum {
	HASH_DIGITS = 32,
	CUT = FILENAME_MAX_BYTES - (int)sizeof(MARK) + 1 - HASH_DIGITS,
};

static bool
stands_for_itself(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* Cut the name at end, and put the hash of the whole text there. */
static void
cut(struct buf *out, size_t end, struct text text)
{
	char hex[SHA256_DIGEST_STRING_LENGTH];

	SHA256Data((const uint8_t *)text.data, text.len, hex);
	buf_truncate(out, end);
	buf_puts(out, MARK);
	buf_add(out, hex, HASH_DIGITS);
}

void
filename_encode(struct buf *out, struct text text)
{
	size_t start = out->len, fits = start;

	if (text.len == 0)
		buf_puts(out, MARK);
	for (size_t i = 0; i < text.len; i++) {
		if (stands_for_itself(text.data[i]) &&
		    (i > 0 || text.data[i] != '.'))
			buf_putc(out, text.data[i]);
		else
			buf_printf(out, "%%%02X", (unsigned char)text.data[i]);
		if (out->len - start <= CUT)
			fits = out->len;
		if (out->len - start > FILENAME_MAX_BYTES) {
			cut(out, fits, text);
			return;
		}
	}
}
