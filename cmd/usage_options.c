#include "cmd/usage_options.h"

#include <string.h>

#include "cmd/recording.h"
#include "cmd/session.h"
#include "lib/core/rates.h"
#include "lib/core/rates_package.h"
#include "lib/core/usage.h"
#include "lib/core/usage_read.h"
#include "lib/doc/json.h"
#include "lib/doc/node.h"
#include "lib/store/settings.h"

/* An option, and the field that it is. */
static const struct {
	const char *option, *field, *value, *help;
	bool is_measured; /* a number or a time: an empty text is none */
} rows[USAGE_OPTIONS_COUNT] = {
	{ "run", "run", "ID", "the run that it belongs to", false },
	{ "workflow", "workflow", "ID", "the workflow of the run", false },
	{ "stage", "stage", "ID", "the stage of the workflow", false },
	{ "provider", "provider", "NAME", "who provides it", false },
	{ "model", "model", "NAME", "the model", false },
	{ "resource", "resource", "NAME",
	    "llm (the default), api, cpu or any other", false },
	{ "calls", "calls", "N", "calls: 1 of llm and api, else 0", true },
	{ "input-tokens", "input_tokens", "N",
	    "prompt tokens apart from the caches'", true },
	{ "output-tokens", "output_tokens", "N", "output tokens", true },
	{ "tokens-in", "tokens_in", "N",
	    "all prompt tokens; what is cached of them comes off", true },
	{ "tokens-out", "tokens_out", "N", "output tokens", true },
	{ "cache-read-tokens", "cache_read_tokens", "N",
	    "prompt tokens read from a cache", true },
	{ "cache-write-tokens", "cache_write_tokens", "N",
	    "prompt tokens written to a cache", true },
	{ "cache-write-1h-tokens", "cache_write_1h_tokens", "N",
	    "the same, kept for an hour", true },
	{ "reasoning-tokens", "reasoning_tokens", "N",
	    "what of the output was reasoning", true },
	{ "count-status", "count_status", "S",
	    "whether the tokens are reported or estimated", false },
	{ "amount", "amount", "N", "how much of another resource", true },
	{ "unit", "unit", "NAME", "the amount's unit", false },
	{ "cost-usd", "cost_usd", "USD", "what it cost, else by the rates",
	    true },
	{ "status", "status", "S",
	    "ok (the default), error, retry, rate_limited, quota", false },
	{ "attempt", "attempt", "N", "1 (the default) is the first try", true },
	{ "at", "at", "T", "when it was: now by default", true },
	{ "id", "id", "ID", "its identity: a new one by default", false },
};

int
usage_options_expect(const struct usage_options *options, struct error *err)
{
	for (size_t i = 0; i < USAGE_OPTIONS_COUNT; i++)
		if (rows[i].is_measured && options->value[i] &&
		    options->value[i][0] == '\0')
			return error_set(err, ERROR_USAGE,
			    "option '--%s' has an empty value: give %s or "
			    "leave it out",
			    rows[i].option,
			    rows[i].value[0] == 'T' ? "a time" : "a number");
	return 0;
}

static struct opt
row_of(struct usage_options *options, size_t i)
{
	return (struct opt)OPT_STRING('\0', rows[i].option, &options->value[i],
	    rows[i].value, rows[i].help);
}

void
usage_options_init(struct usage_options *options)
{
	const struct opt end = OPT_END;
	size_t first = USAGE_OPTIONS_DIMENSIONS;

	memset(options->value, 0, sizeof(options->value));
	for (size_t i = 0; i < first; i++)
		options->dimensions[i] = row_of(options, i);
	options->dimensions[first] = end;
	for (size_t i = 0; i < USAGE_OPTIONS_MEASURES; i++)
		options->measures[i] = row_of(options, first + i);
	options->measures[USAGE_OPTIONS_MEASURES] = end;
	options->metadata = NULL;
	context_options_init(&options->context);
}

static int
put_metadata(struct session *session, struct node *map, const char *text)
{
	struct node *metadata;

	if (json_read(&metadata, &session->arena, text_of(text), "--metadata",
		1, &session->err) < 0)
		return -1;
	node_put(&session->arena, map, "metadata", metadata);
	return 0;
}

/* What the options say wrong is the command line's fault. */
static int
as_misuse(struct session *session)
{
	if (session->err.kind == ERROR_DATA)
		session->err.kind = ERROR_USAGE;
	return -1;
}

/* Read what the options say, and the map does, once the rest is at hand. */
static int
read_with(struct usage *out, struct session *session,
    const struct usage_options *options, struct node *map,
    struct usage_read *how)
{
	struct when_clock *clock = &session->workspace.clock;

	if (usage_options_expect(options, &session->err) < 0)
		return -1;
	for (size_t i = 0; i < USAGE_OPTIONS_COUNT; i++)
		if (options->value[i] && options->value[i][0] != '\0')
			node_put(&session->arena, map, rows[i].field,
			    node_string(&session->arena, options->value[i]));
	if (options->metadata &&
	    put_metadata(session, map, options->metadata) < 0)
		return as_misuse(session);
	how->now = clock->read(clock->data);
	if (usage_read(out, &session->arena, map, how, &session->err) < 0)
		return as_misuse(session);
	return 0;
}

int
usage_options_read(struct usage *out, struct session *session,
    const struct usage_options *options, struct node *map, const char *source)
{
	struct usage_read how = { .source = source };
	struct recording recording;
	struct context context;

	if (context_options_take(&context, session, &options->context) < 0 ||
	    settings_rates(&how.rates, &session->arena, session->workspace.root,
		&session->err) < 0 ||
	    recording_load(&recording, &session->workspace, &session->err) < 0)
		return -1;
	how.context = &context;
	recording_use(&recording, &how);
	return read_with(out, session, options,
	    map ? map : node_map(&session->arena), &how);
}

int
usage_options_check(struct session *session,
    const struct usage_options *options)
{
	const struct rates_package package = rates_package_builtin();
	struct usage_read how = { .source = "check" };
	struct usage ignored = { .attempt = 1 };
	struct context context;

	if (context_options_given(&context, session, &options->context) < 0)
		return -1;
	how.context = &context;
	how.rates = rates_new(&session->arena, NULL, &package);
	return read_with(&ignored, session, options, node_map(&session->arena),
	    &how);
}

const char *
usage_options_value(const struct usage_options *options, const char *option)
{
	for (size_t i = 0; i < USAGE_OPTIONS_COUNT; i++)
		if (strcmp(rows[i].option, option) == 0 && options->value[i] &&
		    options->value[i][0] != '\0')
			return options->value[i];
	return NULL;
}

bool
usage_options_has_measure(const struct usage_options *options)
{
	static const char *const measures[] = { "calls", "input-tokens",
		"output-tokens", "tokens-in", "tokens-out", "cache-read-tokens",
		"cache-write-tokens", "cache-write-1h-tokens",
		"reasoning-tokens", "amount", "cost-usd" };

	for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++)
		if (usage_options_value(options, measures[i]))
			return true;
	return false;
}
