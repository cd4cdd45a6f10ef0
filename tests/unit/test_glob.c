#include "lib/base/glob.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct {
	const char *pattern, *name;
	bool matches;
} rows[] = {
	{ "", "", true },
	{ "", "a", false },
	{ "*", "", true },
	{ "*", "anything", true },
	{ "a", "a", true },
	{ "a", "A", false },
	{ "a", "ab", false },
	{ "ab", "a", false },
	{ "a*", "a", true },
	{ "a*c", "abc", true },
	{ "a*c", "abcd", false },
	{ "a*c", "abcbc", true },
	{ "*b*c*", "abxc", true },
	{ "*b*c*", "acxb", false },
	{ "**a", "ba", true },
	{ "?", "", false },
	{ "?", "a", true },
	{ "??", "a", false },
	{ "a?c", "abc", true },
	{ "*?", "", false },
	{ "*??", "ab", true },
	{ "*a?", "aab", true },
	/* A character is a code point, a byte that is none counts as one. */
	{ "?", "\xc3\xa9", true },
	{ "??", "\xc3\xa9", false },
	{ "*\xa9", "\xc3\xa9", false },
	{ "?", "\xff", true },
	{ "\xff*", "\xff\xfe", true },
	/* All else stands for itself. */
	{ "[a]", "a", false },
	{ "[a]", "[a]", true },
	{ "a.c", "abc", false },
	{ "a\\*", "a\\bc", true },
	{ "a\\*", "a*", false },
	{ "{a,b}", "a", false },
};

Test(glob, takes_whole_names)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect(eq(int,
			      glob_match(text_of(rows[i].pattern),
				  text_of(rows[i].name)),
			      rows[i].matches),
		    "'%s' '%s'", rows[i].pattern, rows[i].name);
}

Test(glob, takes_bytes_that_are_no_text)
{
	cr_expect(glob_match(TEXT("a?c*"), TEXT("a\0c\0")));
	cr_expect(not(glob_match(TEXT("a"), TEXT("a\0"))));
}

/* Stars that each could take anything must not be tried in all ways. */
Test(glob, needs_no_more_than_the_product_of_the_lengths, .timeout = 10)
{
	static char pattern[200], name[20000];

	memset(name, 'a', sizeof(name));
	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = i % 2 ? 'a' : '*';
	pattern[sizeof(pattern) - 1] = 'b';
	cr_expect(not(glob_match((struct text){ pattern, sizeof(pattern) },
	    (struct text){ name, sizeof(name) })));
}
