#ifndef METER_STORE_RUNS_REPAIR_H
#define METER_STORE_RUNS_REPAIR_H

/*
 * Making `usage.yaml` one that can be appended to again, without losing a
 * byte of what stood there.
 */

#include "lib/base/text.h"

struct error;
struct file;
struct runs_survey;
struct workspace;

/*
 * Copy what was torn off behind the last whole run to a file of its own,
 * `usage.yaml.torn.OFFSET`, durably, then cut it off, and say so in a note.
 */
int runs_repair_set_aside(struct workspace *workspace, struct file *file,
    const struct runs_survey *survey, struct error *err);

/*
 * Replace a foreign file by one in meter's form with one more run, whose text
 * is given.  Where the old one holds comments it is kept beside it as
 * `usage.yaml.orig.N`.
 */
int runs_repair_rewrite(struct workspace *workspace, const struct file *file,
    const struct runs_survey *survey, struct text run, struct error *err);

#endif
