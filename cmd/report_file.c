#include "cmd/report_file.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/session.h"
#include "lib/base/file.h"

int
report_file_open(struct report_file *file, struct session *session,
    const char *path)
{
	char real[PATH_MAX], *slash, *folder;
	bool found;

	*file = (struct report_file){ .dir = DIR_NONE, .old = BUF_INIT };
	if (realpath(path, real))
		path = real;
	folder = arena_copy(&session->arena, path, strlen(path));
	slash = strrchr(folder, '/');
	file->name = slash ? slash + 1 : folder;
	if (slash)
		*slash = '\0';
	if (*file->name == '\0')
		return error_set(&session->err, ERROR_USAGE,
		    "the file to write has no name");
	if (dir_make(&file->dir,
		!slash		  ? "."
		: *folder == '\0' ? "/"
				  : folder,
		&session->err) < 0)
		return -1;
	if (slash)
		file->name =
		    arena_copy(&session->arena, file->name, strlen(file->name));
	return file_read(&file->old, &file->dir, file->name, REPORT_FILE_MAX,
	    &found, &session->err);
}

void
report_file_close(struct report_file *file)
{
	dir_close(&file->dir);
	buf_release(&file->old);
}

int
report_file_replace(struct report_file *file, struct session *session,
    const struct buf *text)
{
	struct text now = { text->text, text->len };

	if (text_equal(now, (struct text){ file->old.text, file->old.len }))
		return 0;
	return file_replace(&file->dir, file->name, now, &session->err);
}
