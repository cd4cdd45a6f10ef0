#include "cmd/day_option.h"

#include "cmd/session.h"
#include "lib/base/period.h"
#include "lib/base/zone.h"

static const struct zone utc = ZONE_UTC;

int
day_option_take(struct when *out, struct session *session, const char *text)
{
	struct when_clock *clock = &session->workspace.clock;
	struct when when;

	if (period_start(&when, text, clock->read(clock->data), &utc,
		&session->err) < 0)
		return -1;
	*out = when_day_start(when);
	return 0;
}
