#include "lib/store/days_file.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/dir.h"
#include "lib/base/error.h"
#include "lib/base/when.h"
#include "lib/core/daily.h"
#include "lib/core/daily_node.h"
#include "lib/doc/node.h"
#include "lib/doc/yaml_write.h"
#include "lib/store/changes.h"
#include "lib/store/days.h"
#include "lib/store/folder.h"
#include "lib/store/workspace.h"

#define FOLDER "variance"
#define ENDING ".yaml"
#define MAX_SIZE ((size_t)64 * 1024 * 1024)

enum {
	SCHEMA_VERSION = 1,
	DAY_LEN = sizeof("2026-11-22") - 1,
	NAME_LEN = sizeof(FOLDER "/2026-11-22" ENDING),
};

static void
name_of(char name[NAME_LEN], struct when day)
{
	struct buf text = BUF_INIT;

	buf_puts(&text, FOLDER "/");
	when_day(&text, day);
	buf_puts(&text, ENDING);
	memcpy(name, text.text, NAME_LEN);
	buf_release(&text);
}

int
days_file_load(struct node **out, struct workspace *workspace, struct when day,
    enum document_use use, struct error *err)
{
	const struct node *rows;
	char name[NAME_LEN];

	name_of(name, day);
	if (document_read(out, workspace, name, MAX_SIZE, use, err) < 0)
		return -1;
	if (!*out)
		return 0;
	rows = node_find(*out, "rows");
	if (!rows)
		return node_error(err, *out, "is damaged: rows are missing");
	if (node_expect_list(rows, err) < 0)
		return -1;
	for (const struct node *row = rows->first; row; row = row->next)
		if (node_expect_map(row, err) < 0)
			return -1;
	return 0;
}

/* The scope that a stored row is of; of none it is the last dimension. */
static int
read_scope(struct daily_row *out, const struct node *stored, struct error *err)
{
	struct text name;

	*out = (struct daily_row){ .dimension = QUERY_DIMENSION_COUNT };
	if (node_get_string(&name, node_find(stored, "scope"), err) < 0 ||
	    node_get_string(&out->id, node_find(stored, "id"), err) < 0)
		return -1;
	if (name.data)
		(void)query_dimension_find(&out->dimension, name);
	return 0;
}

static int
compare_rows(const void *a, const void *b)
{
	const struct daily_row *x = a, *y = b;

	/* A row of no scope that is known stands last. */
	if (x->dimension == QUERY_DIMENSION_COUNT ||
	    y->dimension == QUERY_DIMENSION_COUNT)
		return (x->dimension == QUERY_DIMENSION_COUNT) -
		       (y->dimension == QUERY_DIMENSION_COUNT);
	return query_dimension_compare(x->dimension, x->id, y->dimension,
	    y->id);
}

/* The row of the scope of a stored one, or NULL. */
static struct daily_row *
find_row(struct daily_row *rows, size_t count, const struct daily_row *wanted)
{
	if (count == 0)
		return NULL;
	return bsearch(wanted, rows, count, sizeof(*rows), compare_rows);
}

int
days_file_mark(struct daily_row *rows, size_t count,
    const struct node *document, struct error *err)
{
	const struct node *list = node_find(document, "rows");
	struct daily_row stored, *row;

	if (!list)
		return 0;
	for (const struct node *item = list->first; item; item = item->next) {
		if (read_scope(&stored, item, err) < 0)
			return -1;
		row = find_row(rows, count, &stored);
		if (row && daily_node_mark(row, item, err) < 0)
			return -1;
	}
	return 0;
}

/* A row on its way into the document. */
struct entry {
	struct daily_row scope;
	struct node *node;
	size_t place; /* among equals */
};

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = compare_rows(&x->scope, &y->scope);

	return order != 0 ? order
			  : (x->place > y->place) - (x->place < y->place);
}

/* Whether a stored row that was not computed stays. */
static bool
is_kept(const struct daily_row *stored, const struct node *item,
    const struct days_question *question)
{
	if (node_find(item, "alert_emitted_at"))
		return true;
	return !days_asks_for(question, stored->dimension, stored->id);
}

/* Take over what is stored: whole rows, or what others added to one. */
static int
keep_stored(struct entry *entries, size_t *count, size_t computed,
    struct arena *arena, const struct days_question *question,
    const struct node *document, struct error *err)
{
	const struct node *list = node_find(document, "rows");
	struct entry *entry;
	struct daily_row stored;

	for (const struct node *item = list ? list->first : NULL; item;
	     item = item->next) {
		if (read_scope(&stored, item, err) < 0)
			return -1;
		/* An entry begins with its scope, as rows are compared by. */
		entry = computed > 0 ? bsearch(&stored, entries, computed,
					   sizeof(*entries), compare_rows)
				     : NULL;
		if (entry) {
			daily_node_keep(arena, entry->node, item);
		} else if (is_kept(&stored, item, question)) {
			entries[*count] = (struct entry){ stored,
				node_copy(arena, item), *count };
			++*count;
		}
	}
	return 0;
}

/* The list of rows that is to be stored. */
static int
make_list(struct node **out, struct arena *arena,
    const struct days_question *question, const struct daily_row *rows,
    size_t count, const struct node *document, struct error *err)
{
	const struct node *list = node_find(document, "rows");
	struct entry *entries = arena_array(arena,
	    count + (list ? list->count : 0) + 1, sizeof(*entries));
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		if (!rows[i].is_allocated)
			continue;
		entries[used] = (struct entry){ rows[i],
			daily_node(arena, &rows[i], DAILY_NODE_YAML), used };
		used++;
	}
	if (keep_stored(entries, &used, used, arena, question, document, err) <
	    0)
		return -1;
	if (used > 1)
		qsort(entries, used, sizeof(*entries), compare_entries);
	*out = node_list(arena);
	for (size_t i = 0; i < used; i++)
		node_add(*out, entries[i].node);
	return 0;
}

static struct node *
make_document(struct arena *arena, struct when day)
{
	struct node *map = node_map(arena);

	node_put(arena, map, "schema_version", node_int(arena, SCHEMA_VERSION));
	node_put(arena, map, "day", node_day(arena, day));
	return map;
}

int
days_file_change(struct changes *changes, struct workspace *workspace,
    const struct days_question *question, struct when day,
    const struct daily_row *rows, size_t count, struct node *document,
    struct error *err)
{
	struct arena *arena = workspace->arena;
	struct buf before = BUF_INIT, after = BUF_INIT;
	struct node *list;
	char name[NAME_LEN];
	int result = 0;

	if (make_list(&list, arena, question, rows, count, document, err) < 0)
		return -1;
	/* A file begins with its first row. */
	if (!document && list->count == 0)
		return 0;
	if (document)
		yaml_write(&before, document);
	else
		document = make_document(arena, day);
	node_replace(arena, document, "rows", list);
	yaml_write(&after, document);
	name_of(name, day);
	if (after.len > MAX_SIZE)
		result = dir_refuse(err, "would be too large", &workspace->dir,
		    name);
	else if (after.len != before.len ||
		 memcmp(after.text, before.text, after.len) != 0)
		changes_add(changes, arena, name,
		    (struct text){ after.text, after.len });
	buf_release(&after);
	buf_release(&before);
	return result;
}

int
days_file_scopes(struct daily_row **out, size_t *count, struct arena *arena,
    const struct node *document, struct error *err)
{
	const struct node *list = node_find(document, "rows");

	*count = 0;
	*out = arena_array(arena, (list ? list->count : 0) + 1, sizeof(**out));
	for (const struct node *item = list ? list->first : NULL; item;
	     item = item->next)
		if (read_scope(&(*out)[(*count)++], item, err) < 0)
			return -1;
	/* A file that a person edited may have another order. */
	if (*count > 1)
		qsort(*out, *count, sizeof(**out), compare_rows);
	return 0;
}

bool
days_file_has(struct daily_row *rows, size_t count,
    enum query_dimension dimension, struct text id)
{
	const struct daily_row wanted = { .dimension = dimension, .id = id };

	return find_row(rows, count, &wanted) != NULL;
}

/* The days that were found, up to the last that counts. */
struct span {
	struct when last;
	struct when *oldest, *newest;
	bool *found;
};

static void
take_name(void *data, const char *name)
{
	const struct span *span = data;
	struct when day;

	if (strlen(name) != DAY_LEN + strlen(ENDING) ||
	    strcmp(name + DAY_LEN, ENDING) != 0 ||
	    when_parse_day(&day, name, DAY_LEN) < 0 ||
	    day.micros > span->last.micros)
		return;
	if (!*span->found || day.micros < span->oldest->micros)
		*span->oldest = day;
	if (!*span->found || day.micros > span->newest->micros)
		*span->newest = day;
	*span->found = true;
}

int
days_file_span(struct when *oldest, struct when *newest, bool *found,
    struct workspace *workspace, struct when last, struct error *err)
{
	struct span span = { last, oldest, newest, found };

	*found = false;
	return folder_each(workspace, FOLDER, take_name, &span, err);
}
