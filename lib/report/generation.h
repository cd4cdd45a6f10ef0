#ifndef METER_REPORT_GENERATION_H
#define METER_REPORT_GENERATION_H

/*
 * The "Plan variance" line of `reports/generation-summary.md`: one line of
 * Markdown in a file that is otherwise somebody else's.
 */

#include <stdint.h>

#include "lib/base/text.h"

struct buf;
struct variance;

/* Append the line, with its newline. */
void generation_line(struct buf *out, const struct variance *variance,
    int64_t unpriced_calls);

/*
 * Append the file with the line in its place: that of the line that is there
 * already, else under the heading `## Budget`, which is made at the end where
 * it is missing.  Every other byte stays.  What stands in a fenced code block
 * is text and neither line nor heading, unless nothing closes the block.
 */
void generation_update(struct buf *out, struct text file, struct text line);

#endif
