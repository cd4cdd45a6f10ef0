#ifndef METER_REPORT_DASHBOARD_PARTS_H
#define METER_REPORT_DASHBOARD_PARTS_H

/*
 * The parts that the dashboard is made of: each adds a section to the page.
 * The answers are finished as the part that shows them needs them.
 */

#include "lib/core/query.h"
#include "lib/report/dashboard.h"

struct page;
struct page_table;

typedef int dashboard_part(struct page *page, struct dashboard *dashboard,
    struct error *err);

/* dashboard_run.c: the last run beside its plan. */
dashboard_part dashboard_run;

/* dashboard_cost.c: the total, and each day by model. */
dashboard_part dashboard_cost;
dashboard_part dashboard_cost_days;

/* dashboard_groups.c: what the usage is of. */
dashboard_part dashboard_groups_repos;
dashboard_part dashboard_groups_workstreams;
dashboard_part dashboard_groups_models;
dashboard_part dashboard_groups_agents;
dashboard_part dashboard_groups_tasks;
dashboard_part dashboard_groups_entities;

/* dashboard_rates.c: what tokens came to, and which calls failed. */
dashboard_part dashboard_rates_efficiency;
dashboard_part dashboard_rates_calls;

/* dashboard_daily.c: the days beside their allocations. */
dashboard_part dashboard_daily_lines;
dashboard_part dashboard_daily_heatmap;
dashboard_part dashboard_daily_alerts;

/* A command with the filters: `meter usage --by repo --since ...`. */
const char *dashboard_command(const struct dashboard *dashboard,
    const char *command);

/*
 * Finish an answer, ordered by a measure, largest first (by values where it
 * is QUERY_MEASURE_COUNT), unless that was done.
 */
int dashboard_finish(struct dashboard *dashboard, enum dashboard_answer answer,
    enum query_measure measure, struct error *err);

/* What all usage comes to. */
const struct query_measures *dashboard_total(const struct dashboard *dashboard);

#endif
