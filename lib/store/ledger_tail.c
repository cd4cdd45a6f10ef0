#include "lib/store/ledger_tail.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/core/usage.h"
#include "lib/store/ledger_files.h"
#include "lib/store/workspace.h"

enum {
	HEADER_MAX = 64 * 1024,
	TAIL_FIRST = 4 * 1024,
	NAME_SIZE = 80,
};

/* What is being looked at. */
struct look {
	struct ledger_tail *tail;
	struct workspace *workspace;
	struct file file;
	struct when day;
	struct ledger_row_reader reader;
};

static int
fail_at_header(const struct look *look, struct error *err)
{
	struct error reason = *err;
	struct buf name = BUF_INIT;

	dir_describe(&name, look->file.dir, look->file.name);
	error_set(err, reason.kind, "%s:1: %s", name.text, reason.text);
	buf_release(&name);
	return -1;
}

/* Read the header; *whole is how many bytes it takes with its newline. */
static int
read_header(struct look *look, struct error *err)
{
	struct buf text = BUF_INIT;
	const char *end;
	size_t len;
	int result;

	result = file_read_at(&text, &look->file, 0, HEADER_MAX, err);
	if (result == 0) {
		end = memchr(text.text, '\n', text.len);
		len = end ? (size_t)(end - text.text) : text.len;
		result = ledger_row_read_header(&look->reader,
		    (struct text){ text.text, len }, err);
		if (result < 0)
			fail_at_header(look, err);
		look->tail->layout = look->reader.layout;
	}
	buf_release(&text);
	return result;
}

/*
 * Read what stands behind the last newline, all where there is none; *from
 * is where it begins.
 */
static int
read_rest(struct buf *rest, int64_t *from, const struct look *look,
    struct error *err)
{
	int64_t len = TAIL_FIRST;
	const char *newline;

	for (;;) {
		if (len > look->file.size)
			len = look->file.size;
		*from = look->file.size - len;
		buf_reset(rest);
		if (file_read_at(rest, &look->file, *from, (size_t)len, err) <
		    0)
			return -1;
		newline = memrchr(rest->text, '\n', rest->len);
		if (newline || *from == 0 || len > LEDGER_ROW_MAX)
			break;
		len *= 4;
	}
	if (!newline)
		return 0;
	len = newline + 1 - rest->text;
	*from += len;
	memmove(rest->text, rest->text + len, rest->len - (size_t)len);
	buf_truncate(rest, rest->len - (size_t)len);
	return 0;
}

/* Copy what was torn off to a file of its own, durably, then cut it off. */
static int
set_aside(struct look *look, struct text rest, int64_t from, struct error *err)
{
	char name[NAME_SIZE];
	int number = 0;

	snprintf(name, sizeof(name), "%s.torn.%" PRId64, look->file.name, from);
	while (file_is_there(look->file.dir, name))
		snprintf(name, sizeof(name), "%s.torn.%" PRId64 ".%d",
		    look->file.name, from, ++number);
	if (file_replace(look->file.dir, name, rest, err) < 0 ||
	    file_cut(&look->file, from, err) < 0)
		return -1;
	workspace_note(look->workspace,
	    "%s: %zu bytes at its end were no whole row and are now in %s",
	    look->file.name, rest.len, name);
	return 0;
}

static bool
is_whole(struct look *look, struct text rest)
{
	struct error ignored;
	struct usage usage;

	return ledger_row_read(&usage, &look->reader, rest, &ignored) == 0 &&
	       when_day_start(usage.at).micros == look->day.micros;
}

/* Make the file one that ends in a whole row. */
static int
mend(struct look *look, struct error *err)
{
	struct buf rest = BUF_INIT;
	struct text text;
	int64_t from;
	int result;

	result = read_rest(&rest, &from, look, err);
	text = (struct text){ rest.text, rest.len };
	/* Of a header alone read_header has seen that it is whole. */
	if (result == 0 && rest.len > 0) {
		if (from == 0 || is_whole(look, text))
			look->tail->lacks_newline = true;
		else
			result = set_aside(look, text, from, err);
	}
	buf_release(&rest);
	return result;
}

static int
look_at(struct look *look, struct error *err)
{
	if (look->file.links > 1)
		workspace_note(look->workspace,
		    "%s has another name, by a hard link", look->file.name);
	if (look->file.size == 0)
		return 0;
	if (read_header(look, err) < 0 || mend(look, err) < 0)
		return -1;
	look->tail->is_there = true;
	look->tail->size = look->file.size;
	return 0;
}

int
ledger_tail_prepare(struct ledger_tail *tail, struct workspace *workspace,
    const struct dir *events, struct when day, struct error *err)
{
	struct look look = { .tail = tail,
		.workspace = workspace,
		.file = FILE_NONE,
		.day = day };
	char name[LEDGER_FILES_NAME];
	int result = 0;
	bool found;

	*tail = (struct ledger_tail){ .layout = ledger_row_own };
	ledger_files_name(name, day);
	ledger_row_start(&look.reader);
	if (file_open_append(&look.file, events, name, &found, err) < 0)
		result = -1;
	else if (found)
		result = look_at(&look, err);
	file_close(&look.file);
	ledger_row_release(&look.reader);
	return result;
}
