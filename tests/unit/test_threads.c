#include "lib/base/threads.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

struct part {
	int number;
	int square;
};

static void
work(void *data)
{
	struct part *part = data;

	part->square = part->number * part->number;
}

Test(threads, each_part_is_worked_at_once)
{
	struct part parts[THREADS_MAX] = { { 1, 0 }, { 2, 0 }, { 3, 0 },
		{ 4, 0 } };

	threads_run(work, parts, sizeof(parts[0]), 0);
	cr_expect(eq(int, parts[0].square, 0));
	threads_run(work, parts, sizeof(parts[0]), THREADS_MAX - 1);
	for (int i = 0; i < THREADS_MAX - 1; i++)
		cr_expect(eq(int, parts[i].square, (i + 1) * (i + 1)));
	cr_expect(eq(int, parts[THREADS_MAX - 1].square, 0));
	threads_run(work, parts, sizeof(parts[0]), THREADS_MAX);
	cr_expect(eq(int, parts[THREADS_MAX - 1].square, 16));
}

Test(threads, there_is_a_processor)
{
	cr_expect(ge(sz, threads_count(), 1));
	cr_expect(le(sz, threads_count(), THREADS_MAX));
}
