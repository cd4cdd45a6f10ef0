#ifndef METER_CORE_USAGE_FIELDS_H
#define METER_CORE_USAGE_FIELDS_H

/*
 * The names that the fields of a record may have in what `record events`
 * takes: the ledger's, those of other systems, and those that only
 * `usage events` prints (DESIGN.md 3.1).
 */

#include <stdbool.h>

#include "lib/base/text.h"

struct error;
struct node;

/* Whether there is a field of that name. */
bool usage_fields_has(struct text name);

/* Set *err to ERROR_DATA at the field, with the nearest of the names, and
 * return -1. */
int usage_fields_refuse(const struct node *field, struct error *err);

#endif
