#ifndef METER_CORE_RATES_H
#define METER_CORE_RATES_H

/*
 * Prices (DESIGN.md 4): what a call of a model costs, exactly, and which
 * entry of which table says so.  The workspace's table lies over the
 * package's.  An exact name goes before all patterns of its table, and of
 * these the first one that matches and holds at the call's time; names are
 * never guessed by likeness.
 *
 * What a model name leads to is remembered, so that a call of a model that
 * was met before is priced in tens of nanoseconds.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/money.h"
#include "lib/base/text.h"
#include "lib/base/when.h"

struct arena;
struct error;
struct rates;
struct rates_entry;
struct rates_package;
struct rates_prices;
struct rates_problems;
struct rates_table;
struct tokens;

/*
 * Prices from the workspace's table over the package's; either may be NULL.
 * They, and what is remembered, live in the arena, as must the tables.
 */
struct rates *rates_new(struct arena *arena,
    const struct rates_table *workspace, const struct rates_package *package);

/*
 * The cost of one call: *priced tells whether an entry prices the model at
 * that time; where none does, *cost is zero.  The provider's own cost in
 * tokens is not looked at.  Looking a model up is remembered by its name.
 * Returns -1 where a pattern runs into its match limit (ERROR_CONFIG, with
 * file and line) or the cost does not fit (ERROR_DATA).
 */
int rates_price(struct money *cost, bool *priced, struct rates *rates,
    struct text model, struct when at, const struct tokens *tokens,
    struct error *err);

/*
 * The models that rates_price was asked for and that nothing priced at the
 * time of a call, each once, in the order in which they first came: for who
 * says so at a command's end.
 */
const struct text *rates_unpriced(const struct rates *rates, size_t *count);

/* How many calls of these models nothing priced. */
int64_t rates_unpriced_calls(const struct rates *rates);

/*
 * The entry that prices the model at that time, or NULL.  Fails as
 * rates_price does.
 */
int rates_find(const struct rates_entry **out, struct rates *rates,
    struct text model, struct when at, struct error *err);

/*
 * The prices that a call with so long a prompt pays under an entry: those of
 * the highest threshold that the prompt is longer than, else the entry's own.
 */
const struct rates_prices *rates_for_prompt(const struct rates_entry *entry,
    int64_t prompt_tokens);

/* What a call costs under an entry; ERROR_DATA where that does not fit. */
int rates_cost(struct money *cost, const struct rates_entry *entry,
    const struct tokens *tokens, struct error *err);

/* Why an entry is, or is not, the one that prices a model at a time. */
enum rates_verdict {
	RATES_WINS,
	RATES_OTHER_TIME,	/* before the winner, but not at that time */
	RATES_BEHIND,		/* behind the winner in order */
};

struct rates_candidate {
	const struct rates_entry *entry;
	bool of_package;
	enum rates_verdict verdict;
};

/*
 * Every entry that matches the model, in the order in which they count,
 * which stops for nothing.  Fails as rates_price does.
 */
int rates_candidates(struct rates_candidate **out, size_t *count,
    struct rates *rates, struct arena *arena, struct text model,
    struct when at, struct error *err);

/*
 * In words, why a candidate stands where it stands: "exact name in the
 * workspace's table".
 */
const char *rates_why(const struct rates_candidate *candidate);

/* What there is to warn of in the workspace's table; may be empty. */
const struct rates_problems *rates_problems(const struct rates *rates);

/* The workspace's table, or NULL, for who lists it. */
const struct rates_table *rates_workspace(const struct rates *rates);

/* All of the package's table, which look-ups never read as a whole. */
int rates_read_package(struct rates_table **out, const struct rates *rates,
    struct arena *arena, struct error *err);

#endif
