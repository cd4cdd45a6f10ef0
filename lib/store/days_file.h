#ifndef METER_STORE_DAYS_FILE_H
#define METER_STORE_DAYS_FILE_H

/*
 * `variance/DAY.yaml`: the rows of one day (DESIGN.md 2).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stddef.h>

#include "lib/base/text.h"
#include "lib/core/query_dimension.h"
#include "lib/store/document.h"

struct arena;
struct changes;
struct daily_row;
struct days_question;
struct error;
struct node;
struct when;
struct workspace;

/* Read a day's document; *out is NULL where there is none. */
int days_file_load(struct node **out, struct workspace *workspace,
    struct when day, enum document_use use, struct error *err);

/* Give the rows of a day, which are in order, what its document says of
 * alerts that were sent. */
int days_file_mark(struct daily_row *rows, size_t count,
    const struct node *document, struct error *err);

/*
 * Put into the change the day's document with these rows, which are all that
 * the question asks for, where it is not the stored one already.  Rows that
 * were not asked for stay, and so do those with an alert.
 */
int days_file_change(struct changes *changes, struct workspace *workspace,
    const struct days_question *question, struct when day,
    const struct daily_row *rows, size_t count, struct node *document,
    struct error *err);

/*
 * The scopes of a document's rows, each as a row of which nothing else is set,
 * in order, for days_file_has: they live as long as the document.
 */
int days_file_scopes(struct daily_row **out, size_t *count, struct arena *arena,
    const struct node *document, struct error *err);

/* Whether that scope is among them. */
bool days_file_has(struct daily_row *rows, size_t count,
    enum query_dimension dimension, struct text id);

/* The oldest and the newest day up to last that have a document; *found tells
 * whether there is one. */
int days_file_span(struct when *oldest, struct when *newest, bool *found,
    struct workspace *workspace, struct when last, struct error *err);

#endif
