#include "lib/core/rates_pattern.h"

#include <stdint.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"
#include "lib/doc/node.h"

enum {
	MATCH_LIMIT = 100000,
	DEPTH_LIMIT = 1000,
	HEAP_LIMIT_KIB = 1024,
	MESSAGE_MAX = 256,
};

struct rates_pattern_tools {
	struct arena *arena;
	pcre2_compile_context *compile;
	pcre2_match_context *match;
	pcre2_match_data *data;
};

struct rates_pattern {
	pcre2_code *code;
	const struct rates_pattern_tools *tools;
};

/* PCRE2's memory comes from the arena, which is given back as a whole. */
static void *
take_memory(PCRE2_SIZE size, void *arena)
{
	return arena_alloc(arena, size);
}

static void
keep_memory(void *memory, void *arena)
{
	(void)memory;
	(void)arena;
}

struct rates_pattern_tools *
rates_pattern_tools(struct arena *arena)
{
	struct rates_pattern_tools *tools = arena_alloc(arena, sizeof(*tools));
	pcre2_general_context *general =
	    pcre2_general_context_create(take_memory, keep_memory, arena);

	tools->arena = arena;
	tools->compile = pcre2_compile_context_create(general);
	pcre2_set_max_pattern_length(tools->compile, RATES_PATTERN_MAX);
	tools->match = pcre2_match_context_create(general);
	pcre2_set_match_limit(tools->match, MATCH_LIMIT);
	pcre2_set_depth_limit(tools->match, DEPTH_LIMIT);
	pcre2_set_heap_limit(tools->match, HEAP_LIMIT_KIB);
	tools->data = pcre2_match_data_create(1, general);
	return tools;
}

int
rates_pattern_compile(struct rates_pattern **out,
    struct rates_pattern_tools *tools, const struct node *node,
    struct error *err)
{
	struct rates_pattern *pattern =
	    arena_alloc(tools->arena, sizeof(*pattern));
	PCRE2_UCHAR message[MESSAGE_MAX];
	PCRE2_SIZE offset = 0;
	int code = 0;

	/* \C could split a character; $ before a last newline would make
	 * "anchored" mean less than it says. */
	pattern->tools = tools;
	pattern->code =
	    pcre2_compile((PCRE2_SPTR)node->text.data, node->text.len,
		PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY,
		&code, &offset, tools->compile);
	if (!pattern->code) {
		pcre2_get_error_message(code, message, sizeof(message));
		return node_error(err, node,
		    "the pattern does not compile, at offset %zu: %s", offset,
		    (const char *)message);
	}
	*out = pattern;
	return 0;
}

enum rates_pattern_result
rates_pattern_match(const struct rates_pattern *pattern, struct text name)
{
	int rc;

	if (!name.data || utf8_valid(name.data, name.len) < name.len)
		return RATES_PATTERN_NO;
	if (name.len > RATES_PATTERN_SUBJECT_MAX)
		return RATES_PATTERN_LIMIT;

	rc = pcre2_match(pattern->code, (PCRE2_SPTR)name.data, name.len, 0, 0,
	    pattern->tools->data, pattern->tools->match);
	if (rc >= 0)
		return RATES_PATTERN_YES;
	return rc == PCRE2_ERROR_NOMATCH ? RATES_PATTERN_NO
					 : RATES_PATTERN_LIMIT;
}

/* Whether a character stands for itself in a pattern, unescaped. */
static bool
is_plain(char c)
{
	return (unsigned char)c >= ' ' && c != '\x7f' &&
	       !strchr("\\^$.[]|()?*+{}", c);
}

/* Whether a backslash before the character makes it stand for itself. */
static bool
is_punctuation(char c)
{
	return c > ' ' && c < '\x7f' && !(c >= '0' && c <= '9') &&
	       !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z');
}

/*
 * Append the literal text at pattern[*at), as far as it goes, and move *at
 * behind it.
 */
static void
take_literal(struct buf *out, struct text pattern, size_t *at)
{
	while (*at < pattern.len) {
		const char *c = pattern.data + *at;

		if (*c == '\\' && *at + 1 < pattern.len &&
		    is_punctuation(c[1])) {
			buf_putc(out, c[1]);
			*at += 2;
		} else if (is_plain(*c)) {
			buf_putc(out, *c);
			*at += 1;
		} else {
			return;
		}
	}
}

bool
rates_pattern_literal(struct text *name, struct arena *arena,
    struct text pattern)
{
	struct buf literal = BUF_INIT;
	size_t at = 1;
	bool whole;

	if (pattern.len < 2 || pattern.len > RATES_PATTERN_MAX ||
	    pattern.data[0] != '^' || pattern.data[pattern.len - 1] != '$')
		return false;
	take_literal(&literal, pattern, &at);
	whole = at == pattern.len - 1;
	if (whole) {
		name->data = arena_copy(arena, literal.text, literal.len);
		name->len = literal.len;
	}
	buf_release(&literal);
	return whole;
}

void
rates_pattern_quote(struct buf *out, struct text name)
{
	buf_putc(out, '^');
	for (size_t i = 0; i < name.len; i++) {
		if (!is_plain(name.data[i]))
			buf_putc(out, '\\');
		buf_putc(out, name.data[i]);
	}
	buf_putc(out, '$');
}

/* Whether `(?:` stands at pattern[at). */
static bool
is_plain_group(struct text pattern, size_t at)
{
	return at + 2 < pattern.len && pattern.data[at + 1] == '?' &&
	       pattern.data[at + 2] == ':';
}

/*
 * Whether the pattern is so simple that where it is found in a text it is
 * found in every longer one too: no assertion, nothing possessive or atomic,
 * no option.  A leading ^ is for the caller.
 */
static bool
is_monotone(struct text pattern)
{
	static const char quantifiers[] = "*+?}";

	for (size_t i = 0; i < pattern.len; i++) {
		char c = pattern.data[i];
		char next = i + 1 < pattern.len ? pattern.data[i + 1] : '\0';

		if (c == '\\') {
			if (!is_punctuation(next) && !strchr("dDwWsS", next))
				return false;
			i++;
		} else if (c == '^' || c == '$' || c == '\0') {
			return false;
		} else if (c == '(' && (next == '?' || next == '*') &&
			   !is_plain_group(pattern, i)) {
			return false;
		} else if (next == '+' && strchr(quantifiers, c)) {
			return false;
		}
	}
	return true;
}

/*
 * The text that every match of the pattern has at its start: the literal
 * characters before the first thing that is none.  What a quantifier makes
 * optional, or an alternative, is not among them.
 */
static void
certain_start(struct buf *out, struct text pattern)
{
	size_t at = 0, last;

	if (memchr(pattern.data, '|', pattern.len))
		return;
	take_literal(out, pattern, &at);
	if (at == pattern.len || !strchr("?*{", pattern.data[at]))
		return;
	/* The character before a quantifier may be missing. */
	for (last = out->len; last > 0;)
		if (((unsigned char)out->text[--last] & 0xc0) != 0x80)
			break;
	buf_truncate(out, last);
}

static struct text
without_first(struct text text)
{
	return (struct text){ text.data + 1, text.len - 1 };
}

bool
rates_pattern_shadows(const struct rates_pattern *earlier,
    struct text earlier_text, struct text later_text)
{
	bool anchored = later_text.len > 0 && later_text.data[0] == '^';
	struct buf start = BUF_INIT;
	struct text certain;
	bool shadows = false;

	/* ^a|b is anchored in its first alternative alone. */
	if (earlier_text.len > 0 && earlier_text.data[0] == '^') {
		if (!anchored ||
		    memchr(earlier_text.data, '|', earlier_text.len))
			return false;
		earlier_text = without_first(earlier_text);
	}
	if (!is_monotone(earlier_text))
		return false;
	certain_start(&start,
	    anchored ? without_first(later_text) : later_text);
	certain = (struct text){ start.text, start.len };
	shadows = start.len > 0 &&
		  rates_pattern_match(earlier, certain) == RATES_PATTERN_YES;
	buf_release(&start);
	return shadows;
}
