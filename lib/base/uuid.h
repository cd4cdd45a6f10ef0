#ifndef METER_BASE_UUID_H
#define METER_BASE_UUID_H

/*
 * New identities: UUIDs of version 7 (RFC 9562), which sort by the time at
 * which they were made.
 */

#include <stdint.h>

#include "lib/base/when.h"

struct error;

enum {
	UUID_LEN = 36,
};

/* The last one made; starts as UUID_NONE. */
struct uuid {
	int64_t millis;
	uint64_t high, low;	/* the 12 and the 62 bits that are not time */
};

#define UUID_NONE { -1, 0, 0 }

/*
 * Make the next one and write it to out, NUL-terminated.  Of one process they
 * ascend, also within a millisecond.  Where the system has no random bytes:
 * ERROR_IO.
 */
int uuid_next(char out[UUID_LEN + 1], struct uuid *last, struct when now,
    struct error *err);

#endif
