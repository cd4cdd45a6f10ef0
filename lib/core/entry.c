#include "lib/core/entry.h"

#include <stdlib.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/opt.h"
#include "lib/base/utf8.h"
#include "lib/core/usage.h"
#include "lib/doc/node.h"

enum {
	NAMES_MAX = 2 * ENTRY_FIELDS_MAX + 2,
	SHOWN_NAME = 60,
};

void
entry_give(struct entry_change *change, size_t field, const char *value)
{
	change->given[field] = value != NULL;
	change->value[field] =
	    value && *value != '\0' ? text_of(value) : TEXT_NULL;
}

static const char *
id_problem(struct text id)
{
	return id.len == 0 ? "is empty" : usage_name_problem(id);
}

const char *
entry_problem(const struct entry_change *change, const struct entry_kind *kind,
    const char **name)
{
	const char *problem = id_problem(change->id);

	*name = kind->id;
	for (size_t i = 0; !problem && i < kind->field_count; i++) {
		if (!change->given[i] || !change->value[i].data)
			continue;
		*name = kind->fields[i];
		problem = kind->problem(i, change->value[i]);
	}
	return problem;
}

/* Changes that are being read. */
struct reading {
	const struct entry_kind *kind;
	struct entry_change *changes;
	size_t count;
	struct error *err;
};

static bool
is_either(struct text name, const char *a, const char *b)
{
	return text_is(name, a) || (b && text_is(name, b));
}

/* The field of a name; field_count where there is none. */
static size_t
find_field(const struct entry_kind *kind, struct text name)
{
	size_t field = 0;

	while (field < kind->field_count &&
	       !is_either(name, kind->fields[field], kind->other_fields[field]))
		field++;
	return field;
}

static int
refuse_field(const struct entry_kind *kind, const struct node *node,
    struct text name, struct error *err)
{
	const char *names[NAMES_MAX], *near;
	struct buf shown = BUF_INIT;
	size_t count = 0;

	names[count++] = kind->id;
	for (size_t i = 0; i < kind->field_count; i++)
		names[count++] = kind->fields[i];
	near = opt_nearest(name.data, names, count);
	utf8_escape(&shown, name.data, name.len, UTF8_ASCII, SHOWN_NAME);
	node_error(err, node, "a %s has no field '%s'%s%s%s", kind->noun,
	    shown.text, near ? "; did you mean '" : "", near ? near : "",
	    near ? "'?" : "");
	buf_release(&shown);
	return -1;
}

/* Read a value: a string, or a whole number as its digits; "" is none. */
static int
read_value(struct text *out, const struct node *node, struct error *err)
{
	*out = TEXT_NULL;
	if (node->type == NODE_INT)
		*out = node->text;
	else if (node_get_string(out, node, err) < 0)
		return -1;
	if (out->len == 0)
		*out = TEXT_NULL;
	return 0;
}

static int
read_id(struct reading *reading, struct entry_change *change,
    const struct node *node)
{
	if (change->id.data)
		return node_error(reading->err, node,
		    "the %s has a name already", reading->kind->noun);
	return read_value(&change->id, node, reading->err);
}

static int
read_field(struct reading *reading, struct entry_change *change,
    const struct node *node)
{
	const struct entry_kind *kind = reading->kind;
	const char *problem = NULL;
	size_t field = find_field(kind, node->key);

	if (field == kind->field_count)
		return refuse_field(kind, node, node->key, reading->err);
	if (change->given[field])
		return node_error(reading->err, node,
		    "another field says it already");
	if (read_value(&change->value[field], node, reading->err) < 0)
		return -1;
	change->given[field] = true;
	if (change->value[field].data)
		problem = kind->problem(field, change->value[field]);
	return problem ? node_error(reading->err, node, "%s", problem) : 0;
}

/* Read an object; its id is given, or is one of its fields. */
static int
read_object(struct reading *reading, const struct node *object, struct text id)
{
	const struct entry_kind *kind = reading->kind;
	struct entry_change *change = &reading->changes[reading->count++];
	const char *problem;
	int result = 0;

	*change = (struct entry_change){ .id = id, .source = object };
	if (node_expect_map(object, reading->err) < 0)
		return -1;
	for (const struct node *node = object->first; node && result == 0;
	     node = node->next)
		if (is_either(node->key, kind->id, kind->other_id))
			result = read_id(reading, change, node);
		else
			result = read_field(reading, change, node);
	if (result < 0)
		return -1;
	if (!change->id.data)
		return node_error(reading->err, object, "%s is missing",
		    kind->id);
	problem = id_problem(change->id);
	return problem ? node_error(reading->err, object, "the %s %s", kind->id,
			     problem)
		       : 0;
}

static int
compare_changes(const void *left, const void *right)
{
	const struct entry_change *const *a = left, *const *b = right;

	return text_compare((*a)->id, (*b)->id);
}

/* Two objects of one id would each be the other's mistake. */
static int
check_twice(struct reading *reading)
{
	const struct entry_change **sorted, *first, *second;
	struct buf room = BUF_INIT;
	int result = 0;

	sorted = (void *)buf_reserve(&room,
	    (reading->count + 1) * sizeof(struct entry_change *));
	for (size_t i = 0; i < reading->count; i++)
		sorted[i] = &reading->changes[i];
	qsort(sorted, reading->count, sizeof(struct entry_change *),
	    compare_changes);
	for (size_t i = 1; i < reading->count && result == 0; i++) {
		first = sorted[i - 1] < sorted[i] ? sorted[i - 1] : sorted[i];
		second = sorted[i - 1] < sorted[i] ? sorted[i] : sorted[i - 1];
		if (text_equal(first->id, second->id))
			result = node_error(reading->err, second->source,
			    "this %s stands in line %d too",
			    reading->kind->noun, first->source->line);
	}
	buf_release(&room);
	return result;
}

/* Whether a map is one object, and not a map of them. */
static bool
is_object(const struct entry_kind *kind, const struct node *map)
{
	const struct node *id = node_get(map, kind->id);

	if (!id && kind->other_id)
		id = node_get(map, kind->other_id);
	return id && id->type != NODE_MAP;
}

int
entry_read(struct entry_change **out, size_t *count, struct arena *arena,
    const struct entry_kind *kind, const struct node *document,
    struct error *err)
{
	struct reading reading = { .kind = kind, .err = err };
	const struct node *objects = node_find(document, kind->plural);
	bool has_ids;

	if (!objects)
		objects = document;
	if (!objects ||
	    (objects->type != NODE_LIST && objects->type != NODE_MAP))
		return node_error(err, objects, "expected a list of %s",
		    kind->plural);
	reading.changes =
	    arena_array(arena, objects->count + 1, sizeof(*reading.changes));
	if (is_object(kind, objects)) {
		if (read_object(&reading, objects, TEXT_NULL) < 0)
			return -1;
	} else {
		has_ids = objects->type == NODE_MAP;
		for (const struct node *object = objects->first; object;
		     object = object->next)
			if (read_object(&reading, object,
				has_ids ? object->key : TEXT_NULL) < 0)
				return -1;
	}
	*out = reading.changes;
	*count = reading.count;
	return check_twice(&reading);
}

int
entry_check_header(const struct entry_kind *kind, const struct node *header,
    struct error *err)
{
	for (const struct node *name = header->first; name; name = name->next)
		if (!is_either(name->text, kind->id, kind->other_id) &&
		    find_field(kind, name->text) == kind->field_count)
			return refuse_field(kind, name, name->text, err);
	return 0;
}

struct node *
entry_new(struct arena *arena, const struct entry_kind *kind)
{
	struct node *map = node_map(arena);

	for (size_t i = 0; i < kind->field_count; i++)
		node_put(arena, map, kind->fields[i], node_null(arena));
	return map;
}

/* Whether a stored value is that text, or neither is there. */
static bool
is_same(const struct node *stored, struct text value)
{
	if (!value.data)
		return node_is_null(stored);
	return stored && stored->type == NODE_STRING &&
	       text_equal(stored->text, value);
}

bool
entry_apply(struct arena *arena, const struct entry_kind *kind,
    struct node *stored, const struct entry_change *change)
{
	bool has_changed = false;

	/* By hand somebody wrote no fields at all: `t-1:`. */
	stored->type = NODE_MAP;
	for (size_t i = 0; i < kind->field_count; i++) {
		if (!change->given[i] ||
		    is_same(node_get(stored, kind->fields[i]),
			change->value[i]))
			continue;
		node_replace(arena, stored, kind->fields[i],
		    node_text(arena, change->value[i]));
		has_changed = true;
	}
	return has_changed;
}

struct node *
entry_node(struct arena *arena, const struct entry_kind *kind,
    const struct node *stored)
{
	struct node *map = node_map(arena);

	node_put(arena, map, kind->id, node_text(arena, stored->key));
	for (const struct node *node = stored->first; node; node = node->next)
		if (!text_is(node->key, kind->id))
			node_put_text(arena, map, node->key,
			    node_copy(arena, node));
	return map;
}
