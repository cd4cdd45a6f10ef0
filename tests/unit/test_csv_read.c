#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/doc/csv_read.h"
#include "lib/doc/json_write.h"
#include "tests/unit/scratch.h"

static struct scratch s;

/* What a text reads as: rows as a line of JSON, or the error. */
static const char *
read_as(const char *text)
{
	struct node *rows, *header;
	struct buf out = BUF_INIT;
	const char *copy;

	if (csv_read(&rows, &header, &s.arena, text_of(text), "f.csv", &s.err) <
	    0)
		return s.err.text;
	json_write_line(&out, rows);
	copy = arena_copy(&s.arena, out.text, out.len);
	buf_release(&out);
	return copy;
}

Test(csv_read, rows_are_maps_by_the_names_of_the_header)
{
	SCRATCH_SAME(read_as("a,b\n1,x y\n2,\n"),
	    "[{\"a\":\"1\",\"b\":\"x y\"},{\"a\":\"2\",\"b\":\"\"}]");
	SCRATCH_SAME(read_as("\xEF\xBB\xBF"
			     "a,b\r\n\r\n\"x, \"\"y\"\"\", z \r\n"),
	    "[{\"a\":\"x, \\\"y\\\"\",\"b\":\" z \"}]");
	SCRATCH_SAME(read_as("a\n\"two\nlines\"\nlast"),
	    "[{\"a\":\"two\\nlines\"},{\"a\":\"last\"}]");
	SCRATCH_SAME(read_as("a,b"), "[]");
	arena_release(&s.arena);
}

Test(csv_read, what_is_wrong_is_told_with_its_place)
{
	SCRATCH_SAME(read_as(""), "f.csv:1:1: there is no header");
	SCRATCH_SAME(read_as("\n\n"), "f.csv:1:1: there is no header");
	SCRATCH_SAME(read_as("a,b,a\n"),
	    "f.csv:1:5: a column of this name stands further left too");
	SCRATCH_SAME(read_as("a,b\nx,y\nz\n"),
	    "f.csv:3:1: the row has fewer cells than the header");
	SCRATCH_SAME(read_as("a,b\n\"x\n\",y,z\n"),
	    "f.csv:3:5: the row has more cells than the header");
	SCRATCH_SAME(read_as("a,b\nx,\"y\n"),
	    "f.csv:2:3: the cell's quote is not closed");
	SCRATCH_SAME(read_as("a,b\nx, \"y\"\n"),
	    "f.csv:2:4: a quote within a cell, which must then be quoted whole "
	    "and the quote written twice");
	SCRATCH_SAME(read_as("a\nb\rc\n"),
	    "f.csv:2:2: a carriage return ends no line");
	SCRATCH_SAME(read_as("a\nb\n\xC3\xA4\xFF\n"),
	    "f.csv:3:2: invalid UTF-8: byte 0xFF");
	arena_release(&s.arena);
}

Test(csv_read, a_cell_knows_where_it_stands)
{
	struct node *rows, *header, *cell;

	cr_assert(
	    csv_read(&rows, &header, &s.arena,
		TEXT("a,b\n\xC3\xA4,\"x\ny\"\n1,2\n"), "f.csv", &s.err) == 0);
	cell = node_get(rows->first, "b");
	cr_expect(eq(int, cell->line, 2));
	cr_expect(eq(int, cell->column, 3));
	cell = node_get(rows->first->next, "b");
	cr_expect(eq(int, cell->line, 4));
	cr_expect(eq(int, cell->column, 3));
	cr_expect(text_is(header->first->next->text, "b"));
	arena_release(&s.arena);
}

Test(csv_read, more_columns_than_anybody_needs_are_refused)
{
	struct buf text = BUF_INIT;

	for (int i = 0; i < 300; i++)
		buf_printf(&text, "%sc%d", i > 0 ? "," : "", i);
	buf_putc(&text, '\n');
	SCRATCH_SAME(read_as(text.text), "f.csv:1:1171: more than 256 columns");
	buf_release(&text);
	arena_release(&s.arena);
}

Test(csv_read, it_is_told_from_json_and_yaml)
{
	static const char *const csv[] = { "id,quest\n", "id\nT-1\n", "\n\nid",
		"\"id\",\"q\"\n", "\xEF\xBB\xBFid,q\n", "id,q\nT-1,a: b\n" };
	static const char *const others[] = { "", "\n", "[\"id\"]", "{}",
		"tasks:\n", "- id: T-1\n", "# note\n- id: x\n", "---\n- a\n",
		"%YAML 1.1\n", "id: x, y\n", " - id\n", "? id\n" };

	for (size_t i = 0; i < SCRATCH_COUNT(csv); i++)
		cr_expect(csv_read_is_csv(text_of(csv[i])), "%s", csv[i]);
	for (size_t i = 0; i < SCRATCH_COUNT(others); i++)
		cr_expect(csv_read_is_csv(text_of(others[i])) == false, "%s",
		    others[i]);
}
