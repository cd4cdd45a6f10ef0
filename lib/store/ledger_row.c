#include "lib/store/ledger_row.h"

#include <stdint.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"
#include "lib/core/usage.h"
#include "lib/store/ledger_columns.h"
#include "lib/store/ledger_scan.h"

const struct ledger_row_layout ledger_row_own = {
	.width = LEDGER_ROW_COLUMNS,
	.place = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
	    18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34,
	    35 },
	.is_own = true,
};

void
ledger_row_start(struct ledger_row_reader *reader)
{
	reader->layout = ledger_row_own;
	reader->unquoted = (struct buf)BUF_INIT;
	reader->has_parser = false;
}

static void
close_parser(struct ledger_row_reader *reader)
{
	if (reader->has_parser)
		csv_free(&reader->parser);
	reader->has_parser = false;
}

void
ledger_row_release(struct ledger_row_reader *reader)
{
	close_parser(reader);
	buf_release(&reader->unquoted);
}

/* Whether eight bytes are all printable ASCII; some that are may fail. */
static bool
is_plain(uint64_t word)
{
	const uint64_t ones = UINT64_MAX / 255, tops = ones << 7;
	uint64_t rubout = word ^ (ones * 0x7F);

	return ((word | (word - ones * 0x20) | (rubout - ones)) & tops) == 0;
}

static bool
has_control(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c < 0x20 || c == 0x7F)
			return true;
		/* U+0080 to U+009F are controls too. */
		if (c == 0xC2 && i + 1 < text.len &&
		    (unsigned char)text.data[i + 1] < 0xA0)
			return true;
	}
	return false;
}

/* No row holds control characters or what is no UTF-8. */
static int
check_bytes(struct text line, struct error *err)
{
	uint64_t word;
	size_t i;

	for (i = 0; i + sizeof(word) <= line.len; i += sizeof(word)) {
		memcpy(&word, line.data + i, sizeof(word));
		if (!is_plain(word))
			break;
	}
	line.data += i;
	line.len -= i;
	if (line.len == 0)
		return 0;
	if (has_control(line))
		return error_set(err, ERROR_DATA, "holds a control character");
	if (utf8_valid(line.data, line.len) < line.len)
		return error_set(err, ERROR_DATA, "is not valid UTF-8");
	return 0;
}

/*
 * Copy the inside of a quoted cell, from behind its quote, and return where
 * the cell ends; NULL where it does not.
 */
static const char *
unquote(struct ledger_row_reader *reader, struct text *cell, const char *at,
    const char *end)
{
	struct buf *out = &reader->unquoted;
	const char *quote;

	cell->data = out->text + out->len;
	for (;;) {
		quote = memchr(at, '"', (size_t)(end - at));
		if (!quote)
			return NULL;
		buf_add(out, at, (size_t)(quote - at));
		at = quote + 1;
		if (at == end || *at != '"')
			break;
		buf_putc(out, '"');
		at++;
	}
	cell->len = (size_t)(out->text + out->len - cell->data);
	return at;
}

/*
 * Split what is left of a row as meter writes it, from a cell on; false where
 * it is none, which libcsv may say more of.  Memory for what is unquoted is
 * made first, so that it stays where it is.
 */
static bool
split_rest(struct ledger_row_reader *reader, size_t first, const char *at,
    const char *end)
{
	struct text *cell;

	buf_reset(&reader->unquoted);
	buf_reserve(&reader->unquoted, (size_t)(end - at));
	for (size_t n = first; n < reader->layout.width; n++) {
		cell = &reader->cells[n];
		if (at < end && *at == '"') {
			at = unquote(reader, cell, at + 1, end);
			if (!at)
				return false;
		} else {
			cell->data = at;
			while (at < end && *at != ',' && *at != '"')
				at++;
			cell->len = (size_t)(at - cell->data);
		}
		if (n + 1 == reader->layout.width)
			return at == end;
		if (at == end || *at != ',')
			return false;
		at++;
	}
	return false;
}

/*
 * Split a row as meter writes it, likewise; the first *plain bytes of it are
 * printable ASCII.
 */
static bool
split_own(size_t *plain, struct ledger_row_reader *reader, struct text line)
{
	size_t width = reader->layout.width;
	struct ledger_scan scan = ledger_scan(reader->cells, width, line);

	*plain = scan.plain;
	if (scan.plain < line.len)
		return split_rest(reader, scan.count, line.data + scan.next,
		    line.data + line.len);
	if (scan.count + 1 != width)
		return false;
	reader->cells[scan.count] =
	    (struct text){ line.data + scan.next, line.len - scan.next };
	return true;
}

/* What libcsv hands over, cell by cell. */
struct split {
	struct ledger_row_reader *reader;
	size_t count;
};

static void
take_cell(void *cell, size_t len, void *data)
{
	struct split *split = data;
	struct buf *out = &split->reader->unquoted;

	if (split->count < LEDGER_ROW_WIDTH)
		split->reader->cells[split->count] =
		    (struct text){ out->text + out->len, len };
	split->count++;
	buf_add(out, cell, len);
}

static int
is_no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static void
open_parser(struct ledger_row_reader *reader)
{
	if (reader->has_parser)
		return;
	if (csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		arena_exhausted();
	/* Blanks around a cell are a part of it (RFC 4180). */
	csv_set_space_func(&reader->parser, is_no_space);
	reader->has_parser = true;
}

/* Split any row; *count is how many cells it has. */
static int
split_any(struct ledger_row_reader *reader, size_t *count, struct text line,
    struct error *err)
{
	struct split split = { reader, 0 };
	int code;

	open_parser(reader);
	buf_reset(&reader->unquoted);
	buf_reserve(&reader->unquoted, line.len);
	if (csv_parse(&reader->parser, line.data, line.len, take_cell, NULL,
		&split) != line.len ||
	    csv_fini(&reader->parser, take_cell, NULL, &split) != 0) {
		code = csv_error(&reader->parser);
		close_parser(reader);
		if (code == CSV_ENOMEM)
			arena_exhausted();
		return error_set(err, ERROR_DATA, "is not valid CSV");
	}
	*count = split.count;
	return 0;
}

/* Drop the return of a file that was saved with line ends of two bytes. */
static struct text
without_return(struct text line)
{
	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	return line;
}

int
ledger_row_read_csv(struct usage *out, struct ledger_row_reader *reader,
    struct text line, struct error *err)
{
	size_t count = 0;

	line = without_return(line);
	if (line.len == 0)
		return error_set(err, ERROR_DATA, "is an empty line");
	if (check_bytes(line, err) < 0 ||
	    split_any(reader, &count, line, err) < 0)
		return -1;
	if (count != reader->layout.width)
		return error_set(err, ERROR_DATA,
		    "has %zu cells where the header has %zu", count,
		    reader->layout.width);
	return ledger_columns_read(out, reader->cells, reader->layout.place,
	    err);
}

int
ledger_row_read(struct usage *out, struct ledger_row_reader *reader,
    struct text line, struct error *err)
{
	struct text row = without_return(line);
	size_t plain;

	if (!split_own(&plain, reader, row))
		return ledger_row_read_csv(out, reader, line, err);
	row.data += plain;
	row.len -= plain;
	if (row.len > 0 && check_bytes(row, err) < 0)
		return -1;
	return ledger_columns_read(out, reader->cells, reader->layout.place,
	    err);
}

int
ledger_row_read_of_day(struct usage *out, struct ledger_row_reader *reader,
    struct text line, struct when day, struct error *err)
{
	if (ledger_row_read(out, reader, line, err) < 0)
		return -1;
	if (when_day_start(out->at).micros == day.micros)
		return 0;
	return error_set(err, ERROR_DATA, "at: is not on the day of the file");
}

/* Find a column among the header's cells. */
static int
find_column(size_t *place, const struct ledger_row_reader *reader, size_t count,
    const char *name, struct error *err)
{
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		if (!text_is(reader->cells[i], name))
			continue;
		if (found)
			return error_set(err, ERROR_DATA,
			    "has the column %s twice", name);
		*place = i;
		found = true;
	}
	if (!found)
		return error_set(err, ERROR_DATA, "lacks the column %s", name);
	return 0;
}

int
ledger_row_read_header(struct ledger_row_reader *reader, struct text line,
    struct error *err)
{
	struct ledger_row_layout *layout = &reader->layout;
	size_t count = 0;

	line = without_return(line);
	/* A byte order mark is what some programs save before all else. */
	if (line.len >= 3 && memcmp(line.data, "\xEF\xBB\xBF", 3) == 0)
		line = (struct text){ line.data + 3, line.len - 3 };
	if (check_bytes(line, err) < 0 ||
	    split_any(reader, &count, line, err) < 0)
		return -1;
	if (count > LEDGER_ROW_WIDTH)
		return error_set(err, ERROR_DATA, "has more than %d columns",
		    (int)LEDGER_ROW_WIDTH);
	layout->width = count;
	layout->is_own = count == LEDGER_ROW_COLUMNS;
	for (size_t i = 0; i < LEDGER_ROW_COLUMNS; i++) {
		if (find_column(&layout->place[i], reader, count,
			ledger_columns_names[i], err) < 0)
			return -1;
		layout->is_own = layout->is_own && layout->place[i] == i;
	}
	return 0;
}

void
ledger_row_write_header(struct buf *out)
{
	for (size_t i = 0; i < LEDGER_ROW_COLUMNS; i++) {
		buf_puts(out, ledger_columns_names[i]);
		buf_putc(out, i + 1 < LEDGER_ROW_COLUMNS ? ',' : '\n');
	}
}

void
ledger_row_write_cell(struct buf *out, struct text text)
{
	if (text.len == 0)
		return;
	if (!memchr(text.data, '"', text.len) &&
	    !memchr(text.data, ',', text.len)) {
		buf_add(out, text.data, text.len);
		return;
	}
	buf_putc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"')
			buf_putc(out, '"');
		buf_putc(out, text.data[i]);
	}
	buf_putc(out, '"');
}

/* Which column stands in a cell; LEDGER_ROW_COLUMNS where it is not ours. */
static size_t
column_at(const struct ledger_row_layout *layout, size_t cell)
{
	for (size_t i = 0; i < LEDGER_ROW_COLUMNS; i++)
		if (layout->place[i] == cell)
			return i;
	return LEDGER_ROW_COLUMNS;
}

void
ledger_row_write(struct buf *out, const struct usage *usage,
    const struct ledger_row_layout *layout)
{
	struct buf cell = BUF_INIT;
	size_t column;

	for (size_t i = 0; i < layout->width; i++) {
		column = layout->is_own ? i : column_at(layout, i);
		buf_reset(&cell);
		if (column < LEDGER_ROW_COLUMNS)
			ledger_columns_write(&cell, usage, column);
		ledger_row_write_cell(out,
		    (struct text){ cell.text, cell.len });
		buf_putc(out, i + 1 < layout->width ? ',' : '\n');
	}
	buf_release(&cell);
}
