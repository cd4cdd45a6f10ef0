#ifndef METER_STORE_LEDGER_FILES_H
#define METER_STORE_LEDGER_FILES_H

/*
 * The files of the ledger as they stand at one moment: which days there are,
 * how large each is, and what a pending change adds to it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/dir.h"
#include "lib/base/when.h"
#include "lib/store/cache.h"
#include "lib/store/pending.h"

struct error;
struct workspace;

/* Where they stand, below output/budget. */
#define LEDGER_FILES_FOLDER "events"

enum {
	LEDGER_FILES_NAME = sizeof("2026-11-22.csv"),
};

struct ledger_file {
	struct when day;
	char name[LEDGER_FILES_NAME];
	int64_t size;		/* without what is pending */
	struct cache_state state;	/* of the file */
	bool is_regular;
	const struct pending_part *part;	/* or NULL */
};

struct ledger_files {
	struct dir dir;		/* events/; fd -1 where it is not there */
	struct pending pending;
	struct ledger_file *list;	/* the oldest day first */
	size_t count;
	bool is_lent;			/* it is another's to close */
};

/* Some of the files, by their names. */
struct ledger_files_choice {
	char (*names)[LEDGER_FILES_NAME];
	size_t count;
};

#define LEDGER_FILES_NONE { .dir = DIR_NONE, .pending = PENDING_NONE }

/*
 * Look at the files; the list lives in the workspace's arena.  Where the
 * workspace holds on to what was seen before, that is what is seen.
 */
int ledger_files_open(struct ledger_files *files, struct workspace *workspace,
    struct error *err);

/* Look, as they are now, at all of them or at a choice, and those that
 * something is pending for. */
int ledger_files_look(struct ledger_files *files, struct workspace *workspace,
    const struct ledger_files_choice *choice, struct error *err);

void ledger_files_close(struct ledger_files *files);

/* The name of a day's file. */
void ledger_files_name(char name[LEDGER_FILES_NAME], struct when day);

/* Whether a file is named as a day's, and which; others are nobody's
 * business. */
bool ledger_files_is_name(struct when *day, const char *name);

#endif
