#include "lib/store/rollup_write.h"

#include <string.h>

#include "lib/base/buf.h"
#include "lib/store/rollup_file.h"
#include "lib/store/rollup_make.h"

static const char hours[] = "000102030405060708091011121314151617181920212223";

/* A section as it is written. */
struct writer {
	struct buf *out;
	size_t width;
	uint64_t count;
	struct query_measures rest; /* of the total, without those written */
};

static void
write_group(struct writer *writer, const struct text *values,
    const struct query_measures *measures)
{
	rollup_file_put(writer->out, values, writer->width, measures);
	for (int i = 0; i < QUERY_COUNT_COUNT; i++)
		writer->rest.count[i] -= measures->count[i];
	writer->rest.known.femto -= measures->known.femto;
	writer->rest.estimated.femto -= measures->estimated.femto;
	writer->count++;
}

/* Write the names of a dimension, as the first value of each group. */
static void
write_names(struct writer *writer, const struct rollup_table *table)
{
	struct text values[ROLLUP_WIDTH] = { TEXT_NULL };

	for (size_t i = 0; i < table->slot_count; i++) {
		if (!table->slots[i])
			continue;
		values[0] = table->slots[i]->text;
		write_group(writer, values, &table->slots[i]->measures);
	}
}

static void
write_items(struct writer *writer, const struct rollup_table *table)
{
	struct text values[ROLLUP_WIDTH];
	const struct rollup_item *item;

	for (size_t i = 0; i < table->slot_count; i++) {
		item = table->slots[i];
		if (!item)
			continue;
		for (size_t j = 0; j < writer->width; j++)
			values[j] =
			    item->names[j] ? item->names[j]->text : TEXT_NULL;
		write_group(writer, values, &item->measures);
	}
}

static void
write_hours(struct writer *writer, const struct rollup_make *make)
{
	struct text hour;

	for (size_t i = 0; i < ROLLUP_HOURS; i++) {
		hour = (struct text){ hours + 2 * i, 2 };
		if (make->hours[i].count[QUERY_RECORDS] > 0)
			write_group(writer, &hour, &make->hours[i]);
	}
}

/* Whether a section holds all records. */
static bool
is_complete(const struct rollup_make *make, size_t place)
{
	const struct rollup_section *section = &rollup_sections[place];

	if (make->groups[place].is_left_out)
		return false;
	if (section->kind == ROLLUP_TASK ||
	    (section->kind == ROLLUP_DIMENSIONS && section->width == 1))
		return !make->names[section->dimension[0]].is_left_out;
	return true;
}

/* Write the groups of a section, and at last those without a value. */
static uint64_t
write_section(struct buf *out, const struct rollup_make *make, size_t place)
{
	const struct text none[ROLLUP_WIDTH] = { TEXT_NULL };
	const struct rollup_section *section = &rollup_sections[place];
	const struct rollup_table *names = &make->names[section->dimension[0]];
	struct writer writer = { out, section->width, 0, make->total };

	writer.rest.amounts = make->groups[place].rest.amounts;
	if (section->width == 0)
		writer.rest.amounts = make->total.amounts;
	else if (section->kind == ROLLUP_DIMENSIONS && section->width == 1)
		writer.rest.amounts = names->rest.amounts;
	if (section->kind == ROLLUP_HOUR)
		write_hours(&writer, make);
	else if (section->kind == ROLLUP_TASK || section->width == 1)
		write_names(&writer, names);
	write_items(&writer, &make->groups[place]);
	if (writer.rest.count[QUERY_RECORDS] > 0)
		write_group(&writer, none, &writer.rest);
	return writer.count;
}

bool
rollup_write(struct buf *out, const struct rollup_make *make,
    const struct cache_state *state)
{
	struct rollup_file_section *section;
	struct rollup_file_head head;
	size_t start = out->len, word = sizeof(uint64_t);

	if (make->has_failed)
		return false;
	memset(&head, 0, sizeof(head));
	head.magic = ROLLUP_FILE_MAGIC;
	head.state = *state;
	buf_fill(out, '\0', sizeof(head));
	for (size_t i = 0; i < ROLLUP_SECTION_COUNT; i++) {
		section = &head.sections[i];
		section->offset = out->len - start;
		section->count = ROLLUP_FILE_LEFT_OUT;
		if (!is_complete(make, i))
			continue;
		section->count = write_section(out, make, i);
		buf_fill(out, '\0', (word - (out->len - start) % word) % word);
		section->length = out->len - start - section->offset;
		section->sum = cache_sum(CACHE_SUM,
		    out->text + start + section->offset, section->length);
	}
	head.sum = rollup_file_sum(&head);
	memcpy(out->text + start, &head, sizeof(head));
	return true;
}
