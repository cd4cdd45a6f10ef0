#include "lib/core/context.h"

#include "tests/unit/scratch.h"

static struct arena arena = ARENA_INIT;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(context, .fini = release);

Test(context, reads_strings_and_leaves_all_else_alone)
{
	struct context context;

	memset(&context, 0xAA, sizeof(context));
	context_read(&context,
	    scratch_yaml(&arena,
		"quest: q-ri\nagent: ''\ntask: 7\nrepo: null\ntier: [a]\n"
		"session: true\ncommit: '7'\nother: x\nQuest: y\n"));
	for (size_t i = 0; i < CONTEXT_COUNT; i++) {
		if (i == CONTEXT_QUEST)
			cr_expect(text_is(context.value[i], "q-ri"));
		else if (i == CONTEXT_AGENT)
			cr_expect(text_is(context.value[i], ""));
		else if (i == CONTEXT_COMMIT)
			cr_expect(text_is(context.value[i], "7"));
		else
			cr_expect(text_is(context.value[i], NULL), "%s",
			    context_names[i]);
	}
	context_read(&context, NULL);
	cr_expect(context_is_empty(&context));
	context_read(&context, scratch_yaml(&arena, "[quest]"));
	cr_expect(context_is_empty(&context));
}

Test(context, is_empty_without_any_dimension)
{
	struct context context = { 0 };

	cr_expect(context_is_empty(&context));
	for (size_t i = 0; i < CONTEXT_COUNT; i++) {
		context = (struct context){ 0 };
		context.value[i] = TEXT("");
		cr_expect(not(context_is_empty(&context)), "%s",
		    context_names[i]);
	}
}

Test(context, comparing_sees_each_dimension)
{
	struct context a = { 0 }, b;

	for (size_t i = 0; i < CONTEXT_COUNT; i++)
		a.value[i] = TEXT("m");
	for (size_t i = 0; i < CONTEXT_COUNT; i++) {
		b = a;
		cr_expect(eq(int, context_compare(&a, &b), 0));
		b.value[i] = TEXT("n");
		cr_expect(context_compare(&a, &b) < 0);
		cr_expect(context_compare(&b, &a) > 0);
		b.value[i] = TEXT_NULL;
		cr_expect(context_compare(&a, &b) > 0);
		cr_expect(context_compare(&b, &a) < 0);
	}
}

Test(context, puts_what_is_given_in_the_stored_order)
{
	struct context context = { 0 }, again;
	struct node *map = node_map(&arena);
	const struct node *child;

	context.value[CONTEXT_ENTITY] = TEXT("a:b");
	context.value[CONTEXT_ACCOUNT] = TEXT("");
	context.value[CONTEXT_TASK] = TEXT("t\n");
	context_put(&arena, map, &context);
	child = map->first;
	cr_assert(eq(sz, map->count, 3));
	cr_expect(text_is(child->key, "account"));
	cr_expect(text_is(child->next->key, "task"));
	cr_expect(text_is(child->next->next->key, "entity"));
	context_read(&again, map);
	cr_expect(eq(int, context_compare(&context, &again), 0));
}
