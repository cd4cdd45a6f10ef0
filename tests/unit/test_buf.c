#include "lib/base/buf.h"

#include <stdint.h>
#include <sysexits.h>

#include "tests/unit/scratch.h"

static struct buf buf = BUF_INIT;

static void
release(void)
{
	buf_release(&buf);
}

TestSuite(buf, .fini = release);

Test(buf, is_the_empty_text_at_first)
{
	cr_expect(eq(str, buf.text, ""));
	cr_expect(eq(sz, buf.len, 0));
	buf_add(&buf, NULL, 0);
	buf_fill(&buf, 'x', 0);
	buf_printf(&buf, "%s", "");
	buf_reset(&buf);
	cr_expect(eq(ptr, buf.text, buf_empty));
}

Test(buf, keeps_nuls_and_ends_in_one_that_does_not_count)
{
	buf_add(&buf, "a\0b", 3);
	buf_putc(&buf, '\0');
	buf_puts(&buf, "c");
	cr_expect(eq(sz, buf.len, 5));
	cr_expect(eq(int, memcmp(buf.text, "a\0b\0c", 6), 0));
}

/* One byte at a time and in large pieces, over many growths. */
Test(buf, grows_as_it_is_filled)
{
	for (size_t i = 0; i < 5000; i++) {
		buf_putc(&buf, (char)('a' + i % 26));
		cr_assert(buf.text[buf.len] == '\0');
	}
	buf_fill(&buf, '-', 100000);
	cr_expect(eq(sz, buf.len, 105000));
	for (size_t i = 0; i < buf.len; i++)
		cr_assert(
		    buf.text[i] == (i < 5000 ? (char)('a' + i % 26) : '-'));
	cr_expect(buf.size > buf.len);
}

Test(buf, makes_room_without_counting_it)
{
	char *room;

	buf_puts(&buf, "ab");
	room = buf_reserve(&buf, 1000);
	cr_expect(eq(ptr, room, buf.text + 2));
	cr_expect(eq(sz, buf.len, 2));
	cr_expect(eq(str, buf.text, "ab"));
	memset(room, 'c', 1000);
	buf_truncate(&buf, 1002);
	cr_expect(eq(sz, strlen(buf.text), 1002));
}

Test(buf, is_cut_and_emptied_but_keeps_its_memory)
{
	char *text;

	buf_puts(&buf, "abcdef");
	text = buf.text;
	buf_truncate(&buf, 3);
	cr_expect(eq(str, buf.text, "abc"));
	buf_reset(&buf);
	cr_expect(eq(str, buf.text, ""));
	cr_expect(eq(sz, buf.len, 0));
	buf_puts(&buf, "xyz");
	cr_expect(eq(ptr, buf.text, text));
}

Test(buf, prints_behind_what_is_there)
{
	buf_puts(&buf, "n=");
	buf_printf(&buf, "%03d,%s", 7, "seven");
	cr_expect(eq(str, buf.text, "n=007,seven"));
	buf_printf(&buf, "%09000d", 1);
	cr_expect(eq(sz, buf.len, 9011));
}

Test(buf, is_as_new_after_it_was_released)
{
	buf_puts(&buf, "abc");
	buf_release(&buf);
	cr_expect(eq(ptr, buf.text, buf_empty));
	cr_expect(eq(sz, buf.len, 0));
	cr_expect(eq(sz, buf.size, 0));
	buf_release(&buf);
	buf_puts(&buf, "d");
	cr_expect(eq(str, buf.text, "d"));
}

static void
take_too_much(void)
{
	buf_reserve(&buf, SIZE_MAX / 2);
}

Test(buf, ends_the_process_where_a_size_is_impossible)
{
	char text[100];
	int status = scratch_fork(take_too_much, text, sizeof(text));

	cr_expect(eq(int, status, EX_OSERR));
	cr_expect(eq(str, text, "meter: out of memory\n"));
}
