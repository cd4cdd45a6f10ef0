#include "lib/store/ledger.h"

#include <stdio.h>

#include "tests/unit/scratch_ledger.h"

enum {
	DAYS = 6,
	ROWS = 1200, /* a day: a file of more than a megabyte */
	THREADS = 4,
};

/* What one of the threads saw. */
struct seen {
	int64_t records, calls;
	bool days[DAYS + 1];
};

static const char *
file_of(int day)
{
	return arena_printf(&sw.s.arena, EVENTS "2026-11-%02d.csv", day + 1);
}

/* A ledger that is large enough to be read by several threads. */
static void
begin(void)
{
	struct buf text = BUF_INIT;
	char model[1001] = "", at[] = "2026-11-01T08:00:00Z";
	struct usage usage;

	scratch_begin_ledger();
	scratch_commit("first@2026-11-01");
	memset(model, 'm', sizeof(model) - 1);
	for (int day = 0; day < DAYS; day++) {
		buf_reset(&text);
		ledger_row_write_header(&text);
		at[9] = (char)('1' + day);
		usage = scratch_usage("x", at);
		usage.calls = day + 1;
		usage.dimension[USAGE_MODEL] = text_of(model);
		for (int i = 0; i < ROWS; i++)
			ledger_row_write(&text, &usage, &ledger_row_own);
		scratch_write_text(&sw.s, file_of(day),
		    (struct text){ text.text, text.len });
	}
	buf_release(&text);
}

TestSuite(ledger_each, .init = begin, .fini = scratch_end_ledger,
    .timeout = 60);

static int
count(void *data, const struct usage *usage, struct error *err)
{
	struct seen *seen = data;

	(void)err;
	seen->records++;
	seen->calls += usage->calls;
	seen->days[usage->calls - 1] = true;
	return 0;
}

static int
ask(struct seen *seen, struct ledger_question *question)
{
	void *data[THREADS];

	memset(seen, 0, THREADS * sizeof(*seen));
	for (int i = 0; i < THREADS; i++)
		data[i] = &seen[i];
	return ledger_each_of(&sw.w, question, count, data, THREADS, &sw.s.err);
}

Test(ledger_each, gives_every_record_to_one_of_the_data)
{
	struct ledger_question question = { 0 };
	struct seen seen[THREADS], total = { 0 };
	int used = 0;

	cr_assert(ask(seen, &question) == 0, "%s", sw.s.err.text);
	for (int i = 0; i < THREADS; i++) {
		total.records += seen[i].records;
		total.calls += seen[i].calls;
		used += seen[i].records > 0;
	}
	cr_expect(eq(i64, total.records, DAYS * ROWS));
	cr_expect(eq(i64, total.calls, ROWS * DAYS * (DAYS + 1) / 2));
	cr_expect(gt(int, used, 1));
}

Test(ledger_each, gives_days_that_follow_each_other)
{
	struct ledger_question question = { 0 };
	struct seen seen[THREADS];
	int day = 0;

	cr_assert(ask(seen, &question) == 0);
	for (int i = 0; i < THREADS; i++) {
		while (day < DAYS && seen[i].days[day])
			seen[i].days[day++] = false;
		for (int other = 0; other < DAYS; other++)
			cr_expect(not(seen[i].days[other]), "%d of %d", other,
			    i);
	}
	cr_expect(eq(int, day, DAYS));
}

Test(ledger_each, tells_of_the_oldest_damage)
{
	struct ledger_question question = { 0 };
	struct seen seen[THREADS];

	scratch_append(file_of(1), "rubbish\n");
	scratch_append(file_of(3), "rubbish\n");
	scratch_append(file_of(5), "rubbish\n");
	for (int i = 0; i < 5; i++) {
		cr_assert(ask(seen, &question) == -1);
		cr_expect(eq(int, sw.s.err.kind, ERROR_DATA));
		cr_expect(strstr(sw.s.err.text, "2026-11-02.csv:1202: ") !=
			      NULL,
		    "%s", sw.s.err.text);
	}
}

Test(ledger_each, counts_what_all_leave_out_and_notes_it_in_order)
{
	struct ledger_question question = { .skip_damaged = true };
	struct seen seen[THREADS];
	const char *first, *second;

	scratch_append(file_of(1), "rubbish\n");
	scratch_append(file_of(5), "rubbish\nmore\ntorn");
	scratch_append(file_of(0), "torn");
	cr_assert(ask(seen, &question) == 0);
	cr_expect(eq(i64, question.skipped, 3));
	first = strstr(sw.w.notes->text, "2026-11-01.csv");
	second = strstr(sw.w.notes->text, "2026-11-06.csv");
	cr_expect(first != NULL && second != NULL && first < second, "%s",
	    sw.w.notes->text);
}

Test(ledger_each, opens_only_the_days_asked_for)
{
	struct ledger_question question = { .has_since = true,
		.has_until = true };
	struct seen seen[THREADS];

	scratch_append(file_of(0), "rubbish\n");
	scratch_append(file_of(5), "rubbish\n");
	when_parse_day(&question.since, "2026-11-02", 10);
	when_parse_day(&question.until, "2026-11-06", 10);
	cr_assert(ask(seen, &question) == 0, "%s", sw.s.err.text);
	cr_expect(eq(i64,
	    seen[0].records + seen[1].records + seen[2].records +
		seen[3].records,
	    4 * ROWS));
}
