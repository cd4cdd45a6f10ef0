#include "tests/cli/rows.h"

#include <criterion/alloc.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

static void
release(struct criterion_test_params *params)
{
	cr_free(params->params);
}

/* Criterion's processes share what comes from cr_malloc, and that alone. */
void
rows_add(struct rows *rows, const char *text)
{
	struct row *grown = cr_malloc((rows->count + 1) * sizeof(*grown));

	if (rows->count > 0) {
		memcpy(grown, rows->items, rows->count * sizeof(*grown));
		cr_free(rows->items);
	}
	snprintf(grown[rows->count++].text, sizeof(grown->text), "%s", text);
	rows->items = grown;
}

struct criterion_test_params
rows_params(struct rows *rows)
{
	return cr_make_param_array(struct row, rows->items, rows->count,
	    release);
}

struct criterion_test_params
rows_of_paths(const char *pattern)
{
	struct rows rows = { NULL, 0 };
	glob_t found;

	if (glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			rows_add(&rows, found.gl_pathv[i]);
		globfree(&found);
	}
	return rows_params(&rows);
}
