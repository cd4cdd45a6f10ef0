#ifndef METER_CORE_RATES_PATTERN_H
#define METER_CORE_RATES_PATTERN_H

/*
 * The patterns of a rate table: PCRE2 with UTF, found anywhere in a name
 * unless anchored; `$` is the very end of the name.  Patterns come from
 * people and names from anywhere, so both are bounded (reliability.md 0.12):
 * a match that takes too long is given up and reported, never waited for.
 */

#include <stdbool.h>

#include "lib/base/text.h"

struct arena;
struct buf;
struct error;
struct node;

enum {
	RATES_PATTERN_MAX = 1024,	/* bytes of a pattern */
	RATES_PATTERN_SUBJECT_MAX = 256,	/* bytes of a name */
};

/* What compiling and matching need; one serves all patterns of a table. */
struct rates_pattern_tools;

/* A compiled pattern. */
struct rates_pattern;

struct rates_pattern_tools *rates_pattern_tools(struct arena *arena);

/*
 * Compile the pattern, whose text is that of the node, which also is its
 * place in messages.  Failure is described with the offset in the pattern.
 */
int rates_pattern_compile(struct rates_pattern **out,
    struct rates_pattern_tools *tools, const struct node *node,
    struct error *err);

enum rates_pattern_result {
	RATES_PATTERN_NO,
	RATES_PATTERN_YES,
	RATES_PATTERN_LIMIT,	/* gave up, or the name is too long */
};

/* Whether the pattern is found in name; never in what is no UTF-8. */
enum rates_pattern_result rates_pattern_match(
    const struct rates_pattern *pattern, struct text name);

/*
 * Whether the pattern matches one name and no other: `^`, characters that
 * stand for themselves or are escaped punctuation, `$`.  Then *name is that
 * name.
 */
bool rates_pattern_literal(struct text *name, struct arena *arena,
    struct text pattern);

/* Append the one pattern that matches exactly name (printable ASCII). */
void rates_pattern_quote(struct buf *out, struct text name);

/*
 * Whether every name in which later is found is surely one in which earlier
 * is found: false where that cannot be told.
 */
bool rates_pattern_shadows(const struct rates_pattern *earlier,
    struct text earlier_text, struct text later_text);

#endif
