#ifndef METER_STORE_PAGES_H
#define METER_STORE_PAGES_H

/*
 * The answers to common questions as JSON files, for any web server
 * (DESIGN.md 3.2): a folder in which only what changed is replaced.
 */

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct error;
struct records;

/* A file of the folder itself, and who makes it. */
struct pages_document {
	const char *name;
	int (*make)(struct buf *out, void *data, struct error *err);
	void *data;
};

/*
 * Bring the folder path up to date:
 *
 *	resource-usage/TYPE/ID.json	what `usage summary entity:TYPE:ID`
 *					answers
 *	token-summary/DIM/ID.json	what `usage summary DIM:ID` answers
 *	usage.json			what `usage --by day` answers
 *
 * of every scope that the usage knows, and the documents, which end where a
 * name is NULL.  The page of a scope that it no longer knows stays, with the
 * answer that there is then.  Files that are no such pages are left alone.
 *
 * While .cache/ says what the pages were made from, only those that may have
 * changed since are looked at; with all, each one is.
 */
int pages_update(struct records *records, const char *path, bool all,
    const struct pages_document *documents, struct error *err);

#endif
