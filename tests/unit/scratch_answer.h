#ifndef METER_TESTS_UNIT_SCRATCH_ANSWER_H
#define METER_TESTS_UNIT_SCRATCH_ANSWER_H

/*
 * Asking a scratch ledger: what it has by one dimension, as a line of text.
 */

#include "lib/base/zone.h"
#include "lib/core/query.h"
#include "lib/core/query_filter.h"
#include "lib/store/answer.h"
#include "lib/store/records.h"
#include "tests/unit/scratch_ledger.h"

static const struct zone scratch_utc = ZONE_UTC;

static inline void
scratch_put_answer(struct buf *out, const struct query *query)
{
	const struct query_group *group;

	for (size_t i = 0; i < query->group_count; i++) {
		group = query->groups[i];
		buf_add(out, group->values[0].data, group->values[0].len);
		buf_printf(out, "=%d ",
		    (int)group->measures.count[QUERY_INPUT_TOKENS]);
	}
	buf_printf(out, "of %d\n",
	    (int)query->total.measures.count[QUERY_INPUT_TOKENS]);
}

/* Ask all of them at once, a line each; or what is wrong. */
static inline const char *
scratch_ask_all(struct query *const *queries, size_t count)
{
	struct ledger_question all = { 0 };
	struct buf text = BUF_INIT;
	struct records records;
	const char *copy;

	if (records_open(&records, &sw.w, &sw.s.err) < 0 ||
	    answer_queries(&records, &all, queries, count, &sw.s.err) < 0)
		return sw.s.err.text;
	for (size_t i = 0; i < count; i++) {
		cr_assert(query_finish(queries[i], NULL, 0, &sw.s.err) == 0);
		scratch_put_answer(&text, queries[i]);
	}
	copy = arena_copy(&sw.s.arena, text.text, text.len);
	buf_release(&text);
	return copy;
}

/* The input tokens by a dimension, `a=10 b=20 of 30`. */
static inline const char *
scratch_ask(enum query_dimension by)
{
	struct query query, *const queries[] = { &query };

	query_init(&query, &sw.s.arena, &by, 1, NULL, &scratch_utc);
	return scratch_ask_all(queries, 1);
}

#endif
