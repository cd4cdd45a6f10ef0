#include "lib/report/mark.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/report/lines.h"

#define OPEN "<!--"
#define CLOSE "-->"
#define NAME "meter:summary"

static bool
stands_for_itself(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || memchr("._:/-", c, 5);
}

/* Two hyphens in a row have no place in a comment. */
static void
put_scope(struct buf *out, struct text scope)
{
	for (size_t i = 0; i < scope.len; i++)
		if (stands_for_itself(scope.data[i]) &&
		    !(scope.data[i] == '-' && out->text[out->len - 1] == '-'))
			buf_putc(out, scope.data[i]);
		else
			buf_printf(out, "%%%02X", (unsigned char)scope.data[i]);
}

void
mark_put(struct buf *out, struct text scope, bool is_end)
{
	buf_puts(out, OPEN " " NAME " ");
	put_scope(out, scope);
	buf_puts(out, is_end ? " end " CLOSE : " begin " CLOSE);
}

/* Take the blanks at the start of the text away; false where there are none. */
static bool
skip_blanks(struct text *text)
{
	size_t count = 0;

	while (count < text->len && memchr(" \t", text->data[count], 2))
		count++;
	text->data += count;
	text->len -= count;
	return count > 0;
}

/* Take the word at the start of the text away. */
static struct text
take_word(struct text *text)
{
	struct text word = { text->data, 0 };

	while (word.len < text->len && text->data[word.len] > ' ' &&
	       text->data[word.len] < '\x7f' && text->data[word.len] != '<' &&
	       text->data[word.len] != '>')
		word.len++;
	text->data += word.len;
	text->len -= word.len;
	return word;
}

/* Take a word that must stand at the start of the text away. */
static bool
skip_word(struct text *text, const char *word)
{
	size_t len = strlen(word);

	if (!lines_begins(*text, word))
		return false;
	text->data += len;
	text->len -= len;
	return true;
}

/*
 * Read the mark of which rest is what follows `<!-- meter:summary`; false
 * where it is damaged.  rest is then behind it.
 */
static bool
read_mark(struct mark *mark, struct text *rest)
{
	if (!skip_blanks(rest))
		return false;
	mark->scope = take_word(rest);
	if (mark->scope.len == 0 || !skip_blanks(rest))
		return false;
	mark->is_end = skip_word(rest, "end");
	if (!mark->is_end && !skip_word(rest, "begin"))
		return false;
	skip_blanks(rest);
	return skip_word(rest, CLOSE);
}

int
mark_find(struct mark *mark, struct text *rest)
{
	const char *open;

	while ((open = memmem(rest->data, rest->len, OPEN, strlen(OPEN)))) {
		rest->len -= (size_t)(open - rest->data) + strlen(OPEN);
		rest->data = open + strlen(OPEN);
		skip_blanks(rest);
		if (!skip_word(rest, NAME))
			continue;
		/* `meter:summary-of` is a word of somebody else's. */
		if (rest->len > 0 && stands_for_itself(rest->data[0]))
			continue;
		if (!read_mark(mark, rest))
			return -1;
		mark->start = open;
		mark->end = rest->data;
		return 1;
	}
	return 0;
}

/* The value of a hexadecimal digit; -1 where it is none. */
static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
mark_is_of(const struct mark *mark, struct text scope)
{
	struct text word = mark->scope;
	size_t at = 0;
	char c;

	for (size_t i = 0; i < word.len; i++) {
		c = word.data[i];
		if (c == '%' && i + 2 < word.len &&
		    digit(word.data[i + 1]) >= 0 &&
		    digit(word.data[i + 2]) >= 0) {
			c = (char)(digit(word.data[i + 1]) * 16 +
				   digit(word.data[i + 2]));
			i += 2;
		}
		if (at == scope.len || scope.data[at++] != c)
			return false;
	}
	return at == scope.len;
}
