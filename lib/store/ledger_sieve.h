#ifndef METER_STORE_LEDGER_SIEVE_H
#define METER_STORE_LEDGER_SIEVE_H

/*
 * What tells at once that an id is new: a Bloom filter of the ids of many
 * days' files, kept in .cache/ids.  It speaks for those of them that still are
 * in the state in which their ids were read, and an id that it does not hold
 * stands in none of these; one that it seems to hold is looked up.
 *
 * A head with the states and its checksum comes first, then pages of one block
 * of the disk, in one of which an id has all its bits.  A page begins with a
 * checksum that goes on from the head's, so that one that an earlier writer
 * left behind is told.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/store/cache.h"

struct ledger_file;
struct ledger_files;

#define LEDGER_SIEVE_NAME "ids"

enum {
	LEDGER_SIEVE_PAGE = 4096,
	/* So many files that it does not speak for are worth another. */
	LEDGER_SIEVE_WORTH = 8,
};

struct ledger_sieve_head {
	uint64_t magic;
	uint64_t days;
	uint64_t pages;
	uint64_t sum;		/* of the above and the days */
};

/* A day's file; they stand behind the head, the oldest first. */
struct ledger_sieve_day {
	int64_t day;		/* its start */
	struct cache_state state;
};

/* One that is open. */
struct ledger_sieve {
	struct file file;
	struct buf data;	/* the head and the days */
	struct buf page;	/* that was read last */
	struct ledger_sieve_head head;
	const struct ledger_sieve_day *days;
};

#define LEDGER_SIEVE_NONE \
	{ .file = FILE_NONE, .data = BUF_INIT, .page = BUF_INIT }

/* Open the one that is kept: false where there is none that is whole. */
bool ledger_sieve_open(struct ledger_sieve *sieve, const struct dir *cache);
void ledger_sieve_close(struct ledger_sieve *sieve);

/* Whether it speaks for a file as it is now. */
bool ledger_sieve_knows(const struct ledger_sieve *sieve,
    const struct ledger_file *file);

/* Whether an id with that hash may be among those that it was made of; true
 * too where that cannot be read. */
bool ledger_sieve_holds(struct ledger_sieve *sieve, uint64_t hash);

/* Make one of all files whose ids are kept and true, and keep it. */
void ledger_sieve_make(const struct dir *cache,
    const struct ledger_files *files);

#endif
