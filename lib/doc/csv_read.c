#include "lib/doc/csv_read.h"

#include <csv.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/doc/node.h"
#include "lib/doc/source.h"

enum {
	MAX_COLUMNS = 256,
};

/* A text that is being read. */
struct reading {
	struct source source;
	struct arena *arena;
	struct node *list;
	struct node *row; /* that is not yet whole, or NULL */
	struct node *header; /* the names, as strings */
	const struct node *column; /* of the cell that comes next, or NULL */
	bool has_header; /* whole */
	struct place start; /* of the cell that comes next */
	bool has_failed;
};

static void
fail(struct reading *reading, struct place place, const char *reason)
{
	if (!reading->has_failed)
		source_fail(&reading->source, place, "%s", reason);
	reading->has_failed = true;
}

static void
set_place(struct node *node, const struct reading *reading)
{
	node->file = reading->source.file;
	node->line = reading->start.line;
	node->column = reading->start.column;
}

static void
add_column(struct reading *reading, struct node *cell)
{
	const struct node *other = reading->header->first;

	for (; other; other = other->next)
		if (text_equal(other->text, cell->text))
			fail(reading, reading->start,
			    "a column of this name stands further left too");
	if (reading->header->count == MAX_COLUMNS)
		fail(reading, reading->start, "more than 256 columns");
	node_add(reading->header, cell);
}

static void
add_cell(struct reading *reading, struct node *cell)
{
	if (!reading->row) {
		reading->row = node_map(reading->arena);
		reading->column = reading->header->first;
		set_place(reading->row, reading);
	}
	if (!reading->column) {
		fail(reading, reading->start,
		    "the row has more cells than the header");
		return;
	}
	/* The name is shared by all rows. */
	cell->key = reading->column->text;
	reading->column = reading->column->next;
	node_add(reading->row, cell);
}

static void
take_cell(void *data, size_t len, void *context)
{
	const struct text text = { data ? data : "", len };
	struct reading *reading = context;
	struct node *cell = node_text(reading->arena, text);

	set_place(cell, reading);
	if (reading->has_header)
		add_cell(reading, cell);
	else
		add_column(reading, cell);
}

static void
end_row(int last, void *context)
{
	struct reading *reading = context;

	(void)last;
	if (!reading->has_header) {
		reading->has_header = reading->header->count > 0;
		return;
	}
	if (!reading->row)
		return;
	if (reading->column)
		fail(reading, reading->start,
		    "the row has fewer cells than the header");
	node_add(reading->list, reading->row);
	reading->row = NULL;
}

/* For libcsv, which else takes blanks off a cell. */
static int
is_no_blank(unsigned char c)
{
	(void)c;
	return 0;
}

/*
 * Byte by byte, since libcsv does not say where a cell stands: one that has
 * just been taken ends here, and the next one begins behind.
 */
static void
parse(struct reading *reading, struct csv_parser *parser)
{
	const struct text text = reading->source.text;
	struct place here = reading->source.start;
	bool is_quoted = false;

	reading->start = here;
	for (size_t i = 0; i < text.len && !reading->has_failed; i++) {
		char c = text.data[i];

		if (c == '\r' &&
		    (i + 1 == text.len || text.data[i + 1] != '\n'))
			fail(reading, here, "a carriage return ends no line");
		else if (csv_parse(parser, &c, 1, take_cell, end_row,
			     reading) != 1)
			fail(reading, here,
			    "a quote within a cell, which must then be quoted "
			    "whole and the quote written twice");
		source_advance(&here, &c, 1);
		is_quoted ^= c == '"';
		if (!is_quoted && (c == ',' || c == '\n'))
			reading->start = here;
	}
	if (!reading->has_failed &&
	    csv_fini(parser, take_cell, end_row, reading) != 0)
		fail(reading, reading->start, "the cell's quote is not closed");
}

int
csv_read(struct node **out, struct node **header, struct arena *arena,
    struct text text, const char *file, struct error *err)
{
	struct reading *reading = arena_alloc(arena, sizeof(*reading));
	struct csv_parser parser;

	if (source_open(&reading->source, text, file, 1, err) < 0)
		return -1;
	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		arena_exhausted();
	csv_set_space_func(&parser, is_no_blank);
	reading->arena = arena;
	reading->list = node_list(arena);
	reading->header = node_list(arena);
	reading->start = reading->source.start;
	set_place(reading->list, reading);
	parse(reading, &parser);
	csv_free(&parser);
	if (!reading->has_failed && !reading->has_header)
		fail(reading, reading->source.start, "there is no header");
	if (reading->has_failed)
		return -1;
	*out = reading->list;
	*header = reading->header;
	return 0;
}

bool
csv_read_is_csv(struct text text)
{
	static const char bom[] = "\xEF\xBB\xBF";
	size_t start = 0, len;
	const char *line;

	if (text.len >= 3 && memcmp(text.data, bom, 3) == 0)
		start = 3;
	while (start < text.len && memchr("\r\n", text.data[start], 2))
		start++;
	if (start == text.len)
		return false;
	line = text.data + start;
	for (len = 0; start + len < text.len && line[len] != '\n'; len++)
		if (line[len] == ':')
			return false;
	return !memchr("[{-#%?&!|>\t ", *line, 12);
}
