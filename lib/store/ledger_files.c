#include "lib/store/ledger_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/store/folder.h"
#include "lib/store/workspace.h"

#define ENDING ".csv"

enum {
	DAY_LEN = sizeof("2026-11-22") - 1,
	FIRST_ROOM = 64,
};

void
ledger_files_name(char name[LEDGER_FILES_NAME], struct when day)
{
	struct buf text = BUF_INIT;

	when_day(&text, day);
	buf_puts(&text, ENDING);
	memcpy(name, text.text, LEDGER_FILES_NAME);
	buf_release(&text);
}

bool
ledger_files_is_name(struct when *day, const char *name)
{
	return strlen(name) == LEDGER_FILES_NAME - 1 &&
	       strcmp(name + DAY_LEN, ENDING) == 0 &&
	       when_parse_day(day, name, DAY_LEN) == 0;
}

/* Add a file to the list. */
static int
add(struct ledger_files *files, size_t *room, struct arena *arena,
    const char *name, struct when day, struct error *err)
{
	char path[sizeof(LEDGER_FILES_FOLDER "/") + LEDGER_FILES_NAME];
	const struct pending_part *part;
	struct ledger_file *list, *file;
	struct stat st;

	snprintf(path, sizeof(path), LEDGER_FILES_FOLDER "/%s", name);
	part = pending_find(&files->pending, path);
	if (fstatat(files->dir.fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != ENOENT)
			return dir_fail(err, ERROR_IO, "look at", &files->dir,
			    name);
		if (!part)
			return 0;
		st = (struct stat){ 0 };
	}
	if (files->count == *room) {
		*room = *room > 0 ? *room * 2 : FIRST_ROOM;
		list = arena_array(arena, *room, sizeof(*list));
		if (files->count > 0)
			memcpy(list, files->list, files->count * sizeof(*list));
		files->list = list;
	}
	file = &files->list[files->count++];
	memcpy(file->name, name, LEDGER_FILES_NAME);
	file->day = day;
	file->size = st.st_size;
	file->state = cache_state_of(&st);
	file->is_regular = S_ISREG(st.st_mode);
	file->part = part;
	return 0;
}

static bool
is_listed(const struct ledger_files *files, const char *name)
{
	for (size_t i = 0; i < files->count; i++)
		if (strcmp(files->list[i].name, name) == 0)
			return true;
	return false;
}

/* The name of a part's file, where it is of the ledger, else NULL. */
static const char *
name_in_events(const struct pending_part *part)
{
	static const char folder[] = LEDGER_FILES_FOLDER "/";
	size_t len = sizeof(folder) - 1;

	return strncmp(part->name, folder, len) == 0 ? part->name + len : NULL;
}

/* Add the files that a pending change is yet to make. */
static int
add_pending(struct ledger_files *files, size_t *room, struct arena *arena,
    struct error *err)
{
	struct when day;

	for (size_t i = 0; i < files->pending.count; i++) {
		const char *name = name_in_events(&files->pending.parts[i]);

		if (name && !is_listed(files, name) &&
		    ledger_files_is_name(&day, name) &&
		    add(files, room, arena, name, day, err) < 0)
			return -1;
	}
	return 0;
}

static int
compare_days(const void *a, const void *b)
{
	const struct ledger_file *x = a, *y = b;

	return (x->day.micros > y->day.micros) -
	       (x->day.micros < y->day.micros);
}

/* Add those of the folder. */
static int
add_all(struct ledger_files *files, size_t *room, struct arena *arena,
    struct error *err)
{
	struct dirent *entry;
	struct when day;
	int result = 0;
	DIR *stream;
	int fd;

	fd = dir_openat(files->dir.fd, ".", O_RDONLY | O_DIRECTORY);
	stream = fd >= 0 ? fdopendir(fd) : NULL;
	if (!stream) {
		dir_fail(err, ERROR_IO, "read the folder", &files->dir, "");
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while (result == 0 && (errno = 0, entry = readdir(stream)))
		if (ledger_files_is_name(&day, entry->d_name))
			result =
			    add(files, room, arena, entry->d_name, day, err);
	if (result == 0 && errno != 0)
		result =
		    dir_fail(err, ERROR_IO, "read the folder", &files->dir, "");
	closedir(stream);
	return result;
}

static int
list_files(struct ledger_files *files, struct arena *arena,
    const struct ledger_files_choice *choice, struct error *err)
{
	size_t room = 0;
	struct when day;
	int result = 0;

	files->count = 0;
	if (!choice)
		result = add_all(files, &room, arena, err);
	for (size_t i = 0; choice && i < choice->count && result == 0; i++)
		if (ledger_files_is_name(&day, choice->names[i]))
			result = add(files, &room, arena, choice->names[i], day,
			    err);
	if (result == 0)
		result = add_pending(files, &room, arena, err);
	if (files->count > 1)
		qsort(files->list, files->count, sizeof(*files->list),
		    compare_days);
	return result;
}

/* Whether the change that was seen first still is the one that stands. */
static int
is_settled(bool *out, const struct ledger_files *files,
    struct workspace *workspace, struct error *err)
{
	struct pending now = PENDING_NONE;

	if (pending_open(&now, workspace, err) < 0)
		return -1;
	*out = (now.file.fd >= 0) == (files->pending.file.fd >= 0) &&
	       (now.file.fd < 0 || now.file.inode == files->pending.file.inode);
	pending_close(&now);
	return 0;
}

int
ledger_files_look(struct ledger_files *files, struct workspace *workspace,
    const struct ledger_files_choice *choice, struct error *err)
{
	bool settled = false;

	*files = (struct ledger_files)LEDGER_FILES_NONE;
	if (folder_open(&files->dir, workspace, LEDGER_FILES_FOLDER, false,
		err) < 0)
		return -1;
	/* A change that is committed while we look is seen whole or not. */
	while (!settled && files->dir.fd >= 0) {
		pending_close(&files->pending);
		if (pending_open(&files->pending, workspace, err) < 0 ||
		    list_files(files, workspace->arena, choice, err) < 0 ||
		    is_settled(&settled, files, workspace, err) < 0) {
			ledger_files_close(files);
			return -1;
		}
	}
	return 0;
}

int
ledger_files_open(struct ledger_files *files, struct workspace *workspace,
    struct error *err)
{
	if (!workspace->ledger)
		return ledger_files_look(files, workspace, NULL, err);
	*files = *workspace->ledger;
	files->is_lent = true;
	return 0;
}

void
ledger_files_close(struct ledger_files *files)
{
	if (files->is_lent)
		return;
	pending_close(&files->pending);
	dir_close(&files->dir);
}
