#include "lib/import/litellm_prices_names.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/import/litellm_prices_entry.h"

enum {
	RANK_OWN, /* LiteLLM's key */
	RANK_ROUTE, /* with the provider's prefix, or bare at the maker */
	RANK_UNDATED,
	RANK_HOST, /* without the host's prefix */
	FIRST_ROOM = 1024,
};

/*
 * A provider that models are named after: prefixes are put before a name to
 * say that it is meant there.
 */
struct route {
	const char *provider;
	const char *prefixes[2];
	bool is_maker; /* its models' bare names are its own */
};

static const struct route routes[] = {
	{ "ai21", { "ai21/" }, true },
	{ "amazon_nova", { "amazon-nova/" }, true },
	{ "anthropic", { "anthropic/" }, true },
	{ "bedrock", { "bedrock/" }, false },
	{ "bedrock_converse", { "bedrock/" }, false },
	{ "cohere", { "cohere/" }, true },
	{ "cohere_chat", { "cohere/", "cohere_chat/" }, true },
	{ "dashscope", { "dashscope/" }, true },
	{ "deepseek", { "deepseek/" }, true },
	{ "gemini", { "gemini/", "models/" }, true },
	{ "minimax", { "minimax/" }, true },
	{ "mistral", { "mistral/" }, true },
	{ "moonshot", { "moonshot/" }, true },
	{ "openai", { "openai/" }, true },
	{ "text-completion-openai", { "openai/" }, true },
	{ "vertex_ai", { "vertex_ai/" }, true },
	{ "vertex_ai-embedding-models", { "vertex_ai/" }, true },
	{ "vertex_ai-language-models", { "vertex_ai/" }, true },
	{ "vertex_ai-text-models", { "vertex_ai/" }, true },
	{ "voyage", { "voyage/" }, true },
	{ "xai", { "xai/" }, true },
	{ "zai", { "zai/" }, true },
};

/*
 * Hosts that are asked for models by names of their own, and answer with
 * them.  A name that other hosts have too must cost the same at all.
 */
static const char *const hosts[] = { "fireworks_ai",
	"fireworks_ai-embedding-models", "groq", "openrouter", "perplexity",
	"together_ai", "vertex_ai-anthropic_models", "vertex_ai-llama_models",
	"vertex_ai-mistral_models" };

static bool
starts_with(struct text text, const char *prefix)
{
	size_t len = strlen(prefix);

	return text.len > len && memcmp(text.data, prefix, len) == 0;
}

static struct text
skip(struct text text, size_t len)
{
	return (struct text){ text.data + len, text.len - len };
}

/* Claims are many more than names, and kept until all are made. */
static void
add(struct litellm_prices_claims *claims, struct arena *arena,
    struct litellm_prices_name claim)
{
	struct litellm_prices_name *more;
	size_t room;

	if (claims->count == claims->room) {
		room = claims->room ? claims->room * 2 : FIRST_ROOM;
		more = arena_array(arena, room, sizeof(*more));
		if (claims->count > 0)
			memcpy(more, claims->claim,
			    claims->count * sizeof(*more));
		claims->claim = more;
		claims->room = room;
	}
	claims->claim[claims->count++] = claim;
}

static bool
are_digits(struct text text, size_t start, size_t count)
{
	for (size_t i = start; i < start + count; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return true;
}

/* How many bytes of a day close the name: `-20250929`, `-2025-09-29` or
 * `@20250929`; 0 where none does. */
static size_t
day_length(struct text name)
{
	enum { COMPACT = 9, SPACED = 11 };
	size_t start;

	if (name.len > COMPACT) {
		start = name.len - COMPACT;
		if ((name.data[start] == '-' || name.data[start] == '@') &&
		    are_digits(name, start + 1, 8) &&
		    name.data[start + 1] == '2')
			return COMPACT;
	}
	if (name.len > SPACED) {
		start = name.len - SPACED;
		if (name.data[start] == '-' && are_digits(name, start + 1, 4) &&
		    name.data[start + 5] == '-' &&
		    are_digits(name, start + 6, 2) &&
		    name.data[start + 8] == '-' &&
		    are_digits(name, start + 9, 2))
			return SPACED;
	}
	return 0;
}

/* Claim a name, and the same without its day at the model's maker. */
static void
claim_dated(struct litellm_prices_claims *claims, struct arena *arena,
    struct litellm_prices_name claim, bool is_maker)
{
	size_t day = day_length(claim.name);

	add(claims, arena, claim);
	if (day == 0 || !is_maker)
		return;
	claim.name.len -= day;
	claim.rank = RANK_UNDATED;
	add(claims, arena, claim);
}

/* The names of a model at a provider with a way of naming: as it stands,
 * bare at its maker, and behind each prefix. */
static void
claim_routes(struct litellm_prices_claims *claims, struct arena *arena,
    const struct litellm_prices_model *model, const struct route *route)
{
	struct litellm_prices_name claim = { model->name, model, RANK_OWN,
		true };
	struct text bare = model->name;

	claim_dated(claims, arena, claim, route->is_maker);
	for (size_t i = 0; i < 2 && route->prefixes[i]; i++)
		if (starts_with(bare, route->prefixes[i]))
			bare = skip(bare, strlen(route->prefixes[i]));
	/* What is left with a slash says where it is meant already. */
	if (memchr(bare.data, '/', bare.len))
		return;
	claim.rank = RANK_ROUTE;
	claim.name = bare;
	if (route->is_maker)
		claim_dated(claims, arena, claim, true);
	for (size_t i = 0; i < 2 && route->prefixes[i]; i++) {
		claim.name.data = arena_printf(arena, "%s%.*s",
		    route->prefixes[i], (int)bare.len, bare.data);
		claim.name.len = strlen(claim.name.data);
		claim_dated(claims, arena, claim, route->is_maker);
	}
}

/* A model at a host: as it stands, and as the host itself calls it.  The
 * claims of hosts not listed only show that a name is no single model's. */
static void
claim_host(struct litellm_prices_claims *claims, struct arena *arena,
    const struct litellm_prices_model *model)
{
	struct litellm_prices_name claim = { model->name, model, RANK_OWN,
		true };
	const char *slash = memchr(model->name.data, '/', model->name.len);
	size_t prefix;

	add(claims, arena, claim);
	if (!slash)
		return;
	prefix = (size_t)(slash - model->name.data) + 1;
	if (prefix == model->name.len)
		return;
	claim.name = skip(model->name, prefix);
	claim.rank = RANK_HOST;
	claim.may_enter = false;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (text_is(model->provider, hosts[i]))
			claim.may_enter = true;
	add(claims, arena, claim);
}

void
litellm_prices_names_claim(struct litellm_prices_claims *claims,
    struct arena *arena, const struct litellm_prices_model *model)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (text_is(model->provider, routes[i].provider)) {
			claim_routes(claims, arena, model, &routes[i]);
			return;
		}
	}
	claim_host(claims, arena, model);
}

/* By name, and for one name by rank, those that may enter first. */
static int
compare_claims(const void *left, const void *right)
{
	const struct litellm_prices_name *a = left, *b = right;
	int order = text_compare(a->name, b->name);

	if (order == 0)
		order = a->rank - b->rank;
	if (order == 0)
		order = b->may_enter - a->may_enter;
	/* So that equal claims come in one order everywhere. */
	return order != 0 ? order
			  : text_compare(a->model->name, b->model->name);
}

void
litellm_prices_names_settle(struct litellm_prices_claims *claims,
    struct text *dropped, size_t *dropped_count)
{
	struct litellm_prices_name *claim = claims->claim;
	size_t kept = 0, next;

	*dropped_count = 0;
	if (claims->count > 0)
		qsort(claim, claims->count, sizeof(*claim), compare_claims);
	for (size_t i = 0; i < claims->count; i = next) {
		bool agree = true;

		for (next = i + 1; next < claims->count &&
				   text_equal(claim[next].name, claim[i].name);
		     next++)
			if (claim[next].rank == claim[i].rank)
				agree =
				    agree &&
				    litellm_prices_entry_same(claim[next].model,
					claim[i].model);
		if (!claim[i].may_enter)
			continue;
		if (agree)
			claim[kept++] = claim[i];
		else
			dropped[(*dropped_count)++] = claim[i].name;
	}
	claims->count = kept;
}
