#include "lib/store/entries.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/core/entry.h"
#include "lib/doc/node.h"
#include "lib/doc/yaml.h"
#include "lib/doc/yaml_write.h"
#include "lib/store/document.h"
#include "lib/store/pending.h"
#include "lib/store/workspace.h"

#define MAX_SIZE ((size_t)64 * 1024 * 1024)

enum {
	SCHEMA_VERSION = 1,
	FEW_CHANGES = 8, /* up to here looking for each is quickest */
};

const char *
entries_file(struct workspace *workspace, const struct entry_kind *kind)
{
	return arena_printf(workspace->arena, "%s.yaml", kind->plural);
}

int
entries_bytes(struct text *out, struct workspace *workspace,
    const struct entry_kind *kind, struct error *err)
{
	return document_bytes(out, workspace, entries_file(workspace, kind),
	    MAX_SIZE, err);
}

static int
parse(struct entries *out, struct workspace *workspace,
    const struct entry_kind *kind, struct text text, enum document_use use,
    struct error *err)
{
	*out = (struct entries){ .root = NULL };
	if (document_parse(&out->root, workspace, entries_file(workspace, kind),
		text, use, err) < 0)
		return -1;
	out->map = node_find(out->root, kind->plural);
	if (node_expect_map(out->map, err) < 0)
		return -1;
	if (out->root && !node_get(out->root, kind->plural))
		return node_error(err, out->root, "is damaged: %s are missing",
		    kind->plural);
	return 0;
}

int
entries_parse(struct entries *out, struct workspace *workspace,
    const struct entry_kind *kind, struct text text, struct error *err)
{
	return parse(out, workspace, kind, text, DOCUMENT_READ, err);
}

int
entries_load(struct entries *out, struct workspace *workspace,
    const struct entry_kind *kind, struct error *err)
{
	struct text text;

	if (entries_bytes(&text, workspace, kind, err) < 0)
		return -1;
	return entries_parse(out, workspace, kind, text, err);
}

int
entries_check(const struct entries *entries, const struct entry_kind *kind,
    struct error *err)
{
	const struct node *node = entries->map ? entries->map->first : NULL;

	for (; node; node = node->next)
		if (kind->check(node, err) < 0)
			return -1;
	return 0;
}

/* The document as it is, or a new one, with a map to put into. */
static void
prepare(struct entries *entries, struct arena *arena,
    const struct entry_kind *kind)
{
	if (!entries->root) {
		entries->root = node_map(arena);
		node_put(arena, entries->root, "schema_version",
		    node_int(arena, SCHEMA_VERSION));
	}
	if (!entries->map) {
		entries->map = node_map(arena);
		node_replace(arena, entries->root, kind->plural, entries->map);
	}
}

static int
compare_keys(const void *left, const void *right)
{
	const struct node *const *a = left, *const *b = right;

	return text_compare((*a)->key, (*b)->key);
}

/* The stored objects in the order of their names, where many are looked for. */
struct index {
	struct node **nodes;
	size_t count;
};

static void
make_index(struct index *index, struct arena *arena, const struct node *map)
{
	index->nodes =
	    arena_array(arena, map->count + 1, sizeof(struct node *));
	for (struct node *node = map->first; node; node = node->next)
		index->nodes[index->count++] = node;
	qsort(index->nodes, index->count, sizeof(struct node *), compare_keys);
}

static struct node *
find(const struct entries *entries, const struct index *index, struct text id)
{
	struct node wanted = { .key = id }, *key = &wanted, **found;

	if (!index->nodes)
		return node_get_text(entries->map, id);
	found = bsearch(&key, index->nodes, index->count, sizeof(struct node *),
	    compare_keys);
	return found ? *found : NULL;
}

/* Carry the changes out on the document; ids are each of one change. */
static bool
apply(struct entries *entries, struct arena *arena,
    const struct entries_changes *changes, struct when now)
{
	const struct entry_kind *kind = changes->kind;
	struct index index = { NULL, 0 };
	struct node *stored;
	bool has_changed = false;

	if (changes->count > FEW_CHANGES)
		make_index(&index, arena, entries->map);
	for (size_t i = 0; i < changes->count; i++) {
		struct entry_change *change = &changes->changes[i];

		stored = find(entries, &index, change->id);
		if (!stored) {
			stored = entry_new(arena, kind);
			node_put_text(arena, entries->map, change->id, stored);
			has_changed = true;
		}
		if (changes->complete)
			changes->complete(change, arena, stored, now);
		has_changed |= entry_apply(arena, kind, stored, change);
	}
	return has_changed;
}

/* What the file is to hold, by way of its document. */
static int
rewrite(struct buf *out, bool *has_changed, struct workspace *workspace,
    const struct entries_changes *changes, struct text text, struct when now,
    struct error *err)
{
	struct arena *arena = workspace->arena;
	struct entries entries;

	if (parse(&entries, workspace, changes->kind, text, DOCUMENT_WRITE,
		err) < 0 ||
	    entries_check(&entries, changes->kind, err) < 0)
		return -1;
	prepare(&entries, arena, changes->kind);
	*has_changed = apply(&entries, arena, changes, now);
	return document_write(out, entries_file(workspace, changes->kind),
	    entries.root, MAX_SIZE, err);
}

/* The one object that is to change, alone in a document of its kind. */
static int
cut_out(struct entries *out, struct arena *arena, const struct entry_kind *kind,
    struct text lines, struct error *err)
{
	const char *text = arena_printf(arena, "%s:%s%.*s", kind->plural,
	    lines.len > 0 ? "\n" : " {}", (int)lines.len, lines.data);

	if (yaml_read(&out->root, arena, text_of(text), kind->plural, 1, err) <
	    0)
		return -1;
	out->map = node_find(out->root, kind->plural);
	return 0;
}

/* The same by changing the lines of one object, which stand from start to
 * end. */
static int
splice(struct buf *out, bool *has_changed, struct workspace *workspace,
    const struct entries_changes *changes, struct text text, size_t start,
    size_t end, struct when now, struct error *err)
{
	const struct text lines = { text.data + start, end - start };
	struct buf changed = BUF_INIT;
	struct entries entries;
	size_t head = strlen(changes->kind->plural) + strlen(":\n");

	if (cut_out(&entries, workspace->arena, changes->kind, lines, err) < 0)
		return -1;
	*has_changed = apply(&entries, workspace->arena, changes, now);
	yaml_write(&changed, entries.root);
	buf_add(out, text.data, start);
	buf_add(out, changed.text + head, changed.len - head);
	buf_add(out, text.data + end, text.len - end);
	buf_release(&changed);
	return document_check_size(out, entries_file(workspace, changes->kind),
	    MAX_SIZE, err);
}

int
entries_text(struct buf *out, bool *has_changed, struct workspace *workspace,
    const struct entries_changes *changes, struct when now, struct error *err)
{
	size_t start, end;
	struct text text;

	if (entries_bytes(&text, workspace, changes->kind, err) < 0)
		return -1;
	if (text.data && changes->count == 1 && changes->find &&
	    changes->find(&start, &end, workspace->arena, text,
		changes->changes[0].id))
		return splice(out, has_changed, workspace, changes, text, start,
		    end, now, err);
	return rewrite(out, has_changed, workspace, changes, text, now, err);
}

int
entries_change(struct workspace *workspace,
    const struct entries_changes *changes, struct error *err)
{
	struct buf text = BUF_INIT;
	bool has_changed;
	struct when now;
	int result;

	if (pending_lock(workspace, &now, err) < 0)
		return -1;
	result =
	    entries_text(&text, &has_changed, workspace, changes, now, err);
	if (result == 0 && has_changed)
		result = file_replace(&workspace->dir,
		    entries_file(workspace, changes->kind),
		    (struct text){ text.text, text.len }, err);
	workspace_unlock(workspace);
	buf_release(&text);
	return result;
}
