#include "lib/store/ledger_lines.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/store/ledger_files.h"
#include "lib/store/ledger_row.h"

#define CHUNK ((int64_t)256 * 1024)

int
ledger_lines_open(struct ledger_lines *lines, const struct ledger_files *files,
    const struct ledger_file *file, struct error *err)
{
	bool found;

	*lines = (struct ledger_lines){ .file = FILE_NONE, .data = BUF_INIT };
	if (file_open(&lines->file, &files->dir, file->name, &found, err) < 0)
		return -1;
	if (found)
		lines->size = file->size < lines->file.size ? file->size
							    : lines->file.size;
	lines->total = lines->size;
	if (!file->part)
		return 0;
	/* Named here, since a pending file need not be there yet. */
	lines->file.dir = &files->dir;
	lines->file.name = file->name;
	if (lines->size < file->part->old_size)
		return dir_refuse(err,
		    "has lost rows that a change in .pending"
		    " was to follow",
		    &files->dir, file->name);
	lines->pending = &files->pending.file;
	lines->pending_offset = file->part->offset;
	lines->size = file->part->old_size;
	lines->total = lines->size + file->part->length;
	return 0;
}

struct cache_state
ledger_lines_state(const struct ledger_lines *lines)
{
	return (struct cache_state){ lines->file.inode, lines->file.size,
		lines->file.modified_ns, lines->file.changed_ns };
}

void
ledger_lines_close(struct ledger_lines *lines)
{
	file_close(&lines->file);
	buf_release(&lines->data);
}

int
ledger_lines_read_at(struct buf *out, const struct ledger_lines *lines,
    int64_t offset, size_t len, struct error *err)
{
	int64_t end = offset + (int64_t)len, split = lines->size;
	size_t before = out->len, part;

	if (end > lines->total)
		end = lines->total;
	if (offset < split) {
		part = (size_t)((end < split ? end : split) - offset);
		if (file_read_at(out, &lines->file, offset, part, err) < 0)
			return -1;
		/* Behind a file that was cut meanwhile nothing follows. */
		if (out->len - before < part)
			return 0;
		offset += (int64_t)part;
	}
	if (offset >= end)
		return 0;
	return file_read_at(out, lines->pending,
	    lines->pending_offset + offset - split, (size_t)(end - offset),
	    err);
}

void
ledger_lines_seek(struct ledger_lines *lines, int64_t offset)
{
	buf_reset(&lines->data);
	lines->next = 0;
	lines->read = offset;
	lines->number = 0;
}

/* Read more behind what is left of the data. */
static int
fill(struct ledger_lines *lines, struct error *err)
{
	struct buf *data = &lines->data;
	size_t left = data->len - lines->next, before;
	int64_t len = lines->total - lines->read;
	int result;

	if (left > 0 && lines->next > 0)
		memmove(data->text, data->text + lines->next, left);
	buf_truncate(data, left);
	lines->next = 0;
	before = data->len;
	result = ledger_lines_read_at(data, lines, lines->read,
	    (size_t)(len < CHUNK ? len : CHUNK), err);
	/* A file that was cut while it is read ends there. */
	if (result == 0 && data->len == before)
		lines->total = lines->size = lines->read;
	lines->read += (int64_t)(data->len - before);
	return result;
}

int
ledger_lines_next(struct text *line, struct ledger_lines *lines,
    struct error *err)
{
	const char *start, *end = NULL;
	size_t left, seen = 0;

	for (;;) {
		start = lines->data.text + lines->next;
		left = lines->data.len - lines->next;
		end = memchr(start + seen, '\n', left - seen);
		if (end || lines->read >= lines->total)
			break;
		seen = left;
		if (fill(lines, err) < 0)
			return -1;
		if (!memchr(lines->data.text + seen, '\n',
			lines->data.len - seen) &&
		    lines->data.len > LEDGER_ROW_MAX) {
			lines->number++;
			error_set(err, ERROR_DATA, "is too long a row");
			return ledger_lines_fail(lines, err);
		}
	}
	*line = TEXT_NULL;
	if (left == 0)
		return 0;
	lines->has_end = end != NULL;
	line->data = start;
	line->len = end ? (size_t)(end - start) : left;
	lines->offset = lines->read - (int64_t)left;
	lines->next += line->len + lines->has_end;
	lines->number++;
	return 0;
}

int
ledger_lines_fail(const struct ledger_lines *lines, struct error *err)
{
	struct error reason = *err;
	struct buf name = BUF_INIT;

	dir_describe(&name, lines->file.dir, lines->file.name);
	error_set(err, reason.kind, "%s:%" PRId64 ": %s", name.text,
	    lines->number, reason.text);
	buf_release(&name);
	return -1;
}
