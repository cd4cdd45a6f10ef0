/*
 * The C side of money.py: reads a decimal text, a blank and a count a line;
 * writes how the text parsed and, where it did, in fields parted by tabs:
 * the amount in full, times the count (or `-`), as a double, for people,
 * then for 0 to 15 places the fixed and the rounded form.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/money.h"
#include "lib/base/number.h"

static void
answer(struct buf *out, struct money amount, int64_t count)
{
	struct money product;

	money_full(out, amount);
	buf_putc(out, '\t');
	if (money_times(&product, amount, count) < 0)
		buf_putc(out, '-');
	else
		money_full(out, product);
	buf_putc(out, '\t');
	number_repr(out, money_double(amount));
	buf_putc(out, '\t');
	money_people(out, amount);
	for (int places = 0; places <= 15; places++) {
		buf_putc(out, '\t');
		money_fixed(out, amount, places);
		buf_putc(out, '\t');
		money_full(out, money_round(amount, places));
	}
}

int
main(void)
{
	static const char *const parsed[] = { "ok\t", "rounded\t", "syntax",
		"range" };
	struct buf out = BUF_INIT;
	struct money amount = MONEY_ZERO;
	char *line = NULL, *blank;
	size_t size = 0;
	enum money_parsed how;

	while (getline(&line, &size, stdin) > 0) {
		blank = strrchr(line, ' ');
		if (!blank)
			return EXIT_FAILURE;
		buf_reset(&out);
		how = money_parse(&amount, line, (size_t)(blank - line));
		buf_puts(&out, parsed[how]);
		if (how == MONEY_OK || how == MONEY_ROUNDED)
			answer(&out, amount, strtoll(blank, NULL, 10));
		puts(out.text);
	}
	free(line);
	buf_release(&out);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
