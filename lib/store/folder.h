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

#endif
