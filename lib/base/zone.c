#include "lib/base/zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)
#define TABLES "/usr/share/zoneinfo/"

enum {
	NAME_MAX_LEN = 64,
	WIDEST_HOURS = 26, /* no zone is further from UTC */
};

static int
refuse(const char *name, struct error *err)
{
	struct buf shown = BUF_INIT;

	utf8_escape(&shown, name, strlen(name), UTF8_ASCII, 60);
	error_set(err, ERROR_USAGE,
	    "'%s' is no time zone; expected UTC, an offset such as +01:00, or "
	    "a name such as Europe/Berlin",
	    shown.text);
	buf_release(&shown);
	return -1;
}

/* Read `+01:00`, up to a day either way. */
static bool
parse_offset(int64_t *ahead, const char *text)
{
	static const char form[] = "+hh:mm";
	int digit[4], count = 0;

	if (strlen(text) != strlen(form) || !strchr("+-", text[0]) ||
	    text[3] != ':')
		return false;
	for (size_t i = 1; form[i] != '\0'; i++) {
		if (i == 3)
			continue;
		if (text[i] < '0' || text[i] > '9')
			return false;
		digit[count++] = text[i] - '0';
	}
	if (digit[0] * 10 + digit[1] > 23 || digit[2] > 5)
		return false;
	*ahead = (digit[0] * 10 + digit[1]) * HOUR +
		 (digit[2] * 10 + digit[3]) * 60 * SECOND;
	if (text[0] == '-')
		*ahead = -*ahead;
	return true;
}

/*
 * Whether the system has a table of that name.  The C library takes any name
 * it cannot find for UTC, and some for paths, so this is looked at first.
 */
static bool
has_table(const char *name)
{
	char path[sizeof(TABLES) + NAME_MAX_LEN], mark[4] = "";
	bool found;
	int fd;

	if (strlen(name) > NAME_MAX_LEN || strstr(name, ".") ||
	    name[0] == '/' || name[0] == ':' || name[0] == '\0')
		return false;
	snprintf(path, sizeof(path), TABLES "%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	found = read(fd, mark, sizeof(mark)) == (ssize_t)sizeof(mark) &&
		memcmp(mark, "TZif", sizeof(mark)) == 0;
	close(fd);
	return found;
}

int
zone_parse(struct zone *out, const char *name, struct error *err)
{
	struct zone zone = { .name = name, .is_fixed = true };

	if (strcmp(name, "UTC") != 0 && strcmp(name, "Z") != 0 &&
	    !parse_offset(&zone.ahead, name)) {
		if (!has_table(name))
			return refuse(name, err);
		if (setenv("TZ", name, 1) < 0)
			return error_errno(err, ERROR_IO,
			    "cannot set the time zone");
		tzset();
		zone.is_fixed = false;
	}
	*out = zone;
	return 0;
}

/* How far the zone is ahead at a moment, in microseconds. */
static int64_t
ahead_at(const struct zone *zone, struct when when)
{
	time_t second = (time_t)(when.micros / SECOND);
	struct tm local;

	if (zone->is_fixed)
		return zone->ahead;
	if (when.micros % SECOND < 0)
		second--;
	if (!localtime_r(&second, &local))
		return 0;
	return (int64_t)local.tm_gmtoff * SECOND;
}

bool
zone_is_utc(const struct zone *zone)
{
	return zone && zone->is_fixed && zone->ahead == 0;
}

struct when
zone_local(const struct zone *zone, struct when when)
{
	return (struct when){ when.micros + ahead_at(zone, when) };
}

/* Between two moments a day and more apart the first that will do is looked
 * for by halves: clocks that are put forth or back stand in no formula. */
struct when
zone_moment(const struct zone *zone, struct when local)
{
	int64_t low = local.micros - WIDEST_HOURS * HOUR;
	int64_t high = local.micros + WIDEST_HOURS * HOUR;
	struct when middle;

	if (zone->is_fixed)
		return (struct when){ local.micros - zone->ahead };
	while (low < high) {
		middle.micros = low + (high - low) / 2;
		if (zone_local(zone, middle).micros < local.micros)
			low = middle.micros + 1;
		else
			high = middle.micros;
	}
	return (struct when){ low };
}
