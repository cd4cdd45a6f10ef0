#include "lib/core/rates_use.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/core/rates.h"
#include "lib/core/rates_read.h"
#include "lib/core/rates_table.h"
#include "lib/doc/yaml.h"
#include "lib/store/settings.h"

static struct arena arena = ARENA_INIT;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(rates_use, .fini = release);

static struct rates *
workspace(void)
{
	struct rates_table *table = NULL;
	struct error err = { 0 };

	cr_assert(eq(int,
		      settings_rates_file(&table, &arena,
			  "testdata/rates/workspace.yaml", &err),
		      0),
	    "%s", err.text);
	cr_assert(zero(sz, table->problems.count[RATES_ERROR]));
	return rates_new(&arena, table, NULL);
}

static struct money
amount(const char *text)
{
	struct money money;

	cr_assert(money_parse(&money, text, strlen(text)) == MONEY_OK);
	return money;
}

Test(rates_use, prices_calls_and_units_of_a_resource)
{
	static const struct {
		const char *resource, *provider, *day;
		int64_t calls;
		const char *amount, *unit, *cost;
	} rows[] = {
		{ "api", "search-engine", "2026-05-01", 3, "0", NULL, "0.015" },
		/* Calls are priced whatever the unit of the amount. */
		{ "api", "search", "2026-05-01", 1, "9", "bytes", "0.005" },
		{ "api", "maps", "2026-05-01", 2, "1000", "bytes", "0.0041" },
		{ "api", "maps", "2026-05-01", 2, "0", NULL, "0.004" },
		{ "api", "maps", "2026-05-01", 2, "5", "tiles", "free" },
		{ "api", "maps", "2025-12-31", 2, "1000", "bytes", "free" },
		{ "api", "mapsx", "2026-05-01", 1, "0", NULL, "free" },
		{ "api", NULL, "2026-05-01", 1, "0", NULL, "free" },
		{ "cpu", NULL, "2026-05-01", 0, "2.5", "seconds",
		    "0.00003125" },
		{ "cpu", "any", "2026-05-01", 0, "2.5", "seconds",
		    "0.00003125" },
		{ "cpu", NULL, "2026-05-01", 0, "2.5", NULL, "free" },
		{ "cpu", NULL, "2026-05-01", 0, "2.5", "minutes", "free" },
		{ "disk", NULL, "2026-05-01", 1, "2.5", "seconds", "free" },
		/* 15 decimals, half to even. */
		{ "cpu", NULL, "2026-05-01", 0, "0.00000000004", "seconds",
		    "0" },
		{ "cpu", NULL, "2026-05-01", 0, "0.00000000012", "seconds",
		    "0.000000000000002" },
		{ "cpu", NULL, "2026-05-01", 0, "0.000000000120001", "seconds",
		    "0.000000000000002" },
		{ "cpu", NULL, "2026-05-01", 0, "0.00000000020001", "seconds",
		    "0.000000000000003" },
	};
	struct rates *rates = workspace();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rates_use use = { text_of(rows[i].resource),
			text_of(rows[i].provider), rows[i].calls,
			amount(rows[i].amount), text_of(rows[i].unit) };
		struct buf text = BUF_INIT;
		struct error err = { 0 };
		struct money cost;
		struct when at;
		bool priced;

		when_parse_day(&at, rows[i].day, strlen(rows[i].day));
		cr_assert(eq(int,
			      rates_use_price(&cost, &priced, rates, &use, at,
				  &err),
			      0),
		    "%s", err.text);
		if (priced)
			money_full(&text, cost);
		else
			buf_puts(&text, cost.femto == 0 ? "free" : "odd");
		cr_expect(strcmp(text.text, rows[i].cost) == 0,
		    "row %zu: %s, not %s", i, text.text, rows[i].cost);
		buf_release(&text);
	}
}

Test(rates_use, refuses_a_cost_that_does_not_fit)
{
	static const char table[] =
	    "resources:\n"
	    "- {resource: calls, per_call: 100000}\n"
	    "- {resource: units, per_unit: 3, unit: s}\n"
	    "- {resource: both, per_call: 10000, per_unit: 1, unit: s}\n";
	static const struct {
		const char *resource, *amount;
		int64_t calls;
		int result;
	} rows[] = {
		{ "calls", "0", INT64_MAX / 100, 0 },
		{ "calls", "0", INT64_MAX, -1 },
		{ "units", "56000000000000000000000", 0, 0 },
		{ "units", "57000000000000000000000", 0, -1 },
		{ "both", "90000000000000000000000", INT64_MAX, -1 },
		{ "both", "90000000000000000000000", INT64_MAX / 2, 0 },
	};
	struct error err = { 0 };
	struct node *root = NULL;
	struct rates *rates;

	cr_assert(zero(int,
	    yaml_read(&root, &arena, text_of(table), "w.yaml", 1, &err)));
	rates = rates_new(&arena, rates_read(&arena, "w.yaml", root), NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rates_use use = { text_of(rows[i].resource), TEXT_NULL,
			rows[i].calls, amount(rows[i].amount), TEXT("s") };
		struct money cost;
		bool priced;

		err.kind = ERROR_DATA;
		cr_expect(eq(int,
			      rates_use_price(&cost, &priced, rates, &use,
				  (struct when){ 0 }, &err),
			      rows[i].result),
		    "row %zu", i);
		cr_expect(eq(int, (int)err.kind, ERROR_DATA));
	}
}
