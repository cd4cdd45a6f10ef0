#include "lib/store/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
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
