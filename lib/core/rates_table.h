#ifndef METER_CORE_RATES_TABLE_H
#define METER_CORE_RATES_TABLE_H

/*
 * One rate table in memory (DESIGN.md 4): exact entries, ordered patterns,
 * resources.  rates_read.h makes it from a document.  Every price is kept a
 * token, exactly; each entry knows its file and line.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/base/when.h"

struct arena;
struct error;
struct rates_pattern;

/* What is priced.  The words are those of the fields, `input_per_mtok`. */
enum rates_measure {
	RATES_INPUT,
	RATES_OUTPUT,
	RATES_CACHE_READ,
	RATES_CACHE_WRITE,
	RATES_CACHE_WRITE_1H,
	RATES_MEASURES,
};

/* The name of a measure's field: "input_per_mtok". */
const char *rates_table_field(enum rates_measure measure);

/* Prices of a token.  Those not given have their fallback's value. */
struct rates_prices {
	struct money token[RATES_MEASURES];
	bool given[RATES_MEASURES];
};

/* The prices of all tokens of a call whose prompt is longer than this. */
struct rates_above {
	int64_t prompt_tokens;
	struct rates_prices prices;	/* laid over the entry's */
	bool own[RATES_MEASURES];	/* stated at this threshold */
};

enum rates_kind {
	RATES_EXACT,
	RATES_PATTERN,
	RATES_RESOURCE,
};

struct rates_entry {
	enum rates_kind kind;
	struct text match;	/* the name or pattern as written; of a
				 * resource the provider's pattern, or null */
	struct text literal;	/* the one name it matches, or null */
	struct rates_pattern *pattern;	/* NULL where literal is set */
	struct when from;	/* inclusive; the smallest time if open */
	struct when to;		/* exclusive; the largest time if open */
	struct text source;	/* or null */
	const char *file;
	int line;
	size_t position;	/* among the entries of its kind */

	/* Of an exact entry or a pattern. */
	struct rates_prices prices;
	struct rates_above *above;	/* ascending */
	size_t above_count;

	/* Of a resource. */
	struct text resource;
	struct text unit;	/* or null */
	bool has_per_call;
	bool has_per_unit;
	struct money per_call;
	struct money per_unit;
};

/* How bad a problem of a table is. */
enum rates_severity {
	RATES_WARNING,		/* worth saying */
	RATES_IMPLAUSIBLE,	/* an error of `rates check`, else a warning */
	RATES_ERROR,		/* the table cannot be used */
};

struct rates_problem {
	enum rates_severity severity;
	const char *text;	/* with its place, fit to print */
	struct rates_problem *next;
};

struct rates_problems {
	struct rates_problem *first;
	struct rates_problem *last;
	size_t count[RATES_ERROR + 1];	/* by severity */
};

struct rates_entries {
	struct rates_entry *entry;
	size_t count;
};

struct rates_table {
	const char *file;
	struct rates_entries exact;
	struct rates_entries patterns;
	struct rates_entries resources;
	struct rates_problems problems;
	/* For look-ups: sorted by name, equal ones by position. */
	const struct rates_entry **exact_by_name;
	size_t exact_count;
	const struct rates_entry **literal_by_name;
	size_t literal_count;
	/* The patterns that are not literal, in order. */
	const struct rates_entry **general;
	size_t general_count;
};

/* Set *out to the price of a million tokens; -1, *out alone, if it does not
 * fit. */
int rates_table_per_mtok(struct money *out, struct money token);

/* Append a problem; the text is copied. */
void rates_table_problem(struct rates_problems *problems,
    struct arena *arena, enum rates_severity severity, const char *text);

/* Make the sorted lists by which the other functions here look up. */
void rates_table_index(struct rates_table *table, struct arena *arena);

/* The exact entry of that name, or NULL. */
const struct rates_entry *rates_table_exact(const struct rates_table *table,
    struct text name);

/*
 * The first pattern, from the given position on, that name matches: *out, or
 * NULL.  Return -1 with ERROR_CONFIG where one runs into its limit.
 */
int rates_table_pattern(const struct rates_entry **out,
    const struct rates_table *table, struct text name, size_t position,
    struct error *err);

/*
 * Whether the entry's pattern matches name; for one entry, in plain words
 * what rates_table_pattern does for many.  Return -1 as that does.
 */
int rates_table_matches(bool *out, const struct rates_entry *entry,
    struct text name, struct error *err);

/* Whether the entry holds at that time. */
bool rates_table_covers(const struct rates_entry *entry, struct when at);

#endif
