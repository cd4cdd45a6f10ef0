#include "lib/store/ledger_batch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/core/usage.h"
#include "lib/store/ledger_ids.h"
#include "lib/store/ledger_row.h"
#include "lib/store/workspace.h"

#define SPILL ((size_t)4 * 1024 * 1024)
#define SPILL_NAME ".batch.tmp"
#define DAY ((int64_t)86400 * 1000000)

void
ledger_batch_start(struct ledger_batch *batch, struct workspace *workspace)
{
	*batch = (struct ledger_batch){ .workspace = workspace,
		.rows = BUF_INIT,
		.fd = -1,
		.entry_data = BUF_INIT,
		.last = UUID_NONE };
}

void
ledger_batch_release(struct ledger_batch *batch)
{
	if (batch->fd >= 0)
		close(batch->fd);
	batch->fd = -1;
	buf_release(&batch->rows);
	buf_release(&batch->entry_data);
}

void
ledger_batch_reset(struct ledger_batch *batch)
{
	if (batch->fd >= 0)
		close(batch->fd);
	batch->fd = -1;
	batch->spilled = 0;
	batch->count = 0;
	buf_reset(&batch->rows);
	buf_reset(&batch->entry_data);
}

/* Open a file without a name, beside the data it will become. */
static int
open_spill(struct ledger_batch *batch, struct error *err)
{
	struct workspace *workspace = batch->workspace;
	struct dir *dir = &workspace->dir;

	if (dir->fd < 0 && dir_make(dir, workspace->path, err) < 0)
		return -1;
	batch->fd = dir_openat(dir->fd, ".", O_RDWR | O_TMPFILE);
	/* Some file systems have none; then it loses its name at once. */
	if (batch->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		unlinkat(dir->fd, SPILL_NAME, 0);
		batch->fd = dir_openat(dir->fd, SPILL_NAME,
		    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW);
		if (batch->fd >= 0)
			unlinkat(dir->fd, SPILL_NAME, 0);
	}
	if (batch->fd < 0)
		return dir_fail(err, ERROR_CREATE, "create", dir, SPILL_NAME);
	return 0;
}

static int
spill(struct ledger_batch *batch, struct error *err)
{
	if (batch->fd < 0 && open_spill(batch, err) < 0)
		return -1;
	if (file_write_all(batch->fd,
		(struct text){ batch->rows.text, batch->rows.len }) < 0)
		return dir_fail(err, ERROR_IO, "write to",
		    &batch->workspace->dir, SPILL_NAME);
	batch->spilled += (int64_t)batch->rows.len;
	buf_reset(&batch->rows);
	return 0;
}

int
ledger_batch_add(struct ledger_batch *batch, const struct usage *usage,
    struct when now, struct error *err)
{
	struct usage record = *usage;
	struct ledger_entry entry = { .is_given = usage->id.data != NULL };
	size_t start = batch->rows.len;
	char id[UUID_LEN + 1];

	if (!entry.is_given) {
		if (uuid_next(id, &batch->last, now, err) < 0)
			return -1;
		record.id = (struct text){ id, UUID_LEN };
	}
	ledger_row_write(&batch->rows, &record, &ledger_row_own);
	if (batch->rows.len - start > LEDGER_ROW_MAX) {
		buf_truncate(&batch->rows, start);
		return error_set(err, ERROR_DATA,
		    "the record is longer than %d bytes", LEDGER_ROW_MAX);
	}
	entry.offset = batch->spilled + (int64_t)start;
	entry.len = (batch->rows.len - start) & 0xFFFFFF;
	entry.hash = entry.is_given ? ledger_ids_hash(record.id) : 0;
	entry.day = (int32_t)(when_day_start(record.at).micros / DAY);
	buf_add(&batch->entry_data, &entry, sizeof(entry));
	batch->entries = (struct ledger_entry *)(void *)batch->entry_data.text;
	batch->count++;
	return batch->rows.len >= SPILL ? spill(batch, err) : 0;
}

int
ledger_batch_row(struct buf *out, const struct ledger_batch *batch,
    size_t index, struct error *err)
{
	const struct ledger_entry *entry = &batch->entries[index];
	struct file file = { .fd = batch->fd,
		.dir = &batch->workspace->dir,
		.name = SPILL_NAME };

	if (entry->offset < batch->spilled)
		return file_read_at(out, &file, entry->offset, entry->len, err);
	buf_add(out, batch->rows.text + (entry->offset - batch->spilled),
	    entry->len);
	return 0;
}
