#include "lib/store/tasks_scan.h"

#include <stdint.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/utf8.h"
#include "lib/core/task.h"
#include "lib/core/usage.h"
#include "lib/doc/scalar.h"

#define HEAD "schema_version: 1\ntasks:\n"

enum {
	ID_MAX = 100, /* bytes of what stands on the line of an id */
};

struct scan {
	struct arena *arena;
	const char *at, *end;
};

/* Step over a text, where that comes next. */
static bool
skip(struct scan *scan, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(scan->end - scan->at) < len ||
	    memcmp(scan->at, text, len) != 0)
		return false;
	scan->at += len;
	return true;
}

/* Step over a line; its text is without the newline. */
static bool
take_line(struct scan *scan, struct text *line)
{
	const char *newline =
	    memchr(scan->at, '\n', (size_t)(scan->end - scan->at));

	if (!newline)
		return false;
	*line = (struct text){ scan->at, (size_t)(newline - scan->at) };
	scan->at = newline + 1;
	return true;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What stands anywhere within a plain scalar, and means nothing there. */
static bool
is_mark(char c)
{
	return c == '_' || c == '-' || c == '.' || c == '/' || c == '+' ||
	       c == '@' || c == '=';
}

/* Whether a text is a plain scalar without doubt, and a string. */
static bool
is_plain_string(struct text raw)
{
	enum scalar_kind kind;
	bool is_word = true;

	if (raw.len == 0 || !(is_letter(raw.data[0]) || is_digit(raw.data[0]) ||
				raw.data[0] == '_' || raw.data[0] == '/'))
		return false;
	for (size_t i = 0; i < raw.len; i++) {
		char c = raw.data[i];

		if (is_letter(c))
			continue;
		is_word = false;
		/* Neither `a: b` nor `a ` at the end of a line. */
		if (!is_digit(c) && !is_mark(c) &&
		    ((c != ' ' && c != ':') || i + 1 == raw.len ||
			raw.data[i + 1] == ' '))
			return false;
	}
	/* No other type begins with a letter, but for words such as `yes`. */
	if (is_letter(raw.data[0]) && !is_word)
		return true;
	kind = scalar_resolve(raw.data, raw.len);
	return kind == SCALAR_STRING || kind == SCALAR_TIMESTAMP;
}

static bool
is_printable(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < 0x20 || text.data[i] > 0x7E)
			return false;
	return true;
}

/* Decode count hex digits; false where they are no character of a name. */
static bool
add_code(struct buf *out, const char *digits, size_t count)
{
	uint32_t code = 0;

	for (size_t i = 0; i < count; i++) {
		const char *hex = "0123456789ABCDEF";
		const char *found = memchr(hex, digits[i], 16);

		if (!found)
			return false;
		code = code << 4 | (uint32_t)(found - hex);
	}
	if (code < 0xA0 || (code >= 0xD800 && code <= 0xDFFF) ||
	    code > 0x10FFFF)
		return false;
	utf8_encode(out, code);
	return true;
}

/* Decode what stands between double quotes. */
static bool
decode(struct buf *out, struct text raw)
{
	size_t i = 0, digits;

	while (i < raw.len) {
		char c = raw.data[i++];

		if (c == '"' || (c == '\\' && i == raw.len))
			return false;
		if (c != '\\') {
			buf_putc(out, c);
			continue;
		}
		c = raw.data[i++];
		digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
		if (digits == 0 && c != '"' && c != '\\')
			return false;
		if (digits == 0)
			buf_putc(out, c);
		else if (i + digits > raw.len ||
			 !add_code(out, raw.data + i, digits))
			return false;
		i += digits;
	}
	return true;
}

static bool
take_escaped(struct scan *scan, struct text *out, struct text raw)
{
	struct buf text = BUF_INIT;
	bool is_good = decode(&text, raw);

	if (is_good) {
		out->data = arena_copy(scan->arena, text.text, text.len);
		out->len = text.len;
	}
	buf_release(&text);
	return is_good;
}

/* The string that a scalar on one line stands for. */
static bool
take_string(struct scan *scan, struct text *out, struct text raw)
{
	const struct text inner = { raw.data + 1, raw.len - 2 };

	if (is_plain_string(raw)) {
		*out = raw;
		return raw.len <= USAGE_NAME_MAX;
	}
	if (raw.len < 3 || raw.data[0] != raw.data[raw.len - 1] ||
	    inner.len > USAGE_NAME_MAX || !is_printable(inner))
		return false;
	if (raw.data[0] == '"')
		return take_escaped(scan, out, inner) &&
		       out->len <= USAGE_NAME_MAX;
	*out = inner;
	return raw.data[0] == '\'' && !memchr(inner.data, '\'', inner.len);
}

static bool
take_id(struct scan *scan, struct text *out)
{
	struct text line;

	if (!skip(scan, "  ") || !take_line(scan, &line) || line.len < 2 ||
	    line.len > ID_MAX || line.data[line.len - 1] != ':')
		return false;
	line.len--;
	return take_string(scan, out, line);
}

/* A field's line; null is none. */
static bool
take_field(struct scan *scan, struct text *out, const char *name)
{
	struct text line;

	*out = TEXT_NULL;
	if (!skip(scan, "    ") || !skip(scan, name) || !skip(scan, ": ") ||
	    !take_line(scan, &line))
		return false;
	return text_is(line, "null") || take_string(scan, out, line);
}

static bool
take_task(struct scan *scan, struct task *task)
{
	struct text *const values[] = { &task->workstream, &task->quest,
		&task->repo, &task->status, &task->status_at };

	if (!take_id(scan, &task->id))
		return false;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (!take_field(scan, values[i], task_kind.fields[i]))
			return false;
	return true;
}

bool
tasks_scan(struct task_table *table, struct tasks_scan_place *place,
    struct text text)
{
	struct scan scan = { table->arena, text.data, text.data + text.len };
	struct tasks_scan_place found = { TEXT_NULL, text.len, text.len };
	size_t before;
	struct task task;

	if (!skip(&scan, HEAD) || scan.at == scan.end)
		return false;
	while (scan.at < scan.end) {
		const char *start = scan.at;

		before = table->count;
		if (!take_task(&scan, &task))
			return false;
		task_put(table, &task);
		/* Who stands there twice is told with both lines. */
		if (table->count == before)
			return false;
		if (place && text_equal(task.id, place->id)) {
			found.start = (size_t)(start - text.data);
			found.end = (size_t)(scan.at - text.data);
		}
	}
	if (place) {
		place->start = found.start;
		place->end = found.end;
	}
	return true;
}
