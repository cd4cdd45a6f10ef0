#include "cmd/context_options.h"

#include <string.h>

#include "cmd/session.h"
#include "lib/store/sessions.h"

static const char *const help[CONTEXT_COUNT] = {
	"the provider's account that pays",
	"the agent at work",
	"the tier that the work runs in",
	"the session that it belongs to",
	"the task that causes it",
	"the workstream of the task",
	"the quest of the task",
	"the repository worked on",
	"the commit worked on",
	"the release worked on",
	"the entity it is for",
};

void
context_options_init(struct context_options *options)
{
	const struct opt end = OPT_END;

	for (size_t i = 0; i < CONTEXT_COUNT; i++) {
		options->value[i] = NULL;
		options->rows[i] = (struct opt)OPT_STRING('\0',
		    context_names[i], &options->value[i],
		    i == CONTEXT_ENTITY ? "TYPE:ID" : "ID", help[i]);
	}
	options->rows[CONTEXT_COUNT] = end;
}

/* Whether an entity names a type and an id. */
static bool
is_entity(const char *text)
{
	const char *colon = strchr(text, ':');

	return colon && colon > text && colon[1] != '\0';
}

/* `current` is the session that is open. */
static int
name_session(struct text *value, struct session *session)
{
	struct sessions sessions;

	if (!text_is(*value, "current"))
		return 0;
	if (sessions_load(&sessions, &session->workspace, &session->err) < 0 ||
	    sessions_expect_open(&sessions.span, &session->err) < 0)
		return -1;
	*value = sessions.span.id;
	return 0;
}

int
context_options_given(struct context *out, struct session *session,
    const struct context_options *options)
{
	const char *value;

	*out = session->context;
	for (size_t i = 0; i < CONTEXT_COUNT; i++) {
		value = options->value[i];
		if (value && *value != '\0')
			out->value[i] = text_of(value);
	}
	value = out->value[CONTEXT_ENTITY].data;
	if (value && !is_entity(value))
		return error_set(&session->err, ERROR_USAGE,
		    "an entity is given as TYPE:ID");
	return 0;
}

int
context_options_take(struct context *out, struct session *session,
    const struct context_options *options)
{
	if (context_options_given(out, session, options) < 0)
		return -1;
	return name_session(&out->value[CONTEXT_SESSION], session);
}
