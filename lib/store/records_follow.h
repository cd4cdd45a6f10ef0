#ifndef METER_STORE_RECORDS_FOLLOW_H
#define METER_STORE_RECORDS_FOLLOW_H

/*
 * Following the stream of usage: after it was read as a whole, as any question
 * does, what is recorded since is given to the same visitor, and nothing else
 * is read.  Where that will not do (a file was edited, moved away or back, a
 * task moved, a session started …) it is said, and the question is to be asked
 * again.  Nothing is looked at unless something was written.
 *
 * In turn: records_follow_begin, read the records in whatever way,
 * records_follow_begun, then records_follow_update until it gives
 * RECORDS_OTHER, and so on.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/watch.h"
#include "lib/store/ledger_follow.h"
#include "lib/store/records.h"
#include "lib/store/runs_follow.h"

enum {
	RECORDS_FOLLOW_DOCUMENTS = 3,
};

/* What has become of the records. */
enum records_news {
	RECORDS_SAME,
	RECORDS_MORE, /* some were added */
	RECORDS_OTHER, /* they are to be read again as a whole */
};

struct records_follow {
	struct workspace *workspace;
	struct watch watch;
	bool has_runs;	/* they are asked for too */
	bool is_valid;	/* since the last records_follow_begin */
	struct records records;
	struct ledger_follow ledger;
	struct runs_follow runs;
	/* What was told of since it was last read. */
	bool is_marked;	/* anything */
	bool is_lost;	/* which it was */
	bool pending_is_marked;
	bool runs_are_marked;
	bool documents_are_marked;
	bool is_told;	/* something, a moment ago */
	/* tasks.yaml, tiers.yaml, session.yaml */
	uint64_t sums[RECORDS_FOLLOW_DOCUMENTS];
};

/* Begin to watch the workspace, which may not be there yet. */
int records_follow_open(struct records_follow *follow,
    struct workspace *workspace, struct error *err);

void records_follow_close(struct records_follow *follow);

/* The descriptor that can be read from when something was written. */
int records_follow_fd(const struct records_follow *follow);

/*
 * Note how all stands.  Until records_follow_begun the ledger is seen as it
 * stands now, through the same workspace.  The question must live on; what is
 * noted is in the workspace's arena.  What is wrong with a file is for who
 * reads it to find; -1 only where nothing can be watched any more.
 */
int records_follow_begin(struct records_follow *follow,
    struct ledger_question *question, bool has_runs, struct error *err);

/*
 * End the reading of the records as a whole; has_failed where it did: then
 * anything that changes is a reason to try again.  -1 as above.
 */
int records_follow_begun(struct records_follow *follow, bool has_failed,
    struct error *err);

/*
 * Take in what has happened: the records that were added are given to the
 * visitor.  After RECORDS_OTHER what the visitor was given is not to be
 * counted.  -1 as above.
 */
int records_follow_update(enum records_news *out, struct records_follow *follow,
    ledger_visitor *visitor, void *data, struct error *err);

#endif
