#include "cmd/usage_scope.h"

#include "cmd/session.h"
#include "cmd/usage_filter.h"
#include "lib/core/query_summary.h"
#include "lib/store/answer.h"
#include "lib/store/records.h"

/* `session:current` is the open one. */
static int
name_session(struct query_scope *scope, struct session *session)
{
	if (scope->dimension != (enum query_dimension)USAGE_SESSION ||
	    !text_is(scope->id, "current"))
		return 0;
	return usage_filter_current(&scope->id, session);
}

int
usage_scope_collect(struct query_summary *out, struct session *session,
    struct usage_filter *options, const struct query_scope *asked, size_t limit)
{
	struct query_scope scope = *asked;
	struct records records;

	*out = (struct query_summary){ .arena = NULL };
	if (name_session(&scope, session) < 0)
		return -1;
	query_summary_init(out, &session->arena, &scope, &options->filter,
	    &options->zone, limit);
	if (records_open(&records, &session->workspace, &session->err) < 0)
		return -1;
	return answer_summaries(&records, &options->question, &out, 1,
	    &session->err);
}

int
usage_scope_ask(struct query_summary *out, struct session *session,
    struct usage_filter *options, const char *text, size_t limit)
{
	struct query_scope scope;

	*out = (struct query_summary){ .arena = NULL };
	if (query_summary_parse(&scope, text, &session->err) < 0 ||
	    usage_filter_take(options, session) < 0 ||
	    usage_scope_collect(out, session, options, &scope, limit) < 0)
		return -1;
	return query_summary_finish(out, &session->err);
}
