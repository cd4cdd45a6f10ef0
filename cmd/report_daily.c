#include "cmd/report_daily.h"

#include "cmd/report_words.h"
#include "cmd/session.h"
#include "cmd/usage_filter.h"
#include "cmd/variance_report.h"
#include "lib/base/threads.h"
#include "lib/core/daily.h"
#include "lib/core/query_filter.h"
#include "lib/doc/node.h"
#include "lib/report/dashboard.h"
#include "lib/store/days.h"
#include "lib/store/proposals.h"

#define DAY_MICROS ((int64_t)86400 * 1000000)

enum {
	PERIOD_MOST = 92, /* days that are shown of a period */
};

/* `meter variance daily 2026-11-21 --days 14 --json` */
static const char *
name_command(struct arena *arena, const struct dashboard_daily *daily,
    const char *scope)
{
	struct buf text = BUF_INIT;
	const char *command;

	buf_puts(&text, "meter variance daily ");
	when_day(&text,
	    when_add_days(daily->first, (int64_t)daily->day_count - 1));
	buf_printf(&text, " --days %zu --json", daily->day_count);
	if (scope)
		buf_printf(&text, " --scope %s",
		    report_words_quote(arena, scope));
	command = arena_copy(arena, text.text, text.len);
	buf_release(&text);
	return command;
}

/* What became of an alert's proposal, by its id. */
static const struct node *
find_proposal(const struct node *proposals, struct text id)
{
	const struct node *item, *named;

	for (item = proposals->first; item && id.data; item = item->next) {
		named = node_find(item, "id");
		if (named && named->type == NODE_STRING &&
		    text_equal(named->text, id))
			return item;
	}
	return NULL;
}

static struct text
text_in(const struct node *map, const char *key)
{
	const struct node *node = map ? node_find(map, key) : NULL;

	return node && node->type == NODE_STRING ? node->text : TEXT_NULL;
}

/* The alerts, the newest first. */
static int
find_alerts(struct dashboard_daily *daily, struct session *session)
{
	struct dashboard_alert *alerts;
	const struct daily_row *row;
	const struct node *proposal;
	struct node *proposals;

	if (proposals_list(&proposals, &session->workspace, NULL,
		&session->err) < 0)
		return -1;
	alerts =
	    arena_array(&session->arena, daily->row_count + 1, sizeof(*alerts));
	for (size_t i = daily->row_count; i-- > 0;) {
		row = &daily->rows[i];
		if (!row->has_alert)
			continue;
		proposal = find_proposal(proposals, row->proposal);
		alerts[daily->alert_count++] = (struct dashboard_alert){ row,
			row->proposal, text_in(proposal, "status") };
	}
	daily->alerts = alerts;
	return 0;
}

/* The days that are asked for and over; none where there are none. */
static void
choose_days(struct dashboard_daily *out, const struct usage_filter *options,
    struct when now)
{
	const struct ledger_question *question = &options->question;
	struct when last = when_add_days(when_day_start(now), -1), until;
	int64_t most = question->has_since ? PERIOD_MOST : REPORT_DAILY_DAYS;

	if (question->has_until) {
		until = question->until;
		until.micros--;
		until = when_day_start(until);
		if (until.micros < last.micros)
			last = until;
	}
	out->first = when_add_days(last, 1 - most);
	if (question->has_since && question->since.micros > out->first.micros)
		out->first = when_day_start(question->since);
	out->day_count = 0;
	if (out->first.micros <= last.micros)
		out->day_count =
		    (size_t)((last.micros - out->first.micros) / DAY_MICROS) +
		    1;
}

/* What is left in common of the rows: a scope, its dimension, or NULL. */
static const char *
find_scope(struct arena *arena, const struct dashboard_daily *daily)
{
	const struct daily_row *first = daily->rows, *row;
	struct buf text = BUF_INIT;
	const char *scope;
	bool is_one = true;

	for (size_t i = 0; i < daily->row_count; i++) {
		row = &daily->rows[i];
		if (row->dimension != first->dimension)
			return NULL;
		is_one = is_one && text_equal(row->id, first->id);
	}
	if (daily->row_count == 0 || !daily->is_filtered)
		return NULL;
	if (!is_one || !first->id.data)
		return query_dimension_name(first->dimension);
	allocation_write_scope(&text, first->dimension, first->id);
	scope = arena_copy(arena, text.text, text.len);
	buf_release(&text);
	return scope;
}

/* Keep the rows of scopes that the options name. */
static int
filter_rows(struct dashboard_daily *daily, struct session *session,
    struct usage_filter *options, struct daily_row *rows, size_t count)
{
	const uint32_t named = query_filter_dimensions(&options->filter);
	int matches;

	for (size_t i = 0; i < count; i++) {
		if (!(named >> rows[i].dimension & 1))
			continue;
		matches = query_filter_matches_name(&options->filter,
		    rows[i].dimension, rows[i].id, &session->err);
		if (matches < 0)
			return -1;
		if (matches)
			rows[daily->row_count++] = rows[i];
	}
	return 0;
}

/* Records that nobody wants. */
static int
pass_by(void *data, const struct usage *usage, struct error *err)
{
	(void)data;
	(void)usage;
	(void)err;
	return 0;
}

/*
 * Count the damaged rows of the baseline's days that the options' time does
 * not reach: those of all others were counted when their question was asked.
 */
static int
count_skipped(struct session *session, struct usage_filter *options,
    const struct days *days)
{
	struct ledger_question before = { .has_since = true,
		.has_until = true,
		.since = when_add_days(days->first, -DAILY_BASELINE),
		.until = when_day_start(options->question.since),
		.skip_damaged = true };

	if (!options->question.has_since || days->skipped == 0)
		return 0;
	if (ledger_each(&session->workspace, &before, pass_by, NULL,
		&session->err) < 0)
		return -1;
	options->question.skipped += before.skipped;
	return 0;
}

int
report_daily_filtered(struct dashboard_daily *out, struct session *session,
    struct usage_filter *options, struct when now)
{
	struct days_question question;
	struct days days;

	*out = (struct dashboard_daily){
		.is_filtered = query_filter_dimensions(&options->filter) != 0
	};
	choose_days(out, options, now);
	if (out->day_count == 0)
		return 0;
	question =
	    days_ask(when_add_days(out->first, (int64_t)out->day_count - 1),
		out->day_count, now);
	question.threads = threads_count();
	question.skip_damaged = options->skip_damaged;
	if (days_compute(&days, &session->workspace, &question, &session->err) <
		0 ||
	    count_skipped(session, options, &days) < 0)
		return -1;
	out->rows = days.rows;
	out->row_count = days.count;
	if (out->is_filtered) {
		out->row_count = 0;
		if (filter_rows(out, session, options, days.rows, days.count) <
		    0)
			return -1;
	}
	if (out->row_count > 0 || !out->is_filtered)
		out->command = name_command(&session->arena, out,
		    find_scope(&session->arena, out));
	return find_alerts(out, session);
}

int
report_daily_scopes(struct dashboard_daily *out, struct session *session,
    const char *scope, bool all, size_t count, struct when now)
{
	struct when last = when_add_days(when_day_start(now), -1);
	struct days_question question = days_ask(last, count, now);
	struct days days;

	*out = (struct dashboard_daily){ .first = when_add_days(last,
					     1 - (int64_t)count),
		.day_count = count,
		.is_filtered = scope != NULL };
	question.all = all;
	question.threads = threads_count();
	if (variance_report_scope(&question, scope, &session->err) < 0)
		return -1;
	if (days_compute(&days, &session->workspace, &question, &session->err) <
	    0)
		return -1;
	out->rows = days.rows;
	out->row_count = days.count;
	out->command = name_command(&session->arena, out, scope);
	return 0;
}
