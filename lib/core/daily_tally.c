#include "lib/core/daily_tally.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/zone.h"
#include "lib/core/daily_tally_tasks.h"
#include "lib/core/usage.h"
#include "lib/doc/json.h"
#include "lib/doc/node.h"

#define DAY INT64_C(86400000000)

enum {
	REACH_MAX = 14, /* days after its own that a refusal is looked at */
};

static const struct zone utc = ZONE_UTC;

static struct text
copy_text(struct arena *arena, struct text text)
{
	if (!text.data)
		return TEXT_NULL;
	return (
	    struct text){ arena_copy(arena, text.data, text.len), text.len };
}

static bool
is_same_name(const void *a, const void *b)
{
	return text_equal(*(const struct text *)a, *(const struct text *)b);
}

static uint64_t
hash_name(uint64_t seed, const void *item)
{
	return hash_text(seed, *(const struct text *)item);
}

static bool
is_same_scope(const void *a, const void *b)
{
	const struct daily_tally_scope *x = a, *y = b;

	return x->dimension == y->dimension && text_equal(x->id, y->id);
}

static uint64_t
hash_scope(uint64_t seed, const void *item)
{
	const struct daily_tally_scope *scope = item;

	return hash_text(hash_word(seed, (uint64_t)scope->dimension),
	    scope->id);
}

static bool
is_same_entry(const void *a, const void *b)
{
	const struct daily_tally_entry *x = a, *y = b;

	return x->day == y->day && x->name == y->name && x->kind == y->kind &&
	       x->model == y->model && x->reach == y->reach;
}

static uint64_t
hash_entry(uint64_t seed, const void *item)
{
	const struct daily_tally_entry *entry = item;

	seed += (uint64_t)entry->kind << 8 | entry->reach;
	seed = hash_word(seed, (uint64_t)(uintptr_t)entry->day);
	seed = hash_word(seed, (uint64_t)(uintptr_t)entry->name);
	return entry->model ? hash_word(seed, (uint64_t)(uintptr_t)entry->model)
			    : seed;
}

void
daily_tally_init(struct daily_tally *tally, struct arena *arena,
    struct when first, size_t day_count)
{
	*tally = (struct daily_tally){ .arena = arena,
		.first = first,
		.day_count = day_count,
		.scopes = { arena, hash_scope, is_same_scope, NULL, 0, 0 },
		.names = { arena, hash_name, is_same_name, NULL, 0, 0 },
		.entries = { arena, hash_entry, is_same_entry, NULL, 0, 0 },
		.tasks = arena_array(arena, day_count,
		    sizeof(struct daily_tally_tasks)),
		.tasks_room = { .arena = arena },
		.room = { .zone = &utc } };
}

const struct text *
daily_tally_name(struct daily_tally *tally, struct text name)
{
	struct text *kept = hash_table_find(&tally->names, &name);

	if (kept)
		return kept;
	kept = arena_alloc(tally->arena, sizeof(*kept));
	*kept = copy_text(tally->arena, name);
	hash_table_add(&tally->names, kept);
	return kept;
}

struct daily_tally_scope *
daily_tally_find(const struct daily_tally *tally,
    enum query_dimension dimension, struct text id)
{
	const struct daily_tally_scope wanted = { dimension, id, NULL };

	return hash_table_find(&tally->scopes, &wanted);
}

static void
take_dimension(struct daily_tally *tally, enum query_dimension dimension)
{
	for (size_t i = 0; i < tally->dimension_count; i++)
		if (tally->dimensions[i] == dimension)
			return;
	tally->dimensions[tally->dimension_count++] = dimension;
}

struct daily_tally_scope *
daily_tally_watch(struct daily_tally *tally, enum query_dimension dimension,
    struct text id)
{
	struct daily_tally_scope *scope =
	    daily_tally_find(tally, dimension, id);

	if (scope)
		return scope;
	take_dimension(tally, dimension);
	scope = arena_alloc(tally->arena, sizeof(*scope));
	scope->dimension = dimension;
	scope->id = copy_text(tally->arena, id);
	scope->days =
	    arena_array(tally->arena, tally->day_count, sizeof(*scope->days));
	hash_table_add(&tally->scopes, scope);
	return scope;
}

void
daily_tally_watch_all(struct daily_tally *tally, enum query_dimension dimension)
{
	take_dimension(tally, dimension);
	tally->takes_all[dimension] = true;
	daily_tally_watch(tally, dimension, TEXT_NULL);
}

void
daily_tally_split(struct daily_tally *out, struct arena *arena,
    const struct daily_tally *tally)
{
	const struct daily_tally_scope *scope;

	daily_tally_init(out, arena, tally->first, tally->day_count);
	for (size_t i = 0; i < tally->dimension_count; i++)
		if (tally->takes_all[tally->dimensions[i]])
			daily_tally_watch_all(out, tally->dimensions[i]);
	for (size_t i = 0; i < tally->scopes.size; i++) {
		scope = tally->scopes.slots[i].item;
		if (scope)
			daily_tally_watch(out, scope->dimension, scope->id);
	}
}

/* The entry of that key, made with nothing in it where it is not there. */
static struct daily_tally_entry *
find_entry(struct daily_tally *tally, struct daily_tally_day *day,
    const struct daily_tally_entry *key)
{
	struct daily_tally_entry *made = hash_table_find(&tally->entries, key);

	if (made)
		return made;
	made = arena_alloc(tally->arena, sizeof(*made));
	*made = (struct daily_tally_entry){ .next = day->entries[key->kind],
		.day = day,
		.kind = key->kind,
		.name = key->name,
		.model = key->model,
		.reach = key->reach,
		.first = key->first };
	day->entries[key->kind] = made;
	hash_table_add(&tally->entries, made);
	return made;
}

static int
refuse(struct error *err)
{
	return error_set(err, ERROR_DATA,
	    "the usage of a day is too large to add up");
}

static int
add_figures(struct daily_tally_entry *entry, int64_t count, int64_t tokens,
    struct money cost, struct error *err)
{
	if (__builtin_add_overflow(entry->count, count, &entry->count) ||
	    __builtin_add_overflow(entry->tokens, tokens, &entry->tokens) ||
	    money_add(&entry->cost, entry->cost, cost) < 0)
		return refuse(err);
	return 0;
}

/* The figures of one record. */
struct record {
	const struct usage *usage;
	size_t day;
	int64_t tokens;
	struct money cost;
	bool is_retry;
	bool is_quota;
	uint8_t reach;
	const struct text *task, *model; /* once they are needed */
};

/* How many days after its own a refusal holds: up to its quota_until. */
static uint8_t
find_reach(const struct usage *usage)
{
	struct arena arena = ARENA_INIT;
	struct text text = TEXT_NULL;
	struct node *metadata;
	struct when until, start = when_day_start(usage->at);
	struct error ignored;
	int64_t days = 0;

	if (usage->metadata.len > 0 &&
	    memmem(usage->metadata.data, usage->metadata.len, "quota_until",
		strlen("quota_until")) &&
	    json_read(&metadata, &arena, usage->metadata, "metadata", 1,
		&ignored) == 0 &&
	    node_get_string(&text, node_find(metadata, "quota_until"),
		&ignored) == 0 &&
	    text.data &&
	    (when_parse(&until, text.data, text.len) == 0 ||
		when_parse_day(&until, text.data, text.len) == 0) &&
	    until.micros > start.micros)
		days = (until.micros - 1 - start.micros) / DAY;
	arena_release(&arena);
	return days < REACH_MAX ? (uint8_t)days : REACH_MAX;
}

static void
read_record(struct record *out, const struct daily_tally *tally,
    const struct usage *usage)
{
	const struct text *dimension = usage->dimension;

	*out = (struct record){ .usage = usage,
		.day = (size_t)((usage->at.micros - tally->first.micros) / DAY),
		.tokens = usage_total_tokens(usage) };
	if (usage->cost_status == USAGE_COST_KNOWN ||
	    usage->cost_status == USAGE_COST_ESTIMATED)
		out->cost = usage->cost_usd;
	out->is_retry =
	    usage->attempt > 1 || text_is(dimension[USAGE_STATUS], "retry");
	out->is_quota = text_is(dimension[USAGE_STATUS], "quota") &&
			text_is(dimension[USAGE_RESOURCE], "llm");
	if (out->is_quota)
		out->reach = find_reach(usage);
}

static void
intern_names(struct daily_tally *tally, struct record *record)
{
	const struct text *dimension = record->usage->dimension;

	if (record->model)
		return;
	record->model = daily_tally_name(tally, dimension[USAGE_MODEL]);
	if (dimension[USAGE_TASK].data)
		record->task = daily_tally_name(tally, dimension[USAGE_TASK]);
}

static int
add_quota(struct daily_tally *tally, struct daily_tally_day *day,
    const struct record *record, struct error *err)
{
	const struct usage *usage = record->usage;
	const struct daily_tally_entry key = { .day = day,
		.kind = DAILY_TALLY_QUOTA,
		.name =
		    daily_tally_name(tally, usage->dimension[USAGE_ACCOUNT]),
		.model = record->model,
		.reach = record->reach,
		.first = usage->at };
	struct daily_tally_entry *entry = find_entry(tally, day, &key);

	if (key.first.micros < entry->first.micros)
		entry->first = key.first;
	return add_figures(entry, 1, record->tokens, record->cost, err);
}

/* A task is counted; what it used is of interest where it was repeated. */
static int
add_task(struct daily_tally *tally, struct daily_tally_scope *scope,
    const struct record *record, struct error *err)
{
	struct daily_tally_day *day = &scope->days[record->day];
	const struct daily_tally_entry key = { .day = day,
		.kind = DAILY_TALLY_TASK,
		.name = record->task };

	day->tasks += daily_pairs_add(&tally->tasks[record->day].set,
	    &tally->tasks_room, scope, record->task);
	if (!record->is_retry)
		return 0;
	return add_figures(find_entry(tally, day, &key), 1, record->tokens,
	    record->cost, err);
}

static int
add_to_scope(struct daily_tally *tally, struct daily_tally_scope *scope,
    struct record *record, struct error *err)
{
	struct daily_tally_day *day = &scope->days[record->day];
	struct daily_tally_entry key = { .day = day,
		.kind = DAILY_TALLY_MODEL };

	intern_names(tally, record);
	key.name = record->model;
	day->records++;
	if (__builtin_add_overflow(day->tokens, record->tokens, &day->tokens) ||
	    money_add(&day->cost, day->cost, record->cost) < 0)
		return refuse(err);
	if ((record->tokens > 0 || record->cost.femto != 0) &&
	    add_figures(find_entry(tally, day, &key), 1, record->tokens,
		record->cost, err) < 0)
		return -1;
	if (record->task && add_task(tally, scope, record, err) < 0)
		return -1;
	return record->is_quota ? add_quota(tally, day, record, err) : 0;
}

int
daily_tally_add(struct daily_tally *tally, const struct usage *usage,
    struct error *err)
{
	struct daily_tally_scope *scope;
	enum query_dimension dimension;
	struct record record;
	struct text value;

	if (usage->at.micros < tally->first.micros ||
	    usage->at.micros >=
		when_add_days(tally->first, (int64_t)tally->day_count).micros)
		return 0;
	read_record(&record, tally, usage);
	for (size_t i = 0; i < tally->dimension_count; i++) {
		dimension = tally->dimensions[i];
		value = query_dimension_value(dimension, usage, &tally->room);
		scope = tally->takes_all[dimension]
			    ? daily_tally_watch(tally, dimension, value)
			    : daily_tally_find(tally, dimension, value);
		if (scope && add_to_scope(tally, scope, &record, err) < 0)
			return -1;
	}
	return 0;
}

static int
merge_entry(struct daily_tally *tally, struct daily_tally_day *day,
    const struct daily_tally_entry *other, struct error *err)
{
	struct daily_tally_entry key = *other, *entry;

	key.day = day;
	key.name = daily_tally_name(tally, *other->name);
	if (other->model)
		key.model = daily_tally_name(tally, *other->model);
	entry = find_entry(tally, day, &key);
	if (other->first.micros < entry->first.micros)
		entry->first = other->first;
	return add_figures(entry, other->count, other->tokens, other->cost,
	    err);
}

static int
add_day(struct daily_tally *tally, struct daily_tally_day *day,
    const struct daily_tally_day *other, struct error *err)
{
	const struct daily_tally_entry *entry;

	day->records += other->records;
	if (__builtin_add_overflow(day->tokens, other->tokens, &day->tokens) ||
	    money_add(&day->cost, day->cost, other->cost) < 0)
		return refuse(err);
	for (int kind = 0; kind < DAILY_TALLY_KINDS; kind++)
		for (entry = other->entries[kind]; entry; entry = entry->next)
			if (merge_entry(tally, day, entry, err) < 0)
				return -1;
	return 0;
}

/* Threads see different days, so one that nothing is known of yet is taken
 * as it is.  Its entries cannot be found then, and are added before others. */
static int
merge_day(struct daily_tally *tally, struct daily_tally_day *day,
    const struct daily_tally_day *other, struct error *err)
{
	struct daily_tally_day taken = *day;

	if (other->records == 0)
		return 0;
	if (day->records == 0) {
		*day = *other;
		day->tasks = taken.tasks;
		day->is_taken = true;
		return 0;
	}
	if (day->is_taken) {
		*day = (struct daily_tally_day){ .tasks = taken.tasks };
		if (add_day(tally, day, &taken, err) < 0)
			return -1;
	}
	return add_day(tally, day, other, err);
}

static int
merge_scope(struct daily_tally *tally, const struct daily_tally_scope *scope,
    struct error *err)
{
	struct daily_tally_scope *into =
	    daily_tally_watch(tally, scope->dimension, scope->id);

	for (size_t day = 0; day < tally->day_count; day++) {
		if (merge_day(tally, &into->days[day], &scope->days[day], err) <
		    0)
			return -1;
		if (tally->tasks[day].set.count == 0)
			into->days[day].tasks = scope->days[day].tasks;
	}
	return 0;
}

int
daily_tally_merge(struct daily_tally *tally, const struct daily_tally *other,
    struct error *err)
{
	const struct hash_table *scopes = &other->scopes;

	for (size_t i = 0; i < scopes->size; i++)
		if (scopes->slots[i].item &&
		    merge_scope(tally, scopes->slots[i].item, err) < 0)
			return -1;
	for (size_t day = 0; day < tally->day_count; day++)
		daily_tally_tasks_merge(tally, day, &other->tasks[day]);
	return 0;
}

static int
compare_scopes(const void *a, const void *b)
{
	const struct daily_tally_scope *x =
	    *(const struct daily_tally_scope *const *)a;
	const struct daily_tally_scope *y =
	    *(const struct daily_tally_scope *const *)b;

	return query_dimension_compare(x->dimension, x->id, y->dimension,
	    y->id);
}

struct daily_tally_scope **
daily_tally_list(const struct daily_tally *tally)
{
	struct daily_tally_scope **list = arena_array(tally->arena,
	    tally->scopes.count + 1, sizeof(struct daily_tally_scope *));
	size_t count = 0;

	for (size_t i = 0; i < tally->scopes.size; i++)
		if (tally->scopes.slots[i].item)
			list[count++] = tally->scopes.slots[i].item;
	if (count > 1)
		qsort(list, count, sizeof(struct daily_tally_scope *),
		    compare_scopes);
	return list;
}
