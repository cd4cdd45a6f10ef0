#include "lib/store/ledger_follow.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/store/cache.h"
#include "lib/store/ledger_files.h"
#include "tests/unit/scratch_ledger.h"

static struct ledger_follow follow;
static struct ledger_question question;
static struct ledger_files listed;

static void
begin(void)
{
	scratch_begin_ledger();
	question = (struct ledger_question){ 0 };
	scratch_commit("a");
	cr_assert(ledger_files_look(&listed, &sw.w, NULL, &sw.s.err) == 0);
	sw.w.ledger = &listed;
}

static void
end(void)
{
	sw.w.ledger = NULL;
	ledger_follow_end(&follow);
	ledger_files_close(&listed);
	scratch_end_ledger();
}

TestSuite(ledger_follow, .init = begin, .fini = end);

/* The state in which the day is then seen. */
static struct cache_state
follow_day(void)
{
	cr_assert(
	    ledger_follow_begin(&follow, &sw.w, &question, &sw.s.err) == 0);
	cr_assert(eq(sz, follow.files.count, 1));
	return follow.files.list[0].state;
}

Test(ledger_follow, a_day_is_seen_in_the_state_it_was_listed_in)
{
	struct cache_state before = listed.list[0].state;
	struct cache_state state = follow_day();

	cr_expect(cache_state_equal(&state, &before));
}

/* What is kept of the state that was listed must not be taken for it. */
Test(ledger_follow, a_day_that_went_away_since_it_was_listed_has_no_state)
{
	struct cache_state none = { 0 }, state;

	cr_assert(unlinkat(sw.s.dir.fd, TODAY, 0) == 0);
	state = follow_day();
	cr_expect(cache_state_equal(&state, &none));
}

Test(ledger_follow, a_day_that_was_cut_since_it_was_listed_is_seen_as_it_is)
{
	struct cache_state before = listed.list[0].state, state;
	struct text text = scratch_read(&sw.s, TODAY);

	scratch_write_text(&sw.s, TODAY,
	    (struct text){ text.data, text.len - 3 });
	state = follow_day();
	cr_expect(not(cache_state_equal(&state, &before)));
	cr_expect(eq(i64, state.size, (int64_t)text.len - 3));
}
