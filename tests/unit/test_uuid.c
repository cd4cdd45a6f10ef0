#include "lib/base/uuid.h"

#include "tests/unit/scratch.h"

Test(uuid, has_the_form_of_version_7)
{
	struct uuid last = UUID_NONE;
	char id[UUID_LEN + 1];
	struct error err;

	cr_assert(uuid_next(id, &last, (struct when){ 0x0123456789ABLL * 1000 },
		      &err) == 0);
	cr_expect(strncmp(id, "01234567-89ab-7", 15) == 0, "%s", id);
	cr_expect(strchr("89ab", id[19]) != NULL, "%s", id);
	cr_expect(eq(sz, strspn(id, "0123456789abcdef-"), UUID_LEN));
}

Test(uuid, ascend_within_a_millisecond_and_when_the_clock_goes_back)
{
	struct uuid last = UUID_NONE;
	char id[UUID_LEN + 1], before[UUID_LEN + 1] = "";
	struct error err;

	for (int i = 0; i < 5000; i++) {
		struct when now = { 1795334400000000 + i / 2500 * 1000 -
				    i % 7 };

		cr_assert(uuid_next(id, &last, now, &err) == 0);
		cr_expect(strcmp(before, id) < 0, "%s %s", before, id);
		memcpy(before, id, sizeof(id));
	}
	/* What is counted carries over into the bits before. */
	last.low = ((uint64_t)1 << 62) - 1;
	last.high = 5;
	cr_assert(uuid_next(id, &last, (struct when){ 0 }, &err) == 0);
	cr_expect(eq(u64, last.high, 6));
	cr_expect(eq(u64, last.low, 0));
}

Test(uuid, of_two_processes_differ)
{
	struct uuid a = UUID_NONE, b = UUID_NONE;
	char one[UUID_LEN + 1], two[UUID_LEN + 1];
	struct error err;

	cr_assert(uuid_next(one, &a, (struct when){ 5000 }, &err) == 0);
	cr_assert(uuid_next(two, &b, (struct when){ 5000 }, &err) == 0);
	cr_expect(strcmp(one, two) != 0);
}
