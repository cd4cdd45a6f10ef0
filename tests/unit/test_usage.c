#include "lib/core/usage.h"

#include "lib/core/run.h"
#include "tests/unit/scratch.h"

static struct error err;

Test(usage, names_its_dimensions)
{
	cr_expect(strcmp(usage_dimension_names[USAGE_RUN], "run") == 0);
	cr_expect(
	    strcmp(usage_dimension_names[USAGE_ENTITY_ID], "entity_id") == 0);
	cr_expect(strcmp(usage_dimension_names[USAGE_STATUS], "status") == 0);
}

Test(usage, names_are_text_of_at_most_1024_bytes)
{
	static const struct {
		struct text name;
		const char *problem;
	} cases[] = {
		{ { "a \xE2\x80\xAE,\"", 7 }, NULL },
		{ { NULL, 0 }, NULL },
		{ { "a\nb", 3 }, "holds a control character" },
		{ { "a\0b", 3 }, "holds a control character" },
		{ { "\x7F", 1 }, "holds a control character" },
		{ { "\xC2\x80", 2 }, "holds a control character" },
		{ { "\xC2\xA0", 2 }, NULL },
		{ { "\xC2", 1 }, "is not valid UTF-8" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		const char *got = usage_name_problem(cases[i].name);

		SCRATCH_SAME(got ? got : "none",
		    cases[i].problem ? cases[i].problem : "none");
	}
}

static struct run_bucket
bucket(void)
{
	struct run_bucket b = { .workflow = TEXT("w"),
		.stage = TEXT(""),
		.provider = TEXT("p"),
		.model = TEXT("m"),
		.calls = 3,
		.prompt_tokens = 100,
		.completion_tokens = 50,
		.total_tokens = 150,
		.cache_read_tokens = 30,
		.cache_write_tokens = 20,
		.cache_write_1h_tokens = 10,
		.reasoning_tokens = 5,
		.known = { 2000 },
		.estimated = { 500 },
		.has_known = true,
		.estimated_calls = 1 };

	b.context.value[CONTEXT_TASK] = TEXT("t");
	return b;
}

Test(usage, of_a_bucket_is_one_record)
{
	struct run run = { .index = 7,
		.completed_at = TEXT("2026-11-22T08:00:00+00:00") };
	struct run_bucket b = bucket();
	struct usage usage;

	run.context.value[CONTEXT_TASK] = TEXT("other");
	run.context.value[CONTEXT_ENTITY] = TEXT("analysis:a:1");
	cr_assert(usage_of_bucket(&usage, &run, &b, TEXT("7"), &err) == 0);
	cr_expect(usage.id.data == NULL);
	cr_expect(usage.at.micros == INT64_C(1795334400000000));
	cr_expect(text_is(usage.dimension[USAGE_RUN], "7"));
	cr_expect(text_is(usage.dimension[USAGE_RESOURCE], "llm"));
	cr_expect(text_is(usage.dimension[USAGE_STATUS], "ok"));
	cr_expect(usage.dimension[USAGE_STAGE].data == NULL);
	cr_expect(text_is(usage.dimension[USAGE_TASK], "t"));
	cr_expect(text_is(usage.dimension[USAGE_ENTITY_TYPE], "analysis"));
	cr_expect(text_is(usage.dimension[USAGE_ENTITY_ID], "a:1"));
	cr_expect(usage.calls == 3 && usage.input_tokens == 40);
	cr_expect(usage_prompt_tokens(&usage) == 100);
	cr_expect(usage_total_tokens(&usage) == 150);
	cr_expect(usage.cost_usd.femto == 2500);
	cr_expect(usage.estimated_usd.femto == 500);
	cr_expect(usage.cost_status == USAGE_COST_KNOWN);
}

Test(usage, of_a_bucket_that_makes_no_sense_is_refused)
{
	struct run run = { .index = 7,
		.completed_at = TEXT("2026-11-22T08:00:00+00:00") };
	struct run_bucket b = bucket();
	struct usage usage;

	b.cache_read_tokens = 200;
	scratch_expect(usage_of_bucket(&usage, &run, &b, TEXT("7"), &err), &err,
	    ERROR_DATA, "run 7: the tokens of a bucket make no sense");
	b = bucket();
	run.completed_at = TEXT("today");
	scratch_expect(usage_of_bucket(&usage, &run, &b, TEXT("7"), &err), &err,
	    ERROR_DATA, "run 7: completed_at is not a time");
}
