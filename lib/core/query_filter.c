#include "lib/core/query_filter.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/utf8.h"
#include "lib/core/rates_pattern.h"
#include "lib/doc/node.h"

enum {
	MEMORY_SLOTS = 512, /* names that a pattern remembers */
};

enum value_kind {
	VALUE_EXACT,
	VALUE_GLOB,
	VALUE_PATTERN,
	VALUE_NONE,
};

/* What a pattern said of a name. */
struct memory {
	bool is_set, matches;
	size_t len;
	char name[RATES_PATTERN_SUBJECT_MAX];
};

struct value {
	struct value *next;
	enum value_kind kind;
	struct text text;
	struct rates_pattern *pattern;
	struct memory *memory;
};

/* The values of one dimension, wanted or not. */
struct query_filter_rule {
	struct query_filter_rule *next;
	enum query_dimension dimension;
	bool is_not;
	bool is_exact; /* from query_filter_add_exact: it stands alone */
	struct value *values;
};

void
query_filter_init(struct query_filter *filter, struct arena *arena,
    const struct zone *zone)
{
	*filter = (struct query_filter){ .arena = arena };
	filter->room.zone = zone;
}

static struct value *
new_value(struct query_filter *filter, struct query_filter_rule *rule)
{
	struct value *value = arena_alloc(filter->arena, sizeof(*value));

	value->next = rule->values;
	rule->values = value;
	return value;
}

static struct query_filter_rule *
new_rule(struct query_filter *filter, enum query_dimension dimension,
    bool is_not)
{
	struct query_filter_rule *rule =
	    arena_alloc(filter->arena, sizeof(*rule));

	rule->dimension = dimension;
	rule->is_not = is_not;
	rule->next = filter->rules;
	filter->rules = rule;
	return rule;
}

/* The rule that the values of an option go to: they are alternatives. */
static struct query_filter_rule *
find_rule(struct query_filter *filter, enum query_dimension dimension,
    bool is_not)
{
	struct query_filter_rule *rule = filter->rules;

	while (rule && (rule->dimension != dimension ||
			   rule->is_not != is_not || rule->is_exact))
		rule = rule->next;
	return rule ? rule : new_rule(filter, dimension, is_not);
}

void
query_filter_add_exact(struct query_filter *filter,
    enum query_dimension dimension, struct text text)
{
	struct query_filter_rule *rule = new_rule(filter, dimension, false);
	struct value *value = new_value(filter, rule);

	rule->is_exact = true;
	value->kind = VALUE_EXACT;
	value->text = text;
}

void
query_filter_add_name(struct query_filter *filter,
    enum query_dimension dimension, bool is_not, struct text name)
{
	struct value *value =
	    new_value(filter, find_rule(filter, dimension, is_not));

	value->kind = VALUE_EXACT;
	value->text = name;
}

/* Say what is wrong with a value, which may be any text. */
static int
refuse(enum error_kind kind, enum query_dimension dimension, struct text value,
    const char *reason, struct error *err)
{
	struct buf shown = BUF_INIT;

	utf8_escape(&shown, value.data, value.len, UTF8_ASCII, 60);
	error_set(err, kind, "%s '%s': %s", query_dimension_name(dimension),
	    shown.text, reason);
	buf_release(&shown);
	return -1;
}

static int
compile(struct value *value, struct arena *arena,
    enum query_dimension dimension, struct error *err)
{
	const struct text inner = { value->text.data + 1, value->text.len - 2 };
	struct rates_pattern_tools *tools = rates_pattern_tools(arena);
	struct error problem;

	value->memory =
	    arena_array(arena, MEMORY_SLOTS, sizeof(*value->memory));
	if (rates_pattern_compile(&value->pattern, tools,
		node_text(arena, inner), &problem) < 0)
		return refuse(ERROR_USAGE, dimension, value->text, problem.text,
		    err);
	return 0;
}

static enum value_kind
kind_of(struct text text)
{
	if (text_is(text, "(none)"))
		return VALUE_NONE;
	if (text.len > 1 && text.data[0] == '/' &&
	    text.data[text.len - 1] == '/')
		return VALUE_PATTERN;
	if (memchr(text.data, '*', text.len) ||
	    memchr(text.data, '?', text.len))
		return VALUE_GLOB;
	return VALUE_EXACT;
}

int
query_filter_add(struct query_filter *filter, enum query_dimension dimension,
    bool is_not, const char *given, struct error *err)
{
	struct text text = text_of(given);
	struct value *value;

	if (text.len == 0)
		return refuse(ERROR_USAGE, dimension, text,
		    "is empty; records that have none are asked for with "
		    "'(none)'",
		    err);
	value = new_value(filter, find_rule(filter, dimension, is_not));
	value->text = text;
	value->kind = kind_of(text);
	if (value->kind == VALUE_PATTERN)
		return compile(value, filter->arena, dimension, err);
	if (value->kind == VALUE_EXACT && dimension == QUERY_ENTITY &&
	    !strchr(given, ':'))
		return refuse(ERROR_USAGE, dimension, text,
		    "an entity is given as TYPE:ID", err);
	return 0;
}

/* Copy the values of a rule, in their order. */
static int
copy_values(struct query_filter_rule *out, struct arena *arena,
    const struct query_filter_rule *rule, struct error *err)
{
	struct value **end = &out->values;
	const struct value *value;

	*end = NULL;
	for (value = rule->values; value; value = value->next) {
		*end = arena_alloc(arena, sizeof(**end));
		(*end)->kind = value->kind;
		(*end)->text = value->text;
		if (value->kind == VALUE_PATTERN &&
		    compile(*end, arena, rule->dimension, err) < 0)
			return -1;
		end = &(*end)->next;
	}
	return 0;
}

int
query_filter_copy(struct query_filter *out, struct arena *arena,
    const struct query_filter *filter, struct error *err)
{
	struct query_filter_rule **end = &out->rules;
	const struct query_filter_rule *rule;

	*out = *filter;
	out->arena = arena;
	out->room = (struct query_dimension_room){ .zone = filter->room.zone };
	*end = NULL;
	for (rule = filter->rules; rule; rule = rule->next) {
		*end = arena_alloc(arena, sizeof(**end));
		**end = *rule;
		(*end)->next = NULL;
		if (copy_values(*end, arena, rule, err) < 0)
			return -1;
		end = &(*end)->next;
	}
	return 0;
}

uint32_t
query_filter_dimensions(const struct query_filter *filter)
{
	const struct query_filter_rule *rule;
	uint32_t bits = 0;

	for (rule = filter->rules; rule; rule = rule->next)
		bits |= UINT32_C(1) << rule->dimension;
	return bits;
}

/* The length of the character at text, 1 where it is no UTF-8. */
static size_t
character(const char *text, size_t len)
{
	uint32_t code;
	size_t size = utf8_decode(&code, text, len);

	return size > 0 ? size : 1;
}

/*
 * Match with one place to go back to, the last star: what an earlier star
 * could take, the last one can as well, so the work is at most the product
 * of the lengths.
 */
static bool
glob_matches(struct text glob, struct text name)
{
	size_t g = 0, n = 0, star = SIZE_MAX, taken = 0;

	while (n < name.len) {
		if (g < glob.len && glob.data[g] == '*') {
			star = ++g;
			taken = n;
		} else if (g < glob.len && glob.data[g] == '?') {
			g++;
			n += character(name.data + n, name.len - n);
		} else if (g < glob.len && glob.data[g] == name.data[n]) {
			g++;
			n++;
		} else if (star != SIZE_MAX) {
			taken += character(name.data + taken, name.len - taken);
			n = taken;
			g = star;
		} else {
			return false;
		}
	}
	while (g < glob.len && glob.data[g] == '*')
		g++;
	return g == glob.len;
}

static struct memory *
find_memory(struct value *value, struct text name)
{
	uint64_t hash = 14695981039346656037U;

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.data[i]) * 1099511628211U;
	return &value->memory[(hash ^ hash >> 32) % MEMORY_SLOTS];
}

/* Ask the pattern, or what is remembered of the same name. */
static int
pattern_matches(struct value *value, enum query_dimension dimension,
    struct text name, struct error *err)
{
	enum rates_pattern_result result;
	struct memory *memory;

	if (name.len > RATES_PATTERN_SUBJECT_MAX)
		return refuse(ERROR_CONFIG, dimension, value->text,
		    "there is a name of more than 256 bytes, in which "
		    "patterns are not looked for",
		    err);
	memory = find_memory(value, name);
	if (memory->is_set && memory->len == name.len &&
	    memcmp(memory->name, name.data, name.len) == 0)
		return memory->matches;
	result = rates_pattern_match(value->pattern, name);
	if (result == RATES_PATTERN_LIMIT)
		return refuse(ERROR_CONFIG, dimension, value->text,
		    "the pattern takes too long to match", err);
	memory->is_set = true;
	memory->matches = result == RATES_PATTERN_YES;
	memory->len = name.len;
	memcpy(memory->name, name.data, name.len);
	return memory->matches;
}

static int
value_matches(struct value *value, enum query_dimension dimension,
    struct text name, struct error *err)
{
	if (!name.data)
		return value->kind == VALUE_NONE;
	switch (value->kind) {
	case VALUE_EXACT:
		return text_equal(value->text, name);
	case VALUE_GLOB:
		return glob_matches(value->text, name);
	case VALUE_PATTERN:
		return pattern_matches(value, dimension, name, err);
	case VALUE_NONE:
		break;
	}
	return 0;
}

static int
rule_matches(struct query_filter_rule *rule, struct text name,
    struct error *err)
{
	struct value *value;
	int found = 0;

	for (value = rule->values; value && found == 0; value = value->next)
		found = value_matches(value, rule->dimension, name, err);
	if (found < 0)
		return -1;
	return rule->is_not ? !found : found;
}

int
query_filter_matches_name(struct query_filter *filter,
    enum query_dimension dimension, struct text name, struct error *err)
{
	struct query_filter_rule *rule;
	int matches = 1;

	for (rule = filter->rules; rule && matches == 1; rule = rule->next)
		if (rule->dimension == dimension)
			matches = rule_matches(rule, name, err);
	return matches;
}

int
query_filter_matches(struct query_filter *filter, const struct usage *usage,
    struct error *err)
{
	struct query_filter_rule *rule;
	int matches = 1;

	if (filter->has_since && usage->at.micros < filter->since.micros)
		return 0;
	if (filter->has_until && usage->at.micros >= filter->until.micros)
		return 0;
	for (rule = filter->rules; rule && matches == 1; rule = rule->next)
		matches = rule_matches(rule,
		    query_dimension_value(rule->dimension, usage,
			&filter->room),
		    err);
	return matches;
}

/* Whether any value is a pattern. */
static bool
has_pattern(const struct query_filter_rule *rule)
{
	const struct value *value;

	for (value = rule->values; value; value = value->next)
		if (value->kind == VALUE_PATTERN)
			return true;
	return false;
}

bool
query_filter_rejects(struct query_filter *filter, const struct usage *usage,
    uint32_t known)
{
	struct query_filter_rule *rule;
	bool rejects = false;
	struct error ignored;

	for (rule = filter->rules; rule; rule = rule->next) {
		if (has_pattern(rule))
			return false;
		if (rejects || !(known >> rule->dimension & 1))
			continue;
		rejects = rule_matches(rule,
			      query_dimension_value(rule->dimension, usage,
				  &filter->room),
			      &ignored) == 0;
	}
	return rejects;
}
