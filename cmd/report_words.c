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

const char *
report_words(struct arena *arena, const struct usage_filter *options)
{
	struct buf text = BUF_INIT;
	const struct opt *row;
	const char *words;

	for (row = options->rows; row->kind != OPT_KIND_END; row++)
		for (size_t i = 0; row->list && i < row->list->count; i++)
			put_option(&text, row->name, row->list->values[i]);
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
