#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "cmd/usage_filter.h"
#include "cmd/usage_table.h"
#include "lib/core/query_newest.h"
#include "lib/core/usage_node.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"
#include "lib/store/answer_newest.h"
#include "lib/store/records.h"

/* The newest events. */
struct listing {
	struct usage_filter *options;
	struct query_newest newest;
};

static int
collect(struct session *session, struct listing *listing)
{
	struct usage_filter *options = listing->options;
	struct records records;

	if (records_open(&records, &session->workspace, &session->err) < 0)
		return -1;
	return answer_newest(&records, &options->question, &options->filter,
	    false, &listing->newest, &session->err);
}

static void
show(struct session *session, const struct session_format *format,
    struct listing *listing)
{
	struct node *list = node_list(&session->arena);
	const struct usage *usage;
	struct usage_table out;

	usage_table_init(&out, &session->arena, format);
	for (size_t i = 0; i < listing->newest.count; i++) {
		usage = query_newest_get(&listing->newest, i);
		if (format->json || format->yaml)
			node_add(list, usage_node(&session->arena, usage));
		else
			usage_table_add(&out, usage);
	}
	if (listing->newest.count == 0)
		table_note(&out.table, "no event is recorded of this kind");
	else
		table_note(&out.table, "times are UTC");
	usage_filter_show(listing->options, session, format, list, &out.table);
}

int
cmd_usage_events(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter usage events [--DIMENSION VALUE]... [--since T] [--until T] "
	    "[--limit N]\n"
	    "                          [--all] [--json|--csv|--yaml]";
	struct session_format format = { false };
	struct usage_filter filter;
	struct listing listing = { .options = &filter };
	struct usage_table_limit limit = USAGE_TABLE_LIMIT;
	const struct opt options[] = {
		USAGE_TABLE_LIMIT_OPTIONS(&limit),
		OPT_INCLUDE(filter.rows),
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	int result;

	usage_filter_init(&filter, session);
	if (!session_options(session, synopsis, options, &argc, argv, 0, 0))
		return session->status;
	if (usage_table_check_limit(&limit, &session->err) < 0 ||
	    usage_filter_take(&filter, session) < 0)
		return session_fail(session);
	query_newest_init(&listing.newest, usage_table_count(&limit));
	result = collect(session, &listing);
	if (result == 0) {
		query_newest_sort(&listing.newest);
		show(session, &format, &listing);
	}
	query_newest_release(&listing.newest);
	return result < 0 ? session_fail(session) : EX_OK;
}
