#include "lib/store/pages_each.h"

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/zone.h"
#include "lib/core/query.h"
#include "lib/core/query_filter.h"
#include "lib/core/query_summary.h"
#include "lib/core/query_write.h"
#include "lib/doc/json_write.h"
#include "lib/store/pages_bytes.h"
#include "lib/store/pages_parts.h"
#include "lib/store/pages_sums.h"
#include "lib/store/rollup_file.h"

enum {
	PADDING = sizeof(uint64_t) - 1, /* at most, behind the days */
};

/* A page in the making. */
struct page {
	struct arena arena;
	struct zone zone;
	struct query_filter filter;
	struct query_summary summary;
	bool is_used;
};

/* An entity's id holds its type too. */
static struct text
join(struct arena *arena, struct text type, struct text id)
{
	struct buf joined = BUF_INIT;
	struct text kept;

	buf_add(&joined, type.data, type.len);
	buf_putc(&joined, ':');
	buf_add(&joined, id.data, id.len);
	kept.data = arena_copy(arena, joined.text, joined.len);
	kept.len = joined.len;
	buf_release(&joined);
	return kept;
}

/* Begin a page. */
static void
begin(struct page *page, const struct pages_key *key)
{
	struct query_scope scope = {
		.dimension = pages_key_dimensions[key->dimension],
		.id = key->id,
	};

	*page = (struct page){ .arena = ARENA_INIT, .zone = ZONE_UTC };
	scope.is_entity = scope.dimension == QUERY_ENTITY;
	if (scope.is_entity) {
		scope.type = key->type;
		scope.entity_id = key->id;
		scope.id = join(&page->arena, key->type, key->id);
	}
	query_filter_init(&page->filter, &page->arena, &page->zone);
	query_summary_init(&page->summary, &page->arena, &scope, &page->filter,
	    &page->zone, PAGES_SUMS_RECORDS);
}

static void
end(struct page *page)
{
	query_summary_release(&page->summary);
	arena_release(&page->arena);
}

static int
add_row(struct page *page, enum usage_dimension by, const struct pages_row *row,
    struct error *err)
{
	struct query_measures measures = { .known = row->cost,
		.amounts = row->amounts };

	measures.count[QUERY_RECORDS] = row->records;
	measures.count[QUERY_CALLS] = row->calls;
	measures.count[QUERY_PROMPT_TOKENS] = row->prompt_tokens;
	measures.count[QUERY_OUTPUT_TOKENS] = row->output_tokens;
	measures.count[QUERY_TOTAL_TOKENS] = row->total_tokens;
	return query_summary_merge(&page->summary, by, row->name, &measures,
	    err);
}

static enum pages_each
add_rows(struct page *page, enum usage_dimension by, struct text *rest,
    struct error *err)
{
	struct pages_row row;
	uint64_t count;

	if (!pages_bytes_take_up_to(&count, rest->len, rest))
		return PAGES_EACH_DAMAGED;
	for (; count > 0; count--) {
		if (!pages_part_take_row(&row, by, &page->arena, rest))
			return PAGES_EACH_DAMAGED;
		if (add_row(page, by, &row, err) < 0)
			return PAGES_EACH_FAILED;
	}
	return PAGES_EACH_DONE;
}

/* Add what a part has of the scope. */
static enum pages_each
add_entry(struct page *page, const struct pages_entry *entry, struct error *err)
{
	struct text rest = entry->body;
	struct usage usage;
	enum pages_each result = PAGES_EACH_DONE;

	page->is_used = true;
	for (size_t i = 0; result == PAGES_EACH_DONE && i < PAGES_PART_BY; i++)
		result = add_rows(page, pages_part_by[i], &rest, err);
	for (uint32_t i = 0; result == PAGES_EACH_DONE && i < entry->records;
	     i++)
		if (pages_part_take_record(&usage, &rest))
			query_newest_add(&page->summary.newest, &usage);
		else
			result = PAGES_EACH_DAMAGED;
	return result;
}

static int
write_page(struct buf *out, struct page *page, struct error *err)
{
	if (query_summary_finish(&page->summary, err) < 0)
		return -1;
	json_write_pretty(out, query_summary_node(&page->summary));
	return 0;
}

/* Add all parts' entries of the key, at which the parts stand already. */
static enum pages_each
add_here(struct page *page, struct pages_parts *parts,
    const struct pages_key *key, struct error *err)
{
	enum pages_each result = PAGES_EACH_DONE;

	for (size_t i = 0; i < parts->count && result == PAGES_EACH_DONE; i++)
		if (parts->list[i].has_entry &&
		    pages_key_compare(&parts->list[i].entry.key, key) == 0)
			result = add_entry(page, &parts->list[i].entry, err);
	return result;
}

/* Make the page of a key at which the parts stand. */
static enum pages_each
make_here(struct buf *out, struct pages_parts *parts,
    const struct pages_key *key, bool *is_used, struct error *err)
{
	enum pages_each result;
	struct page page;

	begin(&page, key);
	result = add_here(&page, parts, key, err);
	if (result == PAGES_EACH_DONE && write_page(out, &page, err) < 0)
		result = PAGES_EACH_FAILED;
	*is_used = page.is_used;
	end(&page);
	return result;
}

enum pages_each
pages_each_one(struct buf *out, struct pages_parts *parts,
    const struct pages_key *key, bool *is_used, struct error *err)
{
	for (size_t i = 0; i < parts->count; i++)
		if (!pages_part_seek(&parts->list[i], key))
			return PAGES_EACH_DAMAGED;
	return make_here(out, parts, key, is_used, err);
}

/* The least key at which a part stands; NULL behind all of them. */
static const struct pages_key *
find_least(const struct pages_parts *parts)
{
	const struct pages_key *least = NULL, *key;

	for (size_t i = 0; i < parts->count; i++) {
		key = &parts->list[i].entry.key;
		if (parts->list[i].has_entry &&
		    (!least || pages_key_compare(key, least) < 0))
			least = key;
	}
	return least;
}

/* Go on from the key, which is no part's: its texts may go away. */
static bool
pass(struct pages_parts *parts, const struct pages_key *key)
{
	struct pages_part *part;

	for (size_t i = 0; i < parts->count; i++) {
		part = &parts->list[i];
		if (part->has_entry && part->entry.key.hash == key->hash &&
		    pages_key_compare(&part->entry.key, key) == 0 &&
		    !pages_part_next(part))
			return false;
	}
	return true;
}

/* Visit the page at hand. */
static enum pages_each
visit_here(struct pages_parts *parts, const struct pages_key *key,
    struct buf *text, pages_each_visitor *visitor, void *data,
    struct error *err)
{
	enum pages_each result;
	bool is_used;

	buf_reset(text);
	result = make_here(text, parts, key, &is_used, err);
	if (result == PAGES_EACH_DONE &&
	    visitor(data, key, is_used, (struct text){ text->text, text->len },
		err) < 0)
		result = PAGES_EACH_FAILED;
	return result;
}

static enum pages_each
visit_all(struct pages_parts *parts, struct buf *text,
    pages_each_visitor *visitor, void *data, struct error *err)
{
	enum pages_each result = PAGES_EACH_DONE;
	const struct pages_key *least;
	struct pages_keys one = { NULL, NULL, 0, 0 };
	struct arena arena = ARENA_INIT;

	for (size_t i = 0; i < parts->count; i++)
		if (!pages_part_first(&parts->list[i]))
			return PAGES_EACH_DAMAGED;
	while (result == PAGES_EACH_DONE && (least = find_least(parts))) {
		one = (struct pages_keys){ .arena = &arena };
		pages_key_add(&one, least);
		result = visit_here(parts, one.list, text, visitor, data, err);
		if (result == PAGES_EACH_DONE && !pass(parts, one.list))
			result = PAGES_EACH_DAMAGED;
		arena_release(&arena);
	}
	arena_release(&arena);
	return result;
}

static enum pages_each
visit_touched(struct pages_parts *parts, struct buf *text,
    pages_each_visitor *visitor, void *data, struct error *err)
{
	enum pages_each result = PAGES_EACH_DONE;
	const struct pages_key *key;

	for (size_t i = 0;
	     i < parts->touched.count && result == PAGES_EACH_DONE; i++) {
		key = &parts->touched.list[i];
		for (size_t j = 0; j < parts->count; j++)
			if (!pages_part_seek(&parts->list[j], key))
				return PAGES_EACH_DAMAGED;
		result = visit_here(parts, key, text, visitor, data, err);
	}
	return result;
}

enum pages_each
pages_each(struct pages_parts *parts, pages_each_visitor *visitor, void *data,
    struct error *err)
{
	struct buf text = BUF_INIT;
	enum pages_each result;

	result = (parts->is_all ? visit_all : visit_touched)(parts, &text,
	    visitor, data, err);
	buf_release(&text);
	return result;
}

static enum pages_each
add_days(struct query *query, const struct pages_part *part, struct error *err)
{
	struct text rest = { part->rest.text, part->head.days_length }, day;
	struct query_measures measures;
	struct query_group *group;

	while (rest.len > PADDING) {
		if (!rollup_file_take(&day, 1, &measures, query->arena, &rest))
			return PAGES_EACH_DAMAGED;
		group = query_group_find(&query->table, &day);
		if (query_measures_merge(&group->measures, query->arena,
			&measures, err) < 0)
			return PAGES_EACH_FAILED;
	}
	return PAGES_EACH_DONE;
}

enum pages_each
pages_each_day(struct buf *out, struct pages_parts *parts, struct error *err)
{
	const enum query_dimension by = QUERY_DAY;
	const struct zone zone = ZONE_UTC;
	struct arena arena = ARENA_INIT;
	enum pages_each result = PAGES_EACH_DONE;
	struct query query;

	query_init(&query, &arena, &by, 1, NULL, &zone);
	for (size_t i = 0; i < parts->count && result == PAGES_EACH_DONE; i++)
		result = add_days(&query, &parts->list[i], err);
	if (result == PAGES_EACH_DONE && query_finish(&query, NULL, 0, err) < 0)
		result = PAGES_EACH_FAILED;
	if (result == PAGES_EACH_DONE)
		query_write_json(out, &query);
	arena_release(&arena);
	return result;
}
