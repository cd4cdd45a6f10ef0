#include "lib/core/daily_pairs.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/base/arena.h"

enum {
	THINGS = 300,
};

static struct arena arena = ARENA_INIT;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(daily_pairs, .fini = release);

Test(daily_pairs, each_pair_is_new_once)
{
	struct daily_pairs_room room = { .arena = &arena };
	struct daily_pairs set = { .count = 0 };
	char things[THINGS];

	for (int again = 0; again < 2; again++)
		for (size_t i = 0; i < THINGS; i++)
			for (size_t j = 0; j < THINGS; j += 7)
				cr_assert(
				    daily_pairs_add(&set, &room, &things[i],
					&things[j]) == (again == 0));
	cr_expect(eq(sz, set.count, THINGS * ((THINGS + 6) / 7)));
	cr_expect(daily_pairs_add(&set, &room, &things[7], &things[1]));
}

Test(daily_pairs, sets_share_what_they_have_outgrown)
{
	struct daily_pairs_room room = { .arena = &arena };
	struct daily_pairs sets[2] = { { .count = 0 }, { .count = 0 } };
	char things[THINGS];

	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; i < THINGS; i++)
			cr_assert(daily_pairs_add(&sets[s], &room, &things[s],
			    &things[i]));
	for (size_t s = 0; s < 2; s++) {
		cr_expect(eq(sz, sets[s].count, THINGS));
		for (size_t i = 0; i < THINGS; i++)
			cr_assert(daily_pairs_add(&sets[s], &room, &things[s],
				      &things[i]) == false);
		cr_expect(daily_pairs_add(&sets[s], &room, &things[1 - s],
		    &things[0]));
	}
}
