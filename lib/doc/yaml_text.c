#include "lib/doc/yaml_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lib/base/utf8.h"
#include "lib/doc/source.h"

/*
 * libyaml takes NEL, LS, PS and a bare CR for line breaks, so what looks like
 * one line to everybody else would be two keys; and a byte order mark at the
 * start of a line shifts that line's columns.  Who writes YAML escapes them,
 * and control characters too.
 */
static const char *
refused_character(uint32_t code)
{
	if (code == '\r')
		return "a carriage return without a line feed";
	if (code == 0x85 || code == 0x2028 || code == 0x2029)
		return "an unescaped Unicode line break";
	if (code == 0xFEFF)
		return "a byte order mark within the text";
	if (code < 0x20 || (code >= 0x7F && code < 0xA0))
		return "a control character";
	return code == 0xFFFE || code == 0xFFFF ? "a noncharacter" : NULL;
}

static int
check_characters(const struct source *source)
{
	const char *text = source->text.data, *reason;
	size_t len = source->text.len, step;
	uint32_t code;

	for (size_t i = 0; i < len; i += step) {
		step = utf8_decode(&code, text + i, len - i);
		if (code == '\n' || code == '\t')
			continue;
		if (code == '\r' && i + 1 < len && text[i + 1] == '\n')
			continue;
		reason = refused_character(code);
		if (reason)
			return source_fail(source, source_place(source, i),
			    "%s (U+%04X)", reason, (unsigned int)code);
	}
	return 0;
}

/* The first of text[i..len) that is no blank, or len. */
static size_t
skip_blanks(struct text text, size_t i)
{
	while (i < text.len && memchr(" \t\r", text.data[i], 3))
		i++;
	return i;
}

/* Where the line that text[i..len) starts with ends, past its line feed. */
static size_t
skip_line(struct text text, size_t i)
{
	const char *end;

	if (i == text.len)
		return i;
	end = memchr(text.data + i, '\n', text.len - i);
	return end ? (size_t)(end - text.data) + 1 : text.len;
}

/*
 * The first of text[i..len) that is neither blank nor in a comment, or len.
 * A comment needs a blank or the start of a line before it.
 */
static size_t
skip_comments(struct text text, size_t i)
{
	size_t at;

	for (; (at = skip_blanks(text, i)) < text.len; i = skip_line(text, at))
		if (text.data[at] != '\n' &&
		    (text.data[at] != '#' ||
			(at == i && i > 0 && text.data[i - 1] != '\n')))
			break;
	return at;
}

static bool
starts_line(struct text text, size_t i, const char *word)
{
	size_t len = strlen(word);

	return (i == 0 || text.data[i - 1] == '\n') && text.len - i >= len &&
	       memcmp(text.data + i, word, len) == 0;
}

/*
 * Directives stand before anything else but comments.  libyaml compares each
 * %TAG with all before it, so it must not see them.
 */
static int
check_directives(const struct source *source)
{
	size_t at = skip_comments(source->text, 0);

	if (!starts_line(source->text, at, "%"))
		return 0;
	return source_fail(source, source_place(source, at),
	    "directives are not allowed");
}

int
yaml_text_check(const struct source *source)
{
	if (check_characters(source) < 0)
		return -1;
	return check_directives(source);
}

/* libyaml ends a text without a line feed one line behind its last. */
static size_t
offset_of(struct text text, size_t line, size_t column)
{
	size_t offset = 0;
	uint32_t code;

	for (; line > 0; line--)
		offset = skip_line(text, offset);
	for (; column > 0 && offset < text.len; column--)
		offset +=
		    utf8_decode(&code, text.data + offset, text.len - offset);
	return offset;
}

/*
 * Behind the document may come comments and `...`.  This is our own to look
 * at: asked for more, libyaml would start on the next document, with its
 * directives.
 */
int
yaml_text_check_end(const struct source *source, size_t line, size_t column)
{
	struct text text = source->text;
	size_t at = skip_comments(text, offset_of(text, line, column));
	const char *reason = "text behind the end of the document";

	while (starts_line(text, at, "..."))
		at = skip_comments(text, at + 3);
	if (at == text.len)
		return 0;
	if (starts_line(text, at, "---"))
		reason = "a second document is not allowed";
	if (starts_line(text, at, "%"))
		reason = "directives are not allowed";
	return source_fail(source, source_place(source, at), "%s", reason);
}
