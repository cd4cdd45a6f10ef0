#include "lib/report/proposal.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/number.h"
#include "lib/base/utf8.h"
#include "lib/core/daily.h"
#include "lib/doc/node.h"
#include "lib/render/markdown.h"
#include "lib/render/table.h"

enum {
	NAME_COLUMNS = 60, /* of a name in a line */
	PAGE_COLUMNS = 200, /* of a name on a page */
	PLACES = 4, /* of a ratio */
};

static void
put_name(struct buf *out, struct text name)
{
	buf_putc(out, '\'');
	utf8_escape(out, name.data, name.len, UTF8_PRINTABLE, NAME_COLUMNS);
	buf_putc(out, '\'');
}

/* Whether the alert is on cost alone. */
static bool
is_on_cost(const struct daily_row *row)
{
	return row->measure[DAILY_COST].has_alert &&
	       !row->measure[DAILY_TOKENS].has_alert;
}

void
proposal_measures(struct buf *out, const struct daily_row *row)
{
	bool has_tokens = row->measure[DAILY_TOKENS].has_alert;

	if (has_tokens)
		buf_puts(out, "tokens");
	if (row->measure[DAILY_COST].has_alert)
		buf_puts(out, has_tokens ? " and cost" : "cost");
}

static void
put_quota(struct buf *out, const struct attribution_part *part)
{
	buf_puts(out, "raise or move the quota: ");
	if (part->account_count > 0) {
		buf_puts(out, "account ");
		put_name(out, part->accounts[0]);
		if (part->account_count > 1)
			buf_printf(out, " and %zu more",
			    part->account_count - 1);
		buf_puts(out, " ran out at ");
	} else {
		buf_puts(out, "it ran out at ");
	}
	when_people(out, part->first);
	buf_puts(out, " UTC, refused calls: ");
	number_group(out, part->records);
}

static void
put_retries(struct buf *out, const struct daily_row *row,
    const struct attribution_part *part)
{
	const struct attribution_item *worst = &part->items[0];

	buf_puts(out, "throttle retries: task ");
	put_name(out, worst->name);
	buf_puts(out, " repeated ");
	number_group(out, worst->retries);
	buf_puts(out, " attempts (");
	if (!is_on_cost(row)) {
		number_group(out, worst->tokens);
		buf_puts(out, " tokens, ");
	}
	money_people(out, worst->cost_usd);
	buf_putc(out, ')');
	if (part->item_total > 1)
		buf_printf(out, ", and %zu more tasks did so",
		    part->item_total - 1);
}

static void
put_fanout(struct buf *out, const struct daily_row *row,
    const struct attribution_part *part)
{
	buf_puts(out, "cap the fan-out: ");
	number_group(out, part->tasks);
	buf_puts(out, " tasks ran where ");
	if (part->has_planned) {
		number_group(out, part->planned);
		buf_puts(out, " are allocated");
	} else {
		number_people(out, number_round(part->mean_tasks, 1));
		buf_puts(out, " are usual");
	}
	buf_puts(out, "; one more takes about ");
	if (!is_on_cost(row)) {
		number_people(out, number_round(part->tokens_a_task, 0));
		buf_puts(out, " tokens, ");
	}
	money_people(out, part->cost_a_task);
}

/* The day's tokens would have cost so much at the mix of before, and so much
 * with the cheapest model, where that is less. */
static void
put_mix(struct buf *out, const struct attribution_part *part)
{
	struct money at_mix;

	buf_puts(out, "re-route to a cheaper model: ");
	if (money_add(&at_mix, part->cost_before, part->cost_usd) == 0) {
		buf_puts(out, "the day's tokens cost ");
		money_people(out, at_mix);
		buf_puts(out, " and would have cost ");
	} else {
		buf_puts(out, "the day's tokens would have cost ");
	}
	money_people(out, part->cost_before);
	buf_puts(out, " at the mix of the days before");
	if (!part->has_cheapest ||
	    money_compare(part->cost_cheapest, part->cost_before) >= 0)
		return;
	buf_puts(out, ", ");
	money_people(out, part->cost_cheapest);
	buf_puts(out, " with ");
	put_name(out, part->cheapest);
	buf_puts(out, " alone");
}

static void
put_unknown(struct buf *out, const struct daily_row *row)
{
	struct buf measures = BUF_INIT;

	proposal_measures(&measures, row);
	buf_printf(out,
	    row->is_over ? "look closer: nothing that is recorded explains the "
			   "excess%s%s; compare the day by task, model and "
			   "agent with the days before"
			 : "look closer: far less was used than is "
			   "allocated%s%s, and nothing that is recorded "
			   "explains it; lower the allocation if that lasts",
	    measures.len > 0 ? " of " : "", measures.text);
	buf_release(&measures);
}

void
proposal_action(struct buf *out, const struct daily_row *row)
{
	const struct attribution_part *part =
	    attribution_main(&row->attribution);

	switch (row->attribution.reason) {
	case ATTRIBUTION_QUOTA_EXHAUST:
		put_quota(out, part);
		break;
	case ATTRIBUTION_RETRY_STORM:
		put_retries(out, row, part);
		break;
	case ATTRIBUTION_FANOUT:
		put_fanout(out, row, part);
		break;
	case ATTRIBUTION_MODEL_MIX_SHIFT:
		put_mix(out, part);
		break;
	case ATTRIBUTION_UNKNOWN:
		put_unknown(out, row);
		break;
	}
}

static void
put_text(struct buf *out, struct text text)
{
	if (text.data)
		markdown_escape_cut(out, text, PAGE_COLUMNS);
}

/* Append a field of the proposal that is text. */
static void
put_field(struct buf *out, const struct node *map, const char *name)
{
	const struct node *node = node_find(map, name);

	if (node && node->type != NODE_LIST && node->type != NODE_MAP)
		put_text(out, node->text);
}

/* Append a value: a number as people read it, a list or map with commas. */
static void
put_value(struct buf *out, const struct node *node)
{
	struct buf text = BUF_INIT;
	struct error ignored;
	int64_t count;
	double number;

	if (node->type == NODE_LIST || node->type == NODE_MAP) {
		for (const struct node *child = node->first; child;
		     child = child->next) {
			if (child->key.data) {
				put_text(out, child->key);
				buf_putc(out, ' ');
			}
			put_value(out, child);
			if (child->next)
				buf_puts(out, ", ");
		}
		if (!node->first)
			buf_puts(out, "none");
	} else if (node->type == NODE_INT &&
		   node_count(&count, node, false, &ignored) == 0) {
		number_group(out, count);
	} else if (node->type == NODE_FLOAT &&
		   node_double(&number, node, &ignored) == 0) {
		number_people(&text, number_round(number, PLACES));
		put_text(out, (struct text){ text.text, text.len });
	} else if (node->type == NODE_NULL) {
		buf_puts(out, "none");
	} else {
		put_text(out, node->text);
	}
	buf_release(&text);
}

static const struct table_column figure_columns[] = {
	{ "measure", TABLE_TEXT },
	{ "allocated", TABLE_COUNT },
	{ "actual", TABLE_COUNT },
	{ "variance", TABLE_COUNT },
	{ "percent", TABLE_NUMBER },
	{ "mean", TABLE_NUMBER },
	{ "deviation", TABLE_NUMBER },
	{ "z", TABLE_NUMBER },
};

/* A figure, which is signed: tokens, or USD. */
static void
add_figure(struct table *table, const struct node *figures, const char *name,
    bool is_money)
{
	const struct node *node = node_find(figures, name);
	struct money amount;

	if (!node || (node->type != NODE_INT && node->type != NODE_FLOAT) ||
	    money_parse(&amount, node->text.data, node->text.len) >
		MONEY_ROUNDED)
		table_null(table);
	else if (is_money)
		table_money(table, amount);
	else
		table_count(table,
		    (int64_t)(amount.femto / INT64_C(1000000000000000)));
}

static void
add_number(struct table *table, const struct node *map, const char *name)
{
	const struct node *node = node_find(map, name);
	struct error ignored;
	double number;

	if (node && node_double(&number, node, &ignored) == 0)
		table_number(table, number_round(number, PLACES));
	else
		table_null(table);
}

static void
add_measure(struct table *table, const struct node *figures, bool is_money)
{
	static const char *const tokens[] = { "tokens", "allocated_tokens",
		"actual_tokens", "variance_tokens", "variance_pct",
		"baseline" };
	static const char *const cost[] = { "cost_usd", "allocated_cost_usd",
		"actual_cost_usd", "variance_cost_usd", "cost_variance_pct",
		"cost_baseline" };
	const char *const *names = is_money ? cost : tokens;
	const struct node *baseline = node_find(figures, names[5]);

	if (!node_find(figures, names[1]))
		return;
	table_row(table);
	table_string(table, names[0]);
	for (int i = 1; i <= 3; i++)
		add_figure(table, figures, names[i], is_money);
	add_number(table, figures, names[4]);
	add_number(table, baseline, "mean");
	add_number(table, baseline, "stddev");
	add_number(table, baseline, "z");
}

static void
put_figures(struct buf *out, const struct node *proposal)
{
	const struct node *figures = node_find(proposal, "figures");
	const struct node *alerts = node_find(figures, "alerts");
	struct arena arena = ARENA_INIT;
	struct table table;

	table_init(&table, &arena, figure_columns,
	    sizeof(figure_columns) / sizeof(figure_columns[0]));
	add_measure(&table, figures, false);
	add_measure(&table, figures, true);
	if (table.row_count > 0)
		markdown_table(out, &table);
	if (alerts) {
		buf_puts(out, "\nAlert on: ");
		put_value(out, alerts);
		buf_putc(out, '\n');
	}
	arena_release(&arena);
}

/* A list of what was found: a cause, and below it its evidence. */
static void
put_part(struct buf *out, const struct node *part)
{
	const struct node *detail = node_find(part, "detail");

	buf_puts(out, "- **");
	put_field(out, part, "code");
	buf_puts(out, "**");
	for (const struct node *child = part->first; child; child = child->next)
		if (child != detail && !text_is(child->key, "code") &&
		    child->type != NODE_NULL) {
			buf_puts(out, ", ");
			put_text(out, child->key);
			buf_putc(out, ' ');
			put_value(out, child);
		}
	buf_putc(out, '\n');
	for (const struct node *child = detail ? detail->first : NULL; child;
	     child = child->next) {
		bool is_list = child->type == NODE_LIST && child->first &&
			       child->first->type == NODE_MAP;

		buf_puts(out, "  - ");
		put_text(out, child->key);
		buf_puts(out, is_list ? ":" : ": ");
		if (!is_list)
			put_value(out, child);
		buf_putc(out, '\n');
		for (const struct node *item = is_list ? child->first : NULL;
		     item; item = item->next) {
			buf_puts(out, "    - ");
			put_value(out, item);
			buf_putc(out, '\n');
		}
	}
}

static void
put_causes(struct buf *out, const struct node *proposal)
{
	const struct node *evidence = node_find(proposal, "evidence");
	const struct node *parts = node_find(evidence, "parts");
	const struct node *rest = node_find(evidence, "unexplained_tokens");

	buf_puts(out, "The cause that explains most: **");
	put_field(out, evidence, "reason");
	buf_puts(out, "**\n\n");
	if (parts && parts->type == NODE_LIST)
		for (const struct node *part = parts->first; part;
		     part = part->next)
			put_part(out, part);
	if (parts && parts->first)
		buf_putc(out, '\n');
	if (rest) {
		buf_puts(out, "Not explained: ");
		put_value(out, rest);
		buf_puts(out, " tokens\n");
	}
}

void
proposal_page(struct buf *out, const struct node *proposal)
{
	buf_puts(out, "# Budget variance: ");
	put_field(out, proposal, "scope");
	buf_puts(out, " on ");
	put_field(out, proposal, "day");
	buf_puts(out, "\n\nStatus: ");
	put_field(out, proposal, "status");
	buf_puts(out, "\\\nProposal: ");
	put_field(out, proposal, "id");
	buf_puts(out, "\n\n## What to do\n\n");
	put_field(out, proposal, "suggested_action");
	buf_puts(out, "\n\n## Figures\n\n");
	put_figures(out, proposal);
	buf_puts(out, "\n## Causes\n\n");
	put_causes(out, proposal);
}
