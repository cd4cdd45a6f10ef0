#include "lib/render/chart.h"

#include <math.h>

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
