#include "lib/core/allocation.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/doc/yaml_write.h"
#include "tests/unit/scratch.h"

static struct scratch s;

static void
begin(void)
{
	scratch_begin(&s);
}

static void
end(void)
{
	scratch_end(&s);
}

TestSuite(allocation, .init = begin, .fini = end);

static struct when
day_of(const char *text)
{
	struct when day;

	cr_assert(when_parse_day(&day, text, strlen(text)) == 0);
	return day;
}

static struct node *
document(const char *text)
{
	struct node *root;

	cr_assert(yaml_read(&root, &s.arena, text_of(text), "f", 1, &s.err) ==
		      0,
	    "%s", s.err.text);
	return root;
}

Test(allocation, scopes_are_of_what_records_have)
{
	static const char *const good[] = { "quest:q-ri", "task:a:b", "run:12",
		"entity:analysis:SDA-1", "entity-type:analysis",
		"agent:<script>" };
	static const char *const bad[] = { "quest", "quest:", "day:2026-11-22",
		"hour:1", "entity:SDA-1", "entity::x", "entity_id:x", "who:x",
		"quest:\x01" };
	enum query_dimension dimension;
	struct text id;

	for (size_t i = 0; i < SCRATCH_COUNT(good); i++)
		cr_expect(allocation_parse_scope(&dimension, &id, good[i],
			      &s.err) == 0,
		    "%s: %s", good[i], s.err.text);
	for (size_t i = 0; i < SCRATCH_COUNT(bad); i++) {
		cr_expect(allocation_parse_scope(&dimension, &id, bad[i],
			      &s.err) == -1,
		    "%s", bad[i]);
		cr_expect(s.err.kind == ERROR_USAGE);
	}
	cr_assert(
	    allocation_parse_scope(&dimension, &id, "task:a:b", &s.err) == 0);
	cr_expect(dimension == (enum query_dimension)USAGE_TASK);
	cr_expect(text_is(id, "a:b"));
}

Test(allocation, what_is_read_is_written)
{
	static const char text[] = "scope: entity:t:i\n"
				   "from: '2026-11-01'\n"
				   "to: '2026-11-30'\n"
				   "tokens: 9223372036854775807\n"
				   "cost_usd: 2.000000000000001\n"
				   "tasks: 0\n"
				   "recorded_at: '2026-11-22T08:00:00+00:00'\n";
	struct allocation allocation;
	struct buf out = BUF_INIT;

	cr_assert(allocation_read(&allocation, document(text), NULL, &s.err) ==
		      0,
	    "%s", s.err.text);
	yaml_write(&out, allocation_node(&s.arena, &allocation));
	SCRATCH_SAME(out.text, text);
	buf_release(&out);
}

Test(allocation, what_is_wrong_is_said_with_its_place)
{
	static const struct {
		const char *text, *problem;
	} cases[] = {
		{ "[]", "f:1:1: expected a mapping" },
		{ "{tokens: 1}", "f:1:1: the scope is missing" },
		{ "{scope: 7, tokens: 1}",
		    "f:1:9: scope: expected a string, got 7" },
		{ "{scope: quest, tokens: 1}",
		    "f:1:9: scope: a scope is given as DIMENSION:ID, such as "
		    "quest:q-ri" },
		{ "{scope: quest:q}",
		    "f:1:1: it allocates neither tokens nor cost_usd nor "
		    "tasks" },
		{ "{scope: quest:q, tokens: -1}",
		    "f:1:26: tokens: expected a whole number from 0 to "
		    "9223372036854775807, got -1" },
		{ "{scope: quest:q, cost_usd: -1}",
		    "f:1:28: cost_usd: expected a number from 0 on, got "
		    "-1" },
		{ "{scope: quest:q, tokens: 1, from: today}",
		    "f:1:35: from: expected a day such as 2026-11-22" },
		{ "{scope: quest:q, tokens: 1, from: 2026-11-02, to: "
		  "2026-11-01}",
		    "f:1:1: it ends before it begins" },
		{ "{scope: quest:q, tokens: 1, cost_us: 2}",
		    "f:1:38: cost_us: an allocation has no field 'cost_us'; did "
		    "you mean 'cost_usd'?" },
	};
	struct when today = day_of("2026-11-22");
	struct allocation allocation;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		cr_expect(allocation_read(&allocation, document(cases[i].text),
			      &today, &s.err) == -1);
		SCRATCH_SAME(s.err.text, cases[i].problem);
	}
}

Test(allocation, files_of_spreadsheets_leave_cells_empty)
{
	struct when today = day_of("2026-11-22");
	struct allocation allocation;

	cr_assert(allocation_read(&allocation,
		      document("{scope: quest:q, from: '', to: '', tokens: "
			       "'12', cost_usd: '', tasks: ''}"),
		      &today, &s.err) == 0,
	    "%s", s.err.text);
	cr_expect(allocation.from.micros == today.micros);
	cr_expect(not(allocation.has_to || allocation.has_cost));
	cr_expect(eq(i64, allocation.tokens, 12));
	/* Stored ones say from when on. */
	cr_expect(
	    allocation_read(&allocation,
		document("{scope: quest:q, tokens: 1}"), NULL, &s.err) == -1);
	/* And may hold what others put there. */
	cr_expect(allocation_read(&allocation,
		      document("{scope: quest:q, tokens: 1, from: 2026-11-01, "
			       "owner: me}"),
		      NULL, &s.err) == 0);
}

Test(allocation, the_one_recorded_last_holds)
{
	const enum query_dimension quest = (enum query_dimension)USAGE_QUEST;
	struct allocation items[] = {
		{ quest, TEXT("q"), .from = day_of("2026-11-01"), .tokens = 1 },
		{ quest, TEXT("q"), .from = day_of("2026-11-10"),
		    .has_to = true, .to = day_of("2026-11-20"), .tokens = 2 },
		{ quest, TEXT("other"), .from = day_of("2026-11-01") },
		{ (enum query_dimension)USAGE_AGENT, TEXT("q"),
		    .from = day_of("2026-11-01") },
	};
	const struct allocation_list list = { items, SCRATCH_COUNT(items) };
	static const struct {
		const char *day;
		int64_t tokens; /* 0: none */
	} cases[] = { { "2026-10-31", 0 }, { "2026-11-01", 1 },
		{ "2026-11-09", 1 }, { "2026-11-10", 2 }, { "2026-11-20", 2 },
		{ "2026-11-21", 1 } };
	const struct allocation *found;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		found = allocation_find(&list, quest, TEXT("q"),
		    day_of(cases[i].day));
		cr_expect(eq(i64, found ? found->tokens : 0, cases[i].tokens),
		    "%s", cases[i].day);
	}
}
