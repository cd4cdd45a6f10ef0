#include "lib/report/proposal.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/core/daily.h"
#include "lib/core/daily_node.h"
#include "tests/unit/scratch.h"

#define USD ((money_int)INT64_C(1000000000000000))

static struct scratch s;

static void
begin(void)
{
	scratch_begin(&s);
}

static void
end(void)
{
	scratch_end(&s);
}

TestSuite(proposal, .init = begin, .fini = end);

/* A row of that cause, with a part for it. */
static struct daily_row
row_of(struct attribution_part part)
{
	struct daily_row row = { .is_over = true, .id = TEXT("q") };

	row.attribution.reason = part.code;
	row.attribution.parts = arena_alloc(&s.arena, sizeof(part));
	row.attribution.parts[0] = part;
	row.attribution.count = part.code != ATTRIBUTION_UNKNOWN;
	return row;
}

static void
expect_action(const struct daily_row *row, const char *want)
{
	struct buf out = BUF_INIT;

	proposal_action(&out, row);
	SCRATCH_SAME(out.text, want);
	buf_release(&out);
}

Test(proposal, the_action_fits_the_cause)
{
	struct text account = TEXT("acme");
	struct attribution_item task = { .name = TEXT("t\x1b[2J"),
		.retries = 57,
		.tokens = 41000,
		.cost_usd = { USD / 2 } };
	struct daily_row row;

	row =
	    row_of((struct attribution_part){ .code = ATTRIBUTION_QUOTA_EXHAUST,
		.records = 3,
		.first = { INT64_C(1795334400000000) },
		.accounts = &account,
		.account_count = 1 });
	expect_action(&row, "raise or move the quota: account 'acme' ran out "
			    "at 2026-11-22 08:00:00 UTC, refused calls: 3");
	row.attribution.parts[0].account_count = 0;
	expect_action(&row, "raise or move the quota: it ran out at "
			    "2026-11-22 08:00:00 UTC, refused calls: 3");
	row = row_of((struct attribution_part){ .code = ATTRIBUTION_RETRY_STORM,
	    .items = &task,
	    .item_count = 1,
	    .item_total = 3 });
	expect_action(&row, "throttle retries: task 't\\x1b[2J' repeated 57 "
			    "attempts (41,000 tokens, $0.5000), and 2 more "
			    "tasks did so");
	row = row_of((struct attribution_part){ .code = ATTRIBUTION_FANOUT,
	    .tasks = 12,
	    .has_planned = true,
	    .planned = 4,
	    .tokens_a_task = 1500.4,
	    .cost_a_task = { USD } });
	expect_action(&row, "cap the fan-out: 12 tasks ran where 4 are "
			    "allocated; one more takes about 1,500 tokens, "
			    "$1.0000");
	row.measure[DAILY_TOKENS].has_alert = true;
	row.measure[DAILY_COST].has_alert = true;
	expect_action(&row, "cap the fan-out: 12 tasks ran where 4 are "
			    "allocated; one more takes about 1,500 tokens, "
			    "$1.0000");
	row.measure[DAILY_TOKENS].has_alert = false;
	expect_action(&row, "cap the fan-out: 12 tasks ran where 4 are "
			    "allocated; one more takes about $1.0000");
	row.measure[DAILY_COST].has_alert = false;
	row.attribution.parts[0].has_planned = false;
	row.attribution.parts[0].mean_tasks = 4.25;
	expect_action(&row, "cap the fan-out: 12 tasks ran where 4.2 are "
			    "usual; one more takes about 1,500 tokens, "
			    "$1.0000");
	row = row_of(
	    (struct attribution_part){ .code = ATTRIBUTION_MODEL_MIX_SHIFT,
		.cost_usd = { 2 * USD },
		.cost_before = { 3 * USD },
		.has_cheapest = true,
		.cheapest = TEXT("small"),
		.cost_cheapest = { USD } });
	expect_action(&row, "re-route to a cheaper model: the day's tokens "
			    "cost $5.0000 and would have cost $3.0000 at the "
			    "mix of the days before, $1.0000 with 'small' "
			    "alone");
	row.attribution.parts[0].cost_cheapest.femto = 3 * USD;
	expect_action(&row, "re-route to a cheaper model: the day's tokens "
			    "cost $5.0000 and would have cost $3.0000 at the "
			    "mix of the days before");
	row = row_of((struct attribution_part){ .code = ATTRIBUTION_UNKNOWN });
	expect_action(&row, "look closer: nothing that is recorded explains "
			    "the excess; compare the day by task, model and "
			    "agent with the days before");
	row.measure[DAILY_COST].has_alert = true;
	expect_action(&row, "look closer: nothing that is recorded explains "
			    "the excess of cost; compare the day by task, "
			    "model and agent with the days before");
	row.measure[DAILY_TOKENS].has_alert = true;
	expect_action(&row, "look closer: nothing that is recorded explains "
			    "the excess of tokens and cost; compare the day by "
			    "task, model and agent with the days before");
	row.measure[DAILY_TOKENS].has_alert = false;
	row.measure[DAILY_COST].has_alert = false;
	row.is_over = false;
	expect_action(&row, "look closer: far less was used than is "
			    "allocated, and nothing that is recorded explains "
			    "it; lower the allocation if that lasts");
}

static void
expect_page(const char *yaml, const char *want)
{
	struct buf out = BUF_INIT;
	struct node *root;

	cr_assert(yaml_read(&root, &s.arena, text_of(yaml), "f", 1, &s.err) ==
		      0,
	    "%s", s.err.text);
	proposal_page(&out, root);
	SCRATCH_SAME(out.text, want);
	buf_release(&out);
}

Test(proposal, a_page_shows_figures_and_evidence)
{
	expect_page("id: 2026-11-21-quest-q\n"
		    "day: 2026-11-21\n"
		    "scope: quest:<script>\n"
		    "figures:\n"
		    "  allocated_tokens: 1000\n"
		    "  actual_tokens: 3000\n"
		    "  variance_tokens: 2000\n"
		    "  variance_pct: 200.0\n"
		    "  baseline: {days: 14, mean: -1.25, stddev: 3.5, "
		    "z: 571.7857142857143}\n"
		    "  allocated_cost_usd: null\n"
		    "  alerts: [tokens]\n"
		    "evidence:\n"
		    "  reason: retry_storm\n"
		    "  parts:\n"
		    "  - code: retry_storm\n"
		    "    tokens: 1500\n"
		    "    cost_usd: 0.25\n"
		    "    share: 0.75\n"
		    "    detail:\n"
		    "      retries: 57\n"
		    "      mean: 2495.25\n"
		    "      accounts: [a, '[b](javascript:x)']\n"
		    "      none: []\n"
		    "      worst:\n"
		    "      - {task: '`t`', retries: 57}\n"
		    "  unexplained_tokens: 500\n"
		    "suggested_action: 'do\n\n  # not a heading'\n"
		    "status: open\n",
	    "# Budget variance: quest\\:\\<script\\> on 2026\\-11\\-21\n\n"
	    "Status: open\\\n"
	    "Proposal: 2026\\-11\\-21\\-quest\\-q\n\n"
	    "## What to do\n\n"
	    "do \\# not a heading\n\n"
	    "## Figures\n\n"
	    "| measure | allocated | actual | variance | percent | mean | "
	    "deviation | z |\n"
	    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
	    "| tokens | 1,000 | 3,000 | 2,000 | 200 | -1.25 | 3.5 | "
	    "571.7857 |\n\n"
	    "Alert on: tokens\n\n"
	    "## Causes\n\n"
	    "The cause that explains most: **retry\\_storm**\n\n"
	    "- **retry\\_storm**, tokens 1,500, cost\\_usd 0\\.25, share "
	    "0\\.75\n"
	    "  - retries: 57\n"
	    "  - mean: 2,495\\.25\n"
	    "  - accounts: a, \\[b\\]\\(javascript\\:x\\)\n"
	    "  - none: none\n"
	    "  - worst:\n"
	    "    - task \\`t\\`, retries 57\n\n"
	    "Not explained: 500 tokens\n");
}

Test(proposal, a_page_of_a_damaged_proposal_is_harmless)
{
	expect_page("scope: [a]\nfigures: 7\nevidence: {parts: x}\n",
	    "# Budget variance:  on \n\nStatus: \\\nProposal: \n\n"
	    "## What to do\n\n\n\n## Figures\n\n\n## Causes\n\n"
	    "The cause that explains most: ****\n\n");
}
