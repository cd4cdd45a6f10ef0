#ifndef METER_CMD_USAGE_OPTIONS_H
#define METER_CMD_USAGE_OPTIONS_H

/*
 * The options that describe one usage record: what it is, what it belongs to
 * and how much it was.  Each is a field of what `record events` takes.
 */

#include <stdbool.h>

#include "cmd/context_options.h"
#include "lib/base/opt.h"

struct error;
struct node;
struct session;
struct usage;

enum {
	USAGE_OPTIONS_RESOURCE = 5, /* the last of the dimensions */
	USAGE_OPTIONS_DIMENSIONS,
	USAGE_OPTIONS_MEASURES = 17,
	USAGE_OPTIONS_COUNT = USAGE_OPTIONS_DIMENSIONS + USAGE_OPTIONS_MEASURES,
};

struct usage_options {
	const char *value[USAGE_OPTIONS_COUNT];
	struct opt dimensions[USAGE_OPTIONS_DIMENSIONS + 1];
	struct opt measures[USAGE_OPTIONS_MEASURES + 1];
	struct context_options context;
	const char *metadata;
};

/* The rows of a command's table: all, or the dimensions alone. */
#define USAGE_OPTIONS_ROWS(options) \
	OPT_INCLUDE((options)->dimensions), \
	OPT_INCLUDE((options)->context.rows)

/* Set up the rows. */
void usage_options_init(struct usage_options *options);

/*
 * Make a record of the options, the environment and the fields of a map,
 * which may be NULL and has none of the options'.  What does not make sense is
 * ERROR_USAGE.
 */
int usage_options_read(struct usage *out, struct session *session,
    const struct usage_options *options, struct node *map,
    const char *source);

/*
 * Check the options alone, whatever may be wrong with the files that a record
 * is completed with: ERROR_USAGE.
 */
int usage_options_check(struct session *session,
    const struct usage_options *options);

/*
 * Refuse an empty value of an option that takes a count, an amount, a cost or
 * a time, which is a script's variable that was not set: ERROR_USAGE.
 */
int usage_options_expect(const struct usage_options *options,
    struct error *err);

/* What an option's value is; NULL where it is not given, or empty. */
const char *usage_options_value(const struct usage_options *options,
    const char *option);

/* Whether the options say how much of anything it was: calls, tokens, an
 * amount or a cost. */
bool usage_options_has_measure(const struct usage_options *options);

#endif
