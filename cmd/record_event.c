#include <sysexits.h>

#include "cmd/commands.h"
#include "cmd/one_event.h"
#include "cmd/session.h"
#include "cmd/usage_options.h"
#include "lib/core/usage.h"
#include "lib/doc/json_write.h"

int
cmd_record_event(struct session *session, int argc, char **argv)
{
	static const char synopsis[] =
	    "meter record event [--DIMENSION V]... [--MEASURE N]... "
	    "[--status S]\n"
	    "       [--attempt N] [--at T] [--id ID] [--metadata JSON] "
	    "[--json]";
	struct usage_options given = { .metadata = NULL };
	bool json = false;
	const struct opt options[] = {
		USAGE_OPTIONS_ROWS(&given),
		OPT_INCLUDE(given.measures),
		OPT_STRING('\0', "metadata", &given.metadata, "JSON",
		    "an object with whatever else there is to say"),
		OPT_FLAG('\0', "json", &json, "print the record as JSON"),
		OPT_END,
	};
	struct usage usage = { .attempt = 1 };
	struct node *event;

	usage_options_init(&given);
	if (!session_options(session, synopsis, options, &argc, argv, 0, 0))
		return session->status;
	if (usage_options_read(&usage, session, &given, NULL, "record") < 0)
		return session_fail(session);
	event = one_event_record(session, &usage, NULL);
	if (!event)
		return session_fail(session);
	if (json)
		json_write_pretty(&session->out, event);
	else
		one_event_print_id(session, event);
	return EX_OK;
}
