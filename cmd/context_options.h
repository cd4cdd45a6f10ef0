#ifndef METER_CMD_CONTEXT_OPTIONS_H
#define METER_CMD_CONTEXT_OPTIONS_H

/*
 * The options that say what usage belongs to: `--task`, `--agent` … one for
 * each name of core/context.
 */

#include "lib/base/opt.h"
#include "lib/core/context.h"

struct session;

struct context_options {
	const char *value[CONTEXT_COUNT];
	struct opt rows[CONTEXT_COUNT + 1];
};

/* Set up the rows, to be included in a command's table. */
void context_options_init(struct context_options *options);

/*
 * Take the options, and what they leave open from the environment.  An empty
 * value is none.  An entity that is not TYPE:ID is ERROR_USAGE.  The session
 * `current` is the open one; ERROR_NO_INPUT where none is.
 */
int context_options_take(struct context *out, struct session *session,
    const struct context_options *options);

/* The same, without a look at the workspace: `current` stays as it is. */
int context_options_given(struct context *out, struct session *session,
    const struct context_options *options);

#endif
