#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/session.h"
#include "cmd/usage_filter.h"
#include "cmd/usage_follow.h"
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
	const struct session_format *format;
	struct usage_table_limit limit;
	struct query_newest newest;
};

static int
add(void *data, const struct usage *usage, struct error *err)
{
	struct listing *listing = data;
	int matches =
	    query_filter_matches(&listing->options->filter, usage, err);

	if (matches > 0)
		query_newest_add(&listing->newest, usage);
	return matches < 0 ? -1 : 0;
}

static int
ask(struct session *session, void *data)
{
	struct listing *listing = data;
	struct usage_filter *options = listing->options;
	struct records records;

	query_newest_release(&listing->newest);
	query_newest_init(&listing->newest, usage_table_count(&listing->limit));
	if (records_open(&records, &session->workspace, &session->err) < 0)
		return -1;
	return answer_newest(&records, &options->question, &options->filter,
	    false, &listing->newest, &session->err);
}

/* The events as a table, as many as can be seen. */
static void
make_table(struct usage_table *out, const struct listing *listing,
    struct usage_follow_view *view)
{
	size_t count = listing->newest.count, shown = count;

	/* A header stands above them and a line below, or two. */
	if (view->rows > 0 && count + 2 > view->rows)
		shown = view->rows > 3 ? view->rows - 3 : 0;
	for (size_t i = 0; i < shown; i++)
		usage_table_add(out, query_newest_get(&listing->newest, i));
	if (shown < count)
		table_note(&out->table,
		    arena_printf(out->arena, "... %zu more", count - shown));
	table_note(&out->table,
	    count > 0 ? "times are UTC" : "no event is recorded of this kind");
	view->tail = table_note_count(&out->table);
}

static int
show(struct session *session, void *data, struct usage_follow_view *view)
{
	struct listing *listing = data;
	const struct session_format *format = listing->format;
	struct node *list = node_list(&session->arena);
	struct usage_table out;

	query_newest_sort(&listing->newest);
	usage_table_init(&out, &session->arena, format);
	if (!format->json && !format->yaml)
		make_table(&out, listing, view);
	else
		for (size_t i = 0; i < listing->newest.count; i++)
			node_add(list,
			    usage_node(&session->arena,
				query_newest_get(&listing->newest, i)));
	usage_filter_show(listing->options, session, format, list, &out.table);
	return 0;
}

int
cmd_usage_events(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter usage events [--DIMENSION VALUE]... [--since T] [--until T] "
	    "[--limit N]\n"
	    "                          [--all] [--follow] [--json|--csv|--yaml]";
	struct session_format format = { false };
	struct usage_filter filter;
	struct listing listing = { .options = &filter,
		.format = &format,
		.limit = USAGE_TABLE_LIMIT };
	struct usage_follow follow = { session, &filter, &format, false,
		&listing, ask, add, show };
	struct usage_follow_view view = { 0, 0 };
	const struct opt options[] = {
		USAGE_TABLE_LIMIT_OPTIONS(&listing.limit),
		OPT_INCLUDE(filter.rows),
		USAGE_FOLLOW_OPTION(&format.in_lines),
		SESSION_FORMAT_OPTIONS(&format),
		OPT_END,
	};
	int status = EX_OK;

	usage_filter_init(&filter, session);
	if (!session_options(session, synopsis, options, &argc, argv, 0, 0))
		return session->status;
	if (usage_table_check_limit(&listing.limit, &session->err) < 0)
		return session_fail(session);
	if (format.in_lines)
		status = usage_follow(&follow);
	else if (usage_filter_take(&filter, session) < 0 ||
		 ask(session, &listing) < 0 ||
		 show(session, &listing, &view) < 0)
		status = session_fail(session);
	query_newest_release(&listing.newest);
	return status;
}
