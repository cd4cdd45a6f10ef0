#include "lib/core/query_newest.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

/* Add records of the times 0 to count - 1, in a scattered order. */
static void
add_records(struct query_newest *newest, int count)
{
	struct usage usage = { 0 };
	char model[32];

	for (int i = 0; i < count; i++) {
		usage.at.micros = (int64_t)i * 7 % count;
		snprintf(model, sizeof(model), "model-%d",
		    (int)usage.at.micros);
		usage.dimension[USAGE_MODEL] = text_of(model);
		query_newest_add(newest, &usage);
		memset(model, '!', sizeof(model));
	}
	query_newest_sort(newest);
}

static void
expect_from(const struct query_newest *newest, size_t count, int first)
{
	char model[32];

	cr_assert(eq(sz, newest->count, count));
	for (size_t i = 0; i < count; i++) {
		snprintf(model, sizeof(model), "model-%d", first - (int)i);
		cr_expect(text_is(query_newest_get(newest, i)
				      ->dimension[USAGE_MODEL],
			      model),
		    "%s", model);
	}
}

Test(query_newest, keeps_the_newest_in_order)
{
	struct query_newest newest;

	query_newest_init(&newest, 10);
	add_records(&newest, 1000);
	expect_from(&newest, 10, 999);
	query_newest_release(&newest);
}

Test(query_newest, keeps_all_where_there_is_no_limit)
{
	struct query_newest newest;

	query_newest_init(&newest, 0);
	add_records(&newest, 500);
	expect_from(&newest, 500, 499);
	query_newest_release(&newest);
}

Test(query_newest, puts_the_larger_id_first_at_the_same_time)
{
	static const char *const ids[] = { "b", NULL, "c", "a", "ab" };
	static const char *const wanted[] = { "c", "b", "ab", "a" };
	struct query_newest newest;
	struct usage usage = { 0 };

	query_newest_init(&newest, 4);
	for (size_t i = 0; i < 5; i++) {
		usage.id = text_of(ids[i]);
		query_newest_add(&newest, &usage);
	}
	query_newest_sort(&newest);
	for (size_t i = 0; i < 4; i++)
		cr_expect(text_is(query_newest_get(&newest, i)->id, wanted[i]));
	query_newest_release(&newest);
}

Test(query_newest, keeps_null_and_empty_texts_apart)
{
	struct query_newest newest;
	struct usage usage = { .unit = { "", 0 } };

	query_newest_init(&newest, 1);
	query_newest_add(&newest, &usage);
	query_newest_sort(&newest);
	cr_expect(query_newest_get(&newest, 0)->id.data == NULL);
	cr_expect(query_newest_get(&newest, 0)->unit.data != NULL);
	query_newest_release(&newest);
}

Test(query_newest, takes_more_after_it_was_put_in_order)
{
	struct query_newest newest;
	struct usage usage = { 0 };

	query_newest_init(&newest, 10);
	for (int i = 0; i < 500; i++) {
		usage.at.micros = (int64_t)i * 7 % 500;
		query_newest_add(&newest, &usage);
		query_newest_sort(&newest);
	}
	for (int i = 0; i < 10; i++)
		cr_expect(
		    eq(i64, query_newest_get(&newest, i)->at.micros, 499 - i));
	query_newest_release(&newest);
}
