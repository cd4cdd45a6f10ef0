#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "lib/base/threads.h"
#include "lib/core/daily_node.h"
#include "lib/doc/json_write.h"
#include "lib/store/days.h"
#include "lib/store/pages.h"
#include "lib/store/records.h"

#define DEFAULT_FOLDER "reports/pages"

enum {
	VARIANCE_DAYS = 14,
};

/* What `variance daily --days 14` answers, up to yesterday. */
static int
make_variance(struct buf *out, void *data, struct error *err)
{
	struct session *session = data;
	const struct when_clock *clock = &session->workspace.clock;
	const struct when now = clock->read(clock->data);
	struct days_question question;
	struct days days;

	question = days_ask(when_add_days(when_day_start(now), -1),
	    VARIANCE_DAYS, now);
	question.threads = threads_count();
	if (days_compute(&days, &session->workspace, &question, err) < 0)
		return -1;
	json_write_pretty(out,
	    daily_node_answer(&session->arena, days.first, days.day_count,
		days.rows, days.count, DAILY_NODE_JSON));
	return 0;
}

int
cmd_report_pages(struct session *session, int argc, char **argv)
{
	static const char synopsis[] = "meter report pages [--all] [DIR]";
	const struct pages_document documents[] = {
		{ "variance.json", make_variance, session },
		{ NULL, NULL, NULL },
	};
	bool all = false;
	const struct opt options[] = {
		OPT_FLAG('\0', "all", &all,
		    "look at every page, not just at those that may have "
		    "changed"),
		OPT_END,
	};
	struct records records;
	const char *path;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	path = argc > 0 ? argv[0]
			: arena_printf(&session->arena, "%s/%s",
			      session->workspace.root, DEFAULT_FOLDER);
	if (records_open(&records, &session->workspace, &session->err) < 0 ||
	    pages_update(&records, path, all, documents, &session->err) < 0)
		return session_fail(session);
	return EX_OK;
}
