#ifndef METER_STORE_PAGES_PART_H
#define METER_STORE_PAGES_PART_H

/*
 * What a part of the usage comes to, scope by scope: a day of the ledger, or
 * all runs.  It is kept in .cache/, so that a page can be made anew from the
 * parts its scope occurs in, without reading a record again.
 *
 * As a file (or in memory) it is a head; blocks of entries, one a scope,
 * ordered by key; what each day comes to; and an index of the blocks, with a
 * checksum of each.  The head's checksum covers all but the blocks, and is the
 * part's id: no other part has it.  Only what is read is checked, and nothing
 * that was not checked is believed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/core/query_measures.h"
#include "lib/core/usage.h"
#include "lib/store/pages_key.h"

struct dir;

#define PAGES_PART_MAGIC UINT64_C(0x3130676170746D)	/* "mtpag01" */

enum {
	PAGES_PART_NAME = sizeof("pages-2026-11-22"),
	PAGES_PART_BLOCK = 8 * 1024,	/* bytes of a block, or a little more */
};

struct pages_part_head {
	uint64_t magic;
	uint64_t days_at, days_length;	/* padded to words */
	uint64_t block_count;		/* the index is behind the days */
	uint64_t sum;		/* of the above, the days and the index */
};

struct pages_part_block {
	uint64_t hash;		/* of its first key */
	uint64_t at, length;
	uint64_t sum;
};

/*
 * How an entry begins.  The key follows, then for each of pages_part_by how
 * many rows there are and the rows, then the records.
 */
struct pages_part_start {
	uint64_t hash;
	uint32_t length;	/* of the entry, this included */
	uint32_t records;
};

/* By what a scope's rows are. */
enum { PAGES_PART_BY = 3 };
extern const enum usage_dimension pages_part_by[PAGES_PART_BY];

/* What a scope comes to by a model or an agent, of which only the total of
 * tokens is kept, or by a resource. */
struct pages_row {
	struct text name;	/* null of a record that names no resource */
	int64_t records, calls, prompt_tokens, output_tokens, total_tokens;
	struct money cost;
	struct query_amount *amounts;
};

struct pages_entry {
	struct pages_key key;
	uint32_t records;
	struct text body;	/* the rows and the records */
	struct text whole;
};

/* A part, and a place among its entries. */
struct pages_part {
	const char *name;
	const struct dir *dir;	/* where the file is, or NULL: */
	struct buf memory;	/* the whole of it */
	struct pages_part_head head;
	struct buf rest;	/* the days and the index */
	struct buf data;	/* the block that was read last */
	size_t block;		/* which it is */
	size_t next;		/* where in it the next entry begins */
	bool has_entry;		/* false behind the last one */
	struct pages_entry entry;
};

#define PAGES_PART_NONE \
	{ .memory = BUF_INIT, .rest = BUF_INIT, .data = BUF_INIT }

/*
 * Open the file of that name and id: false where there is none that is whole
 * as far as it was looked at.  name and dir must live as long as the part.
 */
bool pages_part_open(struct pages_part *part, const struct dir *dir,
    const char *name, uint64_t id);

/* Take a part that was just written into memory; the buffer is empty after. */
void pages_part_take(struct pages_part *part, struct buf *memory);

void pages_part_close(struct pages_part *part);

/*
 * Go to the first entry; to the next one; or to the first that does not stand
 * before a key.  false where the part is damaged.
 */
bool pages_part_first(struct pages_part *part);
bool pages_part_next(struct pages_part *part);
bool pages_part_seek(struct pages_part *part, const struct pages_key *key);

/* Append a key. */
void pages_part_put_key(struct buf *out, const struct pages_key *key);

/* Append a row; take one off the front of rest, whose its texts are, and its
 * amounts those of the arena. */
void pages_part_put_row(struct buf *out, enum usage_dimension by,
    const struct pages_row *row);
bool pages_part_take_row(struct pages_row *row, enum usage_dimension by,
    struct arena *arena, struct text *rest);

/* The same of a record. */
void pages_part_put_record(struct buf *out, const struct usage *usage);
bool pages_part_take_record(struct usage *usage, struct text *rest);

#endif
