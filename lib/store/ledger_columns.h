#ifndef METER_STORE_LEDGER_COLUMNS_H
#define METER_STORE_LEDGER_COLUMNS_H

/*
 * The columns of the ledger, and what stands in them: a record as a list of
 * texts, one a column, and back.
 */

#include <stddef.h>

#include "lib/base/text.h"
#include "lib/store/ledger_row.h"

struct buf;
struct error;
struct usage;

extern const char *const ledger_columns_names[LEDGER_ROW_COLUMNS];

/* Append the text of one column of a record, unquoted. */
void ledger_columns_write(struct buf *out, const struct usage *usage,
    size_t column);

/*
 * Make a record of the cells of a row; place tells which cell is which
 * column's.  Texts are the cells'.
 */
int ledger_columns_read(struct usage *out, const struct text *cells,
    const size_t *place, struct error *err);

#endif
