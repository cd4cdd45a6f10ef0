#include "lib/store/runs_stamp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/store/workspace.h"

#define CACHE ".cache"
#define NAME CACHE "/usage.stamp"
#define MAX_SIZE ((size_t)256)
#define WRITTEN                                                                \
	"meter 1 %" PRIu64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n"
#define READ                                                                   \
	"meter 1 %" SCNu64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 "%c"

void
runs_stamp_read(struct runs_stamp *out, struct workspace *workspace)
{
	struct buf text = BUF_INIT;
	struct error ignored;
	char newline = '\0';
	bool found;

	*out = (struct runs_stamp){ 0 };
	if (file_read(&text, &workspace->dir, NAME, MAX_SIZE, &found,
		&ignored) == 0 &&
	    found)
		out->is_there = sscanf(text.text, READ, &out->inode, &out->size,
				    &out->modified_ns, &out->changed_ns,
				    &out->next, &newline) == 6 &&
				newline == '\n';
	buf_release(&text);
}

void
runs_stamp_write(struct workspace *workspace, const struct file *file,
    int64_t next)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, WRITTEN, file->inode, file->size, file->modified_ns,
	    file->changed_ns, next);
	if (mkdirat(workspace->dir.fd, CACHE, 0777) == 0 || errno == EEXIST)
		file_write_cache(&workspace->dir, NAME,
		    (struct text){ text.text, text.len });
	buf_release(&text);
}

bool
runs_stamp_fits(const struct runs_stamp *stamp, const struct file *file)
{
	return stamp->is_there && stamp->inode == file->inode &&
	       stamp->size == file->size &&
	       stamp->modified_ns == file->modified_ns &&
	       stamp->changed_ns == file->changed_ns;
}

bool
runs_stamp_is_torn(const struct runs_stamp *stamp, const struct file *file,
    int64_t offset, int64_t end)
{
	return stamp->is_there && stamp->inode == file->inode &&
	       stamp->size == offset && end < stamp->next;
}

bool
runs_stamp_knows(const struct runs_stamp *stamp, int64_t offset)
{
	return stamp->is_there && stamp->size > offset;
}
