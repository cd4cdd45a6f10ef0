#ifndef METER_REPORT_PROPOSAL_H
#define METER_REPORT_PROPOSAL_H

/*
 * What an alert proposes, in words: a line, and a page of Markdown.
 */

struct buf;
struct daily_row;
struct node;

/* Append the measures that the row's alert is on: `tokens`, `cost`, `tokens
 * and cost`; nothing where it has none. */
void proposal_measures(struct buf *out, const struct daily_row *row);

/*
 * Append what to do about the row, which fits its cause, in figures of the
 * measures that broke, as a line of plain
 * text; names in it are made harmless for a screen.
 */
void proposal_action(struct buf *out, const struct daily_row *row);

/* Append the page of a proposal, as it is stored. */
void proposal_page(struct buf *out, const struct node *proposal);

#endif
