#include "lib/store/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/text.h"
#include "lib/store/workspace.h"

#define FOLDER ".cache"
#define PRIME UINT64_C(1099511628211)
#define SECOND INT64_C(1000000000)
/* The clock of file systems is coarse: two changes closer than this may have
 * the same time. */
#define COARSE ((int64_t)50 * 1000 * 1000)

struct cache_state
cache_state_of(const struct stat *st)
{
	return (struct cache_state){ .inode = st->st_ino,
		.size = st->st_size,
		.modified_ns =
		    st->st_mtim.tv_sec * SECOND + st->st_mtim.tv_nsec,
		.changed_ns =
		    st->st_ctim.tv_sec * SECOND + st->st_ctim.tv_nsec };
}

bool
cache_state_equal(const struct cache_state *a, const struct cache_state *b)
{
	return a->inode == b->inode && a->size == b->size &&
	       a->modified_ns == b->modified_ns &&
	       a->changed_ns == b->changed_ns;
}

/* FNV-1a by words, which is as good for telling damage as by bytes. */
uint64_t
cache_sum(uint64_t sum, const void *data, size_t len)
{
	const char *at = data;
	uint64_t word;

	for (size_t i = 0; i + sizeof(word) <= len; i += sizeof(word)) {
		memcpy(&word, at + i, sizeof(word));
		sum = (sum ^ word) * PRIME;
		sum ^= sum >> 29;
	}
	return sum;
}

void
cache_open(struct dir *dir, const struct workspace *workspace, bool make)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;

	*dir = (struct dir){ -1, FOLDER };
	if (workspace->dir.fd < 0)
		return;
	dir->fd = dir_openat(workspace->dir.fd, FOLDER, flags);
	if (dir->fd >= 0 || errno != ENOENT || !make ||
	    mkdirat(workspace->dir.fd, FOLDER, 0777) < 0)
		return;
	dir->fd = dir_openat(workspace->dir.fd, FOLDER, flags);
}

/* A file of our own: what is linked from elsewhere may be anybody's. */
static bool
is_own(struct stat *st, int fd)
{
	return fstat(fd, st) == 0 && S_ISREG(st->st_mode) && st->st_nlink == 1;
}

/*
 * The file's own time, set anew, tells what the file system's clock says.
 * What is in it stays for now: who reads it meanwhile finds the old state.
 */
bool
cache_begin(struct file *out, const struct dir *dir, const char *name,
    const struct cache_state *state)
{
	struct stat st;

	*out = (struct file)FILE_NONE;
	if (dir->fd < 0)
		return false;
	out->fd = dir_openat(dir->fd, name,
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK);
	if (out->fd >= 0 && is_own(&st, out->fd) &&
	    futimens(out->fd, NULL) == 0 && is_own(&st, out->fd) &&
	    cache_state_of(&st).modified_ns - state->changed_ns >= COARSE)
		return true;
	file_close(out);
	return false;
}

bool
cache_end(struct file *file, struct text data)
{
	bool done = file_write_all(file->fd, data) == 0 &&
		    ftruncate(file->fd, (off_t)data.len) == 0;

	file_close(file);
	return done;
}
