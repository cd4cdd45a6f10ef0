#include "lib/report/lines.h"

#include <string.h>

bool
lines_begins(struct text text, const char *start)
{
	size_t len = strlen(start);

	return text.len >= len && memcmp(text.data, start, len) == 0;
}

struct text
lines_bare(struct text line)
{
	if (line.len > 0 && line.data[line.len - 1] == '\n')
		line.len--;
	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	return line;
}

struct text
lines_at(struct text file, size_t at)
{
	const char *newline = memchr(file.data + at, '\n', file.len - at);
	size_t end = newline ? (size_t)(newline - file.data) + 1 : file.len;

	return (struct text){ file.data + at, end - at };
}

static struct lines_fence
fence_of(struct text line)
{
	struct lines_fence fence = { 0 };
	size_t at = 0, end = line.len;

	while (at < line.len && at < 4 && line.data[at] == ' ')
		at++;
	while (end > at && memchr(" \t", line.data[end - 1], 2))
		end--;
	if (at == 4 || at == end || !memchr("`~", line.data[at], 2))
		return fence;
	fence.mark = line.data[at];
	for (; at < end && line.data[at] == fence.mark; at++)
		fence.len++;
	fence.has_info = at < end;
	/* Such a line is code within a paragraph. */
	if (fence.mark == '`' && memchr(line.data + at, '`', end - at))
		fence.len = 0;
	if (fence.len < 3)
		fence.len = 0;
	return fence;
}

/* Go on to a line: whether it is part of a code block, a fence too. */
static bool
is_code(struct lines_fence *open, struct text line)
{
	struct lines_fence fence = fence_of(line);

	if (open->len == 0) {
		*open = fence;
		return fence.len > 0;
	}
	if (fence.mark == open->mark && fence.len >= open->len &&
	    !fence.has_info)
		open->len = 0;
	return true;
}

bool
lines_next(struct text *line, struct lines *lines)
{
	if (lines->next >= lines->file.len)
		return false;
	lines->at = lines->next;
	*line = lines_at(lines->file, lines->at);
	lines->next += line->len;
	lines->number++;
	lines->is_code = lines->at < lines->limit &&
			 is_code(&lines->fence, lines_bare(*line));
	return true;
}

/* Where the fence stands that nothing closes; the file's end without one. */
static size_t
find_open(struct text file)
{
	struct lines lines = { .file = file, .limit = file.len };
	size_t open = file.len;
	bool was_code = false;
	struct text line;

	while (lines_next(&line, &lines)) {
		if (lines.is_code && !was_code)
			open = lines.at;
		was_code = lines.is_code && lines.fence.len > 0;
	}
	return was_code ? open : file.len;
}

void
lines_start(struct lines *lines, struct text file, bool is_markdown)
{
	*lines = (struct lines){ .file = file };
	if (is_markdown)
		lines->limit = find_open(file);
}
