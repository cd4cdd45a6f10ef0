#ifndef METER_CORE_USAGE_RESOURCE_H
#define METER_CORE_USAGE_RESOURCE_H

/*
 * What other systems call the types of their resources, and which resource
 * and measure of meter's each is.
 */

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/text.h"

struct usage;

/* A type, and what it comes to. */
struct usage_resource_old {
	struct text type;
	bool has_amount; /* the record's amount was given */
	int64_t calls; /* -1 where the resource's default holds */
	const char *problem; /* where it cannot be taken */
};

/*
 * Set the record's resource by the type, and move its amount to where it
 * belongs.  A type that is not known is a resource of that name.  Return -1
 * with the problem set.
 */
int usage_resource_apply(struct usage *usage, struct usage_resource_old *old);

/* How many calls a record of a resource is that does not say: 1 for llm and
 * api, else 0. */
int64_t usage_resource_calls(struct text resource);

#endif
