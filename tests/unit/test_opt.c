#include "lib/base/opt.h"

#include <stdarg.h>

#include "tests/unit/scratch.h"

#define ARGUMENTS 16

/* A command with an option of each kind, and with included ones. */
static bool quiet, verbose, force;
static const char *dir, *name, *csv, *format;
static int64_t limit;
static struct opt_list tags;
static const char *const formats[] = { "json", "yaml", NULL };
static const char *const csv_kinds[] = { "raw", "safe", NULL };

static const struct opt common[] = {
	OPT_FLAG('v', "verbose", &verbose, "say more"),
	OPT_STRING('C', "directory", &dir, "DIR", "work there"),
	OPT_END,
};

static const struct opt options[] = {
	OPT_FLAG('q', "quiet", &quiet, "say less"),
	OPT_FLAG('\0', "force", &force, "do it all the same"),
	OPT_STRING('\0', "name", &name, "NAME", "what to call it"),
	OPT_COUNT('n', "limit", &limit, "N", "how many"),
	OPT_MAYBE('\0', "csv", &csv, csv_kinds, "as CSV"),
	OPT_CHOICE('o', "output-format-of-it", &format, formats, "how"),
	OPT_LIST('t', "tag", &tags, "TAG", "one more tag"),
	OPT_INCLUDE(common),
	OPT_END,
};

static struct arena arena = ARENA_INIT;
static struct error err;

/* One command line: split at blanks, "_" being the empty argument. */
struct line {
	char *argv[ARGUMENTS + 1];
	int argc;
};

static void
reset(void)
{
	quiet = verbose = force = false;
	dir = name = csv = format = NULL;
	limit = -1;
	tags = (struct opt_list){ NULL, 0 };
	err = (struct error){ 0 };
}

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(opt, .init = reset, .fini = release);

static struct line
split(const char *text)
{
	struct line line = { .argc = 1 };
	char *copy = arena_printf(&arena, "%s", text), *rest;
	char *word = strtok_r(copy, " ", &rest);

	line.argv[0] = arena_printf(&arena, "command");
	for (; word; word = strtok_r(NULL, " ", &rest)) {
		cr_assert(line.argc < ARGUMENTS);
		line.argv[line.argc++] =
		    strcmp(word, "_") == 0 ? word + 1 : word;
	}
	return line;
}

/* All values and operands, as one text. */
static char *
state(const struct line *line)
{
	struct buf out = BUF_INIT;
	char *copy;

	buf_printf(&out, "%s%s%s", quiet ? "q" : "", verbose ? "v" : "",
	    force ? "f" : "");
	if (dir)
		buf_printf(&out, " dir=%s", dir);
	if (name)
		buf_printf(&out, " name=%s", name);
	if (csv)
		buf_printf(&out, " csv=%s", csv);
	if (format)
		buf_printf(&out, " format=%s", format);
	if (limit >= 0)
		buf_printf(&out, " limit=%lld", (long long)limit);
	for (size_t i = 0; i < tags.count; i++)
		buf_printf(&out, " tag=%s", tags.values[i]);
	for (int i = 0; i < line->argc; i++)
		buf_printf(&out, " [%s]", line->argv[i]);
	cr_expect(line->argv[line->argc] == NULL);
	copy = arena_copy(&arena, out.text, out.len);
	buf_release(&out);
	return copy;
}

struct good {
	const char *line, *expected;
};

static void
expect_good(const struct good *cases, size_t count,
    enum opt_result (*parse)(const struct opt *, struct arena *, int *, char **,
	struct error *))
{
	struct line line;

	for (size_t i = 0; i < count; i++) {
		reset();
		line = split(cases[i].line);
		cr_expect(eq(int,
			      (int)parse(options, &arena, &line.argc, line.argv,
				  &err),
			      (int)OPT_PARSED),
		    "%s: %s", cases[i].line, err.text);
		SCRATCH_SAME(state(&line), cases[i].expected);
	}
}

Test(opt, understands_every_form)
{
	static const struct good cases[] = {
		{ "", "" },
		{ "-q", "q" },
		{ "--quiet", "q" },
		{ "-qv", "qv" },
		{ "-C there", " dir=there" },
		{ "-Cthere", " dir=there" },
		{ "-C=there", " dir==there" },
		{ "--directory there", " dir=there" },
		{ "--directory=there", " dir=there" },
		{ "--directory=", " dir=" },
		{ "--directory _", " dir=" },
		{ "--name=a=b", " name=a=b" },
		{ "-qvCthere", "qv dir=there" },
		{ "-qvC there", "qv dir=there" },
		{ "-n5", " limit=5" },
		{ "-qn 5", "q limit=5" },
		{ "--limit 9223372036854775807", " limit=9223372036854775807" },
		{ "--limit=0", " limit=0" },
		{ "-o json", " format=json" },
		{ "--output-format-of-it=yaml", " format=yaml" },
		{ "--name --quiet", " name=--quiet" },
		{ "--name --", " name=--" },
		{ "-C -q", " dir=-q" },
		{ "--name \xc3\xa9", " name=\xc3\xa9" },
	};

	expect_good(cases, SCRATCH_COUNT(cases), opt_parse);
}

Test(opt, takes_operands_anywhere)
{
	static const struct good cases[] = {
		{ "a", " [a]" },
		{ "a -q b --name=n c", "q name=n [a] [b] [c]" },
		{ "-", " [-]" },
		{ "_", " []" },
		{ "- -q", "q [-]" },
		{ "-- -q --quiet", " [-q] [--quiet]" },
		{ "a -- b", " [a] [b]" },
		{ "-- --", " [--]" },
		{ "--", "" },
		{ "-q -- -- a", "q [--] [a]" },
	};

	expect_good(cases, SCRATCH_COUNT(cases), opt_parse);
}

Test(opt, takes_the_last_of_several_values_but_all_of_a_list)
{
	static const struct good cases[] = {
		{ "--name a --name b", " name=b" },
		{ "-n1 -n2 --limit 3", " limit=3" },
		{ "-o json -o yaml", " format=yaml" },
		{ "--csv=raw --csv", " csv=" },
		{ "--csv --csv=safe", " csv=safe" },
		{ "-q -q", "q" },
		{ "-ta --tag b --tag=c -t d -t a",
		    " tag=a tag=b tag=c tag=d tag=a" },
	};

	expect_good(cases, SCRATCH_COUNT(cases), opt_parse);
}

/* A value that may be left out is never taken from the next argument. */
Test(opt, takes_a_value_that_may_be_missing_only_with_a_sign)
{
	static const struct good cases[] = {
		{ "--csv", " csv=" },
		{ "--csv raw", " csv= [raw]" },
		{ "--csv=raw", " csv=raw" },
		{ "--csv -q", "q csv=" },
	};

	expect_good(cases, SCRATCH_COUNT(cases), opt_parse);
}

Test(opt, leading_ones_end_at_the_first_operand)
{
	static const struct good cases[] = {
		{ "", "" },
		{ "-q run -v", "q [run] [-v]" },
		{ "-C there plan --name x", " dir=there [plan] [--name] [x]" },
		{ "-- -q run", " [-q] [run]" },
		{ "run -- x", " [run] [--] [x]" },
		{ "- -q", " [-] [-q]" },
	};

	expect_good(cases, SCRATCH_COUNT(cases), opt_parse_leading);
}

Test(opt, asks_for_help_with_h)
{
	static const char *const lines[] = { "-h", "--help", "-qh", "a -h",
		"-hq", "--help --name=x" };
	struct line line;

	for (size_t i = 0; i < SCRATCH_COUNT(lines); i++) {
		line = split(lines[i]);
		cr_expect(eq(int,
			      (int)opt_parse(options, &arena, &line.argc,
				  line.argv, &err),
			      (int)OPT_HELP),
		    "%s", lines[i]);
	}
}

/* A command may use the letter for something else. */
Test(opt, h_is_an_option_where_a_row_has_it)
{
	const struct opt rows[] = {
		OPT_FLAG('h', "human", &force, "for people"),
		OPT_END,
	};
	struct line line = split("-h");

	cr_expect(
	    eq(int, (int)opt_parse(rows, &arena, &line.argc, line.argv, &err),
		(int)OPT_PARSED));
	cr_expect(force);
}

Test(opt, refuses_what_is_wrong)
{
	static const struct {
		const char *line, *reason;
	} cases[] = {
		{ "-x", "unknown option '-x'" },
		{ "-qx", "unknown option '-qx'" },
		{ "--nothing-like-it", "unknown option '--nothing-like-it'" },
		{ "--direcotry", "unknown option '--direcotry'; "
				 "did you mean '--directory'?" },
		{ "--verbos",
		    "unknown option '--verbos'; did you mean '--verbose'?" },
		{ "--Name=x",
		    "unknown option '--Name=x'; did you mean '--name'?" },
		{ "--nam=x",
		    "unknown option '--nam=x'; did you mean '--name'?" },
		{ "--direct x",
		    "unknown option '--direct'; did you mean '--directory'?" },
		{ "--\x1b[31m", "unknown option '--\\x1b[31m'" },
		{ "--name", "option '--name' needs a value" },
		{ "-C", "option '--directory' needs a value" },
		{ "-qC", "option '--directory' needs a value" },
		{ "--quiet=yes", "option '--quiet' takes no value" },
		{ "--quiet=", "option '--quiet' takes no value" },
		{ "--limit x",
		    "option '--limit' takes a whole number, not negative" },
		{ "--limit -1",
		    "option '--limit' takes a whole number, not negative" },
		{ "--limit=",
		    "option '--limit' takes a whole number, not negative" },
		{ "-n 9223372036854775808",
		    "option '--limit' takes a whole number, not negative" },
		{ "-n 1.0",
		    "option '--limit' takes a whole number, not negative" },
		{ "-o xml",
		    "option '--output-format-of-it' takes one of: json, yaml" },
		{ "-o JSON",
		    "option '--output-format-of-it' takes one of: json, yaml" },
		{ "--csv=", "option '--csv' takes one of: raw, safe" },
		{ "--csv=x", "option '--csv' takes one of: raw, safe" },
		{ "--name=\xff",
		    "the value of option '--name' is not valid UTF-8" },
	};
	struct line line;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		line = split(cases[i].line);
		scratch_expect((int)opt_parse(options, &arena, &line.argc,
				   line.argv, &err),
		    &err, ERROR_USAGE, cases[i].reason);
	}
}

Test(opt, refuses_too_few_and_too_many_operands)
{
	struct line line = split("a b c\n");
	char **argv = line.argv + 1;

	cr_expect(eq(int, opt_operands(3, argv, 0, 3, &err), 0));
	cr_expect(eq(int, opt_operands(3, argv, 3, 3, &err), 0));
	cr_expect(eq(int, opt_operands(0, argv, 0, 0, &err), 0));
	scratch_expect(opt_operands(3, argv, 4, 5, &err), &err, ERROR_USAGE,
	    "an argument is missing");
	scratch_expect(opt_operands(3, argv, 0, 2, &err), &err, ERROR_USAGE,
	    "unexpected argument 'c\\x0a'");
	scratch_expect(opt_operands(1, argv, 0, 0, &err), &err, ERROR_USAGE,
	    "unexpected argument 'a'");
}

Test(opt, usage_has_a_line_for_each)
{
	struct buf out = BUF_INIT;

	opt_usage(&out, "meter try [FILE]", options);
	SCRATCH_SAME(out.text,
	    "usage: meter try [FILE]\n"
	    "  -q, --quiet               say less\n"
	    "      --force               do it all the same\n"
	    "      --name NAME           what to call it\n"
	    "  -n, --limit N             how many\n"
	    "      --csv[=raw|safe]      as CSV\n"
	    "  -o, --output-format-of-it json|yaml\n"
	    "                            how\n"
	    "  -t, --tag TAG             one more tag\n"
	    "  -v, --verbose             say more\n"
	    "  -C, --directory DIR       work there\n");
	buf_release(&out);
}

Test(opt, nearest_name_differs_in_a_third_at_most)
{
	static const char *const names[] = { "plan", "record", "usage",
		"variance", "report", "rates" };
	static const struct {
		const char *given, *expected;
	} cases[] = {
		{ "plan", "plan" },
		{ "plna", "plan" },
		{ "pla", "plan" },
		{ "plans", "plan" },
		{ "recrod", "record" },
		{ "usge", "usage" },
		{ "varience", "variance" },
		{ "varianze", "variance" },
		{ "reprot", "report" },
		{ "xyz", NULL },
		{ "", NULL },
		{ "rate", "rates" },
		{ "ra", NULL },
		{ "rpeort", "report" },
		{ "lpna", NULL },
		{ "vari", "variance" },
		{ "rep", "report" },
		{ "rec", "record" },
	};
	const char *got;

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		got = opt_nearest(cases[i].given, names, SCRATCH_COUNT(names));
		SCRATCH_SAME(got ? got : "none",
		    cases[i].expected ? cases[i].expected : "none");
	}
	cr_expect(opt_nearest("plan", names, 0) == NULL);
}

Test(opt, looks_for_no_name_like_a_very_long_one)
{
	char text[200];
	const char *names[] = { text };

	memset(text, 'n', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	cr_expect(opt_nearest(text, names, 1) == NULL);
	text[64] = '\0';
	cr_expect(opt_nearest(text, names, 1) == text);
	/* A short one is compared with no long one. */
	text[64] = 'n';
	cr_expect(opt_nearest("nnn", names, 1) == NULL);
}
