#include "lib/core/usage_resource.h"

#include <stddef.h>

#include "lib/core/usage.h"

/* Where a type's amount goes. */
enum measure {
	MEASURE_INPUT,
	MEASURE_OUTPUT,
	MEASURE_CALLS,
	MEASURE_SECONDS,
};

/* The output row of a call adds none: its input row is the same call's. */
static const struct old_type {
	const char *type;
	const char *resource;
	enum measure measure;
} types[] = {
	{ "llm_tokens_input", "llm", MEASURE_INPUT },
	{ "llm_tokens_output", "llm", MEASURE_OUTPUT },
	{ "llm_tokens", "llm", MEASURE_INPUT },
	{ "bedrock_tokens", "llm", MEASURE_INPUT },
	{ "api_call", "api", MEASURE_CALLS },
	{ "cpu_seconds", "cpu", MEASURE_SECONDS },
	{ "process_runtime_seconds", "cpu", MEASURE_SECONDS },
};

static const struct old_type *
find(struct text type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (text_is(type, types[i].type))
			return &types[i];
	return NULL;
}

int64_t
usage_resource_calls(struct text resource)
{
	return text_is(resource, "llm") || text_is(resource, "api");
}

static int
refuse(struct usage_resource_old *old, const char *problem)
{
	old->problem = problem;
	return -1;
}

static int
set_resource(struct usage *usage, struct usage_resource_old *old,
    struct text name)
{
	struct text *resource = &usage->dimension[USAGE_RESOURCE];

	if (resource->data && !text_equal(*resource, name))
		return refuse(old, "resource and resource_type differ");
	*resource = name;
	return 0;
}

/* Take the amount, which must be whole, away from the record. */
static int
take_count(int64_t *out, struct usage *usage, struct usage_resource_old *old)
{
	const money_int one = 1000000000000000;
	money_int amount = usage->amount.femto;

	if (amount % one != 0 || amount / one > INT64_MAX)
		return refuse(old, "expected a whole number of this type");
	if (*out != 0)
		return refuse(old, "another field says otherwise");
	*out = (int64_t)(amount / one);
	usage->amount = MONEY_ZERO;
	usage->has_amount = false;
	usage->unit = TEXT_NULL;
	return 0;
}

static int
take_calls(struct usage *usage, struct usage_resource_old *old)
{
	if (!old->has_amount)
		return 0;
	old->calls = 0;
	return take_count(&old->calls, usage, old);
}

int
usage_resource_apply(struct usage *usage, struct usage_resource_old *old)
{
	const struct old_type *type = find(old->type);

	old->calls = -1;
	if (set_resource(usage, old,
		type ? text_of(type->resource) : old->type) < 0)
		return -1;
	if (!type)
		return 0;
	switch (type->measure) {
	case MEASURE_INPUT:
		return take_count(&usage->input_tokens, usage, old);
	case MEASURE_OUTPUT:
		old->calls = 0;
		return take_count(&usage->output_tokens, usage, old);
	case MEASURE_CALLS:
		return take_calls(usage, old);
	case MEASURE_SECONDS:
		usage->has_amount = true;
		usage->unit = TEXT("seconds");
		break;
	}
	return 0;
}
