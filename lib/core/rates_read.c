#include "lib/core/rates_read.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/money.h"
#include "lib/core/rates_pattern.h"
#include "lib/core/rates_table.h"
#include "lib/doc/node.h"

enum {
	PER_1K = 1000,
	PER_MTOK = 1000000,
	EACH = 1,
	KNOWN_VERSION = 1,
};

/* 1,000 USD per million tokens, as the price of one. */
static const struct money PLAUSIBLE_TOKEN = { 1000000000000 };

/* What the functions below need, beside the node that each reads. */
struct reader {
	struct arena *arena;
	struct rates_table *table;
	struct rates_pattern_tools *tools;
};

/* Note a problem that does not cost the entry its place. */
static void
problem(struct reader *r, enum rates_severity severity, const struct node *node,
    const char *reason)
{
	struct error err = { 0 };

	node_error(&err, node, "%s", reason);
	rates_table_problem(&r->table->problems, r->arena, severity, err.text);
}

/*
 * Read the price of so many tokens (or of one call or unit) as that of one,
 * exactly.  Absent: zero, *given false.
 */
static int
read_price(struct money *out, bool *given, const struct node *node,
    int64_t divisor, struct error *err)
{
	struct money price, probe;
	struct text text;

	*out = MONEY_ZERO;
	*given = !node_is_null(node);
	if (!*given)
		return 0;
	text = node->text;
	/* YAML 1.1, and with it PyYAML, takes 3e-06 for text. */
	if (node->type == NODE_STRING &&
	    money_parse(&probe, text.data, text.len) != MONEY_SYNTAX)
		return node_error(err, node,
		    "expected a number, got text: YAML takes a number for "
		    "text in quotes, or with an exponent but no point and "
		    "sign (write 0.000003 or 3.0e-06, not 3e-06)");
	if (node_money(&price, node, false, err) < 0)
		return -1;
	/* A price that was rounded would be wrong a million times over. */
	if (money_parse(&probe, text.data, text.len) == MONEY_ROUNDED ||
	    price.femto % divisor != 0)
		return node_error(err, node,
		    "the price is finer than 0.000000000000001 USD%s",
		    divisor == EACH ? "" : " a token");
	out->femto = price.femto / divisor;
	return 0;
}

/* Such a price was meant for a million tokens, or for a thousand, and stands
 * in the wrong field; it may be right all the same. */
static void
check_plausible(struct reader *r, const struct node *node, struct money token)
{
	if (money_compare(token, PLAUSIBLE_TOKEN) > 0)
		problem(r, RATES_IMPLAUSIBLE, node,
		    "the price is above 1,000 USD per million tokens");
}

/* Give the prices that are not stated their fallbacks. */
static void
fall_back(struct rates_prices *prices)
{
	struct money *token = prices->token;

	if (!prices->given[RATES_CACHE_READ])
		token[RATES_CACHE_READ] = token[RATES_INPUT];
	if (!prices->given[RATES_CACHE_WRITE])
		token[RATES_CACHE_WRITE] = token[RATES_INPUT];
	if (!prices->given[RATES_CACHE_WRITE_1H])
		token[RATES_CACHE_WRITE_1H] = token[RATES_CACHE_WRITE];
}

/* Read the prices that map states over those in *prices. */
static int
read_prices(struct reader *r, struct rates_prices *prices,
    bool own[RATES_MEASURES], const struct node *map, struct error *err)
{
	struct money token;
	bool any = false;

	for (int m = 0; m < RATES_MEASURES; m++) {
		const struct node *node =
		    node_get(map, rates_table_field((enum rates_measure)m));

		if (read_price(&token, &own[m], node, PER_MTOK, err) < 0)
			return -1;
		if (!own[m])
			continue;
		check_plausible(r, node, token);
		prices->token[m] = token;
		prices->given[m] = true;
		any = true;
	}
	return any ? 0 : node_error(err, map, "has no price");
}

/* Refuse a key of meter's own lists that is none: a price misspelt is lost. */
static int
check_keys(const struct node *map, const char *const *known, struct error *err)
{
	const char *const *name;

	for (const struct node *child = map->first; child;
	     child = child->next) {
		for (name = known; *name; name++)
			if (text_is(child->key, *name))
				break;
		if (!*name)
			return node_error(err, child, "unknown field");
	}
	return 0;
}

/* In the old format's parts there may be fields of other programs. */
static void
warn_of_keys(struct reader *r, const struct node *map, const char *const *known)
{
	const char *const *name;

	for (const struct node *child = map->first; child;
	     child = child->next) {
		for (name = known; *name; name++)
			if (text_is(child->key, *name))
				break;
		if (!*name)
			problem(r, RATES_WARNING, child,
			    "unknown field, ignored");
	}
}

/* An entry without days holds at any time. */
static void
start_entry(struct rates_entry *entry, enum rates_kind kind,
    const struct node *node)
{
	memset(entry, 0, sizeof(*entry));
	entry->kind = kind;
	entry->file = node->file ? node->file : "";
	entry->line = node->line;
	entry->from.micros = INT64_MIN;
	entry->to.micros = INT64_MAX;
}

/*
 * One of the two prices may be missing and is 0 then, as embeddings have no
 * output; with both missing a misspelt field would make the model free.
 */
static int
read_exact(struct reader *r, struct rates_entry *entry, const struct node *node,
    struct error *err)
{
	static const char *const known[] = { "prompt_per_1k",
		"completion_per_1k", NULL };
	struct rates_prices *prices = &entry->prices;

	start_entry(entry, RATES_EXACT, node);
	entry->match = entry->literal = node->key;
	if (node->type != NODE_MAP)
		return node_error(err, node,
		    "expected a mapping with prompt_per_1k and "
		    "completion_per_1k");
	for (int m = RATES_INPUT; m <= RATES_OUTPUT; m++) {
		const struct node *price = node_get(node, known[m]);

		if (read_price(&prices->token[m], &prices->given[m], price,
			PER_1K, err) < 0)
			return -1;
		if (price)
			check_plausible(r, price, prices->token[m]);
	}
	if (!prices->given[RATES_INPUT] && !prices->given[RATES_OUTPUT])
		return node_error(err, node,
		    "has no price: neither prompt_per_1k nor "
		    "completion_per_1k");
	warn_of_keys(r, node, known);
	fall_back(prices);
	return 0;
}

/* An empty text is as good as none where one is required: an empty pattern
 * would match all names. */
static int
read_string(struct text *out, const struct node *map, const char *key,
    bool required, struct error *err)
{
	const struct node *node = node_get(map, key);

	if (node_get_string(out, node, err) < 0)
		return -1;
	if (required && out->len == 0)
		return node_error(err, node ? node : map, "expected %s%s",
		    node ? "" : "a field ", node ? "a text" : key);
	return 0;
}

/* A plain 2026-11-22 is a date to YAML and the same text here; a time is
 * refused, so that nobody is led to think that prices change at noon. */
static int
read_day(struct when *out, const struct node *map, const char *key,
    struct error *err)
{
	const struct node *node = node_find(map, key);

	if (!node)
		return 0;
	if (node->type != NODE_STRING ||
	    when_parse_day(out, node->text.data, node->text.len) < 0)
		return node_error(err, node,
		    "expected a day such as 2026-11-22");
	return 0;
}

static int
read_days(struct rates_entry *entry, const struct node *map, struct error *err)
{
	if (read_day(&entry->from, map, "from", err) < 0 ||
	    read_day(&entry->to, map, "to", err) < 0)
		return -1;
	if (entry->from.micros >= entry->to.micros)
		return node_error(err, node_get(map, "to"),
		    "is not after from: the entry would never hold");
	return 0;
}

/* The pattern of an entry, compiled unless it stands for a single name. */
static int
read_match(struct reader *r, struct rates_entry *entry, const struct node *map,
    bool required, struct error *err)
{
	if (read_string(&entry->match, map, "match", required, err) < 0)
		return -1;
	if (!entry->match.data ||
	    rates_pattern_literal(&entry->literal, r->arena, entry->match))
		return 0;
	if (!r->tools)
		r->tools = rates_pattern_tools(r->arena);
	return rates_pattern_compile(&entry->pattern, r->tools,
	    node_get(map, "match"), err);
}

/* A threshold's prices are laid over those that the entry states, before
 * either has its fallbacks. */
static int
read_threshold(struct reader *r, struct rates_above *above,
    const struct rates_prices *entry, const struct node *map, struct error *err)
{
	static const char *const known[] = { "prompt_tokens", "input_per_mtok",
		"output_per_mtok", "cache_read_per_mtok",
		"cache_write_per_mtok", "cache_write_1h_per_mtok", NULL };

	if (map->type != NODE_MAP || !node_find(map, "prompt_tokens"))
		return node_error(err, map,
		    "expected a mapping with prompt_tokens and prices");
	above->prices = *entry;
	if (check_keys(map, known, err) < 0 ||
	    node_count(&above->prompt_tokens, node_get(map, "prompt_tokens"),
		false, err) < 0 ||
	    read_prices(r, &above->prices, above->own, map, err) < 0)
		return -1;
	fall_back(&above->prices);
	return 0;
}

static int
compare_thresholds(const void *left, const void *right)
{
	const struct rates_above *a = left, *b = right;

	return (a->prompt_tokens > b->prompt_tokens) -
	       (a->prompt_tokens < b->prompt_tokens);
}

/* The entry's prices must not have their fallbacks yet: the thresholds'
 * come first. */
static int
read_above(struct reader *r, struct rates_entry *entry, const struct node *map,
    struct error *err)
{
	const struct node *list = node_find(map, "above");

	if (node_expect_list(list, err) < 0)
		return -1;
	if (!list || list->count == 0)
		return 0;
	entry->above =
	    arena_array(r->arena, list->count, sizeof(*entry->above));
	for (const struct node *item = list->first; item; item = item->next) {
		struct rates_above *above = &entry->above[entry->above_count++];

		if (read_threshold(r, above, &entry->prices, item, err) < 0)
			return -1;
	}
	/* People write thresholds in any order; look-ups need one. */
	qsort(entry->above, entry->above_count, sizeof(*entry->above),
	    compare_thresholds);
	for (size_t i = 1; i < entry->above_count; i++)
		if (entry->above[i - 1].prompt_tokens ==
		    entry->above[i].prompt_tokens)
			return node_error(err, list,
			    "states a threshold twice");
	return 0;
}

static int
read_pattern(struct reader *r, struct rates_entry *entry,
    const struct node *node, struct error *err)
{
	static const char *const known[] = { "match", "input_per_mtok",
		"output_per_mtok", "cache_read_per_mtok",
		"cache_write_per_mtok", "cache_write_1h_per_mtok", "above",
		"from", "to", "source", NULL };
	bool own[RATES_MEASURES];

	start_entry(entry, RATES_PATTERN, node);
	if (node->type != NODE_MAP)
		return node_error(err, node,
		    "expected a mapping with match and prices");
	if (check_keys(node, known, err) < 0 ||
	    read_match(r, entry, node, true, err) < 0 ||
	    read_days(entry, node, err) < 0 ||
	    read_string(&entry->source, node, "source", false, err) < 0 ||
	    read_prices(r, &entry->prices, own, node, err) < 0 ||
	    read_above(r, entry, node, err) < 0)
		return -1;
	fall_back(&entry->prices);
	return 0;
}

static int
read_resource(struct reader *r, struct rates_entry *entry,
    const struct node *node, struct error *err)
{
	static const char *const known[] = { "resource", "match", "per_call",
		"per_unit", "unit", "from", "to", "source", NULL };

	start_entry(entry, RATES_RESOURCE, node);
	if (node->type != NODE_MAP)
		return node_error(err, node,
		    "expected a mapping with resource and prices");
	if (check_keys(node, known, err) < 0 ||
	    read_string(&entry->resource, node, "resource", true, err) < 0 ||
	    read_match(r, entry, node, false, err) < 0 ||
	    read_string(&entry->unit, node, "unit", false, err) < 0 ||
	    read_string(&entry->source, node, "source", false, err) < 0 ||
	    read_days(entry, node, err) < 0 ||
	    read_price(&entry->per_call, &entry->has_per_call,
		node_get(node, "per_call"), EACH, err) < 0 ||
	    read_price(&entry->per_unit, &entry->has_per_unit,
		node_get(node, "per_unit"), EACH, err) < 0)
		return -1;
	if (!entry->has_per_call && !entry->has_per_unit)
		return node_error(err, node,
		    "has no price: neither per_call nor per_unit");
	/* A price of a unit that is not named would be that of any unit. */
	if (entry->has_per_unit != (entry->unit.len > 0))
		return node_error(err, node, "per_unit and unit go together");
	if (text_is(entry->resource, "llm"))
		return node_error(err, node_get(node, "resource"),
		    "llm is priced by rates and patterns");
	return 0;
}

typedef int read_entry(struct reader *r, struct rates_entry *entry,
    const struct node *node, struct error *err);

/* Read a section's entries, each on its own: one wrong leaves the others. */
static void
read_section(struct reader *r, struct rates_entries *out,
    const struct node *section, enum node_type type, read_entry *read)
{
	struct error err = { 0 };

	if (node_is_null(section))
		return;
	if ((type == NODE_MAP ? node_expect_map(section, &err)
			      : node_expect_list(section, &err)) < 0) {
		rates_table_problem(&r->table->problems, r->arena, RATES_ERROR,
		    err.text);
		return;
	}
	out->entry = arena_array(r->arena, section->count, sizeof(*out->entry));
	for (const struct node *node = section->first; node;
	     node = node->next) {
		struct rates_entry *entry = &out->entry[out->count];

		/* Its room is taken by the next one where it is wrong. */
		if (read(r, entry, node, &err) < 0) {
			rates_table_problem(&r->table->problems, r->arena,
			    RATES_ERROR, err.text);
			continue;
		}
		entry->position = out->count++;
	}
}

/* Another version may mean other things by the same names: say so. */
static void
check_version(struct reader *r, const struct node *root)
{
	const struct node *node = node_find(root, "schema_version");
	struct error err = { 0 };
	int64_t version;

	if (!node)
		return;
	if (node_count(&version, node, false, &err) < 0)
		rates_table_problem(&r->table->problems, r->arena, RATES_ERROR,
		    err.text);
	else if (version > KNOWN_VERSION)
		problem(r, RATES_WARNING, node,
		    "written by a newer meter, read as version 1");
}

struct rates_table *
rates_read(struct arena *arena, const char *file, const struct node *root)
{
	static const char *const known[] = { "schema_version", "rates",
		"patterns", "resources", NULL };
	struct rates_table *table = arena_alloc(arena, sizeof(*table));
	struct reader r = { arena, table, NULL };
	struct error err = { 0 };

	table->file = file;
	if (node_expect_map(root, &err) < 0) {
		rates_table_problem(&table->problems, arena, RATES_ERROR,
		    err.text);
	} else if (!node_is_null(root)) {
		check_version(&r, root);
		warn_of_keys(&r, root, known);
		read_section(&r, &table->exact, node_get(root, "rates"),
		    NODE_MAP, read_exact);
		read_section(&r, &table->patterns, node_get(root, "patterns"),
		    NODE_LIST, read_pattern);
		read_section(&r, &table->resources, node_get(root, "resources"),
		    NODE_LIST, read_resource);
	}
	rates_table_index(table, arena);
	return table;
}
