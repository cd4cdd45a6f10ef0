#ifndef METER_CMD_ONE_EVENT_H
#define METER_CMD_ONE_EVENT_H

/*
 * Recording one event, as a command line describes it, and telling of it.
 */

struct entry_change;
struct node;
struct session;
struct usage;

/*
 * Record it, with the status of a task as one change where one is given, and
 * return it as JSON, as it is stored; a note says where an event of its id was
 * recorded before.  NULL, with the session's error, where nothing has changed.
 */
struct node *one_event_record(struct session *session,
    const struct usage *usage, struct entry_change *task);

/* Print its id, and a newline. */
void one_event_print_id(struct session *session, const struct node *event);

#endif
