#include "cmd/usage_filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/session.h"
#include "lib/base/period.h"
#include "lib/doc/node.h"
#include "lib/render/table.h"
#include "lib/store/sessions.h"

#define CURRENT "current" /* the session that is open */

static const char *const ref_types[] = { "commit", "release", "session", NULL };

/* An option is spelled with hyphens. */
static const char *
option_name(struct arena *arena, const char *prefix,
    enum query_dimension dimension)
{
	char *name = arena_printf(arena, "%s%s", prefix,
	    query_dimension_name(dimension));

	for (char *c = name; *c != '\0'; c++)
		if (*c == '_')
			*c = '-';
	return name;
}

static void
add_other_rows(struct usage_filter *options, struct opt *rows)
{
	const struct opt others[USAGE_FILTER_OTHERS] = {
		OPT_CHOICE('\0', "ref-type", &options->ref_type, ref_types,
		    "what --ref-id is the id of"),
		OPT_STRING('\0', "ref-id", &options->ref_id, "ID",
		    "only what belongs to this commit, release or session"),
		OPT_STRING('\0', "since", &options->since, "T",
		    "only from then on: a time, a day, 7d, yesterday, "
		    "'last month', 2026-11, 2026q4"),
		OPT_STRING('\0', "until", &options->until, "T",
		    "only before then, likewise"),
		OPT_STRING('\0', "tz", &options->tz, "ZONE",
		    "whose day it is: UTC, +01:00, Europe/Berlin (default: "
		    "UTC)"),
		OPT_FLAG('\0', "skip-damaged", &options->skip_damaged,
		    "leave damaged rows out, and say how many"),
		OPT_END,
	};

	memcpy(rows, others, sizeof(others));
}

void
usage_filter_init(struct usage_filter *options, struct session *session)
{
	static const char *const values[] = { "VALUE", "TYPE:ID" };
	const char *value;
	struct opt *row;

	*options = (struct usage_filter){ .zone = ZONE_UTC };
	row = options->rows;
	for (int i = 0; i < QUERY_DIMENSION_COUNT; i++) {
		enum query_dimension dimension = (enum query_dimension)i;

		value = values[dimension == QUERY_ENTITY];
		*row++ = (struct opt)OPT_LIST('\0',
		    option_name(&session->arena, "", dimension),
		    &options->wanted[i], value,
		    "only this; a glob, /PCRE2/ or '(none)' too");
		*row++ = (struct opt)OPT_LIST('\0',
		    option_name(&session->arena, "not-", dimension),
		    &options->unwanted[i], value, "all but this");
	}
	add_other_rows(options, row);
}

static bool
is_current(enum query_dimension dimension, const char *value)
{
	return dimension == (enum query_dimension)USAGE_SESSION &&
	       strcmp(value, CURRENT) == 0;
}

static int
take_value(struct query_filter *filter, const struct usage_filter *options,
    enum query_dimension dimension, bool is_not, const char *value,
    struct error *err)
{
	if (!is_current(dimension, value))
		return query_filter_add(filter, dimension, is_not, value, err);
	query_filter_add_name(filter, dimension, is_not, options->current);
	return 0;
}

static int
take_values(struct query_filter *filter, const struct usage_filter *options,
    bool is_not, struct error *err)
{
	const struct opt_list *lists =
	    is_not ? options->unwanted : options->wanted;

	for (int i = 0; i < QUERY_DIMENSION_COUNT; i++)
		for (size_t j = 0; j < lists[i].count; j++)
			if (take_value(filter, options, (enum query_dimension)i,
				is_not, lists[i].values[j], err) < 0)
				return -1;
	return 0;
}

static int
take_ref(struct query_filter *filter, const struct usage_filter *options,
    struct error *err)
{
	enum query_dimension dimension;

	if (!options->ref_type && !options->ref_id)
		return 0;
	if (!options->ref_type || !options->ref_id)
		return error_set(err, ERROR_USAGE,
		    "--ref-type and --ref-id need each other");
	if (!query_dimension_find(&dimension, text_of(options->ref_type)))
		return -1;
	return take_value(filter, options, dimension, false, options->ref_id,
	    err);
}

/* Make the filter of what the options say. */
static int
make_filter(struct usage_filter *options, struct session *session)
{
	struct query_filter *out = &options->filter;
	struct error *err = &session->err;

	query_filter_init(out, &session->arena, &options->zone);
	out->has_since = options->question.has_since;
	out->has_until = options->question.has_until;
	out->since = options->question.since;
	out->until = options->question.until;
	if (take_values(out, options, false, err) < 0 ||
	    take_values(out, options, true, err) < 0)
		return -1;
	return take_ref(out, options, err);
}

static int
take_times(struct usage_filter *options, struct session *session)
{
	struct ledger_question *question = &options->question;
	struct when_clock *clock = &session->workspace.clock;
	struct when now = clock->read(clock->data);

	*question =
	    (struct ledger_question){ .has_since = options->since != NULL,
		    .has_until = options->until != NULL,
		    .skip_damaged = options->skip_damaged };
	if (question->has_since &&
	    period_start(&question->since, options->since, now, &options->zone,
		&session->err) < 0)
		return -1;
	if (question->has_until &&
	    period_start(&question->until, options->until, now, &options->zone,
		&session->err) < 0)
		return -1;
	return 0;
}

int
usage_filter_current(struct text *out, struct session *session)
{
	struct sessions sessions;

	if (sessions_load(&sessions, &session->workspace, &session->err) < 0 ||
	    sessions_expect_open(&sessions.span, &session->err) < 0)
		return -1;
	*out = sessions.span.id;
	return 0;
}

static bool
has_current(const struct opt_list *values)
{
	for (size_t i = 0; i < values->count; i++)
		if (strcmp(values->values[i], CURRENT) == 0)
			return true;
	return false;
}

/* Look up the open session, where the options ask for it. */
static int
take_current(struct usage_filter *options, struct session *session)
{
	const char *ref_type = options->ref_type, *ref_id = options->ref_id;

	if (!has_current(&options->wanted[USAGE_SESSION]) &&
	    !has_current(&options->unwanted[USAGE_SESSION]) &&
	    !(ref_type && ref_id && strcmp(ref_type, "session") == 0 &&
		strcmp(ref_id, CURRENT) == 0))
		return 0;
	return usage_filter_current(&options->current, session);
}

int
usage_filter_take(struct usage_filter *options, struct session *session)
{
	if (options->tz &&
	    zone_parse(&options->zone, options->tz, &session->err) < 0)
		return -1;
	if (take_times(options, session) < 0 ||
	    take_current(options, session) < 0)
		return -1;
	return make_filter(options, session);
}

/*
 * YAML is to hold money in full, as JSON does: the digits, not the nearest
 * double.  A number with an exponent would read as text there.
 */
static void
keep_digits(struct node *node)
{
	if (node->type == NODE_FLOAT && node->verbatim == NODE_AS_JSON &&
	    strspn(node->text.data, "-.0123456789") == node->text.len)
		node->verbatim = NODE_AS_YAML;
	for (struct node *child = node->first; child; child = child->next)
		keep_digits(child);
}

void
usage_filter_note(struct usage_filter *options, struct session *session)
{
	if (options->question.skipped > 0)
		workspace_note(&session->workspace,
		    "%" PRId64 " damaged row%s left out",
		    options->question.skipped,
		    options->question.skipped == 1 ? " is" : "s are");
}

void
usage_filter_show(struct usage_filter *options, struct session *session,
    const struct session_format *format, struct node *document,
    struct table *table)
{
	usage_filter_note(options, session);
	if (format->yaml)
		keep_digits(document);
	session_show(session, format, document, table);
}
