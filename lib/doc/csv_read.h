#ifndef METER_DOC_CSV_READ_H
#define METER_DOC_CSV_READ_H

/*
 * Reading CSV (RFC 4180) with libcsv, strictly: UTF-8, a header of different
 * names, and below it rows of as many cells.  Lines end with or without a
 * carriage return, and empty ones are skipped.  Blanks are part of a cell.
 */

#include <stdbool.h>

#include "lib/base/text.h"

struct arena;
struct error;
struct node;

/*
 * Read text, from a file of the given name (which must live as long as the
 * tree), into a list of maps: a row each, its cells as strings under the names
 * of the header, with their places; and the names, a list of strings, into
 * *header.  On failure return -1 with ERROR_DATA and `FILE:LINE:COLUMN: reason`.
 */
int csv_read(struct node **out, struct node **header, struct arena *arena,
    struct text text, const char *file, struct error *err);

/*
 * Whether a text that is to be a list or a map can only be CSV: its first line
 * is neither the beginning of JSON nor holds what YAML needs for either.
 */
bool csv_read_is_csv(struct text text);

#endif
