#include <string.h>
#include <strings.h>
#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/report_file.h"
#include "cmd/report_words.h"
#include "cmd/session.h"
#include "cmd/usage_filter.h"
#include "cmd/usage_scope.h"
#include "lib/base/file.h"
#include "lib/core/query_summary.h"
#include "lib/report/block.h"
#include "lib/report/scope.h"

enum {
	RECORDS = 1, /* of an entity: none of them is shown */
};

/* The filters of the block in words, `only --model x`; NULL without any. */
static const char *
describe_filters(struct arena *arena, const struct usage_filter *filter)
{
	const char *words = report_words(arena, filter);

	return *words != '\0' ? arena_printf(arena, "only%s", words) : NULL;
}

static bool
is_html_name(const char *file)
{
	const char *dot = strrchr(file, '.');

	return dot &&
	       (strcasecmp(dot, ".html") == 0 || strcasecmp(dot, ".htm") == 0);
}

static int
filter_input(struct session *session, const struct block *block)
{
	struct buf old = BUF_INIT;
	int result;

	result = file_read_input(&old, "-", REPORT_FILE_MAX, &session->err);
	if (result == 0)
		result = block_update(&session->out, block,
		    (struct text){ old.text, old.len }, "standard input",
		    &session->err);
	buf_release(&old);
	return result;
}

static int
rewrite_file(struct session *session, const struct block *block,
    const char *path)
{
	struct buf text = BUF_INIT;
	struct report_file file;
	struct when now;
	int result;

	if (workspace_lock(&session->workspace, &now, &session->err) < 0)
		return -1;
	result = report_file_open(&file, session, path);
	if (result == 0)
		result = block_update(&text, block,
		    (struct text){ file.old.text, file.old.len }, path,
		    &session->err);
	if (result == 0)
		result = report_file_replace(&file, session, &text);
	report_file_close(&file);
	buf_release(&text);
	return result;
}

/* Put the block of a summary where it belongs. */
static int
deliver(struct session *session, const struct query_summary *summary,
    const char *only, bool is_html, const char *file)
{
	struct buf body = BUF_INIT, scope = BUF_INIT;
	struct block block = { .is_html = is_html };
	int result = 0;

	buf_printf(&scope,
	    "%s:", query_dimension_name(summary->scope.dimension));
	buf_add(&scope, summary->scope.id.data, summary->scope.id.len);
	scope_body(&body, summary, only, is_html);
	block.scope = (struct text){ scope.text, scope.len };
	block.body = (struct text){ body.text, body.len };
	if (!file)
		block_put(&session->out, &block);
	else if (strcmp(file, "-") == 0)
		result = filter_input(session, &block);
	else
		result = rewrite_file(session, &block, file);
	buf_release(&scope);
	buf_release(&body);
	return result;
}

int
cmd_report_summary(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter report summary [--html] [--DIMENSION VALUE]... "
	    "[--since T]\n"
	    "                            [--until T] SCOPE [FILE]";
	struct query_summary summary;
	struct usage_filter filter;
	bool is_html = false;
	const struct opt options[] = {
		OPT_FLAG('\0', "html", &is_html,
		    "write HTML (also where FILE ends in .html or .htm)"),
		OPT_INCLUDE(filter.rows),
		OPT_END,
	};
	const char *file;
	int result;

	usage_filter_init(&filter, session);
	if (!session_options(session, synopsis, options, &argc, argv, 1, 2))
		return session->status;
	file = argc > 1 ? argv[1] : NULL;
	is_html = is_html || (file && is_html_name(file));
	result = usage_scope_ask(&summary, session, &filter, argv[0], RECORDS);
	usage_filter_note(&filter, session);
	if (result == 0)
		result = deliver(session, &summary,
		    describe_filters(&session->arena, &filter), is_html, file);
	query_summary_release(&summary);
	return result < 0 ? session_fail(session) : EX_OK;
}
