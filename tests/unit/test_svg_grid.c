#include "lib/render/svg_grid.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/render/chart.h"
#include "tests/unit/scratch.h"

enum {
	DAYS_MOST = 40,
};

static struct buf out = BUF_INIT;

static void
release(void)
{
	buf_release(&out);
}

TestSuite(svg_grid, .fini = release);

static size_t
count_of(const char *part)
{
	size_t count = 0;

	for (const char *at = out.text; (at = strstr(at, part)); at++)
		count++;
	return count;
}

/* A scope: one day over with an alert, one without an allocation, the others
 * as allocated. */
static void
draw(enum svg_grid_layout layout, size_t days, struct text name)
{
	struct chart_cell cells[DAYS_MOST] = { 0 };
	struct text columns[DAYS_MOST];
	struct chart_grid grid = { .id = "heat",
		.title = "Variance",
		.row_count = 1,
		.column_count = days,
		.rows = &name,
		.columns = columns,
		.cells = cells };

	for (size_t i = 0; i < days; i++) {
		columns[i] = TEXT("2026-11-20");
		cells[i] = (struct chart_cell){ .is_allowed = i != 1,
			.has_percent = i != 1,
			.percent = i == 0 ? 38.2 : 0,
			.is_alert = i == 0,
			.text = TEXT("<q>: +38.2%") };
	}
	buf_reset(&out);
	svg_grid(&out, &grid, layout);
}

Test(svg_grid, is_a_file_of_its_own)
{
	draw(SVG_GRID_ALONE, 3, TEXT("quest:q-ri"));
	cr_expect(strncmp(out.text,
		      "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 39) == 0,
	    "%s", out.text);
	cr_expect(eq(sz, count_of("<style>"), 1));
	cr_expect(eq(sz, count_of("class=\"head\""), 1));
}

/* Whoever looks at it in the dark has light text: on a ground of its own. */
Test(svg_grid, a_file_has_its_own_ground)
{
	draw(SVG_GRID_ALONE, 3, TEXT("quest:q-ri"));
	cr_expect(eq(sz, count_of("<rect class=\"ground\" "), 1));
	cr_expect(eq(sz, count_of(".grid .ground{fill:#fff}"), 1));
	cr_expect(eq(sz, count_of(".grid .ground{fill:#181c20}"), 1));
	draw(SVG_GRID_WIDE, 3, TEXT("quest:q-ri"));
	cr_expect(eq(sz, count_of("ground"), 0));
}

/* Of 14 days the second has `+422`. */
static void
draw_wide_figure(enum svg_grid_layout layout)
{
	struct chart_cell cells[14] = { 0 };
	struct text columns[14], row = TEXT("quest:q-ri");
	struct chart_grid grid = { .id = "heat",
		.title = "Variance",
		.row_count = 1,
		.column_count = 14,
		.rows = &row,
		.columns = columns,
		.cells = cells };

	for (size_t i = 0; i < 14; i++) {
		columns[i] = TEXT("2026-11-20");
		cells[i] = (struct chart_cell){ .is_allowed = true,
			.has_percent = true,
			.percent = i == 1 ? 422 : 42 };
	}
	buf_reset(&out);
	svg_grid(&out, &grid, layout);
}

Test(svg_grid, a_figure_stays_within_a_narrow_cell)
{
	draw_wide_figure(SVG_GRID_NARROW);
	cr_expect(eq(sz, count_of("textLength=\"18\" "), 1), "%s", out.text);
	cr_expect(eq(sz, count_of("spacingAndGlyphs\">+422<"), 1));
	draw_wide_figure(SVG_GRID_WIDE);
	cr_expect(eq(sz, count_of("textLength"), 0));
}

Test(svg_grid, leaves_its_style_to_the_page)
{
	draw(SVG_GRID_WIDE, 3, TEXT("quest:q-ri"));
	cr_expect(eq(sz, count_of("<style>"), 0));
	cr_expect(eq(sz, count_of("xmlns"), 0));
	cr_expect(eq(sz, count_of("id=\"heat-t\""), 1));
	draw(SVG_GRID_NARROW, 3, TEXT("quest:q-ri"));
	cr_expect(eq(sz, count_of("id=\"heat-t\""), 0));
	cr_expect(eq(sz, count_of("id=\"heat-n-t\""), 1));
}

/* With the one in the legend. */
Test(svg_grid, marks_alerts_and_hatches_what_was_not_allocated)
{
	draw(SVG_GRID_WIDE, 3, TEXT("quest:q-ri"));
	cr_expect(eq(sz, count_of("class=\"mark\""), 2));
	cr_expect(eq(sz, count_of("url(#heat-h)"), 2));
	cr_expect(eq(sz, count_of("<rect class=\"h6\" x=\"230\""), 1));
	cr_expect(eq(sz, count_of(">+38</text>"), 1));
}

Test(svg_grid, is_a_table_to_who_cannot_see_it)
{
	draw(SVG_GRID_WIDE, 3, TEXT("quest:q-ri"));
	cr_expect(eq(sz, count_of("role=\"table\""), 1));
	cr_expect(eq(sz, count_of("role=\"row\""), 2));
	cr_expect(eq(sz, count_of("role=\"columnheader\""), 4));
	cr_expect(eq(sz, count_of("role=\"rowheader\""), 1));
	cr_expect(eq(sz, count_of("role=\"cell\""), 3));
	cr_expect(eq(sz,
	    count_of("<g role=\"cell\"><title>&lt;q&gt;: +38.2%</title>"), 3));
}

/* Many days are narrow, with no figures in them, and fewer days are named. */
Test(svg_grid, makes_room_for_many_days)
{
	draw(SVG_GRID_WIDE, DAYS_MOST, TEXT("quest:q-ri"));
	cr_expect(eq(sz, count_of("role=\"cell\""), DAYS_MOST));
	cr_expect(eq(sz, count_of(">+38</text>"), 0));
	cr_expect(eq(sz, count_of(">11-20</text>"), 14));
}

Test(svg_grid, cuts_names_and_makes_them_harmless)
{
	char name[1000];

	memset(name, 'W', sizeof(name));
	draw(SVG_GRID_WIDE, 3, (struct text){ name, sizeof(name) });
	cr_expect(eq(sz, count_of("WWW...</text></svg>"), 1));
	draw(SVG_GRID_WIDE, 3, TEXT("quest:<script>\""));
	cr_expect(eq(sz, count_of("<script"), 0));
	cr_expect(eq(sz, count_of(">quest:&lt;script&gt;&quot;</text>"), 1));
}

Test(svg_grid, draws_nothing_of_no_scope)
{
	struct chart_grid grid = { .id = "heat", .title = "Variance" };

	svg_grid(&out, &grid, SVG_GRID_ALONE);
	cr_expect(eq(sz, count_of("role=\"cell\""), 0));
	cr_expect(eq(sz, count_of("</svg>"), 1));
}
