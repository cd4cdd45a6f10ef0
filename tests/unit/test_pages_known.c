#include "lib/store/pages_known.h"

#include "lib/core/task.h"
#include "tests/unit/scratch.h"

static struct scratch s;

static void
begin(void)
{
	scratch_begin(&s);
}

static void
finish(void)
{
	scratch_end(&s);
}

TestSuite(pages_known, .init = begin, .fini = finish);

/* A note with one of each, and two tasks. */
static void
write_note(void)
{
	struct pages_known_part part;
	struct pages_known_folder folder = { TEXT("token-summary/task"),
		{ 1, 2, 3, 4 } };
	struct pages_known known = { .parts = &part,
		.folders = &folder,
		.part_count = 1,
		.folder_count = 1 };
	struct task_table tasks;

	memset(&part, 0, sizeof(part));
	strcpy(part.name, "pages-runs");
	part.state.inode = 7;
	part.id = 9;
	task_init(&tasks, &s.arena);
	task_put(&tasks,
	    &(struct task){ .id = TEXT("T-2"), .quest = TEXT("q") });
	task_put(&tasks,
	    &(struct task){ .id = TEXT("T-1"), .status = TEXT("done") });
	pages_known_list_tasks(&known, &s.arena, &tasks);
	pages_known_write(&s.dir, &known);
}

Test(pages_known, reads_back_what_it_wrote)
{
	struct pages_known known;

	write_note();
	pages_known_read(&known, &s.arena, &s.dir);
	cr_assert(known.is_there);
	cr_assert(eq(sz, known.part_count, 1));
	cr_expect(eq(u64, known.parts[0].id, 9));
	cr_expect(pages_known_find(&known, "pages-runs") == known.parts);
	cr_expect(pages_known_find(&known, "pages-2026-11-22") == NULL);
	cr_assert(eq(sz, known.folder_count, 1));
	cr_expect(text_is(known.folders[0].name, "token-summary/task"));
	cr_expect(eq(i64, known.folders[0].state.changed_ns, 4));
	cr_assert(eq(sz, known.task_count, 2));
	cr_expect(text_is(known.tasks[0].text[0], "T-1"));
	cr_expect(known.tasks[0].text[2].data == NULL);
	cr_expect(text_is(known.tasks[1].text[2], "q"));
	pages_known_release(&known);
}

/* One that is cut off anywhere, or has a bit changed, is none. */
Test(pages_known, believes_no_damaged_note)
{
	struct pages_known known;
	struct text whole;
	char *copy;

	pages_known_read(&known, &s.arena, &s.dir);
	cr_expect(not(known.is_there));
	write_note();
	whole = scratch_read(&s, "pages");
	cr_assert(whole.len > 0);
	for (size_t i = 0; i < whole.len; i++) {
		scratch_write_text(&s, "pages", (struct text){ whole.data, i });
		pages_known_read(&known, &s.arena, &s.dir);
		cr_expect(not(known.is_there), "cut at %zu", i);
		copy = arena_copy(&s.arena, whole.data, whole.len);
		copy[i] ^= 4;
		scratch_write_text(&s, "pages",
		    (struct text){ copy, whole.len });
		pages_known_read(&known, &s.arena, &s.dir);
		cr_expect(not(known.is_there), "changed at %zu", i);
		pages_known_release(&known);
	}
}
