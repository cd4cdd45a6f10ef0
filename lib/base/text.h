#ifndef METER_BASE_TEXT_H
#define METER_BASE_TEXT_H

/*
 * A piece of text that somebody else owns: pointer and length, since text
 * from a file may hold any byte, NUL too.  A text whose data is NULL is the
 * null of the data model, which is not the empty text.
 */

#include <stdbool.h>
#include <stddef.h>

struct text {
	const char *data;
	size_t len;
};

#define TEXT_NULL ((struct text){ NULL, 0 })

/* The text of a string literal. */
#define TEXT(literal) ((struct text){ "" literal, sizeof(literal) - 1 })

/* The text of a NUL-terminated string; NULL gives TEXT_NULL. */
struct text text_of(const char *string);

/* Whether two texts are the same bytes; null equals only null. */
bool text_equal(struct text a, struct text b);

/* Whether a text is the same bytes as a NUL-terminated string. */
bool text_is(struct text a, const char *string);

/*
 * Order by bytes, which for UTF-8 is by code points, null first.  As
 * strcmp(3): below, at or above 0.
 */
int text_compare(struct text a, struct text b);

#endif
