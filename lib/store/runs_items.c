#include "lib/store/runs_items.h"

#include <string.h>

#include "lib/base/error.h"
#include "lib/base/file.h"

#define CHUNK ((size_t)256 * 1024)

void
runs_items_start(struct runs_items *items, const struct file *file,
    int64_t offset, int64_t end, int line)
{
	*items = (struct runs_items){ .file = file,
		.window = BUF_INIT,
		.offset = offset,
		.end = end,
		.line = line };
}

void
runs_items_release(struct runs_items *items)
{
	buf_release(&items->window);
}

int64_t
runs_items_position(const struct runs_items *items)
{
	return items->offset + (int64_t)items->at;
}

/* Move what is left to the front of the window and read on behind it. */
static int
read_more(struct runs_items *items, bool *more, struct error *err)
{
	size_t left = items->window.len - items->at, want = CHUNK, before;
	int64_t from = items->offset + (int64_t)items->window.len;

	if (items->at > 0) {
		memmove(items->window.text, items->window.text + items->at,
		    left);
		buf_truncate(&items->window, left);
		items->offset += (int64_t)items->at;
		items->at = 0;
	}
	if (left > want)
		want = left;
	if ((int64_t)want > items->end - from)
		want = (size_t)(items->end - from);
	before = items->window.len;
	if (file_read_at(&items->window, items->file, from, want, err) < 0)
		return -1;
	*more = items->window.len > before;
	return 0;
}

/*
 * The length of the item in text, counting its lines; 0 where the text ends
 * before a line that begins the next one.  *seen is how far it was looked at,
 * and is where to go on when there is more text.
 */
static size_t
item_length(const char *text, size_t len, size_t *seen, int *lines)
{
	const char *newline;

	while (*seen < len) {
		newline = memchr(text + *seen, '\n', len - *seen);
		if (!newline || newline + 1 == text + len)
			return 0;
		*seen = (size_t)(newline - text) + 1;
		++*lines;
		if (text[*seen] != ' ' && text[*seen] != '\n')
			return *seen;
	}
	return 0;
}

int
runs_items_next(struct text *out, int *line, struct runs_items *items,
    struct error *err)
{
	size_t len = 0, seen = 0;
	bool more = true;
	int lines = 0;

	*line = items->line;
	for (;;) {
		len = item_length(items->window.text + items->at,
		    items->window.len - items->at, &seen, &lines);
		if (len > 0)
			break;
		if (read_more(items, &more, err) < 0)
			return -1;
		if (!more) {
			len = items->window.len - items->at;
			break;
		}
	}
	*out = TEXT_NULL;
	if (len == 0)
		return 0;
	out->data = items->window.text + items->at;
	out->len = len;
	items->at += len;
	items->line += lines;
	return 0;
}
