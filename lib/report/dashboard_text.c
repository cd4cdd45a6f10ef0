#include "lib/report/dashboard_text.h"

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/base/utf8.h"
#include "lib/core/allocation.h"
#include "lib/core/daily.h"

enum {
	NAME_COLUMNS = 60,
	SCALE_MIN = 4, /* decimals of a price */
	SCALE_MAX = 10,
};

#define NO_FIGURE TEXT("\xe2\x80\x93")

struct text
dashboard_text_name(struct arena *arena, struct text name)
{
	struct buf text = BUF_INIT;

	if (!name.data)
		return TEXT("(none)");
	utf8_escape(&text, name.data, name.len, UTF8_PRINTABLE, NAME_COLUMNS);
	return buf_keep(&text, arena);
}

struct text
dashboard_text_count(struct arena *arena, int64_t count)
{
	struct buf text = BUF_INIT;

	number_group(&text, count);
	return buf_keep(&text, arena);
}

struct text
dashboard_text_money(struct arena *arena, struct money money)
{
	struct buf text = BUF_INIT;

	money_people(&text, money);
	return buf_keep(&text, arena);
}

struct text
dashboard_text_day(struct arena *arena, struct when day)
{
	struct buf text = BUF_INIT;

	when_day(&text, day);
	return buf_keep(&text, arena);
}

struct text
dashboard_text_ratio(struct arena *arena, bool is_null, double ratio)
{
	struct buf text = BUF_INIT;

	if (is_null)
		return NO_FIGURE;
	buf_printf(&text, "%.4f", ratio);
	return buf_keep(&text, arena);
}

struct text
dashboard_text_share(struct arena *arena, bool is_null, double ratio)
{
	struct buf text = BUF_INIT;

	if (is_null)
		return NO_FIGURE;
	buf_printf(&text, "%.2f %%", 100 * ratio);
	return buf_keep(&text, arena);
}

struct text
dashboard_text_price(struct arena *arena, bool is_null, double ratio)
{
	struct buf text = BUF_INIT;
	double size = ratio;
	int places = SCALE_MIN;

	if (is_null)
		return NO_FIGURE;
	/* Three significant digits of what is small. */
	while (places < SCALE_MAX && size > 0 && size < 0.01) {
		size *= 10;
		places++;
	}
	buf_printf(&text, "$%.*f", places, ratio);
	return buf_keep(&text, arena);
}

/* In two parts, where 64 bits do not hold it; it is not negative then. */
static void
put_whole(struct buf *out, money_int whole)
{
	const int64_t large = INT64_C(1000000000000000000);

	if (whole <= INT64_MAX) {
		number_group(out, (int64_t)whole);
		return;
	}
	number_group(out, (int64_t)(whole / large));
	for (int64_t unit = large / 1000; unit > 0; unit /= 1000)
		buf_printf(out, ",%03d",
		    (int)((int64_t)(whole % large) / unit % 1000));
}

struct text
dashboard_text_mean(struct arena *arena, bool is_null, double mean)
{
	struct buf text = BUF_INIT;

	if (is_null)
		return NO_FIGURE;
	put_whole(&text, (money_int)number_round(mean, 0));
	return buf_keep(&text, arena);
}

struct text
dashboard_text_scope(struct arena *arena, const struct daily_row *row)
{
	struct buf text = BUF_INIT;

	allocation_write_scope(&text, row->dimension, row->id);
	return buf_keep(&text, arena);
}

void
dashboard_text_figure(struct buf *out, enum daily_name name, money_int figure)
{
	if (name == DAILY_COST)
		money_people(out, daily_money(figure));
	else
		put_whole(out, figure);
}

void
dashboard_text_percent(struct buf *out, double percent)
{
	double rounded = number_round(percent, 1);

	if (rounded > 0)
		buf_putc(out, '+');
	number_plain(out, rounded);
	buf_putc(out, '%');
}
