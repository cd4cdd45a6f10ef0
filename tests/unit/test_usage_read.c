#include "lib/core/usage_read.h"

#include "lib/core/context.h"
#include "lib/core/rates.h"
#include "lib/core/rates_read.h"
#include "lib/core/usage.h"
#include "lib/core/usage_node.h"
#include "lib/doc/json.h"
#include "lib/doc/json_write.h"
#include "tests/unit/scratch.h"

static struct arena arena;
static struct error err;
static struct context context;
static struct usage_read how = { .context = &context, .source = "record" };

static const char rates_text[] =
    "rates:\n"
    "  m: {prompt_per_1k: 0.001, completion_per_1k: 0.002}\n"
    "resources:\n"
    "- {resource: api, per_call: 0.25}\n"
    "- {resource: cpu, per_unit: 0.5, unit: seconds}\n";

static void
begin(void)
{
	struct rates_table *table =
	    rates_read(&arena, "rates.yaml", scratch_yaml(&arena, rates_text));

	how.rates = rates_new(&arena, table, NULL);
	how.now = (struct when){ INT64_C(1795334400000000) };
}

static void
end(void)
{
	arena_release(&arena);
}

TestSuite(usage_read, .init = begin, .fini = end, .timeout = 60);

static struct node *
json(const char *text)
{
	struct node *node = NULL;

	cr_assert(json_read(&node, &arena, text_of(text), "in", 1, &err) == 0,
	    "%s", err.text);
	return node;
}

/* The record of an object, as JSON without what is null, 0 or the default. */
static char *
shown(const char *text)
{
	static const char *const usual[] = {
		"\"2026-11-22T08:00:00Z\"",
		"\"llm\"",
		"\"ok\"",
		"\"reported\"",
		"\"record\"",
		"null",
		"{}",
	};
	struct usage usage;
	struct buf out = BUF_INIT, value = BUF_INIT;
	struct node *node;
	char *copy;

	if (usage_read(&usage, &arena, json(text), &how, &err) < 0)
		return arena_printf(&arena, "%s", err.text);
	node = usage_node(&arena, &usage);
	for (const struct node *n = node->first; n; n = n->next) {
		bool is_usual = false;

		buf_reset(&value);
		json_write_line(&value, n);
		for (size_t i = 0; i < SCRATCH_COUNT(usual); i++)
			is_usual |= strcmp(value.text, usual[i]) == 0;
		if (is_usual || strcmp(value.text, "0") == 0 ||
		    text_is(n->key, "prompt_tokens") ||
		    text_is(n->key, "total_tokens") ||
		    (text_is(n->key, "attempt") && text_is(n->text, "1")))
			continue;
		buf_printf(&out, "%s%s=%s", out.len > 0 ? " " : "", n->key.data,
		    value.text);
	}
	copy = arena_copy(&arena, out.text, out.len);
	buf_release(&out);
	buf_release(&value);
	return copy;
}

Test(usage_read, takes_every_name_there_is)
{
	static const struct {
		const char *object, *record;
	} cases[] = {
		{ "{}", "calls=1 cost_status=\"unknown\"" },
		{ "{\"id\":\"i\",\"model\":\"m\",\"input_tokens\":\"1000\","
		  "\"output_tokens\":500}",
		    "id=\"i\" model=\"m\" calls=1 input_tokens=1000 "
		    "output_tokens=500 cost_usd=0.002 "
		    "cost_status=\"estimated\"" },
		{ "{\"model\":\"m\",\"tokens_in\":1000,\"tokens_out\":10,"
		  "\"cache_read_tokens\":600,\"cache_write_tokens\":100}",
		    "model=\"m\" calls=1 input_tokens=300 output_tokens=10 "
		    "cache_read_tokens=600 cache_write_tokens=100 "
		    "cost_usd=0.00102 cost_status=\"estimated\"" },
		{ "{\"usage\":{\"prompt_tokens\":2000,"
		  "\"prompt_tokens_details\":{\"cached_tokens\":1500},"
		  "\"completion_tokens\":700,\"cost\":\"0.0125\"}}",
		    "calls=1 input_tokens=500 output_tokens=700 "
		    "cache_read_tokens=1500 cost_usd=0.0125 "
		    "cost_status=\"known\"" },
		{ "{\"cost_usd\":0}", "calls=1 cost_status=\"known\"" },
		{ "{\"cost_usd\":\"1e-3\",\"cost_status\":\"estimated\"}",
		    "calls=1 cost_usd=0.001 cost_status=\"estimated\"" },
		{ "{\"resource_type\":\"llm_tokens_input\",\"amount\":\"15\"}",
		    "calls=1 input_tokens=15 cost_status=\"unknown\"" },
		{ "{\"resource_type\":\"llm_tokens_output\",\"amount\":15.0}",
		    "output_tokens=15 cost_status=\"unknown\"" },
		{ "{\"resource_type\":\"llm_tokens\",\"amount\":7}",
		    "calls=1 input_tokens=7 cost_status=\"unknown\"" },
		{ "{\"resource_type\":\"bedrock_tokens\",\"amount\":7}",
		    "calls=1 input_tokens=7 cost_status=\"unknown\"" },
		{ "{\"resource_type\":\"api_call\",\"amount\":3}",
		    "resource=\"api\" calls=3 cost_usd=0.75 "
		    "cost_status=\"estimated\"" },
		{ "{\"resource_type\":\"api_call\",\"status\":\"quota\"}",
		    "resource=\"api\" status=\"quota\" calls=1 cost_usd=0.25 "
		    "cost_status=\"estimated\"" },
		{ "{\"resource_type\":\"cpu_seconds\",\"amount\":1.5}",
		    "resource=\"cpu\" amount=1.5 unit=\"seconds\" "
		    "cost_usd=0.75 cost_status=\"estimated\"" },
		{ "{\"resource_type\":\"process_runtime_seconds\","
		  "\"amount\":2}",
		    "resource=\"cpu\" amount=2 unit=\"seconds\" cost_usd=1 "
		    "cost_status=\"estimated\"" },
		{ "{\"resource\":\"gpu\",\"amount\":1,\"unit\":\"hours\"}",
		    "resource=\"gpu\" amount=1 unit=\"hours\" "
		    "cost_status=\"free\"" },
		{ "{\"entity\":\"analysis:a:b\",\"task_id\":\"t\","
		  "\"workstream_id\":\"w\",\"repo_id\":\"r\","
		  "\"ref_type\":\"release\",\"ref_id\":\"v1\",\"run\":7}",
		    "run=\"7\" task=\"t\" workstream=\"w\" repo=\"r\" "
		    "release=\"v1\" entity_type=\"analysis\" "
		    "entity_id=\"a:b\" calls=1 cost_status=\"unknown\"" },
		{ "{\"created_at\":\"2026-01-02T03:04:05+01:00\","
		  "\"attempt\":2,\"count_status\":\"estimated\","
		  "\"source\":\"s\",\"task\":\"\",\"agent\":null}",
		    "at=\"2026-01-02T02:04:05Z\" attempt=2 calls=1 "
		    "count_status=\"estimated\" cost_status=\"unknown\" "
		    "source=\"s\"" },
		{ "{\"metadata\":{\"a\":[1.50,\"x\\ny\"]}}",
		    "calls=1 cost_status=\"unknown\" "
		    "metadata={\"a\":[1.50,\"x\\ny\"]}" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++)
		SCRATCH_SAME(shown(cases[i].object), cases[i].record);
}

Test(usage_read, refuses_with_a_place)
{
	static const struct {
		const char *object, *reason;
	} cases[] = {
		{ "[]", "in:1:1: expected an object" },
		{ "{\"input_token\":1}",
		    "in:1:16: input_token: there is no field 'input_token'; "
		    "did you mean 'input_tokens'?" },
		{ "{\"zzzzzzzzzzz\":1}",
		    "in:1:16: zzzzzzzzzzz: there is no field 'zzzzzzzzzzz'" },
		{ "{\"input_tokens\":-1}",
		    "in:1:17: input_tokens: expected a whole number from 0 "
		    "to 9223372036854775807, got -1" },
		{ "{\"at\":\"now\"}", "in:1:7: at: expected a time such as "
				      "2026-11-22T08:00:00Z" },
		{ "{\"entity\":\"x\"}",
		    "in:1:11: entity: expected an entity as TYPE:ID" },
		{ "{\"entity\":\"a:b\",\"entity_id\":\"c\","
		  "\"entity_type\":\"a\"}",
		    "in:1:11: entity: entity_type and entity_id say it "
		    "already" },
		{ "{\"entity_id\":\"c\"}",
		    "in:1:14: entity_id: an entity needs both its type and its id" },
		{ "{\"task\":\"a\",\"task_id\":\"b\"}",
		    "in:1:23: task_id: another field says otherwise of the "
		    "task" },
		{ "{\"task\":\"a\\nb\"}",
		    "in:1:9: task: holds a control character" },
		{ "{\"ref_id\":\"b\"}",
		    "in:1:11: ref_id: ref_type and ref_id belong together" },
		{ "{\"ref_id\":\"b\",\"ref_type\":\"x\"}",
		    "in:1:26: ref_type: expected commit, release or session" },
		{ "{\"tokens_in\":5,\"cache_read_tokens\":6}",
		    "in:1:14: tokens_in: is less than what of it is cached" },
		{ "{\"tokens_in\":5,\"input_tokens\":5}",
		    "in:1:14: tokens_in: another field says the tokens "
		    "already" },
		{ "{\"status\":\"fine\"}",
		    "in:1:11: status: is none of ok, error, retry, "
		    "rate_limited and quota" },
		{ "{\"amount\":1}", "in:1:11: amount: needs a unit" },
		{ "{\"resource_type\":\"llm_tokens\",\"amount\":1.5}",
		    "in:1:40: amount: expected a whole number of this type" },
		{ "{\"cost_usd\":1,\"cost_status\":\"free\"}",
		    "in:1:29: cost_status: does not go with a cost" },
		{ "{\"cost_status\":\"dear\"}",
		    "in:1:16: cost_status: expected known, estimated, unknown "
		    "or free" },
		{ "{\"attempt\":0}", "in:1:12: attempt: is below 1" },
		{ "{\"metadata\":[]}",
		    "in:1:13: metadata: expected a mapping, got a list" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++)
		SCRATCH_SAME(shown(cases[i].object), cases[i].reason);
}

Test(usage_read, lenient_puts_what_is_unknown_into_metadata)
{
	how.lenient = true;
	SCRATCH_SAME(shown("{\"x\":[1],\"task\":\"t\",\"metadata\":{\"y\":2}}"),
	    "task=\"t\" calls=1 cost_status=\"unknown\" "
	    "metadata={\"y\":2,\"x\":[1]}");
	SCRATCH_SAME(shown("{\"y\":1,\"metadata\":{\"y\":2}}"),
	    "in:1:6: y: stands in metadata too");
}

Test(usage_read, takes_what_the_record_leaves_open_from_the_context)
{
	context.value[CONTEXT_TASK] = TEXT("t-context");
	context.value[CONTEXT_AGENT] = TEXT("a");
	context.value[CONTEXT_ENTITY] = TEXT("paper:p");
	SCRATCH_SAME(shown("{\"task\":\"t\"}"),
	    "agent=\"a\" task=\"t\" entity_type=\"paper\" entity_id=\"p\" "
	    "calls=1 cost_status=\"unknown\"");
	SCRATCH_SAME(shown("{\"entity\":\"x:y\"}"),
	    "agent=\"a\" task=\"t-context\" entity_type=\"x\" "
	    "entity_id=\"y\" calls=1 cost_status=\"unknown\"");
}

/* What `usage events --json` prints can be given back. */
Test(usage_read, takes_back_what_it_gave)
{
	struct usage usage, again;
	struct buf text = BUF_INIT, other = BUF_INIT;

	cr_assert(usage_read(&usage, &arena,
		      json("{\"id\":\"i\",\"model\":\"m\",\"entity\":\"a:b\","
			   "\"usage\":{\"input_tokens\":7,\"output_tokens\":9,"
			   "\"cache_read_input_tokens\":4},\"attempt\":3,"
			   "\"at\":\"2026-01-02T03:04:05.6Z\","
			   "\"resource\":\"gpu\",\"amount\":\"0.1\","
			   "\"unit\":\"h\",\"cost_usd\":\"0.1\","
			   "\"metadata\":{\"k\":{\"l\":null}}}"),
		      &how, &err) == 0,
	    "%s", err.text);
	json_write_line(&text, usage_node(&arena, &usage));
	cr_assert(usage_read(&again, &arena, json(text.text), &how, &err) == 0,
	    "%s", err.text);
	json_write_line(&other, usage_node(&arena, &again));
	SCRATCH_SAME(other.text, text.text);
	cr_expect(strstr(text.text, "\"prompt_tokens\":11,"
				    "\"total_tokens\":20}") != NULL);
	buf_release(&text);
	buf_release(&other);
}
