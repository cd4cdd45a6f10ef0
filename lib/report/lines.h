#ifndef METER_REPORT_LINES_H
#define METER_REPORT_LINES_H

/*
 * The lines of somebody else's file, in which something of ours is to be
 * found.  What stands in a fenced code block of Markdown, as CommonMark has
 * it, is an example and never the thing itself; but a fence that nothing
 * closes is text, and so is all behind it: what is put at the end of such a
 * file has to be found the next time.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/text.h"

/* A fence of a code block. */
struct lines_fence {
	char mark;
	size_t len;		/* 0 where there is none */
	bool has_info;		/* text behind the marks, so that it closes
				 * nothing */
};

struct lines {
	struct text file;
	size_t at;		/* where the last line begins */
	size_t next;
	int number;		/* of the last line, from 1 */
	size_t limit;		/* fences from here on are text */
	struct lines_fence fence;	/* the one that is open */
	bool is_code;		/* the last line: in a code block, or a
				 * fence */
};

/* Begin; a file that is not Markdown has no fences. */
void lines_start(struct lines *lines, struct text file, bool is_markdown);

/* The next line with its end; false at the end of the file. */
bool lines_next(struct text *line, struct lines *lines);

/* The line that begins at an offset, with its end. */
struct text lines_at(struct text file, size_t at);

/* A line without its end, "\n" or "\r\n". */
struct text lines_bare(struct text line);

/* Whether a text begins so. */
bool lines_begins(struct text text, const char *start);

#endif
