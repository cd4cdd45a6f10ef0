#ifndef METER_STORE_RUNS_SEEK_H
#define METER_STORE_RUNS_SEEK_H

/*
 * Finding a run by its index in `usage.yaml` without reading what is before
 * it: indexes only grow along the file, so halves of it are told apart by the
 * run in the middle.
 */

#include <stdint.h>

struct error;
struct file;
struct runs_survey;

/*
 * Set *out to the start of a run of the surveyed file that is at or a little
 * before the run of that index, where there is one.
 */
int runs_seek(int64_t *out, const struct file *file,
    const struct runs_survey *survey, int64_t index, struct error *err);

#endif
