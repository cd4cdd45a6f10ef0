#include "cmd/usage_collect.h"

#include "cmd/session.h"
#include "cmd/usage_filter.h"
#include "lib/store/answer.h"
#include "lib/store/records.h"

int
usage_collect(struct session *session, struct usage_filter *options,
    struct query *const *queries, size_t count)
{
	struct records records;

	if (records_open(&records, &session->workspace, &session->err) < 0)
		return -1;
	return answer_queries(&records, &options->question, queries, count,
	    &session->err);
}
