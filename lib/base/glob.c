#include "lib/base/glob.h"

#include <stddef.h>
#include <stdint.h>

#include "lib/base/utf8.h"

/* How many bytes the character at text[at] has. */
static size_t
character(struct text text, size_t at)
{
	uint32_t code;
	size_t len = utf8_decode(&code, text.data + at, text.len - at);

	return len > 0 ? len : 1;
}

/*
 * A mismatch goes back to the newest star alone and lets it take one
 * character more: an older star could only take what the newest can as well.
 */
bool
glob_match(struct text pattern, struct text name)
{
	size_t p = 0, n = 0, star = 0, resume = 0;
	bool has_star = false;

	while (n < name.len) {
		if (p < pattern.len && pattern.data[p] == '*') {
			has_star = true;
			star = ++p;
			resume = n;
		} else if (p < pattern.len && pattern.data[p] == '?') {
			n += character(name, n);
			p++;
		} else if (p < pattern.len && pattern.data[p] == name.data[n]) {
			p++;
			n++;
		} else if (has_star) {
			resume += character(name, resume);
			n = resume;
			p = star;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.data[p] == '*')
		p++;
	return p == pattern.len;
}
