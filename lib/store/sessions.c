#include "lib/store/sessions.h"

#include "lib/base/error.h"
#include "lib/doc/node.h"
#include "lib/store/document.h"
#include "lib/store/pending.h"
#include "lib/store/workspace.h"

#define NAME "session.yaml"
#define MAX_SIZE ((size_t)1024 * 1024)

enum {
	SCHEMA_VERSION = 1,
};

static int
load(struct sessions *out, struct workspace *workspace, enum document_use use,
    struct error *err)
{
	*out = (struct sessions){ .root = NULL };
	if (document_read(&out->root, workspace, NAME, MAX_SIZE, use, err) < 0)
		return -1;
	return session_span_read(&out->span, out->root, err);
}

int
sessions_load(struct sessions *out, struct workspace *workspace,
    struct error *err)
{
	return load(out, workspace, DOCUMENT_READ, err);
}

static int
save(struct sessions *sessions, struct workspace *workspace, struct error *err)
{
	if (!sessions->root) {
		sessions->root = node_map(workspace->arena);
		node_put(workspace->arena, sessions->root, "schema_version",
		    node_int(workspace->arena, SCHEMA_VERSION));
	}
	session_span_put(workspace->arena, sessions->root, &sessions->span);
	return document_replace(workspace, NAME, sessions->root, MAX_SIZE, err);
}

int
sessions_start(struct sessions *out, struct workspace *workspace,
    struct text name, struct error *err)
{
	struct session_span last;
	struct when now;
	int result;

	if (pending_lock(workspace, &now, err) < 0)
		return -1;
	result = load(out, workspace, DOCUMENT_WRITE, err);
	if (result == 0) {
		last = out->span;
		session_span_start(&out->span, workspace->arena, &last, name,
		    now);
		result = save(out, workspace, err);
	}
	workspace_unlock(workspace);
	return result;
}

int
sessions_end(struct sessions *out, struct workspace *workspace,
    struct error *err)
{
	struct when now;
	int result;

	if (pending_lock(workspace, &now, err) < 0)
		return -1;
	result = load(out, workspace, DOCUMENT_WRITE, err);
	if (result == 0)
		result = sessions_expect_open(&out->span, err);
	if (result == 0) {
		session_span_end(&out->span, now);
		result = save(out, workspace, err);
	}
	workspace_unlock(workspace);
	return result;
}

int
sessions_expect_open(const struct session_span *span, struct error *err)
{
	if (span->is_open)
		return 0;
	return error_set(err, ERROR_NO_INPUT, "no session is open");
}
