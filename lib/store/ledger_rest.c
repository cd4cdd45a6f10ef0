#include "lib/store/ledger_rest.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/core/usage.h"
#include "lib/store/ledger_lines.h"

/* The rows of one day's file, as they are read. */
struct rows {
	struct ledger_rest *rest;
	struct ledger_row_reader reader;
	struct when day;
};

bool
ledger_rest_is_asked_for(const struct ledger_question *question,
    struct when day)
{
	struct when next = when_add_days(day, 1);

	return (!question->has_since || next.micros > question->since.micros) &&
	       (!question->has_until || day.micros < question->until.micros);
}

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

/* Read a row, which belongs into the file of its own day. */
static int
read_row(struct usage *usage, struct rows *rows, struct text line,
    struct error *err)
{
	if (ledger_row_read(usage, &rows->reader, line, err) < 0)
		return -1;
	if (when_day_start(usage->at).micros == rows->day.micros)
		return 0;
	return error_set(err, ERROR_DATA, "at: is not on the day of the file");
}

/* Note whether the last line, which has no newline, is a row that counts. */
static void
judge_open(struct rows *rows, struct text line)
{
	struct error ignored;
	struct usage usage;

	rows->rest->has_open_row = rows->rest->has_layout &&
				   read_row(&usage, rows, line, &ignored) == 0;
}

/* The offset behind the last newline; 0 where there is none. */
static int
find_newline(int64_t *out, const struct ledger_lines *lines, struct error *err)
{
	struct buf tail = BUF_INIT;
	const char *newline = NULL;
	int64_t len = 4096, from = lines->total;
	int result = 0;

	while (result == 0 && !newline && from > 0) {
		from = lines->total > len ? lines->total - len : 0;
		buf_reset(&tail);
		result = ledger_lines_read_at(&tail, lines, from,
		    (size_t)(lines->total - from), err);
		newline = memrchr(tail.text, '\n', tail.len);
		len *= 4;
		if (tail.len > LEDGER_ROW_MAX)
			break;
	}
	*out = newline ? from + (newline - tail.text) + 1 : 0;
	buf_release(&tail);
	return result;
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
	result = find_newline(&rest->offset, lines, err);
	if (result == 0)
		result = ledger_lines_next(&line, lines, err);
	if (result == 0 && line.data)
		result = read_header(&rows, line, err);
	if (result == 0 && rest->offset < lines->total) {
		ledger_lines_seek(lines, rest->offset);
		result = ledger_lines_next(&line, lines, err);
		if (result == 0 && line.data)
			judge_open(&rows, line);
	}
	ledger_row_release(&rows.reader);
	return result;
}

static int
visit_row(struct rows *rows, struct text line, struct ledger_question *question,
    ledger_visitor *visitor, void *data, struct error *err)
{
	struct usage usage;

	if (read_row(&usage, rows, line, err) < 0) {
		if (!question->skip_damaged)
			return -1;
		question->skipped++;
		return 0;
	}
	if ((question->has_since && usage.at.micros < question->since.micros) ||
	    (question->has_until && usage.at.micros >= question->until.micros))
		return 0;
	return visitor(data, &usage, err);
}

int
ledger_rest_visit(struct ledger_rest *rest, struct ledger_lines *lines,
    struct when day, struct ledger_question *question, ledger_visitor *visitor,
    void *data, struct error *err)
{
	struct rows rows;
	struct text line;
	int result;

	start(&rows, rest, day);
	rest->has_open_row = false;
	ledger_lines_seek(lines, rest->offset);
	for (;;) {
		result = ledger_lines_next(&line, lines, err);
		if (result < 0 || !line.data)
			break;
		if (!lines->has_end) {
			judge_open(&rows, line);
			break;
		}
		if (!rest->has_layout)
			result = read_header(&rows, line, err);
		else
			result = visit_row(&rows, line, question, visitor, data,
			    err);
		if (result != 0)
			break;
		rest->offset = lines->offset + (int64_t)line.len + 1;
	}
	ledger_row_release(&rows.reader);
	return result;
}
