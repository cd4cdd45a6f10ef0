#include "lib/core/query_dimension.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/zone.h"

#define MINUTE INT64_C(60000000)
#define DAY (1440 * MINUTE)

static const char *const derived_names[] = { "entity", "day", "week", "month",
	"hour" };

const char *
query_dimension_name(enum query_dimension dimension)
{
	if (dimension < QUERY_ENTITY)
		return usage_dimension_names[dimension];
	return derived_names[dimension - QUERY_ENTITY];
}

static bool
is_name(struct text given, const char *name)
{
	if (given.len != strlen(name))
		return false;
	for (size_t i = 0; i < given.len; i++)
		if (given.data[i] != name[i] &&
		    !(given.data[i] == '-' && name[i] == '_'))
			return false;
	return true;
}

bool
query_dimension_find(enum query_dimension *out, struct text name)
{
	for (int i = 0; i < QUERY_DIMENSION_COUNT; i++) {
		if (!is_name(name,
			query_dimension_name((enum query_dimension)i)))
			continue;
		*out = (enum query_dimension)i;
		return true;
	}
	return false;
}

/*
 * The week of ISO 8601: it is of the year that its Thursday is in, and the
 * first is the one that has that year's first Thursday.
 */
static void
set_week(struct query_dimension_room *room, struct when local)
{
	int64_t day = local.micros / DAY;
	int64_t weekday = ((day % 7) + 10) % 7; /* from Monday, 0 */
	struct when thursday = { (day - weekday + 3) * DAY };
	struct when_date date = when_date(thursday);
	const struct when_date first = { date.year, 1, 1 };
	int64_t past = (thursday.micros - when_of_date(first).micros) / DAY;

	snprintf(room->week, sizeof(room->week), "%04d-W%02d", (int)date.year,
	    (int)(past / 7 + 1));
}

static void
set_times(struct query_dimension_room *room, struct when at)
{
	struct when local = zone_local(room->zone, at);
	struct when start = when_day_start(local);
	struct when_date date = when_date(local);

	snprintf(room->day, sizeof(room->day), "%04d-%02d-%02d", (int)date.year,
	    date.month, date.day);
	memcpy(room->month, room->day, 7);
	room->month[7] = '\0';
	snprintf(room->hour, sizeof(room->hour), "%.10sT%02d", room->day,
	    (int)((local.micros - start.micros) / (60 * MINUTE)));
	set_week(room, start);
}

/* Zones are ahead by whole minutes for as long as anybody used this. */
static void
find_times(struct query_dimension_room *room, struct when at)
{
	int64_t minute = at.micros / MINUTE - (at.micros % MINUTE < 0);

	if (room->is_set && room->minute == minute)
		return;
	set_times(room, at);
	room->minute = minute;
	room->is_set = true;
}

static struct text
entity_of(const struct usage *usage, struct query_dimension_room *room)
{
	struct text type = usage->dimension[USAGE_ENTITY_TYPE];
	struct text id = usage->dimension[USAGE_ENTITY_ID];

	if (!type.data || !id.data)
		return type.data ? type : id;
	if (type.len + id.len + 1 > sizeof(room->entity))
		return id;
	memcpy(room->entity, type.data, type.len);
	room->entity[type.len] = ':';
	memcpy(room->entity + type.len + 1, id.data, id.len);
	return (struct text){ room->entity, type.len + 1 + id.len };
}

struct text
query_dimension_value(enum query_dimension dimension, const struct usage *usage,
    struct query_dimension_room *room)
{
	const char *value = NULL;

	if (dimension < QUERY_ENTITY)
		return usage->dimension[dimension];
	if (dimension == QUERY_ENTITY)
		return entity_of(usage, room);
	find_times(room, usage->at);
	if (dimension == QUERY_DAY)
		value = room->day;
	else if (dimension == QUERY_WEEK)
		value = room->week;
	else if (dimension == QUERY_MONTH)
		value = room->month;
	else if (dimension == QUERY_HOUR)
		value = room->hour;
	return text_of(value);
}

int
query_dimension_compare(enum query_dimension a, struct text value_a,
    enum query_dimension b, struct text value_b)
{
	if (a != b)
		return strcmp(query_dimension_name(a), query_dimension_name(b));
	return text_compare(value_a, value_b);
}
