#include "lib/core/query_summary.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/zone.h"
#include "lib/core/query_filter.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"

static struct arena arena = ARENA_INIT;
static const struct zone utc = ZONE_UTC;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(query_summary, .fini = release);

/* Four records: two of one entity, and one of each of two others. */
static const struct {
	const char *id, *type, *entity, *resource, *model;
	int64_t tokens;
} records[] = {
	{ "1", "analysis", "SDA-1", "llm", "m", 10 },
	{ "2", "analysis", "SDA-1", "cpu", NULL, 0 },
	{ "3", "dataset", "SDA-1", "llm", "n", 5 },
	{ "4", "analysis", "SDA-2", "llm", "m", 7 },
};

static void
summarize(struct buf *out, const char *scope_text, const char *model)
{
	struct query_summary summary;
	struct query_filter filter;
	struct query_scope scope;
	struct error err = { 0 };
	struct usage usage;

	cr_assert(eq(int, query_summary_parse(&scope, scope_text, &err), 0));
	query_filter_init(&filter, &arena, &utc);
	if (model)
		query_filter_add(&filter, (enum query_dimension)USAGE_MODEL,
		    false, model, &err);
	query_summary_init(&summary, &arena, &scope, &filter, &utc, 100);
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		usage = (struct usage){ .attempt = 1, .calls = 1 };
		usage.cost_status = USAGE_COST_KNOWN;
		usage.cost_usd = (struct money){ 1000000000000000 };
		usage.at.micros = (int64_t)i;
		usage.id = text_of(records[i].id);
		usage.output_tokens = records[i].tokens;
		usage.dimension[USAGE_STATUS] = TEXT("ok");
		usage.dimension[USAGE_ENTITY_TYPE] = text_of(records[i].type);
		usage.dimension[USAGE_ENTITY_ID] = text_of(records[i].entity);
		usage.dimension[USAGE_RESOURCE] = text_of(records[i].resource);
		usage.dimension[USAGE_MODEL] = text_of(records[i].model);
		cr_assert(
		    eq(int, query_summary_add(&summary, &usage, &err), 0));
	}
	cr_assert(eq(int, query_summary_finish(&summary, &err), 0));
	json_write_line(out, query_summary_node(&summary));
	query_summary_release(&summary);
}

static void
expect_part(const char *text, const char *part)
{
	cr_expect(strstr(text, part) != NULL, "%s in %s", part, text);
}

Test(query_summary, adds_up_by_model_agent_and_resource)
{
	struct buf out = BUF_INIT;

	summarize(&out, "model:m", NULL);
	cr_expect(eq(str, out.text,
	    "{\"scope\":\"model\",\"scope_id\":\"m\",\"tokens_in\":0,"
	    "\"tokens_out\":17,\"tokens_total\":17,\"event_count\":2,"
	    "\"cost_usd\":2,\"by_model\":{\"m\":17},\"by_agent\":{},"
	    "\"by_resource\":{\"llm\":{\"records\":2,\"calls\":2,"
	    "\"amounts\":{},\"total_tokens\":17,\"cost_usd\":2}}}"));
	buf_release(&out);
}

Test(query_summary, shows_an_entity_with_its_records_newest_first)
{
	struct buf out = BUF_INIT;
	const char *first, *second;

	summarize(&out, "entity:analysis:SDA-1", NULL);
	expect_part(out.text, "\"scope_id\":\"analysis:SDA-1\"");
	expect_part(out.text, "\"event_count\":2");
	expect_part(out.text,
	    "\"entity_type\":\"analysis\",\"entity_id\":\"SDA-1\","
	    "\"records\":[{\"id\":\"2\"");
	first = strstr(out.text, "{\"id\":\"2\"");
	second = strstr(out.text, "{\"id\":\"1\"");
	cr_expect(first != NULL && second != NULL && first < second);
	buf_release(&out);
}

Test(query_summary, takes_an_id_under_every_type)
{
	struct buf out = BUF_INIT;

	summarize(&out, "entity:SDA-1", NULL);
	expect_part(out.text, "\"event_count\":3");
	expect_part(out.text, "\"entity_types\":[\"analysis\",\"dataset\"]");
	expect_part(out.text, "\"entity_type\":null");
	buf_release(&out);
}

Test(query_summary, is_narrowed_by_a_filter_on_the_same_dimension)
{
	struct buf out = BUF_INIT;

	summarize(&out, "model:m", "n");
	expect_part(out.text, "\"event_count\":0");
	buf_release(&out);
}

Test(query_summary, splits_a_scope_at_the_first_colon)
{
	struct query_scope scope;
	struct error err = { 0 };

	cr_assert(eq(int, query_summary_parse(&scope, "task:a:b", &err), 0));
	cr_expect(text_is(scope.id, "a:b"));
	cr_assert(
	    eq(int, query_summary_parse(&scope, "entity:t:a:b", &err), 0));
	cr_expect(text_is(scope.type, "t"));
	cr_expect(text_is(scope.entity_id, "a:b"));
}

Test(query_summary, refuses_what_is_no_scope)
{
	static const char *const texts[] = { "", "task", "task:", ":x",
		"taks:x", "entity:", "entity:t:", "entity::x" };
	struct query_scope scope;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct error err = { 0 };

		cr_expect(eq(int, query_summary_parse(&scope, texts[i], &err),
			      -1),
		    "%s", texts[i]);
		cr_expect(eq(int, err.kind, ERROR_USAGE));
	}
}
