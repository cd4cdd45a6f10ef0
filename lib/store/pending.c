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
#include "lib/store/workspace.h"

#define NAME ".pending"
#define TEMPORARY ".pending.tmp"
#define FIRST_LINE "meter pending 1 "
#define CHUNK ((int64_t)256 * 1024)

enum {
	MAX_PARTS = 4 * 1000 * 1000, /* more days than there are */
	LINE_MAX_LEN = 128,
};

static int
refuse(struct workspace *workspace, struct error *err)
{
	return dir_refuse(err, "is not a change that meter wrote",
	    &workspace->dir, NAME);
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

/* The line of a part: `NAME OLD_SIZE LENGTH`. */
static int
parse_part(struct pending_part *part, struct arena *arena, const char *line)
{
	size_t name = strcspn(line, " "), size;
	const char *at = line + name;

	if (name == 0 || *at++ != ' ' || memchr(line, '/', name) ||
	    line[0] == '.')
		return -1;
	part->name = arena_copy(arena, line, name);
	size = strcspn(at, " ");
	if (number_parse_count(&part->old_size, at, size) < 0 ||
	    at[size] != ' ')
		return -1;
	at += size + 1;
	return number_parse_count(&part->length, at, strlen(at));
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
	if (file_open(&pending->file, &workspace->dir, NAME, &found, err) < 0)
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
		buf_printf(&text, "%s %" PRId64 " %" PRId64 "\n", parts[i].name,
		    parts[i].old_size, parts[i].length);
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
		return dir_fail(err, ERROR_IO, "write", &workspace->dir, NAME);
	for (size_t i = 0; i < count; i++)
		if (writer(data, i, fd, err) < 0)
			return -1;
	if (TEMP_FAILURE_RETRY(fsync(fd)) < 0)
		return dir_fail(err, ERROR_IO, "sync", &workspace->dir, NAME);
	return 0;
}

int
pending_commit(struct workspace *workspace, const struct pending_part *parts,
    size_t count, pending_writer *writer, void *data, struct error *err)
{
	struct dir *dir = &workspace->dir;
	int fd, result;

	unlinkat(dir->fd, TEMPORARY, 0);
	fd = dir_openat(dir->fd, TEMPORARY,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
	if (fd < 0)
		return dir_fail(err, ERROR_CREATE, "create", dir, TEMPORARY);
	result =
	    write_temporary(workspace, fd, parts, count, writer, data, err);
	if (close(fd) < 0 && errno != EINTR && result == 0)
		result = dir_fail(err, ERROR_IO, "close", dir, TEMPORARY);
	if (result == 0 &&
	    TEMP_FAILURE_RETRY(renameat(dir->fd, TEMPORARY, dir->fd, NAME)) < 0)
		result = dir_fail(err, ERROR_IO, "replace", dir, NAME);
	if (result < 0) {
		unlinkat(dir->fd, TEMPORARY, 0);
		return -1;
	}
	if (TEMP_FAILURE_RETRY(fsync(dir->fd)) == 0)
		return 0;
	dir_fail(err, ERROR_IO, "sync the folder of", dir, NAME);
	unlinkat(dir->fd, NAME, 0);
	return -1;
}

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
open_part(struct file *file, const struct dir *events,
    const struct pending_part *part, struct error *err)
{
	char temporary[LINE_MAX_LEN + 8];
	bool found;
	int fd;

	if (file_open_append(file, events, part->name, &found, err) < 0)
		return -1;
	if (found)
		return 0;
	/* What a killed process left as it was to make the same file. */
	snprintf(temporary, sizeof(temporary), ".%s.tmp", part->name);
	unlinkat(events->fd, temporary, 0);
	fd = dir_openat(events->fd, part->name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
	if (fd < 0)
		return dir_fail(err, ERROR_CREATE, "create", events,
		    part->name);
	close(fd);
	if (file_open_append(file, events, part->name, &found, err) < 0)
		return -1;
	return found ? 0
		     : dir_refuse(err, "went away as it was made", events,
			   part->name);
}

static int
carry_out(const struct pending *pending, const struct dir *events,
    const struct pending_part *part, struct error *err)
{
	struct file file = FILE_NONE;
	bool done = false;
	int result;

	result = open_part(&file, events, part, err);
	if (result == 0)
		result = is_done(&done, pending, part, &file, err);
	if (result < 0 || done)
		goto done;
	/* Behind half a change stands nothing else, unless by another hand. */
	if (file.size < part->old_size ||
	    file.size > part->old_size + part->length) {
		result = dir_refuse(err,
		    "was changed while a change in .pending waited for it",
		    events, part->name);
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

int
pending_finish(struct workspace *workspace, const struct dir *events,
    struct error *err)
{
	struct dir *dir = &workspace->dir;
	struct pending pending;
	int result = 0;

	unlinkat(dir->fd, TEMPORARY, 0);
	if (pending_open(&pending, workspace, err) < 0)
		return -1;
	if (pending.file.fd < 0)
		return 0;
	for (size_t i = 0; i < pending.count && result == 0; i++)
		result = carry_out(&pending, events, &pending.parts[i], err);
	if (result == 0 && TEMP_FAILURE_RETRY(fsync(events->fd)) < 0)
		result = dir_fail(err, ERROR_IO, "sync", events, "");
	if (result == 0 && TEMP_FAILURE_RETRY(unlinkat(dir->fd, NAME, 0)) < 0)
		result = dir_fail(err, ERROR_IO, "remove", dir, NAME);
	/* Were it to come back after a power cut, behind newer rows, only the
	 * comparison above would tell that it was carried out. */
	if (result == 0 && TEMP_FAILURE_RETRY(fsync(dir->fd)) < 0)
		result =
		    dir_fail(err, ERROR_IO, "sync the folder of", dir, NAME);
	pending_close(&pending);
	return result;
}
