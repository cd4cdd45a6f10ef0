#include "lib/store/pages_bytes.h"

#include "lib/base/buf.h"

__extension__ typedef unsigned __int128 wide;

enum {
	BITS = 7,
	MORE = 1 << BITS,
	WIDE_BITS = 128,
};

static void
put(struct buf *out, wide value)
{
	char bytes[WIDE_BITS / BITS + 1];
	size_t len = 0;

	for (; value >= MORE; value >>= BITS)
		bytes[len++] = (char)(value % MORE + MORE);
	bytes[len++] = (char)value;
	buf_add(out, bytes, len);
}

static bool
take(wide *out, struct text *rest)
{
	unsigned char byte;
	unsigned shift = 0;

	for (*out = 0; rest->len > 0 && shift < WIDE_BITS; shift += BITS) {
		byte = (unsigned char)rest->data[0];
		rest->data++;
		rest->len--;
		*out |= (wide)(byte % MORE) << shift;
		if (byte < MORE)
			return true;
	}
	return false;
}

void
pages_bytes_put(struct buf *out, uint64_t count)
{
	put(out, count);
}

bool
pages_bytes_take(uint64_t *count, struct text *rest)
{
	return pages_bytes_take_up_to(count, UINT64_MAX, rest);
}

bool
pages_bytes_take_up_to(uint64_t *count, uint64_t max, struct text *rest)
{
	wide value;

	if (!take(&value, rest) || value > max)
		return false;
	*count = (uint64_t)value;
	return true;
}

/* The sign goes to the lowest bit, so that small amounts stay small. */
void
pages_bytes_put_money(struct buf *out, struct money money)
{
	wide value = (wide)money.femto;

	put(out, money.femto < 0 ? ~value << 1 | 1 : value << 1);
}

bool
pages_bytes_take_money(struct money *money, struct text *rest)
{
	wide value;

	if (!take(&value, rest))
		return false;
	money->femto = (money_int)(value & 1 ? ~(value >> 1) : value >> 1);
	return true;
}

void
pages_bytes_put_texts(struct buf *out, const struct text *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		put(out, texts[i].data ? (wide)texts[i].len + 1 : 0);
		if (texts[i].len > 0)
			buf_add(out, texts[i].data, texts[i].len);
	}
}

bool
pages_bytes_take_texts(struct text *texts, size_t count, struct text *rest)
{
	uint64_t len;

	for (size_t i = 0; i < count; i++) {
		texts[i] = TEXT_NULL;
		if (!pages_bytes_take_up_to(&len, rest->len, rest) ||
		    (len > 0 && len - 1 > rest->len))
			return false;
		if (len == 0)
			continue;
		texts[i] = (struct text){ rest->data, len - 1 };
		rest->data += len - 1;
		rest->len -= len - 1;
	}
	return true;
}
