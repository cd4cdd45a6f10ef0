#include "lib/render/chart.h"

#include "lib/base/buf.h"
#include "tests/unit/scratch.h"

static struct chart_cell
cell_of(double percent)
{
	return (struct chart_cell){ .is_allowed = true,
		.has_percent = true,
		.percent = percent };
}

Test(chart, colours_by_how_far_off_a_cell_is)
{
	const struct {
		double percent;
		int step;
	} cases[] = {
		{ 0, 4 },
		{ 5, 4 },
		{ -5, 4 },
		{ 5.1, 5 },
		{ -5.1, 3 },
		{ 25, 5 },
		{ 25.01, 6 },
		{ -30, 2 },
		{ 50.5, 7 },
		{ -60, 1 },
		{ 100, 7 },
		{ 100.5, 8 },
		{ 1e9, 8 },
		{ -99.9, 1 },
		{ -100, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct chart_cell cell = cell_of(cases[i].percent);

		cr_expect(eq(int, chart_step(&cell), cases[i].step), "%g",
		    cases[i].percent);
	}
}

Test(chart, colours_what_is_over_nothing_as_far_over)
{
	struct chart_cell over = { .is_allowed = true, .is_over = true };
	struct chart_cell nothing = { .is_allowed = true };

	cr_expect(eq(int, chart_step(&over), CHART_STEPS - 1));
	cr_expect(eq(int, chart_step(&nothing), CHART_MIDDLE));
}

static void
expect_label(struct chart_cell cell, const char *expected)
{
	struct buf out = BUF_INIT;

	chart_label(&out, &cell);
	SCRATCH_SAME(out.text, expected);
	buf_release(&out);
}

Test(chart, labels_cells_in_whole_percent)
{
	expect_label(cell_of(12.4), "+12");
	expect_label(cell_of(12.5), "+13");
	expect_label(cell_of(-12.5), "-13");
	expect_label(cell_of(0.4), "0");
	expect_label(cell_of(-0.4), "0");
	expect_label(cell_of(-100), "-100");
	expect_label(cell_of(999.4), "+999");
	expect_label(cell_of(1e12), ">999");
	expect_label((struct chart_cell){ .is_over = true }, ">0");
	expect_label((struct chart_cell){ .is_allowed = true }, "0");
}

Test(chart, ends_an_axis_at_a_round_number)
{
	const struct {
		double size, expected;
	} cases[] = {
		{ 0, 1 },
		{ -3, 1 },
		{ 1, 1 },
		{ 1.1, 1.5 },
		{ 9.1, 10 },
		{ 10, 10 },
		{ 0.031, 0.04 },
		{ 123456, 150000 },
		{ 7e-9, 8e-9 },
		{ 1.0 / 0.0, 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double off = chart_round(cases[i].size) - cases[i].expected;

		cr_expect(off <= 1e-9 * cases[i].expected &&
			      off >= -1e-9 * cases[i].expected,
		    "%g: %g", cases[i].size, chart_round(cases[i].size));
	}
}

Test(chart, finds_the_largest_size)
{
	const double sizes[] = { 1, -1, 7, 3 };

	cr_expect(eq(dbl, chart_largest(sizes, 4), 7));
	cr_expect(eq(dbl, chart_largest(sizes, 0), 0));
	cr_expect(eq(dbl, chart_largest(sizes + 1, 1), 0));
}
