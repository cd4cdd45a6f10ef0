#include "cmd/report.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/report_file.h"
#include "cmd/session.h"
#include "lib/base/file.h"
#include "lib/doc/json.h"
#include "lib/doc/json_write.h"
#include "lib/doc/node.h"
#include "lib/report/generation.h"
#include "lib/store/summary_file.h"

#define DEFAULT_FILE "reports/generation-summary.md"

enum {
	NEWEST = -1, /* in place of a run's index */
};

int
report_write_generation(struct session *session,
    const struct summary_file *summary, const char *file)
{
	struct buf line = BUF_INIT, text = BUF_INIT;
	struct report_file target;
	int result;

	if (!file)
		file = arena_printf(&session->arena, "%s/%s",
		    session->workspace.root, DEFAULT_FILE);
	result = report_file_open(&target, session, file);
	if (result == 0) {
		generation_line(&line, &summary->variance,
		    run_unpriced_calls(&summary->run));
		generation_update(&text,
		    (struct text){ target.old.text, target.old.len },
		    (struct text){ line.text, line.len });
		result = report_file_replace(&target, session, &text);
	}
	report_file_close(&target);
	buf_release(&line);
	buf_release(&text);
	return result;
}

/* The variance of the run asked for. */
static int
find_summary(struct session *session, struct summary_file *summary,
    int64_t index)
{
	int result;

	if (index == 0)
		return error_set(&session->err, ERROR_USAGE,
		    "a run is given by its index, from 1");
	if (index != NEWEST)
		result = summary_file_of_run(summary, &session->workspace,
		    index, &session->err);
	else
		result = summary_file_latest(summary, &session->workspace,
		    &session->err);
	if (result == 0 && !summary->node)
		return error_set(&session->err, ERROR_NO_INPUT,
		    index != NEWEST ? "there is no such run"
				    : "no run is recorded");
	return result;
}

int
cmd_report_generation(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter report generation [--run N] [FILE]";
	int64_t index = NEWEST;
	const struct opt options[] = {
		OPT_COUNT('\0', "run", &index, "N",
		    "report run N (default: the newest)"),
		OPT_END,
	};
	struct summary_file summary = { .is_stored = false };
	struct when now;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	if (find_summary(session, &summary, index) < 0)
		return session_fail(session);
	/* Two reports at once would write over each other's temporary. */
	if (workspace_lock(&session->workspace, &now, &session->err) < 0 ||
	    report_write_generation(session, &summary, argv[0]) < 0)
		return session_fail(session);
	return EX_OK;
}

/* Read the status, a JSON object, and set its field. */
static int
set_status(struct session *session, struct buf *out, struct text text,
    const char *name, const struct summary_file *summary)
{
	struct node *status;

	text.data = arena_copy(&session->arena, text.data, text.len);
	if (json_read(&status, &session->arena, text, name, 1, &session->err) <
	    0)
		return -1;
	if (status->type != NODE_MAP)
		return node_error(&session->err, status,
		    "expected a status, a JSON object");
	node_replace(&session->arena, status, "budget_summary",
	    node_copy(&session->arena, summary->node));
	json_write_pretty(out, status);
	return 0;
}

static int
filter_status(struct session *session, const struct summary_file *summary)
{
	struct buf old = BUF_INIT;
	int result;

	result = file_read_input(&old, "-", REPORT_FILE_MAX, &session->err);
	if (result == 0)
		result = set_status(session, &session->out,
		    (struct text){ old.text, old.len }, "standard input",
		    summary);
	buf_release(&old);
	return result;
}

static int
rewrite_status(struct session *session, const struct summary_file *summary,
    const char *file)
{
	struct buf text = BUF_INIT, probe = BUF_INIT;
	struct report_file target;
	struct when now;
	int result;

	/* A file that is not there is no status to add to. */
	result = file_read_input(&probe, file, REPORT_FILE_MAX, &session->err);
	buf_release(&probe);
	if (result < 0 ||
	    workspace_lock(&session->workspace, &now, &session->err) < 0)
		return -1;
	result = report_file_open(&target, session, file);
	if (result == 0)
		result = set_status(session, &text,
		    (struct text){ target.old.text, target.old.len }, file,
		    summary);
	if (result == 0)
		result = report_file_replace(&target, session, &text);
	report_file_close(&target);
	buf_release(&text);
	return result;
}

int
cmd_report_status(struct session *session, int argc, char **argv)
{
	static const char synopsis[] = "meter report status [--run N] [FILE]";
	int64_t index = NEWEST;
	const struct opt options[] = {
		OPT_COUNT('\0', "run", &index, "N",
		    "report run N (default: the newest)"),
		OPT_END,
	};
	struct summary_file summary = { .is_stored = false };
	int result;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	if (find_summary(session, &summary, index) < 0)
		return session_fail(session);
	if (argc == 0 || strcmp(argv[0], "-") == 0)
		result = filter_status(session, &summary);
	else
		result = rewrite_status(session, &summary, argv[0]);
	return result < 0 ? session_fail(session) : EX_OK;
}
