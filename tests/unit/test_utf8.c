#include "lib/base/utf8.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/text.h"

static void
expect_escaped(struct text text, enum utf8_screen screen, size_t limit,
    char *want)
{
	struct buf out = BUF_INIT;

	buf_puts(&out, "<");
	utf8_escape(&out, text.data, text.len, screen, limit);
	cr_expect(eq(str, out.text + 1, want));
	cr_expect(eq(sz, strlen(out.text), out.len), "a NUL came through");
	buf_release(&out);
}

Test(utf8, reads_back_every_code_point_it_writes)
{
	struct buf out = BUF_INIT;
	uint32_t back;

	for (uint32_t code = 0; code <= 0x10FFFF; code++) {
		if (code == 0xD800)
			code = 0xE000;
		buf_reset(&out);
		utf8_encode(&out, code);
		if (utf8_decode(&back, out.text, out.len) != out.len ||
		    back != code || utf8_valid(out.text, out.len) != out.len)
			cr_fatal("U+%04X", code);
	}
	buf_release(&out);
}

Test(utf8, writes_the_bytes_of_the_standard)
{
	struct buf out = BUF_INIT;

	utf8_encode(&out, 0x24);
	utf8_encode(&out, 0xA3);
	utf8_encode(&out, 0x20AC);
	utf8_encode(&out, 0x10348);
	cr_expect(eq(str, out.text, "$\xC2\xA3\xE2\x82\xAC\xF0\x90\x8D\x88"));
	cr_expect(eq(sz, utf8_count(out.text, out.len), 4));
	buf_release(&out);
}

Test(utf8, refuses_what_is_not_utf8)
{
	const struct text bad[] = {
		TEXT("\x80"),
		TEXT("\xBF"),
		TEXT("\xC0\x80"), /* overlong NUL */
		TEXT("\xC1\xBF"),
		TEXT("\xE0\x9F\xBF"),
		TEXT("\xF0\x8F\xBF\xBF"),
		TEXT("\xED\xA0\x80"), /* surrogates, first and last */
		TEXT("\xED\xBF\xBF"),
		TEXT("\xF4\x90\x80\x80"), /* above U+10FFFF */
		TEXT("\xF5\x80\x80\x80"),
		TEXT("\xF8\x88\x80\x80\x80"),
		TEXT("\xFE"),
		TEXT("\xFF"),
		TEXT("\xC2"), /* cut short */
		TEXT("\xE2\x82"),
		TEXT("\xF0\x90\x8D"),
		TEXT("\xC2"
		     "A"),
		TEXT("\xE2\x82"
		     "A"),
		TEXT("\xF0\x90\x8D\xC2"),
	};
	uint32_t code;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_expect(eq(sz, utf8_decode(&code, bad[i].data, bad[i].len),
			      0),
		    "row %zu", i);
		cr_expect(eq(sz, utf8_valid(bad[i].data, bad[i].len), 0),
		    "row %zu", i);
	}
}

Test(utf8, looks_no_further_than_the_length)
{
	uint32_t code = 42;

	for (size_t len = 1; len < 4; len++)
		cr_expect(
		    eq(sz, utf8_decode(&code, "\xF0\x90\x8D\x88", len), 0));
	cr_expect(eq(sz, utf8_valid("a\xC3\xA9", 2), 1));
	cr_expect(eq(u32, code, 42));
}

Test(utf8, says_where_the_valid_part_ends)
{
	char text[64];

	for (size_t bad = 0; bad < sizeof(text); bad++) {
		memset(text, 'a', sizeof(text));
		text[bad] = (char)0xFF;
		cr_expect(eq(sz, utf8_valid(text, sizeof(text)), bad));
	}
	cr_expect(eq(sz, utf8_valid("1234567\xC3\xA9 12345678\xC3", 19), 18));
	cr_expect(eq(sz, utf8_valid("", 0), 0));
}

Test(utf8, lets_plain_text_pass)
{
	char plain[0x7F - 0x20 + 1] = { 0 };

	for (int c = 0x20; c < 0x7F; c++)
		plain[c - 0x20] = (char)c;
	expect_escaped(text_of(plain), UTF8_ASCII, 0, plain);
	expect_escaped(text_of(plain), UTF8_PRINTABLE, 0, plain);
	expect_escaped(TEXT_NULL, UTF8_ASCII, 5, "");
}

Test(utf8, prints_foreign_letters_only_where_the_screen_does)
{
	char *text = "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x99\x82";

	expect_escaped(text_of(text), UTF8_PRINTABLE, 0, text);
	expect_escaped(text_of(text), UTF8_ASCII, 0,
	    "caf\\u{e9} \\u{20ac} \\u{1f642}");
}

Test(utf8, escapes_every_control_character)
{
	struct buf text = BUF_INIT;
	char want[8];

	for (uint32_t code = 0; code <= 0x9F; code++) {
		if (code == 0x20)
			code = 0x7F;
		buf_reset(&text);
		utf8_encode(&text, code);
		snprintf(want, sizeof(want), "\\x%02x", (unsigned)code);
		for (int screen = UTF8_ASCII; screen <= UTF8_PRINTABLE;
		     screen++)
			expect_escaped((struct text){ text.text, text.len },
			    (enum utf8_screen)screen, 0, want);
	}
	buf_release(&text);
}

Test(utf8, escapes_stray_bytes_one_by_one)
{
	expect_escaped(TEXT("a\xFF\xC3(\xE2\x82"), UTF8_PRINTABLE, 0,
	    "a\\xff\\xc3(\\xe2\\x82");
}

Test(utf8, escapes_what_moves_or_hides_text)
{
	/* Each range, and the neighbours of it that pass. */
	static const struct {
		uint32_t first, last;
		bool below, above;
	} ranges[] = {
		{ 0x00AD, 0x00AD, true, true },
		{ 0x061C, 0x061C, true, true },
		{ 0x180E, 0x180E, true, true },
		{ 0x200B, 0x200F, true, true },
		{ 0x2028, 0x202E, true, true },
		{ 0x2060, 0x206F, true, true },
		{ 0xE000, 0xF8FF, false, true },
		{ 0xFDD0, 0xFDEF, true, true },
		{ 0xFEFF, 0xFEFF, true, true },
		{ 0xFFF9, 0xFFFB, true, true },
		{ 0xFFFE, 0xFFFF, true, true },
		{ 0x1FFFE, 0x1FFFF, true, true },
		{ 0xE0000, 0xE007F, false, true },
		{ 0xEFFFE, 0x10FFFF, true, false },
	};
	struct buf text = BUF_INIT, out = BUF_INIT, want = BUF_INIT;

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		buf_reset(&text);
		buf_reset(&out);
		buf_reset(&want);
		if (ranges[i].below)
			utf8_encode(&text, ranges[i].first - 1);
		buf_add(&want, text.text, text.len);
		for (uint32_t c = ranges[i].first; c <= ranges[i].last; c++) {
			utf8_encode(&text, c);
			buf_printf(&want, "\\u{%x}", (unsigned)c);
		}
		if (ranges[i].above) {
			utf8_encode(&text, ranges[i].last + 1);
			utf8_encode(&want, ranges[i].last + 1);
		}
		utf8_escape(&out, text.text, text.len, UTF8_PRINTABLE, 0);
		cr_expect(eq(str, out.text, want.text), "row %zu", i);
	}
	buf_release(&text);
	buf_release(&out);
	buf_release(&want);
}

Test(utf8, cuts_a_long_text_between_escapes)
{
	expect_escaped(TEXT("abcdef"), UTF8_ASCII, 6, "abcdef");
	expect_escaped(TEXT("abcdefg"), UTF8_ASCII, 6, "abc...");
	expect_escaped(TEXT("ab\x1b"
			    "c"),
	    UTF8_ASCII, 6, "ab...");
	expect_escaped(TEXT("ab\x1b"), UTF8_ASCII, 6, "ab\\x1b");
	expect_escaped(TEXT("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"),
	    UTF8_PRINTABLE, 4, "\xC3\xA9...");
	expect_escaped(TEXT("abc"), UTF8_ASCII, 2, "..");
	expect_escaped(TEXT("\x1b\x1b"), UTF8_ASCII, 5, "...");
}
