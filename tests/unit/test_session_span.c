#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "lib/core/session_span.h"
#include "lib/core/usage.h"
#include "tests/unit/scratch.h"

static struct scratch s;

static struct when
at(const char *text)
{
	struct when when;

	cr_assert(when_parse(&when, text, strlen(text)) == 0);
	return when;
}

/* The id of a session that starts then, after the last one. */
static const char *
start(struct session_span *span, const char *name, const char *when)
{
	struct session_span last = *span;

	session_span_start(span, &s.arena, &last, text_of(name), at(when));
	cr_expect(span->is_open);
	return span->id.data;
}

Test(session_span, ids_differ_within_a_second)
{
	struct session_span span = { .id = TEXT_NULL };

	SCRATCH_SAME(start(&span, "session", "2026-11-22T08:00:00Z"),
	    "session-20261122T080000Z");
	SCRATCH_SAME(start(&span, "session", "2026-11-22T08:00:00.999999Z"),
	    "session-20261122T080000Z-2");
	SCRATCH_SAME(start(&span, "b", "2026-11-22T08:00:00Z"),
	    "b-20261122T080000Z-3");
	SCRATCH_SAME(start(&span, "b", "2026-11-22T08:00:01Z"),
	    "b-20261122T080001Z");
	for (int i = 0; i < 20; i++)
		start(&span, "c", "2026-11-22T08:00:02Z");
	SCRATCH_SAME(span.id.data, "c-20261122T080002Z-20");
	SCRATCH_SAME(start(&span, "x", "1969-12-31T23:59:59.5Z"),
	    "x-19691231T235959Z");
	arena_release(&s.arena);
}

Test(session_span, a_name_that_looks_like_an_id_confuses_nothing)
{
	struct session_span span = { .id = TEXT_NULL };

	start(&span, "a-20261122T080000Z-7", "2026-11-22T07:00:00Z");
	SCRATCH_SAME(start(&span, "a", "2026-11-22T08:00:00Z"),
	    "a-20261122T080000Z-2");
	start(&span, "a-20261122T080000Z-7", "2026-11-22T08:00:00Z");
	SCRATCH_SAME(start(&span, "a", "2026-11-22T08:00:00Z"),
	    "a-20261122T080000Z-4");
	arena_release(&s.arena);
}

Test(session_span, records_of_its_time_that_name_none_are_its)
{
	struct session_span span = { .id = TEXT_NULL };
	struct usage usage = { .at = at("2026-11-22T08:00:00Z") };
	struct text *session = &usage.dimension[USAGE_SESSION];

	session_span_fill(&span, &usage);
	cr_expect(session->data == NULL);
	start(&span, "a", "2026-11-22T08:00:00.000001Z");
	session_span_fill(&span, &usage);
	cr_expect(session->data == NULL);
	usage.at = at("2026-11-22T08:00:00.000001Z");
	session_span_fill(&span, &usage);
	cr_expect(text_equal(*session, span.id));
	*session = TEXT("own");
	session_span_fill(&span, &usage);
	cr_expect(text_is(*session, "own"));
	*session = TEXT_NULL;
	session_span_end(&span, at("2026-11-22T09:00:00Z"));
	session_span_fill(&span, &usage);
	cr_expect(session->data == NULL);
	arena_release(&s.arena);
}

Test(session_span, it_does_not_end_before_it_started)
{
	struct session_span span = { .id = TEXT_NULL };

	start(&span, "a", "2026-11-22T08:00:00Z");
	session_span_end(&span, at("2026-11-22T07:00:00Z"));
	cr_expect(span.ended_at.micros == span.started_at.micros);
	arena_release(&s.arena);
}

Test(session_span, what_was_stored_is_read_back)
{
	struct node *map = node_map(&s.arena);
	struct session_span span = { .id = TEXT_NULL }, read;

	start(&span, "a", "2026-11-22T08:00:00.25Z");
	session_span_put(&s.arena, map, &span);
	cr_assert(session_span_read(&read, map, &s.err) == 0);
	cr_expect(read.is_open);
	cr_expect(text_equal(read.id, span.id));
	cr_expect(read.started_at.micros == span.started_at.micros);
	session_span_end(&span, at("2026-11-22T09:00:00Z"));
	session_span_put(&s.arena, map, &span);
	cr_expect(eq(sz, map->count, 3));
	cr_assert(session_span_read(&read, map, &s.err) == 0);
	cr_expect(read.is_open == false);
	cr_expect(read.ended_at.micros == span.ended_at.micros);
	cr_assert(session_span_read(&read, NULL, &s.err) == 0);
	cr_expect(read.id.data == NULL);
	arena_release(&s.arena);
}
