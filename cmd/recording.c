#include "cmd/recording.h"

#include "lib/core/usage_read.h"

int
recording_load(struct recording *out, struct workspace *workspace,
    struct error *err)
{
	if (sessions_load(&out->sessions, workspace, err) < 0)
		return -1;
	return tiers_load(&out->tiers, workspace, err);
}

void
recording_use(const struct recording *recording, struct usage_read *how)
{
	how->session = &recording->sessions.span;
	how->tiers = &recording->tiers.table;
}
