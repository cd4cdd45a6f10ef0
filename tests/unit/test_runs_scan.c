#include "lib/store/runs_scan.h"

#include "lib/core/run_stored.h"
#include "lib/doc/yaml_write.h"
#include "tests/unit/scratch_workspace.h"

static struct arena arena = ARENA_INIT;
static unsigned int seed = 1;

static void
release(void)
{
	arena_release(&arena);
}

TestSuite(runs_scan, .fini = release, .timeout = 60);

static unsigned int
draw(unsigned int below)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % below;
}

Test(runs_scan, tells_the_usual_run_and_its_index)
{
	char *text = scratch_run_text(&arena, 42, "r-1", "gen");
	int64_t index = 0;

	cr_expect(runs_scan_item(&index, text_of(text)));
	cr_expect(eq(i64, index, 42));
}

/* Whether reading and writing the item again gives the same bytes. */
static bool
is_canonical(struct text item)
{
	struct error err;
	struct node *list;
	struct run run;
	struct buf out = BUF_INIT;
	bool same;

	if (yaml_read(&list, &arena, item, "f", 1, &err) < 0 ||
	    list->type != NODE_LIST || list->count != 1 ||
	    run_stored_read(&run, &arena, list->first, &err) < 0 ||
	    !run_stored_has_form(list->first) || !run_stored_is_whole(&run))
		return false;
	yaml_write(&out, list);
	same = text_equal(item, (struct text){ out.text, out.len });
	buf_release(&out);
	return same;
}

/* What the scan says of any text is never more than what YAML says. */
Test(runs_scan, never_takes_what_is_not_canonical)
{
	static const char *const values[] = {
		"null", "''", "'null'", "1", "'1'", "1.0", "0.1", "0.10", "00",
		"01", "1e3", "1.0e+3", "0.00001", "0.0001", "123456789012345.5",
		"1234567890123456.5", "-1", "+1", "true", "True", "'true'",
		"yes", "no", "on", "n", "Y", "~", "a", "'a'", "\"a\"", "a b",
		"a:b", "a:", ":a", "a#b", "a #b", "#a", "-a", "- a", ".5",
		".inf", "'.inf'", "1:30", "'1:30'", "2026-11-22",
		"'2026-11-22'", "0x1F", "'0x1F'", "0b1", "0o7", "1_000",
		"'1_000'", "=", "'='", "<<", "[]", "[a]", "{}", "a/b",
		"http://x.y", "_", "a\\b", "it's", "'it''s'", "", " a", "a ",
		"known", "estimated", "unknown", "0", "0.0",
		"9223372036854775807", "9223372036854775808",
		"2026-11-22T08:00:00+00:00", "'2026-11-22T08:00:00+00:00'",
		"z:1", "abcdef:1", "Infinity",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	};
	int64_t index;
	int taken = 0;

	for (int i = 0; i < 20000; i++) {
		char *text =
		    scratch_run_text(&arena, 1 + (int)draw(99), "r", "s");
		unsigned int changes = 1 + draw(2);
		struct text item;

		while (changes-- > 0) {
			unsigned int line = draw(31);
			char *at = text, *colon, *end;

			while (line-- > 0 && strchr(at, '\n')[1] != '\0')
				at = strchr(at, '\n') + 1;
			end = strchr(at, '\n');
			colon = memmem(at, (size_t)(end - at), ": ", 2);
			if (!colon)
				continue;
			text = arena_printf(&arena, "%.*s: %s%s",
			    (int)(colon - text), text,
			    values[draw(SCRATCH_COUNT(values))], end);
		}
		item = text_of(text);
		if (!runs_scan_item(&index, item))
			continue;
		taken++;
		cr_assert(is_canonical(item), "%s", text);
	}
	/* It is not always false either. */
	cr_expect(taken > 1000, "%d", taken);
}

/* Nor one from which a line, or some bytes, have gone. */
Test(runs_scan, takes_no_part_of_a_run)
{
	char *text = scratch_run_text(&arena, 1, "r", "s");
	size_t len = strlen(text);
	int64_t index;

	for (size_t cut = 0; cut < len; cut++) {
		char *rest;

		cr_expect(not(runs_scan_item(&index,
			      (struct text){ text, cut })),
		    "%zu", cut);
		rest = arena_printf(&arena, "%.*s%s", (int)cut, text,
		    text + cut + 1);
		if (runs_scan_item(&index, text_of(rest)))
			cr_expect(is_canonical(text_of(rest)), "%s", rest);
	}
}

Test(runs_scan, holds_the_calls_of_the_buckets_against_the_rollup)
{
	char *text = scratch_run_text(&arena, 1, "r", "s");
	int64_t index;

	cr_assert(runs_scan_item(&index, text_of(text)));
	strstr(text, "total_calls: 1")[strlen("total_calls: ")] = '2';
	cr_expect(not(runs_scan_item(&index, text_of(text))));
}
