#include "lib/store/changes.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/store/pending.h"
#include "lib/store/pending_finish.h"
#include "lib/store/workspace.h"

void
changes_init(struct changes *changes)
{
	*changes = (struct changes){ .files = NULL };
	changes->end = &changes->files;
}

void
changes_add(struct changes *changes, struct arena *arena, const char *name,
    struct text text)
{
	struct changes_file *file = arena_alloc(arena, sizeof(*file));

	file->name = arena_copy(arena, name, strlen(name));
	file->text.data = arena_copy(arena, text.data, text.len);
	file->text.len = text.len;
	*changes->end = file;
	changes->end = &file->next;
	changes->count++;
}

/* What is being written, and where it has come to. */
struct writing {
	const struct dir *dir;
	const struct changes_file *next;
};

static int
write_next(void *data, size_t part, int fd, struct error *err)
{
	struct writing *writing = data;

	(void)part;
	if (file_write_all(fd, writing->next->text) < 0)
		return dir_fail(err, ERROR_IO, "write", writing->dir,
		    PENDING_NAME);
	writing->next = writing->next->next;
	return 0;
}

int
changes_commit(const struct changes *changes, struct workspace *workspace,
    struct error *err)
{
	struct pending_part *parts =
	    arena_array(workspace->arena, changes->count + 1, sizeof(*parts));
	struct writing writing = { &workspace->dir, changes->files };
	const struct changes_file *file = changes->files;
	struct error reason;

	if (changes->count == 0)
		return 0;
	for (size_t i = 0; i < changes->count; i++, file = file->next)
		parts[i] = (struct pending_part){ .name = file->name,
			.replaces = true,
			.length = (int64_t)file->text.len };
	if (pending_commit(workspace, parts, changes->count, write_next,
		&writing, err) < 0)
		return -1;
	if (pending_finish(workspace, &reason) < 0)
		workspace_note(workspace,
		    "the change is stored in .pending, but: %s", reason.text);
	return 0;
}
