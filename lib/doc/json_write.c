#include "lib/doc/json_write.h"

#include <math.h>
#include <stdlib.h>

#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/base/utf8.h"
#include "lib/doc/node.h"

enum {
	INDENT = 2,
	REPLACEMENT = 0xFFFD,
};

/* One of the ways to lay a document out. */
struct style {
	const char *comma;
	const char *colon;
	bool over_lines;
	bool as_python; /* ASCII, keys sorted, floats by their repr */
};

static const struct style one_line = { ",", ":", false, false };
static const struct style pretty = { ",", ": ", true, false };
static const struct style python = { ", ", ": ", false, true };

/* The marks that turn the direction of what is shown around. */
static bool
turns_around(uint32_t code)
{
	return code == 0x061C || code == 0x200E || code == 0x200F ||
	       (code >= 0x202A && code <= 0x202E) ||
	       (code >= 0x2066 && code <= 0x2069);
}

/* Whether the code point stands for itself between quotes. */
static bool
is_literal(uint32_t code, const struct style *style)
{
	if (code < ' ' || code == '"' || code == '\\' || code == 0x7F)
		return false;
	if (style->as_python)
		return code < 0x7F;
	/* The C1 controls drive terminals too; the two separators end a line
	 * in older JavaScript. */
	return code != '<' && (code < 0x7F || code > 0x9F) && code != 0x2028 &&
	       code != 0x2029 && !turns_around(code);
}

static void
write_escape(struct buf *out, uint32_t code)
{
	static const char letters[] = { ['\b'] = 'b',
		['\t'] = 't',
		['\n'] = 'n',
		['\f'] = 'f',
		['\r'] = 'r',
		['"'] = '"',
		['\\'] = '\\' };

	if (code < sizeof(letters) && letters[code]) {
		buf_putc(out, '\\');
		buf_putc(out, letters[code]);
	} else if (code <= 0xFFFF) {
		buf_printf(out, "\\u%04x", code);
	} else {
		code -= 0x10000;
		buf_printf(out, "\\u%04x\\u%04x", 0xD800 + (code >> 10),
		    0xDC00 + (code & 0x3FF));
	}
}

/* How many bytes at the front of the text stand for themselves. */
static size_t
count_plain(struct text text, size_t from)
{
	size_t i = from;

	while (i < text.len && text.data[i] >= ' ' && text.data[i] < 0x7F &&
	       text.data[i] != '"' && text.data[i] != '\\' &&
	       text.data[i] != '<')
		i++;
	return i - from;
}

static void
write_string(struct buf *out, struct text text, const struct style *style)
{
	uint32_t code;
	size_t size;

	buf_putc(out, '"');
	for (size_t i = 0; i < text.len; i += size) {
		size = count_plain(text, i);
		buf_add(out, text.data + i, size);
		if (size > 0)
			continue;
		size = utf8_decode(&code, text.data + i, text.len - i);
		if (size == 0) {
			code = REPLACEMENT;
			size = 1;
		}
		if (is_literal(code, style))
			utf8_encode(out, code);
		else
			write_escape(out, code);
	}
	buf_putc(out, '"');
}

/* Python writes what is no JSON where a float is not finite. */
static void
write_float(struct buf *out, double value, const struct style *style)
{
	if (!style->as_python)
		number_plain(out, value);
	else if (isnan(value))
		buf_puts(out, "NaN");
	else if (isinf(value))
		buf_puts(out, value < 0 ? "-Infinity" : "Infinity");
	else
		number_repr(out, value);
}

static void
write_number(struct buf *out, const struct node *node,
    const struct style *style)
{
	struct text text = node->text;

	if (style->as_python && node->type == NODE_INT && text_is(text, "-0"))
		text = TEXT("0"); /* Python's int has no minus zero. */

	if (node->verbatim == NODE_AS_YAML)
		/* JSON has no such notation, and the value is not known. */
		write_string(out, text, style);
	else if (node->verbatim != NODE_COMPUTED && !style->as_python)
		buf_add(out, text.data, text.len);
	else if (node->type == NODE_FLOAT)
		write_float(out, node->number, style);
	else if (text.len > 0 && text.data[0] == '+')
		buf_add(out, text.data + 1, text.len - 1);
	else
		buf_add(out, text.data, text.len);
}

static void write_node(struct buf *out, const struct node *node,
    const struct style *style, size_t indent);

static void
start_line(struct buf *out, const struct style *style, size_t indent)
{
	if (!style->over_lines)
		return;
	buf_putc(out, '\n');
	buf_fill(out, ' ', indent);
}

static int
compare_keys(const void *left, const void *right)
{
	const struct node *const *a = left, *const *b = right;

	return text_compare((*a)->key, (*b)->key);
}

static void
write_children(struct buf *out, const struct node **children, size_t count,
    const struct style *style, size_t indent)
{
	bool is_map = children[0]->parent->type == NODE_MAP;

	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_puts(out, style->comma);
		start_line(out, style, indent);
		if (is_map) {
			write_string(out, children[i]->key, style);
			buf_puts(out, style->colon);
		}
		write_node(out, children[i], style, indent);
	}
}

static void
write_collection(struct buf *out, const struct node *node,
    const struct style *style, size_t indent)
{
	bool is_map = node->type == NODE_MAP;
	struct buf room = BUF_INIT;
	const struct node **children;
	size_t count = 0;

	children = (void *)buf_reserve(&room, node->count * sizeof(*children));
	for (const struct node *child = node->first; child; child = child->next)
		children[count++] = child;
	if (is_map && style->as_python)
		qsort(children, count, sizeof(*children), compare_keys);

	buf_putc(out, is_map ? '{' : '[');
	write_children(out, children, count, style, indent + INDENT);
	start_line(out, style, indent);
	buf_putc(out, is_map ? '}' : ']');
	buf_release(&room);
}

static void
write_node(struct buf *out, const struct node *node, const struct style *style,
    size_t indent)
{
	if (node->count > 0) {
		write_collection(out, node, style, indent);
		return;
	}
	switch (node->type) {
	case NODE_NULL:
		buf_puts(out, "null");
		break;
	case NODE_BOOL:
		buf_puts(out, node->truth ? "true" : "false");
		break;
	case NODE_INT:
	case NODE_FLOAT:
		write_number(out, node, style);
		break;
	case NODE_STRING:
		write_string(out, node->text, style);
		break;
	case NODE_LIST:
		buf_puts(out, "[]");
		break;
	case NODE_MAP:
		buf_puts(out, "{}");
		break;
	}
}

void
json_write_text(struct buf *out, struct text text)
{
	write_string(out, text, &one_line);
}

void
json_write_line(struct buf *out, const struct node *node)
{
	write_node(out, node, &one_line, 0);
}

void
json_write_pretty(struct buf *out, const struct node *node)
{
	write_node(out, node, &pretty, 0);
	buf_putc(out, '\n');
}

void
json_write_python(struct buf *out, const struct node *node)
{
	write_node(out, node, &python, 0);
}
