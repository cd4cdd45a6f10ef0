#include "lib/report/comparison.h"

#include "lib/core/variance.h"
#include "lib/render/table.h"

void
comparison_count(struct table *table, struct text name,
    const struct variance_count *count)
{
	double ratio;

	table_row(table);
	table_text(table, name);
	if (count->has_estimate)
		table_count(table, count->estimated);
	else
		table_null(table);
	table_count(table, count->actual);
	if (count->has_estimate)
		table_count(table, variance_delta(count));
	else
		table_null(table);
	if (variance_ratio(&ratio, count))
		table_number(table, ratio);
}

void
comparison_cost(struct table *table, struct text name,
    const struct variance_cost *cost)
{
	struct money delta;
	double ratio;

	table_row(table);
	table_text(table, name);
	if (cost->has_estimate)
		table_money(table, cost->exact_estimate);
	else
		table_null(table);
	table_money(table, cost->total);
	if (cost->has_estimate &&
	    money_sub(&delta, cost->total, cost->exact_estimate) == 0)
		table_money(table, delta);
	else
		table_null(table);
	if (variance_cost_ratio(&ratio, cost))
		table_number(table, ratio);
}
