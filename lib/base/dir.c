#include "lib/base/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"

void
dir_describe(struct buf *out, const struct dir *dir, const char *name)
{
	if (strcmp(dir->path, ".") != 0 && dir->path[0] != '\0') {
		utf8_escape(out, dir->path, strlen(dir->path), UTF8_ASCII, 0);
		if (dir->path[strlen(dir->path) - 1] != '/')
			buf_putc(out, '/');
	}
	utf8_escape(out, name, strlen(name), UTF8_ASCII, 0);
}

int
dir_fail(struct error *err, enum error_kind kind, const char *action,
    const struct dir *dir, const char *name)
{
	struct buf path = BUF_INIT;
	int reason = errno;

	dir_describe(&path, dir, name);
	errno = reason;
	error_errno(err, kind, "%s: cannot %s", path.text, action);
	buf_release(&path);
	return -1;
}

int
dir_refuse(struct error *err, const char *reason, const struct dir *dir,
    const char *name)
{
	struct buf path = BUF_INIT;

	dir_describe(&path, dir, name);
	error_set(err, ERROR_DATA, "%s: %s", path.text, reason);
	buf_release(&path);
	return -1;
}

int
dir_openat(int at, const char *name, int flags)
{
	return (int)TEMP_FAILURE_RETRY(
	    openat(at, name, flags | O_CLOEXEC, 0666));
}

int
dir_open(struct dir *dir, const char *path, bool *found, struct error *err)
{
	struct dir here = { AT_FDCWD, "." };

	dir->path = path;
	dir->fd = dir_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
	*found = dir->fd >= 0;
	if (*found || errno == ENOENT)
		return 0;
	return dir_fail(err, ERROR_IO, "open the folder", &here, path);
}

/*
 * Make one folder and sync its parent, so that it is there after a power cut.
 * A folder that is there already is not synced again.
 */
static int
make_one(const char *path, struct error *err)
{
	struct dir here = { AT_FDCWD, "." };
	char parent[PATH_MAX];
	char *slash;
	int fd, result;

	if (TEMP_FAILURE_RETRY(mkdir(path, 0777)) < 0) {
		if (errno == EEXIST)
			return 0;
		return dir_fail(err, ERROR_CREATE, "create the folder", &here,
		    path);
	}
	memcpy(parent, path, strlen(path) + 1);
	slash = strrchr(parent, '/');
	if (slash == parent)
		slash++;
	if (slash)
		*slash = '\0';
	fd = dir_openat(AT_FDCWD, slash ? parent : ".", O_RDONLY | O_DIRECTORY);
	result = fd < 0 ? -1 : (int)TEMP_FAILURE_RETRY(fsync(fd));
	if (result < 0)
		dir_fail(err, ERROR_IO, "sync the folder", &here, path);
	if (fd >= 0)
		close(fd);
	return result;
}

int
dir_make(struct dir *dir, const char *path, struct error *err)
{
	char part[PATH_MAX];
	size_t len = strlen(path);
	bool found;

	dir->fd = -1;
	if (dir_open(dir, path, &found, err) < 0 || found)
		return found ? 0 : -1;
	if (len >= sizeof(part))
		return error_set(err, ERROR_CREATE,
		    "the name of the folder is too long");
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (make_one(part, err) < 0)
			return -1;
	}
	if (dir_open(dir, path, &found, err) < 0)
		return -1;
	if (!found)
		return error_set(err, ERROR_CREATE,
		    "the folder went away as it was made");
	return 0;
}

void
dir_close(struct dir *dir)
{
	if (dir->fd >= 0)
		close(dir->fd);
	dir->fd = -1;
}
