#ifndef METER_REPORT_DASHBOARD_H
#define METER_REPORT_DASHBOARD_H

/*
 * The page that people look at: what was spent, on what, against what plan,
 * what went off it and why.  Whoever gathers fills in a struct dashboard;
 * here it becomes a page, of which HTML and Markdown are made alike.  Every
 * figure on it is one that a command prints, which the page names.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/text.h"
#include "lib/base/when.h"
#include "lib/core/query.h"
#include "lib/core/query_dimension.h"

struct arena;
struct daily_row;
struct error;
struct page;
struct variance;

/* The questions whose answers the page shows. */
enum dashboard_answer {
	DASHBOARD_DAYS, /* by day, model */
	DASHBOARD_REPOS,
	DASHBOARD_WORKSTREAMS,
	DASHBOARD_MODELS,
	DASHBOARD_AGENTS,
	DASHBOARD_TASKS,
	DASHBOARD_ENTITY_TYPES,
	DASHBOARD_ENTITIES,
	DASHBOARD_CALLS, /* by provider, resource */
	DASHBOARD_ANSWERS,
};

enum {
	DASHBOARD_DIMENSIONS = 2,
};

/* What a question is grouped by. */
struct dashboard_question {
	size_t count;
	enum query_dimension by[DASHBOARD_DIMENSIONS];
};

extern const struct dashboard_question dashboard_questions[DASHBOARD_ANSWERS];

/* What is to say of a row that has an alert. */
struct dashboard_alert {
	const struct daily_row *row;
	struct text proposal; /* the id of what was proposed, or null */
	struct text status; /* the proposal's, or null */
};

/* The days that are compared with their allocations. */
struct dashboard_daily {
	struct when first;
	size_t day_count;
	const struct daily_row *rows; /* in the order of their days */
	size_t row_count;
	const struct dashboard_alert *alerts; /* the newest first */
	size_t alert_count;
	const char *command; /* that prints the rows; NULL without any */
	bool is_filtered; /* scopes were left out */
};

struct dashboard {
	struct arena *arena;
	const char *filters; /* as the words of a command: ` --since ...`,
			      * or "" */
	bool has_time; /* the clock's is shown */
	struct when now;
	const char *zone; /* whose days they are */
	struct query *answers; /* DASHBOARD_ANSWERS of them, with all that
				* matches, not yet finished */
	const struct variance *run; /* the last one's, or NULL */
	int64_t run_unpriced;
	const char *run_command;
	struct dashboard_daily daily;
};

/* Make the page; fails where sums do not fit. */
int dashboard_page(struct page *out, struct dashboard *dashboard,
    struct error *err);

#endif
