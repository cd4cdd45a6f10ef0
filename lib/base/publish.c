#include "lib/base/publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/error.h"
#include "lib/base/file.h"

#define STAGE ".new"
#define LOCK ".lock"
#define MAX_FILE ((size_t)1024 * 1024 * 1024)

enum {
	BATCH = 16 * 1024, /* new files at a time */
	FEW = 16, /* are synced one by one */
	STAGE_NAME = 24,
};

static void
name_staged(char name[STAGE_NAME], size_t place)
{
	snprintf(name, STAGE_NAME, "%zu", place);
}

static void
close_folder(struct publish_folder *folder)
{
	dir_close(&folder->dir);
	buf_release(&folder->name);
	buf_release(&folder->path);
}

static void
init(struct publish *publish)
{
	*publish = (struct publish){ .dir = DIR_NONE,
		.lock = LOCK_NONE,
		.stage = DIR_NONE,
		.staged = BUF_INIT };
	for (size_t i = 0; i < PUBLISH_FOLDERS; i++)
		publish->folders[i] =
		    (struct publish_folder){ BUF_INIT, DIR_NONE, BUF_INIT };
}

/* Remove the new files that did not come to their places. */
static void
discard(struct publish *publish)
{
	char name[STAGE_NAME];

	for (size_t i = 0; i < publish->count; i++) {
		name_staged(name, i);
		unlinkat(publish->stage.fd, name, 0);
	}
	dir_close(&publish->stage);
	unlinkat(publish->dir.fd, STAGE, AT_REMOVEDIR);
}

void
publish_close(struct publish *publish)
{
	for (size_t i = 0; i < PUBLISH_FOLDERS; i++)
		close_folder(&publish->folders[i]);
	if (publish->stage.fd >= 0)
		discard(publish);
	lock_give(&publish->lock);
	dir_close(&publish->dir);
	buf_release(&publish->staged);
}

/* Whether a file in the stage is one of ours: it is named by its place. */
static bool
is_staged(const char *name)
{
	return name[strspn(name, "0123456789")] == '\0';
}

/* Remove what a killed process left; what is somebody else's stays, and so
 * does then the folder. */
static int
clear_stage(struct publish *publish, struct error *err)
{
	struct dirent *entry;
	DIR *stream;
	int fd;

	fd = dir_openat(publish->dir.fd, STAGE,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return 0;
	stream = fd >= 0 ? fdopendir(fd) : NULL;
	if (!stream) {
		if (fd >= 0)
			close(fd);
		return dir_fail(err, ERROR_IO, "open the folder", &publish->dir,
		    STAGE);
	}
	while ((entry = readdir(stream)))
		if (is_staged(entry->d_name))
			unlinkat(fd, entry->d_name, 0);
	closedir(stream);
	if (unlinkat(publish->dir.fd, STAGE, AT_REMOVEDIR) < 0)
		return dir_fail(err, ERROR_IO, "remove the folder",
		    &publish->dir, STAGE);
	return 0;
}

int
publish_open(struct publish *publish, const char *path, int seconds,
    struct error *err)
{
	init(publish);
	if (dir_make(&publish->dir, path, err) < 0 ||
	    lock_take(&publish->lock, &publish->dir, LOCK, seconds, err) < 0)
		return -1;
	/* Files may be many, and are whole at any time: signals need not
	 * wait, as they do under a lock else. */
	sigprocmask(SIG_SETMASK, &publish->lock.signals, NULL);
	return clear_stage(publish, err);
}

/*
 * Open a folder below another; with make, make it where it is missing.  *fd
 * is -1 where it is not there.
 */
static int
open_below(int *fd, const struct dir *parent, const char *name, bool make,
    struct error *err)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;

	*fd = dir_openat(parent->fd, name, flags);
	if (*fd < 0 && errno == ENOENT && make) {
		if (mkdirat(parent->fd, name, 0777) < 0)
			return dir_fail(err, ERROR_CREATE, "create the folder",
			    parent, name);
		if (TEMP_FAILURE_RETRY(fsync(parent->fd)) < 0)
			return dir_fail(err, ERROR_IO, "sync the folder of",
			    parent, name);
		*fd = dir_openat(parent->fd, name, flags);
	}
	if (*fd >= 0 || (errno == ENOENT && !make))
		return 0;
	return dir_fail(err, ERROR_IO, "open the folder", parent, name);
}

/* Open a folder of one or two steps, or of none. */
static int
open_path(int *fd, struct publish *publish, const char *path, bool make,
    struct error *err)
{
	const char *slash = strchr(path, '/');
	struct buf first = BUF_INIT, shown = BUF_INIT;
	struct dir parent = DIR_NONE;
	int result;

	if (*path == '\0')
		return open_below(fd, &publish->dir, ".", false, err);
	if (!slash)
		return open_below(fd, &publish->dir, path, make, err);
	buf_add(&first, path, (size_t)(slash - path));
	result = open_below(&parent.fd, &publish->dir, first.text, make, err);
	*fd = -1;
	buf_printf(&shown, "%s/%s", publish->dir.path, first.text);
	parent.path = shown.text;
	if (result == 0 && parent.fd >= 0)
		result = open_below(fd, &parent, slash + 1, make, err);
	dir_close(&parent);
	buf_release(&first);
	buf_release(&shown);
	return result;
}

/* Find or open a folder; *out is NULL where it is not there. */
static int
find_folder(const struct dir **out, struct publish *publish, const char *path,
    bool make, struct error *err)
{
	struct publish_folder *folder;
	int fd;

	*out = NULL;
	for (size_t i = 0; i < PUBLISH_FOLDERS && !*out; i++) {
		folder = &publish->folders[i];
		if (folder->dir.fd >= 0 && strcmp(folder->name.text, path) == 0)
			*out = &folder->dir;
	}
	if (*out)
		return 0;
	if (open_path(&fd, publish, path, make, err) < 0)
		return -1;
	if (fd < 0)
		return 0;
	folder = &publish->folders[publish->next_folder];
	publish->next_folder = (publish->next_folder + 1) % PUBLISH_FOLDERS;
	close_folder(folder);
	buf_puts(&folder->name, path);
	buf_printf(&folder->path, "%s%s%s", publish->dir.path,
	    *path != '\0' ? "/" : "", path);
	folder->dir = (struct dir){ fd, folder->path.text };
	*out = &folder->dir;
	return 0;
}

int
publish_look(const struct dir **out, struct publish *publish,
    const char *folder, struct error *err)
{
	return find_folder(out, publish, folder, false, err);
}

static int
open_stage(struct publish *publish, struct error *err)
{
	if (publish->stage.fd >= 0)
		return 0;
	/* It goes away again: whether it is durable makes no difference. */
	if (mkdirat(publish->dir.fd, STAGE, 0777) < 0)
		return dir_fail(err, ERROR_CREATE, "create the folder",
		    &publish->dir, STAGE);
	publish->stage.path = STAGE;
	return open_below(&publish->stage.fd, &publish->dir, STAGE, false, err);
}

/* Give a new file the mode of the one whose place it takes. */
static int
copy_mode(int fd, const struct dir *dir, const char *name)
{
	struct stat st;

	if (fstatat(dir->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	return (int)TEMP_FAILURE_RETRY(fchmod(fd, st.st_mode & 07777));
}

/* Write a new file, and remember whose place it takes. */
static int
stage(struct publish *publish, const char *folder, const struct dir *dir,
    const char *name, struct text text, struct error *err)
{
	char staged[STAGE_NAME];
	int fd, result = 0;

	if (open_stage(publish, err) < 0)
		return -1;
	name_staged(staged, publish->count);
	fd = dir_openat(publish->stage.fd, staged,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
	if (fd < 0)
		return dir_fail(err, ERROR_CREATE, "create", dir, name);
	if (copy_mode(fd, dir, name) < 0 || file_write_all(fd, text) < 0)
		result = dir_fail(err, ERROR_IO, "write", dir, name);
	if (close(fd) < 0 && errno != EINTR && result == 0)
		result = dir_fail(err, ERROR_IO, "close", dir, name);
	if (result < 0) {
		unlinkat(publish->stage.fd, staged, 0);
		return -1;
	}
	publish->count++;
	buf_add(&publish->staged, folder, strlen(folder) + 1);
	buf_add(&publish->staged, name, strlen(name) + 1);
	return 0;
}

/* Make what the new files hold durable. */
static int
sync_staged(struct publish *publish, struct error *err)
{
	char name[STAGE_NAME];
	int fd, result = 0;

	if (publish->count > FEW && syncfs(publish->dir.fd) < 0)
		return dir_fail(err, ERROR_IO, "sync", &publish->dir, STAGE);
	if (publish->count > FEW)
		return 0;
	for (size_t i = 0; i < publish->count && result == 0; i++) {
		name_staged(name, i);
		fd = dir_openat(publish->stage.fd, name, O_RDONLY);
		if (fd < 0 || TEMP_FAILURE_RETRY(fsync(fd)) < 0)
			result = dir_fail(err, ERROR_IO, "sync", &publish->dir,
			    STAGE);
		if (fd >= 0)
			close(fd);
	}
	return result;
}

/* Put a new file into its place. */
static int
move_staged(struct publish *publish, size_t place, const char *folder,
    const char *name, struct error *err)
{
	char staged[STAGE_NAME];
	const struct dir *dir;

	if (find_folder(&dir, publish, folder, true, err) < 0)
		return -1;
	name_staged(staged, place);
	if (TEMP_FAILURE_RETRY(
		renameat(publish->stage.fd, staged, dir->fd, name)) < 0)
		return dir_fail(err, ERROR_IO, "replace", dir, name);
	if (publish->count <= FEW && TEMP_FAILURE_RETRY(fsync(dir->fd)) < 0)
		return dir_fail(err, ERROR_IO, "sync the folder of", dir, name);
	return 0;
}

/* Put all new files into their places. */
static int
flush(struct publish *publish, struct error *err)
{
	const char *folder = publish->staged.text, *name;

	if (publish->count == 0)
		return 0;
	if (sync_staged(publish, err) < 0)
		return -1;
	for (size_t i = 0; i < publish->count; i++) {
		name = folder + strlen(folder) + 1;
		if (move_staged(publish, i, folder, name, err) < 0)
			return -1;
		folder = name + strlen(name) + 1;
	}
	publish->needs_sync |= publish->count > FEW;
	publish->written += (int64_t)publish->count;
	publish->count = 0;
	buf_reset(&publish->staged);
	return 0;
}

int
publish_put(struct publish *publish, const char *folder, const char *name,
    struct text text, bool only_there, struct error *err)
{
	const struct dir *dir;
	struct buf old = BUF_INIT;
	bool found = false, same = false;
	int result;

	if (find_folder(&dir, publish, folder, !only_there, err) < 0)
		return -1;
	if (!dir)
		return 0;
	result = file_read(&old, dir, name, MAX_FILE, &found, err);
	if (result == 0)
		same = found &&
		       text_equal(text, (struct text){ old.text, old.len });
	buf_release(&old);
	if (result < 0 || same || (only_there && !found))
		return result;
	if (stage(publish, folder, dir, name, text, err) < 0)
		return -1;
	return publish->count < BATCH ? 0 : flush(publish, err);
}

int
publish_finish(struct publish *publish, struct error *err)
{
	if (flush(publish, err) < 0)
		return -1;
	if (publish->needs_sync && syncfs(publish->dir.fd) < 0)
		return dir_fail(err, ERROR_IO, "sync", &publish->dir, "");
	publish->needs_sync = false;
	if (publish->stage.fd < 0)
		return 0;
	dir_close(&publish->stage);
	if (unlinkat(publish->dir.fd, STAGE, AT_REMOVEDIR) < 0)
		return dir_fail(err, ERROR_IO, "remove the folder",
		    &publish->dir, STAGE);
	return 0;
}
