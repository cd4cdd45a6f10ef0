#include "lib/store/runs_items.h"

#include "lib/base/file.h"
#include "tests/unit/scratch.h"

static struct scratch s;
static struct file file = FILE_NONE;

static void
begin(void)
{
	scratch_begin(&s);
}

static void
end(void)
{
	file_close(&file);
	scratch_end(&s);
}

TestSuite(runs_items, .init = begin, .fini = end, .timeout = 60);

static void
open_with(struct text text)
{
	bool found;

	file_close(&file);
	scratch_write_text(&s, "f", text);
	cr_assert(file_open(&file, &s.dir, "f", &found, &s.err) == 0 && found);
}

/* Each item with its line, with '|' for a newline. */
static char *
items_of(const char *text, int64_t from, int64_t to)
{
	struct runs_items items;
	struct buf out = BUF_INIT;
	struct text item;
	char *copy;
	int line;

	open_with(text_of(text));
	runs_items_start(&items, &file, from, to < 0 ? file.size : to, 10);
	for (;;) {
		int64_t at = runs_items_position(&items);

		cr_assert(runs_items_next(&item, &line, &items, &s.err) == 0);
		if (!item.data)
			break;
		cr_expect(memcmp(text + at, item.data, item.len) == 0);
		buf_printf(&out, "<%d:", line);
		for (size_t i = 0; i < item.len; i++)
			buf_putc(&out,
			    item.data[i] == '\n' ? '|' : item.data[i]);
		buf_putc(&out, '>');
	}
	runs_items_release(&items);
	copy = arena_copy(&s.arena, out.text, out.len);
	buf_release(&out);
	return copy;
}

Test(runs_items, end_before_a_line_that_begins_with_no_blank)
{
	static const struct {
		const char *text, *items;
	} cases[] = {
		{ "", "" },
		{ "- a\n", "<10:- a|>" },
		{ "- a", "<10:- a>" },
		{ "- a\n- b\n", "<10:- a|><11:- b|>" },
		{ "- a\n  x\n\n  y\n- b\n  z\n",
		    "<10:- a|  x||  y|><14:- b|  z|>" },
		{ "- a\n- b", "<10:- a|><11:- b>" },
		{ "- a\n\n\n- b\n\n", "<10:- a|||><13:- b||>" },
		{ "- a\nkey: 1\n", "<10:- a|><11:key: 1|>" },
		{ "- a\n# c\n- b\n", "<10:- a|><11:# c|><12:- b|>" },
		{ "\n- a\n", "<10:|><11:- a|>" },
		{ "  x\n- a\n", "<10:  x|><11:- a|>" },
		{ "- a\n\t\n", "<10:- a|><11:\t|>" },
		{ "- a\n-", "<10:- a|><11:->" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++)
		SCRATCH_SAME(items_of(cases[i].text, 0, -1), cases[i].items);
}

Test(runs_items, are_those_between_two_offsets)
{
	SCRATCH_SAME(items_of("head\n- a\n- b\n- c\n", 5, 13),
	    "<10:- a|><11:- b|>");
	SCRATCH_SAME(items_of("head\n- a\n- b\n", 9, -1), "<10:- b|>");
	SCRATCH_SAME(items_of("- a\n- b\n", 4, 4), "");
}

/* The window is 256 KiB; items of all lengths lie across its borders. */
Test(runs_items, are_whole_across_the_borders_of_the_window)
{
	static const size_t lengths[] = { 10, 1000, 100000, 262144, 262143,
		262145, 30, 600000, 5, 1500000, 7, 250000, 12144, 3 };
	struct buf text = BUF_INIT;
	struct runs_items items;
	struct text item;
	int line, expected = 1;

	for (size_t i = 0; i < SCRATCH_COUNT(lengths); i++) {
		buf_puts(&text, "- ");
		buf_fill(&text, (char)('a' + i), lengths[i]);
		buf_puts(&text, "\n  x\n");
	}
	open_with((struct text){ text.text, text.len });
	runs_items_start(&items, &file, 0, file.size, 1);
	for (size_t i = 0; i < SCRATCH_COUNT(lengths); i++) {
		cr_assert(runs_items_next(&item, &line, &items, &s.err) == 0);
		cr_assert(eq(sz, item.len, lengths[i] + 7));
		cr_expect(item.data[2] == (char)('a' + i));
		cr_expect(memcmp(item.data + item.len - 5, "\n  x\n", 5) == 0);
		cr_expect(eq(int, line, expected));
		expected += 2;
	}
	cr_expect(eq(i64, runs_items_position(&items), file.size));
	cr_assert(runs_items_next(&item, &line, &items, &s.err) == 0);
	cr_expect(item.data == NULL);
	runs_items_release(&items);
	buf_release(&text);
}

Test(runs_items, that_cannot_be_read_are_an_error)
{
	struct runs_items items;
	struct text item;
	int line;

	open_with(TEXT("- a\n"));
	runs_items_start(&items, &file, 0, file.size, 1);
	close(file.fd);
	scratch_expect(runs_items_next(&item, &line, &items, &s.err), &s.err,
	    ERROR_IO, "box/f: cannot read: Bad file descriptor");
	file.fd = -1;
	runs_items_release(&items);
}
