#ifndef METER_CMD_USAGE_SCOPE_H
#define METER_CMD_USAGE_SCOPE_H

/*
 * Asking what one scope comes to.
 */

#include <stddef.h>

struct query_scope;
struct query_summary;
struct session;
struct usage_filter;

/*
 * Add up the scope, `DIMENSION:ID`, within what the options say, which are
 * taken here; of an entity limit records are kept (0: all).  Also after a
 * failure the summary is given back with query_summary_release.
 */
int usage_scope_ask(struct query_summary *out, struct session *session,
    struct usage_filter *options, const char *scope, size_t limit);

/*
 * Give the summary what there is of a scope, within options that were taken;
 * it is then to be finished.
 */
int usage_scope_collect(struct query_summary *out, struct session *session,
    struct usage_filter *options, const struct query_scope *scope,
    size_t limit);

#endif
