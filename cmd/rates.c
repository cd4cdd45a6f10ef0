#include <string.h>
#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/prices.h"
#include "cmd/session.h"
#include "lib/base/glob.h"
#include "lib/core/rates.h"
#include "lib/core/rates_table.h"
#include "lib/core/tokens.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"

enum {
	SHOWN = 200, /* columns of a name in a message */
};

/* What `rates list` builds, and what it takes. */
struct listing {
	struct arena *arena;
	struct table table;
	struct node *list;
	const char *pattern; /* NULL takes all */
};

static const struct table_column list_columns[] = {
	{ "name", TABLE_TEXT },
	{ "kind", TABLE_TEXT },
	{ "prompt_above", TABLE_COUNT },
	PRICES_COLUMNS,
	{ "per_call", TABLE_MONEY },
	{ "per_unit", TABLE_MONEY },
	{ "unit", TABLE_TEXT },
	{ "from", TABLE_TEXT },
	{ "to", TABLE_TEXT },
	{ "line", TABLE_COUNT },
	{ "file", TABLE_TEXT },
};

static const struct table_column show_columns[] = {
	{ "prompt_above", TABLE_COUNT },
	PRICES_COLUMNS,
};

/* What an entry is called: a resource by it, a model by its name rather than
 * the pattern that is for this name alone. */
static struct text
name_of(const struct rates_entry *entry)
{
	if (entry->kind == RATES_RESOURCE)
		return entry->resource;
	return entry->literal.data ? entry->literal : entry->match;
}

/* `api ^search`: of a resource its providers too. */
static struct text
full_name_of(struct arena *arena, const struct rates_entry *entry)
{
	struct text name = name_of(entry);
	struct buf full = BUF_INIT;

	if (entry->kind != RATES_RESOURCE || !entry->match.data)
		return name;
	buf_add(&full, name.data, name.len);
	buf_putc(&full, ' ');
	buf_add(&full, entry->match.data, entry->match.len);
	name.data = arena_copy(arena, full.text, full.len);
	name.len = full.len;
	buf_release(&full);
	return name;
}

static void
add_optional_money(struct table *table, bool is_there, struct money money)
{
	if (is_there)
		table_money(table, money);
	else
		table_null(table);
}

/* A row for the prices that hold above so long a prompt (NULL: the entry's
 * own). */
static void
add_row(struct listing *listing, const struct rates_entry *entry,
    const struct rates_above *above)
{
	struct table *table = &listing->table;

	table_row(table);
	table_text(table, full_name_of(listing->arena, entry));
	table_string(table, prices_kind(entry));
	if (above)
		table_count(table, above->prompt_tokens);
	else
		table_null(table);
	prices_add_cells(table, above ? &above->prices : &entry->prices,
	    above ? above->own : entry->prices.given);
	add_optional_money(table, entry->has_per_call, entry->per_call);
	add_optional_money(table, entry->has_per_unit, entry->per_unit);
	table_text(table, entry->unit);
	table_string(table, prices_from(listing->arena, entry));
	table_string(table, prices_to(listing->arena, entry));
	table_count(table, entry->line);
	table_string(table, entry->file);
}

static void
list_entries(struct listing *listing, const struct rates_entries *entries)
{
	for (size_t i = 0; i < entries->count; i++) {
		const struct rates_entry *entry = &entries->entry[i];

		if (listing->pattern &&
		    !glob_match(text_of(listing->pattern), name_of(entry)))
			continue;
		node_add(listing->list,
		    prices_entry_node(listing->arena, entry));
		add_row(listing, entry, NULL);
		for (size_t k = 0; k < entry->above_count; k++)
			add_row(listing, entry, &entry->above[k]);
	}
}

static void
list_table(struct listing *listing, const struct rates_table *rates)
{
	if (!rates)
		return;
	list_entries(listing, &rates->exact);
	list_entries(listing, &rates->patterns);
	list_entries(listing, &rates->resources);
}

int
cmd_rates_list(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter rates list [--json|--csv|--yaml] [PATTERN]";
	struct listing listing = { .arena = &session->arena };
	struct session_format format = { false };
	const struct opt options[] = {
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	struct rates_table *package;
	struct rates *rates;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	if (session_rates(session, &rates) < 0 ||
	    rates_read_package(&package, rates, &session->arena,
		&session->err) < 0)
		return session_fail(session);
	listing.pattern = argv[0];
	listing.list = node_list(&session->arena);
	table_init(&listing.table, &session->arena, list_columns,
	    sizeof(list_columns) / sizeof(list_columns[0]));
	list_table(&listing, rates_workspace(rates));
	list_table(&listing, package);
	table_note(&listing.table, listing.table.row_count > 0
				       ? PRICES_UNIT
				       : "no entry has such a name");
	session_show(session, &format, listing.list, &listing.table);
	return EX_OK;
}

/* A model, and the time for which its price is asked. */
struct question {
	struct text model;
	const char *at_text;
	struct when at;
};

/* Take the operand and --at: a day, a time, or else the clock. */
static int
take_question(struct session *session, struct question *question,
    const char *model)
{
	const struct when_clock *clock = &session->workspace.clock;
	const char *at = question->at_text;

	question->model = text_of(model);
	if (utf8_valid(model, question->model.len) < question->model.len)
		return error_set(&session->err, ERROR_USAGE,
		    "MODEL is not valid UTF-8");
	if (!at)
		question->at = clock->read(clock->data);
	else if (when_parse_day(&question->at, at, strlen(at)) < 0 &&
		 when_parse(&question->at, at, strlen(at)) < 0)
		return error_set(&session->err, ERROR_USAGE,
		    "--at takes a day such as 2026-11-22, or a time");
	return 0;
}

static struct node *
time_node(struct arena *arena, struct when when)
{
	struct buf text = BUF_INIT;
	struct node *node;

	when_json(&text, when);
	node = node_string(arena, text.text);
	buf_release(&text);
	return node;
}

/* Append `'MODEL'`, or another name, harmlessly. */
static void
put_name(struct buf *out, struct text name)
{
	buf_putc(out, '\'');
	utf8_escape(out, name.data, name.len, UTF8_ASCII, SHOWN);
	buf_putc(out, '\'');
}

/* `'^gpt-4o$', FILE:12: why it stands where it stands` */
static void
put_candidate(struct buf *out, const struct rates_candidate *candidate)
{
	put_name(out, candidate->entry->match);
	buf_puts(out, ", ");
	utf8_escape(out, candidate->entry->file, strlen(candidate->entry->file),
	    UTF8_PRINTABLE, 0);
	buf_printf(out, ":%d: %s", candidate->entry->line,
	    rates_why(candidate));
}

static void
note_candidate(struct table *table, const struct rates_candidate *candidate)
{
	struct text source = candidate->entry->source;
	struct buf line = BUF_INIT;

	put_candidate(&line, candidate);
	if (source.data) {
		buf_puts(&line, "; source: ");
		buf_add(&line, source.data, source.len);
	}
	table_note(table, arena_copy(table->arena, line.text, line.len));
	buf_release(&line);
}

/* Every price of the entry, with what falls back on another one. */
static void
add_prices(struct table *table, struct node *list,
    const struct rates_entry *entry)
{
	static const bool all[RATES_MEASURES] = { true, true, true, true,
		true };
	struct arena *arena = table->arena;

	for (size_t i = 0; i <= entry->above_count; i++) {
		const struct rates_above *above =
		    i > 0 ? &entry->above[i - 1] : NULL;
		const struct rates_prices *prices =
		    above ? &above->prices : &entry->prices;
		struct node *map = node_map(arena);

		table_row(table);
		if (above)
			table_count(table, above->prompt_tokens);
		else
			table_null(table);
		prices_add_cells(table, prices, all);
		node_put(arena, map, "prompt_above",
		    above ? node_int(arena, above->prompt_tokens)
			  : node_null(arena));
		prices_put(arena, map, prices, all);
		node_add(list, map);
	}
}

static struct node *
candidate_node(struct arena *arena, const struct rates_candidate *candidate)
{
	struct node *map = prices_place_node(arena, candidate->entry);

	node_put(arena, map, "why", node_string(arena, rates_why(candidate)));
	return map;
}

/* Show the winner's prices, and all that match in the order they count. */
static void
show_candidates(struct session *session, const struct session_format *format,
    const struct question *question, const struct rates_candidate *candidates,
    size_t count, size_t winner)
{
	struct arena *arena = &session->arena;
	struct node *map = node_map(arena), *prices = node_list(arena);
	struct node *others = node_list(arena);
	struct table table;

	table_init(&table, arena, show_columns,
	    sizeof(show_columns) / sizeof(show_columns[0]));
	add_prices(&table, prices, candidates[winner].entry);
	table_note(&table, PRICES_UNIT);
	note_candidate(&table, &candidates[winner]);
	for (size_t i = 0; i < count; i++) {
		if (i == winner)
			continue;
		note_candidate(&table, &candidates[i]);
		node_add(others, candidate_node(arena, &candidates[i]));
	}
	node_put(arena, map, "model", node_text(arena, question->model));
	node_put(arena, map, "at", time_node(arena, question->at));
	node_put(arena, map, "prices", prices);
	node_put(arena, map, "entry",
	    prices_entry_node(arena, candidates[winner].entry));
	node_put(arena, map, "why",
	    node_string(arena, rates_why(&candidates[winner])));
	node_put(arena, map, "others", others);
	session_show(session, format, map, &table);
}

/* Nothing prices the model then: say what does at another time. */
static int
refuse_unpriced(struct session *session, const struct question *question,
    const struct rates_candidate *candidates, size_t count)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < count; i++) {
		buf_puts(&session->notes, "meter: ");
		put_candidate(&session->notes, &candidates[i]);
		buf_putc(&session->notes, '\n');
	}
	put_name(&text, question->model);
	error_set(&session->err, ERROR_NO_INPUT, "no price is known for %s%s",
	    text.text, count > 0 ? " at that time" : "");
	buf_release(&text);
	return session_fail(session);
}

int
cmd_rates_show(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter rates show [--at DAY] [--json|--csv|--yaml] MODEL";
	struct session_format format = { false };
	struct question question = { .at_text = NULL };
	const struct opt options[] = {
		OPT_STRING('\0', "at", &question.at_text, "DAY",
		    "at that day or time (default: now)"),
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	struct rates_candidate *candidates;
	size_t count, winner = 0;
	struct rates *rates;

	if (!session_options(session, synopsis, options, &argc, argv, 1, 1))
		return session->status;
	if (take_question(session, &question, argv[0]) < 0 ||
	    session_rates(session, &rates) < 0 ||
	    rates_candidates(&candidates, &count, rates, &session->arena,
		question.model, question.at, &session->err) < 0)
		return session_fail(session);
	while (winner < count && candidates[winner].verdict != RATES_WINS)
		winner++;
	if (winner == count)
		return refuse_unpriced(session, &question, candidates, count);
	show_candidates(session, &format, &question, candidates, count, winner);
	return EX_OK;
}

static void
print_cost(struct session *session, const struct question *question,
    const struct rates_entry *entry, struct money cost)
{
	struct arena *arena = &session->arena;
	struct node *map = node_map(arena);

	node_put(arena, map, "model", node_text(arena, question->model));
	node_put(arena, map, "at", time_node(arena, question->at));
	node_put(arena, map, "cost_usd", node_amount(arena, cost));
	node_put(arena, map, "cost_status",
	    node_string(arena, entry ? "estimated" : "unknown"));
	node_put(arena, map, "entry",
	    entry ? prices_place_node(arena, entry) : node_null(arena));
	json_write_pretty(&session->out, map);
}

static void
warn_unpriced(struct session *session, const struct question *question)
{
	buf_puts(&session->notes, "meter: no price is known for ");
	put_name(&session->notes, question->model);
	buf_puts(&session->notes, ": the call counts as 0\n");
}

int
cmd_rates_cost(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter rates cost [--input-tokens N] [--output-tokens N]\n"
	    "       [--cache-read-tokens N] [--cache-write-tokens N]\n"
	    "       [--cache-write-1h-tokens N] [--at DAY] [--json] MODEL";
	struct question question = { .at_text = NULL };
	struct tokens tokens = { 0 };
	bool json = false;
	const struct opt options[] = {
		OPT_COUNT('\0', "input-tokens", &tokens.input, "N",
		    "prompt tokens outside any cache"),
		OPT_COUNT('\0', "output-tokens", &tokens.output, "N",
		    "completion tokens, reasoning included"),
		OPT_COUNT('\0', "cache-read-tokens", &tokens.cache_read, "N",
		    "prompt tokens read from a cache"),
		OPT_COUNT('\0', "cache-write-tokens", &tokens.cache_write, "N",
		    "prompt tokens written to a short-lived cache"),
		OPT_COUNT('\0', "cache-write-1h-tokens", &tokens.cache_write_1h,
		    "N", "prompt tokens written to a cache for an hour"),
		OPT_STRING('\0', "at", &question.at_text, "DAY",
		    "at that day or time (default: now)"),
		OPT_FLAG('\0', "json", &json, "print JSON"),
		OPT_END,
	};
	const struct rates_entry *entry;
	struct money cost = MONEY_ZERO;
	struct rates *rates;

	if (!session_options(session, synopsis, options, &argc, argv, 1, 1))
		return session->status;
	if (take_question(session, &question, argv[0]) < 0 ||
	    session_rates(session, &rates) < 0 ||
	    rates_find(&entry, rates, question.model, question.at,
		&session->err) < 0 ||
	    (entry && rates_cost(&cost, entry, &tokens, &session->err) < 0))
		return session_fail(session);
	if (!entry)
		warn_unpriced(session, &question);
	if (json) {
		print_cost(session, &question, entry, cost);
	} else {
		money_full(&session->out, cost);
		buf_putc(&session->out, '\n');
	}
	return EX_OK;
}
