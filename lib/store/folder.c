#include "lib/store/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/store/pending.h"
#include "lib/store/workspace.h"

/* Make the folder, durably. */
static int
make(struct workspace *workspace, const char *name, struct error *err)
{
	if (TEMP_FAILURE_RETRY(mkdirat(workspace->dir.fd, name, 0777)) < 0) {
		if (errno == EEXIST)
			return 0;
		return dir_fail(err, ERROR_CREATE, "create the folder",
		    &workspace->dir, name);
	}
	if (TEMP_FAILURE_RETRY(fsync(workspace->dir.fd)) < 0)
		return dir_fail(err, ERROR_IO, "sync the folder of",
		    &workspace->dir, name);
	return 0;
}

int
folder_open(struct dir *dir, struct workspace *workspace, const char *name,
    bool may_make, struct error *err)
{
	*dir = (struct dir)DIR_NONE;
	dir->path =
	    arena_printf(workspace->arena, "%s/%s", workspace->path, name);
	if (workspace->dir.fd < 0)
		return 0;
	dir->fd = dir_openat(workspace->dir.fd, name, O_RDONLY | O_DIRECTORY);
	if (dir->fd < 0 && errno == ENOENT && may_make) {
		if (make(workspace, name, err) < 0)
			return -1;
		dir->fd =
		    dir_openat(workspace->dir.fd, name, O_RDONLY | O_DIRECTORY);
	}
	if (dir->fd >= 0 || (errno == ENOENT && !may_make))
		return 0;
	return dir_fail(err, ERROR_IO, "open the folder", &workspace->dir,
	    name);
}

static int
each_file(const struct dir *dir, folder_visitor *visitor, void *data,
    struct error *err)
{
	int fd = dir_openat(dir->fd, ".", O_RDONLY | O_DIRECTORY);
	DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	int result = 0;

	if (!stream) {
		dir_fail(err, ERROR_IO, "read the folder", dir, "");
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while ((errno = 0, entry = readdir(stream)))
		visitor(data, entry->d_name);
	if (errno != 0)
		result = dir_fail(err, ERROR_IO, "read the folder", dir, "");
	closedir(stream);
	return result;
}

/* What is pending is looked at first: what is carried out meanwhile is then
 * found in the folder. */
int
folder_each(struct workspace *workspace, const char *name,
    folder_visitor *visitor, void *data, struct error *err)
{
	struct pending pending;
	size_t len = strlen(name);
	struct dir dir;
	int result = 0;

	if (pending_open(&pending, workspace, err) < 0)
		return -1;
	for (size_t i = 0; i < pending.count; i++) {
		const char *path = pending.parts[i].name;

		if (strncmp(path, name, len) == 0 && path[len] == '/')
			visitor(data, path + len + 1);
	}
	pending_close(&pending);
	if (folder_open(&dir, workspace, name, false, err) < 0)
		return -1;
	if (dir.fd >= 0)
		result = each_file(&dir, visitor, data, err);
	dir_close(&dir);
	return result;
}
