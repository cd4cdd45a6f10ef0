#include "lib/doc/json_stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/doc/json.h"
#include "lib/doc/source.h"

#define CHUNK ((size_t)64 * 1024)
#define VALUE_MAX ((size_t)16 * 1024 * 1024)

enum {
	COLUMN_MAX = 4096, /* to which messages tell the column */
};

void
json_stream_start(struct json_stream *stream, int fd, const char *file)
{
	*stream = (struct json_stream){ .fd = fd,
		.file = file,
		.data = BUF_INIT,
		.line = 1 };
}

void
json_stream_release(struct json_stream *stream)
{
	buf_release(&stream->data);
}

/* How many code points there are on the line before where it is read. */
static int64_t
columns(const struct json_stream *stream)
{
	int64_t count = stream->cut;

	for (size_t i = stream->line_start; i < stream->at; i++)
		count += ((unsigned char)stream->data.text[i] & 0xC0) != 0x80;
	return count;
}

static int
fail(struct json_stream *stream, struct error *err, const char *reason)
{
	const struct source source = { .file = stream->file, .err = err };
	struct place place = { stream->line, 1 };

	if (columns(stream) < COLUMN_MAX)
		place.column += (int)columns(stream);
	return source_fail(&source, place, "invalid JSON: %s", reason);
}

/* Drop what was read, and read more behind the rest. */
static int
fill(struct json_stream *stream, struct error *err)
{
	struct buf *data = &stream->data;
	size_t left = data->len - stream->at;
	ssize_t count;

	if (stream->at > 0) {
		stream->cut = columns(stream);
		memmove(data->text, data->text + stream->at, left);
		buf_truncate(data, left);
		stream->at = 0;
		stream->line_start = 0;
	}
	if (data->len > VALUE_MAX)
		return fail(stream, err, "too large a value");
	count = TEMP_FAILURE_RETRY(
	    read(stream->fd, buf_reserve(data, CHUNK), CHUNK));
	if (count < 0)
		return error_errno(err, ERROR_NO_INPUT, "%s: cannot read",
		    stream->file);
	buf_truncate(data, data->len + (size_t)count);
	stream->at_end = count == 0;
	return 0;
}

/* Look at the next byte, without taking it; -1 at the end, -2 on failure. */
static int
peek(struct json_stream *stream, struct error *err)
{
	while (stream->at == stream->data.len) {
		if (stream->at_end)
			return -1;
		if (fill(stream, err) < 0)
			return -2;
	}
	return (unsigned char)stream->data.text[stream->at];
}

static void
take(struct json_stream *stream)
{
	if (stream->data.text[stream->at++] != '\n')
		return;
	stream->line++;
	stream->line_start = stream->at;
	stream->cut = 0;
}

/* What stands between values is blanks, and in a list commas. */
static int
take_mark(struct json_stream *stream, int c, bool *taken, struct error *err)
{
	*taken = true;
	if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
		take(stream);
	} else if (c == '[' && !stream->has_begun) {
		stream->is_list = true;
		stream->has_begun = true;
		take(stream);
	} else if (c == ',' && stream->is_list && stream->needs_comma) {
		stream->needs_comma = false;
		stream->has_comma = true;
		take(stream);
	} else if (c == ']' && stream->is_list && !stream->has_comma) {
		stream->is_over = true;
		stream->is_list = false;
		take(stream);
	} else if (stream->is_over) {
		return fail(stream, err, "text behind the value");
	} else if (stream->is_list && stream->needs_comma) {
		return fail(stream, err, "expected ',' or ']'");
	} else if (c != '{') {
		return fail(stream, err, "expected an object");
	} else {
		*taken = false;
	}
	return 0;
}

static int
skip_mark_of_order(struct json_stream *stream, struct error *err)
{
	if (stream->has_begun || stream->line > 1 || stream->at > 0 ||
	    peek(stream, err) != 0xEF)
		return 0;
	while (stream->data.len < 3 && !stream->at_end)
		if (fill(stream, err) < 0)
			return -1;
	if (stream->data.len >= 3 &&
	    memcmp(stream->data.text, "\xEF\xBB\xBF", 3) == 0)
		stream->at = stream->line_start = 3;
	return 0;
}

/* Go to where the next value begins; *found is false at the end. */
static int
find_value(bool *found, struct json_stream *stream, struct error *err)
{
	bool taken = true;
	int c;

	*found = false;
	if (skip_mark_of_order(stream, err) < 0)
		return -1;
	while (taken) {
		c = peek(stream, err);
		if (c == -1 && stream->is_list)
			return fail(stream, err, "unexpected end of text");
		if (c < 0)
			return c == -1 ? 0 : -1;
		if (take_mark(stream, c, &taken, err) < 0)
			return -1;
	}
	*found = true;
	return 0;
}

/* How far a value was looked at. */
struct scan {
	size_t len;
	size_t depth;
	bool in_string, is_escaped;
};

/* Look at one more byte; true at the last one of the value. */
static bool
scan_byte(struct scan *scan, char c)
{
	scan->len++;
	if (scan->is_escaped) {
		scan->is_escaped = false;
	} else if (scan->in_string) {
		scan->is_escaped = c == '\\';
		scan->in_string = c != '"';
	} else if (c == '"') {
		scan->in_string = true;
	} else if (c == '{' || c == '[') {
		scan->depth++;
	} else if (c == '}' || c == ']') {
		scan->depth--;
	}
	return scan->depth == 0;
}

/*
 * Measure the value that begins here.  One that does not end is what is left:
 * the reader will say what is wrong with it.
 */
static int
measure(size_t *len, struct json_stream *stream, struct error *err)
{
	struct scan scan = { 0 };

	for (;;) {
		while (stream->at + scan.len < stream->data.len)
			if (scan_byte(&scan,
				stream->data.text[stream->at + scan.len])) {
				*len = scan.len;
				return 0;
			}
		*len = scan.len;
		if (stream->at_end)
			return 0;
		if (fill(stream, err) < 0)
			return -1;
	}
}

/* The value with blanks before it, so that columns are those of the line. */
static struct text
with_margin(const struct json_stream *stream, struct arena *arena, size_t len)
{
	size_t margin = (size_t)columns(stream);
	char *copy;

	if (margin > COLUMN_MAX)
		margin = 0;
	copy = arena_alloc(arena, margin + len + 1);
	memset(copy, ' ', margin);
	memcpy(copy + margin, stream->data.text + stream->at, len);
	return (struct text){ copy, margin + len };
}

int
json_stream_next(struct node **out, struct json_stream *stream,
    struct arena *arena, struct error *err)
{
	struct text text;
	size_t len;
	bool found;

	*out = NULL;
	if (find_value(&found, stream, err) < 0)
		return -1;
	if (!found)
		return 0;
	if (measure(&len, stream, err) < 0)
		return -1;
	text = with_margin(stream, arena, len);
	if (json_read(out, arena, text, stream->file, stream->line, err) < 0)
		return -1;
	while (len-- > 0)
		take(stream);
	stream->has_begun = true;
	stream->has_comma = false;
	stream->needs_comma = stream->is_list;
	return 0;
}
