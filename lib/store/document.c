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
document_bytes(struct text *out, struct workspace *workspace, const char *name,
    size_t max, struct error *err)
{
	struct buf data = BUF_INIT;
	bool found;
	int result;

	*out = TEXT_NULL;
	result = pending_read(&data, &found, workspace, name, max, err);
	if (result == 0 && !found)
		result =
		    file_read(&data, &workspace->dir, name, max, &found, err);
	if (result == 0 && found) {
		out->data = arena_copy(workspace->arena, data.text, data.len);
		out->len = data.len;
	}
	buf_release(&data);
	return result;
}

int
document_parse(struct node **out, struct workspace *workspace, const char *name,
    struct text text, enum document_use use, struct error *err)
{
	struct buf path = BUF_INIT;
	struct node *root;
	int result;

	*out = NULL;
	if (!text.data)
		return 0;
	dir_describe(&path, &workspace->dir, name);
	result = yaml_read(&root, workspace->arena, text,
	    arena_copy(workspace->arena, path.text, path.len), 1, err);
	if (result == 0)
		result =
		    document_check_version(workspace, root, name, use, err);
	if (result == 0)
		*out = root;
	buf_release(&path);
	return result;
}

int
document_read(struct node **out, struct workspace *workspace, const char *name,
    size_t max, enum document_use use, struct error *err)
{
	struct text text;

	*out = NULL;
	if (document_bytes(&text, workspace, name, max, err) < 0)
		return -1;
	return document_parse(out, workspace, name, text, use, err);
}

int
document_check_size(const struct buf *text, const char *name, size_t max,
    struct error *err)
{
	if (text->len <= max)
		return 0;
	return error_set(err, ERROR_DATA,
	    "%s would be larger than %zu MiB: not changed", name,
	    max / (1024 * 1024));
}

int
document_write(struct buf *out, const char *name, const struct node *root,
    size_t max, struct error *err)
{
	yaml_write(out, root);
	return document_check_size(out, name, max, err);
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
