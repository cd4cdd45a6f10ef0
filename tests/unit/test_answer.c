#include "lib/store/answer.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/base/zone.h"
#include "lib/core/query.h"
#include "lib/core/query_filter.h"
#include "lib/store/records.h"
#include "tests/unit/scratch_ledger.h"

static const struct zone utc = ZONE_UTC;

TestSuite(answer, .init = scratch_begin_ledger, .fini = scratch_end_ledger);

static void
begin(struct query *query, enum query_dimension by, struct query_filter *filter)
{
	query_init(query, &sw.s.arena, &by, 1, filter, &utc);
}

/* Ask all of them at once, and give the first one's figures as text. */
static const char *
ask(struct query *const *queries, size_t count)
{
	struct ledger_question all = { 0 };
	struct records records;
	struct buf text = BUF_INIT;
	const char *copy;

	if (records_open(&records, &sw.w, &sw.s.err) < 0 ||
	    answer_queries(&records, &all, queries, count, &sw.s.err) < 0)
		return sw.s.err.text;
	for (size_t i = 0; i < count; i++) {
		cr_assert(query_finish(queries[i], NULL, 0, &sw.s.err) == 0);
		for (size_t j = 0; j < queries[i]->group_count; j++) {
			struct query_group *group = queries[i]->groups[j];

			buf_add(&text, group->values[0].data,
			    group->values[0].len);
			buf_printf(&text, "=%d ",
			    (int)group->measures.count[QUERY_RECORDS]);
		}
		buf_printf(&text, "of %d\n",
		    (int)queries[i]->total.measures.count[QUERY_RECORDS]);
	}
	copy = arena_copy(&sw.s.arena, text.text, text.len);
	buf_release(&text);
	return copy;
}

Test(answer, several_queries_are_answered_in_one_pass)
{
	struct query days, resources, none;
	struct query *const queries[] = { &days, &resources, &none };
	struct query_filter filter;

	scratch_commit("a@2026-11-20 b@2026-11-21 c@2026-11-21 d");
	query_filter_init(&filter, &sw.s.arena, &utc);
	query_filter_add_exact(&filter, (enum query_dimension)QUERY_DAY,
	    TEXT("2026-11-21"));
	begin(&days, QUERY_DAY, NULL);
	begin(&resources, (enum query_dimension)USAGE_RESOURCE, &filter);
	query_init(&none, &sw.s.arena, NULL, 0, &filter, &utc);
	SCRATCH_SAME(ask(queries, 3),
	    "2026-11-20=1 2026-11-21=2 2026-11-22=1 of 4\n"
	    "llm=2 of 2\n"
	    "of 2\n");
}
