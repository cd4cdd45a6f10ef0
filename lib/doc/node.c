#include "lib/doc/node.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/number.h"
#include "lib/base/utf8.h"

enum {
	SHOWN_VALUE = 60, /* columns of a value in a message */
	SHOWN_KEY = 60, /* columns of a key in a path */
	SHOWN_PATH = 400, /* columns of a path, its end, in a message */
	SHOWN_FILE = 200, /* columns of a file name in a message */
};

static struct text
copy_text(struct arena *arena, struct text text)
{
	if (text.data)
		text.data = arena_copy(arena, text.data, text.len);
	return text;
}

static struct node *
new_node(struct arena *arena, enum node_type type, struct text text)
{
	struct node *node = arena_alloc(arena, sizeof(*node));

	node->type = type;
	node->text = text;
	return node;
}

struct node *
node_null(struct arena *arena)
{
	return new_node(arena, NODE_NULL, TEXT("null"));
}

struct node *
node_bool(struct arena *arena, bool truth)
{
	struct text text = truth ? TEXT("true") : TEXT("false");
	struct node *node = new_node(arena, NODE_BOOL, text);

	node->truth = truth;
	return node;
}

struct node *
node_int(struct arena *arena, int64_t value)
{
	struct buf digits = BUF_INIT;
	struct text text;

	number_whole(&digits, value);
	text = (struct text){ arena_copy(arena, digits.text, digits.len),
		digits.len };
	buf_release(&digits);
	return new_node(arena, NODE_INT, text);
}

struct node *
node_float(struct arena *arena, double value)
{
	struct node *node = new_node(arena, NODE_FLOAT, TEXT_NULL);
	struct buf text = BUF_INIT;

	node->number = value;
	number_repr(&text, value);
	node->text = copy_text(arena, (struct text){ text.text, text.len });
	buf_release(&text);
	return node;
}

struct node *
node_amount(struct arena *arena, struct money amount)
{
	struct node *node = new_node(arena, NODE_FLOAT, TEXT_NULL);
	struct buf text = BUF_INIT;

	node->verbatim = NODE_AS_BOTH;
	node->number = money_double(amount);
	money_full(&text, amount);
	node->text = copy_text(arena, (struct text){ text.text, text.len });
	buf_release(&text);
	return node;
}

struct node *
node_text(struct arena *arena, struct text text)
{
	if (!text.data)
		return node_null(arena);
	return new_node(arena, NODE_STRING, copy_text(arena, text));
}

struct node *
node_string(struct arena *arena, const char *text)
{
	return node_text(arena, text_of(text));
}

struct node *
node_day(struct arena *arena, struct when day)
{
	struct buf text = BUF_INIT;
	struct node *node;

	when_day(&text, day);
	node = node_string(arena, text.text);
	buf_release(&text);
	return node;
}

struct node *
node_time(struct arena *arena, struct when when)
{
	struct buf text = BUF_INIT;
	struct node *node;

	when_yaml(&text, when);
	node = node_string(arena, text.text);
	buf_release(&text);
	return node;
}

struct node *
node_list(struct arena *arena)
{
	return new_node(arena, NODE_LIST, TEXT_NULL);
}

struct node *
node_map(struct arena *arena)
{
	return new_node(arena, NODE_MAP, TEXT_NULL);
}

void
node_add(struct node *list, struct node *item)
{
	item->parent = list;
	item->next = NULL;
	if (list->last)
		list->last->next = item;
	else
		list->first = item;
	list->last = item;
	list->count++;
}

void
node_put(struct arena *arena, struct node *map, const char *key,
    struct node *child)
{
	node_put_text(arena, map, text_of(key), child);
}

void
node_put_text(struct arena *arena, struct node *map, struct text key,
    struct node *child)
{
	child->key = copy_text(arena, key);
	node_add(map, child);
}

void
node_replace(struct arena *arena, struct node *map, const char *key,
    struct node *child)
{
	struct node **link = &map->first, *old;

	while (*link && !text_is((*link)->key, key))
		link = &(*link)->next;
	old = *link;
	if (!old) {
		node_put(arena, map, key, child);
		return;
	}

	child->key = old->key;
	child->parent = map;
	child->next = old->next;
	*link = child;
	if (map->last == old)
		map->last = child;
	old->parent = old->next = NULL;
}

void
node_drop_first(struct node *list)
{
	struct node *item = list->first;

	if (!item)
		return;
	list->first = item->next;
	if (!list->first)
		list->last = NULL;
	list->count--;
	item->parent = item->next = NULL;
}

struct node *
node_copy(struct arena *arena, const struct node *node)
{
	struct node *copy, *child;

	if (!node)
		return node_null(arena);
	copy = arena_alloc(arena, sizeof(*copy));
	*copy = *node;
	copy->text = copy_text(arena, node->text);
	copy->key = TEXT_NULL;
	copy->parent = copy->next = copy->first = copy->last = NULL;
	copy->count = 0;

	for (const struct node *old = node->first; old; old = old->next) {
		child = node_copy(arena, old);
		child->key = copy_text(arena, old->key);
		node_add(copy, child);
	}
	return copy;
}

struct node *
node_get(const struct node *map, const char *key)
{
	return node_get_text(map, text_of(key));
}

struct node *
node_get_text(const struct node *map, struct text key)
{
	if (!map || map->type != NODE_MAP)
		return NULL;
	for (struct node *child = map->first; child; child = child->next)
		if (text_equal(child->key, key))
			return child;
	return NULL;
}

struct node *
node_find(const struct node *map, const char *key)
{
	struct node *node = node_get(map, key);

	return node_is_null(node) ? NULL : node;
}

bool
node_is_null(const struct node *node)
{
	return !node || node->type == NODE_NULL;
}

void
node_path(struct buf *out, const struct node *node)
{
	const struct node *parent = node->parent, *item;
	size_t position = 0;

	if (!parent)
		return;
	node_path(out, parent);
	if (parent->type == NODE_LIST) {
		for (item = parent->first; item != node; item = item->next)
			position++;
		buf_printf(out, "[%zu]", position);
		return;
	}
	if (parent->parent)
		buf_putc(out, '.');
	utf8_escape(out, node->key.data, node->key.len, UTF8_ASCII, SHOWN_KEY);
}

int
node_error(struct error *err, const struct node *node, const char *format, ...)
{
	char reason[sizeof(err->text)];
	struct buf text = BUF_INIT, path = BUF_INIT;
	va_list args;
	size_t skip;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	if (node && node->file) {
		utf8_escape(&text, node->file, strlen(node->file), UTF8_ASCII,
		    SHOWN_FILE);
		buf_printf(&text, ":%d:%d: ", node->line, node->column);
	}
	if (node && node->parent) {
		node_path(&path, node);
		skip = path.len > SHOWN_PATH ? path.len - SHOWN_PATH : 0;
		buf_printf(&text, "%s%s: ", skip > 0 ? "..." : "",
		    path.text + skip);
	}
	error_set(err, ERROR_DATA, "%s%s", text.text, reason);
	buf_release(&path);
	buf_release(&text);
	return -1;
}

void
node_describe(struct buf *out, const struct node *node)
{
	static const char *const words[] = { [NODE_NULL] = "null",
		[NODE_LIST] = "a list",
		[NODE_MAP] = "a mapping" };
	const char *word = words[node ? node->type : NODE_NULL], *quote;

	if (word) {
		buf_puts(out, word);
		return;
	}
	quote = node->type == NODE_STRING ? "\"" : "";
	buf_puts(out, quote);
	utf8_escape(out, node->text.data, node->text.len, UTF8_ASCII,
	    SHOWN_VALUE);
	buf_puts(out, quote);
}

static int
unexpected(const struct node *node, const char *expected, struct error *err)
{
	struct buf got = BUF_INIT;

	node_describe(&got, node);
	node_error(err, node, "expected %s, got %s", expected, got.text);
	buf_release(&got);
	return -1;
}

/*
 * The text of a number, without the plus sign that YAML allows.  Refused is a
 * notation that another reader might take for another value: octal, base 60,
 * with underscores, …  A number in quotes is a string, and so is `3e-06` in
 * YAML 1.1; the quotes in the message show it.
 */
static int
number_text(struct text *out, const struct node *node, bool text_too,
    const char *expected, struct error *err)
{
	bool is_number = node->type == NODE_INT || node->type == NODE_FLOAT;

	if (is_number && node->verbatim == NODE_AS_YAML)
		return unexpected(node, "plain decimal digits", err);
	if (!is_number && !(text_too && node->type == NODE_STRING))
		return unexpected(node, expected, err);

	*out = node->text;
	if (is_number && out->len > 0 && out->data[0] == '+') {
		out->data++;
		out->len--;
	}
	return 0;
}

int
node_count(int64_t *out, const struct node *node, bool text_too,
    struct error *err)
{
	const char *range = "a whole number from 0 to 9223372036854775807";
	const char *expected = "a whole number";
	struct text text;

	*out = 0;
	if (node_is_null(node))
		return 0;
	if (number_text(&text, node, text_too, expected, err) < 0)
		return -1;
	if (node->type == NODE_FLOAT)
		return unexpected(node, expected, err);

	if (node->type == NODE_INT && text_is(text, "-0"))
		text = TEXT("0");
	if (number_parse_count(out, text.data, text.len) == 0)
		return 0;
	return unexpected(node, node->type == NODE_INT ? range : expected, err);
}

int
node_money(struct money *out, const struct node *node, bool text_too,
    struct error *err)
{
	enum money_parsed parsed;
	struct money amount;
	struct text text;

	*out = MONEY_ZERO;
	if (node_is_null(node))
		return 0;
	if (number_text(&text, node, text_too, "a number", err) < 0)
		return -1;
	parsed = money_parse(&amount, text.data, text.len);
	if (parsed == MONEY_SYNTAX)
		return unexpected(node, "a decimal number", err);
	if (parsed == MONEY_RANGE)
		return unexpected(node, "a smaller number", err);
	if (amount.femto < 0)
		return unexpected(node, "a number from 0 on", err);
	*out = amount;
	return 0;
}

int
node_double(double *out, const struct node *node, struct error *err)
{
	struct text text;

	if (node_is_null(node))
		return 0;
	if (number_text(&text, node, false, "a number", err) < 0)
		return -1;
	if (node->type == NODE_FLOAT && isfinite(node->number)) {
		*out = node->number;
		return 0;
	}
	if (node->type == NODE_INT &&
	    number_parse_double(out, text.data, text.len) == 0)
		return 0;
	return unexpected(node, "a finite number", err);
}

int
node_get_string(struct text *out, const struct node *node, struct error *err)
{
	if (!node_is_null(node) && node->type != NODE_STRING)
		return unexpected(node, "a string", err);
	*out = node_is_null(node) ? TEXT_NULL : node->text;
	return 0;
}

int
node_truth(bool *out, const struct node *node, struct error *err)
{
	*out = false;
	if (node_is_null(node))
		return 0;
	/* `Yes` and `on` are true to some readers of YAML and text to others.
	 */
	if (node->type != NODE_BOOL || node->verbatim == NODE_AS_YAML)
		return unexpected(node, "true or false", err);
	*out = node->truth;
	return 0;
}

int
node_expect_map(const struct node *node, struct error *err)
{
	if (node_is_null(node) || node->type == NODE_MAP)
		return 0;
	return unexpected(node, "a mapping", err);
}

int
node_expect_list(const struct node *node, struct error *err)
{
	if (node_is_null(node) || node->type == NODE_LIST)
		return 0;
	return unexpected(node, "a list", err);
}
