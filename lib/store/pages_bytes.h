#ifndef METER_STORE_PAGES_BYTES_H
#define METER_STORE_PAGES_BYTES_H

/*
 * Numbers and texts in few bytes: most numbers are small.  A count is written
 * in groups of seven bits, the lowest first, with a bit that says whether more
 * follow; a text with its length and one, since 0 is null.
 *
 * What takes one off the front of rest returns false where there is no whole
 * one; texts are those of rest.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"

struct buf;

void pages_bytes_put(struct buf *out, uint64_t count);
bool pages_bytes_take(uint64_t *count, struct text *rest);

/* A count that is not larger than max. */
bool pages_bytes_take_up_to(uint64_t *count, uint64_t max,
    struct text *rest);

void pages_bytes_put_money(struct buf *out, struct money money);
bool pages_bytes_take_money(struct money *money, struct text *rest);

void pages_bytes_put_texts(struct buf *out, const struct text *texts,
    size_t count);
bool pages_bytes_take_texts(struct text *texts, size_t count,
    struct text *rest);

#endif
