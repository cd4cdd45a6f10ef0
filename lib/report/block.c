#include "lib/report/block.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/report/lines.h"
#include "lib/report/mark.h"

enum {
	SCOPE_SHOWN = 80, /* of a scope, in a message */
};

/* Where the marks of the block stand. */
struct place {
	bool is_there;
	struct mark begin, end;
};

/* Append a line end, and in Markdown a blank line, which ends the comment for
 * every reader of it. */
static void
put_gap(struct buf *out, const struct block *block, const char *end)
{
	buf_puts(out, end);
	if (!block->is_html)
		buf_puts(out, end);
}

/* Append what stands between the marks. */
static void
put_inside(struct buf *out, const struct block *block, const char *end)
{
	struct text line, bare;
	size_t at = 0;

	put_gap(out, block, end);
	while (at < block->body.len) {
		line = lines_at(block->body, at);
		bare = lines_bare(line);
		buf_add(out, bare.data, bare.len);
		buf_puts(out, end);
		at += line.len;
	}
	if (!block->is_html)
		buf_puts(out, end);
}

static void
put_block(struct buf *out, const struct block *block, const char *end)
{
	mark_put(out, block->scope, false);
	put_inside(out, block, end);
	mark_put(out, block->scope, true);
	buf_puts(out, end);
}

void
block_put(struct buf *out, const struct block *block)
{
	put_block(out, block, "\n");
}

static int
refuse(const char *path, int line, const char *problem, struct text scope,
    struct error *err)
{
	const struct dir here = { -1, "." };
	struct buf name = BUF_INIT;
	int shown = scope.len < SCOPE_SHOWN ? (int)scope.len : SCOPE_SHOWN;

	dir_describe(&name, &here, path);
	error_set(err, ERROR_DATA, "%s:%d: %s%s%.*s", name.text, line, problem,
	    shown > 0 ? " " : "", shown, shown > 0 ? scope.data : "");
	buf_release(&name);
	return -1;
}

/* The search for a block's marks, through all marks. */
struct search {
	const struct block *block;
	const char *path;
	struct place place;
	struct mark open; /* what has begun and not ended */
	bool is_open;
};

static int
take_begin(struct search *search, const struct mark *mark, struct error *err)
{
	if (search->is_open)
		return refuse(search->path, search->open.line,
		    "a block begins and does not end:", search->open.scope,
		    err);
	if (search->place.is_there && mark_is_of(mark, search->block->scope))
		return refuse(search->path, mark->line,
		    "there is a second block of", mark->scope, err);
	search->open = *mark;
	search->is_open = true;
	return 0;
}

static int
take_end(struct search *search, const struct mark *mark, struct error *err)
{
	if (!search->is_open)
		return refuse(search->path, mark->line,
		    "a block ends and did not begin:", mark->scope, err);
	if (!text_equal(mark->scope, search->open.scope))
		return refuse(search->path, search->open.line,
		    "a block begins and another ends:", search->open.scope,
		    err);
	search->is_open = false;
	if (mark_is_of(mark, search->block->scope))
		search->place = (struct place){ true, search->open, *mark };
	return 0;
}

static int
take_line(struct search *search, const struct lines *lines, struct text line,
    struct error *err)
{
	struct text rest = line;
	struct mark mark = { .line = lines->number };
	int found = 0, result = 0;

	while (result == 0 && (found = mark_find(&mark, &rest)) > 0)
		result =
		    (mark.is_end ? take_end : take_begin)(search, &mark, err);
	if (found < 0)
		return refuse(search->path, mark.line,
		    "is a damaged mark of a block", TEXT_NULL, err);
	return result;
}

static int
find_place(struct place *out, const struct block *block, struct text file,
    const char *path, struct error *err)
{
	struct search search = { .block = block, .path = path };
	struct lines lines;
	struct text line;

	lines_start(&lines, file, !block->is_html);
	while (lines_next(&line, &lines))
		if (!lines.is_code &&
		    take_line(&search, &lines, lines_bare(line), err) < 0)
			return -1;
	if (search.is_open)
		return refuse(path, search.open.line,
		    "a block begins and does not end:", search.open.scope, err);
	*out = search.place;
	return 0;
}

/* Take a tag such as `</body>` and blanks around it from the end of a text. */
static bool
drop_tag(struct text *text, const char *name)
{
	size_t len = text->len, name_len = strlen(name);

	while (len > 0 && memchr(" \t\r\n", text->data[len - 1], 4))
		len--;
	if (len == 0 || text->data[--len] != '>')
		return false;
	while (len > 0 && memchr(" \t\r\n", text->data[len - 1], 4))
		len--;
	if (len < name_len ||
	    strncasecmp(text->data + len - name_len, name, name_len) != 0)
		return false;
	text->len = len - name_len;
	return true;
}

/* Where a block that is not there yet goes. */
static size_t
end_of(struct text file, bool is_html)
{
	struct text head = file;

	if (!is_html)
		return file.len;
	drop_tag(&head, "</html");
	return drop_tag(&head, "</body") ? head.len : file.len;
}

static void
put_at_end(struct buf *out, const struct block *block, struct text file,
    const char *end)
{
	size_t at = end_of(file, block->is_html);

	buf_add(out, file.data, at);
	if (at > 0 && file.data[at - 1] != '\n')
		buf_puts(out, end);
	if (at > 0 && !block->is_html)
		buf_puts(out, end);
	put_block(out, block, end);
	buf_add(out, file.data + at, file.len - at);
}

int
block_update(struct buf *out, const struct block *block, struct text file,
    const char *path, struct error *err)
{
	struct place place = { .is_there = false };
	struct text first;
	const char *end = "\n";

	if (find_place(&place, block, file, path, err) < 0)
		return -1;
	first = lines_at(file, 0);
	if (first.len - lines_bare(first).len == 2)
		end = "\r\n";
	if (!place.is_there) {
		put_at_end(out, block, file, end);
		return 0;
	}
	/* The marks stay as they are, wherever they stand. */
	buf_add(out, file.data, (size_t)(place.begin.end - file.data));
	put_inside(out, block, end);
	buf_add(out, place.end.start,
	    file.len - (size_t)(place.end.start - file.data));
	return 0;
}
