#include "lib/store/answer_pass.h"

#include "lib/core/query.h"
#include "lib/core/query_filter.h"

int
answer_pass_add(struct answer_worker *worker, const struct usage *usage,
    const struct query_measures *measures, struct error *err)
{
	const struct query_filter *asked = NULL;
	struct query *query;
	int matches = 1;

	for (size_t i = 0; i < worker->chosen_count; i++) {
		query = worker->queries[worker->chosen[i]];
		if (!query->filter)
			matches = 1;
		else if (query->filter != asked)
			matches =
			    query_filter_matches(query->filter, usage, err);
		asked = query->filter;
		if (matches < 0 ||
		    (matches > 0 &&
			query_add_matching(query, usage, measures, err) < 0))
			return -1;
	}
	return 0;
}
