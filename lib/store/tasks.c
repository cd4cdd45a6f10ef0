#include "lib/store/tasks.h"

#include "lib/base/error.h"
#include "lib/doc/node.h"
#include "lib/store/document.h"
#include "lib/store/workspace.h"

#define NAME "tasks.yaml"
#define MAX_SIZE ((size_t)64 * 1024 * 1024)

static int
load(struct tasks *out, struct workspace *workspace, enum document_use use,
    struct error *err)
{
	struct task task;

	*out = (struct tasks){ .root = NULL };
	task_init(&out->table, workspace->arena);
	if (document_read(&out->root, workspace, NAME, MAX_SIZE, use, err) < 0)
		return -1;
	out->map = node_find(out->root, "tasks");
	if (node_expect_map(out->map, err) < 0)
		return -1;
	if (out->root && !node_get(out->root, "tasks"))
		return node_error(err, out->root,
		    "is damaged: tasks are missing");
	if (!out->map)
		return 0;
	for (const struct node *node = out->map->first; node;
	     node = node->next) {
		if (task_read(&task, node->key, node, err) < 0)
			return -1;
		task_put(&out->table, &task);
	}
	return 0;
}

int
tasks_load(struct tasks *out, struct workspace *workspace, struct error *err)
{
	return load(out, workspace, DOCUMENT_READ, err);
}
