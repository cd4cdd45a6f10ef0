#ifndef METER_STORE_LEDGER_FOLLOW_H
#define METER_STORE_LEDGER_FOLLOW_H

/*
 * Following the ledger: once it was read as a whole, only what was appended
 * is, and it is said where that will not do.
 */

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/store/ledger.h"
#include "lib/store/ledger_files.h"

struct ledger_follow {
	struct ledger_question *question;
	struct ledger_files files;	/* as they were at the start */
	struct buf list;		/* what is known of each file */
};

#define LEDGER_FOLLOW_NONE { .files = LEDGER_FILES_NONE, .list = BUF_INIT }

/*
 * Look at the files that the question is about, as they stand now; files is
 * what is then to be read.  The question must live as long.
 */
int ledger_follow_begin(struct ledger_follow *follow,
    struct workspace *workspace, struct ledger_question *question,
    struct error *err);

void ledger_follow_end(struct ledger_follow *follow);

/* Note that something is said of a file; false where it is none of those that
 * the question is about. */
bool ledger_follow_mark(struct ledger_follow *follow, const char *name);

/* Look at those that are marked, and those that something is pending for. */
int ledger_follow_look(struct ledger_files *files,
    const struct ledger_follow *follow, struct workspace *workspace,
    struct error *err);

/*
 * Visit what was appended to those that were marked, as far as files says,
 * and take the marks off.  *is_new is set where there was anything, and
 * *is_other where the ledger has to be read as a whole again, as it also has
 * where this fails.
 */
int ledger_follow_read(bool *is_new, bool *is_other,
    struct ledger_follow *follow, const struct ledger_files *files,
    ledger_visitor *visitor, void *data, struct error *err);

#endif
