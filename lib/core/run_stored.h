#ifndef METER_CORE_RUN_STORED_H
#define METER_CORE_RUN_STORED_H

/*
 * A run as `usage.yaml` holds it (DESIGN.md 2.2).
 */

#include <stdbool.h>

struct arena;
struct error;
struct node;
struct run;

/* The stored form of a run. */
struct node *run_stored_node(struct arena *arena, const struct run *run);

/*
 * Read a stored run; texts are the document's.  Fields that are not meter's
 * are left alone.
 */
int run_stored_read(struct run *out, struct arena *arena,
    const struct node *stored, struct error *err);

/*
 * Whether a run that was read has all its buckets: each has a call at least,
 * so one that was torn off leaves fewer calls than the rollup counts.  Other
 * figures are not held against each other, since a person may have mended
 * one.
 */
bool run_stored_is_whole(const struct run *run);

/*
 * Whether all fields of a stored run stand there, in their order, those of
 * each bucket too, with only fields that are not meter's behind them.
 */
bool run_stored_has_form(const struct node *stored);

/*
 * Whether what stands there can be the beginning of a run in that form, cut
 * off anywhere: no field is missing in front of another one, and no other
 * field is between them.
 */
bool run_stored_may_be_cut(const struct node *stored);

/*
 * A stored run, which was read as run, in meter's form: its fields in their
 * order, with what is missing among them, and the fields of others behind.
 * Values stay as they were written.
 */
struct node *run_stored_arrange(struct arena *arena,
    const struct node *stored, const struct run *run);

#endif
