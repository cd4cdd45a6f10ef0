#ifndef METER_CMD_COMMANDS_H
#define METER_CMD_COMMANDS_H

/*
 * The commands.  To add one: write its function in a file of its own, declare
 * it here, give it a row in commands.c, a page or a section in man/, and
 * tests.  argv[0] is the command's last word.
 */

#include <stddef.h>

struct session;

enum command_needs {
	NEEDS_NOTHING = 0,
	NEEDS_WORKSPACE = 1,
	/* Does what it can without one too: why there is none is then in
	 * session->err. */
	WANTS_WORKSPACE = 2,
};

struct command {
	const char *name;	/* one word, or two */
	int (*run)(struct session *session, int argc, char **argv);
	enum command_needs needs;
	const char *summary;
};

/* The table, in the order in which it is shown, and its length. */
extern const struct command commands[];
extern const size_t commands_count;

int cmd_plan_record(struct session *session, int argc, char **argv);
int cmd_plan_list(struct session *session, int argc, char **argv);
int cmd_plan_show(struct session *session, int argc, char **argv);
int cmd_plan_latest(struct session *session, int argc, char **argv);
int cmd_plan_task(struct session *session, int argc, char **argv);
int cmd_plan_tasks(struct session *session, int argc, char **argv);
int cmd_plan_tier(struct session *session, int argc, char **argv);
int cmd_plan_tiers(struct session *session, int argc, char **argv);
int cmd_plan_allocate(struct session *session, int argc, char **argv);
int cmd_plan_allocations(struct session *session, int argc, char **argv);
int cmd_record_run(struct session *session, int argc, char **argv);
int cmd_record_event(struct session *session, int argc, char **argv);
int cmd_record_events(struct session *session, int argc, char **argv);
int cmd_record_task(struct session *session, int argc, char **argv);
int cmd_record_session(struct session *session, int argc, char **argv);
int cmd_record_exec(struct session *session, int argc, char **argv);
int cmd_usage(struct session *session, int argc, char **argv);
int cmd_usage_events(struct session *session, int argc, char **argv);
int cmd_usage_summary(struct session *session, int argc, char **argv);
int cmd_usage_runs(struct session *session, int argc, char **argv);
int cmd_usage_run(struct session *session, int argc, char **argv);
int cmd_variance(struct session *session, int argc, char **argv);
int cmd_variance_daily(struct session *session, int argc, char **argv);
int cmd_variance_proposals(struct session *session, int argc, char **argv);
int cmd_report_generation(struct session *session, int argc, char **argv);
int cmd_report_status(struct session *session, int argc, char **argv);
int cmd_report_summary(struct session *session, int argc, char **argv);
int cmd_report_pages(struct session *session, int argc, char **argv);
int cmd_report_html(struct session *session, int argc, char **argv);
int cmd_report_markdown(struct session *session, int argc, char **argv);
int cmd_report_heatmap(struct session *session, int argc, char **argv);
int cmd_rates_list(struct session *session, int argc, char **argv);
int cmd_rates_show(struct session *session, int argc, char **argv);
int cmd_rates_cost(struct session *session, int argc, char **argv);
int cmd_rates_check(struct session *session, int argc, char **argv);
int cmd_rates_import(struct session *session, int argc, char **argv);
int cmd_help(struct session *session, int argc, char **argv);

#endif
