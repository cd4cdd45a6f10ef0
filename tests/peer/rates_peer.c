/*
 * The C side of rates.py: given a rate table (`-`: none), which it lays over
 * the package's, reads a call a line (model, time, and the input, cache read,
 * cache write, one-hour write and output tokens, parted by tabs) and writes
 * its cost in full, `unknown`, or `error`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/money.h"
#include "lib/base/number.h"
#include "lib/base/when.h"
#include "lib/core/rates.h"
#include "lib/core/rates_package.h"
#include "lib/core/rates_table.h"
#include "lib/core/tokens.h"
#include "lib/store/settings.h"

enum {
	FIELDS = 7,
};

/* Part the line at its tabs; a line that has not all fields ends us. */
static void
part(struct text fields[FIELDS], char *line)
{
	for (int i = 0; i < FIELDS; i++) {
		char *end = line + strcspn(line, "\t\n");

		fields[i] = (struct text){ line, (size_t)(end - line) };
		if (i + 1 < FIELDS && *end != '\t')
			exit(EXIT_FAILURE);
		line = end + 1;
	}
}

static int64_t
count(struct text field)
{
	int64_t value;

	if (number_parse_count(&value, field.data, field.len) < 0)
		exit(EXIT_FAILURE);
	return value;
}

static void
answer(struct buf *out, struct rates *rates, char *line)
{
	struct text field[FIELDS];
	struct tokens tokens = { 0 };
	struct money cost;
	struct error err;
	struct when at;
	bool priced;

	part(field, line);
	if (when_parse(&at, field[1].data, field[1].len) < 0)
		exit(EXIT_FAILURE);
	tokens.input = count(field[2]);
	tokens.cache_read = count(field[3]);
	tokens.cache_write = count(field[4]);
	tokens.cache_write_1h = count(field[5]);
	tokens.output = count(field[6]);
	if (rates_price(&cost, &priced, rates, field[0], at, &tokens, &err) < 0)
		buf_puts(out, "error");
	else if (!priced)
		buf_puts(out, "unknown");
	else
		money_full(out, cost);
	buf_putc(out, '\n');
}

int
main(int argc, char **argv)
{
	struct rates_package package = rates_package_builtin();
	struct rates_table *table = NULL;
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT;
	struct error err;
	struct rates *rates;
	char *line = NULL;
	size_t size = 0;

	if (argc != 2)
		return EXIT_FAILURE;
	if (strcmp(argv[1], "-") != 0 &&
	    (settings_rates_file(&table, &arena, argv[1], &err) < 0 ||
		table->problems.count[RATES_ERROR] > 0))
		return EXIT_FAILURE;
	rates = rates_new(&arena, table, &package);
	while (getline(&line, &size, stdin) > 0) {
		buf_reset(&out);
		answer(&out, rates, line);
		fwrite(out.text, 1, out.len, stdout);
	}
	free(line);
	buf_release(&out);
	arena_release(&arena);
	return EXIT_SUCCESS;
}
