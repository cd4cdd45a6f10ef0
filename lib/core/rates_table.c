#include "lib/core/rates_table.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"
#include "lib/core/rates_pattern.h"

enum {
	SHOWN = 60, /* columns of a name or pattern in a message */
	PER_MTOK = 1000000,
};

const char *
rates_table_field(enum rates_measure measure)
{
	static const char *const fields[RATES_MEASURES] = {
		[RATES_INPUT] = "input_per_mtok",
		[RATES_OUTPUT] = "output_per_mtok",
		[RATES_CACHE_READ] = "cache_read_per_mtok",
		[RATES_CACHE_WRITE] = "cache_write_per_mtok",
		[RATES_CACHE_WRITE_1H] = "cache_write_1h_per_mtok",
	};

	return fields[measure];
}

int
rates_table_per_mtok(struct money *out, struct money token)
{
	return money_times(out, token, PER_MTOK);
}

void
rates_table_problem(struct rates_problems *problems, struct arena *arena,
    enum rates_severity severity, const char *text)
{
	struct rates_problem *problem = arena_alloc(arena, sizeof(*problem));

	problem->severity = severity;
	problem->text = arena_copy(arena, text, strlen(text));
	if (problems->last)
		problems->last->next = problem;
	else
		problems->first = problem;
	problems->last = problem;
	problems->count[severity]++;
}

/* By name, and for one name in the order in which they count. */
static int
compare_entries(const void *left, const void *right)
{
	const struct rates_entry *a = *(const struct rates_entry *const *)left;
	const struct rates_entry *b = *(const struct rates_entry *const *)right;
	int order = text_compare(a->literal, b->literal);

	if (order != 0)
		return order;
	return (a->position > b->position) - (a->position < b->position);
}

/* The entries that are for one name each, sorted for bisection. */
static const struct rates_entry **
sorted_literals(struct arena *arena, const struct rates_entries *entries,
    size_t *count)
{
	const struct rates_entry **sorted =
	    arena_array(arena, entries->count, sizeof(const void *));

	*count = 0;
	for (size_t i = 0; i < entries->count; i++)
		if (entries->entry[i].literal.data)
			sorted[(*count)++] = &entries->entry[i];
	if (*count > 0)
		qsort(sorted, *count, sizeof(const void *), compare_entries);
	return sorted;
}

void
rates_table_index(struct rates_table *table, struct arena *arena)
{
	const struct rates_entries *patterns = &table->patterns;

	table->exact_by_name =
	    sorted_literals(arena, &table->exact, &table->exact_count);
	table->literal_by_name =
	    sorted_literals(arena, patterns, &table->literal_count);
	table->general =
	    arena_array(arena, patterns->count, sizeof(const void *));
	for (size_t i = 0; i < patterns->count; i++)
		if (patterns->entry[i].pattern)
			table->general[table->general_count++] =
			    &patterns->entry[i];
}

/*
 * The first of the entries sorted by name that is name's and stands at the
 * given position of the table or after it.
 */
static const struct rates_entry *
find_name(const struct rates_entry *const *sorted, size_t count,
    struct text name, size_t position)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct rates_entry *entry = sorted[middle];
		int order = text_compare(entry->literal, name);

		if (order < 0 || (order == 0 && entry->position < position))
			low = middle + 1;
		else
			high = middle;
	}
	if (low < count && text_equal(sorted[low]->literal, name))
		return sorted[low];
	return NULL;
}

const struct rates_entry *
rates_table_exact(const struct rates_table *table, struct text name)
{
	return find_name(table->exact_by_name, table->exact_count, name, 0);
}

/* The first of the general patterns at that position or after it. */
static size_t
first_general(const struct rates_table *table, size_t position)
{
	size_t low = 0, high = table->general_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->general[middle]->position < position)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int
rates_table_pattern(const struct rates_entry **out,
    const struct rates_table *table, struct text name, size_t position,
    struct error *err)
{
	/* A pattern for this very name is found by bisection; only those
	 * before it that are not for one name have to be tried. */
	const struct rates_entry *literal = find_name(table->literal_by_name,
	    table->literal_count, name, position);
	bool matches;

	for (size_t i = first_general(table, position);
	     i < table->general_count; i++) {
		const struct rates_entry *entry = table->general[i];

		if (literal && literal->position < entry->position)
			break;
		if (rates_table_matches(&matches, entry, name, err) < 0)
			return -1;
		if (matches) {
			*out = entry;
			return 0;
		}
	}
	*out = literal;
	return 0;
}

/* The pattern is its writer's to mend, so this is about it, not the name. */
static int
limit_error(const struct rates_entry *entry, struct text name,
    struct error *err)
{
	bool is_long = name.len > RATES_PATTERN_SUBJECT_MAX;
	struct buf text = BUF_INIT;

	utf8_escape(&text, entry->file, strlen(entry->file), UTF8_ASCII, 200);
	buf_printf(&text, ":%d: pattern \"", entry->line);
	utf8_escape(&text, entry->match.data, entry->match.len, UTF8_ASCII,
	    SHOWN);
	buf_printf(&text, "\" %s \"",
	    is_long ? "meets a name too long to match it against:"
		    : "runs into the match limit on");
	utf8_escape(&text, name.data, name.len, UTF8_ASCII, SHOWN);
	buf_putc(&text, '"');
	if (is_long)
		buf_printf(&text, " (%zu bytes, at most %d)", name.len,
		    RATES_PATTERN_SUBJECT_MAX);
	error_set(err, ERROR_CONFIG, "%s", text.text);
	buf_release(&text);
	return -1;
}

int
rates_table_matches(bool *out, const struct rates_entry *entry,
    struct text name, struct error *err)
{
	enum rates_pattern_result result;

	if (!entry->pattern) {
		*out = text_equal(entry->literal, name);
		return 0;
	}
	result = rates_pattern_match(entry->pattern, name);
	if (result == RATES_PATTERN_LIMIT)
		return limit_error(entry, name, err);
	*out = result == RATES_PATTERN_YES;
	return 0;
}

bool
rates_table_covers(const struct rates_entry *entry, struct when at)
{
	return entry->from.micros <= at.micros && at.micros < entry->to.micros;
}
