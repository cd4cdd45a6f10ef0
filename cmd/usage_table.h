#ifndef METER_CMD_USAGE_TABLE_H
#define METER_CMD_USAGE_TABLE_H

/*
 * Records as a table, a row each: for people what tells them apart, in CSV
 * all fields of the ledger.  And how many of them are shown.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/opt.h"
#include "lib/render/table.h"

struct arena;
struct error;
struct session_format;
struct usage;

struct usage_table {
	struct arena *arena;
	bool is_csv;
	struct table table;
};

void usage_table_init(struct usage_table *out, struct arena *arena,
    const struct session_format *format);

/* Add a record, whose texts must live as long as the table. */
void usage_table_add(struct usage_table *out, const struct usage *usage);

/* How many records to show. */
struct usage_table_limit {
	int64_t count;
	bool all;
};

#define USAGE_TABLE_LIMIT { 100, false }

/* The rows of an option table for a struct usage_table_limit. */
#define USAGE_TABLE_LIMIT_OPTIONS(limit) \
	OPT_COUNT('\0', "limit", &(limit)->count, "N", \
	    "at most the newest N records (default 100, at most 1000)"), \
	OPT_FLAG('\0', "all", &(limit)->all, "all records")

/* Refuse more than 1000 of them, but for all. */
int usage_table_check_limit(const struct usage_table_limit *limit,
    struct error *err);

/* How many records to keep; 0 is all. */
size_t usage_table_count(const struct usage_table_limit *limit);

#endif
