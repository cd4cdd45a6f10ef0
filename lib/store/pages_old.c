#include "lib/store/pages_old.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/publish.h"
#include "lib/doc/json.h"
#include "lib/doc/node.h"
#include "lib/store/pages_key.h"

#define MAX_PAGE ((size_t)64 * 1024 * 1024)

/* A visit of the folders. */
struct visit {
	struct pages_old *old;
	struct publish *publish;
	pages_old_visitor *visitor;
	void *data;
};

void
pages_old_release(struct pages_old *old)
{
	buf_release(&old->names);
	buf_release(&old->places);
}

void
pages_old_made(struct pages_old *old, const char *folder, const char *name)
{
	size_t place = old->names.len;

	buf_printf(&old->names, "%s/%s", folder, name);
	buf_putc(&old->names, '\0');
	buf_add(&old->places, &place, sizeof(place));
}

static int
compare_places(const void *left, const void *right, void *names)
{
	const size_t *a = left, *b = right;

	return strcmp((const char *)names + *a, (const char *)names + *b);
}

/* Whether the page was made; the places are in order. */
static bool
is_made(const struct pages_old *old, const char *folder, const char *name)
{
	const size_t *places = (const size_t *)(const void *)old->places.text;
	size_t low = 0, high = old->places.len / sizeof(*places), middle;
	struct buf path = BUF_INIT;
	int order = 1;

	buf_printf(&path, "%s/%s", folder, name);
	while (order != 0 && low < high) {
		middle = low + (high - low) / 2;
		order = strcmp(path.text, old->names.text + places[middle]);
		if (order > 0)
			low = middle + 1;
		else
			high = middle;
	}
	buf_release(&path);
	return order == 0;
}

/* The names in a folder, those that begin with a dot apart. */
static int
list_names(struct buf *out, const struct dir *dir, struct error *err)
{
	struct dirent *entry;
	DIR *stream;
	int fd;

	fd = dir_openat(dir->fd, ".", O_RDONLY | O_DIRECTORY);
	stream = fd >= 0 ? fdopendir(fd) : NULL;
	if (!stream) {
		if (fd >= 0)
			close(fd);
		return dir_fail(err, ERROR_IO, "read the folder", dir, "");
	}
	while ((errno = 0, entry = readdir(stream)))
		if (entry->d_name[0] != '.')
			buf_add(out, entry->d_name, strlen(entry->d_name) + 1);
	if (errno != 0) {
		dir_fail(err, ERROR_IO, "read the folder", dir, "");
		closedir(stream);
		return -1;
	}
	closedir(stream);
	return 0;
}

static struct text
string_of(const struct node *page, const char *key)
{
	struct error ignored;
	struct text text = TEXT_NULL;

	if (node_get_string(&text, node_find(page, key), &ignored) < 0)
		return TEXT_NULL;
	return text;
}

/* Set the key that a page says it is of; false where it says none. */
static bool
read_key(struct pages_key *key, const struct node *page)
{
	const struct text scope = string_of(page, "scope");

	*key = (struct pages_key){ .type = TEXT_NULL };
	if (!scope.data || !pages_key_find(key, scope))
		return false;
	key->id = string_of(page, "scope_id");
	if (pages_key_dimensions[key->dimension] == QUERY_ENTITY) {
		key->type = string_of(page, "entity_type");
		key->id = string_of(page, "entity_id");
		if (!key->type.data)
			return false;
	}
	pages_key_seal(key);
	return key->id.data != NULL;
}

/* Whether that is where the page of a key stands. */
static bool
stands_there(const struct pages_key *key, const char *folder, const char *name)
{
	struct buf own_folder = BUF_INIT, own_name = BUF_INIT;
	bool same;

	pages_key_place(&own_folder, &own_name, key);
	same = strcmp(own_folder.text, folder) == 0 &&
	       strcmp(own_name.text, name) == 0;
	buf_release(&own_folder);
	buf_release(&own_name);
	return same;
}

/* Look at a file that was not made. */
static int
visit_file(struct visit *visit, const struct dir *dir, const char *folder,
    const char *name, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	struct node *page = NULL;
	struct pages_key key;
	struct error ignored;
	bool found = false;
	int result = 0;

	if (file_read(&text, dir, name, MAX_PAGE, &found, &ignored) == 0 &&
	    found &&
	    json_read(&page, &arena, (struct text){ text.text, text.len }, name,
		1, &ignored) == 0 &&
	    page->type == NODE_MAP && read_key(&key, page) &&
	    stands_there(&key, folder, name))
		result = visit->visitor(visit->data, &key, err);
	buf_release(&text);
	arena_release(&arena);
	return result;
}

static bool
is_page_name(const char *name)
{
	size_t len = strlen(name), ending = strlen(PAGES_KEY_ENDING);

	return len > ending &&
	       strcmp(name + len - ending, PAGES_KEY_ENDING) == 0;
}

static int
visit_folder(struct visit *visit, const char *folder, struct error *err)
{
	struct buf names = BUF_INIT;
	const struct dir *dir;
	int result;

	result = publish_look(&dir, visit->publish, folder, err);
	if (result == 0 && dir)
		result = list_names(&names, dir, err);
	for (const char *name = names.text;
	     result == 0 && name < names.text + names.len;
	     name += strlen(name) + 1) {
		if (!is_page_name(name) || is_made(visit->old, folder, name))
			continue;
		/* The visitor may look at other folders. */
		result = publish_look(&dir, visit->publish, folder, err);
		if (result == 0 && dir)
			result = visit_file(visit, dir, folder, name, err);
	}
	buf_release(&names);
	return result;
}

/* Whether a name in a folder is that of a folder. */
static bool
is_folder(const struct dir *dir, const char *name)
{
	int fd = dir_openat(dir->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static int
visit_folders(struct visit *visit, const char *parent, struct error *err)
{
	struct buf names = BUF_INIT, folder = BUF_INIT;
	const struct dir *dir;
	int result;

	result = publish_look(&dir, visit->publish, parent, err);
	if (result == 0 && dir)
		result = list_names(&names, dir, err);
	for (const char *name = names.text;
	     result == 0 && name < names.text + names.len;
	     name += strlen(name) + 1) {
		result = publish_look(&dir, visit->publish, parent, err);
		if (result < 0 || !dir || !is_folder(dir, name))
			continue;
		buf_reset(&folder);
		buf_printf(&folder, "%s/%s", parent, name);
		result = visit_folder(visit, folder.text, err);
	}
	buf_release(&names);
	buf_release(&folder);
	return result;
}

int
pages_old_each(struct pages_old *old, struct publish *publish,
    pages_old_visitor *visitor, void *data, struct error *err)
{
	struct visit visit = { old, publish, visitor, data };

	if (old->places.len > 0)
		qsort_r(old->places.text, old->places.len / sizeof(size_t),
		    sizeof(size_t), compare_places, old->names.text);
	if (visit_folders(&visit, PAGES_KEY_ENTITIES, err) < 0)
		return -1;
	return visit_folders(&visit, PAGES_KEY_SCOPES, err);
}
