#include "lib/store/workspace.h"

#include <linux/magic.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"

#define FOLDER "output/budget"
#define LOCK_NAME ".lock"

int
workspace_open(struct workspace *workspace, struct error *err)
{
	bool found;

	workspace->lock = (struct lock)LOCK_NONE;
	if (!workspace->path)
		workspace->path = arena_printf(workspace->arena, "%s/%s",
		    workspace->root, FOLDER);
	return dir_open(&workspace->dir, workspace->path, &found, err);
}

/* Say what makes the folder a doubtful place for records. */
static void
warn_of_folder(struct workspace *workspace)
{
	struct statfs fs;
	struct stat st;

	if (fstat(workspace->dir.fd, &st) == 0 && st.st_mode & S_IWOTH &&
	    !(st.st_mode & S_ISVTX) && st.st_uid != geteuid())
		workspace_note(workspace,
		    "anyone may change or remove what stands in %s", FOLDER);
	if (fstatfs(workspace->dir.fd, &fs) == 0 &&
	    fs.f_type == NFS_SUPER_MAGIC)
		workspace_note(workspace,
		    "%s is on NFS: all writers must lock there", FOLDER);
}

int
workspace_lock(struct workspace *workspace, struct when *now, struct error *err)
{
	if (workspace->dir.fd < 0 &&
	    dir_make(&workspace->dir, workspace->path, err) < 0)
		return -1;
	if (lock_take(&workspace->lock, &workspace->dir, LOCK_NAME,
		workspace->lock_seconds, err) < 0)
		return -1;
	warn_of_folder(workspace);
	*now = workspace->clock.read(workspace->clock.data);
	return 0;
}

bool
workspace_try_lock(struct workspace *workspace)
{
	struct error ignored;

	return workspace->dir.fd >= 0 &&
	       lock_take(&workspace->lock, &workspace->dir, LOCK_NAME, 0,
		   &ignored) == 0;
}

void
workspace_unlock(struct workspace *workspace)
{
	lock_give(&workspace->lock);
}

void
workspace_close(struct workspace *workspace)
{
	workspace_unlock(workspace);
	dir_close(&workspace->dir);
}

void
workspace_note(struct workspace *workspace, const char *format, ...)
{
	char line[1200] = "meter: ";
	size_t len = strlen(line);
	va_list args;

	va_start(args, format);
	vsnprintf(line + len, sizeof(line) - len, format, args);
	va_end(args);
	/* What two steps of a command find is still said once. */
	if (strstr(workspace->notes->text, line))
		return;
	buf_puts(workspace->notes, line);
	buf_putc(workspace->notes, '\n');
}
