#ifndef METER_STORE_RUNS_SCAN_H
#define METER_STORE_RUNS_SCAN_H

/*
 * Telling at a glance that a run's text is the very bytes that meter writes,
 * so that a file that others touched is looked through at memory speed.  What
 * is out of the ordinary is left to the YAML reader, which has the last word.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/text.h"

/*
 * Whether the item, with the newline at its end, is for certain the canonical
 * form of a whole run, and then its index.  False means nothing.
 */
bool runs_scan_item(int64_t *index, struct text item);

#endif
