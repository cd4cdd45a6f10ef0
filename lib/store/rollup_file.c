#include "lib/store/rollup_file.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"

enum {
	KNOWN_BIT = QUERY_COUNT_COUNT,
	ESTIMATED_BIT,
};

uint64_t
rollup_file_sum(const struct rollup_file_head *head)
{
	return cache_sum(CACHE_SUM, head,
	    offsetof(struct rollup_file_head, sum));
}

static void
put_text(struct buf *out, struct text text)
{
	uint32_t len = text.data ? (uint32_t)text.len : UINT32_MAX;

	buf_add(out, &len, sizeof(len));
	if (text.data)
		buf_add(out, text.data, text.len);
}

static uint32_t
bits_of(const struct query_measures *measures)
{
	uint32_t bits = 0;

	for (int i = 0; i < QUERY_COUNT_COUNT; i++)
		bits |= (uint32_t)(measures->count[i] != 0) << i;
	bits |= (uint32_t)(measures->known.femto != 0) << KNOWN_BIT;
	bits |= (uint32_t)(measures->estimated.femto != 0) << ESTIMATED_BIT;
	return bits;
}

static void
put_amounts(struct buf *out, const struct query_amount *amounts)
{
	const struct query_amount *amount;
	uint32_t count = 0;

	for (amount = amounts; amount; amount = amount->next)
		count++;
	buf_add(out, &count, sizeof(count));
	for (amount = amounts; amount; amount = amount->next) {
		put_text(out, amount->unit);
		buf_add(out, &amount->sum, sizeof(amount->sum));
	}
}

void
rollup_file_put(struct buf *out, const struct text *values, size_t width,
    const struct query_measures *measures)
{
	uint32_t bits = bits_of(measures);

	for (size_t i = 0; i < width; i++)
		put_text(out, values[i]);
	buf_add(out, &bits, sizeof(bits));
	for (int i = 0; i < QUERY_COUNT_COUNT; i++)
		if (measures->count[i] != 0)
			buf_add(out, &measures->count[i],
			    sizeof(measures->count[i]));
	if (measures->known.femto != 0)
		buf_add(out, &measures->known, sizeof(measures->known));
	if (measures->estimated.femto != 0)
		buf_add(out, &measures->estimated, sizeof(measures->estimated));
	put_amounts(out, measures->amounts);
}

static bool
take(void *out, size_t len, struct text *rest)
{
	if (rest->len < len)
		return false;
	memcpy(out, rest->data, len);
	rest->data += len;
	rest->len -= len;
	return true;
}

static bool
take_text(struct text *out, struct text *rest)
{
	uint32_t len;

	*out = TEXT_NULL;
	if (!take(&len, sizeof(len), rest))
		return false;
	if (len == UINT32_MAX)
		return true;
	if (rest->len < len)
		return false;
	*out = (struct text){ rest->data, len };
	rest->data += len;
	rest->len -= len;
	return true;
}

static bool
take_amounts(struct query_measures *measures, struct arena *arena,
    struct text *rest)
{
	struct query_amount **end = &measures->amounts;
	uint32_t count;

	if (!take(&count, sizeof(count), rest))
		return false;
	for (; count > 0; count--) {
		*end = arena_alloc(arena, sizeof(**end));
		if (!take_text(&(*end)->unit, rest) ||
		    !take(&(*end)->sum, sizeof((*end)->sum), rest))
			return false;
		end = &(*end)->next;
	}
	return true;
}

bool
rollup_file_take(struct text *values, size_t width,
    struct query_measures *measures, struct arena *arena, struct text *rest)
{
	uint32_t bits;

	*measures = (struct query_measures){ 0 };
	for (size_t i = 0; i < width; i++)
		if (!take_text(&values[i], rest))
			return false;
	if (!take(&bits, sizeof(bits), rest))
		return false;
	for (int i = 0; i < QUERY_COUNT_COUNT; i++)
		if ((bits >> i & 1) && !take(&measures->count[i],
					   sizeof(measures->count[i]), rest))
			return false;
	if ((bits >> KNOWN_BIT & 1) &&
	    !take(&measures->known, sizeof(measures->known), rest))
		return false;
	if ((bits >> ESTIMATED_BIT & 1) &&
	    !take(&measures->estimated, sizeof(measures->estimated), rest))
		return false;
	return take_amounts(measures, arena, rest);
}
