#ifndef METER_CMD_RECORDING_H
#define METER_CMD_RECORDING_H

/*
 * What stands in the workspace that a new record is completed with: the open
 * session, and the models of the tiers.
 */

#include "lib/store/sessions.h"
#include "lib/store/tiers.h"

struct error;
struct usage_read;
struct workspace;

struct recording {
	struct sessions sessions;
	struct tiers tiers;
};

/*
 * Load both, before the clock is read: so what is recorded at once, while
 * another session starts, belongs to one of the two.
 */
int recording_load(struct recording *out, struct workspace *workspace,
    struct error *err);

/* Have records be read with it; it must live as long. */
void recording_use(const struct recording *recording, struct usage_read *how);

#endif
