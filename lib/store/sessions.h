#ifndef METER_STORE_SESSIONS_H
#define METER_STORE_SESSIONS_H

/*
 * `session.yaml`: the session that is open, or the last one (DESIGN.md 2.5).
 */

#include "lib/core/session_span.h"

struct error;
struct node;
struct workspace;

struct sessions {
	struct node *root;	/* the document; NULL where there is none */
	struct session_span span;
};

/* Load it, for looking. */
int sessions_load(struct sessions *out, struct workspace *workspace,
    struct error *err);

/*
 * Start a session, which ends one that is open, under the lock, which this
 * takes and gives back.  The name has been checked.
 */
int sessions_start(struct sessions *out, struct workspace *workspace,
    struct text name, struct error *err);

/* End the open one likewise; ERROR_NO_INPUT where none is. */
int sessions_end(struct sessions *out, struct workspace *workspace,
    struct error *err);

/* Set *err to ERROR_NO_INPUT where no session is open, and return -1. */
int sessions_expect_open(const struct session_span *span, struct error *err);

#endif
