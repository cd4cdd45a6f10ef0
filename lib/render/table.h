#ifndef METER_RENDER_TABLE_H
#define METER_RENDER_TABLE_H

/*
 * What every command shows: columns with a type, rows of cells, and lines
 * above and below.  A table knows nothing of budgets and the renderers know
 * only tables.  It lives in an arena, and its texts are raw: each renderer
 * makes them harmless for its format.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/base/when.h"

struct arena;

enum table_type {
	TABLE_TEXT,
	TABLE_COUNT,
	TABLE_MONEY,	/* USD */
	TABLE_NUMBER,	/* a double: a ratio, a duration */
	TABLE_TIME,
};

/* A cell has a type of its own: a column of figures may hold counts and, in
 * another row, money. */
struct table_cell {
	bool is_null;
	enum table_type type;	/* which of these it is */
	union {
		struct text text;
		int64_t count;
		struct money money;
		double number;
		struct when time;
	};
};

struct table_column {
	const char *name;	/* a constant, as fields are named */
	enum table_type type;	/* texts and times stand to the left,
				 * figures to the right */
};

struct table_row {
	struct table_row *next;
	struct table_cell cells[];	/* one a column */
};

struct table_line {
	struct table_line *next;
	struct text text;
};

struct table {
	struct arena *arena;
	const struct table_column *columns;
	size_t column_count;
	struct table_row *rows, **end;
	size_t row_count;
	size_t filled;		/* cells of the last row */
	struct table_line *notes, **notes_end;	/* below the table */
};

/* Begin a table with these columns, which must live as long as it. */
void table_init(struct table *table, struct arena *arena,
    const struct table_column *columns, size_t count);

/* Begin a row; its cells are added from left to right, all null at first. */
void table_row(struct table *table);

/* Add a cell. */
void table_null(struct table *table);
void table_text(struct table *table, struct text text);	/* or null */
void table_string(struct table *table, const char *text);	/* or null */
void table_count(struct table *table, int64_t count);
void table_money(struct table *table, struct money money);
void table_number(struct table *table, double number);

/* Add a time that is given as text; what is none stays text. */
void table_time(struct table *table, struct text text);	/* or null */

/* Add a line below the table; its text must live as long as the table. */
void table_note(struct table *table, const char *text);

/* How many lines stand below the table, and how many it takes with them and
 * its header, for people. */
size_t table_note_count(const struct table *table);
size_t table_line_count(const struct table *table);

#endif
