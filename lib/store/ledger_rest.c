#include "lib/store/ledger_rest.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/core/usage.h"
#include "lib/store/ledger_lines.h"

/* A newline further from the end than this is behind no row. */
#define FAR ((int64_t)2 * LEDGER_ROW_MAX)

/* The rows of one day's file, as they are read. */
struct rows {
	struct ledger_rest *rest;
	struct ledger_row_reader reader;
	struct when day;
};

static void
start(struct rows *rows, struct ledger_rest *rest, struct when day)
{
	rows->rest = rest;
	rows->day = day;
	ledger_row_start(&rows->reader);
	if (rest->has_layout)
		rows->reader.layout = rest->layout;
}

static int
read_header(struct rows *rows, struct text line, struct error *err)
{
	if (ledger_row_read_header(&rows->reader, line, err) < 0)
		return -1;
	rows->rest->layout = rows->reader.layout;
	rows->rest->has_layout = true;
	return 0;
}

/* The offset behind the last newline at or behind from; from where there is
 * none. */
static int
find_newline(int64_t *out, int64_t from, const struct ledger_lines *lines,
    struct error *err)
{
	const int64_t total = lines->total;
	struct buf tail = BUF_INIT;
	const char *newline = NULL;
	int64_t len = 512, at = total;
	int result = 0;

	while (result == 0 && !newline && at > from && len < 4 * FAR) {
		at = total - from > len ? total - len : from;
		buf_reset(&tail);
		result = ledger_lines_read_at(&tail, lines, at,
		    (size_t)(total - at), err);
		newline = memrchr(tail.text, '\n', tail.len);
		len *= 8;
	}
	*out = newline ? at + (newline - tail.text) + 1 : from;
	buf_release(&tail);
	return result;
}

/*
 * Note whether what stands behind the offset, without a newline, is a row
 * that counts.
 */
static int
judge_open(struct rows *rows, struct ledger_lines *lines, struct error *err)
{
	struct ledger_rest *rest = rows->rest;
	struct error ignored;
	struct usage usage;
	struct text line;

	rest->has_open_row = false;
	if (rest->offset == lines->total || !rest->has_layout)
		return 0;
	ledger_lines_seek(lines, rest->offset);
	if (ledger_lines_next(&line, lines, err) < 0)
		return -1;
	rest->has_open_row =
	    line.data && ledger_row_read_of_day(&usage, &rows->reader, line,
			     rows->day, &ignored) == 0;
	return 0;
}

int
ledger_rest_find(struct ledger_rest *rest, struct ledger_lines *lines,
    struct when day, struct error *err)
{
	struct rows rows;
	struct text line;
	int result;

	*rest = (struct ledger_rest){ 0 };
	start(&rows, rest, day);
	result = find_newline(&rest->offset, 0, lines, err);
	if (result == 0)
		result = ledger_lines_next(&line, lines, err);
	if (result == 0 && line.data)
		result = read_header(&rows, line, err);
	if (result == 0)
		result = judge_open(&rows, lines, err);
	ledger_row_release(&rows.reader);
	return result;
}

int
ledger_rest_end(int64_t *end, const struct ledger_rest *rest,
    const struct ledger_lines *lines, struct error *err)
{
	return find_newline(end, rest->offset, lines, err);
}

static int
visit_row(struct rows *rows, struct text line, struct ledger_question *question,
    ledger_visitor *visitor, void *data, struct error *err)
{
	struct usage usage;

	if (ledger_row_read_of_day(&usage, &rows->reader, line, rows->day,
		err) < 0) {
		if (!question->skip_damaged)
			return -1;
		question->skipped++;
		return 0;
	}
	if (!ledger_asks_for(question, usage.at))
		return 0;
	return visitor(data, &usage, err);
}

static int
visit_rows(struct rows *rows, struct ledger_lines *lines, int64_t end,
    struct ledger_question *question, ledger_visitor *visitor, void *data,
    struct error *err)
{
	struct ledger_rest *rest = rows->rest;
	struct text line;
	int result;

	ledger_lines_seek(lines, rest->offset);
	while (rest->offset < end) {
		if (ledger_lines_next(&line, lines, err) < 0)
			return -1;
		/* Somebody cut the file: that is told later. */
		if (!line.data || !lines->has_end)
			return 0;
		if (!rest->has_layout)
			result = read_header(rows, line, err);
		else
			result =
			    visit_row(rows, line, question, visitor, data, err);
		if (result != 0)
			return result;
		rest->offset = lines->offset + (int64_t)line.len + 1;
	}
	return 0;
}

int
ledger_rest_visit(struct ledger_rest *rest, struct ledger_lines *lines,
    int64_t end, struct when day, struct ledger_question *question,
    ledger_visitor *visitor, void *data, struct error *err)
{
	struct rows rows;
	int result;

	start(&rows, rest, day);
	result = visit_rows(&rows, lines, end, question, visitor, data, err);
	if (result == 0)
		result = judge_open(&rows, lines, err);
	rest->offset = end;
	ledger_row_release(&rows.reader);
	return result;
}
