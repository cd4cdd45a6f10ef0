#ifndef METER_BASE_HASH_H
#define METER_BASE_HASH_H

/*
 * Hashes for tables in memory.  Begin with a number that nobody can know,
 * such as an address of the table's own: then nobody can make up names that
 * all fall on one slot.  All bits of the result are as good as any other.
 */

#include <stdint.h>

#include "lib/base/text.h"

/* Go on with a hash over a number. */
uint64_t hash_word(uint64_t hash, uint64_t word);

/* Go on with a hash over a text; null is another one than the empty text. */
uint64_t hash_text(uint64_t hash, struct text text);

#endif
