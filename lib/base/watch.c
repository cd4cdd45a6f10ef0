#include "lib/base/watch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "lib/base/error.h"

#define SELF (IN_DELETE_SELF | IN_MOVE_SELF)
#define NAMES (SELF | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)
#define CONTENT (NAMES | IN_MODIFY)

enum {
	EVENTS_SIZE = 16 * 1024, /* what is read at once */
	TRIES = 4, /* to find the way as it is */
};

/* What a watch is for: what a folder holds, or the way on to it. */
struct entry {
	int wd;
	size_t folder;
	bool is_way;
	char next[NAME_MAX + 1]; /* the name that the way goes on with */
};

static struct entry *
entries_of(const struct watch *watch, size_t *count)
{
	*count = watch->entries.len / sizeof(struct entry);
	return (struct entry *)(void *)watch->entries.text;
}

static int
fail(const char *path, struct error *err)
{
	if (errno == ENOSPC || errno == EMFILE)
		return error_set(err, ERROR_IO,
		    "cannot watch for changes: there are too many watches "
		    "(fs.inotify.max_user_watches, max_user_instances)");
	return error_errno(err, ERROR_IO, "%s: cannot watch for changes", path);
}

/*
 * Watch one folder on the way, or at its end, where next is NULL.  *found is
 * false where it is not there, or cannot be looked into.
 */
static int
add(struct watch *watch, size_t folder, const char *path, const char *next,
    uint32_t mask, bool *found, struct error *err)
{
	struct entry entry = { .folder = folder, .is_way = next != NULL };
	size_t len = next ? strcspn(next, "/") : 0;

	entry.wd =
	    inotify_add_watch(watch->fd, path, mask | IN_ONLYDIR | IN_MASK_ADD);
	*found = entry.wd >= 0;
	if (!*found && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (!*found && errno != EACCES)
		return fail(path, err);
	*found = true;
	if (len > 0 && len < sizeof(entry.next))
		memcpy(entry.next, next, len);
	if (entry.wd >= 0)
		buf_add(&watch->entries, &entry, sizeof(entry));
	return 0;
}

/*
 * Watch the way to a folder from the top on, as far as it is there.  Each
 * step is watched before the next one is looked for, so none comes unnoticed.
 * Above the root nothing but the folders themselves is, unless something is
 * missing: others make and remove much there.
 */
static int
add_way(struct watch *watch, size_t folder, bool is_wide, bool *found,
    struct error *err)
{
	char path[PATH_MAX * 2];
	size_t root = strlen(watch->root);
	char *slash;
	int len;

	if (root == 1)
		root = 0;
	len = snprintf(path, sizeof(path), "%.*s/%s", (int)root, watch->root,
	    watch->folders[folder]);
	if (len < 0 || (size_t)len >= sizeof(path))
		return error_set(err, ERROR_IO, "the path is too long");
	*found = true;
	for (slash = path; slash && *found; slash = strchr(slash + 1, '/')) {
		bool is_near = is_wide || slash >= path + root;

		*slash = '\0';
		if (add(watch, folder, slash == path ? "/" : path, slash + 1,
			is_near ? NAMES : SELF, found, err) < 0)
			return -1;
		*slash = '/';
	}
	if (!*found)
		return 0;
	return add(watch, folder, path, NULL, CONTENT, found, err);
}

/* Watch everything anew.  *found tells whether all the folders are there. */
static int
add_all(struct watch *watch, bool is_wide, bool *found, struct error *err)
{
	bool one = true;

	if (watch->fd >= 0)
		close(watch->fd);
	buf_reset(&watch->entries);
	watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch->fd < 0)
		return fail(watch->root, err);
	*found = true;
	for (size_t i = 0; i < watch->count; i++) {
		if (add_way(watch, i, is_wide, &one, err) < 0)
			return -1;
		*found &= one;
	}
	return 0;
}

/* Folders come and go while we look; the last look is as good as any. */
static int
find_way(struct watch *watch, struct error *err)
{
	bool is_wide = false, found = true;

	for (int i = 0; i < TRIES; i++) {
		if (add_all(watch, is_wide, &found, err) < 0)
			return -1;
		if (found != is_wide)
			break;
		is_wide = !found;
	}
	return 0;
}

int
watch_open(struct watch *watch, const char *root, const char *const *folders,
    size_t count, struct error *err)
{
	*watch = (struct watch)WATCH_NONE;
	watch->root = root;
	watch->folders = folders;
	watch->count = count;
	return find_way(watch, err);
}

void
watch_close(struct watch *watch)
{
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
	buf_release(&watch->entries);
}

/*
 * Tell the visitor of one event.  True where the way to a folder may be
 * another now.
 */
static bool
take(struct watch *watch, const struct inotify_event *event,
    watch_visitor *visitor, void *data)
{
	const char *name = event->len > 0 ? event->name : "";
	struct entry *entries;
	bool is_lost = false;
	size_t count;

	if (event->mask & (SELF | IN_IGNORED | IN_UNMOUNT | IN_Q_OVERFLOW))
		return true;
	entries = entries_of(watch, &count);
	for (size_t i = 0; i < count; i++) {
		if (entries[i].wd != event->wd)
			continue;
		if (!entries[i].is_way)
			visitor(data, entries[i].folder, name);
		else if (!(event->mask & IN_MODIFY))
			is_lost |= strcmp(entries[i].next, name) == 0;
	}
	return is_lost;
}

int
watch_read(struct watch *watch, watch_visitor *visitor, void *data,
    struct error *err)
{
	_Alignas(struct inotify_event) char events[EVENTS_SIZE];
	const struct inotify_event *event;
	bool is_lost = false;
	ssize_t len;

	while ((len = TEMP_FAILURE_RETRY(
		    read(watch->fd, events, sizeof(events)))) > 0)
		for (ssize_t at = 0; at < len;
		     at += (ssize_t)(sizeof(*event) + event->len)) {
			event = (const void *)(events + at);
			is_lost |= take(watch, event, visitor, data);
		}
	if (len < 0 && errno != EAGAIN)
		return error_errno(err, ERROR_IO, "cannot watch for changes");
	if (!is_lost)
		return 0;
	if (find_way(watch, err) < 0)
		return -1;
	visitor(data, 0, NULL);
	return 0;
}
