#ifndef METER_TESTS_FUZZ_MUST_H
#define METER_TESTS_FUZZ_MUST_H

/*
 * What the fuzzers of documents demand.
 */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/error.h"

static inline void
must(bool holds)
{
	if (!holds)
		abort();
}

/* An error of bad data in the file `f`, of printable ASCII alone. */
static inline void
must_be_of_data(const struct error *err)
{
	must(err->kind == ERROR_DATA);
	must(strncmp(err->text, "f:", 2) == 0);
	for (const char *p = err->text; *p; p++)
		must(*p >= ' ' && *p <= '~');
}

#endif
