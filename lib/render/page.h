#ifndef METER_RENDER_PAGE_H
#define METER_RENDER_PAGE_H

/*
 * A page of sections, each of figures, tables, charts and words, which the
 * renderers make HTML and Markdown of.  With each goes the command that
 * prints the same figures.  A page lives in an arena, and its texts are raw.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/text.h"
#include "lib/render/chart.h"
#include "lib/render/table.h"

struct arena;

/* How what is said is to be taken. */
enum page_tone {
	PAGE_PLAIN,
	PAGE_GOOD,
	PAGE_WARN,
	PAGE_BAD,
};

/* One figure with what it is, such as `Total cost`. */
struct page_figure {
	struct page_figure *next;
	const char *label;
	struct text value;
	struct text note; /* below it, or null */
	enum page_tone tone;
	const char *command; /* its own, or NULL */
};

/* A table, whose first column names the rows. */
struct page_table {
	struct table table;
	const char *caption;
	const double *shares; /* a bar for each row, 0 to 1, or NULL */
	size_t share_count; /* the rows after that have no bar */
	bool has_total; /* the last row is one */
	bool is_folded; /* opened when it is asked for: a chart says the
			 * same, also of its bars */
};

/* Something that happened: a heading and lines about it. */
struct page_item {
	struct page_item *next;
	struct text heading;
	enum page_tone tone;
	struct page_line *lines, **end;
};

struct page_line {
	struct page_line *next;
	const char *label; /* or NULL */
	struct text text;
	bool is_code; /* a command */
	const char *command; /* prints what it says, or NULL */
};

enum page_kind {
	PAGE_TEXT,
	PAGE_FIGURES,
	PAGE_TABLE,
	PAGE_STACK,
	PAGE_LINES,
	PAGE_GRID,
	PAGE_ITEMS,
	PAGE_CODE, /* commands to type */
};

struct page_block {
	struct page_block *next;
	enum page_kind kind;
	const char *command; /* prints what it shows; NULL: the section's */
	struct text text; /* PAGE_TEXT, PAGE_CODE */
	struct page_figure *figures, **figures_end;
	struct page_table table;
	struct chart_stack stack;
	const struct chart_lines *lines;
	size_t line_count;
	struct chart_grid grid;
	struct page_item *items, **items_end;
};

struct page_section {
	struct page_section *next;
	const char *id; /* once on a page */
	const char *title;
	const char *label; /* a short title, for the list of sections */
	const char *command; /* prints what the section shows, or NULL */
	bool is_spread; /* its tables stand side by side */
	bool is_narrow; /* two may stand side by side */
	struct page_block *blocks, **end;
};

struct page {
	struct arena *arena;
	const char *title;
	struct page_line *leads, **leads_end; /* below the title */
	struct page_section *sections, **end;
};

/* Begin a page. */
void page_init(struct page *page, struct arena *arena, const char *title);

/* Add a line below the title, with what it is (or NULL). */
struct page_line *page_lead(struct page *page, const char *label,
    struct text text);

/* Begin a section, in which what follows stands. */
struct page_section *page_section(struct page *page, const char *id,
    const char *label, const char *title, const char *command);

/* Add a block to a section; what is in it is the caller's to fill in. */
struct page_block *page_block(struct page *page, struct page_section *section,
    enum page_kind kind);

/* Add a paragraph to a section. */
void page_text(struct page *page, struct page_section *section,
    const char *text);

/* Add a figure to a block of them. */
struct page_figure *page_figure(struct page *page, struct page_block *block,
    const char *label, struct text value);

/* Begin a table in a section. */
struct page_table *page_table(struct page *page, struct page_section *section,
    const char *caption, const struct table_column *columns, size_t count);

/* Add an item to a block of them, and a line to an item. */
struct page_item *page_item(struct page *page, struct page_block *block,
    struct text heading, enum page_tone tone);
struct page_line *page_line(struct page *page, struct page_item *item,
    const char *label, struct text text);

#endif
