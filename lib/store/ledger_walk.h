#ifndef METER_STORE_LEDGER_WALK_H
#define METER_STORE_LEDGER_WALK_H

/*
 * A walk through files of the ledger, by several threads: what ledger_each_of
 * is made of, for who wants to know of the files too.
 */

#include <stdbool.h>
#include <stddef.h>

#include "lib/store/ledger.h"

struct ledger_files;
struct ledger_lines;

struct ledger_walk {
	struct workspace *workspace;
	struct ledger_question *question;
	const struct ledger_files *files;
	const bool *wanted;	/* of each file, whether; or NULL: all */
	ledger_visitor *visitor;
	/*
	 * Called before the lines of a file are read, and after the last of
	 * them, with the data of its thread and its place among the files;
	 * is_whole where every row was taken.  Each may be NULL.
	 */
	void (*begin)(void *data, size_t file,
	    const struct ledger_lines *lines);
	void (*end)(void *data, size_t file, const struct ledger_lines *lines,
	    bool is_whole);
};

/* Walk, as ledger_each_of does. */
int ledger_walk(const struct ledger_walk *walk, void *const *data,
    size_t count, struct error *err);

#endif
