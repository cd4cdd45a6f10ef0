#include "lib/store/ledger_scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
	BLOCK = 16,
};

#ifdef __SSE2__

/* Set a bit for each comma; false where the block is not plain. */
static bool
look_at(uint32_t *commas, const char *block)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)block);
	/* As signed bytes all but ASCII is below the blank too. */
	__m128i odd = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')),
	    _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)),
		_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'))));

	*commas = (uint32_t)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(bytes, _mm_set1_epi8(',')));
	return _mm_movemask_epi8(odd) == 0;
}

#else

static bool
look_at(uint32_t *commas, const char *block)
{
	bool is_plain = true;

	*commas = 0;
	for (uint32_t i = 0; i < BLOCK; i++) {
		unsigned char c = (unsigned char)block[i];

		*commas |= (uint32_t)(c == ',') << i;
		is_plain &= c >= ' ' && c < 0x7F && c != '"';
	}
	return is_plain;
}

#endif

/* End a cell at each of the commas of the block that begins at place. */
static void
end_cells(struct ledger_scan *scan, struct text *cells, size_t max,
    const char *line, size_t place, uint32_t commas)
{
	size_t comma;

	for (; commas != 0 && scan->count < max; commas &= commas - 1) {
		comma = place + (size_t)__builtin_ctz(commas);
		cells[scan->count++] =
		    (struct text){ line + scan->next, comma - scan->next };
		scan->next = comma + 1;
	}
}

struct ledger_scan
ledger_scan(struct text *cells, size_t max, struct text line)
{
	struct ledger_scan scan = { 0, 0, 0 };
	char last[BLOCK];
	uint32_t commas;

	for (; scan.plain + BLOCK <= line.len; scan.plain += BLOCK) {
		if (!look_at(&commas, line.data + scan.plain))
			return scan;
		end_cells(&scan, cells, max, line.data, scan.plain, commas);
	}
	memset(last, ' ', sizeof(last));
	memcpy(last, line.data + scan.plain, line.len - scan.plain);
	if (!look_at(&commas, last))
		return scan;
	end_cells(&scan, cells, max, line.data, scan.plain, commas);
	scan.plain = line.len;
	return scan;
}
