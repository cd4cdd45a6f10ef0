#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/core/tier.h"
#include "lib/core/usage.h"
#include "tests/unit/scratch.h"

static struct scratch s;

static struct tier_table
read_tiers(const char *text)
{
	struct tier_table table;
	struct node *map;

	cr_assert(
	    yaml_read(&map, &s.arena, text_of(text), "t.yaml", 1, &s.err) == 0);
	cr_assert(tier_read(&table, &s.arena, map, &s.err) == 0, "%s",
	    s.err.text);
	return table;
}

/* The model that a record comes to have. */
static struct text
fill(const struct tier_table *table, const char *resource, const char *tier,
    const char *model)
{
	struct usage usage = { .attempt = 1 };

	usage.dimension[USAGE_RESOURCE] = text_of(resource);
	usage.dimension[USAGE_TIER] = text_of(tier);
	usage.dimension[USAGE_MODEL] = text_of(model);
	tier_fill(table, &usage);
	return usage.dimension[USAGE_MODEL];
}

Test(tier, an_llm_record_without_a_model_gets_its_tiers)
{
	struct tier_table table = read_tiers("small: {model: m-s}\n"
					     "large: {model: m-l}\n"
					     "bare: {model: null}\n"
					     "empty:\n");

	cr_expect(text_is(fill(&table, "llm", "small", NULL), "m-s"));
	cr_expect(text_is(fill(&table, "llm", "large", NULL), "m-l"));
	cr_expect(text_is(fill(&table, "llm", "large", "own"), "own"));
	cr_expect(fill(&table, "api", "large", NULL).data == NULL);
	cr_expect(fill(&table, "llm", "bare", NULL).data == NULL);
	cr_expect(fill(&table, "llm", "empty", NULL).data == NULL);
	cr_expect(fill(&table, "llm", "other", NULL).data == NULL);
	cr_expect(fill(&table, "llm", NULL, NULL).data == NULL);
	arena_release(&s.arena);
}

Test(tier, without_tiers_there_is_nothing_to_fill_in)
{
	struct tier_table table;

	cr_assert(tier_read(&table, &s.arena, NULL, &s.err) == 0);
	cr_expect(fill(&table, "llm", "small", NULL).data == NULL);
}
