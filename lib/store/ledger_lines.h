#ifndef METER_STORE_LEDGER_LINES_H
#define METER_STORE_LEDGER_LINES_H

/*
 * The lines of one file of the ledger, with what is pending behind it, in
 * bounded memory.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/file.h"
#include "lib/base/text.h"
#include "lib/store/cache.h"

struct error;
struct ledger_file;
struct ledger_files;

struct ledger_lines {
	struct file file;
	const struct file *pending;
	int64_t size;		/* of the file, as far as it counts */
	int64_t total;		/* with what is pending */
	int64_t pending_offset;
	struct buf data;
	size_t next;		/* where in data the next line begins */
	int64_t read;		/* how much was read */
	int64_t number;		/* of the last line, from 1 */
	int64_t offset;		/* of the last line */
	bool has_end;		/* the last line ends in a newline */
};

/* Begin with a file; a file that went away has no lines. */
int ledger_lines_open(struct ledger_lines *lines,
    const struct ledger_files *files, const struct ledger_file *file,
    struct error *err);

/* The state in which the file was when it was opened. */
struct cache_state ledger_lines_state(const struct ledger_lines *lines);

void ledger_lines_close(struct ledger_lines *lines);

/* The next line, without its newline; data is NULL at the end. */
int ledger_lines_next(struct text *line, struct ledger_lines *lines,
    struct error *err);

/*
 * Go on at an offset, where a line begins; lines are then counted from there.
 */
void ledger_lines_seek(struct ledger_lines *lines, int64_t offset);

/* Append to out the bytes from offset, len of them or up to the end, of the
 * file and what is pending behind it. */
int ledger_lines_read_at(struct buf *out, const struct ledger_lines *lines,
    int64_t offset, size_t len, struct error *err);

/* Put `FILE:LINE: ` before the reason in err.  Return -1. */
int ledger_lines_fail(const struct ledger_lines *lines, struct error *err);

#endif
