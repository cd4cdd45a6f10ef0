#include "lib/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"

#define NANOSECONDS 1000000000
#define CHUNK ((size_t)64 * 1024)

/* Take the state of an open file; refuse what is no regular file. */
static int
take_state(struct file *file, struct error *err)
{
	struct stat st;

	if (TEMP_FAILURE_RETRY(fstat(file->fd, &st)) < 0)
		return dir_fail(err, ERROR_IO, "look at", file->dir,
		    file->name);
	if (!S_ISREG(st.st_mode))
		return dir_refuse(err, "is not a regular file", file->dir,
		    file->name);
	file->size = st.st_size;
	file->inode = st.st_ino;
	file->links = st.st_nlink;
	file->modified_ns =
	    st.st_mtim.tv_sec * NANOSECONDS + st.st_mtim.tv_nsec;
	file->changed_ns = st.st_ctim.tv_sec * NANOSECONDS + st.st_ctim.tv_nsec;
	return 0;
}

/* A link gives ELOOP, a pipe must not make us wait: hence the flags. */
static int
open_data(struct file *file, const struct dir *dir, const char *name, int flags,
    bool *found, struct error *err)
{
	file->dir = dir;
	file->name = name;
	file->fd = dir_openat(dir->fd, name,
	    flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	*found = file->fd >= 0;
	if (!*found && errno == ENOENT)
		return 0;
	if (!*found && (errno == ELOOP || errno == EISDIR || errno == ENXIO))
		return dir_refuse(err, "is not a regular file", dir, name);
	if (!*found)
		return dir_fail(err, ERROR_IO, "open", dir, name);
	if (take_state(file, err) == 0)
		return 0;
	file_close(file);
	return -1;
}

int
file_open(struct file *file, const struct dir *dir, const char *name,
    bool *found, struct error *err)
{
	return open_data(file, dir, name, O_RDONLY, found, err);
}

int
file_open_append(struct file *file, const struct dir *dir, const char *name,
    bool *found, struct error *err)
{
	return open_data(file, dir, name, O_RDWR | O_APPEND, found, err);
}

int
file_refresh(struct file *file, struct error *err)
{
	return take_state(file, err);
}

void
file_close(struct file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

bool
file_is_there(const struct dir *dir, const char *name)
{
	struct stat st;

	return fstatat(dir->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Read up to len bytes at offset, or from the stream where it is negative. */
static ssize_t
read_some(int fd, char *data, size_t len, int64_t offset)
{
	if (offset < 0)
		return TEMP_FAILURE_RETRY(read(fd, data, len));
	return TEMP_FAILURE_RETRY(pread(fd, data, len, offset));
}

int
file_read_at(struct buf *out, const struct file *file, int64_t offset,
    size_t len, struct error *err)
{
	ssize_t count;

	while (len > 0) {
		count = read_some(file->fd, buf_reserve(out, len), len, offset);
		if (count < 0)
			return dir_fail(err, ERROR_IO, "read", file->dir,
			    file->name);
		if (count == 0)
			return 0;
		buf_truncate(out, out->len + (size_t)count);
		offset += count;
		len -= (size_t)count;
	}
	return 0;
}

int
file_read(struct buf *out, const struct dir *dir, const char *name, size_t max,
    bool *found, struct error *err)
{
	struct file file = FILE_NONE;
	int result = -1;

	*found = false;
	if (dir->fd < 0)
		return 0;
	if (file_open(&file, dir, name, found, err) < 0)
		return -1;
	if (!*found)
		return 0;
	if ((uint64_t)file.size > max)
		result = dir_refuse(err, "is too large", dir, name);
	else
		result = file_read_at(out, &file, 0, (size_t)file.size, err);
	file_close(&file);
	return result;
}

/* Read a stream to its end into out, at most max bytes. */
static int
read_stream(struct buf *out, int fd, const char *path, size_t max,
    struct error *err)
{
	struct dir here = { AT_FDCWD, "." };
	ssize_t count;

	for (;;) {
		count = read_some(fd, buf_reserve(out, CHUNK), CHUNK, -1);
		if (count < 0)
			return dir_fail(err, ERROR_NO_INPUT, "read", &here,
			    path);
		if (count == 0)
			return 0;
		buf_truncate(out, out->len + (size_t)count);
		if (out->len > max)
			return dir_refuse(err, "is too large", &here, path);
	}
}

int
file_read_input(struct buf *out, const char *path, size_t max,
    struct error *err)
{
	struct dir here = { AT_FDCWD, "." };
	int fd, result;

	if (strcmp(path, "-") == 0)
		return read_stream(out, STDIN_FILENO, "standard input", max,
		    err);
	fd = dir_openat(AT_FDCWD, path, O_RDONLY | O_NOCTTY);
	if (fd < 0)
		return dir_fail(err, ERROR_NO_INPUT, "open", &here, path);
	result = read_stream(out, fd, path, max, err);
	close(fd);
	return result;
}

int
file_write_all(int fd, struct text data)
{
	size_t done = 0;
	ssize_t count;

	while (done < data.len) {
		count = write(fd, data.data + done, data.len - done);
		if (count < 0 && errno != EINTR)
			return -1;
		if (count > 0)
			done += (size_t)count;
	}
	return 0;
}

/* Give the temporary file the mode of the one whose place it takes. */
static int
copy_mode(const struct dir *dir, const char *name, int fd)
{
	struct stat st;

	if (fstatat(dir->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISREG(st.st_mode)) {
		errno = ELOOP;
		return -1;
	}
	if (fchown(fd, (uid_t)-1, st.st_gid) < 0 && errno != EPERM)
		return -1;
	return (int)TEMP_FAILURE_RETRY(fchmod(fd, st.st_mode & 07777));
}

/* Write the temporary file whole and make it durable; it is closed after. */
static int
write_temporary(const struct dir *dir, const char *name, int fd,
    struct text data, struct error *err)
{
	int result = 0;

	if (copy_mode(dir, name, fd) < 0 || file_write_all(fd, data) < 0 ||
	    TEMP_FAILURE_RETRY(fsync(fd)) < 0)
		result = dir_fail(err, ERROR_IO, "write", dir, name);
	if (close(fd) < 0 && errno != EINTR && result == 0)
		result = dir_fail(err, ERROR_IO, "close", dir, name);
	return result;
}

int
file_put(const struct dir *dir, const char *name, struct text data,
    struct error *err)
{
	char temporary[NAME_MAX + 1];
	size_t len = strlen(name);
	int fd;

	if (len + 5 >= sizeof(temporary))
		return dir_refuse(err, "has too long a name", dir, name);
	temporary[0] = '.';
	memcpy(temporary + 1, name, len);
	memcpy(temporary + 1 + len, ".tmp", 5);

	/* The name is fixed, since the caller holds the lock: what a killed
	 * process left under it is ours to remove. */
	unlinkat(dir->fd, temporary, 0);
	fd = dir_openat(dir->fd, temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
	if (fd < 0)
		return dir_fail(err, ERROR_CREATE, "create", dir, temporary);
	if (write_temporary(dir, name, fd, data, err) < 0) {
		unlinkat(dir->fd, temporary, 0);
		return -1;
	}
	if (TEMP_FAILURE_RETRY(renameat(dir->fd, temporary, dir->fd, name)) <
	    0) {
		dir_fail(err, ERROR_IO, "replace", dir, name);
		unlinkat(dir->fd, temporary, 0);
		return -1;
	}
	return 0;
}

int
file_replace(const struct dir *dir, const char *name, struct text data,
    struct error *err)
{
	if (file_put(dir, name, data, err) < 0)
		return -1;
	if (TEMP_FAILURE_RETRY(fsync(dir->fd)) < 0)
		return dir_fail(err, ERROR_IO, "sync the folder of", dir, name);
	return 0;
}

/* Cut back what a failed append left; what is said stays the first error. */
static void
roll_back(struct file *file)
{
	if (TEMP_FAILURE_RETRY(ftruncate(file->fd, file->size)) == 0 &&
	    TEMP_FAILURE_RETRY(fdatasync(file->fd)) < 0)
		return;
}

int
file_append(struct file *file, struct text data, struct error *err)
{
	struct error ignored;

	if (file_write_all(file->fd, data) < 0) {
		dir_fail(err, ERROR_IO, "append to", file->dir, file->name);
		roll_back(file);
		return -1;
	}
	if (TEMP_FAILURE_RETRY(fdatasync(file->fd)) < 0) {
		dir_fail(err, ERROR_IO,
		    "sync (whether the record is on disk is unknown)",
		    file->dir, file->name);
		roll_back(file);
		return -1;
	}
	file->size += (int64_t)data.len;
	/* It is on disk: that its new state cannot be told changes nothing. */
	file_refresh(file, &ignored);
	return 0;
}

int
file_cut(struct file *file, int64_t size, struct error *err)
{
	if (TEMP_FAILURE_RETRY(ftruncate(file->fd, size)) < 0 ||
	    TEMP_FAILURE_RETRY(fdatasync(file->fd)) < 0)
		return dir_fail(err, ERROR_IO, "cut", file->dir, file->name);
	return file_refresh(file, err);
}

void
file_write_cache(const struct dir *dir, const char *name, struct text data)
{
	int fd;

	fd = dir_openat(dir->fd, name,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return;
	if (file_write_all(fd, data) < 0)
		unlinkat(dir->fd, name, 0);
	close(fd);
}
