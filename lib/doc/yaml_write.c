#include "lib/doc/yaml_write.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/base/utf8.h"
#include "lib/doc/node.h"
#include "lib/doc/scalar.h"

enum {
	INDENT = 2,
	WIDTH = 80, /* past this column text is folded where it can be */
	ROOM_FOR_KEY = 122, /* code points: 128, less `!!str` and one */
	REPLACEMENT = 0xFFFD,
};

enum style {
	PLAIN,
	SINGLE_QUOTED,
	DOUBLE_QUOTED,
};

/* All that is written is ASCII, so a column is a number of bytes. */
struct writer {
	struct buf *out;
	size_t line_start;
};

static size_t
column(const struct writer *w)
{
	return w->out->len - w->line_start;
}

static void
break_line(struct writer *w)
{
	buf_putc(w->out, '\n');
	w->line_start = w->out->len;
}

static void
continue_line(struct writer *w, size_t indent)
{
	break_line(w);
	buf_fill(w->out, ' ', indent);
}

/*
 * Go to where an item or a key starts: further along the line when it opens
 * a collection that is itself an item (`- - a`), else on a line of its own.
 */
static void
start_entry(struct writer *w, size_t indent)
{
	if (column(w) > 0 && column(w) >= indent)
		break_line(w);
	buf_fill(w->out, ' ', indent - column(w));
}

/* Choice of style. */

static bool
is_special(char c)
{
	return c != '\n' && (c < ' ' || c > '~');
}

/* Whether only escapes can carry the text: it has a character that is not
 * printable ASCII, or a line with a blank at its start or end. */
static bool
needs_escapes(struct text text)
{
	char c, previous = '\0';

	for (size_t i = 0; i < text.len; i++) {
		c = text.data[i];
		if (is_special(c) || (c == ' ' && previous == '\n') ||
		    (c == '\n' && previous == ' '))
			return true;
		previous = c;
	}
	return false;
}

/* Whether text[at] is followed by a blank, or by nothing. */
static bool
ends_word(struct text text, size_t at)
{
	return at + 1 == text.len || text.data[at + 1] == ' ';
}

/* Whether the text starts with what YAML would take for its own. */
static bool
starts_as_syntax(struct text text)
{
	if (strchr("#,[]{}&*!|>'\"%@`", text.data[0]))
		return true;
	if (strchr("-?:", text.data[0]) && ends_word(text, 0))
		return true;
	return text.len >= 3 && (memcmp(text.data, "---", 3) == 0 ||
				    memcmp(text.data, "...", 3) == 0);
}

/* Whether a text without special characters needs no quotes.  What is empty
 * resolves to null. */
static bool
can_be_plain(struct text text)
{
	if (scalar_resolve(text.data, text.len) != SCALAR_STRING)
		return false;
	if (text.data[0] == ' ' || text.data[text.len - 1] == ' ' ||
	    memchr(text.data, '\n', text.len) || starts_as_syntax(text))
		return false;
	for (size_t i = 1; i < text.len; i++) {
		if (text.data[i] == ':' && ends_word(text, i))
			return false;
		if (text.data[i] == '#' && text.data[i - 1] == ' ')
			return false;
	}
	return true;
}

static enum style
style_of(struct text text)
{
	if (needs_escapes(text))
		return DOUBLE_QUOTED;
	return can_be_plain(text) ? PLAIN : SINGLE_QUOTED;
}

/* Scalars.  An indent of 0 stands for text that must not be folded. */

/* Whether text[at] is a space between two words; runs of spaces stay. */
static bool
is_single_space(struct text text, size_t at)
{
	return text.data[at] == ' ' && at > 0 && at + 1 < text.len &&
	       text.data[at - 1] != ' ' && text.data[at + 1] != ' ';
}

static void
write_plain(struct writer *w, struct text text, size_t indent)
{
	for (size_t i = 0; i < text.len; i++) {
		if (indent > 0 && column(w) > WIDTH && is_single_space(text, i))
			continue_line(w, indent);
		else
			buf_putc(w->out, text.data[i]);
	}
}

/*
 * In quotes a reader folds one line break to a space and drops one of
 * several, so the first of a group is written twice.
 */
static size_t
write_breaks(struct writer *w, struct text text, size_t at, size_t indent)
{
	size_t end = at;

	break_line(w);
	for (; end < text.len && text.data[end] == '\n'; end++)
		break_line(w);
	buf_fill(w->out, ' ', indent);
	return end - at;
}

static void
write_single_quoted(struct writer *w, struct text text, size_t indent)
{
	size_t i = 0;

	buf_putc(w->out, '\'');
	while (i < text.len) {
		if (text.data[i] == '\n') {
			i += write_breaks(w, text, i, indent);
			continue;
		}
		if (text.data[i] == '\'')
			buf_puts(w->out, "''");
		else if (indent > 0 && column(w) > WIDTH &&
			 is_single_space(text, i))
			continue_line(w, indent);
		else
			buf_putc(w->out, text.data[i]);
		i++;
	}
	buf_putc(w->out, '\'');
}

static void
write_escape(struct buf *out, uint32_t code)
{
	static const struct {
		uint32_t code;
		char letter;
	} letters[] = {
		{ '\0', '0' },
		{ '\a', 'a' },
		{ '\b', 'b' },
		{ '\t', 't' },
		{ '\n', 'n' },
		{ '\v', 'v' },
		{ '\f', 'f' },
		{ '\r', 'r' },
		{ 0x1B, 'e' },
		{ '"', '"' },
		{ '\\', '\\' },
		{ 0x85, 'N' },
		{ 0xA0, '_' },
		{ 0x2028, 'L' },
		{ 0x2029, 'P' },
	};

	buf_putc(out, '\\');
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (letters[i].code == code) {
			buf_putc(out, letters[i].letter);
			return;
		}
	if (code <= 0xFF)
		buf_printf(out, "x%02X", code);
	else if (code <= 0xFFFF)
		buf_printf(out, "u%04X", code);
	else
		buf_printf(out, "U%08X", code);
}

/* The code point at text[at], and its size; a byte that is no UTF-8 counts
 * as one that cannot be shown. */
static size_t
read_code(uint32_t *code, struct text text, size_t at)
{
	size_t size = utf8_decode(code, text.data + at, text.len - at);

	if (size > 0)
		return size;
	*code = REPLACEMENT;
	return 1;
}

/* A backslash at the end of a line joins it with the next, and keeps a space
 * at the start of that one. */
static void
fold_escaped(struct writer *w, char next, size_t indent)
{
	buf_putc(w->out, '\\');
	continue_line(w, indent);
	if (next == ' ')
		buf_putc(w->out, '\\');
}

/*
 * Folds happen before a space, before a character that stands behind an
 * escape, and behind an escape (which may end one column further out), but
 * not at the first and last character.
 */
static void
write_double_quoted(struct writer *w, struct text text, size_t indent)
{
	bool may_fold, escaped = false;
	size_t size;
	uint32_t c;

	buf_putc(w->out, '"');
	for (size_t i = 0; i < text.len; i += size) {
		size = read_code(&c, text, i);
		may_fold = indent > 0 && i > 0 && i + size < text.len;
		if (c < ' ' || c > '~' || c == '"' || c == '\\') {
			write_escape(w->out, c);
			if (may_fold && column(w) > WIDTH + 1)
				fold_escaped(w, text.data[i + size], indent);
			escaped = true;
			continue;
		}
		if (may_fold && column(w) > WIDTH && (c == ' ' || escaped))
			fold_escaped(w, text.data[i], indent);
		buf_putc(w->out, (char)c);
		escaped = false;
	}
	buf_putc(w->out, '"');
}

static void
write_text(struct writer *w, struct text text, size_t indent)
{
	enum style style = style_of(text);

	if (style == PLAIN)
		write_plain(w, text, indent);
	else if (style == SINGLE_QUOTED)
		write_single_quoted(w, text, indent);
	else
		write_double_quoted(w, text, indent);
}

/* A reader of YAML 1.1 knows a float by its dot: `1e-07` is `1.0e-07`. */
static void
write_float(struct buf *out, double value)
{
	struct buf digits = BUF_INIT;
	const char *exponent;

	number_repr(&digits, value);
	exponent = strchr(digits.text, 'e');
	if (strstr(digits.text, "inf") || strstr(digits.text, "nan")) {
		buf_puts(out, digits.text[0] == '-' ? "-." : ".");
		buf_puts(out, digits.text + (digits.text[0] == '-'));
	} else if (exponent && !strchr(digits.text, '.')) {
		buf_add(out, digits.text, (size_t)(exponent - digits.text));
		buf_puts(out, ".0");
		buf_puts(out, exponent);
	} else {
		buf_puts(out, digits.text);
	}
	buf_release(&digits);
}

/* The digits of a whole number: `+5` is 5 and `-0` is 0. */
static void
write_int(struct buf *out, struct text text)
{
	bool skip = text.data[0] == '+' || text_is(text, "-0");

	buf_add(out, text.data + skip, text.len - skip);
}

static void
write_scalar(struct writer *w, const struct node *node, size_t indent)
{
	if (node->type == NODE_STRING && node->verbatim != NODE_AS_YAML)
		write_text(w, node->text, indent);
	else if ((node->verbatim == NODE_AS_YAML ||
		     node->verbatim == NODE_AS_BOTH) &&
		 node->text.len > 0)
		/* Never folded: a reader drops the blanks at a line break. */
		buf_add(w->out, node->text.data, node->text.len);
	else if (node->type == NODE_BOOL)
		buf_puts(w->out, node->truth ? "true" : "false");
	else if (node->type == NODE_INT)
		write_int(w->out, node->text);
	else if (node->type == NODE_FLOAT)
		write_float(w->out, node->number);
	else
		buf_puts(w->out, "null");
}

/* Collections. */

static bool
is_collection(const struct node *node)
{
	return node->type == NODE_LIST || node->type == NODE_MAP;
}

static void write_list(struct writer *w, const struct node *list,
    size_t indent);
static void write_map(struct writer *w, const struct node *map, size_t indent);

/* Write what stands behind `-`, `key:` or `:`, a list with its own indent. */
static void
write_value(struct writer *w, const struct node *node, size_t indent,
    size_t list_indent)
{
	if (node->count > 0 && node->type == NODE_LIST) {
		write_list(w, node, list_indent);
		return;
	}
	if (node->count > 0) {
		write_map(w, node, indent);
		return;
	}
	if (column(w) > 0)
		buf_putc(w->out, ' ');
	if (is_collection(node))
		buf_puts(w->out, node->type == NODE_LIST ? "[]" : "{}");
	else
		write_scalar(w, node, indent);
}

static void
write_list(struct writer *w, const struct node *list, size_t indent)
{
	for (const struct node *item = list->first; item; item = item->next) {
		start_entry(w, indent);
		buf_putc(w->out, '-');
		write_value(w, item, indent + INDENT, indent + INDENT);
	}
}

/* Whether `key: ` will do.  Of the line breaks all but LF are two or three
 * bytes of UTF-8: U+0085, U+2028 and U+2029. */
static bool
is_simple_key(struct text key)
{
	uint32_t code;
	size_t size;

	if (key.len == 0 || utf8_count(key.data, key.len) > ROOM_FOR_KEY)
		return false;
	for (size_t i = 0; i < key.len; i += size) {
		size = read_code(&code, key, i);
		if (code == '\n' || code == 0x85 || code == 0x2028 ||
		    code == 0x2029)
			return false;
	}
	return true;
}

/* A list under a simple key is not indented against it; one behind the `: `
 * of another key is. */
static void
write_map(struct writer *w, const struct node *map, size_t indent)
{
	size_t list_indent;

	for (const struct node *child = map->first; child;
	     child = child->next) {
		start_entry(w, indent);
		if (is_simple_key(child->key)) {
			write_text(w, child->key, 0);
			list_indent = indent;
		} else {
			buf_puts(w->out, "? ");
			write_text(w, child->key, indent + INDENT);
			start_entry(w, indent);
			list_indent = indent + INDENT;
		}
		buf_putc(w->out, ':');
		write_value(w, child, indent + INDENT, list_indent);
	}
}

/* A plain scalar alone does not show where the document ends. */
static bool
is_open_ended(const struct node *node)
{
	if (is_collection(node))
		return false;
	return node->type != NODE_STRING || node->verbatim == NODE_AS_YAML ||
	       style_of(node->text) == PLAIN;
}

void
yaml_write(struct buf *out, const struct node *node)
{
	struct writer w = { out, out->len };

	write_value(&w, node, is_collection(node) ? 0 : INDENT, 0);
	buf_puts(out, is_open_ended(node) ? "\n...\n" : "\n");
}
