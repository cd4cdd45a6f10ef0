#include "lib/import/litellm_prices.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"
#include "lib/core/rates_pattern.h"
#include "lib/doc/node.h"
#include "lib/import/litellm_prices_entry.h"
#include "lib/import/litellm_prices_names.h"

enum {
	PER_1K = 1000,
	PER_MTOK = 1000000,
	WIDTH = 78,
	SHOWN = 200, /* columns of a name */
	FIRST_ROOM = 16,
};

/* The work in hand: what was claimed so far, and what is to be said. */
struct import {
	struct arena *arena;
	struct litellm_prices_report *report;
	struct litellm_prices_claims claims;
};

const char *
litellm_prices_words(enum litellm_prices_note note)
{
	static const char *const words[LITELLM_NOTES] = {
		[LITELLM_OTHER_MODE] = "left out, not priced by tokens of text",
		[LITELLM_NO_MODEL] = "left out, no model",
		[LITELLM_NO_PRICE] = "left out, no price of a token",
		[LITELLM_NO_INPUT_PRICE] =
		    "left out, no price of an input token",
		[LITELLM_BAD_PRICE] = "left out, a price that is none",
		[LITELLM_ZERO] = "left out, prices of 0 where nothing is free",
		[LITELLM_TOO_HIGH] = "left out, above 1,000 USD per million",
		[LITELLM_HIGH_EMBEDDING] =
		    "left out, an embedding above 10 USD per million",
		[LITELLM_HIGH_OUTPUT] =
		    "left out, output above twenty times the input",
		[LITELLM_BAD_NAME] = "left out, a wildcard or no whole name",
		[LITELLM_ROUNDED] =
		    "mended, binary noise in a price: rounded to 1e-15 USD",
		[LITELLM_LOW_WRITE] =
		    "mended, a cache write cheaper than the input: dropped",
		[LITELLM_ODD_1H] =
		    "mended, an odd one-hour write: twice the input instead",
		[LITELLM_REASONING] =
		    "taken, but reasoning has the output's price, not its own",
		[LITELLM_AMBIGUOUS] =
		    "names not entered: they could mean two prices",
	};

	return words[note];
}

/* The texts are the document's, which lives as long as the report. */
static void
add_name(struct import *im, enum litellm_prices_note note, struct text name)
{
	struct litellm_prices_names *names = &im->report->notes[note];
	struct text *more;

	if (names->count == names->room) {
		names->room = names->room ? names->room * 2 : FIRST_ROOM;
		more = arena_array(im->arena, names->room, sizeof(*more));
		if (names->count > 0)
			memcpy(more, names->name, names->count * sizeof(*more));
		names->name = more;
	}
	names->name[names->count++] = name;
}

/* Models are kept only where they are taken, so that a list of a million
 * empty entries needs no more memory than its document. */
static int
read_models(struct import *im, const struct node *root, struct error *err)
{
	struct litellm_prices_model model, *taken;
	bool notes[LITELLM_NOTES];

	for (const struct node *node = root->first; node; node = node->next) {
		if (node->type != NODE_MAP)
			return node_error(err, node,
			    "expected an object of a model's prices");
		im->report->read++;
		if (litellm_prices_entry(&model, notes, node)) {
			im->report->taken++;
			taken = arena_alloc(im->arena, sizeof(*taken));
			*taken = model;
			litellm_prices_names_claim(&im->claims, im->arena,
			    taken);
		}
		if (notes[LITELLM_OTHER_MODE])
			add_name(im, LITELLM_OTHER_MODE,
			    node_get(node, "mode")->text);
		for (int n = LITELLM_NO_MODEL; n < LITELLM_NOTES; n++)
			if (notes[n])
				add_name(im, (enum litellm_prices_note)n,
				    node->key);
	}
	return 0;
}

static int
compare_names(const void *left, const void *right)
{
	const struct text *a = left, *b = right;

	return text_compare(*a, *b);
}

/* Only when all models are known can a name be seen to be ambiguous. */
static void
settle_names(struct import *im)
{
	struct litellm_prices_names *modes =
	    &im->report->notes[LITELLM_OTHER_MODE];
	struct text *dropped =
	    arena_array(im->arena, im->claims.count, sizeof(*dropped));
	size_t count;

	litellm_prices_names_settle(&im->claims, dropped, &count);
	for (size_t i = 0; i < count; i++)
		add_name(im, LITELLM_AMBIGUOUS, dropped[i]);
	im->report->names = im->claims.count;
	if (modes->count > 0)
		qsort(modes->name, modes->count, sizeof(*modes->name),
		    compare_names);
}

/* Append a price of one token as that of many, which always fits: prices
 * above 1e-3 USD a token are left out. */
static void
write_price(struct buf *out, const char *field, struct money token,
    money_int tokens)
{
	buf_printf(out, "%s: ", field);
	money_full(out, (struct money){ token.femto * tokens });
}

static void
write_prices(struct buf *out, const struct litellm_prices_tier *tier)
{
	for (int m = 0; m < RATES_MEASURES; m++) {
		if (!tier->given[m])
			continue;
		buf_puts(out, ", ");
		write_price(out, rates_table_field((enum rates_measure)m),
		    tier->token[m], PER_MTOK);
	}
}

/* Whether the two prices of an exact entry say all. */
static bool
is_exact(const struct litellm_prices_model *model)
{
	const bool *given = model->tier[0].given;

	return model->tier_count == 1 && !given[RATES_CACHE_READ] &&
	       !given[RATES_CACHE_WRITE] && !given[RATES_CACHE_WRITE_1H];
}

/* Names hold no quote and no control character: the form is fixed. */
static void
write_exact(struct buf *out, const struct litellm_prices_name *entry)
{
	const struct litellm_prices_tier *own = &entry->model->tier[0];

	buf_printf(out, "  '%.*s': {", (int)entry->name.len, entry->name.data);
	write_price(out, "prompt_per_1k", own->token[RATES_INPUT], PER_1K);
	if (own->given[RATES_OUTPUT]) {
		buf_puts(out, ", ");
		write_price(out, "completion_per_1k", own->token[RATES_OUTPUT],
		    PER_1K);
	}
	buf_puts(out, "}\n");
}

static void
write_pattern(struct buf *out, const struct litellm_prices_name *entry)
{
	const struct litellm_prices_model *model = entry->model;

	buf_puts(out, "- {match: '");
	rates_pattern_quote(out, entry->name);
	buf_putc(out, '\'');
	write_prices(out, &model->tier[0]);
	for (size_t i = 1; i < model->tier_count; i++) {
		buf_puts(out, i == 1 ? ", above: [" : ", ");
		buf_printf(out, "{prompt_tokens: %lld",
		    (long long)model->tier[i].prompt_tokens);
		write_prices(out, &model->tier[i]);
		buf_putc(out, '}');
	}
	buf_puts(out, model->tier_count > 1 ? "]}\n" : "}\n");
}

/* The claims are sorted by name, so both parts are. */
static void
write_table(struct buf *out, const struct litellm_prices_claims *claims)
{
	buf_puts(out, "rates:\n");
	for (size_t i = 0; i < claims->count; i++)
		if (is_exact(claims->claim[i].model))
			write_exact(out, &claims->claim[i]);
	buf_puts(out, "patterns:\n");
	for (size_t i = 0; i < claims->count; i++)
		if (!is_exact(claims->claim[i].model))
			write_pattern(out, &claims->claim[i]);
}

int
litellm_prices_import(struct buf *out, struct litellm_prices_report *report,
    struct arena *arena, const struct node *root, struct error *err)
{
	struct import im = { .arena = arena, .report = report };

	memset(report, 0, sizeof(*report));
	if (node_is_null(root) || root->type != NODE_MAP)
		return node_error(err, root,
		    "expected an object with an entry a model");
	if (read_models(&im, root, err) < 0)
		return -1;
	settle_names(&im);

	buf_puts(out,
	    "# Prices of models in USD, for meter: see meter-rates(5).\n"
	    "# Made by `meter rates import` from LiteLLM's price list; the "
	    "form is fixed,\n"
	    "# a line a name, sorted.  Prices of batches, of service tiers "
	    "other than the\n"
	    "# standard one, and of audio and images are not in it.\n");
	litellm_prices_describe(out, report, "# ", 0);
	write_table(out, &im.claims);
	return 0;
}

/* Append a word of a list, on a new line where it would get too long. */
static void
put_word(struct buf *out, size_t *end, const char *prefix, const char *word,
    size_t len)
{
	if (out->len + len + 2 > *end) {
		*end = out->len + 1 + WIDTH;
		buf_printf(out, "\n%s   ", prefix);
	}
	buf_putc(out, ' ');
	utf8_escape(out, word, len, UTF8_ASCII, SHOWN);
}

static void
describe_names(struct buf *out, const struct litellm_prices_names *names,
    const char *prefix)
{
	size_t end = 0;

	for (size_t i = 0; i < names->count; i++) {
		put_word(out, &end, prefix, names->name[i].data,
		    names->name[i].len);
		if (i + 1 < names->count)
			buf_putc(out, ',');
	}
}

/* Append how often each mode, of a sorted list, occurs. */
static void
describe_modes(struct buf *out, const struct litellm_prices_names *modes,
    const char *prefix)
{
	struct buf word = BUF_INIT;
	size_t end = 0, next;

	for (size_t i = 0; i < modes->count; i = next) {
		for (next = i + 1; next < modes->count; next++)
			if (!text_equal(modes->name[next], modes->name[i]))
				break;
		buf_reset(&word);
		buf_printf(&word, "%zu ", next - i);
		buf_add(&word, modes->name[i].data, modes->name[i].len);
		put_word(out, &end, prefix, word.text, word.len);
		if (next < modes->count)
			buf_putc(out, ',');
	}
	buf_release(&word);
}

void
litellm_prices_describe(struct buf *out,
    const struct litellm_prices_report *report, const char *prefix,
    size_t shown)
{
	buf_printf(out, "%s%zu entries read, %zu models taken, %zu names\n",
	    prefix, report->read, report->taken, report->names);
	for (int n = 0; n < LITELLM_NOTES; n++) {
		const struct litellm_prices_names *names = &report->notes[n];

		if (names->count == 0)
			continue;
		buf_printf(out, "%s%zu %s", prefix, names->count,
		    litellm_prices_words((enum litellm_prices_note)n));
		if (shown > 0 && names->count > shown &&
		    n != LITELLM_OTHER_MODE) {
			buf_putc(out, '\n');
			continue;
		}
		buf_putc(out, ':');
		if (n == LITELLM_OTHER_MODE)
			describe_modes(out, names, prefix);
		else
			describe_names(out, names, prefix);
		buf_putc(out, '\n');
	}
}
