#ifndef METER_CORE_USAGE_H
#define METER_CORE_USAGE_H

/*
 * One usage record: something metered, with what it belongs to and how much
 * it was (DESIGN.md 1.1, 1.2, 2.4).  A row of the ledger is one, and so is a
 * bucket of a run; every question is asked of a stream of these.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/base/when.h"

struct context;
struct error;
struct rates;
struct run;
struct run_bucket;

/* What records can be filtered and grouped by.  Null where a record has none.
 */
enum usage_dimension {
	USAGE_RUN,
	USAGE_WORKFLOW,
	USAGE_STAGE,
	USAGE_PROVIDER,
	USAGE_ACCOUNT,
	USAGE_MODEL,
	USAGE_AGENT,
	USAGE_TIER,
	USAGE_SESSION,
	USAGE_TASK,
	USAGE_WORKSTREAM,
	USAGE_QUEST,
	USAGE_REPO,
	USAGE_COMMIT,
	USAGE_RELEASE,
	USAGE_ENTITY_TYPE,
	USAGE_ENTITY_ID,
	USAGE_RESOURCE,
	USAGE_STATUS,
	USAGE_DIMENSION_COUNT, /* those that are stored */
};

enum usage_cost_status {
	USAGE_COST_KNOWN, /* the provider reported it */
	USAGE_COST_ESTIMATED, /* from the rate table */
	USAGE_COST_UNKNOWN, /* nothing prices the model */
	USAGE_COST_FREE, /* nothing prices the resource */
};

struct usage {
	struct text id; /* null for a bucket of a run */
	struct when at;
	struct text dimension[USAGE_DIMENSION_COUNT];
	int64_t attempt; /* 1 is the first try */
	int64_t calls;
	int64_t input_tokens, output_tokens;
	int64_t cache_read_tokens, cache_write_tokens, cache_write_1h_tokens;
	int64_t reasoning_tokens; /* a part of output_tokens */
	bool is_estimated; /* the counts: nobody measured them */
	bool has_amount;
	struct money amount; /* of another resource, exact, in its unit */
	struct text unit;
	struct money cost_usd;
	/* What of cost_usd is from the rate table: all or nothing of it, but
	 * for a bucket of calls with and without a reported cost. */
	struct money estimated_usd;
	enum usage_cost_status cost_status;
	struct text source;
	struct text metadata; /* a JSON object on one line, or null */
};

enum {
	USAGE_NAME_MAX = 1024, /* bytes of an id or a name */
};

/* The names of the dimensions, in order, as the ledger's columns have them. */
extern const char *const usage_dimension_names[USAGE_DIMENSION_COUNT];

/* "known", "estimated", "unknown", "free"; -1 where a text is none of them. */
const char *usage_cost_status_name(enum usage_cost_status status);
int usage_cost_status_parse(enum usage_cost_status *out, struct text name);

/* Whether a text is a status: ok, error, retry, rate_limited or quota. */
bool usage_is_status(struct text text);

/* input + cache reads + both cache writes, and that + output: what was read
 * or checked fits. */
int64_t usage_prompt_tokens(const struct usage *usage);
int64_t usage_total_tokens(const struct usage *usage);

/*
 * What is wrong with a record, in words, or NULL: names that are too long, no
 * UTF-8 or hold control characters, sums that do not fit, reasoning beyond
 * the output, an amount without a unit, half an entity, an unknown status.
 * *name is the field that it is about, or NULL.
 */
const char *usage_problem(const struct usage *usage, const char **name);

/* The same, *name too, but for the bytes of the names, which were looked at before. */
const char *usage_values_problem(const struct usage *usage, const char **name);

/* The same for a single name: "is longer than 1024 bytes" … or NULL. */
const char *usage_name_problem(struct text name);

/* Set those of the dimensions that the record does not have yet. */
void usage_set_context(struct usage *usage, const struct context *context);

/*
 * Set the cost of a record whose cost nobody reported: an llm record's by
 * model and tokens, another's by resource, at the time of the record.
 */
int usage_price(struct usage *usage, struct rates *rates, struct error *err);

/*
 * A bucket of a run as a record: at the run's completion, with the dimensions
 * of the bucket and, where it has none, the run's.  run_name is the run's
 * index as text.  ERROR_DATA where completed_at is no time.
 */
int usage_of_bucket(struct usage *out, const struct run *run,
    const struct run_bucket *bucket, struct text run_name, struct error *err);

#endif
