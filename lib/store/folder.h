#ifndef METER_STORE_FOLDER_H
#define METER_STORE_FOLDER_H

/*
 * The folders below output/budget: events, variance, proposals.
 */

#include <stdbool.h>

struct dir;
struct error;
struct workspace;

/*
 * Open the folder of that name, where it is there; make it, durably, where
 * that is asked for.  Of one that is not there the descriptor is -1.
 */
int folder_open(struct dir *dir, struct workspace *workspace, const char *name,
    bool make, struct error *err);

/* Called with the name of a file. */
typedef void folder_visitor(void *data, const char *name);

/*
 * Visit the names of all that is in the folder, or is put there by a change
 * that is pending, in any order; a name may come twice.
 */
int folder_each(struct workspace *workspace, const char *name,
    folder_visitor *visitor, void *data, struct error *err);

#endif
