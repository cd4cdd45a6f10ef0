#ifndef METER_CMD_SESSION_H
#define METER_CMD_SESSION_H

/*
 * What a command works with.  `main` makes it, opens what the command's row
 * in the table of commands says it needs, and afterwards writes the output
 * and gives everything back: a command holds nothing and returns its exit
 * status.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/opt.h"
#include "lib/base/when.h"
#include "lib/core/context.h"
#include "lib/render/terminal.h"
#include "lib/store/workspace.h"

struct node;
struct rates;
struct table;

struct session {
	struct arena arena;
	struct error err;
	struct buf out;		/* for standard output, at the end */
	struct buf notes;	/* for standard error, lines */
	struct workspace workspace;
	struct terminal terminal;
	struct context context;	/* from the environment */
	bool has_committed;	/* something was recorded for good */
	const char *command;	/* its name, for messages */
	int status;		/* where session_options says to stop */
};

/* How a command shows its answer. */
struct session_format {
	bool json;
	bool yaml;
	const char *csv;	/* NULL, "" or "raw" */
	bool in_lines;		/* JSON, each answer on one line */
};

/* The rows of an option table for a struct session_format. */
#define SESSION_FORMAT_OPTIONS(format) \
	OPT_FLAG('\0', "json", &(format)->json, "print JSON"), \
	OPT_MAYBE('\0', "csv", &(format)->csv, session_csv_forms, \
	    "print CSV; raw: without the guard against formulas"), \
	OPT_FLAG('\0', "yaml", &(format)->yaml, "print YAML")

extern const char *const session_csv_forms[];

/*
 * Set the session up from the environment: clock, lock timeout, context and
 * terminal.  A value that makes no sense is ERROR_USAGE.
 */
int session_init(struct session *session);

/* Find the workspace, DIR's or the nearest one, and open it. */
int session_open_workspace(struct session *session, const char *dir);

/* Give everything back. */
void session_release(struct session *session);

/*
 * Parse a command's options and check how many operands there are.  Return
 * true to go on; false where `-h` was answered or something is wrong, with
 * the exit status in session->status.
 */
bool session_options(struct session *session, const char *synopsis,
    const struct opt *options, int *argc, char **argv, int min, int max);

/*
 * Get the prices that hold in the workspace, and say once what there is to
 * warn of in its table.
 */
int session_rates(struct session *session, struct rates **out);

/* Print session->err and return the exit status of its kind. */
int session_fail(struct session *session);

/* Set session->err to a usage error and fail. */
int session_misuse(struct session *session, const char *reason);

/*
 * Show an answer: the document as JSON or YAML, else the table as CSV or for
 * people.
 */
void session_show(struct session *session,
    const struct session_format *format, const struct node *document,
    const struct table *table);

/* Read the input file FILE (NULL or "-": standard input), JSON or YAML. */
int session_read_document(struct session *session, struct node **out,
    const char *file);

/* The same, and CSV where it can be nothing else: see doc_read_rows. */
int session_read_rows(struct session *session, struct node **out,
    struct node **header, const char *file);

#endif
