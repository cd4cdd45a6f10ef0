#ifndef METER_BASE_OPT_H
#define METER_BASE_OPT_H

/*
 * The command line.  A command's options are one table: the parser, `-h` and
 * the check against the man page read the same rows.  A row points at a local
 * of the command that holds its default already.
 *
 * Understood are `--name VALUE`, `--name=VALUE`, `-nVALUE`, `-n VALUE`,
 * bundled flags `-qn`, `--` (ends the options), and options behind operands.
 * Names are never abbreviated.  Of a single-valued option given twice the
 * last counts.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct error;

enum opt_kind {
	OPT_KIND_END,
	OPT_KIND_FLAG,
	OPT_KIND_STRING,
	OPT_KIND_MAYBE,
	OPT_KIND_COUNT,
	OPT_KIND_CHOICE,
	OPT_KIND_LIST,
	OPT_KIND_INCLUDE,
};

/* The values of an option that may be repeated, in order. */
struct opt_list {
	const char **values;
	size_t count;
};

struct opt {
	enum opt_kind kind;
	char letter;			/* '\0' where there is none */
	const char *name;
	const char *value;		/* what the value is called in help */
	const char *help;
	bool *flag;
	const char **string;
	int64_t *number;
	struct opt_list *list;
	const char *const *choices;	/* ends in NULL */
	const struct opt *included;
};

#define OPT_FLAG(l, n, target, h) \
	{ .kind = OPT_KIND_FLAG, .letter = (l), .name = (n), .help = (h), \
	  .flag = (target) }
#define OPT_STRING(l, n, target, v, h) \
	{ .kind = OPT_KIND_STRING, .letter = (l), .name = (n), .value = (v), \
	  .help = (h), .string = (target) }
/* `--name` or `--name=VALUE`; without a value the string becomes "". */
#define OPT_MAYBE(l, n, target, c, h) \
	{ .kind = OPT_KIND_MAYBE, .letter = (l), .name = (n), .help = (h), \
	  .string = (target), .choices = (c) }
/* A whole number, not negative. */
#define OPT_COUNT(l, n, target, v, h) \
	{ .kind = OPT_KIND_COUNT, .letter = (l), .name = (n), .value = (v), \
	  .help = (h), .number = (target) }
#define OPT_CHOICE(l, n, target, c, h) \
	{ .kind = OPT_KIND_CHOICE, .letter = (l), .name = (n), .help = (h), \
	  .string = (target), .choices = (c) }
#define OPT_LIST(l, n, target, v, h) \
	{ .kind = OPT_KIND_LIST, .letter = (l), .name = (n), .value = (v), \
	  .help = (h), .list = (target) }
#define OPT_INCLUDE(table) { .kind = OPT_KIND_INCLUDE, .included = (table) }
#define OPT_END { .kind = OPT_KIND_END }

/* What opt_parse found. */
enum opt_result {
	OPT_FAILED = -1,	/* *err says why, as ERROR_USAGE */
	OPT_PARSED,
	OPT_HELP,		/* -h or --help is among the options */
};

/*
 * Parse argv[1..argc) and leave in argv[0..*argc) the operands alone; argv[0]
 * as it came in is the name of the command and is dropped.
 */
enum opt_result opt_parse(const struct opt *options, struct arena *arena,
    int *argc, char **argv, struct error *err);

/*
 * As opt_parse, but stop at the first operand: what follows it belongs to
 * another program or to a sub-command.
 */
enum opt_result opt_parse_leading(const struct opt *options,
    struct arena *arena, int *argc, char **argv, struct error *err);

/* Refuse fewer than min or more than max operands. */
int opt_operands(int argc, char *const *argv, int min, int max,
    struct error *err);

/* Append `usage: SYNOPSIS` and a line an option. */
void opt_usage(struct buf *out, const char *synopsis,
    const struct opt *options);

/*
 * Of the count names the one nearest to name by edit distance, two letters
 * that are swapped being one edit, where at most a third of it differs; else
 * the shortest that begins with it, where it has three letters; else NULL.
 */
const char *opt_nearest(const char *name, const char *const *names,
    size_t count);

#endif
