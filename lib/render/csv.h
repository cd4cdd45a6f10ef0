#ifndef METER_RENDER_CSV_H
#define METER_RENDER_CSV_H

/*
 * A table as CSV (RFC 4180, with "\n"): a header row, numbers in full, null
 * as the empty cell.
 */

#include <stdbool.h>

struct buf;
struct table;

/*
 * Append the table.  With guard a text that a spreadsheet would run as a
 * formula (`=`, `+`, `-`, `@`, a tab or a carriage return first) gets an
 * apostrophe before it, and control characters and marks that hide or turn text
 * are escaped (utf8_escape); without it texts are exact.
 */
void csv_table(struct buf *out, const struct table *table, bool guard);

#endif
