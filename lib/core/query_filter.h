#ifndef METER_CORE_QUERY_FILTER_H
#define METER_CORE_QUERY_FILTER_H

/*
 * Which records a question is about.  A dimension's values are alternatives,
 * dimensions and the time all must hold.  A value may hold `*` (anything) and
 * `?` (one character), or be `/PCRE2/`, which is found anywhere in the name,
 * or `(none)` for records that have none.
 *
 * A filter belongs to one thread: its patterns remember what they matched.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/when.h"
#include "lib/core/query_dimension.h"

struct arena;
struct error;
struct query_filter_rule;

struct query_filter {
	struct arena *arena;
	bool has_since, has_until;
	struct when since;	/* inclusive */
	struct when until;	/* exclusive */
	struct query_filter_rule *rules;
	struct query_dimension_room room;
};

/* Begin with no rule: everything matches. */
void query_filter_init(struct query_filter *filter, struct arena *arena,
    const struct zone *zone);

/*
 * Take a value of a dimension, or with is_not one that records must not have.
 * An empty value, an entity without a type and a pattern that does not
 * compile are ERROR_USAGE.  The value must live as long as the filter.
 */
int query_filter_add(struct query_filter *filter,
    enum query_dimension dimension, bool is_not, const char *value,
    struct error *err);

/* Take a value as it stands, whatever characters it holds: besides all else
 * that is asked for, records must have it. */
void query_filter_add_exact(struct query_filter *filter,
    enum query_dimension dimension, struct text value);

/* Take a name as one of the alternatives, as query_filter_add does, but as it
 * stands: it is no pattern. */
void query_filter_add_name(struct query_filter *filter,
    enum query_dimension dimension, bool is_not, struct text name);

/*
 * Whether a name, or null, is one that the filter lets through in a dimension,
 * whatever else it asks for: as query_filter_matches.
 */
int query_filter_matches_name(struct query_filter *filter,
    enum query_dimension dimension, struct text name, struct error *err);

/*
 * Make a filter of the same rules, in another arena, for another thread.  The
 * values must live as long as the copy.
 */
int query_filter_copy(struct query_filter *out, struct arena *arena,
    const struct query_filter *filter, struct error *err);

/* The dimensions that the rules look at: a bit each, 1 << dimension. */
uint32_t query_filter_dimensions(const struct query_filter *filter);

/*
 * Whether records are sure not to match of which those dimensions are known,
 * a bit each, and are these.  Nothing is sure where there are patterns, which
 * may fail.
 */
bool query_filter_rejects(struct query_filter *filter,
    const struct usage *usage, uint32_t known);

/*
 * Whether a record matches: 1 or 0, or -1 where a pattern took too long, or
 * was to be found in a name longer than 256 bytes: ERROR_CONFIG, which names
 * the pattern.
 */
int query_filter_matches(struct query_filter *filter,
    const struct usage *usage, struct error *err);

#endif
