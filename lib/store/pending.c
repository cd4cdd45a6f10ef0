#include "lib/store/pending.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/base/number.h"
#include "lib/store/pending_finish.h"
#include "lib/store/workspace.h"

#define FIRST_LINE "meter pending 1 "

enum {
	MAX_PARTS = 4 * 1000 * 1000, /* more days than there are */
	LINE_MAX_LEN = 512,
};

static int
refuse(struct workspace *workspace, struct error *err)
{
	return dir_refuse(err, "is not a change that meter wrote",
	    &workspace->dir, PENDING_NAME);
}

/* Read the line at *offset and step over it; it is cut at its newline. */
static int
read_line(char line[LINE_MAX_LEN], const struct file *file, int64_t *offset,
    struct error *err)
{
	struct buf text = BUF_INIT;
	const char *end;
	int result;

	result = file_read_at(&text, file, *offset, LINE_MAX_LEN - 1, err);
	end = memchr(text.text, '\n', text.len);
	if (result == 0 && !end)
		result = dir_refuse(err, "is not a change that meter wrote",
		    file->dir, file->name);
	if (result == 0) {
		memcpy(line, text.text, (size_t)(end - text.text));
		line[end - text.text] = '\0';
		*offset += end - text.text + 1;
	}
	buf_release(&text);
	return result;
}

/* `NAME` or `FOLDER/NAME`, neither of them hidden. */
static bool
is_name(const char *text, size_t len)
{
	const char *slash = memchr(text, '/', len), *name;

	name = slash ? slash + 1 : text;
	len -= (size_t)(name - text);
	return text[0] != '.' && text[0] != '/' && len > 0 && name[0] != '.' &&
	       !memchr(name, '/', len);
}

/* The line of a part: `NAME OLD_SIZE LENGTH`; `-` where it replaces. */
static int
parse_part(struct pending_part *part, struct arena *arena, const char *line)
{
	size_t name = strcspn(line, " "), size;
	const char *at = line + name;
	int64_t end;

	if (name == 0 || *at++ != ' ' || !is_name(line, name))
		return -1;
	part->name = arena_copy(arena, line, name);
	size = strcspn(at, " ");
	part->replaces = size == 1 && *at == '-';
	if ((!part->replaces &&
		number_parse_count(&part->old_size, at, size) < 0) ||
	    at[size] != ' ')
		return -1;
	at += size + 1;
	if (number_parse_count(&part->length, at, strlen(at)) < 0)
		return -1;
	/* Whoever reads the file adds them up. */
	return __builtin_add_overflow(part->old_size, part->length, &end) ? -1
									  : 0;
}

static int
read_parts(struct pending *pending, struct workspace *workspace,
    struct error *err)
{
	char line[LINE_MAX_LEN] = "";
	int64_t offset = 0, count;

	if (read_line(line, &pending->file, &offset, err) < 0)
		return -1;
	if (strncmp(line, FIRST_LINE, strlen(FIRST_LINE)) != 0 ||
	    number_parse_count(&count, line + strlen(FIRST_LINE),
		strlen(line) - strlen(FIRST_LINE)) < 0 ||
	    count > MAX_PARTS)
		return refuse(workspace, err);
	pending->count = (size_t)count;
	pending->parts = arena_array(workspace->arena, pending->count,
	    sizeof(*pending->parts));
	for (size_t i = 0; i < pending->count; i++) {
		if (read_line(line, &pending->file, &offset, err) < 0)
			return -1;
		if (parse_part(&pending->parts[i], workspace->arena, line) < 0)
			return refuse(workspace, err);
	}
	for (size_t i = 0; i < pending->count; i++) {
		pending->parts[i].offset = offset;
		if (__builtin_add_overflow(offset, pending->parts[i].length,
			&offset))
			return refuse(workspace, err);
	}
	return offset == pending->file.size ? 0 : refuse(workspace, err);
}

int
pending_open(struct pending *pending, struct workspace *workspace,
    struct error *err)
{
	bool found;

	*pending = (struct pending)PENDING_NONE;
	if (workspace->dir.fd < 0)
		return 0;
	if (file_open(&pending->file, &workspace->dir, PENDING_NAME, &found,
		err) < 0)
		return -1;
	if (!found || read_parts(pending, workspace, err) == 0)
		return 0;
	pending_close(pending);
	return -1;
}

void
pending_close(struct pending *pending)
{
	file_close(&pending->file);
	pending->count = 0;
}

const struct pending_part *
pending_find(const struct pending *pending, const char *name)
{
	for (size_t i = 0; i < pending->count; i++)
		if (strcmp(pending->parts[i].name, name) == 0)
			return &pending->parts[i];
	return NULL;
}

static int
write_table(int fd, const struct pending_part *parts, size_t count)
{
	struct buf text = BUF_INIT;
	int result;

	buf_printf(&text, FIRST_LINE "%zu\n", count);
	for (size_t i = 0; i < count; i++)
		if (parts[i].replaces)
			buf_printf(&text, "%s - %" PRId64 "\n", parts[i].name,
			    parts[i].length);
		else
			buf_printf(&text, "%s %" PRId64 " %" PRId64 "\n",
			    parts[i].name, parts[i].old_size, parts[i].length);
	result = file_write_all(fd, (struct text){ text.text, text.len });
	buf_release(&text);
	return result;
}

/* Write all of the change to the temporary file, durably. */
static int
write_temporary(struct workspace *workspace, int fd,
    const struct pending_part *parts, size_t count, pending_writer *writer,
    void *data, struct error *err)
{
	if (write_table(fd, parts, count) < 0)
		return dir_fail(err, ERROR_IO, "write", &workspace->dir,
		    PENDING_NAME);
	for (size_t i = 0; i < count; i++)
		if (writer(data, i, fd, err) < 0)
			return -1;
	if (TEMP_FAILURE_RETRY(fsync(fd)) < 0)
		return dir_fail(err, ERROR_IO, "sync", &workspace->dir,
		    PENDING_NAME);
	return 0;
}

int
pending_commit(struct workspace *workspace, const struct pending_part *parts,
    size_t count, pending_writer *writer, void *data, struct error *err)
{
	struct dir *dir = &workspace->dir;
	int fd, result;

	unlinkat(dir->fd, PENDING_TEMPORARY, 0);
	fd = dir_openat(dir->fd, PENDING_TEMPORARY,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
	if (fd < 0)
		return dir_fail(err, ERROR_CREATE, "create", dir,
		    PENDING_TEMPORARY);
	result =
	    write_temporary(workspace, fd, parts, count, writer, data, err);
	if (close(fd) < 0 && errno != EINTR && result == 0)
		result =
		    dir_fail(err, ERROR_IO, "close", dir, PENDING_TEMPORARY);
	if (result == 0 && TEMP_FAILURE_RETRY(renameat(dir->fd,
			       PENDING_TEMPORARY, dir->fd, PENDING_NAME)) < 0)
		result = dir_fail(err, ERROR_IO, "replace", dir, PENDING_NAME);
	if (result < 0) {
		unlinkat(dir->fd, PENDING_TEMPORARY, 0);
		return -1;
	}
	if (TEMP_FAILURE_RETRY(fsync(dir->fd)) == 0)
		return 0;
	dir_fail(err, ERROR_IO, "sync the folder of", dir, PENDING_NAME);
	unlinkat(dir->fd, PENDING_NAME, 0);
	return -1;
}

int
pending_read(struct buf *out, bool *found, struct workspace *workspace,
    const char *name, size_t max, struct error *err)
{
	const struct pending_part *part;
	struct pending pending;
	int result = 0;

	*found = false;
	if (pending_open(&pending, workspace, err) < 0)
		return -1;
	part = pending_find(&pending, name);
	*found = part && part->replaces;
	if (*found && (uint64_t)part->length > max)
		result = dir_refuse(err, "is too large", &workspace->dir, name);
	else if (*found)
		result = file_read_at(out, &pending.file, part->offset,
		    (size_t)part->length, err);
	pending_close(&pending);
	return result;
}

int
pending_lock(struct workspace *workspace, struct when *now, struct error *err)
{
	if (workspace_lock(workspace, now, err) < 0)
		return -1;
	if (pending_finish(workspace, err) == 0)
		return 0;
	workspace_unlock(workspace);
	return -1;
}
