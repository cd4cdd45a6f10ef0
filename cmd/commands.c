#include "cmd/commands.h"

const struct command commands[] = {
	{ "plan record", cmd_plan_record, NEEDS_WORKSPACE,
	    "store what a run is planned to take" },
	{ "plan list", cmd_plan_list, NEEDS_WORKSPACE,
	    "list the stored plans" },
	{ "plan show", cmd_plan_show, NEEDS_WORKSPACE, "show a stored plan" },
	{ "plan latest", cmd_plan_latest, NEEDS_WORKSPACE,
	    "print the id of the newest plan" },
	{ "record run", cmd_record_run, NEEDS_WORKSPACE,
	    "store what a run used, and how that compares with its plan" },
	{ "usage runs", cmd_usage_runs, NEEDS_WORKSPACE, "list the runs" },
	{ "usage run", cmd_usage_run, NEEDS_WORKSPACE,
	    "show one run, by what used it" },
	{ "variance", cmd_variance, NEEDS_WORKSPACE,
	    "compare a run with its plan, and check limits" },
	{ "report generation", cmd_report_generation, NEEDS_WORKSPACE,
	    "put the variance into reports/generation-summary.md" },
	{ "report status", cmd_report_status, NEEDS_WORKSPACE,
	    "put the variance into a generate status JSON" },
	{ "help", cmd_help, NEEDS_NOTHING, "show a command's manual page" },
};

const size_t commands_count = sizeof(commands) / sizeof(commands[0]);
