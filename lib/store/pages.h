#ifndef METER_STORE_PAGES_H
#define METER_STORE_PAGES_H

/*
 * The answers to common questions as JSON files, for any web server
 * (DESIGN.md 3.2): a folder in which only what changed is replaced.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/when.h"

struct buf;
struct error;
struct records;

/*
 * A file of the folder itself, and who makes it: from the events of some days,
 * all runs, the tasks, and something else, of which there is a hash.  It is
 * not made again where all that is what it was; 0 is a hash that never is.
 */
struct pages_document {
	const char *name;
	int (*make)(struct buf *out, void *data, struct error *err);
	void *data;
	struct when since, until;	/* the days; until is exclusive */
	uint64_t rest;
};

/* Who makes the pages, of what, and where. */
struct pages_request {
	struct records *records;
	const char *path;
	bool all;		/* look at each page, whatever is known */
	uint64_t maker;		/* another one makes all pages anew */
	const struct pages_document *documents;
	size_t document_count;
};

/*
 * Bring the folder path up to date:
 *
 *	resource-usage/TYPE/ID.json	what `usage summary entity:TYPE:ID`
 *					answers
 *	token-summary/DIM/ID.json	what `usage summary DIM:ID` answers
 *	usage.json			what `usage --by day` answers
 *
 * of every scope that the usage knows, and the documents.  The page of a scope
 * that it no longer knows stays, with the answer that there is then.  Files
 * that are no such pages are left alone.
 *
 * While .cache/ says what the pages were made from, only those that may have
 * changed since are looked at; with all, each one is.
 */
int pages_update(const struct pages_request *request, struct error *err);

#endif
