#ifndef METER_STORE_ROLLUP_FILE_H
#define METER_STORE_ROLLUP_FILE_H

/*
 * The form of a rollup as a file.  It is read on the machine that wrote it,
 * so numbers are as the machine has them: what another one wrote does not
 * begin with the right magic number.  After the head the sections follow,
 * each of a length that the checksum covers to its end, in whole words.
 *
 * A group is its values, each a length (uint32_t, all ones for null) and the
 * bytes, then what it comes to: a word (uint32_t) that has a bit for each of
 * the counts and the two costs that is not 0, the counts (int64_t), the costs
 * (16 bytes each), the number of amounts (uint32_t), and of each the unit and
 * the sum.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/text.h"
#include "lib/core/query_measures.h"
#include "lib/store/cache.h"
#include "lib/store/rollup_sections.h"

struct arena;
struct buf;

#define ROLLUP_FILE_MAGIC UINT64_C(0x31306C6F726D74)	/* "tmrol01" */

struct rollup_file_section {
	uint64_t offset;
	uint64_t length;
	uint64_t count;		/* of groups; all ones: it is left out */
	uint64_t sum;
};

#define ROLLUP_FILE_LEFT_OUT UINT64_MAX

struct rollup_file_head {
	uint64_t magic;
	struct cache_state state;
	struct rollup_file_section sections[ROLLUP_SECTION_COUNT];
	uint64_t sum;		/* of all the above */
};

/* The checksum of a head. */
uint64_t rollup_file_sum(const struct rollup_file_head *head);

/* Append a group of width values. */
void rollup_file_put(struct buf *out, const struct text *values, size_t width,
    const struct query_measures *measures);

/*
 * Take a group off the front of rest; the texts are those of rest, the list
 * of amounts is the arena's.  false where there is no whole one.
 */
bool rollup_file_take(struct text *values, size_t width,
    struct query_measures *measures, struct arena *arena, struct text *rest);

#endif
