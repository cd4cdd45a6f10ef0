#include "lib/core/rates.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"
#include "lib/core/rates_package.h"
#include "lib/core/rates_table.h"
#include "lib/core/tokens.h"

enum {
	FIRST_MEMOS = 64, /* a power of two */
	FIRST_FOUND = 2,
	SHOWN = 60, /* columns of a name in a message */
};

/* The stations at which entries for a name are looked for, in order. */
enum station {
	WORKSPACE_EXACT,
	WORKSPACE_PATTERNS,
	PACKAGE_EXACT,
	PACKAGE_PATTERNS,
	NOWHERE,
};

/* How far the search for a name's entries has come. */
struct cursor {
	struct text name;
	enum station station;
	size_t position; /* the next pattern to look at */
	const struct rates_table *package; /* the name's part of it */
};

/*
 * What is known of a name: the entries that match it, as far as they were
 * needed.  A dated entry may not hold at the next call's time, and only then
 * is the search carried on, so that no pattern is tried that comes behind
 * the one that counts.
 */
struct memo {
	uint64_t hash;
	struct cursor cursor;
	const struct rates_entry **found;
	size_t count, room;
	bool complete;
	bool unpriced; /* a call was, and its name is in the list */
};

struct rates {
	struct arena *arena;
	const struct rates_table *workspace;
	struct rates_package package;
	bool has_package;
	struct memo **memos; /* an open hash table */
	size_t memo_count, memo_room;
	struct text *unpriced;
	size_t unpriced_count, unpriced_room;
	int64_t unpriced_calls;
};

struct rates *
rates_new(struct arena *arena, const struct rates_table *workspace,
    const struct rates_package *package)
{
	struct rates *rates = arena_alloc(arena, sizeof(*rates));

	rates->arena = arena;
	rates->workspace = workspace;
	if (package) {
		rates->package = *package;
		rates->has_package = true;
	}
	rates->memo_room = FIRST_MEMOS;
	rates->memos =
	    arena_array(arena, rates->memo_room, sizeof(*rates->memos));
	return rates;
}

/* The next of one table's patterns that match, by way of the cursor. */
static int
next_pattern(const struct rates_entry **out, struct cursor *cursor,
    const struct rates_table *table, struct error *err)
{
	if (rates_table_pattern(out, table, cursor->name, cursor->position,
		err) < 0)
		return -1;
	/* The next search starts behind this one. */
	if (*out)
		cursor->position = (*out)->position + 1;
	return 0;
}

/* The station's next entry for the name, NULL where it has no more. */
static int
ask_station(const struct rates_entry **out, struct rates *rates,
    struct cursor *cursor, struct error *err)
{
	struct rates_table *part;
	/* A table has at most one exact entry for a name. */
	bool asked = cursor->position > 0;

	*out = NULL;
	switch (cursor->station) {
	case WORKSPACE_EXACT:
		cursor->position = 1;
		if (!asked && rates->workspace)
			*out =
			    rates_table_exact(rates->workspace, cursor->name);
		return 0;
	case WORKSPACE_PATTERNS:
		if (!rates->workspace)
			return 0;
		return next_pattern(out, cursor, rates->workspace, err);
	case PACKAGE_EXACT:
		cursor->position = 1;
		if (asked || !rates->has_package)
			return 0;
		if (rates_package_find(&part, rates->arena, &rates->package,
			cursor->name, err) < 0)
			return -1;
		cursor->package = part;
		*out = rates_table_exact(part, cursor->name);
		return 0;
	case PACKAGE_PATTERNS:
		if (!cursor->package)
			return 0;
		return next_pattern(out, cursor, cursor->package, err);
	case NOWHERE:
		break;
	}
	return 0;
}

/* The next entry for the cursor's name, in the order of DESIGN.md 4. */
static int
next_entry(const struct rates_entry **out, struct rates *rates,
    struct cursor *cursor, struct error *err)
{
	*out = NULL;
	while (cursor->station != NOWHERE) {
		if (ask_station(out, rates, cursor, err) < 0)
			return -1;
		if (*out)
			return 0;
		cursor->station = (enum station)(cursor->station + 1);
		cursor->position = 0;
	}
	return 0;
}

/* FNV-1a: names are short, and nobody gains from colliding them. */
static uint64_t
hash_name(struct text name)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < name.len; i++) {
		hash ^= (unsigned char)name.data[i];
		hash *= 0x100000001b3;
	}
	return hash;
}

/* Where the name's memo is, or is to be put. */
static struct memo **
memo_slot(const struct rates *rates, struct text name, uint64_t hash)
{
	size_t mask = rates->memo_room - 1, i = hash & mask;
	struct memo *memo;

	for (; (memo = rates->memos[i]); i = (i + 1) & mask)
		if (memo->hash == hash && text_equal(memo->cursor.name, name))
			break;
	return &rates->memos[i];
}

/* The names stay where they are; only the slots are dealt out anew. */
static void
grow_memos(struct rates *rates)
{
	struct memo **old = rates->memos;
	size_t room = rates->memo_room;

	rates->memo_room *= 2;
	rates->memos =
	    arena_array(rates->arena, rates->memo_room, sizeof(*rates->memos));
	for (size_t i = 0; i < room; i++)
		if (old[i])
			*memo_slot(rates, old[i]->cursor.name, old[i]->hash) =
			    old[i];
}

/* The name's memo, made where it is the first time that it is met. */
static struct memo *
find_memo(struct rates *rates, struct text name)
{
	uint64_t hash = hash_name(name);
	struct memo **slot = memo_slot(rates, name, hash), *memo;

	if (*slot)
		return *slot;
	/* Half of the room stays free, so that a look-up ends soon. */
	if (rates->memo_count * 2 >= rates->memo_room) {
		grow_memos(rates);
		slot = memo_slot(rates, name, hash);
	}
	memo = arena_alloc(rates->arena, sizeof(*memo));
	memo->hash = hash;
	memo->cursor.name.data = arena_copy(rates->arena, name.data, name.len);
	memo->cursor.name.len = name.len;
	rates->memo_count++;
	*slot = memo;
	return memo;
}

/* The list grows by doubling; nearly always it holds one entry. */
static void
remember(struct rates *rates, struct memo *memo,
    const struct rates_entry *entry)
{
	const struct rates_entry **found;

	if (memo->count == memo->room) {
		memo->room = memo->room ? memo->room * 2 : FIRST_FOUND;
		found = arena_array(rates->arena, memo->room, sizeof(*found));
		if (memo->count > 0)
			memcpy(found, memo->found,
			    memo->count * sizeof(*found));
		memo->found = found;
	}
	memo->found[memo->count++] = entry;
}

/*
 * The first of a name's entries that holds at that time, NULL where none
 * does: one found before, or one that the search, carried on, comes to.
 */
static int
find_entry(const struct rates_entry **out, struct rates *rates,
    struct memo *memo, struct when at, struct error *err)
{
	const struct rates_entry *entry;

	*out = NULL;
	for (size_t i = 0; i < memo->count; i++) {
		if (rates_table_covers(memo->found[i], at)) {
			*out = memo->found[i];
			return 0;
		}
	}
	while (!memo->complete) {
		if (next_entry(&entry, rates, &memo->cursor, err) < 0)
			return -1;
		memo->complete = !entry;
		if (!entry)
			break;
		remember(rates, memo, entry);
		if (rates_table_covers(entry, at)) {
			*out = entry;
			return 0;
		}
	}
	return 0;
}

int
rates_find(const struct rates_entry **out, struct rates *rates,
    struct text model, struct when at, struct error *err)
{
	*out = NULL;
	/* A call that names no model is of none. */
	if (!model.data)
		return 0;
	return find_entry(out, rates, find_memo(rates, model), at, err);
}

const struct rates_prices *
rates_for_prompt(const struct rates_entry *entry, int64_t prompt_tokens)
{
	/* They ascend, so the first one passed from behind is the highest. */
	for (size_t i = entry->above_count; i > 0; i--)
		if (prompt_tokens > entry->above[i - 1].prompt_tokens)
			return &entry->above[i - 1].prices;
	return &entry->prices;
}

int
rates_cost(struct money *cost, const struct rates_entry *entry,
    const struct tokens *tokens, struct error *err)
{
	const int64_t counts[RATES_MEASURES] = {
		[RATES_INPUT] = tokens->input,
		[RATES_OUTPUT] = tokens->output,
		[RATES_CACHE_READ] = tokens->cache_read,
		[RATES_CACHE_WRITE] = tokens->cache_write,
		[RATES_CACHE_WRITE_1H] = tokens->cache_write_1h,
	};
	const struct rates_prices *prices;
	struct money sum = MONEY_ZERO, part;
	int64_t prompt;

	if (tokens_prompt(&prompt, tokens) < 0)
		return error_set(err, ERROR_DATA,
		    "the prompt's tokens do not fit 64 bits");
	prices = rates_for_prompt(entry, prompt);
	/* Exact products of whole numbers: no order of adding matters, and
	 * what does not fit is said, not wrapped. */
	for (int m = 0; m < RATES_MEASURES; m++) {
		if (counts[m] == 0)
			continue;
		if (money_times(&part, prices->token[m], counts[m]) < 0 ||
		    money_add(&sum, sum, part) < 0)
			return error_set(err, ERROR_DATA,
			    "the cost of the call is too large");
	}
	*cost = sum;
	return 0;
}

/* Count the call, and put the name, which outlives it in its memo, on the list
 * once. */
static void
note_unpriced(struct rates *rates, struct memo *memo)
{
	struct text *more;
	size_t room = rates->unpriced_room;

	rates->unpriced_calls++;
	if (memo->unpriced)
		return;
	memo->unpriced = true;
	if (rates->unpriced_count == room) {
		rates->unpriced_room = room ? room * 2 : FIRST_FOUND;
		more = arena_array(rates->arena, rates->unpriced_room,
		    sizeof(*more));
		if (room > 0)
			memcpy(more, rates->unpriced, room * sizeof(*more));
		rates->unpriced = more;
	}
	rates->unpriced[rates->unpriced_count++] = memo->cursor.name;
}

const struct text *
rates_unpriced(const struct rates *rates, size_t *count)
{
	*count = rates->unpriced_count;
	return rates->unpriced;
}

int64_t
rates_unpriced_calls(const struct rates *rates)
{
	return rates->unpriced_calls;
}

int
rates_price(struct money *cost, bool *priced, struct rates *rates,
    struct text model, struct when at, const struct tokens *tokens,
    struct error *err)
{
	const struct rates_entry *entry;
	struct memo *memo;

	*cost = MONEY_ZERO;
	*priced = false;
	if (!model.data)
		return 0;
	memo = find_memo(rates, model);
	if (find_entry(&entry, rates, memo, at, err) < 0)
		return -1;
	if (!entry) {
		note_unpriced(rates, memo);
		return 0;
	}
	if (rates_cost(cost, entry, tokens, err) < 0)
		return -1;
	*priced = true;
	return 0;
}

int
rates_candidates(struct rates_candidate **out, size_t *count,
    struct rates *rates, struct arena *arena, struct text model, struct when at,
    struct error *err)
{
	/* A search of its own: what look-ups remember stops at the winner. */
	struct cursor cursor = { .name = model };
	const struct rates_entry **found;
	struct buf room = BUF_INIT;
	const struct rates_entry *entry;
	bool won = false;
	int rc = -1;

	for (;;) {
		if (!model.data)
			break;
		if (next_entry(&entry, rates, &cursor, err) < 0)
			goto done;
		if (!entry)
			break;
		buf_add(&room, &entry, sizeof(entry));
	}
	*count = room.len / sizeof(entry);
	*out = arena_array(arena, *count, sizeof(**out));
	/* The winner is the first that holds; the others are for the reader
	 * who wonders why it was not them. */
	found = (void *)room.text;
	for (size_t i = 0; i < *count; i++) {
		struct rates_candidate *candidate = &(*out)[i];
		bool covers = rates_table_covers(found[i], at);

		candidate->entry = found[i];
		candidate->of_package =
		    rates->has_package && found[i]->file == rates->package.file;
		candidate->verdict = won      ? RATES_BEHIND
				     : covers ? RATES_WINS
					      : RATES_OTHER_TIME;
		won = won || covers;
	}
	rc = 0;
done:
	buf_release(&room);
	return rc;
}

const char *
rates_why(const struct rates_candidate *candidate)
{
	static const char *const wins[2][2] = {
		{ "first pattern of the workspace's table that matches and "
		  "holds at that time",
		    "exact name in the workspace's table" },
		{ "pattern of the package's table for this name",
		    "exact name in the package's table" },
	};

	if (candidate->verdict == RATES_OTHER_TIME)
		return "matches, but does not hold at that time";
	if (candidate->verdict == RATES_BEHIND)
		return "matches, but stands behind the one that counts";
	return wins[candidate->of_package]
		   [candidate->entry->kind == RATES_EXACT];
}

const struct rates_problems *
rates_problems(const struct rates *rates)
{
	static const struct rates_problems none;

	return rates->workspace ? &rates->workspace->problems : &none;
}

const struct rates_table *
rates_workspace(const struct rates *rates)
{
	return rates->workspace;
}

int
rates_read_package(struct rates_table **out, const struct rates *rates,
    struct arena *arena, struct error *err)
{
	return rates_package_read(out, arena, &rates->package, err);
}
