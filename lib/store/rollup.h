#ifndef METER_STORE_ROLLUP_H
#define METER_STORE_ROLLUP_H

/*
 * Rollups: what the records of a day that is over come to, kept in .cache/
 * so that most questions need not read the day again.  One is believed only
 * while the day's file is in the very state in which it was read.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/store/rollup_file.h"

struct dir;
struct error;
struct ledger_file;
struct query_measures;
struct usage;

enum {
	ROLLUP_NAME = sizeof("rollup-2026-11-22"),
};

/* The name of a day's rollup in .cache/. */
void rollup_name(char name[ROLLUP_NAME], const struct ledger_file *file);

/* A rollup that is open. */
struct rollup {
	char name[ROLLUP_NAME];
	struct file file;
	struct when day;
	struct rollup_file_head head;
	struct buf data;	/* of the section that was read last */
	struct arena arena;	/* for its amounts */
};

/* Open the rollup of a day's file: false where there is none that is true. */
bool rollup_open(struct rollup *rollup, const struct dir *cache,
    const struct ledger_file *file);
void rollup_close(struct rollup *rollup);

/* Whether it has a section, which may have been left out. */
bool rollup_has(const struct rollup *rollup, size_t section);

/*
 * Choose the section with the fewest groups that covers what is needed (see
 * rollup_sections_need); false where there is none.
 */
bool rollup_choose(size_t *section, const struct rollup *rollup,
    uint32_t need);

/*
 * Called with each group: a record that has its dimensions, those of the
 * section, and its time, and what it comes to.
 */
typedef int rollup_visitor(void *data, struct usage *usage,
    const struct query_measures *measures, struct error *err);

/*
 * Read a section, and visit its groups; anything but 0 that the visitor
 * returns ends that, and is returned.  *is_whole is false where it is
 * damaged; then nothing was visited.
 */
int rollup_each(struct rollup *rollup, size_t section, bool *is_whole,
    rollup_visitor *visitor, void *data, struct error *err);

#endif
