#ifndef METER_STORE_LEDGER_ROW_H
#define METER_STORE_LEDGER_ROW_H

/*
 * A row of the ledger as text (DESIGN.md 2.4, RFC 4180).  What meter writes
 * has one form and is read by a scanner at memory speed; every other row goes
 * through libcsv, and both give the same.
 */

#include <csv.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/text.h"
#include "lib/base/when.h"

struct error;
struct usage;

enum {
	LEDGER_ROW_COLUMNS = 36,
	LEDGER_ROW_WIDTH = 256,		/* columns of a file, at most */
	LEDGER_ROW_MAX = 1024 * 1024,	/* bytes of a row, at most */
};

/* Where the columns stand in a file: people may have added some. */
struct ledger_row_layout {
	size_t width;			/* cells in a row */
	size_t place[LEDGER_ROW_COLUMNS];
	bool is_own;			/* as meter writes it */
};

/* The layout that meter writes. */
extern const struct ledger_row_layout ledger_row_own;

/* What reading rows needs; a row's texts are in it or in the row's line. */
struct ledger_row_reader {
	struct ledger_row_layout layout;
	struct text cells[LEDGER_ROW_WIDTH];
	struct buf unquoted;
	struct csv_parser parser;	/* open where has_parser */
	bool has_parser;
};

/* Begin to read rows, of meter's own layout until a header says otherwise. */
void ledger_row_start(struct ledger_row_reader *reader);
void ledger_row_release(struct ledger_row_reader *reader);

/*
 * Read a header, without its newline.  A column that is missing or there
 * twice is ERROR_DATA.
 */
int ledger_row_read_header(struct ledger_row_reader *reader, struct text line,
    struct error *err);

/*
 * Read a row, without its newline.  The record's texts live until the next
 * row is read and while line does.  What is wrong is ERROR_DATA, without a
 * place.
 */
int ledger_row_read(struct usage *out, struct ledger_row_reader *reader,
    struct text line, struct error *err);

/* The same of a file that holds the rows of one day alone. */
int ledger_row_read_of_day(struct usage *out,
    struct ledger_row_reader *reader, struct text line, struct when day,
    struct error *err);

/* As ledger_row_read, by libcsv alone: for the test that both agree. */
int ledger_row_read_csv(struct usage *out, struct ledger_row_reader *reader,
    struct text line, struct error *err);

/* Append the header that meter writes, with its newline. */
void ledger_row_write_header(struct buf *out);

/* Append a record, which has been checked, as a row with its newline. */
void ledger_row_write(struct buf *out, const struct usage *usage,
    const struct ledger_row_layout *layout);

/* Append a text as a cell, quoted where it has to be. */
void ledger_row_write_cell(struct buf *out, struct text text);

#endif
