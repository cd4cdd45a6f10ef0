/* The states in which usage.yaml may be found, and what becomes of it. */

#include "lib/store/runs.h"

#include "tests/unit/scratch_runs.h"

TestSuite(runs_forms, .init = scratch_begin_runs, .fini = scratch_end_runs,
    .timeout = 60);

Test(runs_forms, torn_at_any_byte_are_set_aside)
{
	char *first = arena_printf(arena, USAGE_HEAD "%s", text_of_run(1));
	char *second = text_of_run(2), *name;
	size_t begins = strlen(first), len = strlen(second);

	for (size_t cut = 1; cut < len; cut++) {
		char *torn = arena_printf(arena, "%.*s", (int)cut, second);
		int64_t index;
		struct text aside;

		scratch_write(&sw.s, USAGE,
		    arena_printf(arena, "%s%s", first, torn));
		SCRATCH_SAME(visit(0), cut == len - 1 ? " 1 2" : " 1");
		buf_reset(&sw.notes);
		index = record("next", "s");
		name = arena_printf(arena, USAGE ".torn.%zu", begins);
		aside = scratch_read(&sw.s, name);
		if (cut == len - 1) {
			/* All but the newline: it cannot have been longer. */
			cr_expect(eq(i64, index, 3));
			cr_expect(aside.data == NULL);
			expect_usage(arena_printf(arena, "%s%s%s", first,
			    second, scratch_run_text(arena, 3, "next", "s")));
			scratch_notes(&sw, "");
			continue;
		}
		cr_assert(eq(i64, index, 2), "%zu", cut);
		cr_assert(text_is(aside, torn), "%zu", cut);
		expect_usage(arena_printf(arena, "%s%s", first,
		    scratch_run_text(arena, 2, "next", "s")));
		scratch_notes(&sw,
		    arena_printf(arena,
			"usage.yaml: %zu bytes behind run 1 were no whole run "
			"and are now in usage.yaml.torn.%zu\n",
			cut, begins));
		cr_assert(unlinkat(sw.s.dir.fd, name, 0) == 0);
		unlinkat(sw.s.dir.fd, BUDGET ".cache/usage.stamp", 0);
	}
}

Test(runs_forms, torn_inside_their_first_one_leave_the_head)
{
	char *torn = arena_printf(arena, USAGE_HEAD "%.100s", text_of_run(1));

	scratch_write(&sw.s, USAGE, torn);
	cr_expect(eq(i64, record("r-1", "s"), 1));
	expect_usage(arena_printf(arena, USAGE_HEAD "%s", text_of_run(1)));
	cr_expect(text_is(scratch_read(&sw.s, USAGE ".torn.24"), torn + 24));
}

Test(runs_forms, set_aside_twice_at_one_place_lose_no_byte)
{
	const char *head = USAGE_HEAD "- run_index: 1\n";

	scratch_write(&sw.s, USAGE ".torn.24", "of long ago");
	scratch_write(&sw.s, USAGE, head);
	cr_expect(eq(i64, record("r-1", "s"), 1));
	cr_expect(
	    text_is(scratch_read(&sw.s, USAGE ".torn.24"), "of long ago"));
	cr_expect(text_is(scratch_read(&sw.s, USAGE ".torn.24.1"),
	    "- run_index: 1\n"));
}

Test(runs_forms, torn_are_read_up_to_the_tear_with_a_note)
{
	char *torn;

	write_runs(USAGE_HEAD, 1, 2, "- run_index: 3\n  star");
	torn = arena_printf(arena, "%s", scratch_read(&sw.s, USAGE).data);
	SCRATCH_SAME(visit(0), " 1 2");
	scratch_notes(&sw, "usage.yaml: what stands behind run 2 is no whole "
			   "run and is left out\n");
	SCRATCH_SAME(visit(1), " 2");
	expect_usage(torn);
	cr_expect(not(scratch_has(&sw.s, USAGE ".torn.24")));
}

Test(runs_forms, torn_with_nuls_are_set_aside)
{
	struct buf text = BUF_INIT;
	struct text aside;

	buf_puts(&text, USAGE_HEAD);
	buf_puts(&text, text_of_run(1));
	buf_add(&text, "- run_\0\0\0\0\0\n", 12);
	scratch_write_text(&sw.s, USAGE, (struct text){ text.text, text.len });
	cr_expect(eq(i64, record("r-2", "s"), 2));
	aside = scratch_read(&sw.s,
	    arena_printf(arena, USAGE ".torn.%zu", text.len - 12));
	cr_expect(text_equal(aside, TEXT("- run_\0\0\0\0\0\n")));
	SCRATCH_SAME(visit(0), " 1 2");
	buf_release(&text);
}

Test(runs_forms, in_another_form_are_rewritten)
{
	static const struct {
		const char *before, *after, *notes;
	} cases[] = {
		{ "schema_version: 1\nruns: []\n", USAGE_HEAD,
		    "usage.yaml: was in another form and has been rewritten\n" },
		{ "{\"schema_version\": 1, \"runs\": []}", USAGE_HEAD,
		    "usage.yaml: was in another form and has been rewritten\n" },
		{ "runs:\nschema_version: 1\nnote: x\n",
		    "schema_version: 1\nnote: x\nruns:\n",
		    "usage.yaml: was in another form and has been rewritten\n" },
		{ "# mine\r\nschema_version: 1\r\nruns:\r\n", USAGE_HEAD,
		    "usage.yaml: as it was, with its comments, it is now "
		    "usage.yaml.orig.1\n"
		    "usage.yaml: was in another form and has been rewritten\n" },
		{ "schema_version: 1\nruns: null\n", USAGE_HEAD,
		    "usage.yaml: was in another form and has been rewritten\n" },
		{ USAGE_HEAD, USAGE_HEAD, "" },
		{ "schema_version: 1\nnote: {a: 1}\nruns:\n",
		    "schema_version: 1\nnote: {a: 1}\nruns:\n", "" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		scratch_write(&sw.s, USAGE, cases[i].before);
		SCRATCH_SAME(visit(0), "");
		expect_usage(cases[i].before);
		cr_expect(eq(i64, record("r-1", "s"), 1), "%s: %s",
		    cases[i].before, sw.s.err.text);
		expect_usage(arena_printf(arena, "%s%s", cases[i].after,
		    text_of_run(1)));
		scratch_notes(&sw, cases[i].notes);
	}
	cr_expect(
	    text_is(scratch_read(&sw.s, USAGE ".orig.1"), cases[3].before));
}

Test(runs_forms, edited_by_a_person_are_kept_as_they_are_meant)
{
	char *one = text_of_run(1), *three = text_of_run(3), *edited, *before;
	static const struct {
		const char *from, *to;
	} edits[] = {
		{ "status: null", "status: null  # why?" },
		{ "model: m", "model: \"m\"" },
		{ "total_cost_usd_known: 0.0", "total_cost_usd_known: 0.00" },
		{ "    provider: p\n    model: m\n",
		    "    model: m\n    provider: p\n" },
		{ "  snapshot_id: null\n", "  snapshot_id:\n" },
		{ "  rollup:\n", "\n  rollup:\n" },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(edits); i++) {
		char *two = text_of_run(2);
		char *at = strstr(two, edits[i].from);

		cr_assert(at != NULL);
		edited = arena_printf(arena, "%.*s%s%s", (int)(at - two), two,
		    edits[i].to, at + strlen(edits[i].from));
		before = arena_printf(arena, USAGE_HEAD "%s%s%s", one, edited,
		    three);
		scratch_write(&sw.s, USAGE, before);
		SCRATCH_SAME(visit(0), " 1 2 3");
		SCRATCH_SAME(visit(2), " 2 3");
		SCRATCH_SAME(visit(1), " 3");
		expect_usage(before);
		cr_expect(eq(i64, record("r-4", "s"), 4), "%s", sw.s.err.text);
		SCRATCH_SAME(visit(0), " 1 2 3 4");
		cr_expect(strstr(sw.notes.text,
			      "was in another form and has been rewritten") !=
			      NULL,
		    "%s", edits[i].to);
		buf_reset(&sw.notes);
		/* Now it is in meter's form, and appended to. */
		cr_expect(eq(i64, record("r-5", "s"), 5));
		scratch_notes(&sw, "");
	}
}

Test(runs_forms, edited_but_in_form_are_appended_to)
{
	char *text = text_of_run(1), *at = strstr(text, "prompt_tokens: 0");

	at[strlen("prompt_tokens: ")] = '7';
	scratch_write(&sw.s, USAGE, arena_printf(arena, USAGE_HEAD "%s", text));
	cr_expect(eq(i64, record("r-2", "s"), 2));
	expect_usage(
	    arena_printf(arena, USAGE_HEAD "%s%s", text, text_of_run(2)));
	scratch_notes(&sw, "");
}

Test(runs_forms, spoilt_in_the_middle_behind_our_back_are_reported)
{
	char *spoilt, *at;

	for (int i = 1; i <= 9; i++)
		record(arena_printf(arena, "r-%d", i), "s");
	spoilt = arena_printf(arena, "%s", scratch_read(&sw.s, USAGE).data);
	at = strstr(spoilt, "run_id: r-5");
	cr_assert(at != NULL);
	memcpy(at, "run_id: \"-5", 11);
	scratch_write(&sw.s, USAGE, spoilt);
	cr_expect(eq(i64, record("r-10", "s"), -1));
	cr_expect(eq(int, (int)sw.s.err.kind, ERROR_DATA));
	cr_expect(strncmp(sw.s.err.text, USAGE ":", strlen(USAGE ":")) == 0,
	    "%s", sw.s.err.text);
	expect_usage(spoilt);
}

Test(runs_forms, damaged_are_reported_and_left_as_they_are)
{
	const char *one = text_of_run(1);
	const struct {
		const char *text, *reason;
	} cases[] = {
		{ "", USAGE ":1:1: is damaged: expected a mapping with a "
			    "schema_version" },
		{ "[]", USAGE ":1:1: is damaged: expected a mapping with a "
			      "schema_version" },
		{ "runs: []\n",
		    USAGE ":1:1: is damaged: schema_version is missing" },
		{ "schema_version: 0\nruns: []\n",
		    USAGE ":1:17: schema_version: expected 1, got 0" },
		{ "schema_version: 1\n",
		    USAGE ":1:1: is damaged: runs are missing" },
		{ "schema_version: 1\nruns: {}\n",
		    USAGE ":2:7: runs: expected a list, got a mapping" },
		{ "schema_version: x\nruns:\n", NULL },
		{ "schema_version: 1\nschema_version: 1\nruns:\n", NULL },
		{ USAGE_HEAD "- {run_index: 1}\n- {run_index: 1}\n",
		    USAGE ":4:3: runs[1]: run_index 1 does not follow on 1" },
		{ USAGE_HEAD "- {run_index: 2}\n- {run_index: 1}\n", NULL },
		{ USAGE_HEAD "- {run_index: 0}\n- {run_index: 1}\n",
		    USAGE ":3:3: runs[0]: run_index 0 does not follow on 0" },
		{ USAGE_HEAD "- {}\n",
		    USAGE ":3:3: runs[0]: run_index is missing" },
		{ USAGE_HEAD "- text\n", NULL },
		{ USAGE_HEAD
		    "- {run_index: 1, rollup: {total_calls: 2}}\nx: 1\n",
		    USAGE ":3:3: runs[0]: is damaged: the buckets have not the "
			  "calls that the rollup counts" },
		{ arena_printf(arena, USAGE_HEAD "%sruns: []\n", one), NULL },
		{ arena_printf(arena, USAGE_HEAD "%s---\n", one), NULL },
		{ "schema_version: 1\nruns: [\n", NULL },
		{ "schema_version: 1\nruns:\n\t- x\n", NULL },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		scratch_write(&sw.s, USAGE, cases[i].text);
		cr_expect(eq(i64, record("r", "s"), -1), "%s", cases[i].text);
		cr_expect(eq(int, (int)sw.s.err.kind, ERROR_DATA));
		if (cases[i].reason)
			SCRATCH_SAME(sw.s.err.text, cases[i].reason);
		cr_expect(strncmp(sw.s.err.text, USAGE ":",
			      strlen(USAGE ":")) == 0,
		    "%s", sw.s.err.text);
		cr_expect(strncmp(visit(0), " error: ", 8) == 0, "%s",
		    cases[i].text);
		expect_usage(cases[i].text);
	}
}

Test(runs_forms, of_a_newer_version_are_read_but_not_written)
{
	write_runs("schema_version: 2\nruns:\n", 1, 2, "");
	for (int i = 0; i < 2; i++) {
		if (i == 1)
			write_runs("runs:\n", 1, 2, "schema_version: 2\n");
		SCRATCH_SAME(visit(0), " 1 2");
		scratch_notes(&sw, "usage.yaml: schema_version 2 is newer than "
				   "this meter knows\n");
		cr_expect(eq(i64, record("r", "s"), -1));
		cr_expect(strstr(sw.s.err.text,
			      "is newer than this meter knows (1): "
			      "not changed") != NULL,
		    "%s", sw.s.err.text);
		buf_reset(&sw.notes);
	}
}

Test(runs_forms, end_at_the_largest_index)
{
	scratch_write(&sw.s, USAGE,
	    "{schema_version: 1, runs: [{run_index: 9223372036854775807}]}");
	scratch_expect((int)record("r", "s"), &sw.s.err, ERROR_DATA,
	    "usage.yaml: the run_index does not fit 64 bits");
}

Test(runs_forms, are_in_a_regular_file)
{
	cr_assert(mkdirat(sw.s.dir.fd, USAGE, 0700) == 0);
	scratch_expect((int)record("r", "s"), &sw.s.err, ERROR_DATA,
	    USAGE ": is not a regular file");
	SCRATCH_SAME(visit(0), " error: " USAGE ": is not a regular file");
}

Test(runs_forms, with_a_long_head_are_found)
{
	struct buf head = BUF_INIT;

	buf_puts(&head, "schema_version: 1\nnotes:\n");
	for (int i = 0; i < 500; i++)
		buf_puts(&head, "- a note of some length\n");
	buf_puts(&head, "runs:\n");
	write_runs(head.text, 1, 3, "");
	SCRATCH_SAME(visit(0), " 1 2 3");
	cr_expect(eq(i64, record("r-4", "s"), 4));
	scratch_notes(&sw, "");
	SCRATCH_SAME(visit(1), " 4");
	cr_expect(scratch_read(&sw.s, USAGE).len ==
		  head.len + 4 * strlen(text_of_run(1)));
	buf_release(&head);
}

/* A last line whose number might have gone on is not taken for whole. */
Test(runs_forms, without_a_newline_are_whole_only_for_certain)
{
	static const struct {
		int calls, estimated;
		bool whole;
	} cases[] = {
		{ 1, 0, true },
		{ 5, 1, true },
		{ 9, 1, true },
		{ 10, 1, false },
		{ 25, 2, false },
		{ 25, 3, true },
	};

	for (size_t i = 0; i < SCRATCH_COUNT(cases); i++) {
		struct run run = scratch_run(arena, "r", "s");
		struct run_bucket *second;
		struct text text;
		bool known;

		unlinkat(sw.s.dir.fd, USAGE, 0);
		second = arena_alloc(arena, sizeof(*second));
		*second = *run.buckets;
		run.buckets->next = second;
		second->calls = cases[i].calls;
		second->estimated_calls = cases[i].estimated;
		run.rollup.calls += second->calls;
		cr_assert(record_run(&run, false, &known) == 1);
		text = scratch_read(&sw.s, USAGE);
		text.len--;
		/* As another program would leave it: at another size. */
		unlinkat(sw.s.dir.fd, BUDGET ".cache/usage.stamp", 0);
		scratch_write_text(&sw.s, USAGE, text);
		SCRATCH_SAME(visit(0), cases[i].whole ? " 1" : "");
		buf_reset(&sw.notes);
	}
}

/* The size of a file may reach the disk before its bytes do. */
Test(runs_forms, with_zeros_behind_them_are_torn_there)
{
	static const size_t zeros[] = { 1, 4095, 4096, 4097, 10000 };
	struct buf text = BUF_INIT;
	size_t whole;

	for (size_t i = 0; i < SCRATCH_COUNT(zeros); i++) {
		buf_reset(&text);
		buf_puts(&text, USAGE_HEAD);
		buf_puts(&text, text_of_run(1));
		whole = text.len;
		buf_puts(&text, "- run_index: 2\n  started");
		buf_fill(&text, '\0', zeros[i]);
		unlinkat(sw.s.dir.fd, BUDGET ".cache/usage.stamp", 0);
		scratch_write_text(&sw.s, USAGE,
		    (struct text){ text.text, text.len });
		SCRATCH_SAME(visit(0), " 1");
		cr_expect(eq(i64, record("r-2", "s"), 2));
		SCRATCH_SAME(visit(0), " 1 2");
		cr_expect(eq(sz,
		    scratch_read(&sw.s,
			arena_printf(arena, USAGE ".torn.%zu%s", whole,
			    i == 0 ? "" : arena_printf(arena, ".%zu", i)))
			.len,
		    text.len - whole));
	}
	buf_release(&text);
}

Test(runs_forms, with_a_head_in_any_script_are_rewritten)
{
	scratch_write(&sw.s, USAGE,
	    arena_printf(arena, "schema_version: 1\nnote: \xc3\xa9\nruns:\n%s",
		text_of_run(1)));
	SCRATCH_SAME(visit(0), " 1");
	cr_expect(eq(i64, record("r-2", "s"), 2));
	expect_usage(arena_printf(arena,
	    "schema_version: 1\nnote: \"\\xE9\"\nruns:\n%s%s", text_of_run(1),
	    text_of_run(2)));
}
