#include "lib/store/document.h"

#include <inttypes.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/doc/node.h"
#include "lib/doc/yaml.h"
#include "lib/doc/yaml_write.h"
#include "lib/store/pending.h"
#include "lib/store/workspace.h"

enum {
	SCHEMA_VERSION = 1,
};

int
document_check_version(struct workspace *workspace, const struct node *root,
    const char *name, enum document_use use, struct error *err)
{
	const struct node *version = node_get(root, "schema_version");
	int64_t number;

	if (root->type != NODE_MAP)
		return node_error(err, root,
		    "is damaged: expected a mapping with a schema_version");
	if (node_is_null(version))
		return node_error(err, root,
		    "is damaged: schema_version is missing");
	if (node_count(&number, version, false, err) < 0)
		return -1;
	if (number == 0)
		return node_error(err, version, "expected 1, got 0");
	if (number > SCHEMA_VERSION && use == DOCUMENT_WRITE)
		return node_error(err, version,
		    "is newer than this meter knows (%d): not changed",
		    SCHEMA_VERSION);
	if (number > SCHEMA_VERSION)
		workspace_note(workspace,
		    "%s: schema_version %" PRId64
		    " is newer than this meter knows",
		    name, number);
	return 0;
}

int
document_read(struct node **out, struct workspace *workspace, const char *name,
    size_t max, enum document_use use, struct error *err)
{
	struct buf data = BUF_INIT, path = BUF_INIT;
	struct node *root;
	struct text text;
	bool found;
	int result = -1;

	*out = NULL;
	if (pending_read(&data, &found, workspace, name, max, err) < 0)
		goto done;
	if (!found &&
	    file_read(&data, &workspace->dir, name, max, &found, err) < 0)
		goto done;
	if (!found) {
		result = 0;
		goto done;
	}
	dir_describe(&path, &workspace->dir, name);
	text.data = arena_copy(workspace->arena, data.text, data.len);
	text.len = data.len;
	if (yaml_read(&root, workspace->arena, text,
		arena_copy(workspace->arena, path.text, path.len), 1,
		err) < 0 ||
	    document_check_version(workspace, root, name, use, err) < 0)
		goto done;
	*out = root;
	result = 0;
done:
	buf_release(&path);
	buf_release(&data);
	return result;
}

int
document_write(struct buf *out, const char *name, const struct node *root,
    size_t max, struct error *err)
{
	yaml_write(out, root);
	if (out->len <= max)
		return 0;
	return error_set(err, ERROR_DATA,
	    "%s would be larger than %zu MiB: not changed", name,
	    max / (1024 * 1024));
}

int
document_replace(struct workspace *workspace, const char *name,
    const struct node *root, size_t max, struct error *err)
{
	struct buf data = BUF_INIT;
	int result;

	result = document_write(&data, name, root, max, err);
	if (result == 0)
		result = file_replace(&workspace->dir, name,
		    (struct text){ data.text, data.len }, err);
	buf_release(&data);
	return result;
}
