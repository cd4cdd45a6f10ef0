#ifndef METER_CORE_DAILY_TALLY_TASKS_H
#define METER_CORE_DAILY_TALLY_TASKS_H

/* How the tasks of tallies come together. */

#include <stddef.h>

struct daily_tally;
struct daily_tally_tasks;

/*
 * Add what another tally has of a day, and count what is new.  As with the rest
 * of a day: where no task is known of it yet, it is taken as it is, already
 * counted, and made this tally's own before others are added.
 */
void daily_tally_tasks_merge(struct daily_tally *tally, size_t day,
    const struct daily_tally_tasks *other);

#endif
