#ifndef METER_REPORT_BLOCK_H
#define METER_REPORT_BLOCK_H

/*
 * A block of ours in somebody else's Markdown or HTML: what stands between
 * two comments that name the scope it is about,
 *
 *	<!-- meter:summary quest:q-ri begin -->
 *	<!-- meter:summary quest:q-ri end -->
 *
 * In a comment the scope is written with A-Z a-z 0-9 . _ : / and single
 * hyphens as they are, and every other byte as %XX, so that no scope can end
 * it.  The comments may stand anywhere, but for code blocks of Markdown.
 */

#include <stdbool.h>

#include "lib/base/text.h"

struct buf;
struct error;

struct block {
	struct text scope;	/* `quest:q-ri` */
	struct text body;	/* lines, each with its "\n" */
	bool is_html;		/* else Markdown */
};

/* Append the block with its comments. */
void block_put(struct buf *out, const struct block *block);

/*
 * Append the file with the block in its place: that of the one that is there,
 * else at the end (in HTML before `</body>`).  Every other byte stays, and the
 * block gets the line ends of the file.  Comments that do not pair, of whatever
 * scope, or a scope's that are there twice, are ERROR_DATA with `PATH:LINE`.
 */
int block_update(struct buf *out, const struct block *block, struct text file,
    const char *path, struct error *err);

#endif
