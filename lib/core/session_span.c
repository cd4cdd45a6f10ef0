#include "lib/core/session_span.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/number.h"
#include "lib/core/usage.h"
#include "lib/doc/node.h"

#define SECOND 1000000

static int
read_time(struct when *out, const struct node *node, struct error *err)
{
	struct text text;

	if (node_get_string(&text, node, err) < 0)
		return -1;
	if (when_parse(out, text.data, text.len) < 0)
		return node_error(err, node,
		    "expected a time such as 2026-11-22T08:00:00+00:00");
	return 0;
}

int
session_span_read(struct session_span *out, const struct node *map,
    struct error *err)
{
	const struct node *id = node_find(map, "id");
	const struct node *started = node_find(map, "started_at");
	const struct node *ended = node_find(map, "ended_at");
	const char *problem;

	*out = (struct session_span){ .id = TEXT_NULL };
	if (!map)
		return 0;
	if (!id || !started)
		return node_error(err, map,
		    "is damaged: the session's %s is missing",
		    id ? "started_at" : "id");
	if (node_get_string(&out->id, id, err) < 0)
		return -1;
	problem = out->id.len == 0 ? "is empty" : usage_name_problem(out->id);
	if (problem)
		return node_error(err, id, "%s", problem);
	if (read_time(&out->started_at, started, err) < 0)
		return -1;
	out->is_open = !ended;
	return ended ? read_time(&out->ended_at, ended, err) : 0;
}

void
session_span_put(struct arena *arena, struct node *map,
    const struct session_span *span)
{
	node_replace(arena, map, "id", node_text(arena, span->id));
	node_replace(arena, map, "started_at",
	    node_time(arena, span->started_at));
	node_replace(arena, map, "ended_at",
	    span->is_open ? node_null(arena)
			  : node_time(arena, span->ended_at));
}

const char *
session_span_name_problem(struct text name)
{
	if (name.len == 0)
		return "is empty";
	if (name.len > SESSION_SPAN_NAME_MAX)
		return "is longer than 200 bytes";
	return usage_name_problem(name);
}

/* `-20261122T080000Z` */
static void
write_second(struct buf *out, struct when when)
{
	struct buf text = BUF_INIT;

	when.micros -= (when.micros % SECOND + SECOND) % SECOND;
	when_json(&text, when);
	buf_putc(out, '-');
	for (size_t i = 0; i < text.len; i++)
		if (text.text[i] != '-' && text.text[i] != ':')
			buf_putc(out, text.text[i]);
	buf_release(&text);
}

/* Which one of its second the last session was; 0 where it was of another. */
static int64_t
number_of(const struct session_span *last, struct text second)
{
	int64_t number = 1;
	const char *found = NULL;

	if (!last->id.data)
		return 0;
	for (size_t i = 0; i + second.len <= last->id.len; i++)
		if (memcmp(last->id.data + i, second.data, second.len) == 0)
			found = last->id.data + i + second.len;
	if (!found)
		return 0;
	/* A name may hold anything, so that no number is one of 1. */
	if (*found == '-')
		number_parse_count(&number, found + 1,
		    (size_t)(last->id.data + last->id.len - found - 1));
	return number > 0 && number < INT32_MAX ? number : 1;
}

void
session_span_start(struct session_span *out, struct arena *arena,
    const struct session_span *last, struct text name, struct when now)
{
	struct buf id = BUF_INIT, second = BUF_INIT;
	int64_t number;

	write_second(&second, now);
	number = number_of(last, (struct text){ second.text, second.len }) + 1;
	buf_add(&id, name.data, name.len);
	buf_add(&id, second.text, second.len);
	if (number > 1)
		buf_printf(&id, "-%" PRId64, number);
	*out =
	    (struct session_span){ .id = { arena_copy(arena, id.text, id.len),
				       id.len },
		    .started_at = now,
		    .is_open = true };
	buf_release(&id);
	buf_release(&second);
}

void
session_span_end(struct session_span *span, struct when now)
{
	span->is_open = false;
	span->ended_at =
	    now.micros < span->started_at.micros ? span->started_at : now;
}

bool
session_span_covers(const struct session_span *span, struct when at)
{
	return span->is_open && at.micros >= span->started_at.micros;
}

void
session_span_fill(const struct session_span *span, struct usage *usage)
{
	struct text *place = &usage->dimension[USAGE_SESSION];

	if (!place->data && session_span_covers(span, usage->at))
		*place = span->id;
}
