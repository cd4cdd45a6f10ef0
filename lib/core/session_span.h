#ifndef METER_CORE_SESSION_SPAN_H
#define METER_CORE_SESSION_SPAN_H

/*
 * A session of work: a name and the time that it takes.  While it is open,
 * records of its time that name no session belong to it.
 */

#include <stdbool.h>

#include "lib/base/text.h"
#include "lib/base/when.h"

struct arena;
struct error;
struct node;
struct usage;

enum {
	/* Bytes of a name: with it the whole state is below 1 KB. */
	SESSION_SPAN_NAME_MAX = 200,
};

struct session_span {
	struct text id;		/* null: there has been none */
	struct when started_at;
	bool is_open;
	struct when ended_at;	/* where it is not open */
};

/*
 * Read a stored session, `{id, started_at, ended_at}`; NULL gives none.  Its
 * id is the document's.  What is wrong is ERROR_DATA with its place.
 */
int session_span_read(struct session_span *out, const struct node *map,
    struct error *err);

/* Put a session into a stored map, in the place of the one before. */
void session_span_put(struct arena *arena, struct node *map,
    const struct session_span *span);

/* What is wrong with the name of a session, in words, or NULL. */
const char *session_span_name_problem(struct text name);

/*
 * The session that starts now, with the id `NAME-20261122T080000Z`.  Where
 * the last one started in that second, `-2`, `-3` … is added.  The id is
 * taken from the arena.
 */
void session_span_start(struct session_span *out, struct arena *arena,
    const struct session_span *last, struct text name, struct when now);

/* End it, at the earliest when it started. */
void session_span_end(struct session_span *span, struct when now);

/* Whether it is open, and a time lies in it. */
bool session_span_covers(const struct session_span *span, struct when at);

/* Make the record the open session's, where its time lies in that and it
 * names none. */
void session_span_fill(const struct session_span *span, struct usage *usage);

#endif
