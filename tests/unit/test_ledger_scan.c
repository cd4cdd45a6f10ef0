#include "lib/store/ledger_scan.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	LENGTH = 70,
	CELLS = 8,
};

/* Whether a byte is what plain lines are made of. */
static bool
is_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"';
}

/* Look at each byte by itself. */
static void
expect_same(const char *line, size_t len)
{
	struct text cells[CELLS] = { TEXT_NULL };
	struct ledger_scan scan =
	    ledger_scan(cells, CELLS, (struct text){ line, len });
	size_t plain = 0, start = 0, count = 0;

	while (plain < len && is_plain(line[plain]))
		plain++;
	/* It may stop early, but only where something is not plain. */
	cr_assert(le(sz, scan.plain, plain));
	if (plain == len)
		cr_assert(eq(sz, scan.plain, len));
	for (size_t i = 0; i < scan.plain && count < CELLS; i++) {
		if (line[i] != ',')
			continue;
		cr_assert(lt(sz, count, scan.count));
		cr_assert(cells[count].data == line + start);
		cr_assert(eq(sz, cells[count].len, i - start));
		start = i + 1;
		count++;
	}
	cr_assert(eq(sz, scan.count, count));
	cr_assert(eq(sz, scan.next, start));
}

Test(ledger_scan, finds_cells_at_any_place_of_lines_of_any_length)
{
	static const char odd[] = { '"', '\0', '\t', '\x1F', '\x7F', '\x80',
		'\xC2', '\xFF', '~', ' ' };
	char *line;

	for (size_t len = 0; len <= LENGTH; len++)
		for (size_t place = 0; place <= len; place++)
			for (size_t i = 0; i < sizeof(odd); i++) {
				/* Of that length, so that sanitizers see
				 * what is read behind it. */
				line = malloc(len + 1);
				for (size_t j = 0; j < len; j++)
					line[j] =
					    j % 11 == place % 11 ? ',' : 'x';
				expect_same(line, len);
				line[place] = odd[i];
				expect_same(line, place < len ? len : place);
				free(line);
			}
}
