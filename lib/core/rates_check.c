#include "lib/core/rates_check.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"
#include "lib/core/rates_pattern.h"
#include "lib/core/rates_table.h"

enum {
	SHOWN = 60, /* columns of a pattern in a message */
	SHOWN_FILE = 200,
};

struct check {
	struct rates_table *table;
	struct arena *arena;
};

/* Append the place and the name of an entry, which came from a file. */
static void
start_message(struct buf *out, const struct rates_entry *entry)
{
	bool resource = entry->kind == RATES_RESOURCE;
	struct text name = resource ? entry->resource : entry->match;

	utf8_escape(out, entry->file, strlen(entry->file), UTF8_ASCII,
	    SHOWN_FILE);
	buf_printf(out, ":%d: %s \"", entry->line,
	    resource			 ? "resource"
	    : entry->kind == RATES_EXACT ? "entry"
					 : "pattern");
	utf8_escape(out, name.data, name.len, UTF8_ASCII, SHOWN);
	buf_puts(out, "\" ");
}

static void
report(struct check *check, enum rates_severity severity, struct buf *text)
{
	rates_table_problem(&check->table->problems, check->arena, severity,
	    text->text);
	buf_release(text);
}

/* An entry that nothing reaches is no harm, but never what was meant: a
 * price is stated that nobody pays. */
static void
report_behind(struct check *check, const struct rates_entry *entry,
    const struct rates_entry *before, const char *how)
{
	struct buf text = BUF_INIT;

	start_message(&text, entry);
	buf_printf(&text, "is never reached: %s line %d", how, before->line);
	report(check, RATES_ERROR, &text);
}

/* Whether the time of entry lies wholly in that of before. */
static bool
within(const struct rates_entry *entry, const struct rates_entry *before)
{
	return before->from.micros <= entry->from.micros &&
	       entry->to.micros <= before->to.micros;
}

/*
 * Find the general pattern that stands before entry and takes all its names.
 * A pattern that runs into its limit here is a problem of its own.
 */
static const struct rates_entry *
find_shadow(struct check *check, const struct rates_entry *entry)
{
	const struct rates_table *table = check->table;
	struct error err;
	bool matches;

	for (size_t i = 0; i < table->general_count; i++) {
		const struct rates_entry *before = table->general[i];

		if (before->position >= entry->position)
			break;
		if (!within(entry, before))
			continue;
		if (entry->pattern) {
			/* Two patterns are compared as texts, as what one
			 * matches of all names cannot be tried. */
			if (text_equal(before->match, entry->match) ||
			    rates_pattern_shadows(before->pattern,
				before->match, entry->match))
				return before;
			continue;
		}
		if (rates_table_matches(&matches, before, entry->literal,
			&err) < 0)
			rates_table_problem(&check->table->problems,
			    check->arena, RATES_ERROR, err.text);
		else if (matches)
			return before;
	}
	return NULL;
}

/* The earlier pattern for the same single name, sorted right before it. */
static const struct rates_entry *
find_same_name(const struct rates_table *table, size_t at)
{
	const struct rates_entry *entry = table->literal_by_name[at];

	while (at-- > 0) {
		const struct rates_entry *before = table->literal_by_name[at];

		if (!text_equal(before->literal, entry->literal))
			break;
		if (within(entry, before))
			return before;
	}
	return NULL;
}

/*
 * A pattern for a single name can be tried against all that stands before
 * it, so for these the check is complete.  One complaint an entry is enough.
 */
static void
check_literals(struct check *check)
{
	const struct rates_table *table = check->table;

	for (size_t i = 0; i < table->literal_count; i++) {
		const struct rates_entry *entry = table->literal_by_name[i];
		const struct rates_entry *before;

		before = rates_table_exact(table, entry->literal);
		if (before) {
			report_behind(check, entry, before,
			    "its name has the exact entry of");
			continue;
		}
		before = find_same_name(table, i);
		if (before) {
			report_behind(check, entry, before,
			    "it is stated before, in");
			continue;
		}
		before = find_shadow(check, entry);
		if (before)
			report_behind(check, entry, before,
			    "its name is matched before, in");
	}
}

/* For the others it finds what is sure, among which is the usual slip: a
 * short name before a longer one that begins with it. */
static void
check_general(struct check *check)
{
	const struct rates_table *table = check->table;

	for (size_t i = 0; i < table->general_count; i++) {
		const struct rates_entry *entry = table->general[i];
		const struct rates_entry *before = find_shadow(check, entry);

		if (before && text_equal(before->match, entry->match))
			report_behind(check, entry, before,
			    "it is stated before, in");
		else if (before)
			report_behind(check, entry, before,
			    "all its names are matched before, in");
	}
}

/* Whether a resource's entry takes all that a later one would. */
static bool
takes_all(const struct rates_entry *before, const struct rates_entry *entry)
{
	return text_equal(before->resource, entry->resource) &&
	       text_equal(before->unit, entry->unit) && within(entry, before) &&
	       before->has_per_call == entry->has_per_call &&
	       (!before->match.data || text_equal(before->match, entry->match));
}

static void
check_resources(struct check *check)
{
	const struct rates_entries *all = &check->table->resources;

	for (size_t i = 0; i < all->count; i++)
		for (size_t k = 0; k < i; k++)
			if (takes_all(&all->entry[k], &all->entry[i])) {
				report_behind(check, &all->entry[i],
				    &all->entry[k], "it lies behind");
				break;
			}
}

static void
warn(struct check *check, const struct rates_entry *entry, const char *what)
{
	struct buf text = BUF_INIT;

	start_message(&text, entry);
	buf_puts(&text, what);
	report(check, RATES_WARNING, &text);
}

/* Every provider reads its cache at a discount and writes it at a premium,
 * and keeps it for an hour at a higher one; else two prices were mixed up. */
static void
check_prices(struct check *check, const struct rates_entry *entry,
    const struct rates_prices *prices)
{
	const struct money *token = prices->token;

	if (money_compare(token[RATES_CACHE_READ], token[RATES_INPUT]) > 0)
		warn(check, entry,
		    "has cache reads dearer than the input itself");
	if (money_compare(token[RATES_CACHE_WRITE], token[RATES_INPUT]) < 0)
		warn(check, entry,
		    "has cache writes cheaper than the input itself");
	if (money_compare(token[RATES_CACHE_WRITE_1H],
		token[RATES_CACHE_WRITE]) < 0)
		warn(check, entry,
		    "has one-hour cache writes cheaper than the short ones");
}

static void
check_entries(struct check *check, const struct rates_entries *entries)
{
	for (size_t i = 0; i < entries->count; i++) {
		const struct rates_entry *entry = &entries->entry[i];

		check_prices(check, entry, &entry->prices);
		for (size_t k = 0; k < entry->above_count; k++)
			check_prices(check, entry, &entry->above[k].prices);
	}
}

void
rates_check(struct rates_table *table, struct arena *arena)
{
	struct check check = { table, arena };

	check_literals(&check);
	check_general(&check);
	check_resources(&check);
	check_entries(&check, &table->exact);
	check_entries(&check, &table->patterns);
}
