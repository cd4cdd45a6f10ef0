#include "lib/store/days.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/core/daily_node.h"
#include "lib/doc/json_write.h"
#include "lib/store/allocations.h"
#include "lib/store/days_file.h"
#include "lib/store/proposals.h"
#include "tests/unit/scratch_ledger.h"

#define DAY_FILE BUDGET "variance/2026-11-21.yaml"
#define PROPOSAL BUDGET "proposals/2026-11-21-quest-q.yaml"

static const enum query_dimension quest = (enum query_dimension)USAGE_QUEST;

static void
begin(void)
{
	scratch_workspace_begin(&sw);
}

static void
end(void)
{
	scratch_workspace_end(&sw);
}

TestSuite(days, .init = begin, .fini = end);

static struct when
day_of(const char *text)
{
	struct when day;

	cr_assert(when_parse_day(&day, text, strlen(text)) == 0);
	return day;
}

static void
use(const char *of, const char *day, int64_t tokens)
{
	struct usage usage =
	    scratch_usage(NULL, arena_printf(&sw.s.arena, "%sT08:00:00Z", day));
	struct ledger_batch batch;

	usage.input_tokens = tokens;
	usage.dimension[USAGE_QUEST] = text_of(of);
	ledger_batch_start(&batch, &sw.w);
	cr_assert(ledger_batch_add(&batch, &usage, sw.now, &sw.s.err) == 0);
	cr_assert(ledger_commit(&batch, &sw.s.err) == 0);
	ledger_batch_release(&batch);
}

static void
allocate(const char *of, const char *from, int64_t tokens)
{
	const struct allocation item = { quest, text_of(of),
		.from = day_of(from), .has_tokens = true, .tokens = tokens };

	cr_assert(allocations_record(&sw.w, &item, 1, &sw.s.err) == 0, "%s",
	    sw.s.err.text);
}

/* Seven days of 100 tokens where 100 are allocated, and a day of 400. */
static void
history(void)
{
	allocate("q", "2026-11-01", 100);
	for (int day = 7; day < 21; day++)
		use("q", arena_printf(&sw.s.arena, "2026-11-%02d", day), 100);
	use("q", "2026-11-21", 400);
}

static void
write_action(struct buf *out, const struct daily_row *row)
{
	(void)row;
	buf_puts(out, "do it");
}

static void
write_page(struct buf *out, const struct node *proposal)
{
	buf_puts(out, node_find(proposal, "status")->text.data);
}

static const struct proposals_report report = { write_action, write_page };

static struct days_question
ask(size_t count)
{
	return days_ask(day_of("2026-11-21"), count, sw.now);
}

static struct days
store(void)
{
	struct days_question question = ask(1);
	struct days days;

	cr_assert(days_store(&days, &sw.w, &question, &report, &sw.s.err) == 0,
	    "%s", sw.s.err.text);
	return days;
}

/* What a file holds; NULL where it is not there. */
static const char *
read_text(const char *name)
{
	return scratch_read(&sw.s, name).data;
}

Test(days, a_day_is_stored_with_its_proposal_and_once)
{
	const char *day, *proposal;
	struct days days;

	history();
	days = store();
	cr_assert(eq(sz, days.count, 1));
	cr_expect(days.rows[0].has_alert);
	cr_expect(text_is(days.rows[0].proposal, "2026-11-21-quest-q"));
	day = read_text(DAY_FILE);
	proposal = read_text(PROPOSAL);
	cr_assert(day != NULL && proposal != NULL);
	cr_expect(strstr(day,
		      "alert_emitted_at: '2026-11-22T08:00:00+00:00'") != NULL);
	cr_expect(strstr(proposal, "suggested_action: do it\n") != NULL);
	SCRATCH_SAME(read_text(BUDGET "proposals/2026-11-21-quest-q.md"),
	    "open");
	sw.now.micros += 1000000;
	days = store();
	SCRATCH_SAME(read_text(DAY_FILE), day);
	SCRATCH_SAME(read_text(PROPOSAL), proposal);
}

Test(days, late_events_refresh_the_row_and_not_the_proposal)
{
	const char *proposal;
	struct days days;

	history();
	store();
	proposal = read_text(PROPOSAL);
	cr_assert(proposals_decide(&sw.w, "2026-11-21-quest-q", "accepted",
		      &report, &sw.s.err) == 0);
	cr_expect(strcmp(read_text(PROPOSAL), proposal) != 0);
	proposal = read_text(PROPOSAL);
	use("q", "2026-11-21", 1);
	/* These make the day a usual one. */
	for (int day = 14; day < 21; day++)
		use("q", arena_printf(&sw.s.arena, "2026-11-%02d", day), 900);
	sw.now.micros += 1000000;
	days = store();
	cr_expect(days.rows[0].has_alert == false);
	cr_expect(strstr(read_text(DAY_FILE), "actual_tokens: 401\n") != NULL);
	cr_expect(strstr(read_text(DAY_FILE),
		      "alert_emitted_at: '2026-11-22T08:00:00+00:00'") != NULL);
	SCRATCH_SAME(read_text(PROPOSAL), proposal);
}

Test(days, a_proposal_whose_row_was_lost_is_found_again)
{
	const char *proposal;

	history();
	store();
	proposal = read_text(PROPOSAL);
	cr_assert(unlink(DAY_FILE) == 0);
	sw.now.micros += 1000000;
	store();
	cr_expect(strstr(read_text(DAY_FILE),
		      "alert_emitted_at: '2026-11-22T08:00:00+00:00'") != NULL);
	SCRATCH_SAME(read_text(PROPOSAL), proposal);
}

Test(days, what_others_wrote_into_a_day_stays)
{
	const char *text;

	history();
	allocate("r", "2026-11-01", 5);
	store();
	text = read_text(DAY_FILE);
	text = arena_printf(&sw.s.arena,
	    "%.*s  owner: me\n- scope: quest\n  id: gone\n"
	    "- scope: quest\n  id: sent\n  alert_emitted_at: then\n"
	    "note: ours\n",
	    (int)strlen(text), text);
	scratch_write(&sw.s, DAY_FILE, text);
	store();
	text = read_text(DAY_FILE);
	cr_expect(strstr(text, "  owner: me\n") != NULL);
	cr_expect(strstr(text, "id: gone") == NULL);
	cr_expect(strstr(text, "id: sent\n  alert_emitted_at: then\n") != NULL);
	cr_expect(strstr(text, "note: ours\n") != NULL);
}

Test(days, a_part_of_the_scopes_leaves_the_others)
{
	struct days_question question = ask(1);
	struct days days;
	const char *text;

	history();
	allocate("r", "2026-11-01", 5);
	store();
	text = read_text(DAY_FILE);
	use("q", "2026-11-21", 1);
	use("r", "2026-11-21", 5);
	question.has_dimension = true;
	question.dimension = quest;
	question.id = TEXT("r");
	cr_assert(days_store(&days, &sw.w, &question, &report, &sw.s.err) == 0);
	cr_expect(eq(sz, days.count, 1));
	cr_expect(strcmp(read_text(DAY_FILE), text) != 0);
	cr_expect(strstr(read_text(DAY_FILE), "actual_tokens: 400\n") != NULL);
	cr_expect(strstr(read_text(DAY_FILE), "actual_tokens: 5\n") != NULL);
}

Test(days, a_day_that_is_not_over_is_neither_stored_nor_alerted)
{
	struct days_question question =
	    days_ask(day_of("2026-11-22"), 1, sw.now);
	struct days days;

	history();
	use("q", "2026-11-22", 400);
	cr_assert(days_store(&days, &sw.w, &question, &report, &sw.s.err) == 0);
	cr_expect(days.rows[0].is_over);
	cr_expect(days.rows[0].has_alert == false);
	cr_expect(read_text(BUDGET "variance/2026-11-22.yaml") == NULL);
	/* At midnight it is over. */
	sw.now = day_of("2026-11-23");
	cr_assert(days_store(&days, &sw.w, &question, &report, &sw.s.err) == 0);
	cr_expect(read_text(BUDGET "variance/2026-11-22.yaml") != NULL);
}

Test(days, looking_stores_nothing_and_knows_what_was_sent)
{
	struct days_question question = ask(3);
	struct days days;

	history();
	cr_assert(days_compute(&days, &sw.w, &question, &sw.s.err) == 0);
	cr_expect(eq(sz, days.count, 3));
	cr_expect(days.rows[2].has_alert);
	cr_expect(days.rows[2].alert_emitted_at.data == NULL);
	cr_expect(read_text(DAY_FILE) == NULL);
	store();
	cr_assert(days_compute(&days, &sw.w, &question, &sw.s.err) == 0);
	cr_expect(text_is(days.rows[2].alert_emitted_at,
	    "2026-11-22T08:00:00+00:00"));
	cr_expect(text_is(days.rows[2].proposal, "2026-11-21-quest-q"));
}

Test(days, all_scopes_have_rows_where_that_is_asked_for)
{
	struct days_question question = ask(1);
	struct days days;

	history();
	use("other", "2026-11-21", 3);
	use(NULL, "2026-11-21", 4);
	question.all = true;
	question.threads = 3;
	cr_assert(days_compute(&days, &sw.w, &question, &sw.s.err) == 0);
	cr_assert(eq(sz, days.count, 3));
	cr_expect(eq(sz, days.allocated, 1));
	cr_expect(days.rows[0].id.data == NULL);
	cr_expect(days.rows[0].measure[DAILY_TOKENS].actual == 4);
	cr_expect(text_is(days.rows[1].id, "other"));
	cr_expect(days.rows[1].measure[DAILY_TOKENS].has_actual);
	cr_expect(days.rows[1].measure[DAILY_TOKENS].is_allocated == false);
	cr_expect(text_is(days.rows[2].id, "q"));
	/* Nothing without a value: no row. */
	question.dimension = (enum query_dimension)USAGE_MODEL;
	question.has_dimension = true;
	cr_assert(days_compute(&days, &sw.w, &question, &sw.s.err) == 0);
	cr_assert(eq(sz, days.count, 1));
	cr_expect(days.rows[0].id.data == NULL);
}

Test(days, the_span_of_stored_days_is_found)
{
	struct when oldest, newest;
	bool found;

	cr_assert(days_file_span(&oldest, &newest, &found, &sw.w,
		      day_of("2026-11-21"), &sw.s.err) == 0);
	cr_expect(found == false);
	scratch_workspace_make(&sw);
	cr_assert(mkdir(BUDGET "variance", 0777) == 0);
	scratch_write(&sw.s, BUDGET "variance/2026-11-03.yaml", "");
	scratch_write(&sw.s, BUDGET "variance/2026-11-19.yaml", "");
	scratch_write(&sw.s, BUDGET "variance/2026-11-22.yaml", "");
	scratch_write(&sw.s, BUDGET "variance/2026-11-20.yaml~", "");
	cr_assert(days_file_span(&oldest, &newest, &found, &sw.w,
		      day_of("2026-11-21"), &sw.s.err) == 0);
	cr_expect(found && newest.micros == day_of("2026-11-19").micros);
	cr_expect(oldest.micros == day_of("2026-11-03").micros);
}

Test(days, damaged_files_are_refused)
{
	struct days_question question = ask(1);
	struct days days;

	history();
	store();
	scratch_write(&sw.s, DAY_FILE, "schema_version: 1\nrows: 7\n");
	cr_expect(
	    days_store(&days, &sw.w, &question, &report, &sw.s.err) == -1);
	SCRATCH_SAME(sw.s.err.text,
	    DAY_FILE ":2:7: rows: expected a list, got 7");
	scratch_write(&sw.s, DAY_FILE, "schema_version: 2\nrows: []\n");
	cr_expect(
	    days_store(&days, &sw.w, &question, &report, &sw.s.err) == -1);
	cr_expect(sw.s.err.kind == ERROR_DATA);
	cr_expect(days_compute(&days, &sw.w, &question, &sw.s.err) == 0);
}

Test(days, the_answer_names_days_scopes_and_rows)
{
	struct days_question question = ask(2);
	struct buf out = BUF_INIT;
	struct days days;
	struct node *answer;

	history();
	allocate("a", "2026-11-21", 5);
	cr_assert(days_compute(&days, &sw.w, &question, &sw.s.err) == 0);
	answer = daily_node_answer(&sw.s.arena, days.first, days.day_count,
	    days.rows, days.count, DAILY_NODE_JSON);
	json_write_line(&out, node_get(answer, "days"));
	SCRATCH_SAME(out.text, "[\"2026-11-20\",\"2026-11-21\"]");
	buf_reset(&out);
	json_write_line(&out, node_get(answer, "scopes"));
	SCRATCH_SAME(out.text, "[\"quest:a\",\"quest:q\"]");
	cr_expect(eq(sz, node_get(answer, "rows")->count, 3));
	buf_release(&out);
}

/* Rows so long that each day's file is worth a thread. */
static void
use_long_rows(void)
{
	struct ledger_batch batch;
	struct buf metadata = BUF_INIT;
	struct usage usage;

	buf_puts(&metadata, "{\"a\":\"");
	buf_fill(&metadata, 'x', LEDGER_ROW_MAX - 1000);
	buf_puts(&metadata, "\"}");
	ledger_batch_start(&batch, &sw.w);
	for (int i = 0; i < 36; i++) {
		usage = scratch_usage(NULL,
		    arena_printf(&sw.s.arena, "2026-11-%02dT08:00:00Z",
			10 + i / 3));
		usage.dimension[USAGE_QUEST] = TEXT("q");
		usage.metadata = (struct text){ metadata.text, metadata.len };
		cr_assert(ledger_batch_add(&batch, &usage, sw.now, &sw.s.err) ==
			      0,
		    "%s", sw.s.err.text);
	}
	cr_assert(ledger_commit(&batch, &sw.s.err) == 0);
	ledger_batch_release(&batch);
	buf_release(&metadata);
}

Test(days, are_added_up_with_more_processors_than_threads)
{
	struct days_question question =
	    days_ask(day_of("2026-11-21"), 1, sw.now);
	struct days days;

	allocate("q", "2026-11-01", 100);
	use_long_rows();
	question.threads = 64;
	cr_assert(days_compute(&days, &sw.w, &question, &sw.s.err) == 0, "%s",
	    sw.s.err.text);
	cr_assert(eq(sz, days.count, 1));
	cr_expect(days.rows[0].measure[DAILY_TOKENS].actual == 30);
}

Test(days, a_row_goes_with_the_last_allocation_of_its_day)
{
	const struct allocation *after;

	allocate("q", "2026-11-01", 100);
	use("q", "2026-11-21", 90);
	store();
	cr_assert(strstr(read_text(DAY_FILE), "id: q\n") != NULL);
	cr_assert(allocations_end(&after, &sw.w, quest, TEXT("q"),
		      day_of("2026-11-20"), &sw.s.err) == 0);
	store();
	cr_expect(strstr(read_text(DAY_FILE), "id: q\n") == NULL);
}
