#include "lib/render/chart.h"

#include <math.h>

#include "lib/base/buf.h"

enum {
	MOST_SHOWN = 999, /* percent, of three figures */
};

/* 25 % is where a day counts as over. */
const int chart_bounds[CHART_MIDDLE] = { 5, 25, 50, 100 };

int
chart_step(const struct chart_cell *cell)
{
	double away = fabs(cell->percent);
	int step = 0;

	if (!cell->has_percent)
		return cell->is_over ? CHART_STEPS - 1 : CHART_MIDDLE;
	while (step < CHART_MIDDLE && away > chart_bounds[step])
		step++;
	/* Nothing used at all is as far as it goes. */
	if (cell->percent <= -100)
		step = CHART_MIDDLE;
	return cell->percent < 0 ? CHART_MIDDLE - step : CHART_MIDDLE + step;
}

void
chart_label(struct buf *out, const struct chart_cell *cell)
{
	double percent = cell->percent;
	int whole;

	if (!cell->has_percent) {
		buf_puts(out, cell->is_over ? ">0" : "0");
		return;
	}
	if (percent > MOST_SHOWN + 0.5) {
		buf_printf(out, ">%d", MOST_SHOWN);
		return;
	}
	whole = (int)(percent < 0 ? percent - 0.5 : percent + 0.5);
	buf_printf(out, whole == 0 ? "%d" : "%+d", whole);
}

double
chart_round(double size)
{
	static const double rounds[] = { 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 };
	const size_t count = sizeof(rounds) / sizeof(rounds[0]);
	double power = 1;

	if (!(size > 0) || !isfinite(size))
		return 1;
	while (power * 10 <= size)
		power *= 10;
	while (power > size)
		power /= 10;
	for (size_t i = 0; i < count; i++)
		if (size <= rounds[i] * power * (1 + 1e-9))
			return rounds[i] * power;
	return 10 * power;
}

double
chart_largest(const double *sizes, size_t count)
{
	double largest = 0;

	for (size_t i = 0; i < count; i++)
		if (sizes[i] > largest)
			largest = sizes[i];
	return largest;
}
