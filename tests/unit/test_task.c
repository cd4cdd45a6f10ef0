#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/base/arena.h"
#include "lib/core/task.h"

static struct task
task_of(struct arena *arena, int number)
{
	struct text id = text_of(arena_printf(arena, "task-%d", number));

	return (struct task){ .id = id, .quest = id };
}

Test(task, each_is_found_by_its_id_and_the_last_one_counts)
{
	enum { MANY = 1000 };
	struct arena arena = ARENA_INIT;
	struct task_table table;
	struct task task;

	task_init(&table, &arena);
	cr_expect(task_find(&table, TEXT("task-1")) == NULL);
	for (int i = 0; i < 2 * MANY; i++) {
		task = task_of(&arena, i % MANY);
		task.status = i < MANY ? TEXT("todo") : TEXT("done");
		task_put(&table, &task);
	}
	cr_expect(eq(sz, table.count, MANY));
	for (int i = 0; i < MANY; i++) {
		const struct task *found =
		    task_find(&table, task_of(&arena, i).id);

		cr_assert(found != NULL);
		cr_expect(text_equal(found->quest, task_of(&arena, i).id));
		cr_expect(text_is(found->status, "done"));
	}
	cr_expect(task_find(&table, TEXT("task-1000")) == NULL);
	cr_expect(task_find(&table, TEXT_NULL) == NULL);
	arena_release(&arena);
}

Test(task, tables_fill_the_same_whatever_the_status)
{
	struct arena arena = ARENA_INIT;
	struct task task = task_of(&arena, 1);
	struct task_table a, b;

	task_init(&a, &arena);
	task_init(&b, &arena);
	cr_expect(task_fills_same(&a, &b));
	task_put(&a, &task);
	cr_expect(not(task_fills_same(&a, &b)));
	cr_expect(not(task_fills_same(&b, &a)));
	task.status = TEXT("done");
	task_put(&b, &task);
	cr_expect(task_fills_same(&a, &b));
	task_put(&a, &(struct task){ .id = TEXT("task-2") });
	cr_expect(task_fills_same(&a, &b));
	cr_expect(task_fills_same(&b, &a));
	task.repo = TEXT("r");
	task_put(&b, &task);
	cr_expect(not(task_fills_same(&a, &b)));
	arena_release(&arena);
}
