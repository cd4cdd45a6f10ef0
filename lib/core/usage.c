#include "lib/core/usage.h"

#include <string.h>

#include "lib/base/error.h"
#include "lib/base/utf8.h"
#include "lib/core/context.h"
#include "lib/core/rates.h"
#include "lib/core/rates_use.h"
#include "lib/core/run.h"
#include "lib/core/tokens.h"

const char *const usage_dimension_names[USAGE_DIMENSION_COUNT] = {
	"run",
	"workflow",
	"stage",
	"provider",
	"account",
	"model",
	"agent",
	"tier",
	"session",
	"task",
	"workstream",
	"quest",
	"repo",
	"commit",
	"release",
	"entity_type",
	"entity_id",
	"resource",
	"status",
};

static const char *const cost_statuses[] = { "known", "estimated", "unknown",
	"free" };

static const char *const statuses[] = { "ok", "error", "retry", "rate_limited",
	"quota" };

const char *
usage_cost_status_name(enum usage_cost_status status)
{
	return cost_statuses[status];
}

int
usage_cost_status_parse(enum usage_cost_status *out, struct text name)
{
	for (size_t i = 0; i < sizeof(cost_statuses) / sizeof(char *); i++) {
		if (!text_is(name, cost_statuses[i]))
			continue;
		*out = (enum usage_cost_status)i;
		return 0;
	}
	return -1;
}

bool
usage_is_status(struct text text)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (text_is(text, statuses[i]))
			return true;
	return false;
}

int64_t
usage_prompt_tokens(const struct usage *usage)
{
	return usage->input_tokens + usage->cache_read_tokens +
	       usage->cache_write_tokens + usage->cache_write_1h_tokens;
}

int64_t
usage_total_tokens(const struct usage *usage)
{
	return usage_prompt_tokens(usage) + usage->output_tokens;
}

/* Whether there is a control character: C0, DEL or C1. */
static bool
has_control(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c < 0x20 || c == 0x7F)
			return true;
		if (c == 0xC2 && i + 1 < text.len &&
		    (unsigned char)text.data[i + 1] < 0xA0)
			return true;
	}
	return false;
}

const char *
usage_name_problem(struct text name)
{
	if (name.len > USAGE_NAME_MAX)
		return "is longer than 1024 bytes";
	if (name.len > 0 && utf8_valid(name.data, name.len) < name.len)
		return "is not valid UTF-8";
	if (has_control(name))
		return "holds a control character";
	return NULL;
}

static bool
sums_fit(const struct usage *usage)
{
	int64_t sum = usage->input_tokens;

	return !__builtin_add_overflow(sum, usage->cache_read_tokens, &sum) &&
	       !__builtin_add_overflow(sum, usage->cache_write_tokens, &sum) &&
	       !__builtin_add_overflow(sum, usage->cache_write_1h_tokens,
		   &sum) &&
	       !__builtin_add_overflow(sum, usage->output_tokens, &sum);
}

static const char *
dimensions_problem(const struct usage *usage, const char **name)
{
	bool has_type = usage->dimension[USAGE_ENTITY_TYPE].data != NULL;
	bool has_id = usage->dimension[USAGE_ENTITY_ID].data != NULL;

	*name = NULL;
	if (!usage->dimension[USAGE_RESOURCE].data)
		return "a record needs a resource";
	*name = has_type ? "entity_type" : "entity_id";
	if (has_type != has_id)
		return "an entity needs both its type and its id";
	*name = "status";
	if (!usage_is_status(usage->dimension[USAGE_STATUS]))
		return "is none of ok, error, retry, rate_limited and quota";
	return NULL;
}

const char *
usage_values_problem(const struct usage *usage, const char **name)
{
	const char *problem = dimensions_problem(usage, name);

	if (problem)
		return problem;
	*name = "amount";
	if (usage->has_amount && !usage->unit.data)
		return "needs a unit";
	*name = "attempt";
	if (usage->attempt < 1)
		return "is below 1";
	*name = "reasoning_tokens";
	if (usage->reasoning_tokens > usage->output_tokens)
		return "is more than the output_tokens that it is a part of";
	*name = NULL;
	if (!sums_fit(usage))
		return "the total of the tokens does not fit in 64 bits";
	return NULL;
}

const char *
usage_problem(const struct usage *usage, const char **name)
{
	const char *problem;

	*name = "id";
	problem = usage_name_problem(usage->id);
	for (size_t i = 0; !problem && i < USAGE_DIMENSION_COUNT; i++) {
		*name = usage_dimension_names[i];
		problem = usage_name_problem(usage->dimension[i]);
	}
	if (!problem) {
		*name = "unit";
		problem = usage_name_problem(usage->unit);
	}
	if (!problem) {
		*name = "source";
		problem = usage_name_problem(usage->source);
	}
	return problem ? problem : usage_values_problem(usage, name);
}

static int
price_tokens(struct usage *usage, bool *priced, struct rates *rates,
    struct error *err)
{
	const struct tokens tokens = {
		.input = usage->input_tokens,
		.cache_read = usage->cache_read_tokens,
		.cache_write = usage->cache_write_tokens,
		.cache_write_1h = usage->cache_write_1h_tokens,
		.output = usage->output_tokens,
		.reasoning = usage->reasoning_tokens,
	};
	struct text model = usage->dimension[USAGE_MODEL];

	*priced = false;
	if (!model.data)
		return 0;
	return rates_price(&usage->cost_usd, priced, rates, model, usage->at,
	    &tokens, err);
}

static int
price_resource(struct usage *usage, bool *priced, struct rates *rates,
    struct error *err)
{
	const struct rates_use use = {
		.resource = usage->dimension[USAGE_RESOURCE],
		.provider = usage->dimension[USAGE_PROVIDER],
		.calls = usage->calls,
		.amount = usage->amount,
		.unit = usage->has_amount ? usage->unit : TEXT_NULL,
	};

	return rates_use_price(&usage->cost_usd, priced, rates, &use, usage->at,
	    err);
}

int
usage_price(struct usage *usage, struct rates *rates, struct error *err)
{
	bool is_llm = text_is(usage->dimension[USAGE_RESOURCE], "llm");
	bool priced = false;

	usage->cost_usd = MONEY_ZERO;
	if ((is_llm ? price_tokens : price_resource)(usage, &priced, rates,
		err) < 0)
		return -1;
	usage->estimated_usd = usage->cost_usd;
	if (priced)
		usage->cost_status = USAGE_COST_ESTIMATED;
	else
		usage->cost_status =
		    is_llm ? USAGE_COST_UNKNOWN : USAGE_COST_FREE;
	return 0;
}

/* The empty text is how a run stores that there is none. */
static struct text
or_null(struct text text)
{
	return text.len > 0 ? text : TEXT_NULL;
}

/* Set the entity of TYPE:ID; what has no colon is an id of no type. */
static void
set_entity(struct usage *out, struct text entity)
{
	const char *colon;
	size_t len;

	colon = entity.len > 0 ? memchr(entity.data, ':', entity.len) : NULL;
	if (!colon) {
		out->dimension[USAGE_ENTITY_ID] = or_null(entity);
		return;
	}
	len = (size_t)(colon - entity.data);
	out->dimension[USAGE_ENTITY_TYPE] =
	    or_null((struct text){ entity.data, len });
	out->dimension[USAGE_ENTITY_ID] =
	    or_null((struct text){ colon + 1, entity.len - len - 1 });
}

void
usage_set_context(struct usage *out, const struct context *context)
{
	static const enum usage_dimension places[CONTEXT_ENTITY] = {
		[CONTEXT_ACCOUNT] = USAGE_ACCOUNT,
		[CONTEXT_AGENT] = USAGE_AGENT,
		[CONTEXT_TIER] = USAGE_TIER,
		[CONTEXT_SESSION] = USAGE_SESSION,
		[CONTEXT_TASK] = USAGE_TASK,
		[CONTEXT_WORKSTREAM] = USAGE_WORKSTREAM,
		[CONTEXT_QUEST] = USAGE_QUEST,
		[CONTEXT_REPO] = USAGE_REPO,
		[CONTEXT_COMMIT] = USAGE_COMMIT,
		[CONTEXT_RELEASE] = USAGE_RELEASE,
	};

	for (size_t i = 0; i < CONTEXT_ENTITY; i++)
		if (!out->dimension[places[i]].data)
			out->dimension[places[i]] = or_null(context->value[i]);
	if (!out->dimension[USAGE_ENTITY_TYPE].data &&
	    !out->dimension[USAGE_ENTITY_ID].data)
		set_entity(out, context->value[CONTEXT_ENTITY]);
}

static int
set_bucket_cost(struct usage *out, const struct run_bucket *bucket)
{
	out->estimated_usd = bucket->estimated;
	if (bucket->has_known)
		out->cost_status = USAGE_COST_KNOWN;
	else if (bucket->estimated_calls > 0)
		out->cost_status = USAGE_COST_ESTIMATED;
	else
		out->cost_status = USAGE_COST_UNKNOWN;
	return money_add(&out->cost_usd, bucket->known, bucket->estimated);
}

/* A run stores the whole prompt; what caches had and got is apart here. */
static int
set_bucket_tokens(struct usage *out, const struct run_bucket *bucket)
{
	out->calls = bucket->calls;
	out->output_tokens = bucket->completion_tokens;
	out->cache_read_tokens = bucket->cache_read_tokens;
	out->cache_write_tokens = bucket->cache_write_tokens;
	out->cache_write_1h_tokens = bucket->cache_write_1h_tokens;
	out->reasoning_tokens = bucket->reasoning_tokens;
	out->input_tokens = bucket->prompt_tokens;
	if (__builtin_sub_overflow(out->input_tokens, out->cache_read_tokens,
		&out->input_tokens) ||
	    __builtin_sub_overflow(out->input_tokens, out->cache_write_tokens,
		&out->input_tokens) ||
	    __builtin_sub_overflow(out->input_tokens,
		out->cache_write_1h_tokens, &out->input_tokens))
		return -1;
	return out->input_tokens >= 0 && sums_fit(out) ? 0 : -1;
}

int
usage_of_bucket(struct usage *out, const struct run *run,
    const struct run_bucket *bucket, struct text run_name, struct error *err)
{
	*out = (struct usage){ .attempt = 1, .source = TEXT("record") };
	out->dimension[USAGE_RUN] = run_name;
	out->dimension[USAGE_WORKFLOW] = or_null(bucket->workflow);
	out->dimension[USAGE_STAGE] = or_null(bucket->stage);
	out->dimension[USAGE_PROVIDER] = or_null(bucket->provider);
	out->dimension[USAGE_MODEL] = or_null(bucket->model);
	out->dimension[USAGE_RESOURCE] = TEXT("llm");
	out->dimension[USAGE_STATUS] = TEXT("ok");
	usage_set_context(out, &bucket->context);
	usage_set_context(out, &run->context);
	if (!run->completed_at.data ||
	    when_parse(&out->at, run->completed_at.data,
		run->completed_at.len) < 0)
		return error_set(err, ERROR_DATA,
		    "run %lld: completed_at is not a time",
		    (long long)run->index);
	if (set_bucket_tokens(out, bucket) < 0 ||
	    set_bucket_cost(out, bucket) < 0)
		return error_set(err, ERROR_DATA,
		    "run %lld: the tokens of a bucket make no sense",
		    (long long)run->index);
	return 0;
}
