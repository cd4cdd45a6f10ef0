#include "lib/store/plans.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/when.h"
#include "lib/core/plan.h"
#include "lib/doc/node.h"
#include "lib/store/document.h"
#include "lib/store/pending.h"
#include "lib/store/workspace.h"

#define NAME "plans.yaml"
#define MAX_SIZE ((size_t)64 * 1024 * 1024)

enum {
	SCHEMA_VERSION = 1,
};

static int
check_snapshot(struct workspace *workspace, const struct node *snapshot,
    struct error *err)
{
	struct plan plan;

	if (plan_read(&plan, workspace->arena, snapshot, err) < 0)
		return -1;
	if (!plan.id.data)
		return node_error(err, snapshot, "snapshot_id is missing");
	return 0;
}

static int
load(struct plans *out, struct workspace *workspace, enum document_use use,
    struct error *err)
{
	const struct node *snapshot;
	int64_t pruned;

	*out = (struct plans){ NULL, NULL };
	if (document_read(&out->root, workspace, NAME, MAX_SIZE, use, err) < 0)
		return -1;
	if (!out->root)
		return 0;
	out->snapshots = node_find(out->root, "snapshots");
	if (node_expect_list(out->snapshots, err) < 0 ||
	    node_count(&pruned, node_get(out->root, "pruned_count"), false,
		err) < 0)
		return -1;
	if (!node_get(out->root, "snapshots"))
		return node_error(err, out->root,
		    "is damaged: snapshots are missing");
	if (!out->snapshots)
		return 0;
	for (snapshot = out->snapshots->first; snapshot;
	     snapshot = snapshot->next)
		if (check_snapshot(workspace, snapshot, err) < 0)
			return -1;
	return 0;
}

int
plans_load(struct plans *out, struct workspace *workspace, struct error *err)
{
	return load(out, workspace, DOCUMENT_READ, err);
}

/* The document as it is, or a new one, with a list to append to. */
static void
prepare(struct plans *plans, struct workspace *workspace)
{
	struct arena *arena = workspace->arena;

	if (!plans->root) {
		plans->root = node_map(arena);
		node_put(arena, plans->root, "schema_version",
		    node_int(arena, SCHEMA_VERSION));
		node_put(arena, plans->root, "pruned_count",
		    node_int(arena, 0));
	}
	if (!plans->snapshots) {
		plans->snapshots = node_list(arena);
		node_replace(arena, plans->root, "snapshots", plans->snapshots);
	}
}

/* Drop the oldest beyond retention and count them. */
static int
prune(struct plans *plans, struct workspace *workspace, int64_t retention,
    struct error *err)
{
	const struct node *counted = node_get(plans->root, "pruned_count");
	int64_t pruned;

	if (node_count(&pruned, counted, false, err) < 0)
		return -1;
	if (retention == 0 || (int64_t)plans->snapshots->count <= retention)
		return 0;
	while ((int64_t)plans->snapshots->count > retention) {
		node_drop_first(plans->snapshots);
		if (__builtin_add_overflow(pruned, 1, &pruned))
			return node_error(err, counted, "does not fit 64 bits");
	}
	node_replace(workspace->arena, plans->root, "pruned_count",
	    node_int(workspace->arena, pruned));
	return 0;
}

/* Add the snapshot, or refresh the newest one where it is of the same plan. */
static int
add(struct plans *plans, struct workspace *workspace, struct node *snapshot,
    int64_t retention, struct error *err)
{
	struct node *newest = plans->snapshots->last;

	if (newest && text_equal(plans_id(newest), plans_id(snapshot))) {
		node_replace(workspace->arena, newest, "recorded_at",
		    node_copy(workspace->arena,
			node_get(snapshot, "recorded_at")));
		return 0;
	}
	node_add(plans->snapshots, snapshot);
	return prune(plans, workspace, retention, err);
}

int
plans_record(struct node **out, struct workspace *workspace,
    const struct node *summary, int64_t retention, struct error *err)
{
	struct buf time = BUF_INIT;
	struct plans plans;
	struct when now = { 0 };
	int result = -1;

	/* What is wrong with the summary is said before anything is made. */
	if (plan_snapshot(out, workspace->arena, summary, now, err) < 0 ||
	    pending_lock(workspace, &now, err) < 0)
		return -1;
	when_yaml(&time, now);
	node_replace(workspace->arena, *out, "recorded_at",
	    node_string(workspace->arena, time.text));
	buf_release(&time);
	if (load(&plans, workspace, DOCUMENT_WRITE, err) < 0)
		goto done;
	prepare(&plans, workspace);
	if (add(&plans, workspace, *out, retention, err) < 0)
		goto done;
	result = document_replace(workspace, NAME, plans.root, MAX_SIZE, err);
done:
	workspace_unlock(workspace);
	return result;
}

struct text
plans_id(const struct node *snapshot)
{
	const struct node *id = node_find(snapshot, "snapshot_id");

	return id ? id->text : TEXT_NULL;
}

const struct node *
plans_latest(const struct plans *plans)
{
	return plans->snapshots ? plans->snapshots->last : NULL;
}

const struct node *
plans_find(const struct plans *plans, struct text id)
{
	const struct node *found = NULL, *snapshot;

	if (!plans->snapshots)
		return NULL;
	for (snapshot = plans->snapshots->first; snapshot;
	     snapshot = snapshot->next)
		if (text_equal(plans_id(snapshot), id))
			found = snapshot;
	return found;
}

const struct node *
plans_find_prefix(const struct plans *plans, struct text prefix, bool *several)
{
	const struct node *found = plans_find(plans, prefix), *snapshot;
	struct text id;

	*several = false;
	if (found || !plans->snapshots)
		return found;
	for (snapshot = plans->snapshots->first; snapshot;
	     snapshot = snapshot->next) {
		id = plans_id(snapshot);
		if (!id.data || id.len < prefix.len ||
		    memcmp(id.data, prefix.data, prefix.len) != 0)
			continue;
		if (found && !text_equal(plans_id(found), id))
			*several = true;
		found = snapshot;
	}
	return *several ? NULL : found;
}
