#include "lib/core/tokens.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/doc/json.h"
#include "lib/doc/node.h"

#define MAX "9223372036854775807"
#define RECORDED "provider-responses/"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct arena arena = ARENA_INIT;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(tokens, .fini = release);

static struct node *
parse_text(struct text text)
{
	struct error err = { 0 };
	struct node *node;

	cr_assert(eq(int, json_read(&node, &arena, text, "u.json", 1, &err), 0),
	    "%s: %s", err.text, text.data);
	return node;
}

static struct node *
parse(const char *json)
{
	return parse_text(text_of(json));
}

/* `input read write write_1h output reasoning cost`, or what is wrong. */
static char *
measure(const struct node *usage)
{
	struct error err = { 0 };
	struct tokens t;
	struct buf cost = BUF_INIT;
	char *text;

	if (tokens_read(&t, usage, &err) < 0) {
		cr_expect(eq(int, (int)err.kind, ERROR_DATA));
		return arena_printf(&arena, "%s", err.text);
	}
	if (t.has_cost)
		money_full(&cost, t.cost);
	else
		cr_expect(t.cost.femto == 0);
	text = arena_printf(&arena,
	    "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64
	    " %" PRId64 " %s",
	    t.input, t.cache_read, t.cache_write, t.cache_write_1h, t.output,
	    t.reasoning, t.has_cost ? cost.text : "-");
	buf_release(&cost);
	return text;
}

static struct text
load(const char *name)
{
	char *path = arena_printf(&arena, "testdata/%s", name);
	struct buf data = BUF_INIT;
	struct text text;
	FILE *file = fopen(path, "rb");
	int c;

	cr_assert(file != NULL, "%s", path);
	while ((c = getc(file)) != EOF)
		buf_putc(&data, (char)c);
	fclose(file);
	text =
	    (struct text){ arena_copy(&arena, data.text, data.len), data.len };
	buf_release(&data);
	return text;
}

/* The next line of text, without its end; the text moves behind it. */
static struct text
next_line(struct text *text)
{
	const char *end = memchr(text->data, '\n', text->len);
	struct text line;

	cr_assert(end != NULL, "a line is missing or has no end");
	line = (struct text){ text->data, (size_t)(end - text->data) };
	text->data += line.len + 1;
	text->len -= line.len + 1;
	return line;
}

/* Run a file of so many cases, of which its folder's README.md speaks. */
static void
expect_cases(const char *file, int expected_count)
{
	struct text text = load(file);
	int count = 0;

	for (;;) {
		struct text name = next_line(&text);
		struct node *usage = parse_text(next_line(&text));
		struct text expected = next_line(&text);
		char *got = measure(usage);

		cr_expect(text_is(expected, got), "%.*s:\n got %s\nwant %.*s",
		    (int)name.len, name.data, got, (int)expected.len,
		    expected.data);
		count++;
		if (text.len == 0)
			break;
		cr_assert(eq(sz, next_line(&text).len, 0));
	}
	cr_expect(eq(int, count, expected_count));
}

Test(tokens, read_the_worked_examples)
{
	expect_cases("tokens/worked-examples.txt", 3);
}

Test(tokens, read_recorded_responses)
{
	static const struct {
		const char *file;
		char *expected;
	} rows[] = {
		{ "anthropic.anthropic_prompt_caching_legacy.0.json",
		    "4 0 1163 0 187 0 -" },
		{ "anthropic.anthropic_thinking_legacy.0.json",
		    "52 0 0 0 215 0 -" },
		{ "bedrock-converse.nova_converse.0.json", "54 0 0 0 18 0 -" },
		{ "bedrock-invoke-anthropic.prompt_cache.0.json",
		    "4 0 18131 0 50 0 -" },
		{ "gemini.client_spans.0.json", "5 0 0 0 1935 1058 -" },
		{ "mistral.mistralai_chat_legacy.0.json", "11 0 0 0 96 0 -" },
		{ "ollama.ollama_chat_legacy.0.json", "17 0 0 0 66 0 -" },
		{ "openai-chat.chat_reasoning.0.json", "11 0 0 0 228 192 -" },
		{ "openai-responses.responses_reasoning.0.json",
		    "11 0 0 0 327 320 -" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct node *body = parse_text(
		    load(arena_printf(&arena, RECORDED "%s", rows[i].file)));
		char *got = measure(tokens_find(body));

		cr_expect(eq(str, got, rows[i].expected), "%s", rows[i].file);
	}
}

/* The usage of an event of a stream, by the event's type. */
static const struct node *
event_usage(const char *stream, const char *type)
{
	const char *line = stream, *found = NULL;
	struct node *event;
	struct text name;
	struct error err = { 0 };

	while ((line = strstr(line, "\ndata: ")) != NULL) {
		line += strlen("\ndata: ");
		event = parse_text((struct text){ line, strcspn(line, "\n") });
		cr_assert(eq(int,
		    node_get_string(&name, node_get(event, "type"), &err), 0));
		if (text_is(name, type))
			found = line;
	}
	cr_assert(found != NULL, "%s", type);
	return tokens_find(
	    parse_text((struct text){ found, strcspn(found, "\n") }));
}

Test(tokens, overlay_a_recorded_stream)
{
	static const char name[] =
	    RECORDED "anthropic.anthropic_prompt_caching_stream_legacy.0.sse";
	const char *stream = load(name).data;
	const struct node *start = event_usage(stream, "message_start");
	const struct node *delta = event_usage(stream, "message_delta");
	struct node *usage = tokens_overlay(&arena, start, delta);

	cr_expect(eq(str, measure(start), "4 0 1165 0 1 0 -"));
	cr_expect(eq(str, measure(delta), "0 0 0 0 201 0 -"));
	cr_expect(eq(str, measure(usage), "4 0 1165 0 201 0 -"));
}

Test(tokens, overlay_what_is_not_null)
{
	static const struct {
		char *start, *delta, *expected;
	} rows[] = {
		{ "{\"input_tokens\":4,\"cache_read_input_tokens\":9,"
		  "\"output_tokens\":1}",
		    "{\"input_tokens\":5,\"cache_read_input_tokens\":null,"
		    "\"output_tokens\":20}",
		    "5 9 0 0 20 0 -" },
		{ "{\"input_tokens\":4,\"output_tokens\":1}",
		    "{\"output_tokens\":20,\"output_tokens_details\":"
		    "{\"thinking_tokens\":12}}",
		    "4 0 0 0 20 12 -" },
		{ "{\"input_tokens\":4,\"cache_creation\":null,"
		  "\"output_tokens\":1}",
		    "{\"cache_creation\":{\"ephemeral_1h_input_tokens\":7}}",
		    "4 0 0 7 1 0 -" },
		{ "null", "{\"input_tokens\":4}", "4 0 0 0 0 0 -" },
		{ "{\"input_tokens\":4}", "null", "4 0 0 0 0 0 -" },
		{ "null", "null", "0 0 0 0 0 0 -" },
		{ "[]", "{\"input_tokens\":4}",
		    "u.json:1:1: expected a mapping, got a list" },
		{ "{\"input_tokens\":4}", "7",
		    "u.json:1:1: expected a mapping, got 7" },
		{ "{\"output_tokens\":1}", "{\"output_tokens\":-2}",
		    "u.json:1:18: output_tokens: expected a whole number from "
		    "0 to " MAX ", got -2" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct node *start = parse(rows[i].start);
		struct node *delta = parse(rows[i].delta);
		struct node *usage = tokens_overlay(&arena, start, delta);

		cr_expect(eq(str, measure(usage), rows[i].expected));
	}
}

Test(tokens, overlay_leaves_its_arguments_alone)
{
	struct node *start = parse("{\"input_tokens\":4,\"output_tokens\":1}");
	struct node *delta = parse("{\"output_tokens\":20,\"speed\":null}");
	struct node *usage = tokens_overlay(&arena, start, delta);

	cr_expect(eq(str, measure(start), "4 0 0 0 1 0 -"));
	cr_expect(eq(str, measure(delta), "0 0 0 0 20 0 -"));
	cr_expect(eq(sz, usage->count, 3));
	cr_expect(node_get(start, "input_tokens")->parent == start);
	cr_expect(node_get(delta, "output_tokens")->parent == delta);
}

Test(tokens, overlay_null_pointers)
{
	struct node *usage = parse("{\"output_tokens\":20}");

	cr_expect(eq(str, measure(tokens_overlay(&arena, NULL, usage)),
	    "0 0 0 0 20 0 -"));
	cr_expect(eq(str, measure(tokens_overlay(&arena, usage, NULL)),
	    "0 0 0 0 20 0 -"));
	cr_expect(node_is_null(tokens_overlay(&arena, NULL, NULL)));
}

Test(tokens, find_the_usage_object)
{
	static const struct {
		const char *name;
		const char *json;
		char *expected;
	} rows[] = {
		{ "the top", "{\"usage\":{\"prompt_tokens\":1}}",
		    "1 0 0 0 0 0 -" },
		{ "Gemini", "{\"usageMetadata\":{\"promptTokenCount\":2}}",
		    "2 0 0 0 0 0 -" },
		{ "SDK dump", "{\"usage_metadata\":{\"prompt_token_count\":3}}",
		    "3 0 0 0 0 0 -" },
		{ "Responses event",
		    "{\"type\":\"response.completed\",\"response\":{\"usage\":"
		    "{\"input_tokens\":4,\"output_tokens\":1}}}",
		    "4 0 0 0 1 0 -" },
		{ "Anthropic event",
		    "{\"type\":\"message_start\",\"message\":{\"usage\":"
		    "{\"input_tokens\":5,\"output_tokens\":1}}}",
		    "5 0 0 0 1 0 -" },
		{ "ConverseStream event",
		    "{\"metadata\":{\"usage\":{\"inputTokens\":6}}}",
		    "6 0 0 0 0 0 -" },
		{ "null goes on",
		    "{\"usage\":null,\"message\":{\"usage\":"
		    "{\"input_tokens\":7}}}",
		    "7 0 0 0 0 0 -" },
		{ "Ollama", "{\"done\":true,\"eval_count\":8}",
		    "0 0 0 0 8 0 -" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct node *found = tokens_find(parse(rows[i].json));

		cr_assert(found != NULL, "%s", rows[i].name);
		cr_expect(eq(str, measure(found), rows[i].expected), "%s",
		    rows[i].name);
	}
}

Test(tokens, find_nothing_where_there_is_nothing)
{
	static const char *const bodies[] = {
		"null",
		"7",
		"[]",
		"{}",
		"{\"usage\":null}",
		"{\"response\":\"text\",\"message\":[],\"metadata\":null}",
		"{\"done\":false,\"eval_count\":8}",
		"{\"done\":\"true\",\"eval_count\":8}",
		"{\"done\":true,\"response\":\"text\"}",
	};

	for (size_t i = 0; i < COUNT(bodies); i++)
		cr_expect(tokens_find(parse(bodies[i])) == NULL, "%s",
		    bodies[i]);
	cr_expect(tokens_find(NULL) == NULL);
}

Test(tokens, nothing_is_no_tokens)
{
	expect_cases("tokens/nothing.txt", 3);
	cr_expect(eq(str, measure(NULL), "0 0 0 0 0 0 -"));
}

Test(tokens, read_the_plain_form)
{
	expect_cases("tokens/plain.txt", 10);
}

Test(tokens, read_openai_chat)
{
	expect_cases("tokens/openai-chat.txt", 8);
}

Test(tokens, read_openai_responses)
{
	expect_cases("tokens/openai-responses.txt", 6);
}

Test(tokens, read_anthropic)
{
	expect_cases("tokens/anthropic.txt", 9);
}

Test(tokens, read_gemini)
{
	expect_cases("tokens/gemini.txt", 10);
}

Test(tokens, read_bedrock_converse)
{
	expect_cases("tokens/bedrock-converse.txt", 6);
}

Test(tokens, read_mistral)
{
	expect_cases("tokens/mistral.txt", 5);
}

Test(tokens, read_deepseek)
{
	expect_cases("tokens/deepseek.txt", 6);
}

Test(tokens, read_openrouter)
{
	expect_cases("tokens/openrouter.txt", 8);
}

Test(tokens, read_ollama)
{
	expect_cases("tokens/ollama.txt", 4);
}

Test(tokens, read_litellm)
{
	expect_cases("tokens/litellm.txt", 4);
}

Test(tokens, refuse_what_is_no_count)
{
	expect_cases("tokens/no-count.txt", 23);
}

Test(tokens, say_the_line_of_what_they_refuse)
{
	const char *usage = "{\"prompt_tokens\":9,\n"
			    " \"prompt_tokens_details\":{\n"
			    "  \"cached_tokens\":{}}}";

	cr_expect(eq(str, measure(parse(usage)),
	    "u.json:3:19: prompt_tokens_details.cached_tokens: "
	    "expected a whole number, got a mapping"));
}

Test(tokens, refuse_parts_larger_than_their_total)
{
	expect_cases("tokens/contradictions.txt", 18);
}

Test(tokens, refuse_sums_beyond_64_bits)
{
	expect_cases("tokens/overflow.txt", 11);
}

Test(tokens, leave_the_result_alone_on_failure)
{
	struct tokens t = { .input = 7, .has_cost = true };
	struct error err = { 0 };

	cr_expect(eq(int,
	    tokens_read(&t, parse("{\"prompt_tokens\":9,\"cost\":[]}"), &err),
	    -1));
	cr_expect(eq(i64, t.input, 7));
	cr_expect(t.has_cost);
}

Test(tokens, add_up_prompt_and_total)
{
	struct tokens t = { 1, 20, 300, 4000, 50000, 600, false, MONEY_ZERO };
	int64_t sum = 0;

	cr_expect(eq(int, tokens_prompt(&sum, &t), 0));
	cr_expect(eq(i64, sum, 4321));
	cr_expect(eq(int, tokens_total(&sum, &t), 0));
	cr_expect(eq(i64, sum, 54321));
}

Test(tokens, refuse_a_prompt_or_a_total_that_does_not_fit)
{
	struct tokens t = { .input = INT64_MAX, .cache_write_1h = 1 };
	int64_t sum = 7;

	cr_expect(eq(int, tokens_prompt(&sum, &t), -1));
	cr_expect(eq(int, tokens_total(&sum, &t), -1));
	t = (struct tokens){ .cache_read = INT64_MAX, .output = 1 };
	cr_expect(eq(int, tokens_total(&sum, &t), -1));
	cr_expect(eq(i64, sum, 7));
	cr_expect(eq(int, tokens_prompt(&sum, &t), 0));
	cr_expect(eq(i64, sum, INT64_MAX));
}
