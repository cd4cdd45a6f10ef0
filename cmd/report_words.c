#include "cmd/report_words.h"

#include <string.h>

#include "cmd/usage_filter.h"
#include "lib/base/arena.h"
#include "lib/base/buf.h"

#define PLAIN                                                                  \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"       \
	"_./:@%+,-"

/* Between apostrophes everything stands for itself but an apostrophe. */
static void
put_word(struct buf *out, const char *word)
{
	if (*word != '\0' && word[strspn(word, PLAIN)] == '\0') {
		buf_puts(out, word);
		return;
	}
	buf_putc(out, '\'');
	for (; *word != '\0'; word++)
		if (*word == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *word);
	buf_putc(out, '\'');
}

const char *
report_words_quote(struct arena *arena, const char *word)
{
	struct buf text = BUF_INIT;
	const char *quoted;

	put_word(&text, word);
	quoted = arena_copy(arena, text.text, text.len);
	buf_release(&text);
	return quoted;
}

static void
put_option(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, " --%s ", name);
	put_word(out, value);
}

static void
put_time(struct buf *out, const char *name, struct when when)
{
	buf_printf(out, " --%s ", name);
	when_json(out, when);
}

/* The open session is named: later another one may be open. */
static const char *
value_of(struct arena *arena, const struct usage_filter *options,
    const struct opt *row, size_t place)
{
	const char *value = row->list->values[place];
	bool is_session = row->list == &options->wanted[USAGE_SESSION] ||
			  row->list == &options->unwanted[USAGE_SESSION];

	if (is_session && strcmp(value, "current") == 0)
		value = arena_copy(arena, options->current.data,
		    options->current.len);
	return value;
}

const char *
report_words(struct arena *arena, const struct usage_filter *options)
{
	struct buf text = BUF_INIT;
	const struct opt *row;
	const char *words;

	for (row = options->rows; row->kind != OPT_KIND_END; row++)
		for (size_t i = 0; row->list && i < row->list->count; i++)
			put_option(&text, row->name,
			    value_of(arena, options, row, i));
	if (options->ref_type && options->ref_id) {
		put_option(&text, "ref-type", options->ref_type);
		put_option(&text, "ref-id", options->ref_id);
	}
	if (options->question.has_since)
		put_time(&text, "since", options->question.since);
	if (options->question.has_until)
		put_time(&text, "until", options->question.until);
	if (options->tz)
		put_option(&text, "tz", options->tz);
	if (options->question.skip_damaged)
		buf_puts(&text, " --skip-damaged");
	words = arena_copy(arena, text.text, text.len);
	buf_release(&text);
	return words;
}
