#include "lib/base/text.h"

#include <string.h>

struct text
text_of(const char *string)
{
	struct text text = TEXT_NULL;

	if (string) {
		text.data = string;
		text.len = strlen(string);
	}
	return text;
}

bool
text_equal(struct text a, struct text b)
{
	if (!a.data || !b.data)
		return !a.data && !b.data;
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

bool
text_is(struct text a, const char *string)
{
	if (!string || !a.data)
		return !string && !a.data;
	for (size_t i = 0; i < a.len; i++)
		if (string[i] == '\0' || string[i] != a.data[i])
			return false;
	return string[a.len] == '\0';
}

int
text_compare(struct text a, struct text b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order;

	if (!a.data || !b.data)
		return (a.data != NULL) - (b.data != NULL);
	order = shorter > 0 ? memcmp(a.data, b.data, shorter) : 0;
	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}
