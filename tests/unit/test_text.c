#include "lib/base/text.h"

#include "tests/unit/scratch.h"

static int
sign(int number)
{
	return (number > 0) - (number < 0);
}

/* Each is below the next one: null, then by bytes, which are unsigned. */
static const struct text ascending[] = {
	{ NULL, 0 },
	{ "", 0 },
	{ "\0", 1 },
	{ "\0a", 2 },
	{ "A", 1 },
	{ "a", 1 },
	{ "a\0", 2 },
	{ "a\0b", 3 },
	{ "ab", 2 },
	{ "b", 1 },
	{ "\x7f", 1 },
	{ "\xc3\xa9", 2 },
	{ "\xef\xbf\xbd", 3 },
	{ "\xf0\x9f\x98\x80", 4 },
};

Test(text, orders_by_bytes_with_null_first)
{
	for (size_t i = 0; i < SCRATCH_COUNT(ascending); i++)
		for (size_t j = 0; j < SCRATCH_COUNT(ascending); j++)
			cr_expect(eq(int,
				      sign(text_compare(ascending[i],
					  ascending[j])),
				      (i > j) - (i < j)),
			    "%zu %zu", i, j);
}

Test(text, equals_the_same_bytes_alone)
{
	for (size_t i = 0; i < SCRATCH_COUNT(ascending); i++)
		for (size_t j = 0; j < SCRATCH_COUNT(ascending); j++)
			cr_expect(eq(int,
				      text_equal(ascending[i], ascending[j]),
				      i == j),
			    "%zu %zu", i, j);
}

Test(text, of_a_string_has_its_length)
{
	cr_expect(eq(sz, text_of("abc").len, 3));
	cr_expect(text_of("").data != NULL);
	cr_expect(text_of(NULL).data == NULL);
	cr_expect(eq(sz, TEXT("ab\0c").len, 4));
}

Test(text, is_a_string_of_the_same_bytes)
{
	cr_expect(text_is(TEXT("abc"), "abc"));
	cr_expect(text_is(TEXT(""), ""));
	cr_expect(text_is(TEXT_NULL, NULL));
	cr_expect(not(text_is(TEXT_NULL, "")));
	cr_expect(not(text_is(TEXT(""), NULL)));
	cr_expect(not(text_is(TEXT("abc"), "ab")));
	cr_expect(not(text_is(TEXT("a\0b"), "a")));
}
