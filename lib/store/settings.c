#include "lib/store/settings.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/arena.h"
#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/core/limits.h"
#include "lib/core/rates.h"
#include "lib/core/rates_package.h"
#include "lib/core/rates_read.h"
#include "lib/core/rates_table.h"
#include "lib/doc/node.h"
#include "lib/doc/yaml.h"

#define SETTINGS_FILE "meter.yaml"
#define RATES_FILE "model-rates.yaml"
#define RATES_MAX ((size_t)16 * 1024 * 1024)

/* A pipe would make us wait for a writer. */
static int
check_regular(const struct stat *st, const char *path, struct error *err)
{
	if (S_ISREG(st->st_mode))
		return 0;
	return error_set(err, ERROR_CONFIG, "%s: is not a regular file", path);
}

/*
 * Set *out to the path of the nearest file of that name in the folder root
 * or above it, NULL where there is none.  A link is followed: people write
 * these files, and may keep one for several places.
 */
static int
find_upwards(const char **out, struct arena *arena, const char *root,
    const char *name, struct error *err)
{
	size_t len = strlen(root);
	const char *slash;
	struct stat st;

	for (;;) {
		while (len > 0 && root[len - 1] == '/')
			len--;
		*out = arena_printf(arena, "%.*s/%s", (int)len, root, name);
		if (stat(*out, &st) == 0)
			break;
		if (errno != ENOENT && errno != ENOTDIR)
			return error_errno(err, ERROR_CONFIG,
			    "cannot look at '%s'", *out);
		*out = NULL;
		slash = memrchr(root, '/', len);
		if (!slash)
			return 0;
		len = (size_t)(slash - root);
	}
	return check_regular(&st, *out, err);
}

static int
read_document(struct node **out, struct arena *arena, const char *path,
    const char *name, struct error *err)
{
	struct buf text = BUF_INIT;
	int rc;

	rc = file_read_input(&text, path, RATES_MAX, err);
	if (rc == 0)
		rc = yaml_read(out, arena, (struct text){ text.text, text.len },
		    name, 1, err);
	buf_release(&text);
	return rc;
}

/* The first thing that makes a table unusable, as the error that it is. */
static int
refuse_table(const struct rates_table *table, struct error *err)
{
	const struct rates_problem *problem = table->problems.first;

	while (problem->severity != RATES_ERROR)
		problem = problem->next;
	return error_set(err, ERROR_CONFIG, "%s", problem->text);
}

int
settings_rates_file(struct rates_table **out, struct arena *arena,
    const char *path, struct error *err)
{
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	struct node *root;

	if (read_document(&root, arena, path, name, err) != 0)
		return -1;
	*out = rates_read(arena, name, root);
	return 0;
}

int
settings_rates(struct rates **out, struct arena *arena, const char *root,
    struct error *err)
{
	struct rates_package package = rates_package_builtin();
	struct rates_table *table = NULL;
	const char *path;

	if (find_upwards(&path, arena, root, RATES_FILE, err) < 0)
		return -1;
	if (path && settings_rates_file(&table, arena, path, err) < 0) {
		err->kind = ERROR_CONFIG;
		return -1;
	}
	if (table && table->problems.count[RATES_ERROR] > 0)
		return refuse_table(table, err);
	*out = rates_new(arena, table, &package);
	return 0;
}

/* Read the `limits:` of meter.yaml; *count is 0 where it has none. */
static int
read_limits(struct limit **out, size_t *count, struct arena *arena,
    const struct node *root, struct error *err)
{
	const struct node *list = node_get(root, "limits");
	struct text text;

	if (node_expect_map(root, err) < 0 || node_expect_list(list, err) < 0)
		return -1;
	if (node_is_null(list))
		return 0;
	*out = arena_array(arena, list->count, sizeof(**out));
	for (const struct node *item = list->first; item; item = item->next) {
		struct error reason;

		if (node_get_string(&text, item, err) < 0)
			return -1;
		if (!text.data)
			return node_error(err, item, "expected a limit");
		if (limits_parse(&(*out)[(*count)++], text, &reason) < 0)
			return node_error(err, item, "%s", reason.text);
	}
	return 0;
}

int
settings_limits(struct limit **out, size_t *count, struct arena *arena,
    const char *root, struct error *err)
{
	const char *path = arena_printf(arena, "%s/%s", root, SETTINGS_FILE);
	struct node *settings;
	struct stat st;

	*out = NULL;
	*count = 0;
	if (stat(path, &st) < 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			return 0;
		return error_errno(err, ERROR_CONFIG, "cannot look at '%s'",
		    path);
	}
	if (check_regular(&st, path, err) == 0 &&
	    read_document(&settings, arena, path, path, err) == 0 &&
	    read_limits(out, count, arena, settings, err) == 0)
		return 0;
	err->kind = ERROR_CONFIG;
	return -1;
}
