#include "lib/store/allocations.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/core/usage.h"
#include "tests/unit/scratch_workspace.h"

#define FILE_NAME BUDGET "allocations.yaml"

static struct scratch_workspace sw;
static const enum query_dimension quest = (enum query_dimension)USAGE_QUEST;

static void
begin(void)
{
	scratch_workspace_begin(&sw);
}

static void
end(void)
{
	scratch_workspace_end(&sw);
}

TestSuite(allocations, .init = begin, .fini = end);

static struct allocation
tokens_of(const char *id, int64_t tokens)
{
	return (struct allocation){ quest, text_of(id),
		.from = { INT64_C(1793491200000000) }, /* 2026-11-01 */
		.has_tokens = true, .tokens = tokens };
}

static void
record(const char *id, int64_t tokens)
{
	const struct allocation item = tokens_of(id, tokens);

	cr_assert(allocations_record(&sw.w, &item, 1, &sw.s.err) == 0, "%s",
	    sw.s.err.text);
}

static struct allocation_list
load(void)
{
	struct allocations allocations;

	cr_assert(allocations_load(&allocations, &sw.w, &sw.s.err) == 0, "%s",
	    sw.s.err.text);
	return allocations.list;
}

Test(allocations, they_are_kept_in_the_order_of_recording)
{
	record("a", 1);
	record("b", 2);
	record("a", 3);
	SCRATCH_SAME(scratch_read(&sw.s, FILE_NAME).data,
	    "schema_version: 1\n"
	    "allocations:\n"
	    "- scope: quest:a\n"
	    "  from: '2026-11-01'\n"
	    "  to: null\n"
	    "  tokens: 1\n"
	    "  cost_usd: null\n"
	    "  tasks: null\n"
	    "  recorded_at: '2026-11-22T08:00:00+00:00'\n"
	    "- scope: quest:b\n"
	    "  from: '2026-11-01'\n"
	    "  to: null\n"
	    "  tokens: 2\n"
	    "  cost_usd: null\n"
	    "  tasks: null\n"
	    "  recorded_at: '2026-11-22T08:00:00+00:00'\n"
	    "- scope: quest:a\n"
	    "  from: '2026-11-01'\n"
	    "  to: null\n"
	    "  tokens: 3\n"
	    "  cost_usd: null\n"
	    "  tasks: null\n"
	    "  recorded_at: '2026-11-22T08:00:00+00:00'\n");
}

Test(allocations, saying_the_same_again_changes_nothing)
{
	const struct allocation same[] = { tokens_of("a", 1), tokens_of("b", 1),
		tokens_of("b", 1) };

	record("a", 1);
	record("a", 1);
	cr_expect(eq(sz, load().count, 1));
	cr_assert(allocations_record(&sw.w, same, 3, &sw.s.err) == 0);
	cr_expect(eq(sz, load().count, 2));
	/* What was said in between counts. */
	record("a", 2);
	record("a", 1);
	cr_expect(eq(sz, load().count, 4));
}

Test(allocations, one_is_ended_and_what_held_before_holds_again)
{
	const struct when day = { INT64_C(1795305600000000) }; /* 11-22 */
	const struct allocation *after = NULL;

	record("a", 1);
	record("b", 9);
	record("a", 2);
	cr_assert(allocations_end(&after, &sw.w, quest, TEXT("a"), day,
		      &sw.s.err) == 0);
	cr_assert(after != NULL);
	cr_expect(eq(i64, after->tokens, 1));
	cr_expect(load().items[2].has_to);
	cr_expect(eq(i64, load().items[2].to.micros, day.micros));
	cr_assert(allocations_end(&after, &sw.w, quest, TEXT("a"),
		      when_add_days(day, 1), &sw.s.err) == 0);
	cr_expect(after == NULL);
	cr_expect(
	    eq(i64, load().items[0].to.micros, when_add_days(day, 1).micros));
	cr_expect(load().items[1].has_to == false);
	cr_expect(allocations_end(&after, &sw.w, quest, TEXT("a"),
		      when_add_days(day, 2), &sw.s.err) == -1);
	cr_expect(sw.s.err.kind == ERROR_NO_INPUT);
	SCRATCH_SAME(sw.s.err.text,
	    "on 2026-11-24 nothing is allocated to quest:a");
}

Test(allocations, what_others_wrote_stays_and_damage_is_said)
{
	const struct allocation item = tokens_of("b", 1);
	struct allocations allocations;

	scratch_workspace_make(&sw);
	scratch_write(&sw.s, FILE_NAME,
	    "schema_version: 1\nowner: me\nallocations:\n"
	    "- {scope: quest:a, from: 2026-11-01, tokens: 5, why: this}\n");
	record("b", 1);
	cr_expect(
	    strstr(scratch_read(&sw.s, FILE_NAME).data, "owner: me\n") != NULL);
	cr_expect(
	    strstr(scratch_read(&sw.s, FILE_NAME).data, "why: this\n") != NULL);
	cr_expect(eq(sz, load().count, 2));
	scratch_write(&sw.s, FILE_NAME,
	    "schema_version: 1\nallocations:\n- {scope: quest:a, tokens: 5}\n");
	cr_expect(allocations_load(&allocations, &sw.w, &sw.s.err) == -1);
	SCRATCH_SAME(sw.s.err.text,
	    FILE_NAME ":3:3: allocations[0]: the day from is missing");
	scratch_write(&sw.s, FILE_NAME, "schema_version: 1\n");
	cr_expect(allocations_record(&sw.w, &item, 1, &sw.s.err) == -1);
	SCRATCH_SAME(sw.s.err.text,
	    FILE_NAME ":1:1: is damaged: allocations are missing");
	SCRATCH_SAME(scratch_read(&sw.s, FILE_NAME).data,
	    "schema_version: 1\n");
	scratch_write(&sw.s, FILE_NAME, "schema_version: 2\nallocations: []\n");
	cr_expect(allocations_record(&sw.w, &item, 1, &sw.s.err) == -1);
	cr_expect(allocations_load(&allocations, &sw.w, &sw.s.err) == 0);
}
