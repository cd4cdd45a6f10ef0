#ifndef METER_REPORT_DASHBOARD_TEXT_H
#define METER_REPORT_DASHBOARD_TEXT_H

/*
 * Figures as the texts of a page, in an arena.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/base/when.h"
#include "lib/core/daily.h"

struct arena;
struct buf;
struct daily_row;

/* A name, cut where it is long; `(none)` for null. */
struct text dashboard_text_name(struct arena *arena, struct text name);

/* `1,234`, `$0.0123`, `2026-11-22`. */
struct text dashboard_text_count(struct arena *arena, int64_t count);
struct text dashboard_text_money(struct arena *arena, struct money money);
struct text dashboard_text_day(struct arena *arena, struct when day);

/* A ratio as `0.3125`, as `31.25 %`, and as `$0.3125`; an en dash where it is
 * null. */
struct text dashboard_text_ratio(struct arena *arena, bool is_null,
    double ratio);
struct text dashboard_text_share(struct arena *arena, bool is_null,
    double ratio);
struct text dashboard_text_price(struct arena *arena, bool is_null,
    double ratio);

/* A mean as a whole number, `6,618`, likewise. */
struct text dashboard_text_mean(struct arena *arena, bool is_null,
    double mean);

/* `quest:q-ri`, `quest:(none)`. */
struct text dashboard_text_scope(struct arena *arena,
    const struct daily_row *row);

/* A figure of days, 1e-15 USD or tokens, which is not negative: `1,234`. */
void dashboard_text_figure(struct buf *out, enum daily_name name,
    money_int figure);

/* `+12.3%`, with a sign. */
void dashboard_text_percent(struct buf *out, double percent);

#endif
