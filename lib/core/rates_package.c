#include "lib/core/rates_package.h"

#include <stdbool.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/core/rates_read.h"
#include "lib/core/rates_table.h"
#include "lib/doc/yaml.h"

#define RATES_LINE "\nrates:\n"
#define PATTERNS_LINE "patterns:\n"
#define EXACT_START "  '"
#define PATTERN_START "- {match: '^"

/* The Makefile says that this file is made anew where the table changed. */
__asm__(".section .rodata\n"
	".global rates_package_data\n"
	".global rates_package_data_end\n"
	"rates_package_data:\n"
	".incbin \"rates/model-rates.yaml\"\n"
	"rates_package_data_end:\n"
	".byte 0\n"
	".previous\n");

extern const char rates_package_data[];
extern const char rates_package_data_end[];

struct rates_package
rates_package_builtin(void)
{
	/* Both are labels of the one block above. */
	/* cppcheck-suppress comparePointers */
	size_t len = (size_t)(rates_package_data_end - rates_package_data);

	return rates_package_of(RATES_PACKAGE_FILE,
	    (struct text){ rates_package_data, len });
}

/* Where the line that holds the byte at, of a section from start, starts. */
static size_t
line_start(struct text text, size_t start, size_t at)
{
	while (at > start && text.data[at - 1] != '\n')
		at--;
	return at;
}

/* Where the line after the one that starts at begins. */
static size_t
next_line(struct text text, size_t at)
{
	const char *end = memchr(text.data + at, '\n', text.len - at);

	return end ? (size_t)(end - text.data) + 1 : text.len;
}

/* Exact entries are indented, the line `patterns:` and all after it not. */
static size_t
end_of_exact(struct text text, size_t start)
{
	size_t low = start, high = text.len;

	while (low < high) {
		size_t middle = line_start(text, low, low + (high - low) / 2);

		if (text.data[middle] == ' ')
			low = next_line(text, middle);
		else
			high = middle;
	}
	return low;
}

struct rates_package
rates_package_of(const char *file, struct text text)
{
	struct rates_package package = { file, text, text.len, text.len,
		text.len };
	const char *rates =
	    memmem(text.data, text.len, RATES_LINE, strlen(RATES_LINE));

	if (!rates)
		return package;
	package.exact = (size_t)(rates - text.data) + strlen(RATES_LINE);
	package.patterns = end_of_exact(text, package.exact);
	return package;
}

/*
 * Order the name that a line is for, which ends in ' or in $', and in which
 * a backslash only protects what follows, beside name.
 */
static int
compare_line(struct text text, size_t at, size_t skip, struct text name)
{
	const char *c = text.data + at + skip, *end = text.data + text.len;
	size_t i = 0;

	while (c < end && *c != '\'' && !(c[0] == '$' && c[1] == '\'')) {
		if (*c == '\\')
			c++;
		if (i == name.len)
			return 1;
		if (*c != name.data[i])
			return (unsigned char)*c < (unsigned char)name.data[i]
				   ? -1
				   : 1;
		c++;
		i++;
	}
	return i < name.len ? -1 : 0;
}

/* The first line of [low, high) whose name is not before the given one. */
static size_t
find_line(struct text text, size_t low, size_t high, size_t skip,
    struct text name)
{
	while (low < high) {
		size_t middle = line_start(text, low, low + (high - low) / 2);

		if (compare_line(text, middle, skip, name) < 0)
			low = next_line(text, middle);
		else
			high = middle;
	}
	return low;
}

/* Counted only for a name that is looked up the first time. */
static int
line_number(struct text text, size_t at)
{
	int line = 1;

	for (size_t i = 0; i < at; i = next_line(text, i))
		line++;
	return line;
}

/*
 * Append name's lines between start and end to *out, behind the head that
 * makes them a document; *line becomes the number of that head's line.
 */
static void
take_lines(struct buf *out, int *line, struct text text, size_t start,
    size_t end, const char *head, size_t skip, struct text name)
{
	size_t at = find_line(text, start, end, skip, name), next;

	*line = 0;
	for (; at < end && compare_line(text, at, skip, name) == 0; at = next) {
		next = next_line(text, at);
		if (*line == 0) {
			buf_puts(out, head);
			*line = line_number(text, at) - 1;
		}
		buf_add(out, text.data + at, next - at);
	}
}

/* Read lines of the table, the first of which has the given number. */
static int
read_text(struct rates_table **out, struct arena *arena, const char *file,
    struct text text, int first_line, struct error *err)
{
	struct node *root = NULL;

	if (text.len > 0 &&
	    yaml_read(&root, arena, text, file, first_line, err) < 0)
		return -1;
	*out = rates_read(arena, file, root);
	if ((*out)->problems.count[RATES_ERROR] == 0)
		return 0;
	return error_set(err, ERROR_CONFIG, "%s", (*out)->problems.first->text);
}

int
rates_package_find(struct rates_table **out, struct arena *arena,
    const struct rates_package *package, struct text name, struct error *err)
{
	struct buf lines = BUF_INIT;
	struct rates_table *exact;
	/* The line `patterns:` itself is no entry. */
	size_t patterns = next_line(package->text, package->patterns);
	int line, rc = -1;

	take_lines(&lines, &line, package->text, package->exact,
	    package->patterns, "rates:\n", strlen(EXACT_START), name);
	if (read_text(&exact, arena, package->file,
		(struct text){ lines.text, lines.len }, line, err) < 0)
		goto done;

	buf_reset(&lines);
	take_lines(&lines, &line, package->text, patterns, package->end,
	    PATTERNS_LINE, strlen(PATTERN_START), name);
	if (read_text(out, arena, package->file,
		(struct text){ lines.text, lines.len }, line, err) < 0)
		goto done;
	/* The two parts of the file were read apart; here they are one. */
	(*out)->exact = exact->exact;
	(*out)->exact_by_name = exact->exact_by_name;
	(*out)->exact_count = exact->exact_count;
	rc = 0;
done:
	buf_release(&lines);
	return rc;
}

int
rates_package_read(struct rates_table **out, struct arena *arena,
    const struct rates_package *package, struct error *err)
{
	return read_text(out, arena, package->file, package->text, 1, err);
}
