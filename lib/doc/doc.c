#include "lib/doc/doc.h"

#include <stdbool.h>
#include <string.h>

#include "lib/doc/csv_read.h"
#include "lib/doc/json.h"
#include "lib/doc/yaml.h"

#define BOM "\xEF\xBB\xBF"

static const char *
skip_digits(const char *at, const char *end)
{
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

/*
 * Behind what stands for a number in JSON, NULL where there is none.  This is
 * no check of it, which the reader does.
 */
static const char *
skip_number(const char *at, const char *end)
{
	const char *start;

	if (at < end && *at == '-')
		at++;
	start = at;
	at = skip_digits(at, end);
	if (at == start)
		return NULL;
	if (at < end && *at == '.')
		at = skip_digits(at + 1, end);
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		if (at < end && (*at == '+' || *at == '-'))
			at++;
		at = skip_digits(at, end);
	}
	return at;
}

static const char *
skip_word(const char *at, const char *end)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t len = strlen(words[i]);

		if ((size_t)(end - at) >= len && memcmp(at, words[i], len) == 0)
			return at + len;
	}
	return NULL;
}

/* In YAML `[12 apples]` and `[nullable]` hold a string. */
static bool
is_json_scalar(const char *at, const char *end)
{
	const char *behind = skip_number(at, end);

	if (!behind)
		behind = skip_word(at, end);
	while (behind && behind < end && memchr(" \t\r\n", *behind, 4))
		behind++;
	return behind && (behind == end || memchr(",]", *behind, 2));
}

static bool
is_json(struct text text)
{
	const char *at = text.data, *end = text.data + text.len;
	char bracket = '\0';

	if (text.len >= 3 && memcmp(at, BOM, 3) == 0)
		at += 3;
	for (; at < end && memchr(" \t\r\n[{", *at, 6); at++)
		if (*at == '[' || *at == '{')
			bracket = *at;
	if (bracket == '\0' || at == end)
		return false;
	if (memchr("\"]}", *at, 3))
		return true;
	return bracket == '[' && is_json_scalar(at, end);
}

int
doc_read(struct node **out, struct arena *arena, struct text text,
    const char *file, struct error *err)
{
	if (!text.data)
		text = TEXT("");
	if (is_json(text))
		return json_read(out, arena, text, file, 1, err);
	return yaml_read(out, arena, text, file, 1, err);
}

int
doc_read_rows(struct node **out, struct node **header, struct arena *arena,
    struct text text, const char *file, struct error *err)
{
	*header = NULL;
	if (text.data && csv_read_is_csv(text))
		return csv_read(out, header, arena, text, file, err);
	return doc_read(out, arena, text, file, err);
}
