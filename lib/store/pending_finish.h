#ifndef METER_STORE_PENDING_FINISH_H
#define METER_STORE_PENDING_FINISH_H

/*
 * Carrying out the change that stands in `.pending`.
 */

struct error;
struct workspace;

/*
 * Carry out the change that stands there, if there is one, and remove it,
 * under the lock.  However far another process came with it, the result is
 * the same.
 */
int pending_finish(struct workspace *workspace, struct error *err);

#endif
