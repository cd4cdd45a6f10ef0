#include "lib/core/query.h"
#include "lib/core/query_write.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/zone.h"
#include "lib/core/query_filter.h"
#include "lib/doc/json_write.h"
#include "tests/unit/scratch_usage.h"

static struct arena arena = ARENA_INIT;
static const struct zone utc = ZONE_UTC;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(query, .fini = release);

static void
begin(struct query *query, const char *by_text)
{
	enum query_dimension by[QUERY_DIMENSION_COUNT];
	struct error err = { 0 };
	size_t count;

	cr_assert(eq(int, query_parse_by(by, &count, by_text, &err), 0), "%s",
	    err.text);
	query_init(query, &arena, by, count, NULL, &utc);
}

static void
add(struct query *query, struct usage usage)
{
	struct error err = { 0 };

	cr_assert(eq(int, query_add(query, &usage, &err), 0), "%s", err.text);
}

static void
finish(struct query *query, const char *sort, size_t top)
{
	struct query_order order;
	struct error err = { 0 };

	if (sort)
		cr_assert(eq(int,
			      query_parse_order(&order, sort, query->by,
				  query->by_count, &err),
			      0),
		    "%s", err.text);
	cr_assert(
	    eq(int, query_finish(query, sort ? &order : NULL, top, &err), 0));
}

/* The groups' values, `a/b c/d`. */
static char *
names(const struct query *query)
{
	struct buf out = BUF_INIT;
	char *text;

	for (size_t i = 0; i < query->group_count; i++)
		for (size_t j = 0; j < query->by_count; j++) {
			struct text value = query->groups[i]->values[j];

			if (j > 0 || i > 0)
				buf_putc(&out, j > 0 ? '/' : ' ');
			if (value.data)
				buf_add(&out, value.data, value.len);
			else
				buf_puts(&out, "null");
		}
	text = arena_copy(&arena, out.text, out.len);
	buf_release(&out);
	return text;
}

Test(query, groups_by_value_with_null_first)
{
	struct query query;

	begin(&query, "model,task");
	add(&query, scratch_record("2026-11-22T08:00:00Z", "b", "t"));
	add(&query, scratch_record("2026-11-22T08:00:00Z", "a", NULL));
	add(&query, scratch_record("2026-11-22T08:00:00Z", NULL, "t"));
	add(&query, scratch_record("2026-11-22T08:00:00Z", "a", "t"));
	add(&query, scratch_record("2026-11-22T08:00:00Z", "a", NULL));
	finish(&query, NULL, 0);
	cr_expect(eq(str, names(&query), "null/t a/null a/t b/t"));
	cr_expect(eq(i64, query.groups[1]->measures.count[QUERY_RECORDS], 2));
	cr_expect(eq(i64, query.total.measures.count[QUERY_RECORDS], 5));
}

Test(query, keeps_thousands_of_groups_apart)
{
	struct query query;
	char task[32];

	begin(&query, "task");
	for (int i = 0; i < 20000; i++) {
		snprintf(task, sizeof(task), "task-%d", i % 5000);
		add(&query, scratch_record("2026-11-22T08:00:00Z", NULL, task));
	}
	finish(&query, NULL, 0);
	cr_assert(eq(sz, query.group_count, 5000));
	for (size_t i = 0; i < query.group_count; i++)
		cr_assert(
		    eq(i64, query.groups[i]->measures.count[QUERY_RECORDS], 4));
}

Test(query, derives_times_and_entities)
{
	struct usage usage = scratch_record("2027-01-01T23:30:00Z", NULL, NULL);
	struct zone ahead = { "+01:00", true, INT64_C(3600000000) };
	struct query query;

	usage.dimension[USAGE_ENTITY_TYPE] = TEXT("analysis");
	usage.dimension[USAGE_ENTITY_ID] = TEXT("SDA:1");
	begin(&query, "day,week,month,hour,entity");
	add(&query, usage);
	finish(&query, NULL, 0);
	cr_expect(eq(str, names(&query),
	    "2027-01-01/2026-W53/2027-01/2027-01-01T23/analysis:SDA:1"));

	begin(&query, "day,week,hour");
	query.room.zone = &ahead;
	add(&query, usage);
	finish(&query, NULL, 0);
	cr_expect(eq(str, names(&query), "2027-01-02/2026-W53/2027-01-02T00"));
}

Test(query, numbers_weeks_as_iso_8601)
{
	static char *const rows[][2] = {
		{ "2026-11-22T00:00:00Z", "2026-W47" },
		{ "2026-11-23T00:00:00Z", "2026-W48" },
		{ "2024-12-30T00:00:00Z", "2025-W01" },
		{ "2021-01-03T23:59:59Z", "2020-W53" },
		{ "2022-01-01T00:00:00Z", "2021-W52" },
		{ "1969-12-31T00:00:00Z", "1970-W01" },
		{ "1969-12-28T00:00:00Z", "1969-W52" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct query query;

		begin(&query, "week");
		add(&query, scratch_record(rows[i][0], NULL, NULL));
		finish(&query, NULL, 0);
		cr_expect(eq(str, names(&query), rows[i][1]));
	}
}

Test(query, sorts_by_a_measure_largest_first_and_keeps_the_top)
{
	struct usage usage = scratch_record("2026-11-22T08:00:00Z", "a", NULL);
	struct query query;

	begin(&query, "model");
	add(&query, usage);
	usage.dimension[USAGE_MODEL] = TEXT("b");
	usage.output_tokens = 5;
	add(&query, usage);
	usage.dimension[USAGE_MODEL] = TEXT("c");
	usage.calls = 0;
	add(&query, usage);
	finish(&query, "tokens-per-call", 0);
	cr_expect(eq(str, names(&query), "b a c"));
	finish(&query, "output_tokens", 2);
	cr_expect(eq(str, names(&query), "b c"));
	cr_expect(eq(sz, query.left_out, 1));
}

Test(query, totals_count_what_the_top_leaves_out)
{
	struct query query;

	begin(&query, "model");
	add(&query, scratch_record("2026-11-22T08:00:00Z", "a", NULL));
	add(&query, scratch_record("2026-11-22T08:00:00Z", "b", NULL));
	finish(&query, NULL, 1);
	cr_expect(eq(sz, query.group_count, 1));
	cr_expect(eq(i64, query.total.measures.count[QUERY_RECORDS], 2));
}

/* What is taken for an answer goes before the next one. */
static void
expect_answer(struct query *query, char *tiers, int64_t records)
{
	struct arena kept = arena;

	arena = (struct arena)ARENA_INIT;
	finish(query, "records", 2);
	cr_expect(eq(str, names(query), tiers));
	cr_expect(eq(i64, query->total.measures.count[QUERY_RECORDS], records));
	cr_expect(eq(sz, query->left_out, 0));
	cr_expect(eq(i64, (int64_t)query->total.measures.amounts->sum.femto,
	    records * 1000));
	arena_release(&arena);
	arena = kept;
}

Test(query, may_be_finished_again_after_more_records)
{
	struct usage usage = scratch_record("2026-11-22T08:00:00Z", "m1", NULL);
	struct query query;

	usage.has_amount = true;
	usage.unit = TEXT("s");
	usage.amount = (struct money){ 1000 };
	usage.dimension[USAGE_TIER] = TEXT("small");
	begin(&query, "tier");
	add(&query, usage);
	expect_answer(&query, "small", 1);
	usage.dimension[USAGE_MODEL] = TEXT("m2");
	usage.dimension[USAGE_TIER] = TEXT("large");
	for (int i = 2; i < 20; i++) {
		usage.dimension[USAGE_MODEL] = i % 2 ? TEXT("m1") : TEXT("m2");
		add(&query, usage);
		expect_answer(&query, "large small", i);
	}
}

Test(query, counts_a_record_once_in_the_total_however_often_it_is_finished)
{
	struct usage usage = scratch_record("2026-11-22T08:00:00Z", "m", "t");
	struct query query, other;

	begin(&query, "task");
	finish(&query, NULL, 0);
	for (int64_t i = 1; i < 6; i++) {
		add(&query, usage);
		finish(&query, NULL, 0);
		cr_expect(
		    eq(i64, query.total.measures.count[QUERY_RECORDS], i));
	}
	begin(&other, "task");
	add(&other, usage);
	cr_assert(query_merge(&query, &other, NULL) == 0);
	add(&query, usage);
	finish(&query, NULL, 0);
	cr_expect(eq(i64, query.total.measures.count[QUERY_RECORDS], 7));
	cr_expect(eq(i64, query.groups[0]->measures.count[QUERY_RECORDS], 7));
}

/* The top ones are chosen without putting all in order. */
Test(query, keeps_the_same_top_as_of_all_in_order)
{
	enum { MANY = 300 };
	struct query all, few;
	char task[32];

	begin(&all, "task");
	begin(&few, "task");
	for (int i = 0; i < MANY; i++)
		for (int j = 0; j <= i * 7 % 23; j++) {
			snprintf(task, sizeof(task), "task-%d", i);
			add(&all,
			    scratch_record("2026-11-22T08:00:00Z", NULL, task));
			add(&few,
			    scratch_record("2026-11-22T08:00:00Z", NULL, task));
		}
	finish(&all, "records", 0);
	for (size_t top = 1; top < MANY + 20; top += 13) {
		finish(&few, "records", top);
		cr_assert(eq(sz, few.group_count, top < MANY ? top : MANY));
		cr_assert(eq(sz, few.left_out, MANY - few.group_count));
		for (size_t i = 0; i < few.group_count; i++)
			cr_assert(text_equal(few.groups[i]->values[0],
				      all.groups[i]->values[0]),
			    "%zu of %zu", i, top);
	}
}

Test(query, lists_the_models_of_tiers)
{
	struct usage usage = scratch_record("2026-11-22T08:00:00Z", "m2", NULL);
	struct query query;

	usage.dimension[USAGE_TIER] = TEXT("large");
	begin(&query, "tier");
	add(&query, usage);
	usage.dimension[USAGE_MODEL] = TEXT("m1");
	add(&query, usage);
	usage.dimension[USAGE_MODEL] = TEXT_NULL;
	add(&query, usage);
	usage.dimension[USAGE_TIER] = TEXT_NULL;
	usage.dimension[USAGE_MODEL] = TEXT("m1");
	add(&query, usage);
	finish(&query, NULL, 0);
	cr_assert(eq(str, names(&query), "null large"));
	cr_assert(eq(sz, query.groups[1]->model_count, 2));
	cr_expect(text_is(query.groups[1]->models[0], "m1"));
	cr_expect(eq(i64, query.groups[1]->measures.count[QUERY_RECORDS], 3));
	cr_expect(eq(sz, query.total.model_count, 2));
}

Test(query, merges_what_others_were_given)
{
	struct usage usage = scratch_record("2026-11-22T08:00:00Z", "a", NULL);
	struct query one, other;
	struct error err = { 0 };

	usage.has_amount = true;
	usage.amount = (struct money){ 7 };
	usage.unit = TEXT("s");
	begin(&one, "model");
	query_fork(&other, &arena, &one, NULL);
	add(&one, usage);
	add(&other, usage);
	add(&other, scratch_record("2026-11-22T08:00:00Z", "b", NULL));
	cr_assert(eq(int, query_merge(&one, &other, &err), 0));
	finish(&one, NULL, 0);
	cr_expect(eq(str, names(&one), "a b"));
	cr_expect(eq(i64, one.groups[0]->measures.count[QUERY_RECORDS], 2));
	cr_expect(one.total.measures.amounts->sum.femto == 14);
}

Test(query, refuses_what_is_no_dimension_or_order)
{
	static const char *const by[] = { "modle", "", "model,", "model,model",
		"cost_usd", "model task" };
	static const char *const sort[] = { "cost", "amounts", "task", "" };
	enum query_dimension dimensions[QUERY_DIMENSION_COUNT];
	struct query_order order;
	size_t count;

	for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
		struct error err = { 0 };

		cr_expect(eq(int,
			      query_parse_by(dimensions, &count, by[i], &err),
			      -1),
		    "'%s'", by[i]);
		cr_expect(eq(int, err.kind, ERROR_USAGE));
	}
	for (size_t i = 0; i < sizeof(sort) / sizeof(sort[0]); i++) {
		struct error err = { 0 };

		dimensions[0] = (enum query_dimension)USAGE_MODEL;
		cr_expect(eq(int,
			      query_parse_order(&order, sort[i], dimensions, 1,
				  &err),
			      -1),
		    "'%s'", sort[i]);
		cr_expect(eq(int, err.kind, ERROR_USAGE));
	}
}

Test(query, writes_every_measure_as_json)
{
	struct usage usage = scratch_record("2026-11-22T08:00:00Z", "m", NULL);
	struct buf out = BUF_INIT;
	struct query query;

	usage.input_tokens = 30;
	usage.cache_read_tokens = 10;
	usage.output_tokens = 20;
	usage.calls = 3;
	scratch_set_cost(&usage, USAGE_COST_KNOWN, "0.000000000000001");
	begin(&query, "model");
	add(&query, usage);
	finish(&query, NULL, 0);
	json_write_line(&out, query_node(&query)->first->next->first);
	cr_expect(eq(str, out.text,
	    "{\"model\":\"m\",\"records\":1,\"calls\":3,\"input_tokens\":30,"
	    "\"cache_read_tokens\":10,\"cache_write_tokens\":0,"
	    "\"cache_write_1h_tokens\":0,\"output_tokens\":20,"
	    "\"reasoning_tokens\":0,\"prompt_tokens\":40,\"total_tokens\":60,"
	    "\"estimated_tokens\":0,\"cost_usd\":0.000000000000001,"
	    "\"cost_usd_known\":0.000000000000001,\"cost_usd_estimated\":0,"
	    "\"unpriced_calls\":0,\"errors\":0,\"retries\":0,"
	    "\"rate_limited\":0,\"quota\":0,\"amounts\":{},"
	    "\"failure_rate\":0,\"cache_hit_rate\":0.25,"
	    "\"output_per_input\":0.5,\"tokens_per_call\":20,"
	    "\"cost_per_call\":0,\"cost_per_1k_output\":0}"));
	buf_release(&out);
}

Test(query, writes_json_as_its_document)
{
	struct query query;

	for (int records = 0; records < 3; records++) {
		struct buf out = BUF_INIT, wanted = BUF_INIT;

		begin(&query, records == 1 ? "model" : "tier,task");
		for (int i = 0; i < records; i++)
			add(&query, scratch_record("2026-11-22T08:00:00Z",
					"\"groups\": [\n]", i ? "b" : NULL));
		finish(&query, NULL, 0);
		json_write_pretty(&wanted, query_node(&query));
		query_write_json(&out, &query);
		cr_expect(eq(str, out.text, wanted.text));
		buf_release(&out);
		buf_release(&wanted);
	}
}

/* What an answer takes is given back before the next one is asked for. */
Test(query, keeps_nothing_that_was_taken_for_an_answer)
{
	struct arena kept;
	struct query query;

	begin(&query, "day,task");
	for (int i = 0; i < 200; i++)
		add(&query, scratch_record(i < 100 ? "2026-11-22T08:00:00Z"
						   : "2026-11-21T08:00:00Z",
				"m", arena_printf(&arena, "task-%03d", i)));
	for (int i = 0; i < 2; i++) {
		kept = arena;
		arena = (struct arena)ARENA_INIT;
		finish(&query, NULL, 0);
		cr_expect(eq(sz, query.group_count, 200));
		cr_expect(text_is(query.groups[0]->values[1], "task-100"));
		arena_release(&arena);
		arena = kept;
		add(&query,
		    scratch_record("2026-11-22T08:00:00Z", "m", "task-000"));
	}
}
