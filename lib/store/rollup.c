#include "lib/store/rollup.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/core/usage.h"
#include "lib/store/ledger_files.h"

#define HOUR (INT64_C(3600) * 1000000)

enum {
	HOURS = 24,
};

void
rollup_name(char name[ROLLUP_NAME], const struct ledger_file *file)
{
	snprintf(name, ROLLUP_NAME, "rollup-%.10s", file->name);
}

/* Whether a section lies in the file, as far as its head can tell. */
static bool
is_placed(const struct rollup_file_section *section, int64_t size)
{
	return section->count == ROLLUP_FILE_LEFT_OUT ||
	       (section->offset <= (uint64_t)size &&
		   section->length <= (uint64_t)size - section->offset &&
		   section->length % sizeof(uint64_t) == 0);
}

static bool
is_true(const struct rollup *rollup, const struct cache_state *state)
{
	const struct rollup_file_head *head = &rollup->head;

	if (head->magic != ROLLUP_FILE_MAGIC ||
	    !cache_state_equal(&head->state, state) ||
	    head->sum != rollup_file_sum(head))
		return false;
	for (size_t i = 0; i < ROLLUP_SECTION_COUNT; i++)
		if (!is_placed(&head->sections[i], rollup->file.size))
			return false;
	return true;
}

/* Read exactly so much into the data. */
static bool
read_exactly(struct rollup *rollup, int64_t offset, size_t len)
{
	struct error ignored;

	buf_reset(&rollup->data);
	return file_read_at(&rollup->data, &rollup->file, offset, len,
		   &ignored) == 0 &&
	       rollup->data.len == len;
}

bool
rollup_open(struct rollup *rollup, const struct dir *cache,
    const struct ledger_file *file)
{
	struct error ignored;
	bool found;

	*rollup = (struct rollup){ .file = FILE_NONE,
		.day = file->day,
		.data = BUF_INIT,
		.arena = ARENA_INIT };
	rollup_name(rollup->name, file);
	if (cache->fd < 0 ||
	    file_open(&rollup->file, cache, rollup->name, &found, &ignored) <
		0 ||
	    !found)
		return false;
	if (read_exactly(rollup, 0, sizeof(rollup->head))) {
		memcpy(&rollup->head, rollup->data.text, sizeof(rollup->head));
		if (is_true(rollup, &file->state))
			return true;
	}
	rollup_close(rollup);
	return false;
}

void
rollup_close(struct rollup *rollup)
{
	file_close(&rollup->file);
	buf_release(&rollup->data);
	arena_release(&rollup->arena);
}

bool
rollup_has(const struct rollup *rollup, size_t section)
{
	return rollup->head.sections[section].count != ROLLUP_FILE_LEFT_OUT;
}

bool
rollup_choose(size_t *out, const struct rollup *rollup, uint32_t need)
{
	const struct rollup_file_section *sections = rollup->head.sections;
	uint64_t fewest = ROLLUP_FILE_LEFT_OUT;

	for (size_t i = 0; i < ROLLUP_SECTION_COUNT; i++) {
		if ((need & ~rollup_sections[i].covers) != 0 ||
		    sections[i].count >= fewest)
			continue;
		fewest = sections[i].count;
		*out = i;
	}
	return fewest != ROLLUP_FILE_LEFT_OUT;
}

/* The hour that two digits name, or HOURS. */
static int
hour_of(struct text digits)
{
	if (digits.len != 2)
		return HOURS;
	return 10 * (digits.data[0] - '0') + digits.data[1] - '0';
}

/* Make the record that stands for a group. */
static bool
set_usage(struct usage *usage, const struct rollup *rollup,
    const struct rollup_section *section, const struct text *values)
{
	int hour = 0;

	*usage = (struct usage){ .at = rollup->day };
	if (section->kind == ROLLUP_HOUR) {
		hour = hour_of(values[0]);
		usage->at.micros += hour * HOUR;
		return hour >= 0 && hour < HOURS;
	}
	for (size_t i = 0; i < section->width; i++)
		usage->dimension[section->dimension[i]] = values[i];
	return true;
}

/* Go through the groups, to look at them all or to visit them. */
static int
walk(struct rollup *rollup, size_t place, bool *is_whole,
    rollup_visitor *visitor, void *data, struct error *err)
{
	const struct rollup_section *section = &rollup_sections[place];
	struct text rest = { rollup->data.text, rollup->data.len };
	struct text values[ROLLUP_WIDTH];
	struct query_measures measures;
	struct usage usage;
	int result = 0;

	*is_whole = true;
	for (uint64_t left = rollup->head.sections[place].count;
	     left > 0 && *is_whole && result == 0; left--) {
		*is_whole = rollup_file_take(values, section->width, &measures,
				&rollup->arena, &rest) &&
			    set_usage(&usage, rollup, section, values);
		if (*is_whole && visitor)
			result = visitor(data, &usage, &measures, err);
	}
	arena_release(&rollup->arena);
	return result;
}

int
rollup_each(struct rollup *rollup, size_t place, bool *is_whole,
    rollup_visitor *visitor, void *data, struct error *err)
{
	const struct rollup_file_section *section =
	    &rollup->head.sections[place];

	*is_whole = read_exactly(rollup, (int64_t)section->offset,
			(size_t)section->length) &&
		    cache_sum(CACHE_SUM, rollup->data.text, rollup->data.len) ==
			section->sum;
	if (*is_whole)
		walk(rollup, place, is_whole, NULL, NULL, err);
	if (!*is_whole)
		return 0;
	return walk(rollup, place, is_whole, visitor, data, err);
}
