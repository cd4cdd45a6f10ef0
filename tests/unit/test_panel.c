#include "lib/render/panel.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/buf.h"

static void
expect_fit(const char *text, size_t rows, size_t columns, size_t tail,
    const char *expected)
{
	struct buf out = BUF_INIT;

	panel_fit(&out, text, (struct panel_size){ rows, columns }, tail);
	cr_expect(strcmp(out.text, expected) == 0, "%zu %zu: got\n%s", rows,
	    columns, out.text);
	buf_release(&out);
}

Test(panel, leaves_what_fits_as_it_is)
{
	expect_fit("head\na\nb\n", 3, 4, 0, "head\na\nb\n");
	expect_fit("", 3, 4, 0, "");
	expect_fit("no newline", 3, 10, 0, "no newline\n");
}

Test(panel, cuts_lines_that_are_too_wide)
{
	expect_fit("abcdef\nabc\n", 5, 4, 0, "abc>\nabc\n");
	expect_fit("abcdef\n", 5, 1, 0, ">\n");
	expect_fit("Größe-größer\nGröße\n", 5, 5, 0, "Größ>\nGröße\n");
}

Test(panel, counts_no_column_for_colour_and_ends_it_with_the_line)
{
	expect_fit("\033[1mabcd\033[0m\n", 2, 4, 0, "\033[1mabcd\033[0m\n");
	expect_fit("\033[1mabcde\033[0m\n", 2, 4, 0, "\033[1mabc>\033[0m\n");
}

Test(panel, says_how_many_rows_are_left_out)
{
	const char *text = "head\n1\n2\n3\n4\n5\ntotal\nnote\n";

	expect_fit(text, 8, 20, 2, text);
	expect_fit(text, 7, 20, 2,
	    "head\n1\n2\n3\n... 2 more rows\ntotal\nnote\n");
	expect_fit(text, 4, 20, 2, "head\n... 5 more rows\ntotal\nnote\n");
	expect_fit(text, 3, 20, 2, "... 6 more rows\ntotal\nnote\n");
	expect_fit(text, 2, 20, 2, "... 7 more rows\ntotal\n");
	expect_fit(text, 1, 20, 2, "... 8 more rows\n");
	expect_fit(text, 0, 20, 2, "");
	expect_fit("head\n1\n2\n", 2, 20, 0, "head\n... 2 more rows\n");
	expect_fit("head\n1\n2\n", 2, 7, 0, "head\n... 2 >\n");
}

static void
expect_draw(const char *frame, const char *before, const char *expected)
{
	struct buf out = BUF_INIT;

	panel_draw(&out, frame, before);
	cr_expect(strcmp(out.text, expected) == 0, "got %s", out.text + 1);
	buf_release(&out);
}

Test(panel, draws_only_lines_that_are_others)
{
	expect_draw("a\nb\n", NULL, "\033[2J\033[1;1Ha\033[K\033[2;1Hb\033[K");
	expect_draw("a\nb\n", "a\nb\n", "");
	expect_draw("a\nc\nd\n", "a\nb\nd\n", "\033[2;1Hc\033[K");
	expect_draw("a\n", "a\nb\nc\n", "\033[2;1H\033[K\033[3;1H\033[K");
	expect_draw("a\nb\n", "a\n", "\033[2;1Hb\033[K");
	expect_draw("ab\n", "abc\n", "\033[1;1Hab\033[K");
	expect_draw("\n\na\n", "\nb\n", "\033[2;1H\033[K\033[3;1Ha\033[K");
}

/* A terminal of a few rows that understands what the panel uses. */
struct screen {
	char rows[8][16];
	size_t row, column;
};

static void
take(struct screen *screen, const char *text)
{
	while (*text != '\0') {
		if (strncmp(text, "\033[2J", 4) == 0) {
			memset(screen->rows, 0, sizeof(screen->rows));
			text += 4;
		} else if (strncmp(text, "\033[K", 3) == 0) {
			screen->rows[screen->row][screen->column] = '\0';
			text += 3;
		} else if (*text == '\033') {
			cr_assert(
			    sscanf(text, "\033[%zu;1H", &screen->row) == 1);
			screen->row--;
			screen->column = 0;
			text = strchr(text, 'H') + 1;
		} else {
			screen->rows[screen->row][screen->column++] = *text++;
		}
	}
}

Test(panel, shows_the_frame_whatever_stood_there)
{
	static const char *const frames[] = { "", "a\n", "a\nb\n",
		"b\na\n\nc\n", "aaa\nb\n", "\n\n\n", "a\n\nb\n",
		"aa\nbb\ncc\ndd\n" };
	const size_t count = sizeof(frames) / sizeof(frames[0]);

	for (size_t i = 0; i < count * count; i++) {
		const char *before = frames[i / count];
		const char *after = frames[i % count];
		struct screen screen = { 0 }, wanted = { 0 };
		struct buf out = BUF_INIT;

		panel_draw(&out, before, NULL);
		panel_draw(&out, after, before);
		take(&screen, out.text);
		buf_reset(&out);
		panel_draw(&out, after, NULL);
		take(&wanted, out.text);
		for (size_t row = 0; row < 8; row++)
			cr_expect(strcmp(screen.rows[row], wanted.rows[row]) ==
				      0,
			    "%s over %s", after, before);
		buf_release(&out);
	}
}
