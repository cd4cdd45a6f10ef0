/*
 * The C side of repr.py: reads doubles as sixteen hex digits a line, writes
 * four fields a line: repr, rounded to 4 and to 6 decimals, and plain.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/number.h"

static void
answer(struct buf *out, double value)
{
	number_repr(out, value);
	buf_putc(out, '\t');
	number_repr(out, number_round(value, 4));
	buf_putc(out, '\t');
	number_repr(out, number_round(value, 6));
	buf_putc(out, '\t');
	number_plain(out, value);
}

int
main(void)
{
	struct buf out = BUF_INIT;
	char line[64];
	uint64_t bits;
	double value;

	while (fgets(line, sizeof(line), stdin)) {
		bits = strtoull(line, NULL, 16);
		memcpy(&value, &bits, sizeof(value));
		buf_reset(&out);
		answer(&out, value);
		puts(out.text);
	}
	buf_release(&out);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
