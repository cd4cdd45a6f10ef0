#include "lib/store/position.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/file.h"

enum { LONG = 1500 * 1024, WINDOW = 64 * 1024 };

static char content[LONG + 1];
static struct file file;

static int
read_content(void *data, struct buf *out, int64_t offset, size_t len,
    struct error *err)
{
	(void)data;
	(void)err;
	if (offset < file.size)
		buf_add(out, content + offset,
		    offset + (int64_t)len > file.size
			? (size_t)(file.size - offset)
			: len);
	return 0;
}

/* A file of that size, read to its end. */
static struct position
start(int64_t size)
{
	struct position position = { 0 };
	struct error err;

	for (int i = 0; i < LONG; i++)
		content[i] = (char)('a' + i * 7 % 23);
	file = (struct file){ .fd = 0, .inode = 7, .size = size };
	file.modified_ns = 1;
	position_take(&position, &file, size);
	cr_assert(
	    position_move(&position, size, read_content, NULL, &err) == 0);
	return position;
}

static void
expect(const struct position *position, int64_t size,
    enum position_news expected)
{
	enum position_news news;
	struct position now = { 0 };
	struct error err;

	position_take(&now, &file, size);
	cr_assert(position_compare(&news, position, &now, read_content, NULL,
		      &err) == 0);
	cr_expect(eq(int, (int)news, (int)expected));
}

Test(position, tells_growth_from_none)
{
	struct position position = start(1000);

	expect(&position, 1000, POSITION_SAME);
	file.size = 1001;
	file.modified_ns = 2;
	expect(&position, 1001, POSITION_GREW);
	/* What is pending counts too. */
	file.size = 1000;
	expect(&position, 1010, POSITION_GREW);
}

Test(position, tells_a_file_that_was_cut_or_replaced)
{
	struct position position = start(1000);

	file.size = 999;
	expect(&position, 999, POSITION_CHANGED);
	file.size = 1000;
	file.inode = 8;
	expect(&position, 1000, POSITION_CHANGED);
	file = (struct file)FILE_NONE;
	expect(&position, 0, POSITION_CHANGED);
}

/* An edit within the same tick of the clock has the same time. */
Test(position, tells_an_edit_whatever_its_time)
{
	struct position position = start(1000);

	for (int i = 0; i < 1000; i++) {
		content[i] ^= 1;
		expect(&position, 1000, POSITION_CHANGED);
		file.size = 1100;
		expect(&position, 1100, POSITION_CHANGED);
		file.size = 1000;
		content[i] ^= 1;
	}
	file.modified_ns = 2;
	expect(&position, 1000, POSITION_SAME);
}

Test(position, tells_an_edit_far_up_by_its_time)
{
	struct position position = start(LONG);

	content[LONG - WINDOW] ^= 1;
	expect(&position, LONG, POSITION_CHANGED);
	content[LONG - WINDOW] ^= 1;
	content[0] ^= 1;
	file.modified_ns = 2;
	expect(&position, LONG, POSITION_CHANGED);
}

Test(position, does_not_take_a_change_that_is_carried_out_for_an_edit)
{
	struct position position = start(LONG);

	/* Half of it was pending, and stands in the file now. */
	position.real_size = LONG / 2;
	file.modified_ns = 2;
	expect(&position, LONG, POSITION_SAME);
}

Test(position, a_file_that_was_not_there_grows_from_nothing)
{
	struct position position = { 0 };

	start(10);
	expect(&position, 10, POSITION_GREW);
	expect(&position, 0, POSITION_SAME);
	cr_expect(ne(u64, position_sum("a", 1), position_sum("b", 1)));
	cr_expect(ne(u64, position_sum("\0", 1), position_sum("\0\0", 2)));
}

/* Step by step it comes to the same as at once. */
Test(position, moves_on)
{
	struct position position = { 0 }, at_once;
	struct error err;

	for (int64_t end = 0; end <= LONG; end += 1 + end / 9) {
		start(LONG);
		position_take(&position, &file, LONG);
		cr_assert(position_move(&position, end, read_content, NULL,
			      &err) == 0);
		at_once = (struct position){ 0 };
		cr_assert(position_move(&at_once, end, read_content, NULL,
			      &err) == 0);
		cr_assert(eq(u64, position.sum, at_once.sum));
		cr_assert(eq(u64, position.rest, at_once.rest));
		expect(&position, LONG,
		    end < LONG ? POSITION_GREW : POSITION_SAME);
		if (end == 0)
			continue;
		content[end - 1] ^= 1;
		expect(&position, LONG, POSITION_CHANGED);
	}
}
