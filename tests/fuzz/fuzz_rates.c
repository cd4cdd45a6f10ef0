/*
 * A rate table and a name to look up in it: the name is the first line, the
 * table the rest.  What is read must be found as trying each entry in order
 * finds it, and priced without a wrap.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/core/rates.h"
#include "lib/core/rates_check.h"
#include "lib/core/rates_read.h"
#include "lib/core/rates_table.h"
#include "lib/core/tokens.h"
#include "lib/doc/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* The first entry for the name and time; *failed where a pattern ran away. */
static const struct rates_entry *
find_in_order(const struct rates_table *table, struct text name, struct when at,
    bool *failed)
{
	struct error err;
	bool matches;

	*failed = false;
	for (size_t i = 0; i < table->exact.count; i++)
		if (text_equal(table->exact.entry[i].match, name))
			return &table->exact.entry[i];
	for (size_t i = 0; i < table->patterns.count; i++) {
		const struct rates_entry *entry = &table->patterns.entry[i];

		*failed = rates_table_matches(&matches, entry, name, &err) < 0;
		if (*failed)
			return NULL;
		if (matches && rates_table_covers(entry, at))
			return entry;
	}
	return NULL;
}

static void
price_calls(struct rates *rates, const struct rates_table *table,
    struct text name)
{
	static const struct tokens calls[] = {
		{ .input = 1, .output = 1 },
		{ .input = INT64_MAX },
		{ .input = 300000,
		    .cache_read = 5,
		    .cache_write = 7,
		    .cache_write_1h = 9,
		    .output = 11 },
	};
	static const int64_t times[] = { INT64_MIN, 0, 1795305600000000,
		INT64_MAX - 1 };

	for (size_t t = 0; t < sizeof(times) / sizeof(times[0]); t++) {
		struct when at = { times[t] };
		const struct rates_entry *found, *wanted;
		struct money cost;
		struct error err;
		bool priced, failed;
		int rc;

		wanted = find_in_order(table, name, at, &failed);
		rc = rates_find(&found, rates, name, at, &err);
		must((rc < 0) == failed && (rc < 0 || found == wanted));
		for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
			rc = rates_price(&cost, &priced, rates, name, at,
			    &calls[i], &err);
			must(rc < 0 || cost.femto >= 0);
			must(rc < 0 || priced == (wanted != NULL));
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = memchr(text, '\n', size);
	struct arena arena = ARENA_INIT;
	struct text name, rest;
	struct rates_table *table;
	struct node *root;
	struct error err;

	if (!end)
		return 0;
	name = (struct text){ text, (size_t)(end - text) };
	rest = (struct text){ end + 1, size - name.len - 1 };
	if (yaml_read(&root, &arena, rest, "fuzz.yaml", 1, &err) == 0) {
		table = rates_read(&arena, "fuzz.yaml", root);
		price_calls(rates_new(&arena, table, NULL), table, name);
		rates_check(table, &arena);
	}
	arena_release(&arena);
	return 0;
}
