#ifndef METER_CORE_USAGE_NODE_H
#define METER_CORE_USAGE_NODE_H

/*
 * A usage record as JSON: the ledger's field names in the ledger's order,
 * with prompt_tokens and total_tokens behind them.  Empty text is null, an
 * empty count 0; money and amounts are exact.
 */

struct arena;
struct node;
struct usage;

/* The object; its texts are copied into the arena. */
struct node *usage_node(struct arena *arena, const struct usage *usage);

#endif
