#include "lib/store/pages_key.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/filename.h"
#include "lib/base/hash.h"

enum {
	FIRST_ROOM = 64,
};

const enum query_dimension pages_key_dimensions[PAGES_KEY_DIMENSIONS] = {
	(enum query_dimension)USAGE_TASK,
	(enum query_dimension)USAGE_WORKSTREAM,
	(enum query_dimension)USAGE_QUEST,
	(enum query_dimension)USAGE_REPO,
	(enum query_dimension)USAGE_COMMIT,
	(enum query_dimension)USAGE_RELEASE,
	(enum query_dimension)USAGE_SESSION,
	(enum query_dimension)USAGE_AGENT,
	(enum query_dimension)USAGE_TIER,
	QUERY_ENTITY,
};

/* It is kept in files, so it is the same for every process. */
void
pages_key_seal(struct pages_key *key)
{
	key->hash = hash_word(0, key->dimension);
	key->hash = hash_text(key->hash, key->type);
	key->hash = hash_text(key->hash, key->id);
}

bool
pages_key_find(struct pages_key *key, struct text name)
{
	enum query_dimension dimension;

	if (!query_dimension_find(&dimension, name))
		return false;
	for (size_t i = 0; i < PAGES_KEY_DIMENSIONS; i++)
		if (pages_key_dimensions[i] == dimension) {
			key->dimension = i;
			return true;
		}
	return false;
}

int
pages_key_compare(const struct pages_key *a, const struct pages_key *b)
{
	int order;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->dimension != b->dimension)
		return a->dimension < b->dimension ? -1 : 1;
	order = text_compare(a->type, b->type);
	return order != 0 ? order : text_compare(a->id, b->id);
}

void
pages_key_place(struct buf *folder, struct buf *name,
    const struct pages_key *key)
{
	const bool is_entity =
	    pages_key_dimensions[key->dimension] == QUERY_ENTITY;

	buf_reset(folder);
	buf_puts(folder,
	    is_entity ? PAGES_KEY_ENTITIES "/" : PAGES_KEY_SCOPES "/");
	if (is_entity)
		filename_encode(folder, key->type);
	else
		buf_puts(folder,
		    query_dimension_name(pages_key_dimensions[key->dimension]));
	buf_reset(name);
	filename_encode(name, key->id);
	buf_puts(name, PAGES_KEY_ENDING);
}

void
pages_key_add(struct pages_keys *keys, const struct pages_key *key)
{
	struct pages_key *list, *copy;

	if (keys->count == keys->room) {
		keys->room = keys->room > 0 ? 2 * keys->room : FIRST_ROOM;
		list = arena_array(keys->arena, keys->room, sizeof(*list));
		if (keys->count > 0)
			memcpy(list, keys->list, keys->count * sizeof(*list));
		keys->list = list;
	}
	copy = &keys->list[keys->count++];
	*copy = *key;
	copy->id.data = arena_copy(keys->arena, key->id.data, key->id.len);
	if (key->type.data)
		copy->type.data =
		    arena_copy(keys->arena, key->type.data, key->type.len);
}

static int
compare(const void *a, const void *b)
{
	return pages_key_compare(a, b);
}

void
pages_key_sort(struct pages_keys *keys)
{
	size_t kept = 0;

	if (keys->count == 0)
		return;
	qsort(keys->list, keys->count, sizeof(*keys->list), compare);
	for (size_t i = 0; i < keys->count; i++)
		if (kept == 0 || pages_key_compare(&keys->list[kept - 1],
				     &keys->list[i]) != 0)
			keys->list[kept++] = keys->list[i];
	keys->count = kept;
}
