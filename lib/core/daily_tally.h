#ifndef METER_CORE_DAILY_TALLY_H
#define METER_CORE_DAILY_TALLY_H

/*
 * What each scope used on each day of some weeks, with what tells why: the
 * tasks, the models, the refusals for want of quota.  Records go in one by
 * one, in any order; memory is taken for the scopes, and for the tasks and
 * models that each of their days has.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/hash.h"
#include "lib/base/money.h"
#include "lib/base/when.h"
#include "lib/core/daily_pairs.h"
#include "lib/core/query_dimension.h"

struct arena;
struct error;
struct usage;

enum daily_tally_kind {
	DAILY_TALLY_TASK,
	DAILY_TALLY_MODEL,
	DAILY_TALLY_QUOTA,
	DAILY_TALLY_KINDS,
};

/* What a scope's day has of one repeated task, model or refusal. */
struct daily_tally_entry {
	struct daily_tally_entry *next;	/* of the same day and kind */
	const struct daily_tally_day *day;
	const struct text *name;	/* the task; the model, which may be null;
					 * of a refusal the account */
	const struct text *model;	/* of a refusal */
	int64_t count;		/* of a task its repeated attempts, of a
				 * model its records, and the refusals */
	int64_t tokens;		/* of those */
	struct money cost;	/* of those */
	struct when first;	/* of the refusals */
	uint8_t kind;		/* a daily_tally_kind */
	uint8_t reach;		/* of a refusal: how many days after its own
				 * it reaches into */
};

struct daily_tally_day {
	int64_t records;
	int64_t tokens;
	struct money cost;
	int64_t tasks;		/* different ones */
	struct daily_tally_entry *entries[DAILY_TALLY_KINDS];
	bool is_taken;		/* as it is from another tally */
};

struct daily_tally_scope {
	enum query_dimension dimension;
	struct text id;		/* null: the usage that has no value */
	struct daily_tally_day *days;	/* one for each of the tally's */
};

/* Which tasks each scope has on a day. */
struct daily_tally_tasks {
	struct daily_pairs set;		/* of a scope and a task's name */
	bool is_taken;			/* as it is from another tally */
};

struct daily_tally {
	struct arena *arena;
	struct when first;	/* the start of the first day */
	size_t day_count;
	enum query_dimension dimensions[QUERY_DIMENSION_COUNT];
	size_t dimension_count;
	bool takes_all[QUERY_DIMENSION_COUNT];
	struct hash_table scopes, names, entries;
	struct daily_tally_tasks *tasks;	/* one for each day */
	struct daily_pairs_room tasks_room;
	struct query_dimension_room room;
};

/* Begin with the days from first on, which starts a day, and no scope. */
void daily_tally_init(struct daily_tally *tally, struct arena *arena,
    struct when first, size_t day_count);

/*
 * Count for a scope, a null id being the usage without a value of the
 * dimension; the id is copied.
 */
struct daily_tally_scope *daily_tally_watch(struct daily_tally *tally,
    enum query_dimension dimension, struct text id);

/* Count for every value of a dimension that a record has, and for none. */
void daily_tally_watch_all(struct daily_tally *tally,
    enum query_dimension dimension);

/* Begin another tally, for another thread, that counts for the same. */
void daily_tally_split(struct daily_tally *out, struct arena *arena,
    const struct daily_tally *tally);

/* The one copy of a name that the tally has. */
const struct text *daily_tally_name(struct daily_tally *tally,
    struct text name);

/* Add a record, if it is of these days; sums that do not fit are
 * ERROR_DATA. */
int daily_tally_add(struct daily_tally *tally, const struct usage *usage,
    struct error *err);

/* Add all that another tally has been given; its arena must live as long as
 * this tally, which may refer to it, and no record be added to either any
 * more. */
int daily_tally_merge(struct daily_tally *tally,
    const struct daily_tally *other, struct error *err);

/* The scope, or NULL. */
struct daily_tally_scope *daily_tally_find(const struct daily_tally *tally,
    enum query_dimension dimension, struct text id);

/* The scopes by dimension and id, null first, in the tally's arena. */
struct daily_tally_scope **daily_tally_list(const struct daily_tally *tally);

#endif
