#ifndef METER_STORE_PROPOSALS_H
#define METER_STORE_PROPOSALS_H

/*
 * `proposals/DAY-DIM-ID.yaml`: what alerts propose to change, and what came of
 * it (DESIGN.md 2.5); beside each stands a page for people, `.md`.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/text.h"

struct buf;
struct changes;
struct daily_row;
struct error;
struct node;
struct when;
struct workspace;

/* How a proposal is put into words: that is not the store's. */
struct proposals_report {
	/* Append what to do about the row, as a line of text. */
	void (*action)(struct buf *out, const struct daily_row *row);
	/* Append the page of a proposal, as it is stored. */
	void (*page)(struct buf *out, const struct node *proposal);
};

/*
 * The stored objects, as a list ordered by their ids; of that status alone,
 * where it is not NULL.  A change that is pending counts as done.
 */
int proposals_list(struct node **out, struct workspace *workspace,
    const char *status, struct error *err);

/*
 * Put into the change a proposal for the row's alert, and note it in the row.
 * Where its file is there already it stays, and the alert was sent when it was
 * made.
 */
int proposals_add(struct changes *changes, struct workspace *workspace,
    struct daily_row *row, struct when now,
    const struct proposals_report *report, struct error *err);

/*
 * Decide a proposal, under the lock, which this takes and gives back.  What
 * was decided so already stays as it is.  An unknown id is ERROR_NO_INPUT.
 */
int proposals_decide(struct workspace *workspace, const char *id,
    const char *status, const struct proposals_report *report,
    struct error *err);

#endif
