#include <string.h>
#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/report_daily.h"
#include "cmd/report_file.h"
#include "cmd/report_gather.h"
#include "cmd/session.h"
#include "cmd/usage_filter.h"
#include "lib/render/chart.h"
#include "lib/render/page.h"
#include "lib/render/page_html.h"
#include "lib/render/page_markdown.h"
#include "lib/render/svg_grid.h"
#include "lib/report/dashboard.h"
#include "lib/report/dashboard_grid.h"

enum {
	SCOPES_MOST = 1000, /* rows of a heatmap */
};

/* Put the text in the place of the file, or where it is `-` print it. */
static int
deliver(struct session *session, const struct buf *text, const char *path)
{
	struct report_file file;
	struct when now;
	int result;

	if (strcmp(path, "-") == 0) {
		buf_add(&session->out, text->text, text->len);
		return 0;
	}
	if (workspace_lock(&session->workspace, &now, &session->err) < 0)
		return -1;
	result = report_file_open(&file, session, path);
	if (result == 0)
		result = report_file_replace(&file, session, text);
	report_file_close(&file);
	return result;
}

/* A page in one of its formats, by default in a file of the workspace. */
static int
report_page(struct session *session, int argc, char **argv,
    const char *synopsis, const char *name,
    void render(struct buf *, const struct page *), bool has_time)
{
	struct usage_filter filter;
	const struct opt options[] = {
		OPT_INCLUDE(filter.rows),
		OPT_END,
	};
	struct buf text = BUF_INIT;
	struct dashboard dashboard;
	struct page page;
	const char *path;
	int result;

	usage_filter_init(&filter, session);
	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	path = argc > 0 ? argv[0]
			: arena_printf(&session->arena, "%s/reports/%s",
			      session->workspace.root, name);
	if (report_gather(&dashboard, session, &filter) < 0)
		return session_fail(session);
	dashboard.has_time = has_time;
	result = dashboard_page(&page, &dashboard, &session->err);
	if (result == 0) {
		render(&text, &page);
		result = deliver(session, &text, path);
	}
	buf_release(&text);
	return result < 0 ? session_fail(session) : EX_OK;
}

int
cmd_report_html(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter report html [--DIMENSION VALUE]... [--since T] [--until T]\n"
	    "                         [--tz ZONE] [FILE]";

	return report_page(session, argc, argv, synopsis, "budget.html",
	    page_html, true);
}

/* Without the time of day: a file that is kept under version control changes
 * only where a figure does. */
int
cmd_report_markdown(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter report markdown [--DIMENSION VALUE]... [--since T] "
	    "[--until T]\n"
	    "                             [--tz ZONE] [FILE]";

	return report_page(session, argc, argv, synopsis, "token-cost.md",
	    page_markdown, false);
}

int
cmd_report_heatmap(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter report heatmap [--days N] [--scope DIM|SCOPE] [--all] "
	    "[FILE]";
	struct when_clock *clock = &session->workspace.clock;
	int64_t count = REPORT_DAILY_DAYS;
	const char *scope = NULL;
	bool all = false;
	const struct opt options[] = {
		OPT_COUNT('\0', "days", &count, "N",
		    "the N days before today (default 14)"),
		OPT_STRING('\0', "scope", &scope, "DIM|SCOPE",
		    "only scopes of this dimension, or this one"),
		OPT_FLAG('\0', "all", &all, "scopes without an allocation too"),
		OPT_END,
	};
	struct buf text = BUF_INIT;
	struct dashboard_daily daily;
	struct chart_grid grid;
	int result;

	if (!session_options(session, synopsis, options, &argc, argv, 0, 1))
		return session->status;
	if (count < 1 || count > REPORT_DAILY_MOST)
		return session_misuse(session, "--days is 1 to 366");
	if (report_daily_scopes(&daily, session, scope, all, (size_t)count,
		clock->read(clock->data)) < 0)
		return session_fail(session);
	dashboard_grid(&grid, &session->arena, &daily, "heatmap", SCOPES_MOST);
	svg_grid(&text, &grid, SVG_GRID_ALONE);
	result = deliver(session, &text, argc > 0 ? argv[0] : "-");
	buf_release(&text);
	return result < 0 ? session_fail(session) : EX_OK;
}
