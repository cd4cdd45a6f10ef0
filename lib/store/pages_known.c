#include "lib/store/pages_known.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/core/task.h"
#include "lib/store/pages_bytes.h"

#define NAME "pages"
#define MAGIC UINT64_C(0x31306E6B70746D) /* "mtpkn01" */
#define MAX_SIZE ((size_t)256 * 1024 * 1024)

/* How the note begins; parts, folders and tasks follow. */
struct head {
	uint64_t magic;
	uint64_t sum; /* of all behind it */
	uint64_t part_count, folder_count, task_count;
};

static bool
take(void *out, size_t len, struct text *rest)
{
	if (rest->len < len)
		return false;
	memcpy(out, rest->data, len);
	rest->data += len;
	rest->len -= len;
	return true;
}

static bool
take_lists(struct pages_known *known, struct text rest)
{
	struct pages_known_folder *folder;

	for (size_t i = 0; i < known->part_count; i++)
		if (!take(&known->parts[i], sizeof(known->parts[i]), &rest))
			return false;
	for (size_t i = 0; i < known->folder_count; i++) {
		folder = &known->folders[i];
		if (!take(&folder->state, sizeof(folder->state), &rest) ||
		    !pages_bytes_take_texts(&folder->name, 1, &rest))
			return false;
	}
	for (size_t i = 0; i < known->task_count; i++)
		if (!pages_bytes_take_texts(known->tasks[i].text,
			PAGES_KNOWN_TASK, &rest))
			return false;
	return true;
}

/* Take what was read apart; false where it is damaged. */
static bool
take_all(struct pages_known *known, struct arena *arena)
{
	struct text rest = { known->data.text, known->data.len };
	struct head head;

	if (rest.len % sizeof(uint64_t) != 0 ||
	    !take(&head, sizeof(head), &rest) || head.magic != MAGIC ||
	    head.sum !=
		cache_sum(CACHE_SUM,
		    known->data.text + offsetof(struct head, part_count),
		    known->data.len - offsetof(struct head, part_count)) ||
	    head.part_count > rest.len || head.folder_count > rest.len ||
	    head.task_count > rest.len)
		return false;
	known->part_count = head.part_count;
	known->folder_count = head.folder_count;
	known->task_count = head.task_count;
	known->parts =
	    arena_array(arena, head.part_count + 1, sizeof(*known->parts));
	known->folders =
	    arena_array(arena, head.folder_count + 1, sizeof(*known->folders));
	known->tasks =
	    arena_array(arena, head.task_count + 1, sizeof(*known->tasks));
	return take_lists(known, rest);
}

void
pages_known_read(struct pages_known *out, struct arena *arena,
    const struct dir *cache)
{
	struct error ignored;
	bool found;

	*out = (struct pages_known){ .data = BUF_INIT };
	if (file_read(&out->data, cache, NAME, MAX_SIZE, &found, &ignored) ==
		0 &&
	    found)
		out->is_there = take_all(out, arena);
	if (!out->is_there)
		pages_known_release(out);
}

void
pages_known_release(struct pages_known *known)
{
	buf_release(&known->data);
	*known = (struct pages_known){ .data = BUF_INIT };
}

void
pages_known_write(const struct dir *cache, const struct pages_known *known)
{
	struct head head = { .magic = MAGIC,
		.part_count = known->part_count,
		.folder_count = known->folder_count,
		.task_count = known->task_count };
	struct buf out = BUF_INIT;

	if (cache->fd < 0)
		return;
	buf_add(&out, &head, sizeof(head));
	buf_add(&out, known->parts, known->part_count * sizeof(*known->parts));
	for (size_t i = 0; i < known->folder_count; i++) {
		buf_add(&out, &known->folders[i].state,
		    sizeof(known->folders[i].state));
		pages_bytes_put_texts(&out, &known->folders[i].name, 1);
	}
	for (size_t i = 0; i < known->task_count; i++)
		pages_bytes_put_texts(&out, known->tasks[i].text,
		    PAGES_KNOWN_TASK);
	buf_fill(&out, '\0',
	    (sizeof(uint64_t) - out.len % sizeof(uint64_t)) % sizeof(uint64_t));
	head.sum =
	    cache_sum(CACHE_SUM, out.text + offsetof(struct head, part_count),
		out.len - offsetof(struct head, part_count));
	memcpy(out.text, &head, sizeof(head));
	file_write_cache(cache, NAME, (struct text){ out.text, out.len });
	buf_release(&out);
}

static int
compare_names(const void *name, const void *part)
{
	return strcmp(name, ((const struct pages_known_part *)part)->name);
}

const struct pages_known_part *
pages_known_find(const struct pages_known *known, const char *name)
{
	if (known->part_count == 0)
		return NULL;
	return bsearch(name, known->parts, known->part_count,
	    sizeof(*known->parts), compare_names);
}

static int
compare_tasks(const void *left, const void *right)
{
	const struct pages_known_task *a = left, *b = right;

	return text_compare(a->text[0], b->text[0]);
}

void
pages_known_list_tasks(struct pages_known *out, struct arena *arena,
    const struct task_table *tasks)
{
	struct pages_known_task *list =
	    arena_array(arena, tasks->count + 1, sizeof(*list));
	size_t count = 0;

	for (size_t i = 0; i < tasks->slot_count; i++) {
		const struct task *task = &tasks->slots[i];

		if (!task->id.data)
			continue;
		list[count++] = (struct pages_known_task){ { task->id,
		    task->workstream, task->quest, task->repo } };
	}
	if (count > 0)
		qsort(list, count, sizeof(*list), compare_tasks);
	out->tasks = list;
	out->task_count = count;
}
