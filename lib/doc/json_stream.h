#ifndef METER_DOC_JSON_STREAM_H
#define METER_DOC_JSON_STREAM_H

/*
 * A long text of JSON values, one at a time, in memory for one of them: an
 * array, or values that follow one another.  A value is handed on as soon as
 * its last byte is there, so that a pipe may be answered value by value.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

struct arena;
struct error;
struct node;

struct json_stream {
	int fd;
	const char *file;	/* for messages */
	struct buf data;
	size_t at;		/* how far data is read */
	size_t line_start;	/* where in data the line begins */
	int64_t cut;		/* columns of the line that are gone */
	int line;		/* from 1 */
	bool has_begun;
	bool is_list;		/* within `[` */
	bool needs_comma;
	bool has_comma;
	bool is_over;		/* the list is closed */
	bool at_end;		/* the file is */
};

/* Begin to read from a descriptor, which stays the caller's. */
void json_stream_start(struct json_stream *stream, int fd, const char *file);
void json_stream_release(struct json_stream *stream);

/*
 * Read the next value, which must be an object, into the arena; NULL at the
 * end.  What is wrong is ERROR_DATA with its place.
 */
int json_stream_next(struct node **out, struct json_stream *stream,
    struct arena *arena, struct error *err);

#endif
