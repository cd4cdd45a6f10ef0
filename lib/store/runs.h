#ifndef METER_STORE_RUNS_H
#define METER_STORE_RUNS_H

/*
 * `usage.yaml`: the runs, oldest first, in a file that grows by appending
 * (reliability.md 2).  Recording one costs the same whatever the file holds;
 * looking at the newest ones costs what they are.
 */

#include <stdbool.h>
#include <stdint.h>

struct error;
struct node;
struct run;
struct workspace;

/*
 * Append a run, under the lock, which the caller holds, and set its index;
 * all else of it is set.  On return 0 it is on disk.  What a crash tore off
 * is set aside first, beside the file, and a valid file in a form that cannot
 * be appended to is rewritten, both with a note.
 *
 * With once, where one of the newest 100 runs is of the same workflow runs,
 * nothing is written, the run's index is that one's and *known is set.
 */
int runs_append(struct workspace *workspace, struct run *run, bool once,
    bool *known, struct error *err);

/* Called with each run; the texts live as long as the command. */
typedef int runs_visitor(void *data, const struct node *stored,
    const struct run *run, struct error *err);

/* Visit the newest count runs, all where it is 0, oldest first. */
int runs_visit(struct workspace *workspace, int64_t count,
    runs_visitor *visitor, void *data, struct error *err);

/*
 * Read the newest run, or the one of that index where it is not 0; *stored is
 * NULL where there is none.
 */
int runs_find(struct run *run, const struct node **stored,
    struct workspace *workspace, int64_t index, struct error *err);

#endif
