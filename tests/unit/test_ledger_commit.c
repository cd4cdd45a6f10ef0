#include "lib/store/ledger_commit.h"

#include <utime.h>

#include "lib/store/pending.h"
#include "tests/unit/scratch_ledger.h"

TestSuite(ledger_commit, .init = scratch_begin_ledger,
    .fini = scratch_end_ledger, .timeout = 60);

#define CACHE BUDGET ".cache/ids-2026-11-22"

static void
expect_nothing_left(void)
{
	cr_expect(not(scratch_has(&sw.s, BUDGET ".pending")));
	cr_expect(not(scratch_has(&sw.s, BUDGET ".pending.tmp")));
	cr_expect(not(scratch_has(&sw.s, BUDGET ".batch.tmp")));
}

Test(ledger_commit, an_id_occurs_once)
{
	SCRATCH_SAME(scratch_commit("a"), "n");
	SCRATCH_SAME(scratch_commit("a"), "k");
	SCRATCH_SAME(scratch_commit("a b a b c"), "knkkn");
	SCRATCH_SAME(scratch_commit("c b a d@2026-01-01 a@2026-01-01"),
	    "kkknk");
	SCRATCH_SAME(scratch_ids(NULL), " d a b c");
	expect_nothing_left();
}

Test(ledger_commit, new_ids_ascend)
{
	struct ledger_question all = { 0 };
	struct buf ids = BUF_INIT;

	SCRATCH_SAME(scratch_commit("- - - -"), "nnnn");
	SCRATCH_SAME(scratch_ids(NULL), " - - - -");
	cr_assert(
	    ledger_each(&sw.w, &all, scratch_note_id, &ids, &sw.s.err) == 0);
	buf_release(&ids);
}

/* Whatever becomes of the cache, an id stays known. */
Test(ledger_commit, caches_may_be_lost_or_damaged)
{
	static const char *const damaged[] = { "", "x", "tmrids1\n" };
	struct text cache;
	char *bytes;

	scratch_commit("a b c");
	scratch_commit("a");
	/* Let the cache be old enough to be believed. */
	usleep(60000);
	SCRATCH_SAME(scratch_commit("b"), "k");
	cache = scratch_read(&sw.s, CACHE);
	cr_assert(cache.len == 56 + 16 + 3 * 16);
	for (size_t i = 0; i < SCRATCH_COUNT(damaged); i++) {
		scratch_write(&sw.s, CACHE, damaged[i]);
		SCRATCH_SAME(scratch_commit("a b c"), "kkk");
	}
	for (size_t i = 0; i < cache.len; i++) {
		bytes = arena_copy(&sw.s.arena, cache.data, cache.len);
		bytes[i] ^= 0x10;
		scratch_write_text(&sw.s, CACHE,
		    (struct text){ bytes, cache.len });
		/* A few are looked up otherwise than many. */
		if (i % 2 == 0)
			SCRATCH_SAME(scratch_commit("c a b"), "kkk");
		else
			SCRATCH_SAME(scratch_commit("c a b c a b c a b c a b "
						    "c a b c a b"),
			    "kkkkkkkkkkkkkkkkkk");
		scratch_write_text(&sw.s, CACHE,
		    (struct text){ cache.data, i });
		SCRATCH_SAME(scratch_commit("b"), "k");
	}
	unlinkat(sw.s.dir.fd, CACHE, 0);
	SCRATCH_SAME(scratch_commit("b x"), "kn");
	unlinkat(sw.s.dir.fd, CACHE, 0);
	mkdirat(sw.s.dir.fd, CACHE, 0755);
	SCRATCH_SAME(scratch_commit("x"), "k");
}

/* With many days, a sieve tells what is new; it too may be wrong or gone. */
Test(ledger_commit, ids_of_many_days_stay_known)
{
	const char *const sieve = BUDGET ".cache/ids";
	struct buf days = BUF_INIT;
	struct text text;
	char *at;

	for (int day = 1; day <= 20; day++)
		buf_printf(&days, "%s%d@2026-01-%02d", day > 1 ? " " : "", day,
		    day);
	scratch_commit(days.text);
	usleep(60000);
	/* The ids of each day are kept, then all of them in one. */
	for (int i = 0; i < 3; i++) {
		SCRATCH_SAME(scratch_commit("1 7 20 7"), "kkkk");
		SCRATCH_SAME(scratch_commit(i == 0 ? "x" : "x 3"),
		    i == 0 ? "n" : "kk");
	}
	text = scratch_read(&sw.s, sieve);
	cr_assert(text.len == 4096 * 2);
	/* Another hand renames an id of one of the days. */
	text = scratch_read(&sw.s, EVENTS "2026-01-07.csv");
	at = arena_copy(&sw.s.arena, text.data, text.len);
	strstr(at, "\n7,")[1] = 'y';
	scratch_write_text(&sw.s, EVENTS "2026-01-07.csv",
	    (struct text){ at, text.len });
	SCRATCH_SAME(scratch_commit("y 20 7@2026-01-08"), "kkn");
	SCRATCH_SAME(scratch_commit("y 20 7"), "kkk");
	scratch_write(&sw.s, sieve, "x");
	SCRATCH_SAME(scratch_commit("y 20 7 z"), "kkkn");
	unlinkat(sw.s.dir.fd, sieve, 0);
	mkdirat(sw.s.dir.fd, sieve, 0755);
	SCRATCH_SAME(scratch_commit("y 20 7 z"), "kkkk");
	buf_release(&days);
}

Test(ledger_commit, a_cache_of_another_state_is_not_believed)
{
	struct text text;
	char *at;

	scratch_commit("aa bb");
	usleep(60000);
	scratch_commit("aa");
	/* The same size and inode: another hand renames an id. */
	text = scratch_read(&sw.s, TODAY);
	at = arena_copy(&sw.s.arena, text.data, text.len);
	memcpy(strstr(at, "bb,"), "cc", 2);
	scratch_write_text(&sw.s, TODAY, (struct text){ at, text.len });
	SCRATCH_SAME(scratch_commit("cc bb"), "kn");
}

Test(ledger_commit, a_day_may_be_moved_away_and_back)
{
	scratch_commit("a b@2026-01-02");
	cr_assert(renameat(sw.s.dir.fd, EVENTS "2026-01-02.csv", sw.s.dir.fd,
		      "away") == 0);
	SCRATCH_SAME(scratch_ids(NULL), " a");
	cr_assert(renameat(sw.s.dir.fd, "away", sw.s.dir.fd,
		      EVENTS "2026-01-02.csv") == 0);
	SCRATCH_SAME(scratch_commit("b a"), "kk");
	SCRATCH_SAME(scratch_ids(NULL), " b a");
}

Test(ledger_commit, a_torn_end_is_set_aside)
{
	scratch_commit("a b");
	scratch_append(TODAY, "c,2026-11-22T08:00:00Z,ll");
	SCRATCH_SAME(scratch_commit("d"), "n");
	SCRATCH_SAME(scratch_ids(NULL), " a b d");
	cr_expect(strstr(sw.notes.text, "were no whole row and are now in "
					"2026-11-22.csv.torn.") != NULL);
}

/* A file cut at any place keeps its whole rows, and can be appended to. */
Test(ledger_commit, every_cut_of_a_file_is_recovered)
{
	struct text text;
	size_t first;

	scratch_commit("a b");
	text = scratch_read(&sw.s, TODAY);
	first = (size_t)(strstr(text.data, "\nb,") - text.data) + 1;
	for (size_t len = first; len < text.len - 1; len++) {
		scratch_write_text(&sw.s, TODAY,
		    (struct text){ text.data, len });
		SCRATCH_SAME(scratch_commit("b"), "n");
		SCRATCH_SAME(scratch_ids(NULL), " a b");
	}
}

Test(ledger_commit, a_damaged_row_stops_a_look_up_and_changes_nothing)
{
	struct text before;

	scratch_commit("a");
	scratch_append(TODAY, "rubbish\n");
	before = scratch_read(&sw.s, TODAY);
	cr_expect(scratch_commit("b") == NULL);
	SCRATCH_SAME(sw.s.err.text,
	    "output/budget/events/2026-11-22.csv:3: has 1 cells where the "
	    "header has 36");
	cr_expect(text_equal(scratch_read(&sw.s, TODAY), before));
}

Test(ledger_commit, columns_that_people_added_stay_in_their_place)
{
	struct text text;
	struct buf wide = BUF_INIT;

	scratch_commit("a");
	text = scratch_read(&sw.s, TODAY);
	buf_puts(&wide, "mine,");
	buf_add(&wide, text.data,
	    (size_t)(strchr(text.data, '\n') - text.data));
	buf_puts(&wide, ",yours\nx,");
	buf_puts(&wide, strchr(text.data, '\n') + 1);
	buf_truncate(&wide, wide.len - 1);
	buf_puts(&wide, ",y\n");
	scratch_write(&sw.s, TODAY, wide.text);
	SCRATCH_SAME(scratch_ids(NULL), " a");
	SCRATCH_SAME(scratch_commit("a b"), "kn");
	SCRATCH_SAME(scratch_commit("b c d"), "knn");
	SCRATCH_SAME(scratch_ids(NULL), " a b c d");
	text = scratch_read(&sw.s, TODAY);
	cr_expect(strstr(text.data, "\n,b,2026-11-22T08:00:00Z,llm,") != NULL);
	cr_expect(strncmp(text.data, wide.text, wide.len) == 0);
	buf_release(&wide);
}

/* What a writer that was killed left to do. */
static int
write_b(void *data, size_t part, int fd, struct error *err)
{
	const char *const *texts = data;

	(void)err;
	return write(fd, texts[part], strlen(texts[part])) < 0 ? -1 : 0;
}

static void
leave_pending(char *const texts[2], int64_t old_size)
{
	const struct pending_part parts[] = {
		{ "events/2026-01-02.csv", false, 0, 0,
		    (int64_t)strlen(texts[0]) },
		{ "events/2026-11-22.csv", false, old_size, 0,
		    (int64_t)strlen(texts[1]) },
	};
	const char *copy[] = { texts[0], texts[1] };

	cr_assert(pending_commit(&sw.w, parts, 2, write_b, copy, &sw.s.err) ==
		      0,
	    "%s", sw.s.err.text);
}

/* A change, and the text of today's file before it. */
static struct text
prepare_pending(char *texts[2])
{
	struct text both, old;

	scratch_commit("x@2026-01-02 a");
	texts[0] = arena_printf(&sw.s.arena, "%s",
	    scratch_read(&sw.s, EVENTS "2026-01-02.csv").data);
	old = scratch_read(&sw.s, TODAY);
	scratch_commit("b");
	both = scratch_read(&sw.s, TODAY);
	texts[1] = arena_printf(&sw.s.arena, "%s", both.data + old.len);
	cr_assert(unlinkat(sw.s.dir.fd, EVENTS "2026-01-02.csv", 0) == 0);
	scratch_write_text(&sw.s, TODAY, old);
	leave_pending(texts, (int64_t)old.len);
	return old;
}

Test(ledger_commit, readers_see_a_pending_change_as_done)
{
	struct ledger_question one = { .has_since = true };
	char *texts[2];

	prepare_pending(texts);
	SCRATCH_SAME(scratch_ids(NULL), " x a b");
	one.since = when_day_start(sw.now);
	SCRATCH_SAME(scratch_ids(&one), " a b");
	cr_expect(scratch_has(&sw.s, BUDGET ".pending"));
	cr_expect(not(scratch_has(&sw.s, EVENTS "2026-01-02.csv")));
}

/* Wherever the one before stopped, the next writer ends in the same. */
Test(ledger_commit, a_pending_change_is_finished_from_any_state)
{
	char *texts[2];
	struct text old = prepare_pending(texts);
	size_t len = strlen(texts[1]);
	struct buf today = BUF_INIT;

	for (size_t done = 0; done <= len; done++) {
		buf_reset(&today);
		buf_add(&today, old.data, old.len);
		buf_add(&today, texts[1], done);
		scratch_write(&sw.s, TODAY, today.text);
		if (done % 2 == 0)
			scratch_write_text(&sw.s, EVENTS "2026-01-02.csv",
			    (struct text){ texts[0],
				strlen(texts[0]) * done / len });
		else
			unlinkat(sw.s.dir.fd, EVENTS "2026-01-02.csv", 0);
		if (!scratch_has(&sw.s, BUDGET ".pending"))
			leave_pending(texts, (int64_t)old.len);
		SCRATCH_SAME(scratch_ids(NULL), " x a b");
		SCRATCH_SAME(scratch_commit("c"), "n");
		expect_nothing_left();
		SCRATCH_SAME(scratch_ids(NULL), " x a b c");
	}
	scratch_notes(&sw, "");
	buf_release(&today);
}

Test(ledger_commit, a_file_changed_under_a_pending_change_is_left)
{
	char *texts[2];
	struct text before;

	prepare_pending(texts);
	scratch_append(TODAY, texts[1]);
	scratch_append(TODAY, texts[1]);
	before = scratch_read(&sw.s, TODAY);
	/* That it is done already, and more stands behind it, is no harm. */
	SCRATCH_SAME(scratch_commit("c"), "n");
	expect_nothing_left();
	leave_pending(texts, 10);
	before = scratch_read(&sw.s, TODAY);
	cr_expect(scratch_commit("d") == NULL);
	cr_expect(text_equal(scratch_read(&sw.s, TODAY), before));
	scratch_write(&sw.s, BUDGET ".pending", "meter pending 1 1\n");
	cr_expect(scratch_commit("d") == NULL);
	cr_expect(scratch_ids(NULL) == NULL);
	SCRATCH_SAME(sw.s.err.text, "output/budget/.pending: is not a change "
				    "that meter wrote");
}

/* More than is kept in memory: the rows wait in a file. */
Test(ledger_commit, a_batch_of_any_size_is_stored_whole)
{
	enum { MANY = 30000 };
	struct ledger_question all = { 0 };
	struct ledger_batch batch;
	struct buf ids = BUF_INIT;
	size_t known = 0;
	char id[40];

	ledger_batch_start(&batch, &sw.w);
	for (int i = 0; i < MANY; i++) {
		struct usage usage;

		snprintf(id, sizeof(id), "event-%d", i % (MANY - 100));
		usage = scratch_usage(id, i % 3 == 0 ? "2026-11-22T09:00:00Z"
						     : "2026-11-21T09:00:00Z");
		usage.metadata = TEXT("{\"a\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
				      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
				      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}");
		cr_assert(
		    ledger_batch_add(&batch, &usage, sw.now, &sw.s.err) == 0);
	}
	cr_expect(batch.spilled > 0);
	cr_assert(ledger_commit(&batch, &sw.s.err) == 0, "%s", sw.s.err.text);
	for (size_t i = 0; i < batch.count; i++)
		known += batch.entries[i].is_known;
	cr_expect(eq(sz, known, 100));
	cr_expect(ledger_commit(&batch, &sw.s.err) == 0);
	ledger_batch_release(&batch);
	cr_assert(
	    ledger_each(&sw.w, &all, scratch_note_id, &ids, &sw.s.err) == 0);
	known = 0;
	for (size_t i = 0; i < ids.len; i++)
		known += ids.text[i] == ' ';
	cr_expect(eq(sz, known, MANY - 100));
	buf_release(&ids);
	expect_nothing_left();
}

Test(ledger_commit, a_record_that_is_too_long_is_refused)
{
	struct usage usage = scratch_usage("a", "2026-11-22T08:00:00Z");
	struct buf metadata = BUF_INIT;
	struct ledger_batch batch;

	buf_puts(&metadata, "{\"a\":\"");
	buf_fill(&metadata, 'x', LEDGER_ROW_MAX);
	buf_puts(&metadata, "\"}");
	usage.metadata = (struct text){ metadata.text, metadata.len };
	ledger_batch_start(&batch, &sw.w);
	scratch_expect(ledger_batch_add(&batch, &usage, sw.now, &sw.s.err),
	    &sw.s.err, ERROR_DATA, "the record is longer than 1048576 bytes");
	cr_expect(eq(sz, batch.count, 0));
	ledger_batch_release(&batch);
	buf_release(&metadata);
}
