#include "lib/store/summary_file.h"

#include "lib/base/error.h"
#include "lib/core/plan.h"
#include "lib/core/summary.h"
#include "lib/doc/node.h"
#include "lib/store/document.h"
#include "lib/store/plans.h"
#include "lib/store/runs.h"
#include "lib/store/workspace.h"

#define NAME "summary.yaml"
#define MAX_SIZE ((size_t)64 * 1024 * 1024)

int
summary_file_compute(struct summary_file *out, struct workspace *workspace,
    struct error *err)
{
	const struct node *snapshot = NULL;
	struct plans plans;
	struct plan plan;

	if (plans_load(&plans, workspace, err) < 0)
		return -1;
	if (out->run.snapshot_id.data)
		snapshot = plans_find(&plans, out->run.snapshot_id);
	if (snapshot && plan_read(&plan, workspace->arena, snapshot, err) < 0)
		return -1;
	if (variance_compute(&out->variance, workspace->arena, &out->run,
		snapshot ? &plan : NULL, err) < 0)
		return -1;
	out->node = summary_node(workspace->arena, &out->variance);
	out->is_stored = false;
	return 0;
}

int
summary_file_of_run(struct summary_file *out, struct workspace *workspace,
    int64_t index, struct error *err)
{
	const struct node *stored;

	*out = (struct summary_file){ 0 };
	if (runs_find(&out->run, &stored, workspace, index, err) < 0)
		return -1;
	return stored ? summary_file_compute(out, workspace, err) : 0;
}

int
summary_file_latest(struct summary_file *out, struct workspace *workspace,
    struct error *err)
{
	const struct node *stored;
	struct node *root;

	*out = (struct summary_file){ 0 };
	if (runs_find(&out->run, &stored, workspace, 0, err) < 0 ||
	    document_read(&root, workspace, NAME, MAX_SIZE, DOCUMENT_READ,
		err) < 0)
		return -1;
	if (root &&
	    summary_read(&out->variance, workspace->arena, root, err) < 0)
		return -1;
	if (!stored)
		return 0;
	if (!root || out->variance.run_index != out->run.index)
		return summary_file_compute(out, workspace, err);
	out->node = root;
	out->is_stored = true;
	return 0;
}

/* Put the fields of others, that stand in the old file, behind ours. */
static void
keep_unknown(struct arena *arena, struct node *map, const struct node *old)
{
	for (const struct node *child = old ? old->first : NULL; child;
	     child = child->next)
		if (!summary_has_field(child->key))
			node_put_text(arena, map, child->key,
			    node_copy(arena, child));
}

int
summary_file_save(struct workspace *workspace,
    const struct summary_file *summary, struct error *err)
{
	struct variance before;
	struct node *map, *old;

	if (document_read(&old, workspace, NAME, MAX_SIZE, DOCUMENT_WRITE,
		err) < 0)
		return -1;
	if (old && summary_read(&before, workspace->arena, old, err) < 0)
		return -1;
	map = node_copy(workspace->arena, summary->node);
	keep_unknown(workspace->arena, map, old);
	return document_replace(workspace, NAME, map, MAX_SIZE, err);
}

void
summary_file_mend(struct workspace *workspace,
    const struct summary_file *summary)
{
	struct summary_file now;
	struct error ignored;

	if (!summary->node || summary->is_stored ||
	    !workspace_try_lock(workspace))
		return;
	if (summary_file_latest(&now, workspace, &ignored) == 0 && now.node &&
	    !now.is_stored && summary_file_save(workspace, &now, &ignored) < 0)
		workspace_note(workspace, "%s", ignored.text);
	workspace_unlock(workspace);
}
