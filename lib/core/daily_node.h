#ifndef METER_CORE_DAILY_NODE_H
#define METER_CORE_DAILY_NODE_H

/*
 * A scope's day as a document, in JSON and in `variance/DAY.yaml` (DESIGN.md
 * 3.1).
 */

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct attribution;
struct daily_row;
struct error;
struct node;
struct when;

/* Whose form the times have. */
enum daily_node_form {
	DAILY_NODE_JSON,
	DAILY_NODE_YAML,
};

/* The row, all its fields, in their order. */
struct node *daily_node(struct arena *arena, const struct daily_row *row,
    enum daily_node_form form);

/* `{"reason", "parts", "unexplained_tokens"}` */
struct node *daily_node_attribution(struct arena *arena,
    const struct attribution *attribution, enum daily_node_form form);

/* The figures of a row alone, and which of them broke: those of a proposal. */
struct node *daily_node_figures(struct arena *arena,
    const struct daily_row *row);

/*
 * `{"days": […], "scopes": […], "rows": […]}` of rows that stand in the order
 * of their days, count days from first on.
 */
struct node *daily_node_answer(struct arena *arena, struct when first,
    size_t day_count, const struct daily_row *rows, size_t count,
    enum daily_node_form form);

/* Take from a stored row what stays: when an alert was sent, and with which
 * proposal. */
int daily_node_mark(struct daily_row *row, const struct node *stored,
    struct error *err);

/* Give a row's node what a stored one has besides meter's own fields. */
void daily_node_keep(struct arena *arena, struct node *node,
    const struct node *stored);

#endif
