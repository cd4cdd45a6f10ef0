#include "lib/base/uuid.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "lib/base/error.h"

#define MASK(bits) (((uint64_t)1 << (bits)) - 1)

/* Begin anew at random, in the lower half, so that there is room to count. */
static int
draw(struct uuid *uuid, struct error *err)
{
	uint64_t random[2];

	if (TEMP_FAILURE_RETRY(getrandom(random, sizeof(random), 0)) !=
	    (ssize_t)sizeof(random))
		return error_errno(err, ERROR_IO, "cannot get random bytes");
	uuid->high = random[0] & MASK(11);
	uuid->low = random[1] & MASK(62);
	return 0;
}

int
uuid_next(char out[UUID_LEN + 1], struct uuid *last, struct when now,
    struct error *err)
{
	int64_t millis = now.micros < 0 ? 0 : now.micros / 1000;

	if (millis > last->millis) {
		if (draw(last, err) < 0)
			return -1;
		last->millis = millis;
	} else {
		last->low = (last->low + 1) & MASK(62);
		if (last->low == 0)
			last->high = (last->high + 1) & MASK(12);
	}
	snprintf(out, UUID_LEN + 1,
	    "%08" PRIx64 "-%04" PRIx64 "-7%03" PRIx64 "-%04" PRIx64
	    "-%012" PRIx64,
	    (uint64_t)last->millis >> 16 & MASK(32),
	    (uint64_t)last->millis & MASK(16), last->high,
	    (uint64_t)1 << 15 | last->low >> 48, last->low & MASK(48));
	return 0;
}
