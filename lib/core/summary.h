#ifndef METER_CORE_SUMMARY_H
#define METER_CORE_SUMMARY_H

/*
 * A run's variance as `summary.yaml` holds it (DESIGN.md 2.3).
 */

#include <stdbool.h>

struct arena;
struct error;
struct node;
struct text;
struct variance;

/* The stored form. */
struct node *summary_node(struct arena *arena,
    const struct variance *variance);

/* Read the stored form; texts are the document's. */
int summary_read(struct variance *out, struct arena *arena,
    const struct node *stored, struct error *err);

/* Whether a top-level field of that name is one of summary.yaml's own. */
bool summary_has_field(struct text name);

/*
 * Find a value by its path, such as `cost_usd.ratio` or
 * `per_workflow[ID].calls.ratio`; NULL where there is none.
 */
const struct node *summary_find(const struct node *stored, const char *path);

#endif
