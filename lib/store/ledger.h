#ifndef METER_STORE_LEDGER_H
#define METER_STORE_LEDGER_H

/*
 * The ledger: events, one CSV file a UTC day (DESIGN.md 2.4).  Looking reads
 * row by row in bounded memory, however much there is, takes no lock and
 * writes nothing: it sees the ledger as it stood when it began, with a change
 * that was committed but not yet carried out as if it were.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/when.h"

struct error;
struct usage;
struct workspace;

/* What is asked of the ledger, and what was left out of the answer. */
struct ledger_question {
	bool has_since, has_until;
	struct when since;	/* inclusive */
	struct when until;	/* exclusive */
	bool skip_damaged;	/* leave damaged rows out, and count them */
	int64_t skipped;	/* how many that were */
};

/* Whether a time is asked for; and whether any time of a day is, which is
 * given by its start. */
bool ledger_asks_for(const struct ledger_question *question, struct when at);
bool ledger_asks_for_day(const struct ledger_question *question,
    struct when day);

/*
 * Called with each record of the time asked for.  Its texts are gone once the
 * visitor returns.  Anything but 0 ends the visit, and is returned.
 */
typedef int ledger_visitor(void *data, const struct usage *usage,
    struct error *err);

/*
 * Visit the records, day by day, the oldest day first, and within a day in
 * the order of the file.  Only files of days that the time touches are
 * opened.  A damaged row is ERROR_DATA with file, line and reason, but for
 * skip_damaged; what is no whole row at a file's end is left out with a note.
 */
int ledger_each(struct workspace *workspace, struct ledger_question *question,
    ledger_visitor *visitor, void *data, struct error *err);

/*
 * As ledger_each, by up to count threads at once: each record is given to the
 * visitor with one of the count data, a day's records all with the same, which
 * no other thread is given.  What the visitor calls must do in threads.
 */
int ledger_each_of(struct workspace *workspace,
    struct ledger_question *question, ledger_visitor *visitor,
    void *const *data, size_t count, struct error *err);

#endif
