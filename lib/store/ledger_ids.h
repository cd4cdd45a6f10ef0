#ifndef METER_STORE_LEDGER_IDS_H
#define METER_STORE_LEDGER_IDS_H

/*
 * Which ids stand in a day's file, and where: so that an id is looked up
 * without reading the ledger.  The answer is kept in .cache/, is believed
 * only while the file is in the very state in which it was read, and is
 * otherwise made anew; it may be missing, damaged or unwritable at any time.
 */

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/text.h"

struct dir;
struct error;
struct ledger_file;
struct ledger_files;

struct ledger_id {
	uint64_t hash;
	int64_t offset;		/* of its row in the file */
};

/* The ids of one file, by hash.  Two ids may have one hash. */
struct ledger_ids {
	struct buf data;
	const struct ledger_id *list;
	size_t count;
};

enum {
	LEDGER_IDS_FEW = 16,	/* so few are looked up one by one */
};

struct ledger_ids_few {
	uint64_t hash[LEDGER_IDS_FEW];
	size_t count;
};

#define LEDGER_IDS_NONE { .data = BUF_INIT }

/*
 * Read the ids of a file; cache is the folder .cache/, if it is there.  A
 * damaged row is ERROR_DATA with its place.
 */
int ledger_ids_read(struct ledger_ids *ids, const struct dir *cache,
    const struct ledger_files *files, const struct ledger_file *file,
    struct error *err);

/* Of a file that is about to change: those ids alone that have one of a few
 * hashes, from the rows, and nothing is kept. */
int ledger_ids_scan(struct ledger_ids *ids, const struct ledger_files *files,
    const struct ledger_file *file, const struct ledger_ids_few *few,
    struct error *err);

void ledger_ids_release(struct ledger_ids *ids);

/* The hash of an id. */
uint64_t ledger_ids_hash(struct text id);

/* The first of the list whose hash is not below hash; count where none is. */
size_t ledger_ids_seek(const struct ledger_ids *ids, uint64_t hash);

#endif
