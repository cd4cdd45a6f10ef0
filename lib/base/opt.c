#include "lib/base/opt.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/number.h"
#include "lib/base/utf8.h"

#define NAMES_MAX 128 /* options of one command, for suggestions */
#define NAME_MAX_LEN 64 /* longer names are not worth a suggestion */
#define PREFIX_MIN_LEN 3 /* shorter ones begin too many names */

/* What is being parsed: the place in argv and what to read it with. */
struct parse {
	const struct opt *options;
	struct arena *arena;
	int argc;
	char **argv;
	int at;
	bool help;
	struct error *err;
};

static int
refuse(struct parse *parse, const char *format, const char *given,
    const char *more)
{
	struct buf shown = BUF_INIT;

	utf8_escape(&shown, given, strlen(given), UTF8_ASCII, 200);
	error_set(parse->err, ERROR_USAGE, "%s '%s'%s", format, shown.text,
	    more);
	buf_release(&shown);
	return -1;
}

/* The row of a long name of len bytes (letter '\0') or of a letter. */
static const struct opt *
find_row(const struct opt *row, const char *name, size_t len, char letter)
{
	const struct opt *found;

	for (; row->kind != OPT_KIND_END; row++) {
		if (row->kind == OPT_KIND_INCLUDE) {
			found = find_row(row->included, name, len, letter);
			if (found)
				return found;
		} else if (letter != '\0'
			       ? row->letter == letter
			       : strlen(row->name) == len &&
				     memcmp(row->name, name, len) == 0) {
			return row;
		}
	}
	return NULL;
}

static size_t
collect_names(const struct opt *row, const char **names, size_t count)
{
	for (; row->kind != OPT_KIND_END; row++) {
		if (row->kind == OPT_KIND_INCLUDE)
			count = collect_names(row->included, names, count);
		else if (count < NAMES_MAX)
			names[count++] = row->name;
	}
	return count;
}

static int
refuse_unknown(struct parse *parse, const char *given)
{
	const char *names[NAMES_MAX], *near, *bare;
	char hint[NAME_MAX_LEN + 32] = "", name[NAME_MAX_LEN + 2];
	size_t count;

	bare = given + strspn(given, "-");
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(bare, "="), bare);
	count = collect_names(parse->options, names, 0);
	near = opt_nearest(name, names, count);
	if (near)
		snprintf(hint, sizeof(hint), "; did you mean '--%s'?", near);
	return refuse(parse, "unknown option", given, hint);
}

static int
take_choice(struct parse *parse, const struct opt *row, const char *value)
{
	const char *const *choice;
	struct buf known = BUF_INIT;

	for (choice = row->choices; *choice; choice++) {
		if (strcmp(*choice, value) == 0) {
			*row->string = *choice;
			return 0;
		}
	}
	for (choice = row->choices; *choice; choice++)
		buf_printf(&known, "%s%s", known.len > 0 ? ", " : "", *choice);
	error_set(parse->err, ERROR_USAGE, "option '--%s' takes one of: %s",
	    row->name, known.text);
	buf_release(&known);
	return -1;
}

static void
take_item(struct arena *arena, struct opt_list *list, const char *value)
{
	const char **grown =
	    arena_array(arena, list->count + 1, sizeof(*grown));

	if (list->count > 0)
		memcpy(grown, list->values, list->count * sizeof(*grown));
	grown[list->count++] = value;
	list->values = grown;
}

static int
take_value(struct parse *parse, const struct opt *row, const char *value)
{
	if (utf8_valid(value, strlen(value)) < strlen(value))
		return error_set(parse->err, ERROR_USAGE,
		    "the value of option '--%s' is not valid UTF-8", row->name);
	switch (row->kind) {
	case OPT_KIND_MAYBE:
	case OPT_KIND_CHOICE:
		return take_choice(parse, row, value);
	case OPT_KIND_COUNT:
		if (number_parse_count(row->number, value, strlen(value)) == 0)
			return 0;
		return error_set(parse->err, ERROR_USAGE,
		    "option '--%s' takes a whole number, not negative",
		    row->name);
	case OPT_KIND_LIST:
		take_item(parse->arena, row->list, value);
		return 0;
	default:
		*row->string = value;
		return 0;
	}
}

/*
 * Take an option whose row is known.  attached is the value written with it,
 * or NULL.
 */
static int
take_option(struct parse *parse, const struct opt *row, const char *attached)
{
	if (row->kind == OPT_KIND_FLAG) {
		if (attached)
			return error_set(parse->err, ERROR_USAGE,
			    "option '--%s' takes no value", row->name);
		*row->flag = true;
		return 0;
	}
	if (row->kind == OPT_KIND_MAYBE && !attached) {
		*row->string = "";
		return 0;
	}
	if (!attached && parse->at + 1 < parse->argc)
		attached = parse->argv[++parse->at];
	if (!attached)
		return error_set(parse->err, ERROR_USAGE,
		    "option '--%s' needs a value", row->name);
	return take_value(parse, row, attached);
}

static int
take_long(struct parse *parse, const char *argument)
{
	const char *name = argument + 2, *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct opt *row;

	if (strcmp(argument, "--help") == 0) {
		parse->help = true;
		return 0;
	}
	row = find_row(parse->options, name, len, '\0');
	if (!row)
		return refuse_unknown(parse, argument);
	return take_option(parse, row, equals ? equals + 1 : NULL);
}

/* `-qn`, `-n5`, `-n 5`: letters up to the first that takes a value. */
static int
take_letters(struct parse *parse, const char *argument)
{
	const struct opt *row;

	for (const char *letter = argument + 1; *letter != '\0'; letter++) {
		row = find_row(parse->options, NULL, 0, *letter);
		if (!row && *letter == 'h') {
			parse->help = true;
			continue;
		}
		if (!row)
			return refuse_unknown(parse, argument);
		if (row->kind == OPT_KIND_FLAG) {
			*row->flag = true;
			continue;
		}
		return take_option(parse, row,
		    letter[1] != '\0' ? letter + 1 : NULL);
	}
	return 0;
}

static enum opt_result
parse_all(struct parse *parse, int *argc, bool leading)
{
	int operands = 0, result;
	char *argument;

	for (parse->at = 1; parse->at < parse->argc; parse->at++) {
		argument = parse->argv[parse->at];
		if (strcmp(argument, "--") == 0) {
			parse->at++;
			break;
		}
		if (argument[0] != '-' || argument[1] == '\0') {
			if (leading)
				break;
			parse->argv[operands++] = argument;
			continue;
		}
		result = argument[1] == '-' ? take_long(parse, argument)
					    : take_letters(parse, argument);
		if (result < 0)
			return OPT_FAILED;
	}
	for (; parse->at < parse->argc; parse->at++)
		parse->argv[operands++] = parse->argv[parse->at];
	parse->argv[operands] = NULL;
	*argc = operands;
	return parse->help ? OPT_HELP : OPT_PARSED;
}

enum opt_result
opt_parse(const struct opt *options, struct arena *arena, int *argc,
    char **argv, struct error *err)
{
	struct parse parse = { options, arena, *argc, argv, 0, false, err };

	return parse_all(&parse, argc, false);
}

enum opt_result
opt_parse_leading(const struct opt *options, struct arena *arena, int *argc,
    char **argv, struct error *err)
{
	struct parse parse = { options, arena, *argc, argv, 0, false, err };

	return parse_all(&parse, argc, true);
}

int
opt_operands(int argc, char *const *argv, int min, int max, struct error *err)
{
	struct parse parse = { .err = err };

	if (argc < min)
		return error_set(err, ERROR_USAGE, "an argument is missing");
	if (argc > max)
		return refuse(&parse, "unexpected argument", argv[max], "");
	return 0;
}

static void
usage_row(struct buf *out, const struct opt *row)
{
	size_t start = out->len;

	if (row->letter != '\0')
		buf_printf(out, "  -%c, --%s", row->letter, row->name);
	else
		buf_printf(out, "      --%s", row->name);
	if (row->value)
		buf_printf(out, " %s", row->value);
	for (size_t i = 0; row->choices && row->choices[i]; i++)
		buf_printf(out, "%s%s",
		    i > 0			  ? "|"
		    : row->kind == OPT_KIND_MAYBE ? "[="
						  : " ",
		    row->choices[i]);
	if (row->kind == OPT_KIND_MAYBE)
		buf_putc(out, ']');
	if (out->len - start > 26)
		buf_printf(out, "\n%28s", "");
	else
		buf_fill(out, ' ', 28 - (out->len - start));
	buf_printf(out, "%s\n", row->help);
}

static void
usage_rows(struct buf *out, const struct opt *row)
{
	for (; row->kind != OPT_KIND_END; row++) {
		if (row->kind == OPT_KIND_INCLUDE)
			usage_rows(out, row->included);
		else
			usage_row(out, row);
	}
}

void
opt_usage(struct buf *out, const char *synopsis, const struct opt *options)
{
	buf_printf(out, "usage: %s\n", synopsis);
	usage_rows(out, options);
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * The fewest letters put in, left out, changed, or swapped with the next one.
 * Three rows of the matrix are kept, each in turn.
 */
static size_t
edit_distance(const char *a, const char *b)
{
	size_t rows[3][NAME_MAX_LEN + 1], *before = rows[0], *above = rows[1],
					  *row = rows[2], *oldest;
	size_t len = strlen(b);

	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		oldest = before;
		before = above;
		above = row;
		row = oldest;
		row[0] = i + 1;
		for (size_t j = 0; j < len; j++) {
			row[j + 1] = least(above[j] + (a[i] != b[j]),
			    least(above[j + 1], row[j]) + 1);
			if (i > 0 && j > 0 && a[i] == b[j - 1] &&
			    a[i - 1] == b[j])
				row[j + 1] =
				    least(row[j + 1], before[j - 1] + 1);
		}
	}
	return row[len];
}

/* The shortest of the names that begin with it, the first of several. */
static const char *
find_longer(const char *name, const char *const *names, size_t count)
{
	const char *found = NULL;
	size_t len = strlen(name);

	for (size_t i = 0; i < count && len >= PREFIX_MIN_LEN; i++)
		if (strlen(names[i]) <= NAME_MAX_LEN &&
		    strncmp(names[i], name, len) == 0 &&
		    (!found || strlen(names[i]) < strlen(found)))
			found = names[i];
	return found;
}

const char *
opt_nearest(const char *name, const char *const *names, size_t count)
{
	size_t best = strlen(name) / 3 + 1, distance;
	const char *nearest = NULL;

	if (strlen(name) > NAME_MAX_LEN)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (strlen(names[i]) > NAME_MAX_LEN)
			continue;
		distance = edit_distance(name, names[i]);
		if (distance < best) {
			best = distance;
			nearest = names[i];
		}
	}
	return nearest ? nearest : find_longer(name, names, count);
}
