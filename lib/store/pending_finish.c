#include "lib/store/pending_finish.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/store/folder.h"
#include "lib/store/pending.h"
#include "lib/store/workspace.h"

#define CHUNK ((int64_t)256 * 1024)

/* Whether the file's bytes from its old size on are those of the part. */
static int
is_done(bool *out, const struct pending *pending,
    const struct pending_part *part, const struct file *file, struct error *err)
{
	struct buf a = BUF_INIT, b = BUF_INIT;
	int64_t done = 0, len;
	int result = 0;

	*out = file->size >= part->old_size + part->length;
	while (result == 0 && *out && done < part->length) {
		len = part->length - done < CHUNK ? part->length - done : CHUNK;
		buf_reset(&a);
		buf_reset(&b);
		result = file_read_at(&a, &pending->file, part->offset + done,
		    (size_t)len, err);
		if (result == 0)
			result = file_read_at(&b, file, part->old_size + done,
			    (size_t)len, err);
		*out = a.len == (size_t)len && b.len == a.len &&
		       memcmp(a.text, b.text, a.len) == 0;
		done += len;
	}
	buf_release(&a);
	buf_release(&b);
	return result;
}

/* Append the bytes of the part to the open file, and make them durable. */
static int
copy(const struct pending *pending, const struct pending_part *part,
    struct file *file, struct error *err)
{
	struct buf data = BUF_INIT;
	int64_t done = 0, len;
	int result = 0;

	while (result == 0 && done < part->length) {
		len = part->length - done < CHUNK ? part->length - done : CHUNK;
		buf_reset(&data);
		result = file_read_at(&data, &pending->file,
		    part->offset + done, (size_t)len, err);
		if (result == 0 &&
		    file_write_all(file->fd,
			(struct text){ data.text, data.len }) < 0)
			result = dir_fail(err, ERROR_IO, "append to", file->dir,
			    file->name);
		done += len;
	}
	if (result == 0 && TEMP_FAILURE_RETRY(fdatasync(file->fd)) < 0)
		result = dir_fail(err, ERROR_IO, "sync", file->dir, file->name);
	buf_release(&data);
	return result;
}

/* Make the file, where it is not there yet. */
static int
open_part(struct file *file, const struct dir *dir, const char *name,
    struct error *err)
{
	char temporary[NAME_MAX + 8];
	bool found;
	int fd;

	if (file_open_append(file, dir, name, &found, err) < 0)
		return -1;
	if (found)
		return 0;
	/* What a killed process left as it was to make the same file. */
	snprintf(temporary, sizeof(temporary), ".%s.tmp", name);
	unlinkat(dir->fd, temporary, 0);
	fd =
	    dir_openat(dir->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
	if (fd < 0)
		return dir_fail(err, ERROR_CREATE, "create", dir, name);
	close(fd);
	if (file_open_append(file, dir, name, &found, err) < 0)
		return -1;
	return found ? 0
		     : dir_refuse(err, "went away as it was made", dir, name);
}

static int
append(const struct pending *pending, const struct dir *dir, const char *name,
    const struct pending_part *part, struct error *err)
{
	struct file file = FILE_NONE;
	bool done = false;
	int result;

	result = open_part(&file, dir, name, err);
	if (result == 0)
		result = is_done(&done, pending, part, &file, err);
	if (result < 0 || done)
		goto done;
	/* Behind half a change stands nothing else, unless by another hand. */
	if (file.size < part->old_size ||
	    file.size > part->old_size + part->length) {
		result = dir_refuse(err,
		    "was changed while a change in .pending waited for it", dir,
		    name);
		goto done;
	}
	if (file.size > part->old_size)
		result = file_cut(&file, part->old_size, err);
	if (result == 0)
		result = copy(pending, part, &file, err);
done:
	file_close(&file);
	return result;
}

/* Put the bytes of the part in the place of the file; leaving the folder syncs
 * that. */
static int
replace(const struct pending *pending, const struct dir *dir, const char *name,
    const struct pending_part *part, struct error *err)
{
	struct buf data = BUF_INIT;
	int result;

	result = file_read_at(&data, &pending->file, part->offset,
	    (size_t)part->length, err);
	if (result == 0)
		result = file_put(dir, name,
		    (struct text){ data.text, data.len }, err);
	buf_release(&data);
	return result;
}

/* The folder that files are in, open from one part to the next. */
struct folder {
	struct dir dir;
	const char *name; /* "" for output/budget itself */
	size_t len;
};

/* Make what is new in the folder durable, and close it. */
static int
leave(struct folder *folder, struct error *err)
{
	int result = 0;

	if (folder->dir.fd >= 0 &&
	    TEMP_FAILURE_RETRY(fsync(folder->dir.fd)) < 0)
		result = dir_fail(err, ERROR_IO, "sync", &folder->dir, "");
	if (folder->len > 0)
		dir_close(&folder->dir);
	folder->dir = (struct dir)DIR_NONE;
	return result;
}

/* Go to the folder of a part, which is made where it is missing. */
static int
enter(struct folder *folder, struct workspace *workspace, const char *path,
    struct error *err)
{
	const char *slash = strchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;

	if (folder->dir.fd >= 0 && folder->len == len &&
	    strncmp(folder->name, path, len) == 0)
		return 0;
	if (leave(folder, err) < 0)
		return -1;
	folder->len = len;
	folder->name = arena_copy(workspace->arena, path, len);
	folder->dir = workspace->dir;
	if (len == 0)
		return 0;
	return folder_open(&folder->dir, workspace, folder->name, true, err);
}

static int
carry_out(const struct pending *pending, struct workspace *workspace,
    struct error *err)
{
	struct folder folder = { DIR_NONE, "", 0 };
	const struct pending_part *part;
	struct error ignored;
	int result = 0;

	for (size_t i = 0; i < pending->count && result == 0; i++) {
		const char *name;

		part = &pending->parts[i];
		result = enter(&folder, workspace, part->name, err);
		if (result < 0)
			break;
		name = part->name + (folder.len > 0 ? folder.len + 1 : 0);
		if (part->replaces)
			result = replace(pending, &folder.dir, name, part, err);
		else
			result = append(pending, &folder.dir, name, part, err);
	}
	if (leave(&folder, result == 0 ? err : &ignored) < 0)
		result = -1;
	return result;
}

int
pending_finish(struct workspace *workspace, struct error *err)
{
	struct dir *dir = &workspace->dir;
	struct pending pending;
	int result;

	unlinkat(dir->fd, PENDING_TEMPORARY, 0);
	if (pending_open(&pending, workspace, err) < 0)
		return -1;
	if (pending.file.fd < 0)
		return 0;
	result = carry_out(&pending, workspace, err);
	if (result == 0 &&
	    TEMP_FAILURE_RETRY(unlinkat(dir->fd, PENDING_NAME, 0)) < 0)
		result = dir_fail(err, ERROR_IO, "remove", dir, PENDING_NAME);
	/* Were it to come back after a power cut, behind newer rows, only the
	 * comparison above would tell that it was carried out. */
	if (result == 0 && TEMP_FAILURE_RETRY(fsync(dir->fd)) < 0)
		result = dir_fail(err, ERROR_IO, "sync the folder of", dir,
		    PENDING_NAME);
	pending_close(&pending);
	return result;
}
