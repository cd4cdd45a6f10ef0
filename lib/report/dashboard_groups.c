#include "lib/report/dashboard_parts.h"

#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/core/query_dimension.h"
#include "lib/render/page.h"
#include "lib/report/dashboard_text.h"

enum {
	TYPES = 8, /* of entities, that have a table */
	ENTITIES = 5, /* of each type */
	COLUMNS = 4,
};

/* A section that shows what the usage is of. */
struct spec {
	enum dashboard_answer answer;
	const char *id, *label, *title, *what, *others;
	const char *command;
	bool by_tokens;
	size_t top;
	const char *hint; /* where no record names one */
};

static const struct spec repos = { DASHBOARD_REPOS, "repos", "Repositories",
	"By repository", "Repository", "repositories", "repo", false, 12,
	"No usage names a repository: --repo, METER_REPO or the task says "
	"which one it is of." };
static const struct spec workstreams = { DASHBOARD_WORKSTREAMS, "workstreams",
	"Workstreams", "By workstream", "Workstream", "workstreams",
	"workstream", false, 20,
	"No usage names a workstream: --workstream, METER_WORKSTREAM or the "
	"task says which one it is of." };
static const struct spec models = { DASHBOARD_MODELS, "models", "Models",
	"By model", "Model", "models", "model", false, 12,
	"No usage names a model." };
static const struct spec agents = { DASHBOARD_AGENTS, "agents", "Agents",
	"By agent", "Agent", "agents", "agent", false, 12,
	"No usage names an agent: --agent or METER_AGENT says whose it is." };
static const struct spec tasks = { DASHBOARD_TASKS, "tasks", "Tasks",
	"The ten tasks with most tokens", "Task", "tasks", "task", true, 10,
	"No usage names a task: --task or METER_TASK says which one it is "
	"of." };

/* A table of groups that is being filled in. */
struct groups {
	struct page_table *shown;
	enum query_measure measure; /* what the bars show */
	double largest;
	double *shares;
};

static double
size_of(const struct query_measures *measures, enum query_measure measure)
{
	if (measure == QUERY_MEASURE_COST_USD)
		return money_double(query_measures_cost(measures));
	return (double)measures->count[QUERY_TOTAL_TOKENS];
}

static void
add_row(struct groups *groups, struct text name,
    const struct query_measures *measures, bool has_bar)
{
	struct table *table = &groups->shown->table;

	table_row(table);
	table_text(table, dashboard_text_name(table->arena, name));
	table_count(table, measures->count[QUERY_CALLS]);
	table_count(table, measures->count[QUERY_TOTAL_TOKENS]);
	table_money(table, query_measures_cost(measures));
	if (has_bar && groups->largest > 0)
		groups->shares[groups->shown->share_count++] =
		    size_of(measures, groups->measure) / groups->largest;
}

/* By cost, or where nothing has a price, and where it is asked for, by
 * tokens. */
static enum query_measure
choose_measure(const struct dashboard *dashboard, bool by_tokens)
{
	struct money cost = query_measures_cost(dashboard_total(dashboard));

	return by_tokens || money_compare(cost, MONEY_ZERO) == 0
		   ? QUERY_MEASURE_TOTAL_TOKENS
		   : QUERY_MEASURE_COST_USD;
}

static void
begin(struct groups *groups, struct page *page, struct page_section *section,
    const char *caption, const char *what, enum query_measure measure,
    size_t rows)
{
	struct table_column *columns =
	    arena_array(page->arena, COLUMNS, sizeof(*columns));

	columns[0] = (struct table_column){ what, TABLE_TEXT };
	columns[1] = (struct table_column){ "Calls", TABLE_COUNT };
	columns[2] = (struct table_column){ "Tokens", TABLE_COUNT };
	columns[3] = (struct table_column){ "Cost", TABLE_MONEY };
	*groups = (struct groups){ .measure = measure };
	groups->shown = page_table(page, section, caption, columns, COLUMNS);
	groups->shares =
	    arena_array(page->arena, rows + 2, sizeof(*groups->shares));
	groups->shown->shares = groups->shares;
}

/* What stands in the table, and what is left for its last rows. */
struct rest {
	size_t count;
	struct query_measures measures;
	const struct query_group *none;
};

/* The first groups that have a name; what the others come to goes to rest. */
static int
add_top(struct groups *groups, struct rest *rest, struct arena *arena,
    const struct query *query, size_t top, struct error *err)
{
	const struct query_group *group;
	size_t shown = 0;

	for (size_t i = 0; i < query->group_count; i++) {
		group = query->groups[i];
		if (!group->values[0].data) {
			rest->none = group;
			continue;
		}
		if (shown == 0)
			groups->largest =
			    size_of(&group->measures, groups->measure);
		if (shown < top) {
			add_row(groups, group->values[0], &group->measures,
			    true);
			shown++;
			continue;
		}
		rest->count++;
		if (query_measures_merge(&rest->measures, arena,
			&group->measures, err) < 0)
			return -1;
	}
	return 0;
}

static void
add_rest(struct groups *groups, struct arena *arena, const struct rest *rest,
    const char *others, const struct query_measures *total)
{
	if (rest->count > 0)
		add_row(groups,
		    text_of(arena_printf(arena, "and %zu more %s", rest->count,
			others)),
		    &rest->measures, false);
	if (rest->none)
		add_row(groups, TEXT("(none)"), &rest->none->measures, false);
	if (groups->shown->table.row_count > 1) {
		add_row(groups, TEXT("Total"), total, false);
		groups->shown->has_total = true;
	}
}

static bool
has_named(const struct query *query)
{
	for (size_t i = 0; i < query->group_count; i++)
		if (query->groups[i]->values[0].data)
			return true;
	return false;
}

static int
add_section(struct page *page, struct dashboard *dashboard,
    const struct spec *spec, struct error *err)
{
	struct query *query = &dashboard->answers[spec->answer];
	enum query_measure measure = choose_measure(dashboard, spec->by_tokens);
	struct rest rest = { 0 };
	struct page_section *section;
	struct groups groups;

	if (dashboard_finish(dashboard, spec->answer, measure, err) < 0)
		return -1;
	section = page_section(page, spec->id, spec->label, spec->title,
	    arena_printf(page->arena, "meter usage --by %s --sort %s%s",
		spec->command, query_measures_names[measure],
		dashboard->filters));
	section->is_narrow = !spec->by_tokens;
	if (!has_named(query)) {
		page_text(page, section, spec->hint);
		return 0;
	}
	begin(&groups, page, section, spec->title, spec->what, measure,
	    spec->top);
	if (add_top(&groups, &rest, page->arena, query, spec->top, err) < 0)
		return -1;
	add_rest(&groups, page->arena, &rest, spec->others,
	    &query->total.measures);
	return 0;
}

int
dashboard_groups_repos(struct page *page, struct dashboard *dashboard,
    struct error *err)
{
	return add_section(page, dashboard, &repos, err);
}

int
dashboard_groups_workstreams(struct page *page, struct dashboard *dashboard,
    struct error *err)
{
	return add_section(page, dashboard, &workstreams, err);
}

int
dashboard_groups_models(struct page *page, struct dashboard *dashboard,
    struct error *err)
{
	return add_section(page, dashboard, &models, err);
}

int
dashboard_groups_agents(struct page *page, struct dashboard *dashboard,
    struct error *err)
{
	return add_section(page, dashboard, &agents, err);
}

int
dashboard_groups_tasks(struct page *page, struct dashboard *dashboard,
    struct error *err)
{
	return add_section(page, dashboard, &tasks, err);
}

/* The id of an entity of the type, or null where it is of another. */
static struct text
id_of(struct text entity, struct text type)
{
	if (entity.len <= type.len || entity.data[type.len] != ':' ||
	    memcmp(entity.data, type.data, type.len) != 0)
		return TEXT_NULL;
	return (struct text){ entity.data + type.len + 1,
		entity.len - type.len - 1 };
}

/* The dearest entities of a type. */
static int
add_type(struct page *page, struct page_section *section,
    const struct dashboard *dashboard, const struct query_group *type,
    enum query_measure measure, struct error *err)
{
	const struct query *all = &dashboard->answers[DASHBOARD_ENTITIES];
	struct arena *arena = page->arena;
	struct rest rest = { 0 };
	const struct query_group *group;
	struct groups groups;
	struct text id;

	begin(&groups, page, section, type->values[0].data, "Entity", measure,
	    ENTITIES);
	for (size_t i = 0; i < all->group_count; i++) {
		group = all->groups[i];
		id = id_of(group->values[0], type->values[0]);
		if (!id.data)
			continue;
		if (groups.shown->table.row_count == 0)
			groups.largest = size_of(&group->measures, measure);
		if (groups.shown->table.row_count < ENTITIES) {
			add_row(&groups, id, &group->measures, true);
			continue;
		}
		rest.count++;
		if (query_measures_merge(&rest.measures, arena,
			&group->measures, err) < 0)
			return -1;
	}
	add_rest(&groups, arena, &rest, "entities", &type->measures);
	return 0;
}

/* What each type comes to. */
static int
add_types(struct page *page, struct page_section *section,
    const struct query *types, enum query_measure measure, struct error *err)
{
	struct rest rest = { 0 };
	struct groups groups;

	begin(&groups, page, section, "All types", "Type", measure, TYPES);
	if (add_top(&groups, &rest, page->arena, types, TYPES, err) < 0)
		return -1;
	add_rest(&groups, page->arena, &rest, "types", &types->total.measures);
	return 0;
}

int
dashboard_groups_entities(struct page *page, struct dashboard *dashboard,
    struct error *err)
{
	enum query_measure measure = choose_measure(dashboard, false);
	struct query *types = &dashboard->answers[DASHBOARD_ENTITY_TYPES];
	const char *key = query_measures_names[measure];
	struct page_section *section;
	const struct query_group *type;
	struct page_block *block;
	size_t shown = 0;

	if (dashboard_finish(dashboard, DASHBOARD_ENTITY_TYPES, measure, err) <
		0 ||
	    dashboard_finish(dashboard, DASHBOARD_ENTITIES, measure, err) < 0)
		return -1;
	section =
	    page_section(page, "entities", "Entities", "The dearest entities",
		arena_printf(page->arena, "meter usage --by entity --sort %s%s",
		    key, dashboard->filters));
	if (!has_named(types)) {
		page_text(page, section,
		    "No usage names an entity: --entity TYPE:ID says what it "
		    "was for.");
		return 0;
	}
	if (add_types(page, section, types, measure, err) < 0)
		return -1;
	section->is_spread = true;
	block = section->blocks;
	block->command = arena_printf(page->arena,
	    "meter usage --by entity_type --sort %s%s", key,
	    dashboard->filters);
	for (size_t i = 0; i < types->group_count && shown < TYPES; i++) {
		type = types->groups[i];
		if (!type->values[0].data)
			continue;
		shown++;
		if (add_type(page, section, dashboard, type, measure, err) < 0)
			return -1;
	}
	return 0;
}
