#include "lib/render/panel.h"

#include <stdbool.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/utf8.h"

#define ESCAPE '\033'
#define PLAIN "\033[0m"

/* The length of the line at text, without its newline. */
static size_t
line_length(const char *text)
{
	return strcspn(text, "\n");
}

/* The line behind this one, or the end of the text. */
static const char *
next_line(const char *text)
{
	text += line_length(text);
	return *text == '\n' ? text + 1 : text;
}

static size_t
count_lines(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text = next_line(text))
		count++;
	return count;
}

/*
 * The length of what stands at text: a colour, which takes no column, or one
 * character.
 */
static size_t
item_length(const char *text, size_t len, bool *is_colour)
{
	uint32_t code;
	size_t size;

	*is_colour = *text == ESCAPE;
	if (*is_colour) {
		size = strcspn(text, "m") + 1;
		return size < len ? size : len;
	}
	size = utf8_decode(&code, text, len);
	return size > 0 ? size : 1;
}

/* How many columns a line takes. */
static size_t
line_width(const char *text, size_t len)
{
	size_t width = 0;
	bool is_colour;

	for (size_t at = 0; at < len;) {
		at += item_length(text + at, len - at, &is_colour);
		width += !is_colour;
	}
	return width;
}

/* Append a line, cut to so many columns, with its newline. */
static void
put_line(struct buf *out, const char *text, size_t columns)
{
	size_t len = line_length(text), width = 0, size;
	bool is_cut = line_width(text, len) > columns, is_colour;
	bool has_colour = false;

	for (size_t at = 0; at < len && width + is_cut < columns; at += size) {
		size = item_length(text + at, len - at, &is_colour);
		buf_add(out, text + at, size);
		has_colour |= is_colour;
		width += !is_colour;
	}
	if (is_cut)
		buf_putc(out, '>');
	if (has_colour)
		buf_puts(out, PLAIN);
	buf_putc(out, '\n');
}

static const char *
put_lines(struct buf *out, const char *text, size_t count, size_t columns)
{
	for (; count > 0; count--, text = next_line(text))
		put_line(out, text, columns);
	return text;
}

void
panel_fit(struct buf *out, const char *text, struct panel_size size,
    size_t tail)
{
	size_t lines = count_lines(text), left, shown_tail, hidden;
	struct buf note = BUF_INIT;

	if (lines <= size.rows) {
		put_lines(out, text, lines, size.columns);
		return;
	}
	/* One line is to say what is left out. */
	left = size.rows > 0 ? size.rows - 1 : 0;
	shown_tail = tail < left ? tail : left;
	text = put_lines(out, text, left - shown_tail, size.columns);
	hidden = lines - left;
	buf_printf(&note, "... %zu more row%s\n", hidden,
	    hidden == 1 ? "" : "s");
	if (size.rows > 0)
		put_line(out, note.text, size.columns);
	buf_release(&note);
	for (size_t i = left - shown_tail; i < lines - tail; i++)
		text = next_line(text);
	put_lines(out, text, shown_tail, size.columns);
}

/*
 * The second screen, no cursor, and no line goes on in the next one: what is
 * wider on the screen than in characters is cut by the terminal.
 */
void
panel_enter(struct buf *out)
{
	buf_puts(out, "\033[?1049h\033[?25l\033[?7l");
}

void
panel_leave(struct buf *out)
{
	buf_puts(out, PLAIN "\033[?7h\033[?25h\033[?1049l");
}

void
panel_draw(struct buf *out, const char *frame, const char *before)
{
	size_t len, row = 1;

	if (!before)
		buf_puts(out, "\033[2J");
	if (!before)
		before = "";
	for (; *frame != '\0' || *before != '\0'; row++) {
		len = line_length(frame);
		if (*before == '\0' || len != line_length(before) ||
		    memcmp(frame, before, len) != 0) {
			buf_printf(out, "\033[%zu;1H", row);
			buf_add(out, frame, len);
			buf_puts(out, "\033[K");
		}
		frame = next_line(frame);
		before = next_line(before);
	}
}
