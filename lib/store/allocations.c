#include "lib/store/allocations.h"

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"
#include "lib/doc/node.h"
#include "lib/store/document.h"
#include "lib/store/pending.h"
#include "lib/store/workspace.h"

#define NAME "allocations.yaml"
#define MAX_SIZE ((size_t)64 * 1024 * 1024)

enum {
	SCHEMA_VERSION = 1,
	SHOWN_SCOPE = 100,
};

static int
read_items(struct allocations *out, struct arena *arena, struct error *err)
{
	const struct node *item = out->items->first;
	struct allocation_list *list = &out->list;

	list->items =
	    arena_array(arena, out->items->count, sizeof(*list->items));
	for (; item; item = item->next)
		if (allocation_read(&list->items[list->count++], item, NULL,
			err) < 0)
			return -1;
	return 0;
}

static int
load(struct allocations *out, struct workspace *workspace,
    enum document_use use, struct error *err)
{
	*out = (struct allocations){ .root = NULL };
	if (document_read(&out->root, workspace, NAME, MAX_SIZE, use, err) < 0)
		return -1;
	if (!out->root)
		return 0;
	if (!node_get(out->root, "allocations"))
		return node_error(err, out->root,
		    "is damaged: allocations are missing");
	out->items = node_find(out->root, "allocations");
	if (node_expect_list(out->items, err) < 0)
		return -1;
	return out->items ? read_items(out, workspace->arena, err) : 0;
}

int
allocations_load(struct allocations *out, struct workspace *workspace,
    struct error *err)
{
	return load(out, workspace, DOCUMENT_READ, err);
}

/* The document as it is, or a new one, with a list to append to. */
static void
prepare(struct allocations *allocations, struct arena *arena)
{
	if (!allocations->root) {
		allocations->root = node_map(arena);
		node_put(arena, allocations->root, "schema_version",
		    node_int(arena, SCHEMA_VERSION));
	}
	if (!allocations->items) {
		allocations->items = node_list(arena);
		node_replace(arena, allocations->root, "allocations",
		    allocations->items);
	}
}

static bool
is_same_scope(const struct allocation *a, const struct allocation *b)
{
	return a->dimension == b->dimension && text_equal(a->id, b->id);
}

/* The places of those of a scope, in order, without those that only say what
 * the one before says. */
static size_t
gather(size_t *places, const struct allocation *items, size_t count,
    const struct allocation *like)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (is_same_scope(&items[i], like) &&
		    (found == 0 || !allocation_equal(&items[i],
				       &items[places[found - 1]])))
			places[found++] = i;
	return found;
}

/* How many of the given ones, from the first on, are the last stored ones:
 * recorded once more, they would change nothing. */
static size_t
overlap(const struct allocation *given, const size_t *given_places,
    size_t given_count, const struct allocation *stored,
    const size_t *stored_places, size_t stored_count)
{
	size_t length = given_count < stored_count ? given_count : stored_count;
	size_t same;

	for (; length > 0; length--) {
		for (same = 0; same < length; same++)
			if (!allocation_equal(&given[given_places[same]],
				&stored[stored_places[stored_count - length +
						      same]]))
				break;
		if (same == length)
			break;
	}
	return length;
}

/* Which items say something new. */
static bool *
find_new(const struct allocation_list *stored, struct arena *arena,
    const struct allocation *items, size_t count)
{
	size_t *given_places = arena_array(arena, count, sizeof(size_t));
	size_t *stored_places =
	    arena_array(arena, stored->count + 1, sizeof(size_t));
	bool *is_new = arena_array(arena, count, sizeof(*is_new));
	size_t given_count, stored_count, known;

	for (size_t i = 0; i < count; i++) {
		given_count = gather(given_places, items, count, &items[i]);
		/* Once a scope, at the first of its items. */
		if (given_places[0] != i)
			continue;
		stored_count = gather(stored_places, stored->items,
		    stored->count, &items[i]);
		known = overlap(items, given_places, given_count, stored->items,
		    stored_places, stored_count);
		for (size_t at = known; at < given_count; at++)
			is_new[given_places[at]] = true;
	}
	return is_new;
}

static int
append(struct workspace *workspace, const struct allocation *items,
    size_t count, struct when now, struct error *err)
{
	struct arena *arena = workspace->arena;
	struct allocations allocations;
	struct allocation item;
	struct buf time = BUF_INIT;
	const bool *is_new;
	size_t added = 0;

	if (load(&allocations, workspace, DOCUMENT_WRITE, err) < 0)
		return -1;
	prepare(&allocations, arena);
	is_new = find_new(&allocations.list, arena, items, count);
	when_yaml(&time, now);
	for (size_t i = 0; i < count; i++) {
		if (!is_new[i])
			continue;
		item = items[i];
		item.recorded_at = (struct text){ time.text, time.len };
		node_add(allocations.items, allocation_node(arena, &item));
		added++;
	}
	buf_release(&time);
	if (added == 0)
		return 0;
	return document_replace(workspace, NAME, allocations.root, MAX_SIZE,
	    err);
}

int
allocations_record(struct workspace *workspace, const struct allocation *items,
    size_t count, struct error *err)
{
	struct when now;
	int result;

	if (count == 0)
		return 0;
	if (pending_lock(workspace, &now, err) < 0)
		return -1;
	result = append(workspace, items, count, now, err);
	workspace_unlock(workspace);
	return result;
}

static int
no_such(enum query_dimension dimension, struct text id, struct when day,
    struct error *err)
{
	struct buf text = BUF_INIT, scope = BUF_INIT, shown = BUF_INIT;

	when_day(&text, day);
	allocation_write_scope(&scope, dimension, id);
	utf8_escape(&shown, scope.text, scope.len, UTF8_ASCII, SHOWN_SCOPE);
	error_set(err, ERROR_NO_INPUT, "on %s nothing is allocated to %s",
	    text.text, shown.text);
	buf_release(&shown);
	buf_release(&scope);
	buf_release(&text);
	return -1;
}

static int
end(const struct allocation **after, struct workspace *workspace,
    enum query_dimension dimension, struct text id, struct when day,
    struct error *err)
{
	struct arena *arena = workspace->arena;
	const struct allocation *found;
	struct allocations allocations;
	struct node *item;

	if (load(&allocations, workspace, DOCUMENT_WRITE, err) < 0)
		return -1;
	found = allocation_find(&allocations.list, dimension, id, day);
	if (!found)
		return no_such(dimension, id, day, err);
	item = allocations.items->first;
	for (const struct allocation *at = allocations.list.items; at < found;
	     at++)
		item = item->next;
	node_replace(arena, item, "to", node_day(arena, day));
	allocations.list.items[found - allocations.list.items].has_to = true;
	allocations.list.items[found - allocations.list.items].to = day;
	*after = allocation_find(&allocations.list, dimension, id,
	    when_add_days(day, 1));
	return document_replace(workspace, NAME, allocations.root, MAX_SIZE,
	    err);
}

int
allocations_end(const struct allocation **after, struct workspace *workspace,
    enum query_dimension dimension, struct text id, struct when day,
    struct error *err)
{
	struct when now;
	int result;

	if (pending_lock(workspace, &now, err) < 0)
		return -1;
	result = end(after, workspace, dimension, id, day, err);
	workspace_unlock(workspace);
	return result;
}
