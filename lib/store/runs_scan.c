#include "lib/store/runs_scan.h"

#include <string.h>

#include "lib/base/number.h"
#include "lib/doc/scalar.h"

enum {
	LONGEST_WORD = 5, /* that YAML takes for a value: false */
	PLAIN_WIDTH = 60, /* up to here no text is folded */
	EXACT_DIGITS = 15, /* up to here a decimal is a double's repr */
};

enum kind {
	KIND_COUNT,
	KIND_AMOUNT, /* a float */
	KIND_AMOUNT_OR_NULL,
	KIND_TEXT,
	KIND_TEXT_OR_NULL,
};

/* A line: what it begins with, and what follows. */
struct line {
	const char *start;
	size_t len;
	enum kind kind;
};

#define LINE(text, kind)                                                       \
	{                                                                      \
		text, sizeof(text) - 1, kind                                   \
	}

static const struct line head_lines[] = {
	LINE("- run_index: ", KIND_COUNT),
	LINE("  started_at: ", KIND_TEXT_OR_NULL),
	LINE("  completed_at: ", KIND_TEXT_OR_NULL),
	LINE("  duration_seconds: ", KIND_AMOUNT_OR_NULL),
	LINE("  snapshot_id: ", KIND_TEXT_OR_NULL),
};
static const struct line workflow_lines[] = {
	LINE("  - run_id: ", KIND_TEXT_OR_NULL),
	LINE("    workflow_id: ", KIND_TEXT),
	LINE("    status: ", KIND_TEXT_OR_NULL),
	LINE("    stage_count: ", KIND_COUNT),
};
static const struct line rollup_lines[] = {
	LINE("    total_calls: ", KIND_COUNT),
	LINE("    total_prompt_tokens: ", KIND_COUNT),
	LINE("    total_completion_tokens: ", KIND_COUNT),
	LINE("    total_tokens: ", KIND_COUNT),
	LINE("    total_cost_usd_known: ", KIND_AMOUNT),
	LINE("    total_cost_usd_estimated: ", KIND_AMOUNT_OR_NULL),
};
static const struct line bucket_lines[] = {
	LINE("  - workflow_id: ", KIND_TEXT),
	LINE("    stage_id: ", KIND_TEXT),
	LINE("    provider: ", KIND_TEXT),
	LINE("    model: ", KIND_TEXT),
	LINE("    calls: ", KIND_COUNT),
	LINE("    prompt_tokens: ", KIND_COUNT),
	LINE("    completion_tokens: ", KIND_COUNT),
	LINE("    total_tokens: ", KIND_COUNT),
	LINE("    cost_usd_known: ", KIND_AMOUNT),
	LINE("    cost_usd_estimated: ", KIND_AMOUNT_OR_NULL),
	LINE("    cost_status: ", KIND_TEXT),
	LINE("    cost_estimated_for_calls: ", KIND_COUNT),
};

enum {
	BUCKET_CALLS = 4, /* of bucket_lines */
	BUCKET_STATUS = 10,
};

/* A literal and its length. */
#define TAKEN(text) text, sizeof(text) - 1
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Take start off the text, where it begins so. */
static bool
take(struct text *text, const char *start, size_t len)
{
	if (text->len < len || memcmp(text->data, start, len) != 0)
		return false;
	text->data += len;
	text->len -= len;
	return true;
}

/* Take the rest of the line off the text; its newline is not part of it. */
static bool
take_rest(struct text *out, struct text *text)
{
	const char *newline = memchr(text->data, '\n', text->len);

	if (!newline)
		return false;
	*out = (struct text){ text->data, (size_t)(newline - text->data) };
	text->data += out->len + 1;
	text->len -= out->len + 1;
	return true;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * A decimal whose double is written so again: few enough digits, no zero at
 * either end that could be left out, and not small enough for an exponent.
 */
static bool
is_amount(struct text value)
{
	size_t point = 0, digits = value.len - 1;

	if (value.len < 3 || digits > EXACT_DIGITS)
		return false;
	while (point < value.len && is_digit(value.data[point]))
		point++;
	if (point == 0 || point + 1 >= value.len || value.data[point] != '.' ||
	    (point > 1 && value.data[0] == '0'))
		return false;
	for (size_t i = point + 1; i < value.len; i++)
		if (!is_digit(value.data[i]))
			return false;
	if (value.data[value.len - 1] == '0' && value.len > point + 2)
		return false;
	/* 0.0001 is the least that has no exponent. */
	return value.data[0] != '0' || text_is(value, "0.0") ||
	       memcmp(value.data, "0.0000", value.len < 6 ? value.len : 6) != 0;
}

static bool
is_word(struct text value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.data[i];

		if (!is_digit(c) && (c < 'A' || c > 'Z') &&
		    (c < 'a' || c > 'z') && c != '_' && c != '/' && c != '.' &&
		    c != '-' && c != ':' && c != '+')
			return false;
	}
	return true;
}

/*
 * Whether plain text of these characters needs no quotes.  Of what begins
 * with a letter only short words are anything but a string.
 */
static bool
is_plain(struct text value)
{
	char first = value.data[0], last = value.data[value.len - 1];

	if (first >= 'A' && value.len > LONGEST_WORD && last != ':')
		return true;
	return first != '-' && first != '.' && first != ':' && last != ':' &&
	       scalar_resolve(value.data, value.len) == SCALAR_STRING;
}

static bool
is_text(struct text value)
{
	struct text inner = { value.data + 1, value.len - 2 };

	if (value.len == 0 || value.len > PLAIN_WIDTH)
		return false;
	if (value.data[0] != '\'')
		return is_word(value) && is_plain(value);
	if (text_is(value, "''"))
		return true;
	return value.len > 2 && value.data[value.len - 1] == '\'' &&
	       is_word(inner) &&
	       scalar_resolve(inner.data, inner.len) != SCALAR_STRING;
}

static bool
is_of_kind(struct text value, enum kind kind, int64_t *count)
{
	switch (kind) {
	case KIND_COUNT:
		return number_parse_count(count, value.data, value.len) == 0;
	case KIND_AMOUNT_OR_NULL:
		return text_is(value, "null") || is_amount(value);
	case KIND_AMOUNT:
		return is_amount(value);
	case KIND_TEXT_OR_NULL:
		return text_is(value, "null") || is_text(value);
	case KIND_TEXT:
		return is_text(value);
	}
	return false;
}

/*
 * Take these lines off the text.  wanted is one of them that has a count, and
 * *count is that.
 */
static bool
take_lines(struct text *text, const struct line *lines, size_t line_count,
    size_t wanted, int64_t *count)
{
	struct text value;
	int64_t number = 0;

	for (size_t i = 0; i < line_count; i++) {
		if (!take(text, lines[i].start, lines[i].len) ||
		    !take_rest(&value, text) ||
		    !is_of_kind(value, lines[i].kind, &number))
			return false;
		if (i == wanted)
			*count = number;
		if (lines == bucket_lines && i == BUCKET_STATUS &&
		    !text_is(value, "known") && !text_is(value, "estimated") &&
		    !text_is(value, "unknown"))
			return false;
	}
	return true;
}

static bool
take_workflows(struct text *text)
{
	int64_t ignored;

	if (take(text, TAKEN("  workflows: []\n")))
		return true;
	if (!take(text, TAKEN("  workflows:\n")))
		return false;
	do {
		if (!take_lines(text, workflow_lines, COUNT_OF(workflow_lines),
			0, &ignored))
			return false;
	} while (text->len > 4 && memcmp(text->data, "  - ", 4) == 0);
	return true;
}

/* The buckets up to the end; *calls is the sum of theirs. */
static bool
take_buckets(struct text *text, int64_t *calls)
{
	int64_t count = 0;

	*calls = 0;
	if (take(text, TAKEN("  per_bucket: []\n")))
		return text->len == 0;
	if (!take(text, TAKEN("  per_bucket:\n")))
		return false;
	do {
		if (!take_lines(text, bucket_lines, COUNT_OF(bucket_lines),
			BUCKET_CALLS, &count) ||
		    __builtin_add_overflow(*calls, count, calls))
			return false;
	} while (text->len > 0);
	return true;
}

bool
runs_scan_item(int64_t *index, struct text item)
{
	int64_t counted = 0, calls;

	return take_lines(&item, head_lines, COUNT_OF(head_lines), 0, index) &&
	       take_workflows(&item) && take(&item, TAKEN("  rollup:\n")) &&
	       take_lines(&item, rollup_lines, COUNT_OF(rollup_lines), 0,
		   &counted) &&
	       take_buckets(&item, &calls) && calls == counted;
}
