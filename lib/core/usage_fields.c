#include "lib/core/usage_fields.h"

#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/error.h"
#include "lib/base/opt.h"
#include "lib/base/utf8.h"
#include "lib/core/usage.h"
#include "lib/doc/node.h"

enum {
	SHOWN_NAME = 60,
};

/* Fields besides the dimensions' names. */
static const char *const fields[] = {
	"id",
	"at",
	"attempt",
	"calls",
	"input_tokens",
	"output_tokens",
	"cache_read_tokens",
	"cache_write_tokens",
	"cache_write_1h_tokens",
	"reasoning_tokens",
	"count_status",
	"amount",
	"unit",
	"cost_usd",
	"cost_status",
	"source",
	"metadata",
	"usage",
	"entity",
	"task_id",
	"workstream_id",
	"repo_id",
	"ref_type",
	"ref_id",
	"tokens_in",
	"tokens_out",
	"created_at",
	"resource_type",
	/* Derived ones, which `usage events` prints: left aside. */
	"prompt_tokens",
	"total_tokens",
};

enum {
	FIELDS = sizeof(fields) / sizeof(fields[0]),
};

bool
usage_fields_has(struct text name)
{
	for (size_t i = 0; i < USAGE_DIMENSION_COUNT; i++)
		if (text_is(name, usage_dimension_names[i]))
			return true;
	for (size_t i = 0; i < FIELDS; i++)
		if (text_is(name, fields[i]))
			return true;
	return false;
}

int
usage_fields_refuse(const struct node *field, struct error *err)
{
	const char *names[USAGE_DIMENSION_COUNT + FIELDS], *near;
	struct buf shown = BUF_INIT;
	size_t count = 0;

	for (size_t i = 0; i < USAGE_DIMENSION_COUNT; i++)
		names[count++] = usage_dimension_names[i];
	for (size_t i = 0; i < FIELDS; i++)
		names[count++] = fields[i];
	near = opt_nearest(field->key.data, names, count);
	utf8_escape(&shown, field->key.data, field->key.len, UTF8_ASCII,
	    SHOWN_NAME);
	node_error(err, field, "there is no field '%s'%s%s%s", shown.text,
	    near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	buf_release(&shown);
	return -1;
}
