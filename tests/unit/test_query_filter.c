#include "lib/core/query_filter.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/zone.h"

static struct arena arena = ARENA_INIT;
static const struct zone utc = ZONE_UTC;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(query_filter, .fini = release);

#define MODEL ((enum query_dimension)USAGE_MODEL)

static int
matches(struct query_filter *filter, const char *model)
{
	struct usage usage = { 0 };
	struct error err = { 0 };

	usage.dimension[USAGE_MODEL] = text_of(model);
	usage.dimension[USAGE_ENTITY_TYPE] = TEXT("analysis");
	usage.dimension[USAGE_ENTITY_ID] = TEXT("SDA-1");
	return query_filter_matches(filter, &usage, &err);
}

static int
value_matches(const char *value, bool is_not, const char *model)
{
	struct query_filter filter;
	struct error err = { 0 };

	query_filter_init(&filter, &arena, &utc);
	cr_assert(eq(int, query_filter_add(&filter, MODEL, is_not, value, &err),
		      0),
	    "%s", err.text);
	return matches(&filter, model);
}

Test(query_filter, matches_names_globs_patterns_and_none)
{
	static const struct {
		const char *value, *model;
		int matches;
	} rows[] = {
		{ "gpt-4o", "gpt-4o", 1 },
		{ "gpt-4o", "gpt-4o-mini", 0 },
		{ "gpt-4o", "GPT-4o", 0 },
		{ "gpt-4o", NULL, 0 },
		{ "gpt*", "gpt-4o", 1 },
		{ "gpt*", "gpt", 1 },
		{ "gpt*", "a gpt", 0 },
		{ "*", "x", 1 },
		{ "*", NULL, 0 },
		{ "*-?o*i", "gpt-4o-mini", 1 },
		{ "*ab", "aab", 1 },
		{ "*a*b*c", "xaybzbc", 1 },
		{ "*a*b*c", "xaybzbd", 0 },
		{ "Gr?\?e",
		    "Gr\xc3\xb6\xc3\x9f"
		    "e",
		    1 },
		{ "Gr?e",
		    "Gr\xc3\xb6\xc3\x9f"
		    "e",
		    0 },
		{ "?", "", 0 },
		{ "a[b]*", "a[b]c", 1 },
		{ "/4o$/", "gpt-4o", 1 },
		{ "/4o$/", "gpt-4o-mini", 0 },
		{ "/4O/", "gpt-4o", 0 },
		{ "/(?i)4O/", "gpt-4o", 1 },
		{ "/x/", NULL, 0 },
		{ "//", "x", 1 },
		{ "/", "/", 1 },
		{ "(none)", NULL, 1 },
		{ "(none)", "x", 0 },
		{ "(none)", "(none)", 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cr_expect(eq(int,
			      value_matches(rows[i].value, false,
				  rows[i].model),
			      rows[i].matches),
		    "%s and %s", rows[i].value, rows[i].model);
		cr_expect(eq(int,
			      value_matches(rows[i].value, true, rows[i].model),
			      !rows[i].matches),
		    "not %s and %s", rows[i].value, rows[i].model);
	}
}

Test(query_filter, takes_values_as_alternatives)
{
	struct query_filter filter;
	struct error err = { 0 };

	query_filter_init(&filter, &arena, &utc);
	query_filter_add(&filter, MODEL, false, "a", &err);
	query_filter_add(&filter, MODEL, false, "b*", &err);
	query_filter_add(&filter, MODEL, true, "bad", &err);
	query_filter_add(&filter, MODEL, true, "/z/", &err);
	cr_expect(eq(int, matches(&filter, "a"), 1));
	cr_expect(eq(int, matches(&filter, "bx"), 1));
	cr_expect(eq(int, matches(&filter, "bad"), 0));
	cr_expect(eq(int, matches(&filter, "bz"), 0));
	cr_expect(eq(int, matches(&filter, "c"), 0));
}

Test(query_filter, an_exact_value_narrows_what_the_options_say)
{
	struct query_filter filter;
	struct error err = { 0 };

	query_filter_init(&filter, &arena, &utc);
	query_filter_add(&filter, MODEL, false, "a*", &err);
	query_filter_add_exact(&filter, MODEL, TEXT("a*"));
	query_filter_add(&filter, MODEL, false, "b*", &err);
	cr_expect(eq(int, matches(&filter, "a*"), 1));
	cr_expect(eq(int, matches(&filter, "ab"), 0));
	cr_expect(eq(int, matches(&filter, "b"), 0));
}

Test(query_filter, finds_an_entity_by_type_and_id)
{
	struct query_filter filter;
	struct error err = { 0 };

	query_filter_init(&filter, &arena, &utc);
	query_filter_add(&filter, QUERY_ENTITY, false, "analysis:SDA-1", &err);
	cr_expect(eq(int, matches(&filter, NULL), 1));
	query_filter_init(&filter, &arena, &utc);
	query_filter_add(&filter, QUERY_ENTITY, false, "analysis:SDA-2", &err);
	cr_expect(eq(int, matches(&filter, NULL), 0));
}

Test(query_filter, holds_its_time_from_since_to_before_until)
{
	struct query_filter filter;
	struct usage usage = { 0 };
	struct error err = { 0 };
	const int wanted[] = { 0, 1, 1, 0 };

	query_filter_init(&filter, &arena, &utc);
	filter.has_since = filter.has_until = true;
	filter.since.micros = 1;
	filter.until.micros = 3;
	for (int i = 0; i < 4; i++) {
		usage.at.micros = i;
		cr_expect(eq(int, query_filter_matches(&filter, &usage, &err),
		    wanted[i]));
	}
}

Test(query_filter, refuses_values_that_cannot_be_meant)
{
	static const struct {
		enum query_dimension dimension;
		const char *value;
	} rows[] = {
		{ MODEL, "" },
		{ MODEL, "/(/" },
		{ MODEL, "/a\\C/" },
		{ QUERY_ENTITY, "SDA-1" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct query_filter filter;
		struct error err = { 0 };

		query_filter_init(&filter, &arena, &utc);
		cr_expect(eq(int,
			      query_filter_add(&filter, rows[i].dimension,
				  false, rows[i].value, &err),
			      -1),
		    "%s", rows[i].value);
		cr_expect(eq(int, err.kind, ERROR_USAGE));
	}
}

Test(query_filter, gives_patterns_up_that_take_too_long)
{
	char longest[257], name[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	struct query_filter filter;
	struct usage usage = { 0 };
	struct error err = { 0 };

	memset(longest, 'a', sizeof(longest));
	query_filter_init(&filter, &arena, &utc);
	query_filter_add(&filter, MODEL, false, "/^(a+)+$/", &err);
	usage.dimension[USAGE_MODEL] =
	    (struct text){ longest, sizeof(longest) - 1 };
	cr_expect(eq(int, query_filter_matches(&filter, &usage, &err), 1));
	usage.dimension[USAGE_MODEL].len++;
	cr_expect(eq(int, query_filter_matches(&filter, &usage, &err), -1));
	cr_expect(eq(int, err.kind, ERROR_CONFIG));
	name[sizeof(name) - 2] = 'b';
	usage.dimension[USAGE_MODEL] = text_of(name);
	cr_expect(eq(int, query_filter_matches(&filter, &usage, &err), -1));
	cr_expect(strstr(err.text, "^(a+)+$") != NULL);
}

Test(query_filter, remembers_right_what_a_pattern_said)
{
	struct query_filter filter;
	struct error err = { 0 };
	char name[8] = "m0000";

	query_filter_init(&filter, &arena, &utc);
	query_filter_add(&filter, MODEL, false, "/7$/", &err);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 3000; i++) {
			for (int j = 4, rest = i; j > 0; j--, rest /= 10)
				name[j] = (char)('0' + rest % 10);
			cr_assert(eq(int, matches(&filter, name), i % 10 == 7),
			    "%s", name);
		}
}

Test(query_filter, a_copy_says_the_same_in_an_arena_of_its_own)
{
	static const char *const models[] = { "gpt-4o", "gpt-4o-mini", "x",
		NULL };
	struct arena other = ARENA_INIT;
	struct query_filter filter, copy;
	struct error err = { 0 };

	query_filter_init(&filter, &arena, &utc);
	cr_assert(query_filter_add(&filter, MODEL, false, "/^g/", &err) == 0);
	cr_assert(query_filter_add(&filter, MODEL, false, "(none)", &err) == 0);
	cr_assert(query_filter_add(&filter, MODEL, true, "*mini", &err) == 0);
	query_filter_add_exact(&filter, (enum query_dimension)USAGE_ENTITY_ID,
	    TEXT("SDA-1"));
	cr_assert(query_filter_copy(&copy, &other, &filter, &err) == 0);
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		cr_expect(eq(int, matches(&copy, models[i]),
			      matches(&filter, models[i])),
		    "%s", models[i] ? models[i] : "none");
	cr_expect(eq(int, matches(&copy, "gpt-4o"), 1));
	cr_expect(eq(int, matches(&copy, "gpt-4o-mini"), 0));
	arena_release(&other);
	cr_expect(eq(int, matches(&filter, "gpt-4o"), 1));
}
