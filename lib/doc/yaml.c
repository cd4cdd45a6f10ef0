#include "lib/doc/yaml.h"

#include <limits.h>
#include <math.h>
#include <string.h>
#include <yaml.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/number.h"
#include "lib/doc/node.h"
#include "lib/doc/scalar.h"
#include "lib/doc/source.h"
#include "lib/doc/tree.h"
#include "lib/doc/yaml_text.h"

/* From libyaml's marks, which count lines and columns from 0, to ours. */

static struct place
place_of(const struct source *source, yaml_mark_t mark)
{
	struct place place = { INT_MAX, INT_MAX };

	if (mark.line < (size_t)(INT_MAX - source->start.line))
		place.line = source->start.line + (int)mark.line;
	if (mark.column < INT_MAX)
		place.column = 1 + (int)mark.column;
	return place;
}

static int
parser_failed(const struct source *source, const yaml_parser_t *parser)
{
	struct place place, context;

	if (parser->error == YAML_MEMORY_ERROR)
		arena_exhausted();
	if (parser->error == YAML_READER_ERROR)
		return source_fail(source, place_of(source, parser->mark),
		    "invalid YAML: %s", parser->problem);
	place = place_of(source, parser->problem_mark);
	context = place_of(source, parser->context_mark);
	if (!parser->context)
		return source_fail(source, place, "invalid YAML: %s",
		    parser->problem);
	return source_fail(source, place, "invalid YAML: %s (%s, line %d)",
	    parser->problem, parser->context, context.line);
}

/* Scalars. */

/*
 * YAML 1.1 allows `+1.5`, `.5` and `1.`, which other notations of numbers do
 * not.  What is too large for a double is infinite, as in Python.
 */
static double
decimal_value(struct text text)
{
	struct buf digits = BUF_INIT;
	double value;
	size_t i;

	for (i = 0; i < text.len; i++) {
		char c = text.data[i];
		bool point = c == '.';
		bool after = i + 1 < text.len && text.data[i + 1] >= '0' &&
			     text.data[i + 1] <= '9';

		if (point && (i == 0 || text.data[i - 1] < '0'))
			buf_putc(&digits, '0');
		if (c != '+' || i > 0)
			buf_putc(&digits, c);
		if (point && !after)
			buf_putc(&digits, '0');
	}
	if (number_parse_double(&value, digits.text, digits.len) < 0)
		value = text.data[0] == '-' ? -INFINITY : INFINITY;
	buf_release(&digits);
	return value;
}

static void
set_number(struct node *node)
{
	struct text text = node->text;
	bool is_int = node->type == NODE_INT;

	if (scalar_is_decimal(text.data, text.len)) {
		node->number = is_int ? 0 : decimal_value(text);
		return;
	}
	/* The last letter tells `.inf` and `.nan` from base 60 and `1_0.0`. */
	switch (is_int ? '0' : text.data[text.len - 1]) {
	case 'f':
	case 'F':
		node->number = text.data[0] == '-' ? -INFINITY : INFINITY;
		break;
	case 'n':
	case 'N':
		node->number = NAN;
		break;
	default:
		node->verbatim = NODE_AS_YAML;
	}
}

static void
set_bool(struct node *node)
{
	struct text text = node->text;
	char second = text.data[1];

	/* yes, true and on; not no, false and off. */
	node->truth = memchr("eErRnN", second, 6) != NULL;
	if (!text_is(text, "true") && !text_is(text, "false"))
		node->verbatim = NODE_AS_YAML;
}

static struct node *
plain_scalar(struct arena *arena, struct text text)
{
	struct node *node = node_text(arena, text);

	switch (scalar_resolve(text.data, text.len)) {
	case SCALAR_STRING:
		break;
	case SCALAR_NULL:
		node->type = NODE_NULL;
		break;
	case SCALAR_BOOL:
		node->type = NODE_BOOL;
		set_bool(node);
		break;
	case SCALAR_INT:
		node->type = NODE_INT;
		set_number(node);
		break;
	case SCALAR_FLOAT:
		node->type = NODE_FLOAT;
		set_number(node);
		break;
	case SCALAR_TIMESTAMP:
	case SCALAR_MERGE:
	case SCALAR_VALUE:
		node->verbatim = NODE_AS_YAML;
		break;
	}
	return node;
}

/* Events. */

/* Anchors and tags stand on every kind of value alike. */
static int
check_properties(const struct source *source, const yaml_event_t *event,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct place place = place_of(source, event->start_mark);

	if (anchor)
		return source_fail(source, place, "anchors are not allowed");
	if (tag)
		return source_fail(source, place, "tags are not allowed");
	return 0;
}

static int
add_scalar(struct tree *tree, const yaml_event_t *event)
{
	const struct source *source = tree->source;
	struct place place = place_of(source, event->start_mark);
	struct text text = { (const char *)event->data.scalar.value,
		event->data.scalar.length };
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	if (check_properties(source, event, event->data.scalar.anchor,
		event->data.scalar.tag) < 0)
		return -1;
	if (!tree_wants_key(tree)) {
		tree_add(tree,
		    plain ? plain_scalar(tree->arena, text)
			  : node_text(tree->arena, text),
		    place);
		return 0;
	}
	if (plain && scalar_resolve(text.data, text.len) == SCALAR_MERGE)
		return source_fail(source, place, "merge keys are not allowed");
	tree_key(tree, text, place);
	return 0;
}

static int
open_collection(struct tree *tree, const yaml_event_t *event)
{
	struct place place = place_of(tree->source, event->start_mark);
	bool map = event->type == YAML_MAPPING_START_EVENT;
	int rc;

	if (map)
		rc = check_properties(tree->source, event,
		    event->data.mapping_start.anchor,
		    event->data.mapping_start.tag);
	else
		rc = check_properties(tree->source, event,
		    event->data.sequence_start.anchor,
		    event->data.sequence_start.tag);
	if (rc < 0)
		return -1;
	if (tree_wants_key(tree))
		return source_fail(tree->source, place,
		    "a list or mapping cannot be a key");
	return tree_open(tree,
	    map ? node_map(tree->arena) : node_list(tree->arena), place);
}

static int
take_event(struct tree *tree, const yaml_event_t *event)
{
	const struct source *source = tree->source;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return add_scalar(tree, event);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return open_collection(tree, event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return tree_close(tree);
	case YAML_ALIAS_EVENT:
		return source_fail(source, place_of(source, event->start_mark),
		    "aliases are not allowed");
	case YAML_DOCUMENT_END_EVENT:
		return yaml_text_check_end(source, event->end_mark.line,
		    event->end_mark.column);
	default:
		return 0;
	}
}

static int
parse(struct tree *tree, yaml_parser_t *parser)
{
	yaml_event_type_t type;
	yaml_event_t event;
	int rc;

	do {
		if (!yaml_parser_parse(parser, &event))
			return parser_failed(tree->source, parser);
		type = event.type;
		rc = take_event(tree, &event);
		yaml_event_delete(&event);
	} while (rc == 0 && type != YAML_DOCUMENT_END_EVENT &&
		 type != YAML_STREAM_END_EVENT);
	return rc;
}

int
yaml_read(struct node **out, struct arena *arena, struct text text,
    const char *file, int first_line, struct error *err)
{
	struct source source;
	struct tree tree;
	yaml_parser_t parser;
	int rc;

	if (source_open(&source, text, file, first_line, err) < 0 ||
	    yaml_text_check(&source) < 0)
		return -1;

	if (!yaml_parser_initialize(&parser))
		arena_exhausted();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser,
	    (const unsigned char *)source.text.data, source.text.len);
	tree_init(&tree, arena, &source);
	rc = parse(&tree, &parser);
	if (rc == 0 && !tree.root)
		tree_add(&tree, node_null(arena), source.start);
	if (rc == 0)
		*out = tree.root;
	tree_release(&tree);
	yaml_parser_delete(&parser);
	return rc;
}
