#ifndef METER_STORE_RUNS_STAMP_H
#define METER_STORE_RUNS_STAMP_H

/*
 * A note in .cache/ on the state in which meter itself left `usage.yaml`.  It
 * is never trusted over the file's bytes, and losing it costs one look at all
 * of them.
 */

#include <stdbool.h>
#include <stdint.h>

struct file;
struct workspace;

struct runs_stamp {
	bool is_there;
	uint64_t inode;
	int64_t size;
	int64_t modified_ns;
	int64_t changed_ns;
	int64_t next;	/* the size that an append was about to make; else
			 * size */
};

/* Read the stamp; where there is none that makes sense, it is not there. */
void runs_stamp_read(struct runs_stamp *out, struct workspace *workspace);

/* Note the file's state, and the size it is about to have. */
void runs_stamp_write(struct workspace *workspace, const struct file *file,
    int64_t next);

/* Whether the file is still in the state that the stamp notes. */
bool runs_stamp_fits(const struct runs_stamp *stamp, const struct file *file);

/*
 * Whether the file, whose bytes end at end, does so inside a run whose
 * appending from offset on was noted but never finished.
 */
bool runs_stamp_is_torn(const struct runs_stamp *stamp,
    const struct file *file, int64_t offset, int64_t end);

/*
 * Whether the file was once seen to go on behind offset.  What begins there
 * is then no append that a crash cut short: somebody changed it.
 */
bool runs_stamp_knows(const struct runs_stamp *stamp, int64_t offset);

#endif
