#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "lib/store/pages.h"
#include "lib/store/records.h"

#define DEFAULT_FOLDER "reports/pages"

int
cmd_report_pages(struct session *session, int argc, char **argv)
{
	static const char synopsis[] = "meter report pages [--all] [DIR]";
	static const struct pages_document documents[] = {
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
