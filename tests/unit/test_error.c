#include "lib/base/error.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <string.h>

Test(error, keeps_its_kind_and_its_text)
{
	struct error err = { 0 };

	cr_expect(eq(int, error_set(&err, ERROR_DATA, "%s: %d", "a", 7), -1));
	cr_expect(eq(int, (int)err.kind, ERROR_DATA));
	cr_expect(eq(str, err.text, "a: 7"));
}

Test(error, says_what_errno_means)
{
	struct error err = { 0 };

	errno = ENOSPC;
	error_errno(&err, ERROR_IO, "cannot write '%s'", "x");
	cr_expect(
	    eq(str, err.text, "cannot write 'x': No space left on device"));
}

Test(error, cuts_a_text_that_does_not_fit)
{
	struct error err = { 0 };

	error_set(&err, ERROR_DATA, "%2000d", 1);
	cr_expect(eq(sz, strlen(err.text), sizeof(err.text) - 1));
}
