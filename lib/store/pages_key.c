#include "lib/store/pages_key.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/filename.h"
#include "lib/store/cache.h"

enum {
	FIRST_ROOM = 64,
};

/* Go on with a hash over a text; its length tells null and the rest apart. */
static uint64_t
add_text(uint64_t hash, struct text text)
{
	size_t whole = text.len / sizeof(uint64_t) * sizeof(uint64_t);
	uint64_t rest = 0, len = text.data ? text.len : UINT64_MAX;

	hash = cache_sum(hash, &len, sizeof(len));
	if (!text.data)
		return hash;
	hash = cache_sum(hash, text.data, whole);
	memcpy(&rest, text.data + whole, text.len - whole);
	return cache_sum(hash, &rest, sizeof(rest));
}

void
pages_key_seal(struct pages_key *key)
{
	key->hash = CACHE_SUM;
	for (size_t i = 0; i < PAGES_KEY_TEXTS; i++)
		key->hash = add_text(key->hash, key->text[i]);
}

int
pages_key_compare(const struct pages_key *a, const struct pages_key *b)
{
	int order = 0;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	for (size_t i = 0; i < PAGES_KEY_TEXTS && order == 0; i++)
		order = text_compare(a->text[i], b->text[i]);
	return order;
}

void
pages_key_place(struct buf *folder, struct buf *name,
    const struct pages_key *key)
{
	const bool is_entity = key->text[1].data != NULL;

	buf_reset(folder);
	buf_puts(folder,
	    is_entity ? PAGES_KEY_ENTITIES "/" : PAGES_KEY_SCOPES "/");
	filename_encode(folder, key->text[is_entity ? 1 : 0]);
	buf_reset(name);
	filename_encode(name, key->text[2]);
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
	for (size_t i = 0; i < PAGES_KEY_TEXTS; i++)
		if (key->text[i].data)
			copy->text[i].data = arena_copy(keys->arena,
			    key->text[i].data, key->text[i].len);
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
