#ifndef METER_STORE_LEDGER_IDS_FILE_H
#define METER_STORE_LEDGER_IDS_FILE_H

/*
 * The ids of a day's file as they are kept in .cache/: in blocks, each with a
 * checksum of its own, so that an id is looked up by reading one of them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/store/cache.h"

struct ledger_file;
struct ledger_id;
struct ledger_ids;

enum {
	LEDGER_IDS_FILE_NAME = sizeof("ids-2026-11-22"),
	LEDGER_IDS_FILE_BLOCK = 256,	/* ids */
};

struct ledger_ids_file_head {
	uint64_t magic;
	struct cache_state state;
	uint64_t count;		/* of ids */
	uint64_t sum;		/* of the above and the blocks' heads */
};

/* Of each block; they stand behind the head, and the ids behind them. */
struct ledger_ids_file_block {
	uint64_t first;		/* hash */
	uint64_t sum;
};

/* One that is open. */
struct ledger_ids_file {
	char name[LEDGER_IDS_FILE_NAME];
	struct file file;
	struct ledger_ids_file_head head;
	struct buf data;	/* the blocks' heads */
	const struct ledger_ids_file_block *blocks;
	size_t count;
};

/* The name of a day's file in .cache/. */
void ledger_ids_file_name(char name[LEDGER_IDS_FILE_NAME],
    const struct ledger_file *file);

/* Open what is kept of a file's ids: false where there is nothing true. */
bool ledger_ids_file_open(struct ledger_ids_file *out, const struct dir *cache,
    const struct ledger_file *file);
void ledger_ids_file_close(struct ledger_ids_file *file);

/*
 * Read all ids, or those around a hash: all that have it are among them.
 * false where they are damaged.
 */
bool ledger_ids_file_read(struct ledger_ids *out,
    const struct ledger_ids_file *file);
bool ledger_ids_file_seek(struct ledger_ids *out,
    const struct ledger_ids_file *file, uint64_t hash);

/* Append what is to be kept of ids, in order, of a file in that state. */
void ledger_ids_file_write(struct buf *out, const struct ledger_id *ids,
    size_t count, const struct cache_state *state);

#endif
