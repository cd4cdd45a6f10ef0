#ifndef METER_CMD_USAGE_TIERS_H
#define METER_CMD_USAGE_TIERS_H

/*
 * The tiers that were declared, in an answer by tier.
 */

struct query;
struct session;
struct usage_filter;

/*
 * Give a query that is by tier alone, and to which everything has been added, a
 * group with nothing in it for each declared tier that has used nothing and
 * that the options about tiers let through; its model is the declared one.
 * Other queries stay as they are.
 */
int usage_tiers_add(struct session *session, struct usage_filter *options,
    struct query *query);

#endif
