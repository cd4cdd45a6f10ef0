#include "lib/doc/json.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "lib/base/number.h"
#include "lib/doc/json_memory.h"
#include "lib/doc/node.h"
#include "lib/doc/source.h"
#include "lib/doc/tree.h"

/*
 * yajl tells only where a token ends.  The next one starts behind the blanks,
 * the comma and the colon that follow; so places are counted from token to
 * token, and the whole text is walked once.  A number at the very end is a
 * token only once yajl is told that it is the end, which it is by a blank of
 * its own, so that positions are lost.
 */
struct reader {
	const struct source *source;
	struct tree tree;
	yajl_handle parser;
	size_t end; /* of the last token */
	size_t at; /* the start of the last token */
	struct place place; /* of that start */
	bool at_end; /* yajl was told that there is no more */
};

static size_t
skip(const struct reader *reader, const char *set)
{
	struct text text = reader->source->text;
	size_t i = reader->end, count = strlen(set);

	while (i < text.len && memchr(set, text.data[i], count))
		i++;
	return i;
}

static void
move_to(struct reader *reader, size_t offset)
{
	source_advance(&reader->place, reader->source->text.data + reader->at,
	    offset - reader->at);
	reader->at = offset;
}

static struct place
next_token(struct reader *reader)
{
	move_to(reader, skip(reader, " \t\r\n,:"));
	reader->end = reader->at_end ? reader->source->text.len
				     : yajl_get_bytes_consumed(reader->parser);
	return reader->place;
}

/* The value of four hexadecimal digits, which yajl has found to be such. */
static unsigned int
hex4(const char *digits)
{
	unsigned int value = 0;

	for (int i = 0; i < 4; i++) {
		unsigned int c = (unsigned char)digits[i];

		value = value << 4 | (c <= '9' ? c - '0' : (c & 7) + 9);
	}
	return value;
}

static bool
is_low_surrogate(const char *text, const char *end)
{
	return end - text >= 6 && text[0] == '\\' && text[1] == 'u' &&
	       (hex4(text + 2) & 0xFC00) == 0xDC00;
}

/*
 * yajl makes something of every pair of \u escapes and of half a pair, so the
 * string is looked at as it stands in the file.
 */
static int
check_surrogates(struct reader *reader)
{
	const char *text = reader->source->text.data;
	const char *end = text + reader->end, *p = text + reader->at;
	unsigned int code;

	while ((p = memchr(p, '\\', (size_t)(end - p)))) {
		code = p[1] == 'u' ? hex4(p + 2) : 0;
		if ((code & 0xF800) != 0xD800) {
			p += 2;
			continue;
		}
		if (code >= 0xDC00 || !is_low_surrogate(p + 6, end)) {
			move_to(reader, (size_t)(p - text));
			return source_fail(reader->source, reader->place,
			    "invalid JSON: half a surrogate pair");
		}
		p += 12;
	}
	return 0;
}

/* The events; yajl goes on where they return 1. */

static int
take_null(void *context)
{
	struct reader *reader = context;
	struct place place = next_token(reader);

	tree_add(&reader->tree, node_null(reader->tree.arena), place);
	return 1;
}

static int
take_bool(void *context, int truth)
{
	struct reader *reader = context;
	struct place place = next_token(reader);

	tree_add(&reader->tree, node_bool(reader->tree.arena, truth != 0),
	    place);
	return 1;
}

static int
take_number(void *context, const char *text, size_t len)
{
	struct reader *reader = context;
	struct place place = next_token(reader);
	struct node *node;

	node = node_text(reader->tree.arena, (struct text){ text, len });
	node->verbatim = NODE_AS_JSON;
	node->type = NODE_INT;
	if (memchr(text, '.', len) || memchr(text, 'e', len) ||
	    memchr(text, 'E', len)) {
		node->type = NODE_FLOAT;
		if (number_parse_double(&node->number, text, len) < 0)
			node->number = text[0] == '-' ? -INFINITY : INFINITY;
	}
	tree_add(&reader->tree, node, place);
	return 1;
}

static int
take_string(void *context, const unsigned char *text, size_t len)
{
	struct reader *reader = context;
	struct place place = next_token(reader);
	struct text string = { (const char *)text, len };

	if (check_surrogates(reader) < 0)
		return 0;
	tree_add(&reader->tree, node_text(reader->tree.arena, string), place);
	return 1;
}

static int
take_key(void *context, const unsigned char *text, size_t len)
{
	struct reader *reader = context;
	struct place place = next_token(reader);

	if (check_surrogates(reader) < 0)
		return 0;
	tree_key(&reader->tree, (struct text){ (const char *)text, len },
	    place);
	return 1;
}

static int
take_open_list(void *context)
{
	struct reader *reader = context;
	struct place place = next_token(reader);

	return tree_open(&reader->tree, node_list(reader->tree.arena), place) ==
	       0;
}

static int
take_open_map(void *context)
{
	struct reader *reader = context;
	struct place place = next_token(reader);

	return tree_open(&reader->tree, node_map(reader->tree.arena), place) ==
	       0;
}

static int
take_close(void *context)
{
	struct reader *reader = context;

	next_token(reader);
	return tree_close(&reader->tree) == 0;
}

static const yajl_callbacks callbacks = {
	.yajl_null = take_null,
	.yajl_boolean = take_bool,
	.yajl_number = take_number,
	.yajl_string = take_string,
	.yajl_start_map = take_open_map,
	.yajl_map_key = take_key,
	.yajl_end_map = take_close,
	.yajl_start_array = take_open_list,
	.yajl_end_array = take_close,
};

/* Where the fault is, seen from where yajl stopped. */
enum where {
	AT_STOP,
	BEFORE_STOP,
	AT_TOKEN, /* where the token starts that yajl stopped behind */
	AT_REST, /* where text goes on behind the last token */
};

/* What yajl says, known by a few words of it, and what we say. */
static const struct reason {
	const char *words;
	const char *ours;
	enum where where;
} reasons[] = {
	{ "trailing garbage", "text behind the value", AT_REST },
	{ "unallowed token", "expected a value", AT_TOKEN },
	{ "key and value must", "expected ':'", AT_TOKEN },
	{ "after key and value", "expected ',' or '}'", AT_TOKEN },
	{ "after array element", "expected ',' or ']'", AT_TOKEN },
	{ "object key", "expected a key in double quotes", AT_TOKEN },
	{ "occurs before", "invalid escape in a string", AT_STOP },
	{ "non-hex", "\\u without four hexadecimal digits", AT_STOP },
	{ "character inside", "a control character in a string", AT_STOP },
	{ "digit is required", "expected a digit", AT_STOP },
	{ "comment", "comments are not allowed", AT_STOP },
	{ "invalid char", "unexpected character", BEFORE_STOP },
	{ "", "unexpected character", AT_STOP },
};

static size_t
fault_offset(const struct reader *reader, enum where where)
{
	struct text text = reader->source->text;
	size_t stop = yajl_get_bytes_consumed(reader->parser);

	if (where == AT_REST)
		return skip(reader, " \t\r\n");
	if (where == AT_STOP || stop == 0)
		return stop;
	/* One comma is right behind a value, so that a second one was read. */
	if (where == BEFORE_STOP || memchr(",:", text.data[stop - 1], 2))
		return stop - 1;
	return skip(reader, " \t\r\n,:");
}

static int
fail_at(struct reader *reader, size_t offset, const char *reason)
{
	struct place place = source_place(reader->source, offset);

	return source_fail(reader->source, place, "invalid JSON: %s", reason);
}

/*
 * What is wrong at the end is that there is one, or text behind a number that
 * was the whole value.
 */
static int
parser_failed(struct reader *reader)
{
	const struct reason *reason = reasons;
	unsigned char *theirs;

	theirs = yajl_get_error(reader->parser, 0, NULL, 0);
	while (!strstr((const char *)theirs, reason->words))
		reason++;
	yajl_free_error(reader->parser, theirs);
	if (reader->at_end && reason->where != AT_REST)
		return fail_at(reader, reader->source->text.len,
		    "unexpected end of text");
	return fail_at(reader, fault_offset(reader, reason->where),
	    reason->ours);
}

/* To yajl vertical tabs and form feeds are blanks. */
static int
check_blanks(struct reader *reader)
{
	struct text text = reader->source->text;
	const char *tab = memchr(text.data, '\v', text.len);
	const char *feed = memchr(text.data, '\f', text.len);

	if (!tab || (feed && feed < tab))
		tab = feed;
	if (!tab)
		return 0;
	return fail_at(reader, (size_t)(tab - text.data),
	    "a control character");
}

static int
parse(struct reader *reader)
{
	struct text text = reader->source->text;
	yajl_status status;
	size_t rest;

	status = yajl_parse(reader->parser, (const unsigned char *)text.data,
	    text.len);
	if (status == yajl_status_ok) {
		reader->at_end = true;
		status = yajl_complete_parse(reader->parser);
	}
	if (status == yajl_status_error)
		return parser_failed(reader);
	/* Cancelled it was by an event, which has said why. */
	if (status != yajl_status_ok)
		return -1;
	/* yajl lets an unclosed string behind the value pass. */
	rest = skip(reader, " \t\r\n");
	if (rest < text.len)
		return fail_at(reader, rest, "text behind the value");
	return 0;
}

int
json_read(struct node **out, struct arena *arena, struct text text,
    const char *file, int first_line, struct error *err)
{
	struct json_memory memory;
	yajl_alloc_funcs functions = { json_memory_take, json_memory_resize,
		json_memory_leave, &memory };
	struct source source;
	struct reader reader;
	int rc = -1;

	if (source_open(&source, text, file, first_line, err) < 0)
		return -1;

	json_memory_init(&memory);
	reader = (struct reader){ .source = &source, .place = source.start };
	tree_init(&reader.tree, arena, &source);
	reader.parser = yajl_alloc(&callbacks, &functions, &reader);
	/* The text is known to be UTF-8, and yajl takes overlong forms. */
	yajl_config(reader.parser, yajl_dont_validate_strings, 1);
	if (check_blanks(&reader) == 0 && parse(&reader) == 0) {
		*out = reader.tree.root;
		rc = 0;
	}
	yajl_free(reader.parser);
	tree_release(&reader.tree);
	json_memory_release(&memory);
	return rc;
}
