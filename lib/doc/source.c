#include "lib/doc/source.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"

enum {
	SHOWN_FILE = 200, /* columns of a file name in a message */
};

#define BOM "\xEF\xBB\xBF"

static bool
starts_with_bom(struct text text)
{
	return text.len >= 3 && memcmp(text.data, BOM, 3) == 0;
}

int
source_open(struct source *source, struct text text, const char *file,
    int first_line, struct error *err)
{
	const char *nul;
	size_t valid;

	if (!text.data)
		text = TEXT("");
	if (starts_with_bom(text)) {
		text.data += 3;
		text.len -= 3;
	}
	*source = (struct source){ text, file, { first_line, 1 }, err };

	if (starts_with_bom(text))
		return source_fail(source, source->start,
		    "a second byte order mark");
	valid = utf8_valid(text.data, text.len);
	nul = memchr(text.data, '\0', valid);
	if (nul)
		return source_fail(source,
		    source_place(source, (size_t)(nul - text.data)),
		    "a NUL byte");
	if (valid < text.len)
		return source_fail(source, source_place(source, valid),
		    "invalid UTF-8: byte 0x%02X",
		    (unsigned int)(unsigned char)text.data[valid]);
	return 0;
}

struct place
source_place(const struct source *source, size_t offset)
{
	struct place place = source->start;

	source_advance(&place, source->text.data, offset);
	return place;
}

/* A text of more than 2 GiB may have more lines than an int counts. */
static void
increment(int *number)
{
	if (*number < INT_MAX)
		++*number;
}

void
source_advance(struct place *place, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n') {
			increment(&place->line);
			place->column = 1;
		} else if (((unsigned char)text[i] & 0xC0) != 0x80) {
			increment(&place->column);
		}
	}
}

int
source_fail(const struct source *source, struct place place, const char *format,
    ...)
{
	char reason[sizeof(source->err->text)];
	struct buf file = BUF_INIT;
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	utf8_escape(&file, source->file, strlen(source->file), UTF8_ASCII,
	    SHOWN_FILE);
	error_set(source->err, ERROR_DATA, "%s:%d:%d: %s", file.text,
	    place.line, place.column, reason);
	buf_release(&file);
	return -1;
}
