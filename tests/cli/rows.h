#ifndef METER_TESTS_ROWS_H
#define METER_TESTS_ROWS_H

/* The rows of a parameterised test that come from files: one text each. */

#include <criterion/parameterized.h>
#include <limits.h>

struct row {
	char text[PATH_MAX];
};

/* A parameter for each path that matches the glob(7) pattern, sorted. */
struct criterion_test_params rows_of_paths(const char *pattern);

/* Add a row; take the list as the test's parameters. */
struct rows {
	struct row *items;
	size_t count;
};
void rows_add(struct rows *rows, const char *text);
struct criterion_test_params rows_params(struct rows *rows);

#endif
