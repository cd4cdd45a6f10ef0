#include "lib/render/svg.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/render/chart.h"
#include "tests/unit/scratch.h"

static struct buf out = BUF_INIT;

static void
release(void)
{
	buf_release(&out);
}

TestSuite(svg, .fini = release);

static void
expect_in(const char *part)
{
	cr_expect(strstr(out.text, part) != NULL, "%s\nis not in\n%s", part,
	    out.text);
}

Test(svg, draws_a_bar_of_a_share)
{
	svg_bar(&out, 0.625);
	expect_in("aria-hidden=\"true\"");
	expect_in("<rect width=\"625\" height=\"1\"/>");
}

Test(svg, shows_what_is_hardly_anything_but_not_nothing)
{
	svg_bar(&out, 1e-9);
	expect_in("<rect width=\"4\"");
	buf_reset(&out);
	svg_bar(&out, 0);
	expect_in("<rect width=\"0\"");
}

Test(svg, describes_with_ids)
{
	svg_describe(&out, "x", TEXT("a<b"), TEXT("c\"d"));
	SCRATCH_SAME(out.text, "<title id=\"x-t\">a&lt;b</title>\n"
			       "<desc id=\"x-d\">c&quot;d</desc>\n");
	buf_reset(&out);
	svg_describe(&out, "x", TEXT("a"), TEXT(""));
	SCRATCH_SAME(out.text, "<title id=\"x-t\">a</title>\n");
}

/* Two days, the second without any: a gap in the first series, and no tip. */
static void
draw_stack(void)
{
	const double first[] = { 2, 0 }, second[] = { 1, 0 };
	const double sizes[] = { 3, 0 };
	const struct text places[] = { TEXT("2026-11-20"), TEXT("2026-11-21") };
	const struct text totals[] = { TEXT("$3.0000"), TEXT_NULL };
	const struct text details[] = { TEXT("$3.0000: <m> $2.0000"),
		TEXT_NULL };
	const struct chart_series series[] = {
		{ TEXT("<m>"), TEXT("$2.0000"), first },
		{ TEXT("n"), TEXT("$1.0000"), second },
	};
	const struct chart_stack chart = { .id = "stack",
		.title = "Cost",
		.unit = "$",
		.place_count = 2,
		.places = places,
		.sizes = sizes,
		.totals = totals,
		.details = details,
		.series_count = 2,
		.series = series };

	svg_stack(&out, &chart, 4);
}

Test(svg, piles_series_upon_each_other)
{
	draw_stack();
	expect_in("viewBox=\"0 0 20 1000\"");
	expect_in("role=\"img\" aria-labelledby=\"stack-t stack-d\"");
	expect_in("class=\"s1\" d=\"M1 500h8v500h-8z\"");
	expect_in("class=\"s2\" d=\"M1 250h8v250h-8z\"");
}

Test(svg, says_what_a_pile_comes_to)
{
	draw_stack();
	expect_in("<desc id=\"stack-d\">2026-11-20: $3.0000</desc>");
	expect_in("<title>2026-11-20: $3.0000: &lt;m&gt; $2.0000</title>");
	cr_expect(strstr(out.text, "2026-11-21") == NULL, "%s", out.text);
}

Test(svg, draws_lines_with_gaps)
{
	const double allowed[] = { 10, 10, -1 }, used[] = { 5, -1, 20 };
	const struct text places[] = { TEXT("a"), TEXT("b"), TEXT("c") };
	const struct text texts[] = { TEXT("5 of 10"), TEXT_NULL, TEXT("20") };
	struct chart_lines chart = { .name = TEXT("quest:<q>"),
		.place_count = 3,
		.places = places,
		.allowed = allowed,
		.used = used,
		.texts = texts };

	svg_lines(&out, &chart, "l", 20);
	expect_in("class=\"allowed\" vector-effect=\"non-scaling-stroke\" "
		  "d=\"M0 500h10V500h10\"");
	expect_in("class=\"used\" vector-effect=\"non-scaling-stroke\" "
		  "d=\"M0 750h10M20 0h10\"");
	expect_in("<title id=\"l-t\">quest:&lt;q&gt;</title>");
	expect_in("<desc id=\"l-d\">a: 5 of 10; c: 20</desc>");
	buf_reset(&out);
	chart.is_over = true;
	svg_lines(&out, &chart, "l", 20);
	expect_in("class=\"used over\"");
}

Test(svg, says_so_where_there_is_nothing)
{
	const struct chart_lines chart = { .name = TEXT("x") };

	svg_lines(&out, &chart, "l", 1);
	expect_in("<desc id=\"l-d\">nothing</desc>");
}
