#ifndef METER_IMPORT_LITELLM_PRICES_H
#define METER_IMPORT_LITELLM_PRICES_H

/*
 * LiteLLM's price list (model_prices_and_context_window.json) to a rate
 * table.  Taken are the models whose tokens have a price: chat, completion,
 * responses and embedding.  Nothing is taken on trust: what cannot be right
 * is left out or mended, and either is listed.
 *
 * A model is entered under every name that is surely its own, so that a
 * look-up never has to guess: LiteLLM's, the provider's prefix before it
 * (`openai/gpt-4o`), the bare name at its maker (`grok-4`), a dated name
 * without its day where all days cost the same.  A name that could mean two
 * prices is not entered.
 *
 * The result has the fixed form of rates_package.h.
 */

#include <stddef.h>

#include "lib/base/text.h"

struct arena;
struct buf;
struct error;
struct node;

/* Why an entry was left out, or what was done to it. */
enum litellm_prices_note {
	LITELLM_OTHER_MODE,	/* left out, counted by mode */
	LITELLM_NO_MODEL,	/* from here on left out and named */
	LITELLM_NO_PRICE,
	LITELLM_NO_INPUT_PRICE,
	LITELLM_BAD_PRICE,
	LITELLM_ZERO,
	LITELLM_TOO_HIGH,
	LITELLM_HIGH_EMBEDDING,
	LITELLM_HIGH_OUTPUT,
	LITELLM_BAD_NAME,
	LITELLM_ROUNDED,	/* from here on mended */
	LITELLM_LOW_WRITE,
	LITELLM_ODD_1H,
	LITELLM_REASONING,	/* taken as it is, with a reservation */
	LITELLM_AMBIGUOUS,	/* a further name was not entered */
	LITELLM_NOTES,
};

/* What is said of the entries that a note is on. */
const char *litellm_prices_words(enum litellm_prices_note note);

struct litellm_prices_names {
	struct text *name;	/* of LITELLM_OTHER_MODE: the modes */
	size_t count;
	size_t room;
};

struct litellm_prices_report {
	struct litellm_prices_names notes[LITELLM_NOTES];
	size_t read;	/* entries of the list */
	size_t taken;	/* models in the table */
	size_t names;	/* their names */
};

/*
 * Append the table of the list root to out, the report as comments at its
 * head.  A list that is no object of objects is ERROR_DATA.
 */
int litellm_prices_import(struct buf *out,
    struct litellm_prices_report *report, struct arena *arena,
    const struct node *root, struct error *err);

/*
 * Append the report as lines of text, each with prefix before it; a note's
 * names are broken into lines, or left away where there are more than shown
 * (0: all are shown).
 */
void litellm_prices_describe(struct buf *out,
    const struct litellm_prices_report *report, const char *prefix,
    size_t shown);

#endif
